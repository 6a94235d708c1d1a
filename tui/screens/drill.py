"""`DrillScreen`: a round of random exercises, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.app import ComposeResult
from textual.binding import Binding

from ...engine.study.drill import Drill
from ...engine.study.drill_round import DrillRound
from ..bindings import with_keys
from ..messages import WalkLeft, WalkOpened
from ..progress.progress import Progress
from ..study.question_box import QUESTION_KEYS, QuestionBox, SnugLines
from ..walk.moment import Moment
from ..walk.opened import open_walk
from ..widgets.key_bar import KeyBar
from ..widgets.lines import LinesView
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..words.drill import exercise_lines, over_lines, round_words
from ..words.lines import Line, line
from .full_window import FullWindow

AFTER = "{drill.next} goes on · {drill.walk} opens the walk of this function, to see why"
"""What stands below an exercise that was done."""

OVER = "{drill.again} begins another round · {drill.leave} leads to the library"
"""What stands below what came of a round."""


class DrillScreen(FullWindow[None]):
    """A round of exercises. `DrillRound` is all its state; what is drawn follows that."""

    AUTO_FOCUS = ""
    HELP = """\
A drill asks about small functions, drawn at random: each time for one thing that can be worked out by hand in a \
minute or two. What is known besides the function is given with it.

The exercises are mixed, and half of them are aimed at what went wrong before, or is due again. When one is done, its \
function can be opened as a walk, which shows every step; leaving that comes back here."""
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("enter", "next", "Next", tooltip="Go on to the next exercise", id="drill.next", key_display="⏎"),
        Binding("w", "walk", "Walk", tooltip="Open the walk of this function, to see why", id="drill.walk"),
        Binding("slash,a", "answer", "Answer", tooltip="Give the keys to the line for the answer", id="drill.answer",
                key_display="/"),
        Binding("r", "again", "Again", tooltip="Begin another round", id="drill.again"),
        Binding("shift+down,J", "scroll_lines(1)", "Scroll", tooltip="Scroll the text down", id="drill.scroll-down",
                key_display="J"),
        Binding("shift+up,K", "scroll_lines(-1)", "Scroll up", tooltip="Scroll the text up", id="drill.scroll-up",
                key_display="K"),
        Binding("escape", "leave", "End", tooltip="End the round; or back to the library", id="drill.leave",
                key_display="esc"),
    ]  # fmt: skip
    IMPORTANT_KEYS = (
        *QUESTION_KEYS, "drill.next", "drill.walk", "drill.answer", "drill.again", "drill.leave", "app.quit",
        "app.theme",
    )  # fmt: skip
    """What the key bar shows, as far as there is room."""
    DEFAULT_CSS = """
    DrillScreen {
        #round { height: 1; padding: 0 1; }
        #exercise { max-height: 50%; padding: 0 1; margin: 1 0; }
        QuestionBox { padding: 0 1; }
        #next { height: 2; padding: 0 1; }
        &.-over #exercise { max-height: 80%; }
        &.-over QuestionBox { display: none; }
        &.-short #exercise, &.-short #next { margin: 0; }
    }
    """

    def __init__(self, next_drill: Callable[[], Drill], progress: Progress, classes: str | None = None) -> None:
        """Begin the first of the drills that `next_drill` makes; each is a round."""
        super().__init__(classes=classes)
        self.round = DrillRound.of(next_drill())
        self._progress = progress
        self._next_drill = next_drill

    def compose(self) -> ComposeResult:
        """Lay out where the round is, the exercise, and the question."""
        yield TitleBar("drill")
        yield LinesView(id="round")
        yield SnugLines(id="exercise")
        yield QuestionBox()
        yield LinesView(id="next")
        yield TooSmall()
        yield KeyBar(self.IMPORTANT_KEYS)

    def on_mount(self) -> None:
        """Ask for the first exercise."""
        self._ask()

    def on_resize(self) -> None:
        """Give the answer its keys back: a field that a small window hides loses them."""
        if self.round.attempt.is_open and not self.round.is_over:
            self.call_after_refresh(self.box.take_keys)

    @property
    def box(self) -> QuestionBox:
        """The question."""
        return self.query_one(QuestionBox)

    # ---- what is answered

    def on_question_box_changed(self, event: QuestionBox.Changed) -> None:
        """Remember what came of the exercise, at once."""
        self.round = self.round.with_attempt(event.attempt)
        if not event.attempt.is_open:
            self.notify_problem(self._progress.note(event.attempt, "drill"))
            self.set_focus(None)
        self._draw()

    def on_question_box_left(self, event: QuestionBox.Left) -> None:
        """Give the keys to the screen."""
        self.set_focus(None)
        self._draw()

    def notify_problem(self, problem: str) -> None:
        """Say why something is not remembered."""
        if problem:
            self.notify(problem, severity="warning", markup=False)

    # ---- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done now."""
        is_open = self.round.attempt.is_open
        match action:
            case "next" | "walk":
                return not (is_open or self.round.is_over)
            case "answer":
                return is_open and not self.round.is_over and not self.box.has_keys
            case "again":
                return self.round.is_over
            case _:
                return True

    def action_next(self) -> None:
        """Go on to the next exercise, or to what came of the round."""
        self.round = self.round.next()
        self._ask()

    def action_answer(self) -> None:
        """Give the keys to the line for the answer."""
        self.box.take_keys()

    def action_walk(self) -> None:
        """Open the walk of the exercise's function at the step that shows the answer."""
        exercise = self.round.exercise
        opened = open_walk(exercise.scenario(f"drill {self.round.drill.seed}.{self.round.number}"))
        self.post_message(WalkOpened(self, replace(opened, moment=Moment(opened.trace).at(exercise.step))))

    def action_again(self) -> None:
        """Begin another round."""
        self.round = DrillRound.of(self._next_drill())
        self._ask()

    def action_leave(self) -> None:
        """End the round; or leave."""
        given_up = self.round.given_up()
        if given_up is not None:
            self.round = self.round.with_attempt(given_up)
            self.notify_problem(self._progress.note(given_up, "drill"))
        if self.round.is_over or not self.round.tally.attempts:
            self.post_message(WalkLeft(self))
            return
        self.round = self.round.ended()
        self._ask()

    def action_scroll_lines(self, rows: int) -> None:
        """Scroll what is said."""
        if self.round.is_over:
            self.query_one("#exercise", LinesView).scroll_relative(y=rows, animate=False)
        else:
            self.box.scroll_text(rows)

    # ---- drawing

    def _ask(self) -> None:
        """Show another exercise, or what came of all."""
        self.set_class(self.round.is_over, "-over")
        if self.round.is_over:
            self.set_focus(None)
        else:
            self.box.ask(self.round.attempt)
        self._draw()

    def _draw(self) -> None:
        self.query_one("#round", LinesView).show(lambda width: [line((round_words(self.round), "label"))])
        self.query_one("#exercise", LinesView).show(lambda width: self._lines())
        self.query_one("#next", LinesView).show(lambda width: self._next_lines())
        self.refresh_bindings()

    def _lines(self) -> list[Line]:
        return over_lines(self.round) if self.round.is_over else exercise_lines(self.round.exercise)

    def _next_lines(self) -> list[Line]:
        if self.round.is_over:
            return [line((with_keys(OVER, self), "label"))]
        return [] if self.round.attempt.is_open else [line((with_keys(AFTER, self), "label"))]
