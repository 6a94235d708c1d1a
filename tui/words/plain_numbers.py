"""What is known in a walk, in sentences: values, gradients, and the result."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...engine.walk.trace import State, Trace
from .lines import Line, line
from .plain_parts import MOST_NUMBERS, derivative_name, exact, first_up, number_words, series

_MOST_NODES = 50
"""Of a large graph so many inputs and operations are looked at."""


def result_sentences(trace: Trace, digits: int = 0) -> list[Line]:
    """Say what the whole walk found: the output, and its derivative by each input."""
    graph, end, notation = trace.graph, trace.state(trace.total), trace.numbers.notation
    output = notation.label(graph.label(graph.output))
    value = _result(trace, trace.values.item(graph.output), end.value_undefined(graph.output), digits, graph.output)
    lines = [line(f"The walk is complete: {output}{notation.equals}{value}.")]
    if trace.tangent_of is not None:
        by = trace.tangent_of
        found = end.tangent(graph.output) or 0.0
        slope = number_words(notation, found, end.tangent_undefined(graph.output), digits)
        if not end.tangent_undefined(graph.output):
            slope += exact(trace.numbers.exact_value(trace.numbers.closed.tangent(by, graph.output), found, digits),
                           notation)  # fmt: skip
        return [*lines, line(f"{first_up(_gradient_name(trace, by))}{notation.equals}{slope}.")]
    inputs: list[int] = np.flatnonzero(graph.carries_gradient[: graph.leaf_count]).tolist()
    said = [_gradient(trace, end, leaf, digits) for leaf in inputs[:MOST_NUMBERS]]
    return [*lines, line(f"{first_up(series(said, len(inputs)))}.")] if said else lines


def value_sentences(state: State, digits: int = 0, nodes: Sequence[int] = ()) -> list[Line]:
    """Say the values of some nodes, or of all that have a name; what is not known yet has a sentence of its own."""
    graph, notation = state.trace.graph, state.trace.numbers.notation
    chosen, left_out = (nodes, "") if nodes else _named(state.trace)
    known = [node for node in chosen if state.value(node) is not None]
    said = [
        f"{notation.label(graph.label(node))}{notation.equals}"
        f"{number_words(notation, state.value(node) or 0.0, state.value_undefined(node), digits)}"
        for node in known[:MOST_NUMBERS]
    ]
    return _known_and_unknown(state.trace, said, known, chosen, left_out, "value")


def gradient_sentences(state: State, digits: int = 0, nodes: Sequence[int] = ()) -> list[Line]:
    """Say the gradients of some nodes, or of all that have a name, as accumulated so far."""
    trace = state.trace
    some, left_out = (nodes, "") if nodes else _named(trace)
    chosen = [node for node in some if trace.graph.carries_gradient[node]]
    if not chosen:
        return [line("A constant carries no gradient." if nodes else "Nothing here carries a gradient.")]
    read = state.tangent if trace.tangents is not None else state.gradient
    known = [node for node in chosen if read(node) is not None]
    said = [_gradient(trace, state, node, digits) for node in known[:MOST_NUMBERS]]
    what = "gradient" if trace.tangents is None else "tangent"
    return _known_and_unknown(trace, said, known, chosen, left_out, what)


def _gradient_name(trace: Trace, node: int) -> str:
    graph, notation = trace.graph, trace.numbers.notation
    if trace.tangents is not None and node != trace.tangent_of:
        return notation.tangent(notation.label(graph.label(node)))
    return derivative_name(notation, graph.label(graph.output), graph.label(node))


def _gradient(trace: Trace, state: State, node: int, digits: int) -> str:
    """Say a gradient as accumulated so far, or in forward mode a tangent."""
    graph, notation, closed = trace.graph, trace.numbers.notation, trace.numbers.closed
    if trace.tangents is not None:
        name = notation.tangent(notation.label(graph.label(node)))
        number = number_words(notation, state.tangent(node) or 0.0, state.tangent_undefined(node), digits)
        return f"{name}{notation.equals}{number}"
    name = derivative_name(notation, graph.label(graph.output), graph.label(node))
    found, undefined = state.gradient(node) or 0.0, state.gradient_undefined(node)
    number = number_words(notation, found, undefined, digits)
    taken, count = state.contributions_taken(node), state.contribution_count(node)
    if taken < count:
        return f"{name}{notation.equals}{number} after {taken} of {count} contributions"
    if not undefined:
        number += exact(trace.numbers.exact_value(closed.gradient(node), found, digits), notation)
    return f"{name}{notation.equals}{number}"


def _result(trace: Trace, value: float, undefined: bool, digits: int, node: int) -> str:
    notation, numbers = trace.numbers.notation, trace.numbers
    words = number_words(notation, value, undefined, digits)
    return (
        words if undefined else words + exact(numbers.exact_value(numbers.closed.value(node), value, digits), notation)
    )


def _named(trace: Trace) -> tuple[list[int], str]:
    """Return the nodes of a walk, inputs first, of a large one some of them; and a sentence about those left out."""
    graph = trace.graph
    leaves = [leaf for leaf in range(min(graph.leaf_count, _MOST_NODES)) if leaf in graph.names]
    operations = range(graph.leaf_count, min(len(graph), graph.leaf_count + _MOST_NODES))
    is_all = graph.leaf_count <= _MOST_NODES and len(graph) - graph.leaf_count <= _MOST_NODES
    left_out = "" if is_all else f"The graph has {len(graph):,} nodes: with a name behind it, this says any of them."
    return [*leaves, *operations], left_out


def _known_and_unknown(
    trace: Trace, said: Sequence[str], known: Sequence[int], chosen: Sequence[int], left_out: str, what: str
) -> list[Line]:
    """Say what is known, how many more there are, what is not known yet, and what else there is."""
    notation, graph = trace.numbers.notation, trace.graph
    lines = [line(f"{first_up(series(said, len(known)))}.")] if said else []
    unknown = [node for node in chosen if node not in frozenset(known)]
    if unknown:
        names = [notation.label(graph.label(node)) for node in unknown[:MOST_NUMBERS]]
        lines.append(line(f"No {what} yet: {series(names, len(unknown))}."))
    return [*lines, *([line(left_out)] if left_out else [])]
