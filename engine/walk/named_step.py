"""Which step of a walk is meant by a number or a name that somebody typed."""

from __future__ import annotations

from ..errors import did_you_mean, quoted, shortened
from ..language.step_key import StepName
from .trace import Trace

_NAMES_LOOKED_AT = 10_000
"""Of a large graph, so many nodes are asked whether their name is nearly what was typed."""


def whole_number(wanted: str, most: int, too_large: str) -> int | str | None:
    """Read a number from 0 to `most`; `too_large` is the sentence for a larger one, None what is no number."""
    number = wanted.replace(",", "").replace("_", "")
    if not number.isdecimal():
        return None
    return int(number) if len(number) < 19 and int(number) <= most else too_large


def find_step(trace: Trace, wanted: str, unlike: str = "find looks for a part of a name") -> int | str:
    """Return the step of a number or a name (`s`, `∂f/∂s`, `df/ds`, `w <-`), or a sentence that says why there is none.

    The derivative of the output by a node it does not use itself is that node's gradient: the step that completes it.
    `unlike` is said of a name that is like none there is.
    """
    number = whole_number(wanted, trace.total, f"this walk ends at step {trace.total}")
    if number is not None:
        return number
    if not wanted:
        return "type a number or a name"
    name, graph = StepName.read(wanted), trace.graph
    try:
        numbers = [trace.number(key) for key in name.keys(graph)]
        node = graph.find(name.label)
    except KeyError as error:
        unknown = str(error.args[0])
        names = (graph.label(node) for node in range(min(len(graph), _NAMES_LOOKED_AT)))
        hint = did_you_mean(unknown, names, unlike)
        return f"no node is called {quoted(unknown)}; {hint}"
    found = next((number for number in numbers if number is not None), None)
    if found is None and name.of == graph.label(graph.output):
        found = next(reversed(trace.gradient_steps(node)), None)
    if found is None and not name.of and not name.is_update:
        found = trace.next_write(node, 0)  # a leaf's value is known from the start: its gradient is meant
    return found if found is not None else _none(name)


def _none(name: StepName) -> str:
    if name.of:
        return (
            f"no step computes {shortened(str(name))}: {shortened(name.of)} does not use {shortened(name.label)} itself"
        )
    if name.is_update:
        return f"{shortened(name.label)} is not updated in this walk"
    return f"{shortened(name.label)} is a constant: no step writes it"
