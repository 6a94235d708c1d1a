"""`ArrayPredictMode`: asks for the steps of a walk of arrays before they are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from textual.screen import Screen

from ...engine.lens.array_task import ArrayTask
from ...engine.study.attempt import Attempt
from ...engine.study.tally import Tally
from ..bindings import with_keys
from ..walk.arrays.moment import ArrayMoment, ArrayPrediction
from ..words.array_study import ANSWERS, NO_ANSWER_ARRAYS, PLACEHOLDERS, PREDICT_ON, asked_lines, told_lines
from ..words.lines import Line, line
from ..words.study import closed_lines
from .question_box import QuestionBox

_MOST_AT_ONCE = 1000
"""Steps that are shown at once, at most, while none of them has a question."""


class ArrayQuestionBox(QuestionBox):
    """A question about an array: its shape, its rule, or an entry."""

    HELP = f"""\
{ANSWERS} Any form of the right rule is right. Hints come little by little; after the last one comes the answer."""
    NO_ANSWER = NO_ANSWER_ARRAYS

    def _draw(self) -> None:
        super()._draw()
        task = self.attempt.task if self.attempt is not None else None
        if self._has_parts and isinstance(task, ArrayTask):
            self.field.placeholder = PLACEHOLDERS[task.asks]


class ArrayPredictMode:
    """The questions of one walk of arrays, and what came of them; the moment knows which step is asked for.

    `take_keys` gives the keys back to the list of arrays. The box is part of the `screen`, which mounts it.
    """

    def __init__(self, screen: Screen[Any], take_keys: Callable[[], None]) -> None:
        self._screen = screen
        self._take_keys = take_keys
        self._attempts: dict[int, Attempt] = {}
        self._told_at = -1
        """The cursor at which the box tells what came of a question; -1 where it tells nothing."""
        self.tally = Tally()
        self.not_asked = 0
        """How many steps were shown without being asked for."""
        self.box = ArrayQuestionBox(id="question")
        self.box.display = False

    # ---- on and off

    def begun(self, moment: ArrayMoment) -> ArrayMoment:
        """Return the moment with predicting on: what was shown so far was seen; at the end it begins at the start."""
        self._attempts.clear()
        self.tally, self.not_asked = Tally(), 0
        self._hide()
        if moment.at_end:
            moment = moment.at(0)
        self._put_told(moment, [line((PREDICT_ON, "label"))])
        return replace(moment.played(False), prediction=ArrayPrediction(moment.cursor))

    def resumed(self, moment: ArrayMoment) -> ArrayMoment:
        """Return the moment with predicting on as it was left: what was seen then is not asked for again."""
        self._put_told(moment, [line((PREDICT_ON, "label"))])
        return moment.seen()

    def ended(self, moment: ArrayMoment) -> ArrayMoment:
        """Return the moment with predicting off."""
        self._hide()
        return replace(moment, prediction=None)

    # ---- moving

    def forward(self, target: ArrayMoment) -> ArrayMoment:
        """Return the moment that follows where somebody goes forward to `target`, a step that was not seen yet.

        What was seen is shown first. The first step that has a question is asked for; others are shown.
        """
        prediction = target.prediction
        assert prediction is not None, "nobody predicts"
        walk, seen = target.walk, prediction.seen
        for step in range(seen + 1, min(target.cursor, seen + _MOST_AT_ONCE) + 1):
            attempt = self._attempts.get(step) or _attempt(target, step)
            if attempt is not None and attempt.is_open:
                self._put(step, attempt, target)
                return replace(
                    target.at(step - 1), prediction=ArrayPrediction(step - 1, step), zoomed="", playing=False
                )
            self.not_asked += attempt is None
        return self._shown(target.at(min(target.cursor, walk.total)))

    def passing(self, target: ArrayMoment) -> ArrayMoment:
        """Return the moment that follows where somebody goes back, or elsewhere: past steps that are not asked for."""
        prediction = target.prediction
        if prediction is not None:
            self.not_asked += max(0, target.cursor - prediction.seen)
        self._hide()
        return self._shown(target)

    def follow(self, moment: ArrayMoment) -> None:
        """Take away what was told of a question when the walk goes on."""
        if self._told_at >= 0 and moment.cursor != self._told_at:
            self._hide()

    # ---- answering

    def changed(self, moment: ArrayMoment, attempt: Attempt) -> ArrayMoment:
        """Return the moment that follows what was done about the question: it is shown when it is closed."""
        step = moment.prediction.asked if moment.prediction is not None else 0
        if not step:
            return moment
        self._attempts[step] = attempt
        if attempt.is_open:
            return moment
        self.tally = self.tally.with_attempt(attempt)
        following = moment.at(step).seen()
        self._take_keys()  # before the keys are named that go on: in the answer they do something else
        self._tell(following, closed_lines(attempt))
        return following

    def take_keys(self) -> None:
        """Let what is typed go into the answer."""
        self.box.take_keys()

    def _put(self, step: int, attempt: Attempt, moment: ArrayMoment) -> None:
        self._told_at = -1
        self.box.display = True
        if self.box.attempt is not attempt:
            self.box.ask(attempt, asked_lines(moment.walk, step))
        else:
            self.box.take_keys()

    def _shown(self, moment: ArrayMoment) -> ArrayMoment:
        before = moment.prediction
        seen = moment.seen()
        if moment.at_end and before is not None and before.seen < moment.walk.total:
            self._tell(seen, [])
        return seen

    def _tell(self, moment: ArrayMoment, lines: list[Line]) -> None:
        """Tell what came of a question, above the step; at the end of the walk, what came of all."""
        self._put_told(moment, told_lines(lines, self.tally, self.not_asked, at_end=moment.at_end))

    def _put_told(self, moment: ArrayMoment, lines: list[Line]) -> None:
        self._told_at = moment.cursor
        self.box.display = True
        self.box.tell([_with_keys(said, self._screen) for said in lines])

    def _hide(self) -> None:
        self._told_at = -1
        self.box.display = False
        self._take_keys()


def _with_keys(said: Line, screen: Screen[Any]) -> Line:
    """Put the keys that work on a screen into a line."""
    return replace(said, pieces=tuple((with_keys(text, screen), style) for text, style in said.pieces))


def _attempt(moment: ArrayMoment, step: int) -> Attempt | None:
    task = ArrayTask.at(moment.walk, step)
    return Attempt(task) if task is not None else None
