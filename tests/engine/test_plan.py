"""A plan and the loop compute the same walk, to the last bit, whatever the operations and the numbers."""

import math

import numpy as np
import pytest
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.rules.float_rules import FORWARD, PARTIALS, PARTIALS_ALONE
from gradwalk.engine.rules.ops import CODES, N_ARY, OPS
from gradwalk.engine.run.compiler import strided_view
from gradwalk.engine.run.loop import Loop, Run, backward, forward
from gradwalk.engine.run.plan import Plan, compiled, run
from gradwalk.engine.run.schedule import MIN_CHAIN, Schedule
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.walk.trace import Trace
from hypothesis import given, settings
from hypothesis import strategies as st

from .random_graphs import ALL, HARD, RandomGraph, random_graphs

ADD, SUB, MUL, SQUARE = CODES["add"], CODES["sub"], CODES["mul"], CODES["square"]


def looped(graph: Graph, leaf_values: np.ndarray | None = None) -> Run:
    values = forward(graph, leaf_values)
    return Run(values, backward(graph, values))


def planned(graph: Graph, leaf_values: np.ndarray | None = None) -> Run:
    plan = Plan(graph)
    plan.run(leaf_values)
    return plan.record()


def bits(numbers: np.ndarray) -> list[str]:
    """Each number in full, -0.0 apart from 0.0; any nan like any other."""
    return ["nan" if math.isnan(number) else number.hex() for number in numbers.tolist()]


def assert_same_walk(one: Run, other: Run) -> None:
    assert bits(one.values) == bits(other.values)
    assert bits(one.backward.gradients) == bits(other.backward.gradients)
    for name in ("offsets", "targets"):
        assert getattr(one.backward.edges, name).tolist() == getattr(other.backward.edges, name).tolist()
    for name in ("locals", "contributions", "accumulated"):
        assert bits(getattr(one.backward, name)) == bits(getattr(other.backward, name)), name


def same(one: float, other: float) -> bool:
    return bits(np.array([one, other], dtype=np.float64)) == [bits(np.array([one], dtype=np.float64))[0]] * 2


def regression(m: int, kind: Leaf = Leaf.INPUT) -> Graph:
    tape = Tape()
    x = tape.leaves(np.arange(m) / m, kind, "x")
    y = tape.leaves(3 * np.arange(m) / m + 0.5, kind, "y")
    w, b = tape.leaf(0.25, Leaf.INPUT, "w"), tape.leaf(-0.75, Leaf.INPUT, "b")
    residuals = tape.operations(SUB, tape.operations(ADD, b, tape.operations(MUL, x, w)), y)
    total = tape.fold(tape.operations(SQUARE, residuals))
    return tape.graph(tape.operation(MUL, [total, tape.leaf(1 / m, Leaf.CONSTANT)], "cost"))


