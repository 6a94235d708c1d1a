"""Random graphs with shared nodes: the same function recorded by us and differentiated by autograd."""

import math

import autograd
import numpy as np
import pytest
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.run.loop import input_gradients
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.walk.trace import Trace
from hypothesis import assume, given

from .random_functions import RandomFunction, random_functions
from .random_graphs import RandomGraph, random_graphs

DEEP = 100_000


class TestAgainstAutograd:
    @pytest.mark.filterwarnings("ignore:Output seems independent of input")
    @given(random_functions())
    def test_values_and_gradients_agree(self, function: RandomFunction):
        recorded = function.recorded()
        inputs = np.array(function.inputs)
        assume(abs(recorded.value) < 1e9)
        gradient = autograd.grad(function.judged)(inputs)
        assume(np.all(np.abs(gradient) < 1e9))
        assert recorded.value == pytest.approx(float(function.judged(inputs)), rel=1e-9, abs=1e-9)
        partials = recorded.grad(1)
        for place, expected in enumerate(gradient):
            assert partials.get(f"x{place}", 0.0) == pytest.approx(expected, rel=1e-8, abs=1e-8 * scale(gradient))

    @given(random_functions())
    def test_a_walk_ends_at_the_gradients_that_grad_gives(self, function: RandomFunction):
        recorded = function.recorded()
        assume(math.isfinite(recorded.value))
        graph = recorded.graph()
        end = Trace(graph).state(Trace(graph).total)
        partials = recorded.grad(1)
        for node, name in graph.names.items():
            gradient = math.nan if end.gradient_undefined(node) else end.gradient(node)
            assert partials[name] == pytest.approx(gradient, nan_ok=True)

    @given(random_graphs())
    def test_so_it_does_where_numbers_overflow_or_do_not_exist(self, random: RandomGraph):
        tape, output = random.recorded()
        trace = Trace(tape.graph(output))
        end = trace.state(trace.total)
        partials = input_gradients(tape, output)
        inputs = [node for node in range(trace.graph.leaf_count) if trace.graph.codes[node] == Leaf.INPUT]
        assert list(partials) == [trace.graph.label(node) for node in inputs]
        for node, partial in zip(inputs, partials.values(), strict=True):
            assert math.isnan(partial) == end.gradient_undefined(node)
            assert math.isnan(partial) or partial == pytest.approx(end.gradient(node), rel=1e-9)


def scale(gradient: np.ndarray) -> float:
    return max(1.0, float(np.max(np.abs(gradient))))


class TestDepth:
    """Nothing recurses, so the depth of a graph costs no stack."""

    def test_a_deep_chain_builds_runs_and_walks(self):
        x = Scalar(0.5, "x")
        y = x
        for _ in range(DEEP // 2):
            y = y * 0.5 + 1.0
        assert y.value == pytest.approx(2.0)
        trace = Trace(y.graph())
        assert trace.forward_steps == trace.backward_steps == DEEP
        assert trace.step(1).value == 0.25
        factor = trace.step(trace.total).factor
        assert factor is not None
        assert (factor.consumer_expression, factor.local) == ("x·0.5", 0.5)
        assert trace.state(trace.total).gradient(trace.graph.find("x")) == 0.0  # 0.5⁵⁰⁰⁰⁰, smaller than any float

    def test_a_deep_sum_sends_1_to_its_first_term(self):
        first = Scalar(1.0, "first")
        total = first
        for place in range(DEEP):
            total = total + Scalar(1.0, f"x{place}", tape=first.tape)
        assert total.value == DEEP + 1
        assert total.grad(1)["first"] == 1.0

    def test_a_node_used_very_often_adds_all_its_paths(self):
        x = Scalar(1.0, "x")
        total = sum(x * float(place) for place in range(1, 2001))
        assert isinstance(total, Scalar)
        trace = Trace(total.graph())
        steps = trace.gradient_steps(trace.graph.find("x"))
        assert len(steps) == 2000
        last = trace.step(steps[-1]).factor
        assert last is not None
        assert (last.contribution_number, last.contribution_count, last.after) == (2000, 2000, 2001000.0)
