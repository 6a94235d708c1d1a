"""`AskingAll`: predict mode of whoever presents a lecture. Everybody is asked; a bar says what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...engine.study.attempt import Attempt
from ...engine.study.level import FADING, Level
from ...engine.study.predicting import AskedStep
from ..bindings import with_keys
from ..lecture.messages import Asked, Tally
from ..walk.moment import Moment
from ..walk.stage import Stage
from ..words.lines import Line, line
from ..words.study import CHOICE_WORDS, GO_ON, asked_lines
from ..words.tally import ASKING, ASKING_AGAIN, SHOWS, tally_lines, whole_walk_lines
from .predict_mode import PredictMode

if TYPE_CHECKING:
    from ..walk.panel_pane import PanelPane


def new_question(after: int = 0) -> int:
    """Return a number for a question, larger than any before: milliseconds, so that it is one on any machine."""
    return max(time.time_ns() // 1_000_000, after + 1)


def room_choice(choice: str) -> str:
    """Return how much everybody is asked, for what somebody chose: fading is about one person, so it is each step."""
    return Level.STEP if choice == FADING else choice


class AskingAll(PredictMode):
    """The questions of one walk, which those who follow answer.

    In the place of the field stands what has come of their answers. To go on shows the step, to everybody.
    """

    def __init__(self, stage: Stage, pane: PanelPane) -> None:
        super().__init__(stage, pane)
        self._questions: dict[int, int] = {}
        """The question that a step was asked by, until it is asked anew."""
        self._latest = 0
        self._tallies: dict[int, Tally] = {}
        """What came of each question of this walk."""
        self._told: AskedStep | None = None
        """The step whose answers are told above it."""
        self._said: list[Line] = []
        self._at_end = False

    # ---- on and off

    def words(self, choice: str, *, again: bool = False) -> str:
        """Say that everybody is asked, and how much."""
        return f"{ASKING_AGAIN if again else ASKING}{CHOICE_WORDS[room_choice(choice)]}."

    def next_choice(self, choice: str) -> str:
        """Return the choice that asks for more."""
        levels = [*Level]
        return levels[(levels.index(Level(room_choice(choice))) + 1) % len(levels)]

    def begun(self, choice: str) -> Moment:
        """Return the moment with predicting on."""
        self._tallies.clear()
        return super().begun(room_choice(choice))

    def at_level(self, choice: str) -> Moment:
        """Return the moment with another choice of how much is asked."""
        return super().at_level(room_choice(choice))

    # ---- moving

    def forward(self, target: Moment, *, at_once: bool = False) -> Moment:
        """Return the moment that follows: the step that is asked for is shown, or the next one asked for."""
        asked, before = self._asked, self._stage.moment
        if asked is None or not before.is_asked or (at_once and target.cursor != asked.step):
            self._told = None
            return super().forward(target, at_once=at_once)
        prediction = before.prediction
        self._count(prediction.seen if prediction is not None else before.cursor, asked.step - 1)
        moment = target.at(asked.step).seen()
        self._asked, self._told = None, asked
        self._tell(moment, [])
        return moment

    # ---- the lecture

    @property
    def asked(self) -> Asked | None:
        """The step that everybody is asked for."""
        asked = self._asked
        if asked is None or not self._stage.moment.is_asked:
            return None
        return Asked(self._question(asked), asked.step, asked.level.value)

    def counted(self, tally: Tally) -> None:
        """Show what has come of a question, where it is one of this walk."""
        if tally.question not in self._questions.values():
            return
        self._tallies[tally.question] = tally
        about = self._asked or self._told
        if about is not None and self._question(about) == tally.question:
            self._draw()

    def take_keys(self) -> None:
        """Leave the keys to the graph: there is no field."""
        self._stage.take_keys()

    # ---- what it shows

    def _put(self, asked: AskedStep, attempt: Attempt) -> None:
        self._told, self._told_at = None, -1
        self._question(asked)
        self._pane.cover(True)
        self.box.display = True
        self._draw()

    def _tell(self, moment: Moment, lines: list[Line]) -> None:
        self._told_at = moment.cursor
        self.box.display = True
        self._pane.cover(False)
        self._said = [] if self._told is not None else lines
        self._at_end = moment.at_end
        self._draw()

    def _hide(self) -> None:
        self._told = None
        super()._hide()

    def _forget(self) -> None:
        self._questions.clear()
        super()._forget()

    def _question(self, asked: AskedStep) -> int:
        if asked.step not in self._questions:
            self._latest = new_question(self._latest)
            self._questions[asked.step] = self._latest
        return self._questions[asked.step]

    def _draw(self) -> None:
        asked = self._asked
        if asked is not None:
            self.box.tell(self._asked_lines(asked), whole=True)
        else:
            self.box.tell(self._told_lines(self._told, self._said, at_end=self._at_end))

    def _asked_lines(self, asked: AskedStep) -> Callable[[int], list[Line]]:
        """Say what is asked, and what has come of it so far."""
        moment, screen = self._stage.moment, self._stage.screen
        above = asked_lines(moment.trace, asked, [], moment.digits)
        prompts = [line((asked.questions[0].prompt, "name"))] if len(asked.questions) == 1 else []
        below = line((with_keys(SHOWS, screen), "label"))
        tally = self._tallies.get(self._question(asked))
        asks = [question.ask for question in asked.questions]
        return lambda width: [*above, *prompts, *tally_lines(asks, tally, width), below]

    def _told_lines(self, asked: AskedStep | None, said: list[Line], *, at_end: bool) -> Callable[[int], list[Line]]:
        """Say what came of the answers to the step on show; at the end of the walk, what came of them all."""
        below = whole_walk_lines(self._tallies.values()) if at_end else []
        on = [] if at_end else [line((with_keys(GO_ON, self._stage.screen), "label"))]
        tally = self._tallies.get(self._question(asked)) if asked is not None else None
        asks = [question.ask for question in asked.questions] if asked is not None else []
        return lambda width: [*said, *(tally_lines(asks, tally, width) if asks else []), *below, *on]
