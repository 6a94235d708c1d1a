"""`derivative`: the graph that computes the derivative of a graph's output by one of its inputs.

It is the backward pass, recorded: the rules of the op table are arithmetic, so applied to `Recorded` operands they
append nodes where they compute numbers otherwise. What comes of it is a graph like any other, which can be walked,
run, and differentiated again.

>>> from gradwalk.engine.scalar import Scalar
>>> x = Scalar(3.0, "x")
>>> first = derivative((x * x * x).named("f").graph(), "x")
>>> second = derivative(first, "x")
>>> second.label(second.output), run(second).values[second.output].item()
('∂²f/∂x²', 18.0)
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from ..arrays import Flags, Floats
from ..errors import GraphError
from ..graph.graph import Graph, Leaf, Provenance, led_to
from ..graph.names import Names
from ..graph.origin import Origin, OriginKind
from ..graph.tape import Tape
from ..rules.derivative_name import DerivativeName
from ..rules.ops import CODES, N_ARY
from ..run.plan import run
from ..walk.tangents import check_input, input_called
from .recorded import Recorded, Recorder

MOST_EDGES = 300_000
"""A graph with more edges on the way from the input to the output is not differentiated: its derivative is larger."""

_SUM = CODES["sum"]


def derivative(
    graph: Graph,
    by: str | int,
    values: Floats | None = None,
    report: Callable[[float], None] = lambda done: None,
) -> Graph:
    """Return the graph of ∂output/∂by, for an input `by` its name or its node.

    It has those nodes of `graph` that the derivative needs, under their own labels, and the recorded backward pass:
    accumulated gradients are called `∂f/∂s`, local derivatives `∂r/∂s`, and what has no such name `tt1`, `tt2`, ...
    (`t1` is that of `graph`). All inputs stay, whether it needs them or not.
    Its `provenance` says what each node comes from. Where a rule chooses a slope at a corner, the derivative is that of
    the rule: `step(x)` for `relu(x)`, and 0 for `step(x)`.

    `values` are those of the nodes, float64[n], where they are known; `report` is told which part is done (0 to 1), and
    may raise to stop. Raises GraphError where `by` is no input, the output is undefined, or the graph is too large.
    """
    node = by if isinstance(by, int) else input_called(graph, by)
    check_input(graph, node)
    return _Differentiation(graph, node, run(graph).values if values is None else values).graph(report)


class _Differentiation:
    """One backward pass over `graph`, recorded on a tape that begins with the nodes of the graph itself."""

    def __init__(self, graph: Graph, by: int, values: Floats) -> None:
        self._graph = graph
        self._by = by
        self._depends: Flags = led_to(np.arange(len(graph)) == by, graph.operands, graph.consumers())
        self._depends &= graph.carries_gradient
        undefined = ~np.isfinite(values)
        if undefined.any() and led_to(undefined, graph.operands, graph.consumers())[graph.output]:
            raise GraphError(
                f"{graph.label(graph.output)} is undefined at these inputs, so it has no derivatives there"
            )
        edges = int(np.count_nonzero(self._depends[graph.operands] & graph.carried))
        if edges > MOST_EDGES:
            message = f"{edges:,} edges lead from {graph.label(by)} to {graph.label(graph.output)}"
            raise GraphError(f"{message}; a graph with more than {MOST_EDGES:,} is not differentiated")
        self._label = functools.cache(graph.label)
        self._tape = _tape_of(graph, values)
        self._recorder = Recorder(self._tape)
        self._pending: dict[int, list[Recorded]] = {}

    def graph(self, report: Callable[[float], None]) -> Graph:
        """Record the pass, and cut out what the derivative needs."""
        graph = self._graph
        self._pending[graph.output] = [self._recorder.number(1.0)]
        consumers = np.flatnonzero(self._depends[graph.leaf_count :]) + graph.leaf_count
        for number, consumer in enumerate(reversed(consumers.tolist())):
            if not number % 1_000:
                report(number / len(consumers))
            upstream = self._accumulated(consumer)
            if upstream is not None:
                self._take(consumer, upstream)
        output = self._result(self._accumulated(self._by))
        self._name_originals()
        names = self._name_derivatives(output)
        self._tape.names.update(names)
        inputs = np.flatnonzero(graph.codes[: graph.leaf_count] == Leaf.INPUT).astype(np.int32)
        cut, kept = self._tape.cut(output, inputs[inputs < output])
        origins = {
            place: tuple(self._recorder.origins.get(node, ()))
            for place, node in enumerate(kept.tolist())
            if node >= len(graph)
        }
        sources = np.where(kept < len(graph), kept, -1).astype(np.int32)
        function, variables = self._function_and_variables()
        provenance = Provenance(graph, self._by, function, variables, sources, origins)
        written = {
            place: graph.written[source] for place, source in enumerate(sources.tolist()) if source in graph.written
        }
        names = self._with_all_names(cut, len(variables))
        return replace(cut, names=names, written=written, provenance=provenance)

    # ---- the pass

    def _accumulated(self, node: int) -> Recorded | None:
        """Return the gradient of a node, all its contributions added in walk order; None where it is 0."""
        contributions = self._pending.pop(node, None)
        if not contributions:
            return None
        gradient = contributions[0]
        if len(contributions) == 2:
            gradient = gradient + contributions[1]
        elif len(contributions) > 2:
            gradient = self._recorder.operation(_SUM, *contributions)
        gradient.comes_from([Origin(OriginKind.GRADIENT, node)])
        return gradient

    def _take(self, consumer: int, upstream: Recorded) -> None:
        """Take all edges of a consumer: hand each operand upstream · local."""
        graph, op = self._graph, self._graph.op(consumer)
        assert op is not None, "the nodes after the leaves are operations"
        operand_nodes: list[int] = graph.operands_of(consumer).tolist()
        operands = [self._operand(node) for node in operand_nodes]
        out = self._recorder.node(consumer)
        shared: Recorded | None = None  # an n-ary operation has one rule for all its operands
        for position, operand in enumerate(operand_nodes):
            if not self._depends[operand]:
                continue
            edge = (consumer, position)
            before = len(self._tape)
            local = shared
            if local is None:
                local = self._recorder.operand(graph.partial(consumer, position)(*operands, out=out))
                self._mark(range(before, len(self._tape)), local, Origin(OriginKind.LOCAL_PART, *edge))
                if op.arity is N_ARY:
                    shared = local
            local = local.fresh()
            local.comes_from([Origin(OriginKind.LOCAL, *edge)])
            factor = upstream.fresh()
            if factor.constant is not None:
                factor.comes_from([Origin(OriginKind.GRADIENT, consumer)])
            contribution = factor * local
            if contribution.constant == 0:
                continue
            contribution.comes_from([Origin(OriginKind.CONTRIBUTION, *edge)])
            self._pending.setdefault(operand, []).append(contribution)

    def _operand(self, node: int) -> Recorded:
        graph = self._graph
        if node < graph.leaf_count and graph.codes[node] == Leaf.CONSTANT and node not in graph.names:
            return self._recorder.number(float(graph.leaf_values[node]))
        return self._recorder.node(node)

    def _mark(self, nodes: Iterable[int], local: Recorded, origin: Origin) -> None:
        for node in nodes:
            if node != local.node:
                self._recorder.origins.setdefault(node, []).append(origin)

    def _result(self, gradient: Recorded | None) -> int:
        """Return the node of the derivative: a new one, whatever the last gradient is."""
        if gradient is None:
            gradient = self._recorder.number(0.0)
            gradient.comes_from([Origin(OriginKind.GRADIENT, self._by)])
        node = gradient.node
        if node is None:
            return gradient.on_tape()
        if node < len(self._graph):  # a node of the graph itself, such as y for ∂(x·y)/∂x, keeps its own name
            seed = self._recorder.number(1.0)
            seed.comes_from([Origin(OriginKind.GRADIENT, self._graph.output)])
            product = self._recorder.operation(CODES["mul"], seed, gradient)
            product.comes_from([Origin(OriginKind.GRADIENT, self._by)])
            return product.on_tape()
        return node

    # ---- names

    def _function_and_variables(self) -> tuple[str, tuple[str, ...]]:
        graph = self._graph
        variable = graph.label(self._by)
        if graph.provenance is None:
            return graph.label(graph.output), (variable,)
        return graph.provenance.function, (*graph.provenance.variables, variable)

    def _name_originals(self) -> None:
        """Give the nodes of the graph the labels that they have in it, so that t1 stays t1."""
        constant, names = int(Leaf.CONSTANT), self._graph.names
        for node, code in enumerate(self._graph.codes.tolist()):
            if code != constant or node in names:
                self._tape.names[node] = self._label(node)

    def _with_all_names(self, cut: Graph, order: int) -> Names:
        """Number what has no name yet, with one more t than what has none in the graph: t1 stays t1 of the first."""
        own = self._graph.names.unnamed_prefix  # what its nodes have, or, where all have a name, would have
        prefix = max(own if self._graph.provenance else f"{own}t", "t" * (order + 1), key=len)
        names = dict(cut.names.single)
        unnamed = (node for node in range(cut.leaf_count, len(cut)) if node not in cut.names)
        names.update({node: f"{prefix}{number}" for number, node in enumerate(unnamed, 1)})
        return Names(names)

    def _name_derivatives(self, output: int) -> dict[int, str]:
        """Name what was recorded: the derivative itself, then the gradients, then the local derivatives."""
        names = {output: str(DerivativeName.of_order(*self._function_and_variables()))}
        taken = {*self._tape.names.values(), *names.values()}
        for kind in (OriginKind.GRADIENT, OriginKind.LOCAL):
            for node, origins in self._recorder.origins.items():
                if node < len(self._graph) or node in names:
                    continue
                if self._tape.codes[node] < 0:  # a number is called by what it is
                    continue
                own = [origin for origin in origins if origin.kind is kind]
                name = self._name_of(own[-1]) if own else None
                if name is not None and name not in taken:
                    names[node] = name
                    taken.add(name)
        return names

    def _name_of(self, origin: Origin) -> str | None:
        """Return what something is called; None for a local derivative whose name would say more than it is."""
        graph = self._graph
        if origin.kind is OriginKind.GRADIENT:
            return str(DerivativeName(self._label(graph.output), ((self._label(origin.node), 1),)))
        operands: list[int] = graph.operands_of(origin.node).tolist()
        operand = operands[origin.position]
        if operands.count(operand) > 1 or (origin.node == graph.output and graph.edges.write_count(operand) > 1):
            return None
        return str(DerivativeName(self._label(origin.node), ((self._label(operand), 1),)))


def _tape_of(graph: Graph, values: Floats) -> Tape:
    """Put a graph on a tape of its own, every node with its number."""
    tape = Tape()
    tape.codes.frombytes(graph.codes.tobytes())
    tape.operands.frombytes(graph.operands.tobytes())
    tape.values.frombytes(np.ascontiguousarray(values, dtype=np.float64).tobytes())
    tape.n_ary_operand_counts = graph.n_ary_operand_counts()
    return tape
