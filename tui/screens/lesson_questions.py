"""`QuestionsScreen`: the intro and the questions of a walk, to be read again at any step, and answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message

from ...engine.study.attempt import Attempt, Outcome
from ...engine.study.tally import Tally
from ..bindings import with_keys
from ..study.course_questions import Questions
from ..study.question_box import QuestionBox, SnugLines
from ..widgets.key_bar import KeyBar
from ..widgets.lines import LinesView
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..words.course import given_lines, question_lines, summary_lines
from ..words.lines import Line, line, paragraphs
from .place import PlaceAbove


class Left(StrEnum):
    """How the questions were left."""

    BACK = "back"
    """For the walk."""
    LIST = "list"
    """For the list of lessons."""
    NEXT = "next"
    """For the next lesson."""
    AGAIN = "again"
    """For the same lesson, from its beginning."""


class Part(StrEnum):
    """What the screen shows."""

    READING = "reading"
    """The intro, what is given, and the list of questions."""
    ANSWERING = "answering"
    """What is given, the list, and one question with its box."""
    ENDED = "ended"
    """What came of them."""


class QuestionList(LinesView):
    """The questions, a row each; a click chooses one."""

    DEFAULT_CSS = "QuestionList { height: 1; max-height: 30%; padding: 0 1; }"

    @dataclass(eq=False)
    class Clicked(Message):
        """The question at a place was clicked."""

        place: int

    def follow(self, questions: Questions, before: Mapping[str, Outcome], selected: int) -> None:
        """List questions, one of them selected and in view."""
        self.styles.height = max(1, len(questions.tasks))
        top = self.scroll_offset.y
        self.show(lambda width: question_lines(questions.tasks, questions.attempts, before, selected, width))
        height = self.size.height or len(questions.tasks)
        top = selected if selected < top else max(top, selected - height + 1)
        self.scroll_to(y=top, animate=False)

    def on_click(self, event: events.Click) -> None:
        """Choose the question under the mouse."""
        self.post_message(self.Clicked(event.y + self.scroll_offset.y))


class Sheet(SnugLines):
    """What there is to read above the questions."""

    DEFAULT_CSS = "Sheet { padding: 0 1; max-height: 70%; scrollbar-size-vertical: 1; margin-bottom: 1; }"


class QuestionsScreen(PlaceAbove[Left]):
    """Reads and asks. Of a lesson, `finish` is told when all questions are behind, and says what comes then."""

    AUTO_FOCUS = ""
    HELP = """\
