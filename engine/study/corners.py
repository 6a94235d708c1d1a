"""Answers at a corner, where a slope has two sides: the walk takes one number, and mathematics has none."""

from __future__ import annotations

from dataclasses import dataclass

from ..checking.precise_walk import DIGITS, MOST_NODES, PreciseWalk
from ..rules.number_text import format_number
from ..rules.precise import Precise, precision
from ..walk.local import Locals
from ..walk.trace import Trace
from .answer import Answer, is_right
from .asked import Asked
from .task import TaskKind
from .verdict import Verdict

_STEP = 1e-15
_DIFFERENT, _FLAT = 1e-6, 1e-6
"""Slopes differ by more than this part of the larger one, or of a slope that is as good as 0 beside such a step."""
_NONE, _SLOPE_DIGITS = 1e-9, 12
_NEAR = 1e-6
"""A corner that is farther away than this is beyond such a step, unless what lies between is very steep."""
_STEEPEST = 1e9
"""A steeper slope is that of a jump: its height divided by the step."""


def corner_verdict(asked: Asked, answer: Answer) -> Verdict | None:
    """Judge an answer that is not the walk's number where there is a corner; None where there is none, or it is wrong.

    At a corner of relu any slope between those of the two sides is as good as the one that the walk takes, and that
    there is no derivative is right too. Of a whole gradient behind a corner the slopes on the two sides are.
    """
    found = sides(asked)
    if found is None:
        return None
    if answer.value is None:
        return Verdict(answer.text, None, True, "Right.", remark=found.none_remark) if found.none_remark else None
    if found.low is None or found.high is None:
        return None
    is_right_too = found.is_between_right and found.low <= answer.value <= found.high
    if not (is_right_too or is_right(answer, found.low) or is_right(answer, found.high)):
        return None
    return Verdict(answer.text, answer.value, True, "Right.", remark=found.remark)


@dataclass(frozen=True, slots=True)
class Sides:
    """What is right at a corner besides the walk's number.

    `low` and `high` are the slopes on the two sides, None where no other number is right; `is_between_right` says that
    those between them are right too, `remark` what is said then. `none_remark` is said where the answer is that there
    is no derivative; it is empty where that is wrong.
    """

    low: float | None
    high: float | None
    is_between_right: bool
    remark: str
    none_remark: str


def sides(asked: Asked) -> Sides | None:
    """Return what is right at a corner besides the walk's number; None where there is no corner, or it is not known."""
    if asked.kind is TaskKind.VALUE or not asked.exists or asked.consumer is None:
        return None
    taken = format_number(asked.right)
    if asked.kind is TaskKind.LOCAL_DERIVATIVE:
        corner = Locals(asked.trace.numbers).corner(asked.consumer, asked.key.position)
        if corner is None:
            return None
        none_remark = f"There is no derivative here; the walk goes on with {taken}."
        if corner.is_jump:
            return Sides(None, None, False, "", none_remark)
        low, high = sorted((corner.left, corner.right))
        return _two_sides(low, high, taken, none_remark, is_between_right=True)
    none_remark = ""
    if _has_two_sides(asked):
        none_remark = f"There is a corner on the way, and the slopes on its two sides differ; the walk takes {taken}."
    if asked.is_whole and _is_before_a_corner(asked):
        left, right = _slopes(asked, asked.node)
        if left != right and max(abs(left), abs(right)) <= _STEEPEST:
            return _two_sides(min(left, right), max(left, right), taken, none_remark)
    return Sides(None, None, False, "", none_remark) if none_remark else None


def _two_sides(low: float, high: float, taken: str, none_remark: str, *, is_between_right: bool = False) -> Sides:
    below, above = format_number(low), format_number(high)
    remark = f"The slope is {below} on one side and {above} on the other; the walk takes {taken}."
    return Sides(low, high, is_between_right, remark, none_remark)


def _has_two_sides(asked: Asked) -> bool:
    """Say whether a contribution or a gradient has another slope on either side; False where that cannot be known."""
    graph, edge = asked.graph, asked.edge
    if edge is None or graph.leaf_count > MOST_NODES:
        return False
    if asked.is_whole:
        return _slopes_differ(asked, asked.node)
    edges = [edge]
    if asked.kind is TaskKind.GRADIENT:
        edges = [each for each in graph.edges.into(asked.node)[:MOST_NODES].tolist() if each <= edge]
    locals_ = Locals(asked.trace.numbers)
    keys = [asked.trace.key(asked.trace.seed_step + 1 + each) for each in edges]
    at_corner = any(locals_.corner(key.node, key.position) is not None for key in keys)
    return at_corner or any(_slopes_differ(asked, key.node) for key in keys)


def _is_before_a_corner(asked: Asked) -> bool:
    """Say whether an operation that hangs on the node stands at its corner; False in a graph of very many nodes."""
    return len(asked.graph) <= MOST_NODES and _leads_to_a_corner(asked.trace, asked.node)


def _leads_to_a_corner(trace: Trace, start: int, near: float = 0.0) -> bool:
    """Say whether an operation that hangs on a node stands at its corner, or no farther than `near` from it."""
    graph, values = trace.graph, trace.values
    hanging = {start}
    for node in range(max(start + 1, graph.leaf_count), len(graph)):
        operands: list[int] = graph.operands_of(node).tolist()
        if hanging.isdisjoint(operands):
            continue
        hanging.add(node)
        op = graph.op(node)
        if op is not None and op.corners is not None and abs(op.corners.side(*values[operands].tolist())) <= near:
            return True
    return False


def _slopes_differ(asked: Asked, node: int) -> bool:
    if not _leads_to_a_corner(asked.trace, node, _NEAR):
        return False
    left, right = _slopes(asked, node)
    return left != right


def _slopes(asked: Asked, node: int) -> tuple[float, float]:
    """Return the slopes of the output on the two sides of a node's value, the same twice where they cannot be known."""
    graph, values = asked.graph, asked.trace.values
    with precision(DIGITS):
        given = {leaf: Precise(values.item(leaf)) for leaf in range(graph.leaf_count)}
        step = Precise(_STEP * max(1.0, abs(values.item(node))))
        there = Precise(values.item(node))
        outputs = [
            PreciseWalk(graph, {**given, node: at}).value(graph.output) for at in (there - step, there, there + step)
        ]
        before, here, after = outputs
        if before is None or here is None or after is None:
            return 0.0, 0.0
        left, right = float((here - before) / step), float((after - here) / step)
    size = max(abs(left), abs(right), _FLAT)
    if abs(left - right) <= _DIFFERENT * size:
        return left, left
    return _without_the_step(left, size), _without_the_step(right, size)


def _without_the_step(slope: float, size: float) -> float:
    """Return a slope without what a step that is not 0 has made of it: rounded, and 0 where it is as good as that."""
    return 0.0 if abs(slope) < _NONE * size else float(f"{slope:.{_SLOPE_DIGITS}g}")
