"""Sentences of `gradwalk doctor`: what is not as it should be, and what to do."""

from __future__ import annotations

from ..terminal import ALL_COLOURS, ClipboardWay

ALL_IS_WELL = "Nothing is wrong that gradwalk could find."

FOR_A_REPORT = "For a report of a fault, copy all of this. Your home is written as ~ in it."

CLIPBOARD = {
    ClipboardWay.SENT: "the terminal is asked (OSC 52); whether it obeys, it does not say",
    ClipboardWay.TMUX: "tmux is asked; it passes on where `set-clipboard` is on",
    ClipboardWay.SCREEN: "none: GNU screen passes nothing on",
    ClipboardWay.NONE: "none: the Linux console has no clipboard",
}
"""How a copied text travels."""

NO_DATABASE = (
    "this Python has no sqlite3, so progress is not remembered; a Python from python.org, uv or the system has it"
)


def colours(number: int) -> str:
    """Say how many colours a terminal is taken to have."""
    if not number:
        return "none are wanted (NO_COLOR)"
    return "all" if number >= ALL_COLOURS else str(number)


def other_program(other: str, own: str) -> str:
    """Say that the shell would run another gradwalk than this one."""
    return f"the shell runs {other}, and this is {own}: remove one of them, or change the order of the PATH"


def not_installed(extra: str | None) -> str:
    """Say that a library is not here; one of an extra need not be."""
    return f'not installed; pip install "gradwalk[{extra}]" brings it' if extra else "not installed"


def missing_library(name: str, bounds: str) -> str:
    """Say that a library is missing without which nothing runs."""
    return f'{name} is not installed: pip install "{name}{bounds}"'


def unfit_library(name: str, version: str, bounds: str) -> str:
    """Say that a library is too old or too new."""
    return f'{name} {version} is not what gradwalk was made for: pip install "{name}{bounds}"'


def small_window(columns: int, lines: int, least_columns: int, least_lines: int) -> str:
    """Say that a window is too small for a screen."""
    return f"the window is {columns}x{lines}, and a screen needs {least_columns}x{least_lines}: make it larger"


def no_placing(kind: str) -> str:
    """Say that a terminal cannot place text."""
    return f"the terminal says it is TERM={kind}, which cannot place text; --plain needs no more than lines"


def narrow_encoding(encoding: str, *, windows: bool) -> str:
    """Say that the output cannot hold the characters of the screens."""
    remedy = "set PYTHONUTF8=1, and use Windows Terminal" if windows else "set LC_ALL=C.UTF-8, or another UTF-8 locale"
    return f"output is {encoding}, which lacks characters of formulas and screens; each comes out as ?: {remedy}"


def unwritable(what: str, path: str) -> str:
    """Say that something cannot be remembered."""
    return f"{what} cannot be remembered: {path} may not be written"
