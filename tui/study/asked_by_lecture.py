"""`AskedByLecture`: predict mode of whoever follows a lecture: asked what everybody is, and shown it with everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...engine.study.attempt import Attempt, Outcome
from ...engine.study.level import Level
from ...engine.study.predicting import AskedStep, questions_of
from ..bindings import with_keys
from ..lecture.messages import Answered, Asked, Came
from ..messages import StepAnswered
from ..walk.moment import Moment, Prediction
from ..walk.stage import Stage
from ..words.lines import Line, line
from ..words.study import asked_lines, closed_lines, found_line
from ..words.tally import WAITING
from .predict_mode import PredictMode

if TYPE_CHECKING:
    from ..walk.panel_pane import PanelPane

_CAME: dict[Outcome, Came] = {
    Outcome.RIGHT: "right",
    Outcome.HELPED: "helped",
    Outcome.WRONG: "wrong",
    Outcome.OPEN: "wrong",
    Outcome.SKIPPED: "skipped",
}


def answered(question: int, part: int, attempt: Attempt) -> Answered | None:
    """Return what came so far of an attempt at a part of what everybody is asked; None where nothing was answered.

    An answer that was shown before there was a try of one's own is none.
    """
    if attempt.is_open and not attempt.verdicts:
        return None
    first = attempt.verdicts[0] if attempt.verdicts else None
    mistakes = first.findings[0].mistakes[:2] if first is not None and not first.right and first.findings else ()
    return Answered(question, part, _CAME[attempt.outcome] if attempt.verdicts else "skipped", mistakes)


class AskedByLecture(PredictMode):
    """The questions of one walk, of the learner's own or of the lecture.

    What the lecture asks is shown when the lecture goes on, whether it was answered or not.
    """

    def __init__(self, stage: Stage, pane: PanelPane) -> None:
        super().__init__(stage, pane)
        self._lecture: Asked | None = None
        """What everybody is asked for now."""
        self._question = 0
        """That of the latest step that everybody was asked for; the attempts are at its parts."""
        self._sent: dict[int, Answered] = {}

    def introduce(self) -> None:
        """Say nothing: it is the presenter who predicts."""

    # ---- the lecture

    def led(self, moment: Moment, asked: Asked | None) -> Moment:
        """Return the moment of a lecture, with the step that everybody is asked for, or what came of it."""
        step = _step_of(moment, asked) if asked is not None else None
        if asked is None or step is None:
            return self._shown_by_lecture(moment)
        prediction = moment.prediction or Prediction(step.level.value, moment.cursor)
        moment = replace(moment, prediction=replace(prediction, asked=step.step), zoomed="", playing=False)
        is_on_show = self._lecture is not None and self._asked == step and self._question == asked.question
        self._lecture, self._asked = asked, step
        if is_on_show:
            return moment
        if asked.question != self._question:
            self._question = asked.question
            self._attempts.clear()
            self._sent.clear()
        self._go_on_asking(step, moment)
        return moment

    def alone(self) -> None:
        """Ask on for oneself; what was answered already is shown."""
        was_led, self._lecture = self._lecture is not None, None
        asked, moment = self._asked, self._stage.moment
        if was_led and asked is not None and moment.is_asked and self._next(asked) is None:
            self._asked = None
            shown = moment.at(asked.step).seen()
            self._tell(shown, self._came_lines(asked))
            self._stage.take_keys()
            self._stage.moment = shown

    def _shown_by_lecture(self, moment: Moment) -> Moment:
        moment = _not_asked(moment)
        asked, was_led = self._asked, self._lecture is not None
        self._lecture = None
        if asked is not None and was_led and moment.cursor == asked.step:
            self._give_up()
            lines = self._came_lines(asked)
            self._hide()
            self._told_at = moment.cursor
            self.box.display = True
            self.box.tell(lines)
        elif self.box.display and moment.cursor != self._told_at:
            self._give_up()
            self._hide()
        return moment

    # ---- moving and answering

    def forward(self, target: Moment, *, at_once: bool = False) -> Moment:
        """Return the moment that follows: while the lecture asks, the same one, with the keys in the answer."""
        if self._lecture is None or not self._stage.moment.is_asked:
            return super().forward(target, at_once=at_once)
        if self.box.attempt is not None and self.box.attempt.is_open:
            self.box.take_keys()
        else:
            self._stage.say(WAITING)
        return self._stage.moment.played(False)

    def changed(self, attempt: Attempt) -> None:
        """Tell the lecture what came of a question; wait with it when all are answered."""
        asked, lecture = self._asked, self._lecture
        if asked is None or lecture is None:
            super().changed(attempt)
            return
        self._attempts[asked.step, attempt.task.kind] = attempt
        part = [question.kind for question in asked.questions].index(attempt.task.kind)
        said = answered(lecture.question, part, attempt)
        if said is not None and said != self._sent.get(part):
            self._sent[part] = said
            self._stage.post_message(StepAnswered(said))
        if not attempt.is_open:
            self._close(attempt)
            self._go_on_asking(asked, self._stage.moment)

    def _go_on_asking(self, asked: AskedStep, moment: Moment) -> None:
        """Ask for the next part, or say that there is none, and wait."""
        following = self._next(asked)
        if following is not None:
            self._put(asked, following)
            return
        self._told_at = -1
        self._pane.cover(True)
        self.box.display = True
        above = asked_lines(moment.trace, asked, [], moment.digits)
        self._stage.take_keys()  # first, since keys are named that work then
        waiting = with_keys(WAITING, self._stage.screen)
        self.box.tell([*above, *self._came_lines(asked), Line(), line((waiting, "label"))], whole=True)

    def _came_lines(self, asked: AskedStep) -> list[Line]:
        """Say what came of each part of a step; where there was no right answer, the answer."""
        attempts = [self._attempts.get((asked.step, each.kind)) or Attempt(each) for each in asked.questions]
        closed = [
            each
            if each.outcome in (Outcome.RIGHT, Outcome.HELPED)
            else replace(each, solution_shown=True, is_skipped=False)
            for each in attempts
        ]
        return closed_lines(closed[0]) if len(closed) == 1 else [found_line(attempt) for attempt in closed]


def _not_asked(moment: Moment) -> Moment:
    """Return the moment with no step asked for."""
    prediction = moment.prediction
    return moment if prediction is None else replace(moment, prediction=replace(prediction, asked=0))


def _step_of(moment: Moment, asked: Asked) -> AskedStep | None:
    """Return the step that is asked for, with its questions; None where this walk has no such step, or none of them."""
    trace = moment.trace
    if asked.level not in [*Level] or not moment.cursor < asked.step <= trace.total:
        return None
    level = Level(asked.level)
    questions = questions_of(trace, asked.step, level)
    return AskedStep(asked.step, level, questions) if questions else None