class TestTheSameNumbers:
    @given(random_graphs(numbers=HARD))
    @settings(max_examples=250)
    def test_a_plan_repeats_the_loop_to_the_last_bit(self, random: RandomGraph):
        graph = random.graph()
        assert_same_walk(planned(graph), looped(graph))

    @given(random_graphs(), st.randoms(use_true_random=False))
    def test_and_does_so_when_it_runs_again_with_other_leaves(self, random: RandomGraph, chance):
        graph = random.graph()
        plan = Plan(graph)
        for _ in range(3):
            leaves = np.array([chance.choice(HARD) for _ in range(graph.leaf_count)])
            value = plan.run(leaves)
            expected = looped(graph, leaves)
            assert bits(np.array([value])) == bits(expected.values[-1:])
            assert_same_walk(plan.record(), expected)
            assert bits(plan.leaf_gradients) == bits(expected.backward.gradients[: graph.leaf_count])

    @given(random_graphs(ALL))
    @settings(max_examples=200)
    def test_with_every_operation_each_number_follows_from_those_before_it(self, random: RandomGraph):
        """Against the rules on floats, one by one."""
        graph = random.graph()
        found = planned(graph)
        values, locals_found = found.values.tolist(), found.backward.locals.tolist()
        gradients = [-0.0] * len(graph)
        gradients[graph.output] = 1.0
        edge = 0
        for node in range(graph.leaf_count, len(graph)):
            operands = [values[k] for k in graph.operands_of(node).tolist()]
            assert same(values[node], FORWARD[graph.codes[node]](*operands)), graph.op(node)
        for node in range(graph.output, graph.leaf_count - 1, -1):
            operands = graph.operands_of(node).tolist()
            alone = graph.carries_gradient[operands].sum() == 1
            partials = (PARTIALS_ALONE if alone else PARTIALS)[graph.codes[node]]
            for position, operand in enumerate(operands):
                if not graph.carries_gradient[operand]:
                    continue
                rule = partials[position if len(partials) > 1 else 0]
                local = locals_found[edge]
                assert same(local, rule(*(values[k] for k in operands), values[node])), graph.op(node)
                contribution = gradients[node] * local
                gradients[operand] += contribution
                assert found.backward.edges.targets[edge] == operand
                assert bits(found.backward.contributions[edge : edge + 1]) == bits(np.array([contribution]))
                assert bits(found.backward.accumulated[edge : edge + 1]) == bits(np.array([gradients[operand]]))
                edge += 1
        assert edge == len(graph.edges)
        expected = np.where(graph.carries_gradient, gradients, 0.0)
        expected[graph.output] = 1.0
        assert bits(found.backward.gradients) == bits(expected)

    @pytest.mark.parametrize("kind", [Leaf.INPUT, Leaf.DATA])
    @pytest.mark.parametrize("m", [1, 2, 3, 4, 5, 10, 1000])
    def test_a_regression_has_the_gradient_of_its_formula(self, m: int, kind: Leaf):
        graph = regression(m, kind)
        found = planned(graph)
        assert_same_walk(found, looped(graph))
        x, y = np.arange(m) / m, 3 * np.arange(m) / m + 0.5
        residual = 0.25 * x - 0.75 - y
        gradients = found.backward.gradients
        assert gradients[graph.find("w")] == pytest.approx(2 * np.mean(residual * x))
        assert gradients[graph.find("b")] == pytest.approx(2 * np.mean(residual))
        assert gradients[graph.find("y[1]")] == (pytest.approx(-2 * residual[0] / m) if kind is Leaf.INPUT else 0.0)

    def test_a_run_gives_the_output_and_the_seed_scales_every_gradient(self):
        graph = regression(10)
        plan = Plan(graph)
        assert plan.run() == forward(graph)[-1]
        once = plan.gradients
        plan.run(seed=-2.0)
        assert np.array_equal(plan.gradients, -2.0 * once)

    def test_what_is_recorded_stays_when_the_plan_runs_again(self):
        graph = regression(10)
        plan = Plan(graph)
        plan.run()
        first = plan.record()
        kept = [array.copy() for array in (first.values, first.backward.gradients, first.backward.locals)]
        plan.run(np.ones(graph.leaf_count))
        now = (first.values, first.backward.gradients, first.backward.locals)
        assert all(np.array_equal(before, after) for before, after in zip(kept, now, strict=True))

    def test_a_graph_of_one_leaf(self):
        tape = Tape()
        graph = tape.graph(tape.leaf(2.5, Leaf.INPUT, "x"))
        assert_same_walk(planned(graph), looped(graph))
        assert planned(graph).backward.gradients.tolist() == [1.0]


