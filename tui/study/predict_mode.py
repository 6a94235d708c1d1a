"""`PredictMode`: asks for the steps of a walk before they are shown. It leads from a moment to the next one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from ...engine.study.attempt import Attempt
from ...engine.study.level import CHOICES, Level
from ...engine.study.predicting import AskedStep, Levels, next_asked, skill_of_step
from ...engine.study.tally import Tally
from ...engine.study.task import TaskKind
from ..bindings import with_keys
from ..walk.moment import Moment, Prediction
from ..walk.stage import Stage
from ..words.lines import Line, line
from ..words.study import EXAMPLE, GO_ON, asked_lines, closed_lines, predicting_words, tally_lines
from .question_box import QuestionBox
from .together import Together

if TYPE_CHECKING:
    from ..walk.panel_pane import PanelPane

_MOST_AT_ONCE = 1000
"""Steps that are shown at once, at most, while none of them has a question."""


class PredictingStage(Stage, Protocol):
    """A walk on show that can ask for its steps."""

    @property
    def predict_mode(self) -> PredictMode:
        """What asks."""
        ...


class PredictMode(Together):
    """The questions of one walk, and what came of them; the moment knows which step is asked for, and this the rest.

    The question stands in the place of the panel beside the graph. When it is answered the step is shown there as
    always, below what came of the question; at the end of the walk it is what came of them all.
    """

    def __init__(self, stage: Stage, pane: PanelPane) -> None:
        self._stage = stage
        self._pane = pane
        self._attempts: dict[tuple[int, TaskKind], Attempt] = {}
        self._asked: AskedStep | None = None
        self._told_at = -1
        """The cursor at which the box tells what came of a question; -1 where it tells nothing."""
        self.tally = Tally()
        self.not_asked = 0
        """How many steps were shown without being asked for."""
        self.box = QuestionBox(id="question")
        self.box.display = False
        pane.put_above(self.box)

    # ---- on and off

    def words(self, choice: str, *, again: bool = False) -> str:
        """Say that steps are asked for, and how much of each."""
        return predicting_words(choice, again=again)

    def next_choice(self, choice: str) -> str:
        """Return the choice that asks for more; after the one that asks most, the first."""
        return CHOICES[(CHOICES.index(choice) + 1) % len(CHOICES)]

    def begun(self, choice: str) -> Moment:
        """Return the moment with predicting on: what was shown so far was seen; at the end it begins at the start."""
        moment = self._stage.moment.played(False)
        self._forget()
        self.tally, self.not_asked = Tally(), 0
        if moment.at_end:
            moment = moment.at(0)
        return replace(moment, prediction=Prediction(choice, moment.cursor))

    def introduce(self) -> None:
        """Tell that steps are asked for and how much of each, above what the walk begins with."""
        moment = self._stage.moment
        if moment.prediction is not None:
            words = with_keys(self.words(moment.prediction.choice), self._stage.screen)
            self._put_told(moment, [line((words, "label"))])

    def ended(self) -> Moment:
        """Return the moment with predicting off."""
        self._give_up()
        self._hide()
        return replace(self._stage.moment, prediction=None)

    def at_level(self, choice: str) -> Moment:
        """Return the moment with another choice of how much is asked; an open question is asked anew from there."""
        moment = self._stage.moment
        self._give_up()
        self._forget()
        prediction = moment.prediction or Prediction(choice, moment.cursor)
        return replace(moment, prediction=replace(prediction, choice=choice, asked=0))

    def anew(self, moment: Moment) -> Moment:
        """Return the moment of another walk that takes the place of this one: no more than its step was seen."""
        self._forget()
        prediction = moment.prediction
        return (
            moment if prediction is None else replace(moment, prediction=Prediction(prediction.choice, moment.cursor))
        )

    # ---- moving

    def forward(self, target: Moment, *, at_once: bool = False) -> Moment:
        """Return the moment that follows where somebody goes forward to `target`, a step that was not seen yet.

        What was seen is shown first. A step that has a question is asked for; others are shown. `at_once` shows all
        that lies before the target, too, and asks for that step alone.
        """
        prediction = target.prediction
        assert prediction is not None, "nobody predicts"
        trace, seen = target.trace, prediction.seen
        if at_once and target.cursor - 1 > seen:
            self._count(seen, target.cursor - 1)
            seen = target.cursor - 1
        levels = Levels(prediction.choice, self._stage.session.progress.level)
        is_example = False
        for _ in range(_MOST_AT_ONCE):
            asked = next_asked(trace, seen, levels, self._stage.last_step)
            if asked.questions:
                return self._ask(target, asked, seen)
            shown = target.cursor if asked.level is Level.WORKED_EXAMPLE else asked.step
            is_example = self._show_example(target, asked)
            self._count(seen, shown)
            seen = shown
            if seen >= target.cursor:
                break
        return self._shown(target.at(seen), is_example=is_example)

    def passing(self, target: Moment) -> Moment:
        """Return the moment that follows where somebody goes back, or elsewhere: past steps that are not asked for."""
        before = self._stage.moment.prediction
        if before is not None and target.cursor > before.seen:
            self._count(before.seen, target.cursor)
            if before.asked and target.cursor >= before.asked:
                self._give_up()
        self._hide()
        return self._shown(target)

    def follow(self, moment: Moment) -> None:
        """Take away what was told of a question when the walk goes on."""
        if self._told_at >= 0 and moment.cursor != self._told_at:
            self._hide()

    def dismiss(self) -> None:
        """Take away what is told, so that the panel is seen."""
        if self._told_at >= 0:
            self._hide()

    # ---- answering

    def changed(self, attempt: Attempt) -> None:
        """Go on with the next question of the step, or show it, when one is closed; it is remembered then."""
        asked = self._asked
        if asked is None:
            return
        self._attempts[asked.step, attempt.task.kind] = attempt
        if attempt.is_open:
            return
        self._close(attempt)
        following = self._next(asked)
        if following is not None:
            self._put(asked, following)
            return
        self._asked = None
        stage = self._stage
        before = stage.moment
        seen = before.prediction.seen if before.prediction is not None else 0
        self._count(seen, asked.step - 1)
        moment = before.at(asked.step).seen()
        stage.take_keys()  # first, since what is told names keys that work then
        self._tell(moment, closed_lines(attempt))
        stage.moment = moment

    def take_keys(self) -> None:
        """Let what is typed go into the answer."""
        self.box.take_keys()

    # ---- what they share

    def _ask(self, target: Moment, asked: AskedStep, seen: int) -> Moment:
        self._asked = asked
        following = self._next(asked)
        prediction = target.prediction
        assert prediction is not None and following is not None, "it has a question that is open"
        self._put(asked, following)
        prediction = replace(prediction, seen=seen, asked=asked.step)
        return replace(target.at(seen), prediction=prediction, zoomed="", playing=False)

    def _next(self, asked: AskedStep) -> Attempt | None:
        """Return the first attempt at a question of the step that is open."""
        for question in asked.questions:
            attempt = self._attempts.get((asked.step, question.kind)) or Attempt(question)
            if attempt.is_open:
                return attempt
        return None

    def _put(self, asked: AskedStep, attempt: Attempt) -> None:
        """Show a question."""
        stage = self._stage
        attempts = (self._attempts.get((asked.step, question.kind)) for question in asked.questions)
        done = [other for other in attempts if other is not None and not other.is_open]
        lines = asked_lines(stage.moment.trace, asked, done, stage.moment.digits)
        self._told_at = -1
        self.box.display = True
        self._pane.cover(True)
        self.box.ask(attempt, lines)

    def _shown(self, moment: Moment, *, is_example: bool = False) -> Moment:
        """Return the moment with its steps seen; an example is called one, and at the end is told what came of all."""
        before = self._stage.moment.prediction
        moment = moment.seen()
        if moment.at_end and before is not None and before.seen < moment.trace.total:
            self._tell(moment, [])
        elif is_example:
            self._tell(moment, [line((EXAMPLE, "label"))])
        return moment

    def _tell(self, moment: Moment, lines: list[Line]) -> None:
        """Tell what came of a question, above the step; at the end of the walk, what came of all."""
        screen = self._stage.screen
        if moment.at_end:
            lines = [*lines, Line()] if lines else []
            told = tally_lines(self.tally, self.not_asked)
            lines += [replace(one, pieces=tuple((with_keys(text, screen), style) for text, style in one.pieces))
                      for one in told]  # fmt: skip
        else:
            last = lines[-1]
            lines = [*lines[:-1], replace(last, pieces=(*last.pieces, (f"   {with_keys(GO_ON, screen)}", "label")))]
        self._put_told(moment, lines)

    def _put_told(self, moment: Moment, lines: list[Line]) -> None:
        self._told_at = moment.cursor
        self.box.display = True
        self._pane.cover(moment.at_end)
        self.box.tell(lines, whole=moment.at_end)

    def _close(self, attempt: Attempt) -> None:
        """Count and remember what came of a question."""
        self.tally = self.tally.with_attempt(attempt)
        stage = self._stage
        stage.say(stage.session.progress.note(attempt, f"walk {stage.opened.scenario.name}"))

    def _give_up(self) -> None:
        """Close the question that is asked, where something was done about it: it is passed over."""
        asked = self._asked
        attempt = self._next(asked) if asked is not None else None
        if asked is not None and attempt is not None and (attempt.verdicts or attempt.hints_shown):
            given_up = attempt.skipped()
            self._attempts[asked.step, given_up.task.kind] = given_up
            self._close(given_up)

    def _count(self, first: int, last: int) -> None:
        """Count steps, those after `first` up to `last`, that are shown without having been asked for."""
        self.not_asked += max(0, last - first)

    def _show_example(self, moment: Moment, asked: AskedStep) -> bool:
        """Remember that a step was shown as a worked example, where that is what its rule needs; say whether it was."""
        choice = moment.prediction.choice if moment.prediction is not None else ""
        skill = skill_of_step(moment.trace, asked.step)
        is_example = asked.level is Level.WORKED_EXAMPLE and bool(skill) and choice != Level.WORKED_EXAMPLE
        if is_example:
            self._stage.say(self._stage.session.progress.show([skill], f"walk {self._stage.opened.scenario.name}"))
        return is_example

    def _forget(self) -> None:
        self._attempts.clear()
        self._hide()

    def _hide(self) -> None:
        self._asked = None
        self._told_at = -1
        self.box.display = False
        self._pane.cover(False)
        self._stage.take_keys()
