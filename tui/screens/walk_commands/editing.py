"""The keys that change what is walked, take a change back, and save what has become of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...walk.command import Command
from ...walk.stage import Stage

if TYPE_CHECKING:
    from ...editing.edited import Shown, Work
    from ...session import Session

_ADDING = """\
A new node that uses the output becomes the output. Any other is computed and shown beside it, and has no gradient \
until an expression on the way to the output uses it. A number alone makes an input."""


def _edit(stage: Stage) -> None:
    """Ask for another value, or another expression, of the selected node."""
    from ....engine.editing.target import target
    from ...editing.edited import editor
    from ..edit import EditScreen
    from ..edit_forms import Change

    shown, limits = _shown(stage), _session(stage).limits
    edits, trace, node = editor(shown.opened, limits), stage.moment.trace, stage.moment.node
    graph = trace.graph.with_leaf_values(trace.values[: trace.graph.leaf_count])  # an epoch's are those of its run
    found = target(graph, node, edits.definition if edits else None)
    if found is None:
        label = graph.label(node)
        what = f"{label} is a constant" if node < graph.leaf_count else f"{label} is computed from them"
        stage.say(f"{_origin(stage)}, so only its inputs and its data can be changed: {what}")
        return
    above = f"{graph.label(node)} is a part of {found.name}, so its whole expression is edited." if found.within else ""
    wanted = "a number, or an expression of numbers" if found.is_input else "an expression such as 1/(a + ln(b))"
    form = Change(shown, limits, found)
    stage.ask(
        EditScreen(form, f"{found.name} =", wanted, above, found.text, large=_is_large(stage)), partial(_show, stage)
    )


def _add(stage: Stage) -> None:
    """Ask for a new node."""
    from ...editing.edited import editor
    from ..edit import EditScreen
    from ..edit_forms import Addition

    shown, limits = _shown(stage), _session(stage).limits
    edits = editor(shown.opened, limits)
    if edits is None:
        stage.say(f"{_origin(stage)}, so no expression can be added; e changes a value that it starts from")
        return
    output = edits.definition.output_name
    form = Addition(shown, limits, edits)
    placeholder = f"name = expression, such as {form.free_name} = {output}^2"
    stage.ask(EditScreen(form, "add a node", placeholder, _ADDING, "", large=_is_large(stage)), partial(_show, stage))


def _undo(stage: Stage) -> None:
    from ...editing.edited import undone

    if stage.opened.revisions is None or stage.opened.revisions.undone() is None:
        stage.say("There is no edit to take back.")
    else:
        _do(stage, "undo", lambda report: undone(_shown(stage), report) or _shown(stage))


def _redo(stage: Stage) -> None:
    from ...editing.edited import redone

    if stage.opened.revisions is None or stage.opened.revisions.redone() is None:
        stage.say("There is no edit to make again.")
    else:
        _do(stage, "redo", lambda report: redone(_shown(stage), report) or _shown(stage))


def _slide(steps: int, stage: Stage) -> None:
    """Move the value of the selected input a step of its slider."""
    from ....engine.editing.target import input_to_slide
    from ...walk.sliding import slider_of

    node = input_to_slide(stage.moment.trace.graph, stage.moment.selected)
    if node is None:
        stage.say("This walk has no input to slide.")
        return
    value = float(stage.moment.trace.values[node])
    slide_to(stage, node, slider_of(stage.opened, stage.moment.trace, node).moved(value, steps))


def slide_to(stage: Stage, node: int, value: float) -> None:
    """Give an input a value that it has been slid to, and select it."""
    from ....engine.editing.edit import written_value
    from ...editing.edited import changed

    trace = stage.moment.trace
    if value == trace.values[node] or not abs(value) < float("inf"):
        return
    stage.moment = stage.moment.selecting(node)
    shown, name = _shown(stage), trace.graph.label(node)
    limits = _session(stage).limits
    _do(stage, f"{name} = {value:g}", lambda report: changed(shown, limits, name, written_value(value), None, report,
                                                           slid=True), quietly=True)  # fmt: skip


def _save(stage: Stage) -> None:
    """Ask for a name, and save the walk as a scenario file."""
    from ....engine.errors import GradwalkError
    from ...editing.edited import definition_to_save
    from ...messages import ScenarioSaved
    from ..save_scenario import SaveScenarioScreen

    try:
        _session(stage).need_files("saving the scenario")
    except GradwalkError as error:
        stage.say(str(error))
        return
    if definition_to_save(stage.opened) is None:
        stage.say(f"{_origin(stage)}: there is no scenario file to make of it")
        return

    def saved(path: str | None) -> None:
        if path is not None:
            revisions = stage.opened.revisions
            if revisions is not None:
                stage.reopen(replace(stage.opened, revisions=revisions.as_saved()), stage.moment)
            stage.post_message(ScenarioSaved(stage.screen, Path(path)))
            stage.say(f"Saved as {path}.")

    stage.ask(SaveScenarioScreen(stage.opened), saved)


# ---- what they share


def _do(stage: Stage, title: str, work: Work, *, quietly: bool = False) -> None:
    """Show what comes of some work: at once, or of a large walk when a dialog has told how far it is."""
    if _is_large(stage):
        from ..working import WorkingScreen

        asked = WorkingScreen(title, lambda told: work(lambda doing, done: told(done)))
        stage.ask(asked, partial(_show, stage, quietly=quietly))
    else:
        _show(stage, work(lambda doing, done: None), quietly=quietly)


def _show(stage: Stage, shown: object, *, quietly: bool = False) -> None:
    from ...editing.edited import Shown
    from ...words.editing import edit_words

    if not isinstance(shown, Shown):
        return
    stage.reopen(shown.opened, shown.moment)
    change = shown.moment.change
    if change is not None and not quietly:
        stage.say(edit_words(change.edit, undone=change.undone))


def _shown(stage: Stage) -> Shown:
    from ...editing.edited import Shown

    return Shown(stage.opened, stage.moment)


def _is_large(stage: Stage) -> bool:
    from ...walk.opened import LARGE

    return len(stage.moment.trace.graph) >= LARGE


def _origin(stage: Stage) -> str:
    """Say why a walk has no expressions of its own."""
    return "This is an epoch of a training" if stage.opened.epoch else "This graph was not written as expressions"


def _session(stage: Stage) -> Session:
    return stage.session


# fmt: off
COMMANDS = (
    Command("walk.edit", "e", "Edit", "Change the selected input's value or node's expression", _edit),
    Command("walk.add", "a", "Add", "Add a node or an input", _add),
    Command("walk.undo", "u", "Undo", "Take the last edit back", _undo),
    Command("walk.redo", "U", "Redo", "Make the edit again that was taken back", _redo, "U"),
    Command("walk.slide-up", "greater_than_sign", "Slide", "Raise the selected input by a step", partial(_slide, 1),
            ">"),
    Command("walk.slide-down", "less_than_sign", "Slide down", "Lower the selected input by a step",
            partial(_slide, -1), "<"),
    Command("walk.save-scenario", "ctrl+s", "Save file", "Save the walk, with its edits, as a scenario file", _save),
)
