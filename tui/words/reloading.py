"""What is said of a file that is read anew."""

from __future__ import annotations


def reloaded_words(name: str) -> str:
    """Say that a file was read anew."""
    return f"{name} was read anew."


def unchanged_words(name: str) -> str:
    """Say that a file gives what is on show already."""
    return f"{name} says what is shown here already."


def unsaved_words(name: str, *, saved: bool) -> str:
    """Say that reading would drop edits; `saved` says that the file has just been changed by somebody.

    The ids of the bindings stand for their keys (see `bindings.with_keys`).
    """
    begin = f"{name} has been changed, and so has this walk" if saved else "This walk has been changed"
    ways = f"{{walk.save-scenario}} saves them; {{walk.reload}} once more reads {name}, and drops them"
    return f"{begin}: your edits are in no file. {ways}."
