"""`GotoScreen`: asks for a place to go to."""

from __future__ import annotations

from collections.abc import Callable

from textual.binding import Binding

from ...engine.errors import did_you_mean, quoted
from ...engine.walk.trace import Trace
from .prompt import Prompt

_NAMES_LOOKED_AT = 10_000
"""Of a large graph, so many nodes are asked whether their name is nearly what was typed."""


class GotoScreen(Prompt[int | None]):
    """Asks for a step or an epoch; `find` makes a number of what is typed, or says in a sentence why it cannot."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel", id="goto.cancel")]  # noqa: RUF012

    def __init__(self, title: str, placeholder: str, find: Callable[[str], int | str]) -> None:
        super().__init__(title, placeholder)
        self._find = find

    def answer(self, typed: str) -> None:
        """Answer with the number, or say what would be one."""
        found = self._find(typed)
        if isinstance(found, int):
            self.dismiss(found)
        else:
            self.say_problem(found)


def whole_number(wanted: str, most: int, too_large: str) -> int | str | None:
    """Read a number from 0 to `most`; `too_large` is the sentence for a larger one, None what is no number."""
    number = wanted.replace(",", "").replace("_", "")
    if not number.isdecimal():
        return None
    return int(number) if len(number) < 19 and int(number) <= most else too_large


def find_step(trace: Trace, wanted: str) -> int | str:
    """Return the step of a number or of a node's name, or a sentence that says why there is none."""
    number = whole_number(wanted, trace.total, f"this walk ends at step {trace.total}")
    if number is not None:
        return number
    if not wanted:
        return "type a number or a name"
    try:
        step = trace.next_write(trace.graph.find(wanted), 0)
    except KeyError:
        graph = trace.graph
        names = (graph.label(node) for node in range(min(len(graph), _NAMES_LOOKED_AT)))
        hint = did_you_mean(wanted, names, "find looks for a part of a name")
        return f"no node is called {quoted(wanted)}; {hint}"
    return step if step is not None else f"{wanted} is a constant: no step writes it"
