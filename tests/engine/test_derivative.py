"""Higher derivatives: numbers against autograd, PyTorch and hand, their graphs, and where each node comes from."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import autograd
import numpy as np
import pytest
from autograd import elementwise_grad
from gradwalk.engine.differentiate import derivative as module
from gradwalk.engine.differentiate.derivative import derivative
from gradwalk.engine.errors import GraphError
from gradwalk.engine.export.walk_document import encode
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.graph.origin import Origin, OriginKind
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.language.step_key import StepKey, StepKind
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.rules.ops import CODES, OPS, Op
from gradwalk.engine.run.plan import run
from gradwalk.engine.walk.reason import Why
from gradwalk.engine.walk.trace import Trace
from hypothesis import assume, given, settings

from .random_functions import RandomFunction, random_functions
from .random_graphs import RandomGraph, random_graphs
from .test_ops import AUTOGRAD, LONG, points
from .test_torch import JUDGES


def graph_of(expression: str, **values: str) -> Graph:
    return from_expression(expression, values).graph


def output(graph: Graph) -> float:
    return float(run(graph).values[graph.output])


def of_op(op: Op, point: tuple[float, ...]) -> Graph:
    tape = Tape()
    leaves = [tape.leaf(value, Leaf.INPUT, f"x{place}") for place, value in enumerate(point)]
    return tape.graph(tape.operation(CODES[op.name], leaves, "f"), leaves)


def repeated(function: Any, positions: list[int]) -> Any:
    for position in positions:
        function = autograd.grad(function, position)
    return function


def test_what_does_not_exist_of_numbers_alone_is_a_step_that_says_so():
    trace = Trace(derivative(graph_of("3*0^x", x="2"), "x"))
    steps = [trace.step(number) for number in range(1, trace.forward_steps + 1)]
    failed = [step for step in steps if step.undefined and step.undefined.why is Why.OUTSIDE_DOMAIN]
    assert [step.expression for step in failed] == ["ln(0)"]
    assert trace.state(trace.total).value_undefined(trace.graph.output)


class TestEveryOp:
    @pytest.mark.parametrize("op", [op for op in OPS if op.name in AUTOGRAD], ids=lambda op: op.name)
    def test_three_times_against_autograd(self, op: Op):
        for point in points(op):
            if len(point) > 2 and point not in LONG[:2]:
                continue
            graph, judge = of_op(op, point), AUTOGRAD[op.name]
            for position in range(len(point)):
                found = graph
                for order in (1, 2, 3):
                    found = derivative(found, f"x{position}")
                    expected = float(repeated(judge, [position] * order)(*map(float, point)))
                    close = pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)
                    assert output(found) == close, (point, position, order)
                    if math.isnan(expected):
                        break  # what is undefined is not differentiated again

    @pytest.mark.torch
    @pytest.mark.parametrize("op", [op for op in OPS if op.name in JUDGES and op.arity], ids=lambda op: op.name)
    def test_twice_by_every_pair_of_operands_against_pytorch(self, op: Op):
        torch = pytest.importorskip("torch", reason="PyTorch is not installed")
        for point in points(op):
            operands = tuple(torch.tensor(value, dtype=torch.float64) for value in point)
            hessian = torch.autograd.functional.hessian(JUDGES[op.name], operands)
            for first in range(len(point)):
                once = derivative(of_op(op, point), f"x{first}")
                if not math.isfinite(output(once)):
                    continue  # what is undefined is not differentiated again
                for second in range(len(point)):
                    found = output(derivative(once, f"x{second}"))
                    assert found == pytest.approx(float(hessian[first][second]), rel=1e-9, abs=1e-12, nan_ok=True)


class TestRandomGraphs:
    @settings(deadline=None, max_examples=60)
    @given(random_functions(max_lines=8))
    def test_first_and_second_derivatives_agree_with_autograd(self, function: RandomFunction):
        graph = function.recorded().graph()
        names = [f"x{place}" for place in range(len(function.inputs)) if graph.names.find(f"x{place}") is not None]
        assume(names)
        inputs = np.array(function.inputs)
        gradient, hessian = autograd.grad(function.judged), autograd.hessian(function.judged)
        by = int(names[0][1:])
        first = derivative(graph, names[0])
        assert output(first) == pytest.approx(float(gradient(inputs)[by]), rel=1e-8, abs=1e-9)
        matrix = hessian(inputs)
        for name in names:
            second = derivative(first, name)
            expected = float(matrix[by][int(name[1:])])
            assert output(second) == pytest.approx(expected, rel=1e-7, abs=1e-7)

    @settings(deadline=None, max_examples=40)
    @given(random_functions(max_lines=5))
    def test_the_third_derivative_agrees_with_autograd(self, function: RandomFunction):
        graph = function.recorded().graph()
        assume(graph.names.find("x0") is not None)
        rest = function.inputs[1:]
        judge: Any = lambda x: function.judged([x, *rest])  # noqa: E731
        expected = float(elementwise_grad(elementwise_grad(elementwise_grad(judge)))(function.inputs[0]))
        assume(abs(expected) < 1e12)
        found = graph
        for _ in range(3):
            found = derivative(found, "x0")
        assert output(found) == pytest.approx(expected, rel=1e-6, abs=1e-6)

    @given(random_graphs(numbers=(0.5, -1.5, 2.0, 3.25, 0.1)))
    def test_the_derivative_is_the_gradient_of_the_walk(self, random: RandomGraph):
        graph = random.graph()
        walk = Trace(graph)
        assume(np.isfinite(walk.values).all() and np.isfinite(walk.backward.contributions).all())
        largest = float(np.abs(walk.backward.contributions).max(initial=0.0))
        assume(largest < 1e100)
        powers = np.flatnonzero(graph.codes == CODES["pow"])
        assume(all(walk.values[graph.operands_of(node)[0]] != 0 for node in powers))  # 0ⁿ has no slope by n as recorded
        for node in np.flatnonzero(graph.codes[: graph.leaf_count] == Leaf.INPUT).tolist()[:3]:
            found = output(derivative(graph, node))
            gradient = walk.state(walk.total).gradient(node)
            assert found == pytest.approx(gradient, rel=1e-9, abs=1e-11 * max(1.0, largest))


class TestFabc:
    FIRST = derivative(load("fabc").graph, "a")

    def test_by_hand(self):
        s = 3.0
        assert output(self.FIRST) == pytest.approx(-1 / s**2)
        walk = Trace(self.FIRST)
        end = walk.state(walk.total)
        gradients = [end.gradient(self.FIRST.find(name)) for name in "abc"]
        assert gradients == pytest.approx([2 / s**3, 2 / s**3 / math.e, 0.0])
        assert output(derivative(derivative(self.FIRST, "a"), "b")) == pytest.approx(-6 / s**4 / math.e)

    def test_it_reads_as_the_chain_rule(self):
        rows = {self.FIRST.label(k): self.FIRST.expression(k) for k in range(self.FIRST.leaf_count, len(self.FIRST))}
        assert rows == {"l": "ln(b)", "s": "a + l", "tt1": "s²", "∂f/∂a": "-1/tt1"}
        second = derivative(self.FIRST, "a")
        rows = {second.label(node): second.expression(node) for node in range(second.leaf_count, len(second))}
        assert rows["∂²f/∂a²"] == "∂(∂f/∂a)/∂tt1·∂tt1/∂s"
        assert rows["∂tt1/∂s"] == "2·s"

    def test_names_of_mixed_derivatives_have_the_last_variable_first(self):
        graph = derivative(self.FIRST, "b")
        assert graph.label(graph.output) == "∂²f/∂b∂a"
        graph = derivative(graph, "b")
        assert graph.label(graph.output) == "∂³f/∂b²∂a"

    def test_an_input_that_it_does_not_need_stays_and_has_the_gradient_0(self):
        assert self.FIRST.label(2) == "c"
        graph = derivative(self.FIRST, "c")
        assert (output(graph), graph.label(graph.output)) == (0.0, "∂²f/∂c∂a")
        walk = Trace(graph)
        assert walk.state(walk.total).gradient(0) == 0.0


class TestTheGraph:
    def test_what_is_a_node_already_gets_a_node_of_its_own_as_the_result(self):
        graph = derivative(graph_of("x*y", x="2", y="3"), "x")
        assert (graph.expression(graph.output), graph.label(graph.output)) == ("1·y", "∂f/∂x")

    def test_a_constant_derivative_is_a_number_with_a_name(self):
        graph = derivative(graph_of("2*x + y", x="2", y="3"), "x")
        walk = Trace(graph)
        assert (output(graph), graph.label(graph.output), walk.total) == (2.0, "∂f/∂x", 1)
        assert [walk.state(1).gradient(node) for node in (0, 1)] == [0.0, 0.0]

    def test_many_contributions_are_one_sum(self):
        graph = derivative(graph_of("x*x*x*x", x="2"), "x")
        assert output(graph) == 32.0
        graph = derivative(graph_of("sin(x) + cos(x) + exp(x) + x^3", x="0.5"), "x")
        assert graph.expression(graph.output).startswith("sum(")

    def test_a_number_that_has_no_end_is_no_number_of_four_digits(self):
        graph = derivative(graph_of("mean(x*x, y, x) + exp(2)*x", x="2", y="3"), "x")
        rows = {graph.expression(node) for node in range(graph.leaf_count, len(graph))}
        assert {"x/3", "1/3"} <= rows
        assert not any("0.33" in row or "7.38" in row for row in rows)
        assert output(graph) == pytest.approx((2 * 2 + 1) / 3 + math.exp(2))

    def test_t1_stays_the_t1_of_the_first_graph(self):
        first = graph_of("sin(x*y)*y", x="2", y="3")
        graph = derivative(first, "x")
        assert graph.expression(graph.find("t1")) == first.expression(first.find("t1")) == "x·y"
        assert {graph.label(node) for node in range(len(graph))} >= {"t1", "∂t2/∂t1"}

    def test_every_name_is_that_of_one_node(self):
        graph = graph_of("(x + 1)^y/(x*y) + exp(x)*x*sin(x/y)", x="2", y="3")
        for name in ("x", "y", "x"):
            graph = derivative(graph, name)
            labels = [graph.label(node) for node in range(len(graph)) if graph.codes[node] != Leaf.CONSTANT]
            assert len(set(labels)) == len(labels)
            assert all(graph.find(label) == graph.find(graph.label(graph.find(label))) for label in labels)

    @pytest.mark.parametrize(
        ("expression", "expected"), [("relu(x)*x", 2.0), ("abs(x)*x", 2.0), ("max(x, 1)*x", 2.0), ("step(x)*x^3", 12.0)]
    )
    def test_corners_keep_the_slope_of_the_rule(self, expression: str, expected: float):
        graph = derivative(derivative(graph_of(expression, x="2"), "x"), "x")
        assert output(graph) == expected

    def test_at_a_corner_the_convention_is_that_of_the_rule(self):
        assert output(derivative(graph_of("relu(x)", x="0"), "x")) == 0.0
        assert output(derivative(derivative(graph_of("relu(x)", x="0"), "x"), "x")) == 0.0

    def test_powers_at_0_stay_defined(self):
        graph = graph_of("x^3", x="0")
        for expected in (0.0, 0.0, 6.0, 0.0, 0.0):
            graph = derivative(graph, "x")
            assert output(graph) == expected

    def test_what_is_no_input_is_refused(self):
        with pytest.raises(GraphError, match="s is not an input; the inputs are a, b, c"):
            derivative(load("fabc").graph, "s")

    @pytest.mark.parametrize(("expression", "x"), [("ln(x)*y", "-1"), ("y/x", "0"), ("1/(y/x)", "0")])
    def test_what_is_undefined_has_no_derivative_although_its_formula_had_a_value(self, expression: str, x: str):
        with pytest.raises(GraphError, match="f is undefined at these inputs, so it has no derivatives there"):
            derivative(graph_of(expression, x=x, y="2"), "x")

    def test_a_graph_that_is_too_large_is_refused(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(module, "MOST_EDGES", 2)
        with pytest.raises(GraphError, match="3 edges lead from a to f"):
            derivative(load("fabc").graph, "a")

    def test_a_wide_graph_takes_memory_in_proportion_to_its_edges(self):
        tape = Tape()
        x = tape.leaf(0.5, Leaf.INPUT, "x")
        products = tape.operations(CODES["mul"], tape.leaves([k / 8 for k in range(2000)], Leaf.INPUT, "w"), x)
        graph = derivative(tape.graph(tape.operation(CODES["mean"], [*products], "m")), "x")
        assert graph.provenance is not None
        assert sum(map(len, graph.provenance.origins.values())) <= 5 * len(graph)
        assert output(graph) == pytest.approx(np.mean([k / 8 for k in range(2000)]))

    def test_progress_may_stop_it(self):
        def stop(done: float) -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError):
            derivative(load("fabc").graph, "a", report=stop)


class TestProvenance:
    @given(random_graphs(numbers=(0.5, -1.5, 2.0, 3.25, 0.1)))
    def test_what_a_node_stands_for_has_its_number_in_the_first_walk(self, random: RandomGraph):
        graph = random.graph()
        walk = Trace(graph)
        assume(np.isfinite(walk.values).all() and np.isfinite(walk.backward.contributions).all())
        scale = max(1.0, float(np.abs(walk.backward.contributions).max(initial=0.0)))
        assume(scale < 1e100)
        by = next(iter(np.flatnonzero(graph.codes[: graph.leaf_count] == Leaf.INPUT).tolist()), None)
        assume(by is not None)
        found = derivative(graph, by)
        values = run(found).values
        assert found.provenance is not None
        for node in range(len(found)):
            origins = found.provenance.origins_of(node)
            assert origins or found.codes[node] == Leaf.CONSTANT, "every node but a number comes from somewhere"
            for origin in origins:
                expected = number_of(walk, origin)
                if expected is not None:
                    assert values[node] == pytest.approx(expected, rel=1e-9, abs=1e-11 * scale)

    def test_fabc_says_which_edge_and_which_node(self):
        first = load("fabc").graph
        graph = derivative(first, "a")
        assert graph.provenance is not None
        assert (graph.provenance.of, graph.provenance.function, graph.provenance.variables) == (first, "f", ("a",))
        r, s, a = first.find("r"), first.find("s"), first.find("a")
        assert graph.provenance.origins_of(graph.find("s")) == (Origin(OriginKind.VALUE, s),)
        assert graph.provenance.origins_of(graph.find("tt1")) == (Origin(OriginKind.LOCAL_PART, r, 0),)
        assert graph.provenance.origins_of(graph.output) == (
            Origin(OriginKind.LOCAL, r, 0),
            Origin(OriginKind.CONTRIBUTION, r, 0),
            Origin(OriginKind.GRADIENT, s),
            Origin(OriginKind.CONTRIBUTION, s, 0),
            Origin(OriginKind.GRADIENT, a),
        )

    def test_a_second_derivative_comes_from_the_first(self):
        first = derivative(load("fabc").graph, "a")
        second = derivative(first, "b")
        assert second.provenance is not None
        assert second.provenance.of is first
        assert second.provenance.variables == ("a", "b")
        assert second.provenance.origins_of(second.find("tt1")) == (Origin(OriginKind.VALUE, first.find("tt1")),)


def test_json_says_what_each_node_comes_from():
    graph = derivative(load("fabc").graph, "b")
    scenario = replace(load("fabc"), graph=graph, notes={})
    document = json.loads(encode(scenario, Trace(graph)))
    assert document["derivative"] == {"function": "f", "variables": ["b"], "walk": "f"}
    origins = {node["name"]: node["origins"] for node in document["nodes"]}
    assert origins["s"] == [{"kind": "value", "of": "s", "by": None, "position": None, "step": 2}]
    assert origins["tt1"] == [{"kind": "part-of-local-derivative", "of": "r", "by": "s", "position": 0, "step": 9 + 1}]
    assert json.loads(encode(load("fabc"), Trace(load("fabc").graph)))["derivative"] is None


def number_of(walk: Trace, origin: Origin) -> float | None:
    """Return the number that an origin has in a walk; None for a part of a rule."""
    match origin.kind:
        case OriginKind.VALUE:
            return float(walk.values[origin.node])
        case OriginKind.GRADIENT:
            return walk.state(walk.total).gradient(origin.node)
        case OriginKind.LOCAL_PART:
            return None
        case _:
            number = walk.number(StepKey(StepKind.ALONG, origin.node, origin.position))
            assert number is not None
            factor = walk.step(number).factor
            assert factor is not None
            return factor.local if origin.kind is OriginKind.LOCAL else factor.contribution
