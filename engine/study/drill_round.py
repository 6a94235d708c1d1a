"""`DrillRound`: some exercises being worked at, one after the other. A screen and a plain dialogue are views of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .attempt import Attempt
from .drill import Drill, Exercise
from .tally import Tally


@dataclass(frozen=True, slots=True)
class DrillRound:
    """The exercises of a drill in order, and what was done with those begun; every change makes a new round.

    `exercises` and `attempts` have one for each exercise begun; the last one is at work, or just closed and still
    looked at. `is_over` says that nothing more is asked: after the last exercise, or where the round was ended before.
    """

    drill: Drill
    exercises: tuple[Exercise, ...]
    attempts: tuple[Attempt, ...]
    is_over: bool = False

    @classmethod
    def of(cls, drill: Drill) -> DrillRound:
        """Begin a drill with its first exercise."""
        first = drill.exercise(0)
        return cls(drill, (first,), (Attempt(first.task),))

    @property
    def number(self) -> int:
        """Which exercise is on, counted from 1."""
        return len(self.exercises)

    @property
    def exercise(self) -> Exercise:
        """The exercise that is on, or was the last one."""
        return self.exercises[-1]

    @property
    def attempt(self) -> Attempt:
        """What was done with it so far."""
        return self.attempts[-1]

    @property
    def tally(self) -> Tally:
        """What came of all exercises that are closed."""
        return Tally(tuple(attempt for attempt in self.attempts if not attempt.is_open))

    def with_attempt(self, attempt: Attempt) -> DrillRound:
        """Return the round after something was done with the exercise that is on."""
        return replace(self, attempts=(*self.attempts[:-1], attempt))

    def next(self) -> DrillRound:
        """Return the round with the next exercise on, or over after the last; while one is open it stays as it is."""
        if self.is_over or self.attempt.is_open:
            return self
        if self.number == self.drill.count:
            return self.ended()
        following = self.drill.exercise(self.number, self.exercise.aim.skill)
        return replace(self, exercises=(*self.exercises, following), attempts=(*self.attempts, Attempt(following.task)))

    def given_up(self) -> Attempt | None:
        """Return the attempt at the exercise that is on, closed, where it was begun and is open; else None."""
        attempt = self.attempt
        return attempt.skipped() if attempt.is_open and (attempt.verdicts or attempt.hints_shown) else None

    def ended(self) -> DrillRound:
        """Return the round with nothing more to be asked."""
        return replace(self, is_over=True)
