"""`GotoScreen`: asks for a place to go to."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label


class GotoScreen(ModalScreen[int | None]):
    """One line of input; `find` makes a number of it, or says in a sentence why it cannot."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel", id="goto.cancel")]  # noqa: RUF012
    DEFAULT_CSS = """
    GotoScreen { align: center middle; }
    GotoScreen > Vertical {
        width: 100%; max-width: 56; height: auto; padding: 0 1;
        background: $surface; border: round $primary;
    }
    GotoScreen #problem { color: $error; height: auto; }
    """

    def __init__(self, title: str, placeholder: str, find: Callable[[str], int | str]) -> None:
        super().__init__()
        self._title = title
        self._placeholder = placeholder
        self._find = find

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical() as box:
            box.border_title = self._title
            yield Input(placeholder=self._placeholder, compact=True)
            yield Label("", id="problem", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the number, or say what would be one."""
        found = self._find(event.value.strip())
        if isinstance(found, int):
            self.dismiss(found)
        else:
            self.query_one("#problem", Label).update(found)


def whole_number(wanted: str, most: int, too_large: str) -> int | str | None:
    """Read a number from 0 to `most`; `too_large` is the sentence for a larger one, None what is no number."""
    number = wanted.replace(",", "").replace("_", "")
    if not number.isdecimal():
        return None
    return int(number) if len(number) < 19 and int(number) <= most else too_large
