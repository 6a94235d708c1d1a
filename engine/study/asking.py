"""Reads what is asked for, such as `f`, `∂f/∂a` or `∂s/∂l`, as a number of a walk."""

from __future__ import annotations

from ..errors import GradwalkError, listing, quoted
from ..language.names import normal
from ..language.step_key import StepKey, StepName
from ..walk.local import Locals
from ..walk.trace import Trace
from .asked import Asked
from .scope import find_node
from .task import TaskKind


def read_asked(trace: Trace, ask: str) -> Asked:
    """Read what is asked for: `f` is a value, `∂f/∂a` of the output f the whole gradient, any other `∂s/∂l` is local.

    A derivative may be spelt with d. Raises GradwalkError where the walk has no such number.
    """
    text = normal(" ".join(ask.split()))
    local = _of_the_output(trace, text)
    if local is not None:
        return local
    name = StepName.read(text.replace(" / ", "/"))
    if name.is_update or name.is_tangent:
        kind = "the update of a parameter" if name.is_update else "a tangent"
        raise GradwalkError(f"{quoted(ask)} is {kind}; what can be asked for is a value or a derivative, such as ∂f/∂a")
    nodes = [find_node(trace.graph, label) for label in name.labels]
    if not name.of:
        return _value(trace, nodes[0])
    if trace.tangents is not None:
        raise GradwalkError(f"in forward mode there are no gradients to ask for; {quoted(ask)} belongs to reverse mode")
    of, by = nodes
    return _gradient(trace, by) if of == trace.graph.output else _local(trace, name, of, by)


def _value(trace: Trace, node: int) -> Asked:
    if node < trace.graph.leaf_count:
        return Asked(trace, TaskKind.VALUE, 0, node)
    return Asked(trace, TaskKind.VALUE, node - trace.graph.leaf_count + 1)


def _gradient(trace: Trace, node: int) -> Asked:
    graph = trace.graph
    if node == graph.output:
        return Asked(trace, TaskKind.GRADIENT, trace.seed_step)
    if not graph.carries_gradient[node]:
        output, label = graph.label(graph.output), graph.label(node)
        reason = f"{output} does not use {label}" if node >= graph.leaf_count else f"{label} is a constant"
        raise GradwalkError(f"there is no derivative by {label}: {reason}")
    count = graph.edges.write_count(node)
    if not count:
        return Asked(trace, TaskKind.GRADIENT, 0, node)
    return Asked(trace, TaskKind.GRADIENT, trace.seed_step + 1 + graph.edges.write(node, count - 1))


def _local(trace: Trace, name: StepName, of: int, by: int) -> Asked:
    graph = trace.graph
    key, *others = name.keys(graph) or (None,)
    if key is None:
        operands = graph.operands_of(of).tolist()
        output = graph.label(graph.output)
        if by in operands:
            reason = f"{output} does not use {name.of}" if graph.carries_gradient[by] else f"{name.label} is a constant"
            raise GradwalkError(f"the walk has no {name}: {reason}")
        labels = listing(graph.label(operand) for operand in operands)
        reason = f"the operands of {name.of} are {labels}" if operands else f"{name.of} is no operation"
        instead = StepName.derivative(output, name.label)
        raise GradwalkError(f"{name} is no local derivative: {reason}; what can be asked for is {instead}")
    if others:
        raise GradwalkError(
            f"{name.of} uses {name.label} at {1 + len(others)} places, each with a local derivative of its own; "
            f"what can be asked for is {StepName.derivative(graph.label(graph.output), name.label)}"
        )
    return _along(trace, key)


def _along(trace: Trace, key: StepKey) -> Asked:
    number = trace.number(key)
    assert number is not None, "the walk back goes along each of these edges"
    return Asked(trace, TaskKind.LOCAL_DERIVATIVE, number)


def _of_the_output(trace: Trace, text: str) -> Asked | None:
    """Return the local derivative of the output that is called so, `∂(t1 + x)/∂x`; None where it is called otherwise.

    The output's local derivatives have such names where several contributions make the gradient.
    """
    graph = trace.graph
    if trace.tangents is not None or not text.startswith("∂("):
        return None
    for edge in list(graph.edges.of_consumer(graph.output))[:50]:
        asked = Asked(trace, TaskKind.LOCAL_DERIVATIVE, trace.seed_step + 1 + edge)
        if Locals(trace.numbers).name(graph.output, asked.node) == text:
            return asked
    return None
