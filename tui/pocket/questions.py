"""What a page asks before it shows a step: the questions of predict mode, and what explains a wrong answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ...engine.study.corners import Sides, sides
from ...engine.study.diagnosis import mistaken_numbers
from ...engine.study.elsewhere import NearbyRuns
from ...engine.study.level import Level
from ...engine.study.predicting import AskedStep, next_result, questions_of
from ...engine.study.question import Question
from ...engine.study.task import TaskKind
from ...engine.walk.phase import Phase
from ...engine.walk.trace import Trace
from ..words.study import CHOICE_WORDS, asked_lines
from .shown import ShownLine, shown_lines

LEVELS = (Level.LAST_FACTOR, Level.STEP, Level.RESULT)
"""How much can be asked; there is nobody whose skills a page could know, so that it cannot fade by itself."""

MOST_EXPLAINED = 120
"""In a walk of more steps a wrong answer is explained by mistakes at its own step alone: all take long to prepare."""

MOST_EXPLAINED_AT_ALL = 400
"""In a walk of more steps a wrong answer is called wrong, and not explained; the page would be too large."""

MOST_HINTED = 600
"""In a walk of more steps there are no hints but the answer itself, for the same reason."""

_MOST_NUMBERS = 16
_MOST_NUMBERS_OF_STEP = 3
"""So many different numbers that mistakes give are known of a question, those of the likeliest mistakes."""

_CLOSE = 1e-10
"""Noise below this part of a number changes no verdict."""

Explanation = tuple[float, Sequence[str]]
"""A number that a mistake gives, and the sentences that say which."""


class PageQuestion(msgspec.Struct, frozen=True, array_like=True):
    """A question about a step, asked at the `levels`, which are places in `LEVELS`.

    Its answer is the step's own number of the kind, or `right` where that is not null: the closed form's. `noise` is
    how far rounding may have taken it off. `explanations` are numbers that mistakes give, in the order in which they
    are tried, each once. `sides` are further answers that are right, at a corner.
    """

    kind: TaskKind
    levels: Sequence[int]
    ask: str
    prompt: str
    hints: Sequence[str]
    solution: str
    right: float | None = None
    noise: float = 0.0
    explanations: Sequence[Explanation] = ()
    sides: Sides | None = None


class StepQuestions(msgspec.Struct, frozen=True, array_like=True):
    """What is asked of a step, in order; `heads` is what is said before, for each of `LEVELS` but the last.

    A number in place of a line is the place of that line among those of the step, which is the same but for its label.
    """

    questions: Sequence[PageQuestion]
    heads: Sequence[Sequence[int | ShownLine]]


def level_words() -> Mapping[str, str]:
    """Say of each of `LEVELS` what is asked at it."""
    return {level: CHOICE_WORDS[level] for level in LEVELS}


class PageQuestions:
    """What is asked along a walk; `digits` are those of the lines of its steps."""

    def __init__(self, trace: Trace, digits: int = 0) -> None:
        self._trace = trace
        self._digits = digits
        self._results = _result_steps(trace)
        self._nearby = NearbyRuns(trace)
        self._has_corner = _has_corner(trace)

    def of_step(self, step: int, lines: Sequence[ShownLine]) -> StepQuestions | None:
        """Ask for a step, whose own lines are `lines`; None where nothing is asked."""
        asked = {
            level: questions_of(self._trace, step, level) if level is not Level.RESULT or step in self._results else ()
            for level in LEVELS
        }
        questions: dict[TaskKind, Question] = {question.kind: question for each in asked.values() for question in each}
        if not questions:
            return None
        kinds = {level: [question.kind for question in each] for level, each in asked.items()}
        return StepQuestions(
            [
                self._question(question, [place for place, level in enumerate(LEVELS) if kind in kinds[level]])
                for kind, question in questions.items()
            ],
            [self._head(AskedStep(step, level, asked[level]), lines) for level in LEVELS[:-1]],
        )

    def _head(self, asked: AskedStep, lines: Sequence[ShownLine]) -> list[int | ShownLine]:
        places = {tuple(pieces): place for place, (_, pieces) in enumerate(lines)}
        said = shown_lines(asked_lines(self._trace, asked, (), self._digits))
        return [places.get(tuple(head[1]), head) for head in said]

    def _question(self, question: Question, levels: Sequence[int]) -> PageQuestion:
        total, right, noise = self._trace.total, float(question.exact), self._nearby.noise(question)
        return PageQuestion(
            kind=question.kind,
            levels=levels,
            ask=question.ask,
            prompt=question.prompt,
            hints=question.hints if total <= MOST_HINTED else (),
            solution=question.solution,
            right=None if right == question.right else right,
            noise=noise if noise > _CLOSE * abs(right) else 0.0,
            explanations=_explanations(question) if total <= MOST_EXPLAINED_AT_ALL else (),
            sides=sides(question) if question.kind is not TaskKind.VALUE and self._has_corner else None,
        )


def _result_steps(trace: Trace) -> set[int]:
    """Return the steps that complete a result: the value of the output, and the gradient of each input."""
    steps: set[int] = set()
    result = next_result(trace, 0)
    while result is not None:
        steps.add(result)
        result = next_result(trace, result)
    return steps


def _has_corner(trace: Trace) -> bool:
    """Say whether a step of a walk stands at a corner, such as relu at 0."""
    numbers = (number for segment in trace.segments for number in range(segment.first, segment.last + 1))
    factors = (trace.step(number).factor for number in numbers if trace.phase(number) is Phase.BACKWARD)
    return any(factor is not None and factor.corner is not None for factor in factors)


def _explanations(question: Question) -> list[Explanation]:
    at_step_alone = question.trace.total > MOST_EXPLAINED
    most = _MOST_NUMBERS_OF_STEP if at_step_alone else _MOST_NUMBERS
    return [
        (number, [finding.sentence for finding in findings])
        for number, findings in mistaken_numbers(question, most, at_step_alone=at_step_alone)
    ]
