"""`GotoScreen`: asks for a step."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from ...engine.trace import Trace


class GotoScreen(ModalScreen[int | None]):
    """One line of input: a step's number, or the name of a node whose value is written there."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel", id="goto.cancel")]  # noqa: RUF012
    DEFAULT_CSS = """
    GotoScreen { align: center middle; }
    GotoScreen > Vertical {
        width: 100%; max-width: 56; height: auto; padding: 0 1;
        background: $surface; border: round $primary;
    }
    GotoScreen #problem { color: $error; height: auto; }
    """

    def __init__(self, trace: Trace) -> None:
        super().__init__()
        self.trace = trace

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical() as box:
            box.border_title = "go to step"
            yield Input(placeholder=f"0 to {self.trace.total}, or the name of a node")
            yield Label("", id="problem", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the step, or say what would be one."""
        wanted = (
            event.value.strip().replace(",", "").replace("_", "")
            if event.value.strip()[:1].isdigit()
            else event.value.strip()
        )
        if wanted.isdecimal():
            if int(wanted) <= self.trace.total:
                self.dismiss(int(wanted))
                return
            problem = f"this walk ends at step {self.trace.total}"
        else:
            try:
                self.dismiss(self.trace.value_step(self.trace.graph.find(wanted)))
                return
            except KeyError:
                problem = f'no node is called "{wanted}"'
        self.query_one("#problem", Label).update(problem)
