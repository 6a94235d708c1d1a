"""Every question about a moment of a walk has the answer that reading all its steps gives."""

import numpy as np
import pytest
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.language.step_key import StepKey, StepKind
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.walk.step import Phase
from gradwalk.engine.walk.trace import Trace
from hypothesis import given

from .random_graphs import RandomGraph, random_graphs

MUL, SUM, MEAN, SQUARE = CODES["mul"], CODES["sum"], CODES["mean"], CODES["square"]


def mean_of(count: int, every: int = 1) -> Graph:
    """The mean of `count` leaves, of which each `every`-th is an input and the rest are data."""
    tape = Tape()
    leaves = [tape.leaf(k / 8, Leaf.DATA if k % every else Leaf.INPUT, f"x{k}") for k in range(count)]
    return tape.graph(tape.operation(SQUARE, [tape.operation(MEAN, leaves, "m")], "f"))


@given(random_graphs())
def test_the_writes_of_a_node_are_found_from_any_moment(random: RandomGraph):
    trace = Trace(random.graph())
    written: dict[int, list[int]] = {node: [] for node in range(len(trace.graph))}
    for number in range(1, trace.total + 1):
        written[trace.step(number).node].append(number)
    moments = sorted({0, 1, trace.seed_step, trace.total // 2, trace.total - 1, trace.total} - {-1})
    for node, steps in written.items():
        assert trace.gradient_steps(node) == [number for number in steps if number >= trace.seed_step]
        for cursor in moments:
            assert trace.next_write(node, cursor) == next((n for n in steps if n > cursor), None)
            assert trace.previous_write(node, cursor) == next((n for n in reversed(steps) if n < cursor), None)


@given(random_graphs())
def test_every_backward_step_is_the_edge_that_counting_leads_to(random: RandomGraph):
    graph = random.graph()
    trace = Trace(graph)
    number = trace.seed_step
    for consumer in range(graph.output, graph.leaf_count - 1, -1):
        for position, operand in enumerate(graph.operands_of(consumer).tolist()):
            if graph.carries_gradient[operand]:
                number += 1
                key = StepKey(StepKind.ALONG, consumer, position)
                assert trace.key(number) == key
                assert trace.number(key) == number
                assert trace.node_of(number) == operand
    assert number == trace.total


@given(random_graphs())
def test_a_gradient_at_a_moment_is_the_sum_of_what_has_arrived(random: RandomGraph):
    trace = Trace(random.graph())
    graph, passed = trace.graph, trace.backward
    arrived = [0] * len(graph)
    sums = [-0.0] * len(graph)
    for cursor in range(trace.seed_step, trace.total + 1):
        if cursor > trace.seed_step:
            edge = cursor - trace.seed_step - 1
            target = passed.edges.targets.item(edge)
            arrived[target] += 1
            sums[target] += passed.contributions.item(edge)
        state = trace.state(cursor)
        for node in {graph.output, 0, len(graph) // 2, *passed.edges.targets[-3:].tolist()} - {graph.output}:
            assert state.contributions_taken(node) == arrived[node]
            expected = sums[node] if arrived[node] else None
            assert repr(state.gradient(node)) == repr(expected)


class TestVeryManyOperands:
    @pytest.mark.parametrize("every", [1, 3])
    def test_each_edge_knows_the_place_of_its_operand(self, every: int):
        trace = Trace(mean_of(1000, every))
        first = trace.seed_step + 2
        positions = [trace.key(number).position for number in range(first, trace.total + 1)]
        assert positions == list(range(0, 1000, every))
        step = trace.step(first + 100)
        assert step.name == f"x{100 * every}"
        assert step.factor is not None
        assert (step.factor.local_formula, step.factor.local) == ("1/1000", 0.001)

    def test_a_formula_shows_the_first_and_the_last(self):
        trace = Trace(mean_of(1000))
        assert trace.step(1).expression == "mean(x0, x1, x2, …, x999)"
        assert trace.step(1).substituted.left == "mean(0, 0.125, 0.25, …, 124.875)"
        assert Trace(mean_of(6)).step(1).expression == "mean(x0, x1, x2, x3, x4, x5)"

    def test_a_leaf_that_is_used_very_often_is_found_at_once(self):
        tape = Tape()
        w = tape.leaf(0.5, Leaf.INPUT, "w")
        products = tape.operations(MUL, tape.leaves(np.arange(5000.0), Leaf.DATA, "x"), w)
        trace = Trace(tape.graph(tape.operation(SUM, products, "f")))
        w = trace.graph.find("w")
        state = trace.state(trace.total - 2500)
        assert state.contribution_count(w) == 5000
        assert state.contributions_taken(w) == 2500
        assert state.gradient(w) == sum(range(2500, 5000))
        assert trace.next_write(w, trace.total - 1) == trace.total
        assert trace.step(trace.total).phase is Phase.BACKWARD
        assert trace.next_write(w, trace.total) is None