class TestChains:
    """Left-folded additions are one scan, however long; everything near to one is not."""

    def folded(self, terms: int, rows: int = 1) -> Graph:
        tape = Tape()
        x = tape.leaves(np.arange(terms * rows) / 7, Leaf.INPUT, "x")
        sums = [tape.fold(range(x.start + row * terms, x.start + (row + 1) * terms)) for row in range(rows)]
        return tape.graph(tape.operation(CODES["sum"], sums) if rows > 1 else sums[0])

    def lengths(self, graph: Graph) -> list[int]:
        return [group.nodes.shape[1] for group in Schedule(graph) if group.is_chain]

    def test_a_long_sum_is_one_group_at_any_length(self):
        for terms in (MIN_CHAIN + 1, 100, 3000):
            graph = self.folded(terms)
            assert len(Schedule(graph)) == 1
            assert self.lengths(graph) == [terms - 1]
            assert_same_walk(planned(graph), looped(graph))

    def test_a_short_one_is_left_alone(self):
        graph = self.folded(MIN_CHAIN)
        assert self.lengths(graph) == []
        assert_same_walk(planned(graph), looped(graph))

    @pytest.mark.parametrize("rows", [2, 9, 400])
    def test_sums_of_one_length_are_computed_together(self, rows: int):
        graph = self.folded(6, rows)
        assert len(Schedule(graph)) == 2
        assert_same_walk(planned(graph), looped(graph))

    def test_a_partial_sum_that_is_used_elsewhere_ends_a_chain(self):
        tape = Tape()
        x = tape.leaves([1.0, 2.5, -3.0, 0.1, 7.0, 1e-3, 4.0, 0.3, 9.0, 0.7, 11.0], Leaf.INPUT, "x")
        middle = tape.fold(x[:6])
        graph = tape.graph(tape.operation(MUL, [tape.fold([middle, *x[6:]]), middle]))
        assert sorted(self.lengths(graph)) == [5, 5]
        assert_same_walk(planned(graph), looped(graph))

    def test_a_sum_that_begins_with_constants_sends_them_no_gradient(self):
        tape = Tape()
        constants = tape.leaves(np.arange(6.0), Leaf.CONSTANT)
        x = tape.leaves([0.5, 0.25, 3.0, 1.0, 8.0, 2.0], Leaf.INPUT, "x")
        graph = tape.graph(tape.fold([*constants, *x]))
        assert sorted(self.lengths(graph)) == [5, 6]
        assert planned(graph).backward.gradients[: graph.leaf_count].tolist() == [0.0] * 6 + [1.0] * 6
        assert_same_walk(planned(graph), looped(graph))

    def test_a_term_that_occurs_again_and_again_adds_up(self):
        tape = Tape()
        x, y = tape.leaf(0.1, Leaf.INPUT, "x"), tape.leaf(0.3, Leaf.INPUT, "y")
        graph = tape.graph(tape.operation(SQUARE, [tape.fold([x, y, x, x, y, x, x])]))
        assert_same_walk(planned(graph), looped(graph))
        assert planned(graph).backward.gradients[0] == pytest.approx(5 * 2 * (5 * 0.1 + 2 * 0.3))

    @pytest.mark.parametrize("name", ["sum", "mean"])
    def test_an_operation_of_very_many_operands_is_one_group(self, name: str):
        tape = Tape()
        x = tape.leaves(np.sin(np.arange(5000)), Leaf.INPUT, "x")
        graph = tape.graph(tape.operation(SQUARE, [tape.operation(CODES[name], x)]))
        assert len(Schedule(graph)) == 2
        assert_same_walk(planned(graph), looped(graph))


class TestGroups:
    @given(random_graphs(ALL))
    def test_operands_come_before_the_operation_and_every_operation_once(self, random: RandomGraph):
        graph = random.graph()
        done = set(range(graph.leaf_count))
        for group in Schedule(graph):
            rows = [set(row) for row in group.nodes.tolist()]
            for own, operands in zip(rows, group.operands.tolist(), strict=True):
                assert set(operands) <= done
                assert not own & done
            assert {int(graph.codes[node]) for node in group.nodes.flat} == {group.code}
            done |= set.union(*rows)
        assert done == set(range(len(graph)))

    @given(
        st.lists(st.integers(0, 30), min_size=1, max_size=8),
        st.sampled_from([(1, 1), (8, 1), (1, 8), (4, 2), (2, 4)]),
    )
    def test_a_view_is_what_would_be_gathered(self, places: list[int], shape: tuple[int, int]):
        array = np.arange(31.0)
        wanted = np.array(places, dtype=np.int32)
        if len(places) == shape[0] * shape[1]:
            wanted = wanted.reshape(shape)
        view = strided_view(array, wanted)
        if view is not None:
            assert np.array_equal(view, array[wanted])
            assert np.shares_memory(view, array)

    @pytest.mark.parametrize(
        "places",
        [[5], [3, 4, 5], [9, 6, 3, 0], [2, 2, 2], [[0, 1], [10, 11], [20, 21]], [[5, 4, 3], [5, 4, 3]], [[7], [6]]],
    )
    def test_even_distances_are_a_view(self, places: list[int]):
        array = np.arange(31.0)
        view = strided_view(array, np.array(places, dtype=np.int32))
        assert view is not None
        assert view.tolist() == array[np.array(places)].tolist()

    @pytest.mark.parametrize("places", [[0, 1, 3], [[0, 1], [5, 6], [11, 12]], [[0, 1, 2], [3, 4, 6]]])
    def test_other_distances_are_none(self, places: list[int]):
        assert strided_view(np.arange(31.0), np.array(places, dtype=np.int32)) is None


