"""What is said of marks."""

from __future__ import annotations

from .lines import Line, line

NO_STEP = "There is no step here to mark yet; take one first."
NO_MARKS = "no step is marked yet: m marks the one just taken, with a note of your own if you like"
NO_NOTES = "none of the marks has a note to save; m writes one"
UNSAVED_EDITS = "the edits of this walk are in no file yet: ctrl+s saves them, and then s saves the notes"
SIGN = "★"
"""Stands where a step is marked: in the step's text, and on the line that says where the walk is."""


def mark_lines(note: str) -> list[Line]:
    """Say, above a step, that it is marked."""
    return [line((f"{SIGN} ", "edge"), (note or "marked", "note")), Line()]


def count_words(notes: int) -> str:
    """Say how many notes there are."""
    return "one note" if notes == 1 else f"{notes} notes"


def will_save_words(notes: int, place: str, key: str) -> str:
    """Ask whether notes are to be written into a file that is there."""
    return f"{key} once more writes {count_words(notes)} into {place}"


def saved_words(notes: int, place: str, joined: int) -> str:
    """Say what was written, and to how many notes of the author it was added."""
    had = "a step had a note already, and yours" if joined == 1 else f"{joined} steps had a note already, and yours"
    below = f"; {had} stands below it" if joined else ""
    return f"{count_words(notes).capitalize()} saved in {place}{below}."
