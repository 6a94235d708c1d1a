"""`Tally`: what came of several attempts, all together and by skill."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .attempt import Attempt, Outcome


@dataclass(frozen=True)
class Tally:
    """The attempts that are closed, in the order in which they were made."""

    attempts: tuple[Attempt, ...] = ()

    def with_attempt(self, attempt: Attempt) -> Tally:
        """Return the tally with one attempt more; an open one is none yet."""
        return self if attempt.is_open else Tally((*self.attempts, attempt))

    def count(self, outcome: Outcome) -> int:
        """Count the attempts with an outcome."""
        return sum(attempt.outcome is outcome for attempt in self.attempts)

    @property
    def by_skill(self) -> dict[str, Counter[Outcome]]:
        """The outcomes of the attempts at each skill, in the order in which it was first asked."""
        counts: dict[str, Counter[Outcome]] = {}
        for attempt in self.attempts:
            for skill in attempt.task.skills:
                counts.setdefault(skill, Counter())[attempt.outcome] += 1
        return counts

    @property
    def to_practise(self) -> tuple[str, ...]:
        """The skills that were not always right at once, those that went wrong oftenest first."""
        short = {
            skill: (counts[Outcome.WRONG], counts[Outcome.HELPED])
            for skill, counts in self.by_skill.items()
            if counts[Outcome.WRONG] or counts[Outcome.HELPED]
        }
        return tuple(sorted(short, key=lambda skill: short[skill], reverse=True))
