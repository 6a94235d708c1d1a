"""What the words about a gradient share: its name, routes to it, and what carries none."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from rich.cells import cell_len

from ...engine.graph.graph import Leaf
from ...engine.walk.equation import Equation
from ...engine.walk.path_table import MOST_PATHS
from ...engine.walk.paths import Path
from ...engine.walk.trace import Trace
from .exact import exact_words
from .lines import Line, Piece, line

_MOST_NODES = 9
_MOST_LOOKED_AT = 200
NOTHING_SELECTED = "This is about the output. Select another node with ↑ ↓ or a click, and this follows."
"""Said by a panel about a node while none is selected."""

NARROW = 50
"""Cells of a panel that has no room for long labels."""

_MOST_INLINE = 10


def gradient_name(trace: Trace, node: int) -> str:
    """Write the gradient of a node: `∂f/∂s`."""
    notation, label = trace.numbers.notation, trace.graph.label
    return notation.derivative(notation.label(label(trace.graph.output)), notation.label(label(node)))


def no_gradient_lines(trace: Trace, node: int) -> list[Line]:
    """Say why a node has no contributions and no paths; nothing where it may have some."""
    graph = trace.graph
    name, output = graph.label(node), graph.label(graph.output)
    if node == graph.output:
        about = f"{name} is the output: its gradient is the seed, 1, and nothing contributes to it."
        return [line((gradient_name(trace, node), "contribution"), " = 1"), line(about)]
    if not graph.carries_gradient[node]:
        return fixed_lines(trace, node)
    if not graph.edges.write_count(node):
        return [line((gradient_name(trace, node), "contribution"), f" = 0: {output} does not use {name}.")]
    return []


def narrow(lines: Sequence[Line]) -> list[Line]:
    """Return lines for a panel that is too narrow for their labels: a long label has a line of its own."""
    narrowed: list[Line] = []
    for said in lines:
        text, style = said.label
        label = text.strip()
        if len(label) > _MOST_INLINE:
            narrowed += [line((label, style)), Line(said.pieces, ("  ", ""))]
        else:
            narrowed.append(Line(said.pieces, (f"{label}  ", style)) if text else said)
    return narrowed


def fixed_lines(trace: Trace, node: int) -> list[Line]:
    """Say why a node carries no gradient."""
    kinds = {int(Leaf.CONSTANT): "is a fixed number", int(Leaf.DATA): "is a data point"}
    kind = kinds.get(int(trace.graph.codes[node]), "does not lead from an input to the output")
    return [line((trace.graph.label(node), "name"), f" {kind}, so it carries no gradient.")]


def forward_mode_lines() -> list[Line]:
    """Say that a walk in forward mode has no gradients."""
    return [line("This walk is in forward mode: there is no backward pass in it, so no gradients.")]


def count_words(count: int) -> str:
    """Write how many paths, or multiplications, there are: exactly, where they were counted."""
    if count < MOST_PATHS:
        return f"{count:,}"
    return f"more than 10^{len(str(MOST_PATHS)) - 1}"


def route_words(trace: Trace, path: Path) -> str:
    """Write the nodes of a path, from the output on: `f ← r ← s ← a`."""
    return nodes_words(trace, path.nodes, " ← ")


def nodes_words(trace: Trace, nodes: Sequence[int], arrow: str) -> str:
    """Write nodes with an arrow between them.

    Of many, a … stands for those between that have no name, and of very many for what is in the middle.
    """
    graph = trace.graph
    if len(nodes) <= _MOST_NODES:
        return arrow.join(map(graph.label, nodes))
    if len(nodes) <= _MOST_LOOKED_AT:
        ends = (nodes[0], nodes[-1])
        shown = [graph.label(node) if node in ends or node in graph.names else "…" for node in nodes]
        labels = [label for label, _ in itertools.groupby(shown)]
        if _MOST_NODES // 2 < len(labels) <= 2 * _MOST_NODES:
            return arrow.join(labels)
    end = _MOST_NODES // 2
    left_out = f"… {len(nodes) - 2 * end:,} more …"
    return arrow.join([*map(graph.label, nodes[:end]), left_out, *map(graph.label, nodes[-end:])])


def place_words(position: int) -> str:
    """Say which operand is meant: `(1st)`."""
    ordinal = {1: "st", 2: "nd", 3: "rd"}.get((position + 1) % 10 if position + 1 not in (11, 12, 13) else 0, "th")
    return f"({position + 1:,}{ordinal})"


def cells_of(pieces: Sequence[Piece]) -> int:
    """Return how many cells pieces take."""
    return sum(cell_len(text) for text, _ in pieces)


def sum_line(trace: Trace, total: Equation, name: str) -> Line:
    """Write what a gradient is the sum of, and its closed form, where it has one."""
    right = total.right + exact_words(total.exact, trace.numbers.notation)
    return line((name, "contribution"), f" = {total.left} {total.relation} ", (right, "contribution"))
