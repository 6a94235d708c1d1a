"""What a walk's screen shows after an edit, an undo or a slide: computed from what it shows before, and no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...engine.definition import Built, Definition
from ...engine.editing.change import Change
from ...engine.editing.counterparts import Counterparts, cursor_after
from ...engine.editing.edit import Edit, EditKind, written_value
from ...engine.editing.edits import Edited, Editor
from ...engine.editing.revisions import Revision, Revisions
from ...engine.errors import GradwalkError
from ...engine.language.dependencies import constant
from ...engine.language.parser import parse
from ..session import SessionLimits
from ..walk.marking import carried
from ..walk.moment import Moment
from ..walk.opened import OpenedWalk, Report, silent
from ..walk.views import VIEWS
from ..words.editing import written_before


@dataclass(frozen=True, eq=False)
class Shown:
    """A walk and the moment of it that is shown."""

    opened: OpenedWalk
    moment: Moment


Work = Callable[[Report], Shown]
"""Makes what is to be shown next; it tells how far it is, and may be stopped by that."""


def history(opened: OpenedWalk, limits: SessionLimits) -> Revisions:
    """Return the edits of a walk so far; none where it is as it was opened."""
    return opened.revisions or Revisions((Revision.of(opened.scenario, opened.trace),), most_bytes=limits.edit_bytes)


def editor(opened: OpenedWalk, limits: SessionLimits) -> Editor | None:
    """Return what edits the definition of a walk; None where it has none."""
    revisions = history(opened, limits)
    scenario, origin = revisions.current.scenario, revisions.first.scenario
    if scenario.definition is None or origin.definition is None:
        return None
    return Editor(scenario.definition, origin.definition, Built(revisions.current.graph, scenario.notes))


def changed(
    shown: Shown,
    limits: SessionLimits,
    name: str,
    text: str,
    inputs: Mapping[str, str] | None = None,
    report: Report = silent,
    *,
    slid: bool = False,
) -> Shown:
    """Give an input another value, or a node another expression, and return what is shown then.

    Raises GradwalkError where that cannot be.
    """
    edits = editor(shown.opened, limits)
    if edits is not None:
        return _followed(shown, limits, edits.change(name, text, inputs, slid=slid), report)
    revisions = history(shown.opened, limits)
    graph = revisions.current.graph
    node = graph.find(name)
    values = np.array(graph.leaf_values)
    edit = Edit(EditKind.VALUE, name, written_value(float(values[node])), text.strip(), slid=slid)
    values[node] = constant(parse(text))
    changed = graph.with_leaf_values(values, {**graph.written, node: text.strip()})
    revision = replace(revisions.current, graph=changed, edit=edit)
    return _shown(shown, revisions.with_edit(revision), edit, report)


def added(
    shown: Shown,
    limits: SessionLimits,
    name: str,
    text: str,
    inputs: Mapping[str, str] | None = None,
    report: Report = silent,
) -> Shown:
    """Add a node or an input, and return what is shown then. Raises GradwalkError where that cannot be."""
    edits = editor(shown.opened, limits)
    if edits is None:
        raise GradwalkError("this walk was not written as expressions, so none can be added")
    return _followed(shown, limits, edits.add(name, text, inputs), report)


def undone(shown: Shown, report: Report = silent) -> Shown | None:
    """Take the last edit back; None where there is none."""
    revisions = shown.opened.revisions
    before = revisions.undone() if revisions else None
    if revisions is None or before is None or revisions.current.edit is None:
        return None
    return _shown(shown, before, revisions.current.edit, report, undone=True)


def redone(shown: Shown, report: Report = silent) -> Shown | None:
    """Make the edit again that was taken back last; None where there is none."""
    revisions = shown.opened.revisions
    after = revisions.redone() if revisions else None
    if after is None or after.current.edit is None:
        return None
    return _shown(shown, after, after.current.edit, report)


def _followed(shown: Shown, limits: SessionLimits, done: Edited, report: Report) -> Shown:
    """Return what is shown after an edit of the definition."""
    if len(done.built.graph) > max(limits.edited_nodes, len(shown.moment.trace.graph)):
        raise GradwalkError(f"a walk that is edited here has at most {limits.edited_nodes:,} nodes")
    revisions = history(shown.opened, limits)
    scenario = replace(
        revisions.current.scenario,
        graph=done.built.graph,
        notes=done.built.notes,
        definition=done.definition,
        exercises=done.definition.exercises,
    )
    revision = Revision(scenario, scenario.graph, edit=done.edit)
    return _shown(shown, revisions.with_edit(revision), done.edit, report)


def _shown(shown: Shown, revisions: Revisions, edit: Edit, report: Report, *, undone: bool = False) -> Shown:
    opened, moment, revision = shown.opened, shown.moment, revisions.current
    report("running forward and backward", 0.0)
    scenario = written_before(revision.scenario) if revisions.changed else revision.scenario
    trace = revision.trace(scenario.notes)
    before, counterparts = moment.trace, Counterparts(moment.trace.graph, trace.graph)
    if before.tangent_of is not None and counterparts.after[before.tangent_of] >= 0:
        trace = trace.in_forward_mode(int(counterparts.after[before.tangent_of]))
    edit = edit if undone else revision.edit or edit  # which of a slide has all of its steps
    cursor = cursor_after(before, moment.cursor, trace, counterparts)
    change, last = Change(edit, before, trace, counterparts, undone, cursor), moment.change
    if edit.slid and not undone and last is not None and last.edit.slid and last.edit.name == edit.name:
        change = replace(change, before=last.before)  # what is shown is the whole slide, and not its last step
    following = opened.revised(scenario, trace, revisions)
    view = next((view for view in VIEWS if view.name == moment.view), VIEWS[0])
    following.layout(view, report)
    return Shown(following, _moment_after(moment, change))


def _moment_after(moment: Moment, change: Change) -> Moment:
    """Return where the walk stands after a change: at the same step and node, as far as they are there."""
    trace, same, edit = change.after, change.counterparts.after, change.edit
    selected = None if moment.selected is None else int(same[moment.selected])
    if edit.kind in (EditKind.NODE, EditKind.INPUT) and not change.undone:
        selected = trace.graph.find(edit.name)
    elif selected is not None and selected < 0:
        selected = trace.graph.names.find(edit.name)
    return replace(
        moment,
        trace=trace,
        cursor=change.cursor,
        selected=selected,
        breakpoints=frozenset(int(same[node]) for node in moment.breakpoints if same[node] >= 0),
        marks=carried(moment.marks, moment.trace.graph, trace.graph, change.counterparts),
        change=change,
        playing=False,
    )


def definition_to_save(opened: OpenedWalk) -> Definition | None:
    """Return the definition that a walk has now."""
    return opened.revisions.current.scenario.definition if opened.revisions else opened.scenario.definition
