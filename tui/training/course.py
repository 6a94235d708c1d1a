"""`TrainingCourse`: what a player's training is to come to, at what pace, done in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic

from ..background import BackgroundWork, WorkProgressed, WorkThread
from .player import TrainingPlayer

WATCHED_SECONDS = 5.0
"""How long a whole run takes at the pace that can be watched."""

AT_ONCE = 0.1
"""Seconds that a key waits for the epochs it asks for, before they are shown as they come."""

StartWork = Callable[[Callable[[WorkThread], None]], BackgroundWork]
"""Starts work in the background, whose messages go to whoever shows the training."""


@dataclass(frozen=True)
class Goal:
    """Train up to the epoch `until`, at most `pace` epochs a second; `by_hand`, if a key asked for a few epochs."""

    until: int
    pace: float | None = None
    by_hand: bool = False


@dataclass(frozen=True)
class Progress:
    """How far training has come: the last epoch, and how many there were a second."""

    epoch: int
    speed: float


class TrainingCourse:
    """Trains a player's epochs in the background, and shows them in the player as they come.

    All methods are called where the screen is drawn. Whatever changes the player halts the training first. `speed` is
    in epochs a second, 0 while it is not known yet, None while nothing is trained.
    """

    def __init__(self, player: TrainingPlayer, start_work: StartWork) -> None:
        self.player = player
        self.speed: float | None = None
        self._start_work = start_work
        self._goal = Goal(0)
        self._work: BackgroundWork | None = None
        self._reached = 0

    @property
    def running(self) -> bool:
        """Whether epochs are being trained."""
        return self._work is not None

    def watch(self) -> None:
        """Train to the end at a pace that can be watched."""
        self._train(Goal(self.player.epochs, self.player.epochs / WATCHED_SECONDS))

    def train_all(self) -> None:
        """Train to the end as fast as it goes."""
        self._train(Goal(self.player.epochs))

    def go_to(self, epoch: int) -> None:
        """Show an epoch, training up to it."""
        self.halt()
        self.player.seek(epoch)
        self._train(Goal(epoch))

    def forward(self, epochs: int) -> None:
        """Go on by so many epochs, training where there are none yet; called again meanwhile, go on further."""
        going_on = self.halt()
        start = going_on.until if going_on is not None and going_on.by_hand else self.player.epoch
        self._train(Goal(start + epochs, by_hand=True))
        if self._work is not None and self._work.join(AT_ONCE):
            self.halt()

    def seek(self, epoch: int) -> None:
        """Show an epoch that has been trained, or the nearer end of them."""
        self.halt()
        self.player.seek(epoch)

    def back(self, epochs: int) -> None:
        """Go back by so many epochs."""
        self.halt()
        self.player.seek(self.player.epoch - epochs)

    def end(self) -> None:
        """Show the last epoch that has been trained."""
        self.halt()
        self.player.seek(self.player.last)

    def reset(self) -> None:
        """Start again."""
        self.halt()
        self.player.reset()

    def train_longer(self) -> None:
        """Allow as many more epochs as the scenario has; GradwalkError where they would be too many."""
        self.halt()
        self.player.train_longer()

    def scale_rate(self, factor: float) -> int:
        """Multiply the learning rate; training goes on with it. Return how many later epochs are forgotten."""
        goal = self.halt()
        forgotten = self.player.scale_rate(factor)
        if goal is not None:
            self._train(goal)
        return forgotten

    def halt(self) -> Goal | None:
        """Stop, and show the epoch that was reached; return what was to be trained, None if nothing was."""
        work, self._work, self.speed = self._work, None, None
        if work is None:
            return None
        if not work.join(0):  # what has ended by itself is not cancelled: should it have failed, that is still told
            work.cancel()
            work.join()
        self.player.seek(self._reached)
        return self._goal

    def is_under_way(self, work: BackgroundWork) -> bool:
        """Whether a message of this work still counts."""
        return work is self._work

    def take(self, event: WorkProgressed) -> None:
        """Show how far it is."""
        progress: Progress = event.progress
        self.speed = progress.speed
        self.player.seek(progress.epoch)

    def _train(self, goal: Goal) -> None:
        self.halt()
        if self.player.ended is None and self.player.epoch < goal.until:
            self.speed, self._goal, self._reached = 0.0, goal, self.player.epoch
            self._work = self._start_work(partial(self._run, goal, self.player.epoch))

    def _run(self, goal: Goal, first: int, thread: WorkThread) -> None:
        """Train, in a thread of its own; it leaves the epoch on show alone."""
        epoch, started = first, monotonic()
        while epoch < goal.until and self.player.train_after(epoch, lambda: thread.cancelled):
            self._reached = epoch = epoch + 1
            elapsed = monotonic() - started
            thread.report(Progress(epoch, (epoch - first) / elapsed if elapsed else 0.0))
            if goal.pace is not None:
                thread.sleep((epoch - first) / goal.pace - elapsed)
