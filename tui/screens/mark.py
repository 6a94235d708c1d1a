"""`MarkScreen`: asks for a note at a step, which may be empty."""

from __future__ import annotations

from textual.binding import Binding

from .prompt import Prompt


class MarkScreen(Prompt[str | None]):
    """Asks what to write at the step that is marked; answers with the note."""

    DEFAULT_CSS = """
    MarkScreen > Vertical { max-width: 76; }
    """
    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel", id="mark.cancel")]  # noqa: RUF012

    def __init__(self, name: str, note: str) -> None:
        """Ask about the step that is called `name`, at which `note` stands already."""
        keys = "⏎ marks · {mark.cancel} cancels"
        super().__init__(f"mark {name}", "a note of your own, or nothing", typed=note, keys=keys)

    def answer(self, typed: str) -> None:
        """Answer with the note."""
        self.dismiss(typed)
