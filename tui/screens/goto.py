"""`GotoScreen`: asks for a step."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from ...engine.trace import Trace


class GotoScreen(ModalScreen[int | None]):
    """One line of input: a step's number, or the name of a node that it writes first."""

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
        step, problem = self._find(event.value.strip())
        if step is None:
            self.query_one("#problem", Label).update(problem)
        else:
            self.dismiss(step)

    def _find(self, wanted: str) -> tuple[int | None, str]:
        """Return the step that is meant, or None and a sentence that says why there is none."""
        trace, number = self.trace, wanted.replace(",", "").replace("_", "")
        if number.isdecimal():
            return (int(number), "") if int(number) <= trace.total else (None, f"this walk ends at step {trace.total}")
        if not wanted:
            return None, "type a number or a name"
        try:
            node = trace.graph.find(wanted)
        except KeyError:
            return None, f'no node is called "{wanted}"'
        writes = [step for step in (trace.value_step(node), *trace.gradient_steps(node)) if step]
        return (writes[0], "") if writes else (None, f"{wanted} is a constant: no step writes it")
