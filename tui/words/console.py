"""Lines on a console: coloured on a terminal, plain when piped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.text import Text
from rich.theme import Theme

from .lines import STYLES, Line

CONSOLE_THEME = Theme({f"gradwalk.{name}": style for name, style in STYLES.items()})


class _Console(Console):
    """A console that leaves it to the command what happens when nobody reads any more."""

    def on_broken_pipe(self) -> None:
        """Raise what Rich has caught."""
        raise BrokenPipeError


def console(*, stderr: bool = False) -> Console:
    """Return a console that knows the style names."""
    return _Console(theme=CONSOLE_THEME, stderr=stderr, highlight=False, soft_wrap=True)


def plain_console(file: TextIO) -> Console:
    """Return a console that writes words without colours, wherever the program runs."""
    return _Console(
        theme=CONSOLE_THEME,
        file=file,
        color_system=None,
        force_terminal=False,
        force_jupyter=False,
        highlight=False,
        soft_wrap=True,
    )


def write(lines: Iterable[Line | Text], to: Console | None = None) -> None:
    """Print lines on standard output, or on a console."""
    to = to or console()
    for line in lines:
        to.print(rich_text(line) if isinstance(line, Line) else line)


def rich_text(line: Line) -> Text:
    """Return a line as the console takes it."""
    text = Text()
    for part, style in line.styled:
        text.append(part, f"gradwalk.{style}" if style else None)
    return text
