"""Which step of a walk an exercise asks for, and which numbers it tells, so that only the right way leads there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..language.step_key import derivative
from ..walk.exact_value import ExactValue
from ..walk.trace import Trace
from .drill_aims import Aim, DrillKind
from .skills import SEVERAL

_SLOPES_OF_ONE = frozenset({"add", "sub", "neg", "relu", "max"})
"""Operations whose local derivatives are 0, 1 or -1 wherever they stand."""


@dataclass(frozen=True)
class Given:
    """A number that an exercise tells: what it is called, and its closed form where that says more.

    `is_so_far` says that it is a gradient that waits for further contributions.
    """

    name: str
    number: float
    exact: ExactValue | None = None
    is_so_far: bool = False


def telling_steps(aim: Aim, trace: Trace) -> list[int]:
    """Return the steps of a walk that an exercise with an aim can ask for.

    The right number is none that a usual wrong way leads to: no factor is 1 where it could be forgotten unnoticed, and
    no derivative happens to be the value of a node.
    """
    graph = trace.graph
    match aim.kind:
        case DrillKind.VALUE:
            return [number for number in range(1, trace.seed_step) if _rule(trace, trace.node_of(number)) == aim.rule]
        case DrillKind.LOCAL:
            return [number for number in _of_rule(aim, trace) if _is_telling_local(trace, number)]
        case DrillKind.CONTRIBUTION:
            return [number for number in _of_rule(aim, trace) if _is_telling_contribution(trace, number)]
        case DrillKind.ACCUMULATED:
            return [number for number in _backward(trace) if _is_telling_sum(trace, number)]
        case DrillKind.GRADIENT:
            steps = [trace.gradient_steps(leaf) for leaf in range(graph.leaf_count) if graph.carries_gradient[leaf]]
            several = aim.rule == SEVERAL
            return [found[-1] for found in steps if found and (len(found) > 1) is several and _is_far(trace, found)]
        case DrillKind.EQUATION:
            return [trace.forward_steps]


def given(kind: DrillKind, trace: Trace, step: int) -> Iterator[Given]:
    """Tell the numbers that an exercise about a step does not ask for, besides the values of the inputs."""
    graph, numbers, closed = trace.graph, trace.numbers, trace.numbers.closed
    match kind:
        case DrillKind.EQUATION:
            return
        case DrillKind.VALUE:
            told = graph.operands_of(trace.node_of(step)).tolist()
        case DrillKind.GRADIENT:
            told = range(len(graph))
        case _:
            told = graph.operands_of(trace.key(step).node).tolist()
    for node in sorted({*told} - {*range(graph.leaf_count)}):
        value = trace.values.item(node)
        yield Given(graph.label(node), value, numbers.exact_value(closed.value(node), value))
    if kind not in (DrillKind.CONTRIBUTION, DrillKind.ACCUMULATED):
        return
    output, consumer, edge = graph.label(graph.output), trace.key(step).node, step - trace.seed_step - 1
    upstream = trace.backward.gradients.item(consumer)
    exact = numbers.exact_value(closed.gradient(consumer), upstream)
    yield Given(derivative(output, graph.label(consumer)), upstream, exact)
    if kind is DrillKind.ACCUMULATED:
        target = graph.edges.targets.item(edge)
        earlier = graph.edges.write(target, graph.edges.writes_before(target, edge) - 1)
        before = trace.backward.accumulated.item(earlier)
        exact = numbers.exact_value(closed.accumulated(earlier), before)
        yield Given(derivative(output, graph.label(target)), before, exact, is_so_far=True)


def _rule(trace: Trace, node: int) -> str:
    op = trace.graph.op(node)
    return "" if op is None else op.name


def _backward(trace: Trace) -> range:
    return range(trace.seed_step + 1, trace.last_backward_step + 1)


def _of_rule(aim: Aim, trace: Trace) -> list[int]:
    return [number for number in _backward(trace) if _rule(trace, trace.key(number).node) == aim.rule]


def _is_telling_local(trace: Trace, number: int) -> bool:
    graph, consumer = trace.graph, trace.key(number).node
    operand, local = trace.node_of(number), trace.backward.locals.item(number - trace.seed_step - 1)
    if consumer == graph.output and graph.edges.write_count(operand) > 1:
        return False  # ∂f/∂x would be asked for, and would also be the name of the sum
    rule = _rule(trace, consumer)
    wrong = {0.0, 1.0, trace.values.item(operand)}
    if rule != "exp":
        wrong.add(trace.values.item(consumer))
    return rule in _SLOPES_OF_ONE or local not in wrong


def _is_telling_contribution(trace: Trace, number: int) -> bool:
    edge, consumer = number - trace.seed_step - 1, trace.key(number).node
    upstream, local = trace.backward.gradients.item(consumer), trace.backward.locals.item(edge)
    contribution = trace.backward.contributions.item(edge)
    if abs(upstream) in (0.0, 1.0):
        return False
    if _rule(trace, consumer) in _SLOPES_OF_ONE:
        return contribution != trace.values.item(trace.node_of(number))
    return abs(local) not in (0.0, 1.0) and contribution not in {upstream, local, trace.values.item(consumer)}


def _is_telling_sum(trace: Trace, number: int) -> bool:
    edge, edges, target = number - trace.seed_step - 1, trace.graph.edges, trace.node_of(number)
    earlier = edges.writes_before(target, edge)
    if not earlier:
        return False
    contribution, after = trace.backward.contributions.item(edge), trace.backward.accumulated.item(edge)
    upstream = trace.backward.gradients.item(trace.key(number).node)
    return 0.0 not in (contribution, after, after - contribution) and abs(upstream) != 0 and after != contribution


def _is_far(trace: Trace, steps: list[int]) -> bool:
    """Say whether a gradient is more than one factor, and not 0 or 1."""
    whole = trace.backward.accumulated.item(steps[-1] - trace.seed_step - 1)
    return abs(whole) not in (0.0, 1.0) and any(trace.key(number).node != trace.graph.output for number in steps)
