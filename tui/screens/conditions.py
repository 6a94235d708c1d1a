"""`ConditionsScreen`: the numbers at which playing stops."""

from __future__ import annotations

from collections.abc import Iterable

from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Label

from ..walk.breakpoints import CONDITIONS, toggled
from .prompt import Prompt


class ConditionsScreen(Prompt[tuple[str, ...]]):
    """Each line that is typed sets a condition, or takes it away again; what is set stands above, and is the answer."""

    BINDINGS = [Binding("escape", "dismiss", "Close", id="conditions.close")]  # noqa: RUF012

    def __init__(self, conditions: tuple[str, ...], nodes: int) -> None:
        """Begin with the conditions that are set; `nodes` is how many nodes have a breakpoint."""
        super().__init__(
            "stop when a value or a gradient is",
            f"{', '.join(CONDITIONS)}, or a bound such as > 100",
            keys="⏎ sets it, or takes it away · {conditions.close} closes",
        )
        self._conditions = conditions
        self._node_count = nodes

    def above(self) -> Iterable[Widget]:
        """Say what is set."""
        return [Label(self._set_words, id="set", markup=False)]

    def answer(self, typed: str) -> None:
        """Set or take away what was typed; nothing typed closes."""
        if not typed:
            self.dismiss()
            return
        try:
            self._conditions = toggled(self._conditions, typed)
        except ValueError as error:
            self.say_problem(str(error))
        else:
            self.input.clear()
            self.say("")
            self.query_one("#set", Label).update(self._set_words)

    def dismiss(self, result: tuple[str, ...] | None = None) -> AwaitComplete:
        """Answer with what is set, however it closes."""
        return super().dismiss(self._conditions if result is None else result)

    @property
    def _set_words(self) -> str:
        nodes = self._node_count
        kept = [*self._conditions, *([f"{nodes} node{'s' * (nodes > 1)}"] if nodes else [])]
        return f"set: {', '.join(kept) or 'nothing'}"