class TestTheChoice:
    def chain(self, depth: int) -> Graph:
        tape = Tape()
        node = tape.leaf(1.0, Leaf.INPUT, "x")
        for _ in range(depth):
            node = tape.unary(SQUARE, node)
        return tape.graph(node)

    def test_a_deep_graph_runs_in_the_loop_and_a_wide_one_in_a_plan(self):
        assert isinstance(compiled(self.chain(1000)), Loop)
        assert isinstance(compiled(regression(1000)), Plan)

    @pytest.mark.parametrize("graph", [regression(50), regression(3)])
    def test_both_answer_alike(self, graph: Graph):
        plan, loop = Plan(graph), Loop(graph)
        leaves = np.linspace(-1, 1, graph.leaf_count)
        assert plan.run(leaves) == loop.run(leaves)
        assert_same_walk(plan.record(), loop.record())
        plan.leaf_values[0] = loop.leaf_values[0] = 5.0
        assert plan.run() == loop.run()
        assert np.array_equal(plan.leaf_gradients, loop.leaf_gradients)
        assert np.array_equal(plan.values, loop.values)
        assert np.array_equal(plan.gradients, loop.gradients)

    def test_the_groups_are_counted_before_they_are_made(self):
        for graph in (self.chain(100), regression(100), regression(3, Leaf.DATA)):
            assert len(Schedule(graph)) == len(list(Schedule(graph)))

    def test_running_once_gives_the_walk_either_way(self):
        for graph in (self.chain(200), regression(400)):
            assert_same_walk(run(graph), looped(graph))

    def test_a_walk_opens_on_a_run_that_was_made_before(self):
        graph = regression(20)
        plan = Plan(graph)
        leaves = graph.leaf_values.copy()
        leaves[graph.find("w")] = 2.0
        plan.run(leaves)
        trace = Trace(graph, run=plan.record())
        end = trace.state(trace.total)
        for name in ("w", "b", "x[3]"):
            assert end.gradient(graph.find(name)) == plan.leaf_gradients[graph.find(name)]
        assert end.value(graph.find("w")) == 2.0
        assert end.value(graph.output) == forward(graph, leaves)[-1]


class TestDepth:
    def test_a_million_squarings_at_pythons_default_recursion_limit(self):
        x = Scalar(1.0, "x", tape=Tape())
        y = x
        for _ in range(1_000_000):
            y = y.square()
        assert y.value == 1.0
        assert math.isnan(y.grad()["x"])  # 2 to the millionth is beyond a float, and a walk says so

    def test_a_chain_that_stays_finite(self):
        tape = Tape()
        x = node = tape.leaf(0.5, Leaf.INPUT, "x")
        for _ in range(100_000):
            node = tape.binary(ADD, tape.unary(CODES["neg"], node), x)
        found = run(tape.graph(node))
        assert found.values[-1] == 0.5
        assert found.backward.gradients[0] == 1.0


@pytest.mark.parametrize("op", [op for op in OPS if op.arity is not N_ARY], ids=lambda op: op.name)
def test_every_operation_in_a_wide_group(op):
    tape = Tape()
    numbers = np.concatenate([np.linspace(0.3, 1.7, 40), np.linspace(-800, 800, 161), HARD])
    columns = [tape.leaves(np.roll(numbers, 7 * k), Leaf.INPUT) for k in range(op.arity)]
    graph = tape.graph(tape.fold(tape.operations(CODES[op.name], *columns)))
    assert_same_walk(planned(graph), looped(graph))
    recorded = np.frombuffer(tape.values)[graph.leaf_count :]
    assert bits(recorded) == bits(looped(graph).values[graph.leaf_count :])
