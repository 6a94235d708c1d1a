"""`QuestionBox`: a question with a field for the answer; a view of one `Attempt`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

from ...engine.errors import ExpressionError
from ...engine.study.attempt import Attempt
from ..bindings import with_keys
from ..walk.panel_pane import CoveringWidget
from ..widgets.lines import LinesView
from ..words.editing import field_problem
from ..words.lines import Line, line
from ..words.study import NO_ANSWER, NO_MORE_HINTS, attempt_lines

LONGEST = 500
"""Characters that an answer may have."""

QUESTION_KEYS = ("question.answer", "question.hint", "question.skip", "question.leave")
"""For the `KeyBar` of a screen with a question: they are in play, and can be clicked, while it has the keys."""

WORDS = {"hint": "hint", "skip": "skip"}
"""Answers that are none, and what each stands for; where something in the graph has such a name they are answers."""


class AnswerField(Input):
    """The line that an answer is typed into."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Answer", tooltip="Give the answer", id="question.answer", key_display="⏎"),
        Binding("question_mark", "hint", "Hint", tooltip="Show a hint; after the last the answer", id="question.hint",
                key_display="?"),
        Binding("ctrl+n", "skip", "Skip", tooltip="Leave this question out", id="question.skip"),
        Binding("escape", "leave", "Leave field", tooltip="Give the keys back to the screen; the question waits",
                id="question.leave"),
    ]  # fmt: skip

    @dataclass
    class Pressed(Message):
        """A key that is no part of an answer was pressed: `what` is "hint", "skip" or "leave"."""

        what: str

    async def _on_key(self, event: events.Key) -> None:
        """Take the character of the key for hints as that key: it is in no answer."""
        bound = self.screen.active_bindings.get(event.key)
        if bound is not None and bound.binding.id == "question.hint":
            event.stop()
            event.prevent_default()
            self.action_hint()

    def action_hint(self) -> None:
        """Ask for a hint."""
        self.post_message(self.Pressed("hint"))

    def action_skip(self) -> None:
        """Ask to leave the question out."""
        self.post_message(self.Pressed("skip"))

    def action_leave(self) -> None:
        """Ask to give the keys back."""
        self.post_message(self.Pressed("leave"))


class SnugLines(LinesView):
    """Lines that take as many rows as they need."""

    DEFAULT_CSS = """
    SnugLines { height: 1; scrollbar-size-vertical: 0; }
    """

    def _lay_out(self) -> None:
        super()._lay_out()
        rows = len(self._strips)
        if self._width and (height := self.styles.height) is not None and height.value != rows:
            self.styles.height = rows
            self.scroll_to(y=0, animate=False)


