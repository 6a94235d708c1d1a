"""`Drill`: random exercises; each `Exercise` is a fair function and a question about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from ..definition import Definition
from ..scenario import Scenario
from ..walk.trace import Trace
from .drill_aims import AIMS, Aim, DrillKind
from .drill_functions import fair_function
from .drill_random import SeededRandom
from .drill_steps import Given, given, telling_steps
from .equation_task import EquationTask
from .question import Question
from .task import Task

PRESSING = 4
"""From this weight on a skill is one that the drill aims at."""

NEW = 2
"""The weight of a skill of which nothing is known."""

_SIZES: dict[DrillKind, tuple[int, ...]] = {
    DrillKind.VALUE: (2, 3, 3, 4),
    DrillKind.LOCAL: (2, 3),
    DrillKind.CONTRIBUTION: (2, 3),
    DrillKind.ACCUMULATED: (3, 4),
    DrillKind.GRADIENT: (2, 3, 3, 4),
    DrillKind.EQUATION: (2, 3, 4),
}
"""How many operations the functions have: what is asked takes a minute or two by hand."""


@dataclass(frozen=True)
class Exercise:
    """A fair function, and what is asked about it.

    `given` are the numbers that are told with it, as its kind needs them. `step` is the step of the walk that shows the
    answer.
    """

    aim: Aim
    definition: Definition
    trace: Trace
    task: Task
    given: tuple[Given, ...]
    step: int

    def scenario(self, name: str) -> Scenario:
        """Return the function as a scenario of a name, to be opened as a walk."""
        graph = self.trace.graph
        written = ", ".join(f"{node} = {graph.expression(graph.find(node))}" for node in self.definition.nodes)
        return Scenario(name, written, "", "", graph, {}, definition=self.definition)


@dataclass(frozen=True)
class Drill:
    """Exercises drawn at random: `count` of them, of some `kinds`; the same drill has the same ones everywhere.

    `weights` say how needful the practice of each skill is: half of the exercises are for those with a weight of
    `PRESSING` or more, as long as there are any. All others are mixed evenly: the kinds first, and of each kind the
    rules. No two in a row ask for the same skill, unless there is only one.
    """

    seed: int
    count: int = 10
    kinds: tuple[DrillKind, ...] = tuple(DrillKind)
    weights: Mapping[str, int] = field(default_factory=dict[str, int])

    def exercise(self, place: int, before: str = "") -> Exercise:
        """Draw the exercise at a place, counted from 0, that comes after one which asked for the skill `before`."""
        random = SeededRandom(self.seed, place)
        while True:
            made = _made(random, self._aim(random, before))
            if made is not None:
                return made

    def __iter__(self) -> Iterator[Exercise]:
        before = ""
        for place in range(self.count):
            exercise = self.exercise(place, before)
            before = exercise.aim.skill
            yield exercise

    def _aim(self, random: SeededRandom, before: str) -> Aim:
        aims = [aim for aim in AIMS if aim.kind in self.kinds]
        others = [aim for aim in aims if aim.skill != before] or aims
        pressing = [(aim, weight) for aim in others if (weight := self._weight(aim)) >= PRESSING]
        if pressing and random.below(2):
            return random.weighted(pressing)
        kind = random.choice([*dict.fromkeys(aim.kind for aim in others)])
        return random.weighted((aim, self._weight(aim)) for aim in others if aim.kind is kind)

    def _weight(self, aim: Aim) -> int:
        return self.weights.get(aim.skill, NEW)


def _made(random: SeededRandom, aim: Aim) -> Exercise | None:
    """Draw an exercise; None where no fair one came of many."""
    try:
        definition, trace = fair_function(
            random, _SIZES[aim.kind], aim.op, lambda trace: bool(telling_steps(aim, trace))
        )
    except LookupError:
        return None
    step = random.choice(telling_steps(aim, trace))
    return Exercise(aim, definition, trace, _task(aim, trace, step), tuple(given(aim.kind, trace, step)), step)


def _task(aim: Aim, trace: Trace, step: int) -> Task:
    if aim.kind is DrillKind.EQUATION:
        task = EquationTask.of(trace, trace.graph.output)
    else:
        task = Question(trace, aim.kind.asked, step)
    return cast("Task", task)  # pyright takes no cached property for the property of a protocol
