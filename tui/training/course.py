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
class TrainingProgress:
    """How far training has come: the last epoch, and how many there were a second."""

    epoch: int
    speed: float


@dataclass
class _Leg:
    """A goal, and the epoch that its thread has come to."""

    goal: Goal
    reached: int


class TrainingCourse:
    """Trains a player's epochs in the background, and shows them in the player as they come.

    All methods are called where the screen is drawn. Whatever changes the player halts the training first. `speed` is
    in epochs a second, 0 while it is not known yet, None while nothing is trained.
    """

    def __init__(self, player: TrainingPlayer, start_work: StartWork) -> None:
        self.player = player
        self.speed: float | None = None
        self._start_work = start_work
        self._under_way: tuple[BackgroundWork, _Leg] | None = None

    @property
    def running(self) -> bool:
        """Whether epochs are being trained."""
        return self._under_way is not None

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

    def lead(self, epoch: int) -> None:
        """Show an epoch, training up to it; one that is soon reached is shown at once."""
        self.go_to(epoch)
        self._wait_a_little()

    def forward(self, epochs: int) -> None:
        """Go on by so many epochs, training where there are none yet; called again meanwhile, go on further."""
        going_on = self.halt()
        start = going_on.until if going_on is not None and going_on.by_hand else self.player.epoch
        self._train(Goal(start + epochs, by_hand=True))
        self._wait_a_little()

    def _wait_a_little(self) -> None:
        if self._under_way is not None and self._under_way[0].join(AT_ONCE):
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
        under_way, self._under_way, self.speed = self._under_way, None, None
        if under_way is None:
            return None
        work, leg = under_way
        if not work.join(0):  # what has ended by itself is not cancelled: should it have failed, that is still told
            work.cancel()
            work.join()
        self.player.seek(leg.reached)
        return leg.goal

    def is_under_way(self, work: BackgroundWork) -> bool:
        """Whether a message of this work still counts."""
        return self._under_way is not None and work is self._under_way[0]

    def take(self, event: WorkProgressed) -> None:
        """Show how far it is."""
        progress: TrainingProgress = event.progress
        self.speed = progress.speed
        self.player.seek(progress.epoch)

    def _train(self, goal: Goal) -> None:
        self.halt()
        if self.player.ended is None and self.player.epoch < goal.until:
            self.speed, leg = 0.0, _Leg(goal, self.player.epoch)
            self._under_way = self._start_work(partial(self._run, leg)), leg

    def _run(self, leg: _Leg, thread: WorkThread) -> None:
        """Train, in a thread of its own; it leaves the epoch on show alone."""
        goal, first, started = leg.goal, leg.reached, monotonic()
        while leg.reached < goal.until and self.player.train_after(leg.reached, lambda: thread.cancelled):
            leg.reached += 1
            elapsed = monotonic() - started
            thread.report(TrainingProgress(leg.reached, (leg.reached - first) / elapsed if elapsed else 0.0))
            if goal.pace is not None:
                thread.sleep((leg.reached - first) / goal.pace - elapsed)
