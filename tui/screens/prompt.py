"""`Prompt`: the base of the dialogs that ask for one line."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ScreenResultType
from textual.widget import Widget
from textual.widgets import Input, Label

from ..bindings import with_keys
from .dialog import Dialog

LONGEST = 2000
"""Characters of a line that is typed, unless it begins as a longer one."""


class Prompt(Dialog[ScreenResultType]):
    """A title, a line to type into, and below it a sentence: what is wrong with the line, or what is being done.

    A subclass says in `answer` what becomes of the line, and binds a key that closes.
    """

    DEFAULT_CSS = """
    Prompt > Vertical { width: 100%; max-width: 60; height: auto; padding: 0 1; }
    Prompt Label { height: auto; width: 100%; }
    Prompt .-problem { color: $error; }
    """

    def __init__(self, title: str, placeholder: str, *, typed: str = "", keys: str = "") -> None:
        """Ask under a `title`; `placeholder` says what may be typed, `keys` what is pressed then (see `with_keys`)."""
        super().__init__()
        self._title = title
        self._placeholder = placeholder
        self._typed = typed
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical() as box:
            box.border_title = self._title
            box.border_subtitle = with_keys(self._keys, self)
            yield from self.above()
            yield Input(self._typed, placeholder=self._placeholder, compact=True, max_length=LONGEST)
            yield Label("", id="said", markup=False)

    def above(self) -> Iterable[Widget]:
        """Return what stands above the line."""
        return ()

    @property
    def input(self) -> Input:
        """The line."""
        return self.query_one(Input)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer what was typed."""
        self.answer(" ".join(event.value.split()))

    def answer(self, typed: str) -> None:
        """Dismiss the dialog with what the line means, or say what is wrong with it; its spaces are single ones."""
        raise NotImplementedError

    def say(self, words: str) -> None:
        """Say something below the line."""
        self._say(with_keys(words, self), problem=False)

    def say_problem(self, words: str) -> None:
        """Say what is wrong with the line."""
        self._say(words, problem=True)

    def _say(self, words: str, *, problem: bool) -> None:
        if self.is_mounted:
            said = self.query_one("#said", Label)
            said.set_class(problem, "-problem")
            said.update(words)
