"""Why a local derivative is as large or as small as it is, in a phrase."""

from __future__ import annotations

from ...engine.graph.graph import Leaf
from ...engine.rules.number_text import format_number
from ...engine.walk.causes import Cause, FactorCause
from ...engine.walk.trace import Trace


def value_of(trace: Trace, node: int, digits: int = 0) -> str:
    """Write the value of a node."""
    return format_number(trace.values.item(node), digits)


def cause_words(trace: Trace, cause: FactorCause, digits: int = 0) -> str:
    """Say why a local derivative is as large or as small as it is."""
    graph, because = trace.graph, cause.because
    op = graph.op(cause.consumer)
    assert op is not None, "a consumer is an operation"
    label, node = ("", "") if because is None else (graph.label(because), _named_value(trace, because, digits))
    words = _PASSING.get(op.name, "a sum passes it on") if cause.cause is Cause.PASSED else _CAUSES[cause.cause]
    return words.format(
        op=op.name,
        node=node,
        operand=_kind(trace, because) + label,
        below="below 0" if because is not None and trace.values.item(because) < 0 else "not above 0",
        count=f"{len(graph.operands_of(cause.consumer)):,}",
    )


_PASSING = {
    "sub": "a difference passes it on",
    "neg": "only the sign changes",
    "relu": "relu is on",
    "abs": "only the sign can change",
    "min": "this operand is the min",
    "max": "this operand is the max",
}
"""Why a local derivative is 1 or -1, by the operation; a sum where nothing is said."""

_CAUSES = {
    Cause.OPERAND: "{operand} is the other factor",
    Cause.NUMERATOR: "{node} is in the numerator",
    Cause.DENOMINATOR: "{node} is in the denominator",
    Cause.SATURATED: "{op} is saturated, nearly flat at {node}",
    Cause.OFF: "{op} is off, since {node} is {below}",
    Cause.NOT_CHOSEN: "the {op} is the other operand, {node}",
    Cause.CORNER: "{op} has a corner at {node}",
    Cause.FLAT: "{op} is flat everywhere",
    Cause.MEAN: "a mean takes 1 part in {count} of each operand",
    Cause.POWER: "a power of {node}",
    Cause.ROOT: "the root of {node} is in the denominator",
    Cause.EXPONENTIAL: "exp at {node}",
    Cause.LOGARITHM: "one over {node}",
    Cause.SLOPE: "the slope of {op} at {node}",
}


def _named_value(trace: Trace, node: int, digits: int) -> str:
    label = trace.graph.label(node)
    if trace.graph.codes[node] == Leaf.CONSTANT:
        return label
    return f"{label} = {value_of(trace, node, digits)}"


def _kind(trace: Trace, node: int | None) -> str:
    """Say what kind of leaf a node is, where that says something."""
    if node is None or node >= trace.graph.leaf_count:
        return ""
    inputs = "the parameter " if trace.updates is not None else "the input "
    kinds = {int(Leaf.INPUT): inputs, int(Leaf.DATA): "the data point ", int(Leaf.CONSTANT): "the number "}
    return kinds[int(trace.graph.codes[node])]
