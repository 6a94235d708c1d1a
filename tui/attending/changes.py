"""What an edit of the presenter's did to the numbers, for whoever had the walk before it on show."""

from __future__ import annotations

from dataclasses import replace

from ...engine.definition import Value
from ...engine.editing.change import Change
from ...engine.editing.counterparts import Counterparts
from ...engine.editing.edit import Edit, EditKind, written_value
from ...engine.scenario import Scenario
from ...engine.walk.trace import Trace
from ..walk.moment import Moment
from .stands import LastEdit


def with_change(moment: Moment, after: Scenario, before: Moment, scenario: Scenario, last: LastEdit | None) -> Moment:
    """Return a moment of a walk of `after` with what the last edit changed since `before`, a moment of `scenario`.

    Without that change where nothing is known of it: of several edits at once nobody could say which did what.
    """
    edit = None if last is None else _edit(scenario, before.trace, after, moment.trace, last)
    if edit is None or before.trace.tangent_of is not None or moment.trace.tangent_of is not None:
        return replace(moment, change=None)
    trace, known = before.trace, before.change
    if edit.slid and known is not None and known.edit.slid and known.edit.name == edit.name:
        trace, edit = known.before, replace(edit, before=known.edit.before)
    counterparts = Counterparts(trace.graph, moment.trace.graph)
    undone = last is not None and last.undone
    return replace(moment, change=Change(edit, trace, moment.trace, counterparts, undone, moment.cursor))


def _edit(before: Scenario, trace: Trace, after: Scenario, changed: Trace, last: LastEdit) -> Edit | None:
    """Return the one edit that leads from a walk to another one; None where there is no such."""
    old, new = _written(before, trace), _written(after, changed)
    others = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
    if others != [last.name]:
        return None
    was, now = old.get(last.name), new.get(last.name)
    if last.undone:
        was, now = now, was
    if now is None:
        return None
    if was is None:
        kind = EditKind.INPUT if now[0] else EditKind.NODE
    else:
        kind = EditKind.VALUE if now[0] else EditKind.EXPRESSION
    return Edit(kind, last.name, was[1] if was is not None else "", now[1], slid=last.slid)


def _written(scenario: Scenario, trace: Trace) -> dict[str, tuple[bool, str]]:
    """Return what stands for each name, and whether it is an input."""
    definition, graph = scenario.definition, trace.graph
    if definition is None:
        values = trace.values[: graph.leaf_count].tolist()  # an epoch's are those of its run
        return {graph.label(leaf): (True, written_value(value)) for leaf, value in enumerate(values)}
    inputs: dict[str, tuple[bool, Value]] = {name: (True, value) for name, value in definition.inputs.items()}
    nodes: dict[str, tuple[bool, Value]] = {name: (False, value) for name, value in definition.nodes.items()}
    return {name: (is_input, written_value(value)) for name, (is_input, value) in (inputs | nodes).items()}
