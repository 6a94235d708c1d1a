"""`EditScreen`: a field for an expression or a value; what is wrong with it is said below, with a caret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input, Label

from ...engine.errors import ExpressionError, GradwalkError
from ...engine.language.dependencies import constant
from ...engine.language.parser import parse
from ..background import BackgroundWork, WorkDone, WorkFailed, WorkProgressed, WorkThread
from ..editing.edited import Shown, Work
from ..walk.opened import Report
from ..words.editing import field_problem
from .prompt import Prompt


class EditForm(Protocol):
    """What is edited in the field."""

    def unknown(self, text: str) -> dict[str, ExpressionError]:
        """Return the names in the text that could be those of new inputs; GradwalkError for anything else."""
        ...

    def work(self, text: str, inputs: Mapping[str, str]) -> Work:
        """Return what makes the walk after the edit; it raises GradwalkError where that cannot be."""
        ...

    def placed(self, error: GradwalkError, text: str) -> GradwalkError:
        """Return an error with its place in the text of the field."""
        ...


class _Field(Prompt[Shown | str | None]):
    """A line with explanations above it, in which problems are marked with carets."""

    DEFAULT_CSS = """
    _Field > Vertical { max-width: 76; }
    """
    BINDINGS = [Binding("escape", "cancel", "Cancel", id="edit.cancel")]  # noqa: RUF012

    def __init__(self, title: str, placeholder: str, above: str, *, typed: str = "", keys: str = "") -> None:
        super().__init__(title, placeholder, typed=typed, keys=keys)
        self._above = above

    def above(self) -> Iterable[Widget]:
        """Explain what the line is for."""
        return [Label(self._above, markup=False)] if self._above else []

    def on_mount(self) -> None:
        """Let what is typed go on after what stands there."""
        self.input.select_on_focus = False
        self.input.cursor_position = len(self.input.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take away what was said of the text before."""
        self.say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the text as it stands, so that carets stand below the right characters."""
        event.prevent_default()  # of the base, which would take it with single spaces
        self.answer(event.value)

    def say_error(self, error: GradwalkError) -> None:
        """Say what is wrong, with carets below the characters."""
        self.say_problem(field_problem(error, self.input.size.width))

    def action_cancel(self) -> None:
        """Close, and leave everything as it is."""
        self.dismiss(None)


class EditScreen(_Field):
    """Asks for an expression, or a value; answers with the walk after the edit.

    `large` says that this takes long: then it is done in a thread, and the line says how far it is.
    """

    def __init__(self, form: EditForm, title: str, placeholder: str, above: str, typed: str, *, large: bool) -> None:
        super().__init__(title, placeholder, above, typed=typed, keys="⏎ take · {edit.cancel} leave as it is")
        self._form = form
        self._large = large
        self._work: BackgroundWork | None = None

    def on_unmount(self) -> None:
        """Let the thread end soon."""
        self._stop()

    def action_cancel(self) -> None:
        """Stop, and leave everything as it is."""
        self._stop()
        self.dismiss(None)

    def answer(self, typed: str) -> None:
        """Make the edit, or say why it cannot be made."""
        if self._work is None:
            self._make(typed, {})

    def _make(self, text: str, inputs: dict[str, str]) -> None:
        try:
            unknown = self._form.unknown(text)
            missing = [name for name in unknown if name not in inputs]
            if missing:
                self._ask_for(missing[0], unknown[missing[0]], text, inputs)
                return
            work = self._form.work(text, inputs)
            if self._large:
                self.say("computing …")
                self.input.disabled = True
                self._work = BackgroundWork(self, lambda thread: work(_reporting(thread)))
            else:
                self.dismiss(work(lambda doing, done: None))
        except GradwalkError as error:
            self.say_error(self._form.placed(error, text))

    def _ask_for(self, name: str, error: ExpressionError, text: str, inputs: dict[str, str]) -> None:
        """Ask for the value of a name that is not known, which makes it an input."""
        self.say_error(self._form.placed(error, text))

        def go_on(value: Shown | str | None) -> None:
            if isinstance(value, str):
                self._make(text, {**inputs, name: value})

        self.app.push_screen(ValueScreen(name), go_on)

    def _stop(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def on_work_progressed(self, event: WorkProgressed) -> None:
        """Say how far it is."""
        self.say(f"{event.progress} · {{edit.cancel}} stops")

    def on_work_done(self, event: WorkDone) -> None:
        """Answer."""
        if not event.work.cancelled:
            self.dismiss(event.result)

    def on_work_failed(self, event: WorkFailed) -> None:
        """Say what is wrong, and ask again."""
        self._work = None
        self.input.disabled = False
        self.input.focus()
        if isinstance(event.error, GradwalkError):
            self.say_error(self._form.placed(event.error, self.input.value))
        else:
            self.say_problem(f"that failed: {event.reason}")


class ValueScreen(_Field):
    """Asks for the value of a name that an expression uses and nothing defines; answers with it as it is written."""

    def __init__(self, name: str) -> None:
        above = f"{name} is not known here. With a value it becomes an input, with a gradient; Esc leads back."
        super().__init__(f"{name} =", "such as 2, 0.5 or pi/4", above, keys="⏎ make it an input · {edit.cancel} back")

    def answer(self, typed: str) -> None:
        """Answer with the value, or say why it is none."""
        try:
            constant(parse(typed))
        except GradwalkError as error:
            self.say_error(error)
        else:
            self.dismiss(typed)


def _reporting(thread: WorkThread) -> Report:
    def report(doing: str, done: float) -> None:
        thread.report(f"{doing} … {done:.0%}")

    return report
