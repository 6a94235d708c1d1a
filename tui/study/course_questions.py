"""`Questions`: what is asked about a walk, one after another, in a lesson or out of one. No widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from ...engine.study.attempt import Attempt, Outcome

if TYPE_CHECKING:
    from ...engine.scenario import Scenario
    from ...engine.study.task import Task
    from ...engine.walk.trace import Trace
    from ..progress.progress import Progress


class Questions(Protocol):
    """Some tasks, and what has come of them."""

    @property
    def scenario(self) -> Scenario:
        """What the questions are about."""
        ...

    @property
    def trace(self) -> Trace:
        """The walk that they are about."""
        ...

    @property
    def tasks(self) -> Sequence[Task]:
        """What is asked, in order."""
        ...

    @property
    def attempts(self) -> dict[int, Attempt]:
        """The attempts of this time, open ones too, by the places of their tasks."""
        ...

    @property
    def before(self) -> Mapping[str, Outcome]:
        """What came of the tasks at last, by what they ask for."""
        ...

    @property
    def exercise(self) -> int:
        """The place of the task that is asked next; their number after the last."""
        ...

    def closed(self, place: int, attempt: Attempt) -> str:
        """Remember an attempt at a task that is closed; return what is to be said of the store."""
        ...


class WalkQuestions:
    """The exercises of a scenario, out of a lesson."""

    def __init__(self, scenario: Scenario, trace: Trace, tasks: Sequence[Task], progress: Progress) -> None:
        self.scenario = scenario
        self.trace = trace
        self.tasks = tasks
        self.attempts: dict[int, Attempt] = {}
        self._progress = progress

    @property
    def before(self) -> Mapping[str, Outcome]:
        """What came of the tasks at last, by what they ask for."""
        return self._progress.outcomes(self._where)

    @property
    def exercise(self) -> int:
        """The place of the task that is asked next: the first that was not answered this time."""
        closed = [place for place, attempt in self.attempts.items() if not attempt.is_open]
        return next((place for place in range(len(self.tasks)) if place not in closed), len(self.tasks))

    def closed(self, place: int, attempt: Attempt) -> str:
        """Remember an attempt that is closed."""
        self.attempts[place] = attempt
        return self._progress.note(attempt, self._where)

    @property
    def _where(self) -> str:
        return f"scenario {self.scenario.path or self.scenario.name}"
