"""Saving the notes of marks into the file of their scenario, or, where it has none, into a new one."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

from ..saving import replace_file, write_new
from ..session import Session
from ..walk.moment import Moment
from ..walk.opened import OpenedWalk
from ..words.marks import saved_words, will_save_words
from .notes_text import with_notes


def save_notes(opened: OpenedWalk, moment: Moment, session: Session, text: str, *, asked: bool) -> tuple[Moment, str]:
    """Save the notes of the marks of a walk, whose scenario's file has the given text.

    Returns the moment then, and what there is to say. A file that is there is changed only where that was `asked`; what
    has been saved in it are notes of the scenario from then on, so the marks stay, without them. Raises GradwalkError
    where nothing can be saved.
    """
    session.need_files("saving notes")
    notes = notes_of(moment)
    path = opened.scenario.path
    kept = replace(moment, marks=tuple(replace(mark, saved=True) for mark in moment.marks))
    if path is not None and not asked:
        return moment, will_save_words(len(notes), path.name, "s")
    noted = with_notes(text, notes, path or Path(f"{opened.scenario.name}.toml"))
    if path is not None:
        replace_file(path, noted.text)
        if opened.epoch:  # it is read anew at its training
            return kept, saved_words(len(notes), path.name, noted.joined)
        without = tuple(replace(mark, note="") for mark in moment.marks)
        return replace(moment, marks=without), saved_words(len(notes), path.name, noted.joined)
    new = _free_path(opened.scenario.name, noted.text)
    if not new.exists():
        write_new(new, noted.text)
    return kept, saved_words(len(notes), str(new), noted.joined)


def notes_of(moment: Moment) -> dict[str, str]:
    """Return the notes of a moment's marks by the names of their steps: both edges of x·x have one name."""
    notes: dict[str, str] = {}
    for mark in moment.marks:
        if mark.note:
            name = str(mark.key.name(moment.trace.graph))
            notes[name] = f"{notes[name]}\n{mark.note}" if name in notes else mark.note
    return notes


def _free_path(name: str, text: str) -> Path:
    """Return where a text can be written, or where just this text has been: the key is easily pressed twice."""
    for number in count(1):
        path = Path.cwd() / (f"{name}.toml" if number == 1 else f"{name}-{number}.toml")
        if not path.exists() or _holds(path, text):
            return path
    raise AssertionError("there is always one more number")


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode()
    except OSError:
        return False
