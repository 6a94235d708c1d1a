"""What stands in a handout: the function, the walk, its results, what is asked; or the same with blanks."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import numpy as np

from ...engine.errors import GradwalkError
from ...engine.graph.graph import Leaf
from ...engine.rules.printers.unicode import NOTATION as UNICODE
from ...engine.scenario import Scenario
from ...engine.study.exercise_task import ExerciseTask, exercise_tasks
from ...engine.walk.phase import Phase
from ...engine.walk.trace import Trace
from .blocks import Blank, Block, Heading, NewPage, Paragraph, Part, Row, Rows
from .steps import StepBlocks, leaves

MOST_STEPS = 1_500
"""A walk of more steps is no handout: it would be some fifty pages."""

_PARTS = {
    Phase.FORWARD: "Forward pass: the values",
    Phase.SEED: "Backward pass: the gradients",
    Phase.UPDATE: "Update of the parameters",
}
"""The part of the handout that begins with a phase."""


def handout(scenario: Scenario, trace: Trace, *, worksheet: bool = False, digits: int = 0) -> Iterator[Block]:
    """Write a walk in full or, as a worksheet, with blanks, its answers after them on a page of their own.

    Formulas are in the notation of the trace, numbers have so many significant `digits`, 0 for reading. Raises
    GradwalkError for a walk of more than `MOST_STEPS` steps.
    """
    if trace.total > MOST_STEPS:
        raise GradwalkError(
            f"{scenario.name} has {trace.total:,} steps, and a handout at most {MOST_STEPS:,}; "
            f"`gradwalk trace {scenario.name}` prints them all"
        )
    return _Handout(scenario, trace, digits).blocks(worksheet=worksheet)


class _Handout:
    """Writes one."""

    def __init__(self, scenario: Scenario, trace: Trace, digits: int) -> None:
        self._scenario = scenario
        self._trace = trace
        self._digits = digits
        self._steps = StepBlocks(trace, digits)

    def blocks(self, *, worksheet: bool) -> Iterator[Block]:
        yield Heading(1, (self._scenario.title,))
        yield from _paragraphs(self._scenario.intro or self._scenario.summary)
        yield from self._function()
        if worksheet:
            yield Paragraph(("Fill in the blanks; the answers are on a page of their own.",))
            yield from self._walk(blanks=True)
            yield from self._exercises(blanks=True)
            yield NewPage()
            yield Heading(1, (f"Answers: {self._scenario.title}",))
        yield from self._walk(blanks=False)
        yield Heading(2, ("Result",))
        yield Rows(tuple(self._steps.results()))
        yield from self._exercises(blanks=False)

    def _function(self) -> Iterator[Block]:
        graph = self._trace.graph
        yield Heading(2, ("The function",))
        data = np.flatnonzero(graph.codes[: graph.leaf_count] == Leaf.DATA).tolist()
        for words, nodes in (("Given are ", leaves(self._trace)), ("The data are ", data)):
            if nodes:
                yield Paragraph((words, *_listed([self._steps.given(node) for node in nodes]), "."))
        yield Rows(tuple(self._steps.operation(node) for node in range(graph.leaf_count, len(graph))))

    def _walk(self, *, blanks: bool) -> Iterator[Block]:
        for segment in self._trace.segments:
            if len(segment) and segment.phase in _PARTS:
                yield Heading(2, (_PARTS[segment.phase],))
            for number in range(segment.first, segment.last + 1):
                yield from self._steps.step(number, blanks=blanks)

    @functools.cached_property
    def _tasks(self) -> tuple[ExerciseTask, ...]:
        """What is asked; it stands in words, so its formulas are text."""
        return exercise_tasks(self._scenario, self._trace.written_in(UNICODE))

    def _exercises(self, *, blanks: bool) -> Iterator[Block]:
        """Write what is asked, with blanks; or with the hints and the answers."""
        tasks = self._tasks
        if not tasks:
            return
        yield Heading(2, ("Exercises" if blanks else "Exercises, with hints and answers",))
        if blanks:
            yield Rows(tuple(Row("", (f"{task.prompt} ", Blank())) for task in tasks))
            return
        for task in tasks:
            yield Paragraph((task.prompt,))
            answer = task.solution or "only its hash is published"
            yield Rows((Row("hint", (task.hints[0],)), Row("answer", (answer,))))


def _paragraphs(text: str) -> Iterator[Paragraph]:
    return (Paragraph((" ".join(each.split()),)) for each in text.split("\n\n") if each.strip())


def _listed(given: list[tuple[Part, ...]]) -> Iterator[Part]:
    for place, parts in enumerate(given):
        if place:
            yield " and " if place == len(given) - 1 else ", "
        yield from parts