class QuestionBox(CoveringWidget):
    """The question, the line to answer in, and what was said of the answer, with the hints that were asked for.

    It changes nothing but its own `Attempt`, and says so by `Changed`: whoever shows it decides what comes next.
    `Left` says that the learner wants the keys elsewhere. `ask` begins with another attempt, and takes the keys.
    """

    HELP = """\
An answer is a number (-0.25, 1e-3), or an expression (-1/9, 1/e, -1/s^2) in which the names of the graph stand for \
their values here; any form of the right answer is right. A rounded number needs three significant digits. \
Hints come in three stages: the rule, its formula, the formula with its numbers; after the last one comes the answer."""

    DEFAULT_CSS = """
    QuestionBox { layout: vertical; height: 1fr; }
    QuestionBox > SnugLines { max-height: 70%; }
    QuestionBox > Horizontal { height: 1; }
    QuestionBox > Horizontal > Label { width: auto; max-width: 60%; text-style: bold; }
    QuestionBox > Horizontal > Input { width: 1fr; }
    QuestionBox > .said { height: 1fr; }
    QuestionBox.-closed { height: auto; }
    QuestionBox.-closed > SnugLines { max-height: 1000; }
    QuestionBox.-closed > Horizontal { display: none; }
    QuestionBox.-closed > .said { display: none; }
    QuestionBox.-whole { height: 1fr; }
    QuestionBox.-whole > SnugLines { display: none; }
    QuestionBox.-whole > .said { display: block; }
    """

    NO_ANSWER = NO_ANSWER
    """Said where the line is empty."""

    @dataclass
    class Changed(Message):
        """The attempt went on: an answer was judged, a hint was shown, it was skipped."""

        box: QuestionBox
        attempt: Attempt

    @dataclass
    class Left(Message):
        """The learner wants the keys elsewhere."""

        box: QuestionBox

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.attempt: Attempt | None = None
        self._has_parts = False
        self._above: Callable[[int], Sequence[Line]] = lambda width: ()
        self._hint_is_latest = False
        self._said: Sequence[Line] = ()
        self._was_left = False

    def compose(self) -> ComposeResult:
        """Lay out the question, the line and what is said below it."""
        yield SnugLines()
        with Horizontal():
            yield Label("", markup=False)
            yield AnswerField(compact=True, max_length=LONGEST, select_on_focus=False)
        said = LinesView()
        said.add_class("said")
        yield said

    def on_mount(self) -> None:
        """Show what was asked before it was mounted."""
        self._has_parts = True
        self._draw()
        self.take_keys()

    def on_show(self) -> None:
        """Take the keys that were meant for it while it was hidden, as when the graph had the whole window."""
        if not self._was_left:
            self.take_keys()

    # ---- what it shows

    def ask(self, attempt: Attempt, above: Sequence[Line] = ()) -> None:
        """Ask, below some lines that belong to the question, and take the keys; an open attempt may have been begun."""
        self.attempt, self._hint_is_latest = attempt, False
        self._above = lambda width: above
        if self._has_parts:
            self.field.value = ""
            self._draw()
        self.take_keys()

    def tell(self, lines: Sequence[Line] | Callable[[int], Sequence[Line]], *, whole: bool = False) -> None:
        """Show some lines and no field, in as few rows as they need, or in all the room: there is nothing to answer.

        They may depend on the width.
        """
        self.attempt, self._above = None, lines if callable(lines) else lambda width: lines
        self._draw()
        if self._has_parts and whole:
            self.add_class("-whole")
            self.query_one(".said", LinesView).show(self._above)

    def wait(self, words: Line) -> None:
        """Say below all that was said how to come back, until the line has the keys again."""
        self._show_said([*self._said, words])

    def take_keys(self) -> None:
        """Let what is typed go into the line."""
        self._was_left = False
        if self._has_parts and self.attempt is not None and self.attempt.is_open:
            self.call_after_refresh(self._focus_field)

    @property
    def field(self) -> AnswerField:
        """The line."""
        return self.query_one(AnswerField)

    @property
    def has_keys(self) -> bool:
        """Whether what is typed goes into the line."""
        return self._has_parts and self.screen.focused is self.field

    def scroll_text(self, rows: int) -> None:
        """Scroll what is said."""
        self.query_one(".said", LinesView).scroll_relative(y=rows, animate=False)

    # ---- keys and clicks

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Judge what was typed."""
        event.stop()
        attempt, typed = self.attempt, event.value.strip()
        if attempt is None or not attempt.is_open:
            return
        if not typed:
            self._say(
                [
                    line(self.NO_ANSWER),
                    line(with_keys("{question.hint} shows a hint, {question.skip} skips", self.screen)),
                ]
            )
            return
        try:
            following = attempt.answered(typed)
        except ExpressionError as error:
            if typed.lower() in WORDS:
                self._press(WORDS[typed.lower()])
                return
            self._say([line((part, "undefined")) for part in self._problem(error)])
            return
        self._hint_is_latest = False
        self._follow(following)

    def on_answer_field_pressed(self, event: AnswerField.Pressed) -> None:
        """Show a hint, skip, or let the keys go."""
        event.stop()
        self._press(event.what)

    def on_click(self) -> None:
        """Take the keys."""
        self.take_keys()

    def _press(self, what: str) -> None:
        attempt = self.attempt
        if what == "leave":
            self._was_left = True
            self.post_message(self.Left(self))
        elif attempt is None or not attempt.is_open:
            return
        elif what == "skip":
            self._follow(attempt.skipped())
        else:
            following = attempt.hinted()
            self._hint_is_latest = True
            if following == attempt:
                self._say([line(NO_MORE_HINTS)])
            else:
                self._follow(following)

    def _follow(self, attempt: Attempt) -> None:
        self.attempt = attempt
        if attempt.is_open:
            self.field.select_all()
        self._draw()
        self.post_message(self.Changed(self, attempt))

    # ---- drawing

    def _focus_field(self) -> None:
        if self.is_attached and self.attempt is not None and self.attempt.is_open:
            self.screen.set_focus(self.field, scroll_visible=False)
            self._show_said(self._said)

    def _problem(self, error: ExpressionError) -> list[str]:
        """Say what is wrong with what was typed; carets stand below the place in the field."""
        first, *others = field_problem(error, self.field.size.width).split("\n")
        beside = "" if first.strip(" ^") else " " * (self.field.region.x - self.query_one(".said").content_region.x)
        return [beside + first, *others]

    def _draw(self) -> None:
        if not self._has_parts:
            return
        attempt, above = self.attempt, self._above
        is_open = attempt is not None and attempt.is_open
        self.set_class(not is_open, "-closed")
        self.remove_class("-whole")
        said = attempt_lines(attempt, hint_is_latest=self._hint_is_latest) if attempt is not None else []
        asked = self.query_one(SnugLines)
        if attempt is not None and is_open:
            asked.show(lambda width: [*above(width), line((attempt.task.prompt, "name"))])
            self.query_one(Label).update(f"{attempt.task.ask} = ")
            self._say(said)
        else:
            asked.show(lambda width: [*above(width), *said])

    def _say(self, lines: Sequence[Line]) -> None:
        self._said = lines
        self._show_said(lines)

    def _show_said(self, lines: Sequence[Line]) -> None:
        self.query_one(".said", LinesView).show(lambda width: lines)
