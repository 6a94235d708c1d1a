"""`ConditionsScreen`: the numbers at which playing stops."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from ..walk.breakpoints import CONDITIONS, Breakpoints


class ConditionsScreen(ModalScreen[None]):
    """One line of input that sets a condition, or takes it away again."""

    BINDINGS = [Binding("escape", "dismiss", "Close", id="conditions.close")]  # noqa: RUF012
    DEFAULT_CSS = """
    ConditionsScreen { align: center middle; }
    ConditionsScreen > Vertical {
        width: 100%; max-width: 60; height: auto; padding: 0 1;
        background: $surface; border: round $primary;
    }
    ConditionsScreen Label { height: auto; width: 100%; }
    ConditionsScreen #problem { color: $error; }
    """

    def __init__(self, breakpoints: Breakpoints) -> None:
        super().__init__()
        self._breakpoints = breakpoints

    def compose(self) -> ComposeResult:
        """Lay out what is set, and the question."""
        with Vertical() as box:
            box.border_title = "stop when a value or a gradient is"
            box.border_subtitle = "⏎ sets it, or takes it away · esc closes"
            yield Label("", id="set", markup=False)
            yield Input(placeholder=f"{', '.join(CONDITIONS)}, or a bound such as > 100")
            yield Label("", id="problem", markup=False)

    def on_mount(self) -> None:
        """Say what is set."""
        self._say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Set or take away what was typed."""
        written = " ".join(event.value.split())
        if not written:
            self.dismiss()
            return
        try:
            self._breakpoints.toggle_condition(written)
        except ValueError as error:
            self._say(str(error))
        else:
            event.input.clear()
            self._say("")

    def _say(self, problem: str) -> None:
        nodes = len(self._breakpoints.nodes)
        kept = [*self._breakpoints.written, *([f"{nodes} node{'s' * (nodes > 1)}"] if nodes else [])]
        self.query_one("#set", Label).update(f"set: {', '.join(kept) or 'nothing'}")
        self.query_one("#problem", Label).update(problem)