The questions about a walk. What is given stands above: the inputs and how each node is computed, but no results. \
Type an answer and press Enter; ? is a hint, and after three hints comes the answer. Esc leaves the field, and then \
the screen: what was answered is remembered, and you can go on with the rest at any time."""
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("enter", "go_on", "Go on", tooltip="Answer the selected question; or go on", id="questions.go-on",
                key_display="⏎"),
        Binding("down", "move(1)", "Down", tooltip="Choose the next question", id="questions.down", key_display="↓"),
        Binding("up", "move(-1)", "Up", tooltip="Choose the question before", id="questions.up", key_display="↑"),
        Binding("pagedown,shift+down", "scroll(1)", "Scroll", tooltip="Scroll the text down",
                id="questions.scroll-down"),
        Binding("pageup,shift+up", "scroll(-1)", "Scroll up", tooltip="Scroll the text up", id="questions.scroll-up"),
        Binding("A", "read", "Intro", tooltip="Read the intro again", id="questions.read"),
        Binding("r", "again", "Again", tooltip="Go through the lesson again", id="questions.again"),
        Binding("escape,b", "leave", "Back", tooltip="Back, to what the questions are about", id="questions.leave",
                key_display="esc"),
    ]  # fmt: skip
    IMPORTANT_KEYS = (
        "question.answer",
        "question.hint",
        "question.skip",
        "questions.go-on",
        "question.leave",
        "questions.leave",
        "app.quit",
        "questions.again",
        "questions.down",
        "questions.up",
        "questions.scroll-down",
        "questions.read",
    )
    """What the key bar shows, as far as there is room."""
    DEFAULT_CSS = """
    QuestionsScreen QuestionBox { display: none; padding: 0 1; border-top: solid $primary-darken-1; }
    QuestionsScreen.-asking QuestionBox { display: block; height: 1fr; }
    QuestionsScreen.-asking Sheet { max-height: 40%; }
    QuestionsScreen.-short.-asking Sheet { max-height: 20%; }
    QuestionsScreen #keys { height: 1; padding: 0 1; overflow-y: hidden; }
    """

    def __init__(
        self,
        title: str,
        questions: Questions,
        *,
        asking: bool = False,
        classes: str | None = None,
        finish: Callable[[], list[Line]] | None = None,
        onward: str = "{questions.go-on} goes back",
        changed: Callable[[str], None] = lambda said: None,
    ) -> None:
        """Show questions under a title: to be read, or one of them `asking` at once.

        `finish` is called when all of them are behind, and returns what is said then; out of a lesson there is none.
        `onward` says which keys lead where from there (see `with_keys`).
        `changed` is told what is to be said of the store, mostly nothing, when something was answered.
        """
        super().__init__(classes=classes)
        self.questions = questions
        self.selected = min(questions.exercise, max(0, len(questions.tasks) - 1))
        self.part = Part.READING
        self._title = title
        self._asking = asking
        self._finish = finish
        self._onward = onward
        self._changed = changed
        self._before = questions.before
        self._field_was_left = False

    def compose(self) -> ComposeResult:
        """Lay out the sheet above the box."""
        yield TitleBar(self._title)
        yield Sheet(scroll_binding="questions.scroll-down")
        yield QuestionList()
        yield QuestionBox()
        yield LinesView("keys")
        yield TooSmall()
        yield KeyBar(self.IMPORTANT_KEYS)

    def on_mount(self) -> None:
        """Begin."""
        if self._asking:
            self._go_on()
        else:
            self._show(Part.READING)

    @property
    def box(self) -> QuestionBox:
        """The question that is asked."""
        return self.query_one(QuestionBox)

    @property
    def sheet(self) -> Sheet:
        """What stands above it."""
        return self.query_one(Sheet)

    # ---- what keys do

    def action_go_on(self) -> None:
        """Answer the selected question, go on to the next one, or away from the last."""
        if self.part is Part.ENDED:
            self.dismiss(Left.NEXT if self._finish else Left.BACK)
        elif self.part is Part.READING:
            self._ask(self.selected)
        elif self.box.attempt is not None and self.box.attempt.is_open:
            self._field_was_left = False
            self.box.take_keys()
        else:
            self._go_on()

    def action_move(self, places: int) -> None:
        """Choose another question."""
        place = self.selected + places
        if self.part is not Part.ENDED and 0 <= place < len(self.questions.tasks):
            if self.part is Part.ANSWERING:
                self._ask(place)
            else:
                self.selected = place
                self._show(self.part)

    def action_scroll(self, pages: int) -> None:
        """Scroll what stands above the question."""
        self.sheet.scroll_relative(y=pages * max(1, self.sheet.size.height - 1), animate=False)

    def action_read(self) -> None:
        """Show the intro."""
        self._show(Part.READING)

    def action_again(self) -> None:
        """Go through the lesson again."""
        self.dismiss(Left.AGAIN)

    def action_leave(self) -> None:
        """Leave the field, then the question, then the screen."""
        if self.part is Part.ENDED and self._finish:
            self.dismiss(Left.LIST)
        elif self.part is Part.ANSWERING and not self._asking:
            self._show(Part.READING)
        else:
            self.dismiss(Left.BACK)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done now."""
        if action == "again":
            return self.part is Part.ENDED and self._finish is not None
        if action == "read":
            return self.part is not Part.READING
        return not (action == "go_on" and self.part is Part.READING and not self.questions.tasks)

    async def on_key(self, event: events.Key) -> None:
        """Take what is typed before the field has the keys, which is after the next refresh: no key is lost."""
        attempt = self.box.attempt
        is_asked = self.part is Part.ANSWERING and attempt is not None and attempt.is_open
        if not is_asked or self.box.has_keys or self._field_was_left:
            return
        if event.is_printable and event.character and event.character != "?":
            self.box.field.insert_text_at_cursor(event.character)
        elif event.key == "enter" and self.box.field.value:
            await self.box.field.action_submit()
        else:
            return
        event.stop()
        event.prevent_default()

    # ---- what the box says

    def on_question_box_changed(self, event: QuestionBox.Changed) -> None:
        """Remember what came of a question."""
        self.questions.attempts[self.selected] = event.attempt
        if not event.attempt.is_open:
            self._changed(self.questions.closed(self.selected, event.attempt))
            self.set_focus(None)
        self._show(self.part)

    def on_question_box_left(self, event: QuestionBox.Left) -> None:
        """Take the keys from the field."""
        self._field_was_left = True
        self.set_focus(None)

    # ---- what is shown

    def _go_on(self) -> None:
        """Ask the next question that is open, or say what came of them all."""
        place = self.questions.exercise
        if place < len(self.questions.tasks):
            self._ask(place)
        else:
            self._end()

    def _ask(self, place: int) -> None:
        self.selected = place
        attempt = self.questions.attempts.get(place) or Attempt(self.questions.tasks[place])
        self._field_was_left = False
        self._show(Part.ANSWERING)
        self.box.ask(attempt)
        self._show_keys()

    def _end(self) -> None:
        attempts = self.questions.attempts
        tally = Tally(tuple(attempts[place] for place in sorted(attempts) if not attempts[place].is_open))
        lines = [*summary_lines(tally), *(self._finish() if self._finish else ())]
        self._show(Part.ENDED)
        self.box.tell(lines)

    def on_question_list_clicked(self, event: QuestionList.Clicked) -> None:
        """Ask the question that was clicked."""
        if self.part is not Part.ENDED and event.place < len(self.questions.tasks):
            self._ask(event.place)

    def _show(self, part: Part) -> None:
        self.part = part
        self.set_class(part is not Part.READING, "-asking")
        self.sheet.show(lambda width: self._lines())
        self.query_one(QuestionList).follow(self.questions, self._before, self.selected)
        self._show_keys()
        if part is Part.READING:
            self.set_focus(None)
        self.refresh_bindings()

    def _show_keys(self) -> None:
        """Say which keys lead on, where no field does."""
        attempt = self.box.attempt
        if self.part is Part.ENDED:
            words = self._onward
        elif self.part is Part.READING:
            words = "{questions.go-on} answers · {questions.leave} goes back" if self.questions.tasks else ""
        elif attempt is not None and not attempt.is_open:
            last = self.questions.exercise >= len(self.questions.tasks)
            words = "{questions.go-on} says what came of them" if last else "{questions.go-on} goes on to the next one"
        else:
            words = ""
        self.query_one("#keys", LinesView).show(lambda width: [line((with_keys(words, self), "note"))])

    def _lines(self) -> list[Line]:
        scenario = self.questions.scenario
        intro = [*paragraphs(scenario.intro), Line()] if scenario.intro and self.part is Part.READING else []
        return [*intro, *given_lines(scenario, self.questions.trace)]
