"""The keys that mark steps, with notes of one's own, and read the file anew."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ...walk.command import Command
from ...walk.moment import Moment
from ...walk.stage import Stage


def _mark(stage: Stage) -> None:
    """Ask for a note, and mark the step just taken."""
    from ...walk.marking import mark_here, with_mark
    from ...words.marks import NO_STEP
    from ..mark import MarkScreen

    moment = stage.moment
    if not moment.cursor:
        stage.say(NO_STEP)
        return
    stage.moment = moment = moment.played(False)
    name, mark = str(moment.trace.key(moment.cursor).name(moment.trace.graph)), mark_here(moment)

    def marked(note: str | None) -> None:
        if note is not None:  # below the dialog the walk may have gone on, as a lecture does
            stage.moment = replace(stage.moment, marks=with_mark(moment, note).marks)

    stage.ask(MarkScreen(name, mark.note if mark is not None else ""), marked)


def _list(stage: Stage) -> None:
    """List the marks, and go to the one that is chosen."""
    from ..marks import MarksScreen

    def change(moment: Moment) -> None:
        stage.moment = replace(stage.moment, marks=moment.marks)

    def go(cursor: int | None) -> None:
        if cursor is not None:
            stage.go(stage.moment.at(cursor))

    stage.moment = stage.moment.played(False)
    stage.ask(MarksScreen(stage.moment, change, partial(_save, stage)), go)


def _save(stage: Stage, moment: Moment, asked: bool) -> tuple[Moment, str]:
    """Save the notes of the marks, and have the file read anew where it has been changed."""
    from ....engine.errors import GradwalkError
    from ...editing.scenario_text import scenario_text
    from ...marks.saving import notes_of, save_notes
    from ...messages import ReloadWanted
    from ...words.marks import NO_NOTES, UNSAVED_EDITS

    opened = stage.opened
    if not notes_of(moment):
        return moment, NO_NOTES
    if opened.revisions is not None and opened.revisions.unsaved:
        return moment, UNSAVED_EDITS
    try:
        stage.session.need_files("saving notes")
        saved, words = save_notes(opened, moment, stage.session, scenario_text(opened.scenario), asked=asked)
    except GradwalkError as error:
        return moment, str(error)
    if saved is not moment:
        stage.moment = replace(stage.moment, marks=saved.marks)
    if saved is not moment and opened.scenario.path is not None and not opened.epoch:
        stage.post_message(ReloadWanted(stage.screen))
    return saved, words


def _reload(stage: Stage) -> None:
    from ...messages import ReloadWanted

    stage.post_message(ReloadWanted(stage.screen))


COMMANDS = (
    Command("walk.mark", "m", "Mark", "Mark this step, with a note of your own", _mark),
    Command("walk.marks", "M", "Marks", "List the steps that you have marked, and save your notes", _list, "M"),
    Command("walk.reload", "f5", "Read anew", "Read the scenario's file anew", _reload),
)
