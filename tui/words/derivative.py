"""How the walk of a derivative reads: its title, what it is about, and what each of its nodes comes from."""

from __future__ import annotations

from ...engine.graph.graph import Graph, Provenance
from ...engine.graph.origin import Origin, OriginKind
from ...engine.rules.derivative_name import DerivativeName
from ...engine.rules.notation import Notation
from ...engine.walk.origin_steps import step_of
from .lines import Line, Piece, labelled

_LABEL = 19
"""Cells of the first column of a step."""

_MOST_ORIGINS = 5
_MOST_LEVELS = 6


def derivative_title(name: str, graph: Graph) -> str:
    """Return the title of the walk of a derivative: `∂f/∂a of fabc`."""
    return f"{graph.label(graph.output)} of {name}"


def derivative_intro(graph: Graph, provenance: Provenance) -> str:
    """Say what the walk of a derivative is about."""
    name = graph.label(graph.output)
    before = provenance.of.label(provenance.of.output)
    by = provenance.of.label(provenance.by)
    written = f"∂({before})/∂{by}" if len(provenance.variables) > 1 else name
    meaning = "" if written == name else f" = {written}"
    inputs = [graph.label(leaf) for leaf in range(graph.leaf_count) if graph.carries_gradient[leaf]]
    further = DerivativeName.of_order(provenance.function, (*provenance.variables, inputs[0])) if inputs else ""
    return (
        f"This graph computes {name}{meaning}: it is the backward pass of the walk of {before}, recorded as a graph of "
        f"its own. Where a step says what a node comes from, it names the step of that walk.\n\n"
        f"Forward it finds the number {name}; backward it finds the derivatives of that, such as {further}."
    )


def origin_lines(graph: Graph, node: int, notation: Notation, *, named: bool = False) -> list[Line]:
    """Say what a node of a derivative's graph is in the walk that was differentiated; nothing in any other graph.

    `named` has the node's name before it.
    """
    provenance = graph.provenance
    if provenance is None:
        return []
    origins = provenance.origins_of(node)
    name = [f"{notation.label(graph.label(node))}: "] if named else []
    lines: list[Line] = []
    for origin in origins[:_MOST_ORIGINS]:
        words = _words(provenance, origin, notation)
        lines.append(labelled("", _LABEL, *words) if lines else labelled("comes from", _LABEL, *name, *words))
    if len(origins) > _MOST_ORIGINS:
        lines.append(labelled("", _LABEL, (f"and {len(origins) - _MOST_ORIGINS} more of that walk", "label")))
    elif len(origins) > 1:
        same = "both are" if len(origins) == 2 else "all of them are"
        lines.append(labelled("", _LABEL, (f"{same} this one number: every other factor is 1", "label")))
    return [*lines, *_corner_lines(provenance, origins), *_deeper_lines(provenance, origins, notation)]


def _words(provenance: Provenance, origin: Origin, notation: Notation) -> list[str | Piece]:
    graph, where = provenance.of, _where(provenance, origin, notation)
    name = notation.label(graph.label(origin.node))
    output = notation.label(graph.label(graph.output))
    if origin.kind is OriginKind.VALUE:
        is_leaf = origin.node < graph.leaf_count
        return ["the ", "input " if is_leaf else "value ", (name, "name"), where]
    if origin.kind is OriginKind.GRADIENT:
        return ["the gradient ", (notation.derivative(output, name), "contribution"), where]
    operand = notation.label(graph.label(int(graph.operands_of(origin.node)[origin.position])))
    local: Piece = (notation.derivative(name, operand), "local")
    if origin.kind is OriginKind.CONTRIBUTION:
        upstream: Piece = (notation.derivative(output, name), "upstream")
        return ["the contribution ", upstream, notation.times, local, where]
    part = "a part of " if origin.kind is OriginKind.LOCAL_PART else ""
    return [f"{part}the local derivative ", local, where]


def _where(provenance: Provenance, origin: Origin, notation: Notation) -> str:
    """Say at which step of the first walk something is."""
    graph = provenance.of
    walk = f"the walk of {notation.label(graph.label(graph.output))}"
    step = step_of(graph, origin)
    return f" of {walk}" if step is None else f", step {step} of {walk}"


def _corner_lines(provenance: Provenance, origins: tuple[Origin, ...]) -> list[Line]:
    for origin in origins:
        op = provenance.of.op(origin.node)
        if origin.kind is OriginKind.LOCAL and op is not None and op.corners is not None:
            words = f"{op.name} has a corner: this is the slope that its rule takes, there as elsewhere"
            return [labelled("", _LABEL, (words, "label"))]
    return []


def _deeper_lines(provenance: Provenance, origins: tuple[Origin, ...], notation: Notation) -> list[Line]:
    """Follow a node that was a derivative's node before: what it came from there."""
    lines: list[Line] = []
    for _ in range(_MOST_LEVELS):
        if len(origins) != 1 or origins[0].kind is not OriginKind.VALUE or provenance.of.provenance is None:
            return lines
        node, provenance = origins[0].node, provenance.of.provenance
        origins = provenance.origins_of(node)
        if origins:
            lines.append(labelled("", _LABEL, "there ", *_words(provenance, origins[-1], notation)))
    return lines
