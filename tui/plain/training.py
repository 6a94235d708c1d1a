"""`TrainingDialogue`: a training run in questions and answers, epoch by epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...engine.errors import GradwalkError
from ...engine.walk.named_step import whole_number
from ..start import Start
from ..training.player import TrainingPlayer
from ..words.lines import Line, line
from ..words.plain import epoch_sentences, intro_sentences
from ..words.training import ended_lines, epoch_title
from .commands import Command, Commands
from .dialogue import Dialogue, OuterDialogue
from .walk import WalkDialogue

if TYPE_CHECKING:
    from ...engine.training.scenario import TrainingScenario
    from ..progress.progress import Progress

COMMANDS = (
    Command("next", "one epoch on, as enter alone", ("n",)),
    Command("back", "one epoch back", ("b",)),
    Command("go", "to an epoch, such as go 50", ("g",), "EPOCH"),
    Command("start", "back to the start", ("s",)),
    Command("end", "on to the end of the training", ("e",)),
    Command("walk", "the update of this epoch as a walk, one chain-rule factor at a time", ("w",)),
    Command("where", "where the training stands", ()),
    Command("intro", "what it is about", ("i",)),
    Command("help", "this list", ("h", "?")),
    Command("quit", "the end of the program", ("q", "exit")),
)
"""What can be typed in a training."""


class TrainingDialogue(OuterDialogue):
    """A training run, with the epoch where it stands.

    `epoch` is the number of the one that it begins at; GradwalkError where it is none. `digits` and `spoken` are those
    of `WalkDialogue`, and so are `outside` and `progress`.
    """

    def __init__(
        self,
        scenario: TrainingScenario,
        *,
        epoch: str = "",
        digits: int = 0,
        spoken: bool = False,
        outside: str = "",
        progress: Callable[[], Progress] | None = None,
    ) -> None:
        self.scenario = scenario
        self._digits = digits
        self._spoken = spoken
        self._progress = progress
        leave = [Command("leave", f"back to {outside}", ("l",))] if outside else []
        self._commands = Commands([*COMMANDS, *leave])
        first = Start(epoch.strip()).epoch(scenario)
        self.player = TrainingPlayer(scenario)
        self.player.forward(first)
        self._answers: dict[str, Callable[[str], Sequence[Line]]] = {
            "next": lambda _: self._moved(self.player.epoch + 1),
            "back": lambda _: self._moved(self.player.epoch - 1),
            "go": self._go,
            "start": lambda _: self._moved(0),
            "end": lambda _: self._moved(self.player.epochs),
            "walk": self._walk,
            "where": lambda _: self._said(),
            "intro": lambda _: intro_sentences(scenario.title, scenario.intro or scenario.summary),
            "help": lambda _: self._commands.help(),
            "quit": self._quit,
            "leave": self._leave,
        }

    def opening(self) -> Sequence[Line]:
        """Say what is trained, and where it stands."""
        begin = "Enter trains one epoch, end all of them; walk goes through one update; help says what else."
        return [line((f"{self.scenario.title}.", "heading")), *self._said(), line(begin)]

    def take(self, text: str) -> Sequence[Line]:
        """Do what a command says; enter alone is `next`, a number alone is `go`."""
        text = text.strip()
        typed = self._commands.read(text) if text else None
        if typed is None:
            return self._answers["next"]("")
        if typed.command is not None:
            return self._answers[typed.command](typed.rest)
        if text.replace(",", "").isdecimal():
            return self._go(text)
        return self._commands.unknown(text, "enter trains one epoch, and help says what else can be typed")

    def resumed(self, ended: Dialogue) -> Sequence[Line]:
        """Say where the training stands, after a walk."""
        return self._said()

    def closing(self) -> Sequence[Line]:
        """Say where it was left."""
        if self.inner is not None:
            return self.inner.closing()
        return [line(f"The training ends here, at epoch {self.player.epoch} of {self.player.epochs}.")]

    def _go(self, rest: str) -> Sequence[Line]:
        most = self.player.epochs
        found = whole_number(rest, most, f"The training ends after {most:,} epochs.")
        if isinstance(found, int):
            return self._moved(found)
        return [line(found or f"Go where? A number from 0 to {most:,} stands behind it, such as go {most}.")]

    def _moved(self, epoch: int) -> Sequence[Line]:
        player = self.player
        if epoch < 0:
            return [line("This is epoch 0, before anything was trained.")]
        player.seek(epoch)
        if player.epoch < epoch and not player.forward(epoch - player.epoch) and player.ended is not None:
            return [*self._said(), *ended_lines(player.moment)]
        return self._said()

    def _said(self) -> list[Line]:
        return epoch_sentences(self.player.moment, self._digits)

    def _walk(self, rest: str) -> Sequence[Line]:
        moment = self.player.moment
        try:
            trace = moment.trace()
        except GradwalkError as error:
            return [line(f"{error}.")]
        inner = WalkDialogue(
            self.scenario, trace=trace, title=epoch_title(moment), digits=self._digits, spoken=self._spoken,
            outside="the training", progress=self._progress,
        )  # fmt: skip
        return self.begin(inner)

    def _quit(self, rest: str) -> Sequence[Line]:
        self.over = self.quits = True
        return self.closing()

    def _leave(self, rest: str) -> Sequence[Line]:
        self.over = True
        return ()
