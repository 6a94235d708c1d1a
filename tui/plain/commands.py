"""`Command`: the one-word commands of a dialogue, read from what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...engine.errors import did_you_mean, quoted
from ..words.lines import Line, line

AT_A_QUESTION = ("hint", "skip")
"""Words that do something where a question is asked, and nowhere else."""


@dataclass(frozen=True)
class Command:
    """A word that does something.

    `short` are shorter spellings; `takes` says what may stand behind it, empty for nothing, and `meaning` what it does.
    """

    word: str
    meaning: str
    short: tuple[str, ...] = ()
    takes: str = ""

    @property
    def spelt(self) -> str:
        """How it is typed."""
        shorter = f" ({', '.join(self.short)})" if self.short else ""
        return f"{self.word}{f' {self.takes}' if self.takes else ''}{shorter}"


@dataclass(frozen=True)
class Typed:
    """What was typed: a command and what stands behind it; `command` is None where there is none so called."""

    command: str | None
    rest: str = ""


class Commands:
    """The commands that a dialogue knows."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self.commands = tuple(commands)
        self._words: Mapping[str, Command] = {
            spelling: command for command in commands for spelling in (command.word, *command.short)
        }

    def read(self, text: str) -> Typed:
        """Read a line: case does not matter, and a word may be cut where only one command begins so."""
        word, _, rest = text.strip().partition(" ")
        command = self._words.get(word.casefold()) or self._beginning(word.casefold())
        rest = rest.strip()
        if command is not None and rest and not command.takes:
            command = None  # "q + 1" is not quit
        return Typed(None if command is None else command.word, rest)

    def unknown(self, text: str, otherwise: str) -> list[Line]:
        """Say of a line that begins with no command what could be typed instead: one like it, or `otherwise`."""
        word = text.split(" ", 1)[0]
        if word.casefold() in AT_A_QUESTION:
            return [line(f"Nothing is asked here; {otherwise}.")]
        said = did_you_mean(word, (each.word for each in self.commands), otherwise)
        return [line(f"There is no command {quoted(word)}; {said if said.endswith('?') else said + '.'}")]

    def help(self) -> list[Line]:
        """Say what each command does, a line each."""
        return [line(f"{command.spelt}: {command.meaning}.") for command in self.commands]

    def _beginning(self, word: str) -> Command | None:
        found = [each for each in self.commands if len(word) > 1 and each.word.startswith(word)]
        return found[0] if len(found) == 1 else None
