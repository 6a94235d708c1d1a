"""Answers at a corner, where a slope has two sides: the walk takes one number, and mathematics has none."""

from __future__ import annotations

from ..checking.precise_walk import DIGITS, MOST_NODES, PreciseWalk
from ..rules.number_text import format_number
from ..rules.precise import Precise, precision
from ..walk.local import Locals
from .answer import Answer, is_right
from .asked import Asked
from .task import TaskKind
from .verdict import Verdict

_STEP = 1e-15
_DIFFERENT, _FLAT = 1e-6, 1e-6
"""Slopes differ by more than this part of the larger one, or of a slope that is as good as 0 beside such a step."""


def corner_verdict(asked: Asked, answer: Answer) -> Verdict | None:
    """Judge an answer that is not the walk's number where there is a corner; None where there is none, or it is wrong.

    At a corner of relu any slope between those of the two sides is as good as the one that the walk takes, and that
    there is no derivative is right too.
    """
    if asked.kind is TaskKind.VALUE or not asked.exists or asked.consumer is None:
        return None
    taken = format_number(asked.right)
    if asked.kind is TaskKind.LOCAL_DERIVATIVE:
        corner = Locals(asked.trace.numbers).corner(asked.consumer, asked.key.position)
        if corner is None:
            return None
        if answer.value is None:
            remark = f"There is no derivative here; the walk goes on with {taken}."
            return Verdict(answer.text, None, True, "Right.", remark=remark)
        sides = sorted((corner.left, corner.right))
        if corner.is_jump or not (sides[0] <= answer.value <= sides[1] or any(is_right(answer, s) for s in sides)):
            return None
        low, high = map(format_number, sides)
        remark = f"The slope is {low} on one side and {high} on the other; the walk takes {taken}."
        return Verdict(answer.text, answer.value, True, "Right.", remark=remark)
    if answer.value is None and _has_two_sides(asked):
        remark = f"There is a corner on the way, and the slopes on its two sides differ; the walk takes {taken}."
        return Verdict(answer.text, None, True, "Right.", remark=remark)
    return None


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


def _slopes_differ(asked: Asked, node: int) -> bool:
    """Compare the slopes of the output on the two sides of a node's value, to many digits."""
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
            return False
        left, right = float((here - before) / step), float((after - here) / step)
    return abs(left - right) > _DIFFERENT * max(abs(left), abs(right), _FLAT)
