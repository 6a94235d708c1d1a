"""A dialogue on standard input and standard output: a terminal of any kind, a pipe, a screen reader."""

from __future__ import annotations

import io
import shutil
import sys
import textwrap
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO

import click

from ...engine.errors import printable
from ..output import writing
from ..words.lines import Line
from .dialogue import Dialogue
from .voice import Voice

LONGEST = 10_000
"""Characters of a line that are looked at; nobody types more."""


def converse(dialogue: Dialogue, *, spoken: bool = False) -> int:
    """Hold a dialogue until it is over, the input ends or somebody presses ctrl+c; return the exit status, 0.

    Prompts stand on lines of their own, with the answer behind them, also where nobody types it: so what is written
    reads like the conversation that it was. GradwalkError where nothing can be written.
    """
    with writing():
        _Conversation(dialogue, spoken=spoken).hold()
    return 0


class _Conversation:
    def __init__(self, dialogue: Dialogue, *, spoken: bool) -> None:
        self._dialogue = dialogue
        self._input: TextIO = sys.stdin or io.StringIO()  # pyright: ignore[reportUnnecessaryComparison]  # closed: None
        self._typed = self._input.isatty()
        self._shown = sys.stdout.isatty()
        self._voice = Voice(spoken, getattr(sys.stdout, "encoding", None) or "utf-8")

    def hold(self) -> None:
        self._prepare()
        try:
            self._say(self._dialogue.opening())
            while not self._dialogue.over:
                text = self._read(f"{self._dialogue.prompt}: ")
                if text is None:
                    self._end()
                    return
                self._say(self._dialogue.respond(text))
        except KeyboardInterrupt:
            self._end()
        except OSError:
            self._dialogue.closing()  # nobody hears it, and what is to be kept is kept
            raise

    def _prepare(self) -> None:
        """Let every byte come in, whatever the encoding, and give somebody who types a line that can be edited."""
        if isinstance(self._input, io.TextIOWrapper):
            self._input.reconfigure(errors="surrogateescape")
        if self._typed and self._shown:
            with suppress(ImportError):
                import readline  # pyright: ignore[reportUnusedImport]  # noqa: F401  # `input` uses it from now on
        elif self._typed:
            click.echo("gradwalk: the output is no terminal, so it gets the plain walk; type next, or quit.", err=True)

    def _read(self, prompt: str) -> str | None:
        """Return the next line, without its end; None where there is none."""
        if self._typed and self._shown:
            try:
                text = input(prompt)
            except EOFError:
                return None
        else:
            text = self._input.readline()
            if not text:
                return None
            text = text.removesuffix("\n")
        return self._decoded(text)[:LONGEST]

    def _decoded(self, text: str) -> str:
        """Return a line as it was meant: UTF-8 is read as such, even where the system says that all is ASCII."""
        with suppress(UnicodeError):
            text = text.encode(self._input.encoding, "surrogateescape").decode("utf-8")
        text = printable(text.replace("\t", " ").strip().removeprefix("\ufeff"))
        if not self._typed:
            click.echo(self._voice_of_input(text))
        return text

    def _voice_of_input(self, text: str) -> str:
        """Return an answer that came through a pipe, behind its prompt."""
        return Voice(encoding=self._voice.encoding).text(f"{self._dialogue.prompt}: {text}".rstrip())

    def _end(self) -> None:
        if self._typed and self._shown:
            click.echo()
        self._say(self._dialogue.closing())

    def _say(self, lines: Iterable[Line]) -> None:
        for text in self._voice.texts(lines):
            click.echo(_folded(text) if self._shown else text)
        sys.stdout.flush()


def _folded(text: str) -> str:
    """Break a line that is longer than the terminal is wide between words, where the terminal would break words."""
    width = shutil.get_terminal_size((80, 24)).columns
    if len(text) < width or width < 20:
        return text
    return "\n".join(textwrap.wrap(text, width - 1, break_long_words=False, break_on_hyphens=False))
