"""`ConditionsScreen`: the numbers at which playing stops."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Label

from ..walk.breakpoints import CONDITIONS, Breakpoints
from .prompt import Prompt


class ConditionsScreen(Prompt[None]):
    """Each line that is typed sets a condition, or takes it away again; what is set stands above."""

    BINDINGS = [Binding("escape", "dismiss", "Close", id="conditions.close")]  # noqa: RUF012

    def __init__(self, breakpoints: Breakpoints) -> None:
        super().__init__(
            "stop when a value or a gradient is",
            f"{', '.join(CONDITIONS)}, or a bound such as > 100",
            keys="⏎ sets it, or takes it away · esc closes",
        )
        self._breakpoints = breakpoints

    def above(self) -> Iterable[Widget]:
        """Say what is set."""
        return [Label(self._set_words, id="set", markup=False)]

    def answer(self, typed: str) -> None:
        """Set or take away what was typed; nothing typed closes."""
        if not typed:
            self.dismiss()
            return
        try:
            self._breakpoints.toggle_condition(typed)
        except ValueError as error:
            self.say_problem(str(error))
        else:
            self.input.clear()
            self.say("")
            self.query_one("#set", Label).update(self._set_words)

    @property
    def _set_words(self) -> str:
        nodes = len(self._breakpoints.nodes)
        kept = [*self._breakpoints.written, *([f"{nodes} node{'s' * (nodes > 1)}"] if nodes else [])]
        return f"set: {', '.join(kept) or 'nothing'}"
