"""What somebody masters, judged from all that was noted of them: pure, and knows no clock and no store.

A skill is mastered when it was right, without help, on three different days, mixed with others. To the letter:

- An answer *counts* for a skill where it was right at once, without a hint, and the task before it, in the same sitting
  and on the same day, did not need that skill. So whoever repeats one kind of task is not mistaken for one who knows
  when to use which rule.
- A skill is *mastered* where answers counted on three different days, and none since the last that counted was wrong or
  needed help. After one that did, the next that counts brings mastery back.

Days are told apart and never compared, so a clock that goes backwards or a journey across time zones takes nothing
away.

Sources: mixed practice: Rohrer, Dedrick, Burgess, "The benefit of interleaved mathematics practice is not limited to
superficially similar kinds of problems" (2014). Fading that follows the learner: Salden, Aleven, Schwonke, Renkl, "The
expertise reversal effect and worked examples in tutored problem solving" (2010).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from .attempt import Outcome
from .level import Level
from .noted import Noted

DAYS = 3
"""On so many different days a skill must be right."""

_LEVELS = tuple(Level)


class State(StrEnum):
    """How far somebody has come with a skill."""

    NEW = "new"
    """Nothing was answered yet."""
    LEARNING = "learning"
    """Practised: no answer counts yet, or none since one that was wrong or needed help, or today's counts already."""
    DUE = "due"
    """It went well on another day: once more today, and one day more is reached."""
    MASTERED = "mastered"


@dataclass(frozen=True)
class Standing:
    """How somebody stands with a skill.

    `days` is on how many different days an answer counted. `right`, `helped`, `wrong` and `skipped` count the outcomes.
    `is_weak` says that the last answer was wrong or needed help. `counts_today` says that an answer of today counted.
    `mistakes` are those that fit best to wrong answers, the most frequent first, with their numbers. `last` is the day
    of the last answer. `level` is how much of such a step is to be asked next.
    """

    skill: str
    state: State = State.NEW
    days: int = 0
    right: int = 0
    helped: int = 0
    wrong: int = 0
    skipped: int = 0
    is_weak: bool = False
    counts_today: bool = False
    mistakes: tuple[tuple[str, int], ...] = ()
    last: date | None = None
    level: Level = Level.WORKED_EXAMPLE

    @property
    def answered(self) -> int:
        """How many tasks were answered; what was skipped is not."""
        return self.right + self.helped + self.wrong


@dataclass
class _History:
    """What was noted of one skill."""

    days: set[date] = field(default_factory=set[date])
    outcomes: Counter[Outcome] = field(default_factory=Counter[Outcome])
    mistakes: Counter[str] = field(default_factory=Counter[str])
    has_lapsed: bool = False
    is_weak: bool = False
    last: date | None = None
    level: int = 0


class Mastery:
    """How somebody stands with all skills; `add` takes what was noted, in that order."""

    def __init__(self, noted: Iterable[Noted] = ()) -> None:
        self._skills: dict[str, _History] = {}
        self._before: dict[str, tuple[date, tuple[str, ...]]] = {}
        for one in noted:
            self.add(one)

    def add(self, noted: Noted) -> None:
        """Take in one attempt more."""
        before = self._before.get(noted.sitting)
        for skill in dict.fromkeys(noted.skills):
            is_mixed = before is not None and before[0] == noted.day and skill not in before[1]
            _take(self._skills.setdefault(skill, _History()), noted, is_mixed=is_mixed)
        if noted.outcome is not None:
            self._before[noted.sitting] = (noted.day, noted.skills)

    def standing(self, skill: str, today: date) -> Standing:
        """Return how somebody stands with a skill; one that was never asked is new."""
        history = self._skills.get(skill)
        if history is None:
            return Standing(skill)
        outcomes = history.outcomes
        return Standing(
            skill,
            _state(history, today),
            days=len(history.days),
            right=outcomes[Outcome.RIGHT],
            helped=outcomes[Outcome.HELPED],
            wrong=outcomes[Outcome.WRONG],
            skipped=outcomes[Outcome.SKIPPED],
            is_weak=history.is_weak,
            counts_today=today in history.days,
            mistakes=tuple(history.mistakes.most_common()),
            last=history.last,
            level=_LEVELS[history.level],
        )

    def standings(self, today: date) -> dict[str, Standing]:
        """Return the standings of all skills that were asked or shown, in the order in which they first were."""
        return {skill: self.standing(skill, today) for skill in self._skills}

    def level(self, skill: str) -> Level:
        """Return how much of a step that needs a skill is to be asked.

        It begins with a worked example. One that was shown, or an answer that needed help, leads to the last factor;
        each right answer leads one level up, each wrong one down; a skipped task changes nothing.
        """
        history = self._skills.get(skill)
        return _LEVELS[history.level if history else 0]

    def to_practise(self, today: date) -> list[Standing]:
        """Return what to practise now, the most needful first: what is weak, what is due, what did not count today."""
        wanted = [one for one in self.standings(today).values() if urgency(one) > 1]
        return sorted(wanted, key=urgency, reverse=True)


def urgency(standing: Standing) -> int:
    """Return how needful practice is: 5 weak, 4 due, 3 learning and not yet counted today, 2 new, 1 all else.

    Tasks that are drawn with these weights are aimed at what went wrong and stay mixed.
    """
    if standing.is_weak:
        return 5
    if standing.state is State.DUE:
        return 4
    if standing.state is State.NEW:
        return 2
    return 1 if standing.state is State.MASTERED or standing.counts_today else 3


def _take(history: _History, noted: Noted, *, is_mixed: bool) -> None:
    outcome = noted.outcome
    if outcome is None:
        history.level = max(history.level, 1)
        return
    history.outcomes[outcome] += 1
    history.mistakes.update(noted.mistakes)
    if outcome in (Outcome.SKIPPED, Outcome.OPEN):
        return
    history.last = noted.day
    history.is_weak = outcome is not Outcome.RIGHT
    if outcome is Outcome.RIGHT:
        history.level = min(history.level + 1, len(_LEVELS) - 1)
        if is_mixed:
            history.days.add(noted.day)
            history.has_lapsed = False
    else:
        history.has_lapsed = True
        history.level = max(history.level, 1) if outcome is Outcome.HELPED else max(history.level - 1, 0)


def _state(history: _History, today: date) -> State:
    if history.last is None:
        return State.NEW
    if history.has_lapsed or not history.days:
        return State.LEARNING
    if len(history.days) >= DAYS:
        return State.MASTERED
    return State.LEARNING if today in history.days else State.DUE
