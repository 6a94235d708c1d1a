"""`Predicting`: the questions that come before the steps of a walk, and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...engine.errors import GradwalkError, did_you_mean, quoted
from ...engine.study.attempt import Attempt
from ...engine.study.level import CHOICES, FADING, Level
from ...engine.study.predicting import AskedStep, Levels, next_asked, skill_of_step
from ...engine.study.tally import Tally

if TYPE_CHECKING:
    from ...engine.walk.trace import Trace
    from ..progress.progress import Progress


class Predicting:
    """How much of a walk is asked for: `choice` is one of `CHOICES`; `where` names what attempts are noted under.

    `trace` is the walk, whose formulas are written as they are typed, and `last` the step that it goes to at most.
    """

    def __init__(self, trace: Trace, choice: str, progress: Progress, where: str, last: int) -> None:
        self.choice = choice
        self.tally = Tally()
        self._trace = trace
        self._progress = progress
        self._where = where
        self._last = last

    def asked_after(self, seen: int) -> AskedStep:
        """Return the step that comes after so many, with what is asked before it is shown."""
        return next_asked(self._trace, seen, Levels(self.choice, self._progress.level), self._last)

    def close(self, attempt: Attempt) -> str:
        """Remember an attempt that is closed; return what is to be said of that, mostly nothing."""
        self.tally = self.tally.with_attempt(attempt)
        return self._progress.note(attempt, self._where)

    def show(self, asked: AskedStep) -> str:
        """Remember that a step was shown as a worked example, where that is what its rule needs."""
        skill = skill_of_step(self._trace, asked.step)
        if asked.level is Level.WORKED_EXAMPLE and skill and self.choice != Level.WORKED_EXAMPLE:
            return self._progress.show([skill], self._where)
        return ""


def choice_named(text: str) -> str:
    """Return the choice that is called so, `on` being fading; GradwalkError where there is none."""
    if text.casefold() in ("", "on"):
        return FADING
    if text.casefold() in CHOICES:
        return text.casefold()
    names = [*CHOICES, "off"]
    hint = did_you_mean(text, names, f"say on, off, or one of {', '.join(CHOICES)}")
    raise GradwalkError(f"nothing is asked so: {quoted(text)}; {hint}")
