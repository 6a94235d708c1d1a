"""Contributions and paths: what they say is what going along every path, one after the other, finds."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.library import load
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.walk import paths
from gradwalk.engine.walk.contributions import Contributions
from gradwalk.engine.walk.path_factors import ends_of, factors_of, product_of, shared_edges
from gradwalk.engine.walk.path_table import MOST_PATHS, PathTable
from gradwalk.engine.walk.paths import Path, paths_of, work_of
from gradwalk.engine.walk.trace import Trace
from hypothesis import assume, given, settings

from .random_functions import RandomFunction, random_functions
from .random_graphs import RandomGraph, random_graphs
from .test_equations import holds

MOST = 2_000
SUMS = ("add", "sub", "mul", "neg", "sum", "mean", "square", "relu", "max", "abs")


def every_path(trace: Trace, node: int) -> list[tuple[int, ...]]:
    """All paths of a node by the edges, the one out of the output first; the walk's own edges, nothing else of ours."""
    if node == trace.graph.output:
        return [()]
    steps = [(step, trace.key(step).node) for step in trace.gradient_steps(node)]
    first = trace.seed_step + 1
    return [(*path, step - first) for step, consumer in steps for path in every_path(trace, consumer)]


def small_enough(trace: Trace) -> bool:
    counts = [0] * len(trace.graph)
    counts[trace.graph.output] = 1
    for step in range(trace.seed_step + 1, trace.last_backward_step + 1):
        counts[trace.node_of(step)] += counts[trace.key(step).node]
    return max(counts) <= MOST


def product(trace: Trace, path: tuple[int, ...]) -> float:
    """The product of the local derivatives in exact arithmetic; nan where one, or the output, is no number."""
    locals_ = [float(trace.backward.locals[edge]) for edge in path]
    if not all(map(math.isfinite, locals_)) or trace.state(trace.total).value_undefined(trace.graph.output):
        return math.nan
    try:
        return float(math.prod(map(Fraction, locals_), start=Fraction(1)))
    except OverflowError:
        return math.inf


def size(number: float) -> float:
    return math.inf if math.isnan(number) else abs(number)


def products(paths: list[tuple[int, ...]], trace: Trace) -> list[float]:
    return sorted((product(trace, path) for path in paths), key=size, reverse=True)


def nodes_of(trace: Trace) -> list[int]:
    return np.flatnonzero(trace.graph.carries_gradient).tolist()


def squarings(times: int) -> Trace:
    x = Scalar(1.0, "x")
    for _ in range(times):
        x = x * x
    return Trace(x.graph())


class TestContributions:
    @given(random_functions())
    def test_they_add_up_to_the_gradient(self, function: RandomFunction):
        trace = Trace(function.recorded().graph())
        assume(np.isfinite(trace.backward.gradients).all())
        for node in nodes_of(trace)[:-1]:
            contributions = Contributions(trace, node)
            total = 0.0
            for contribution in contributions:
                factor = contribution.factor
                assert factor.before == total
                assert factor.contribution == factor.upstream * factor.local
                total += factor.contribution
                assert factor.after == total
            assert total == trace.state(trace.total).gradient(node)

    @given(random_graphs())
    def test_those_that_have_arrived_are_those_that_the_state_has(self, random: RandomGraph):
        trace = Trace(random.graph())
        for node in nodes_of(trace)[:-1]:
            contributions = Contributions(trace, node)
            for cursor in range(trace.total + 1):
                assert contributions.arrived(cursor) == trace.state(cursor).contributions_taken(node)

    def test_the_output_has_none_but_the_seed(self):
        trace = Trace(load("fabc").graph)
        assert len(Contributions(trace, trace.graph.output)) == 0

    def test_x_times_x_brings_two(self):
        trace = squarings(1)
        first, second = Contributions(trace, trace.graph.find("x"))
        assert (first.factor.operand_position, second.factor.operand_position) == (0, 1)
        assert (first.step, second.step) == (3, 4)

    def test_any_of_a_hundred_thousand_is_made_alone(self):
        tape = Tape()
        x = tape.leaf(2.0, Leaf.INPUT)
        trace = Trace(tape.graph(tape.operation(CODES["sum"], [x] * 100_000)))
        contributions = Contributions(trace, 0)
        assert len(contributions) == 100_000
        assert contributions[99_999].factor.after == 100_000
        assert [found.factor.contribution_number for found in contributions[4:6]] == [5, 6]


class TestPaths:
    @given(random_functions(12))
    def test_they_add_up_to_the_gradient(self, function: RandomFunction):
        trace = Trace(function.recorded().graph())
        assume(small_enough(trace) and np.isfinite(trace.backward.gradients).all())
        for node in nodes_of(trace):
            found = paths_of(trace, node, MOST)
            assert found.is_complete
            assert found.rest == 0
            sizes = math.fsum(abs(path.product) for path in found.paths)
            total = math.fsum(path.product for path in found.paths)
            assert total == pytest.approx(found.gradient, abs=1e-12 * sizes, rel=1e-12)
            assert PathTable.of(trace.numbers).absolute_sums[node] == pytest.approx(sizes, rel=1e-9, abs=1e-300)

    @settings(deadline=None)
    @given(random_graphs())
    def test_they_are_all_paths_the_largest_first(self, random: RandomGraph):
        trace = Trace(random.graph())
        assume(small_enough(trace))
        for node in nodes_of(trace):
            every = every_path(trace, node)
            found = paths_of(trace, node, MOST)
            assert found.count == len(every)
            assert sorted(path.edges for path in found.paths) == sorted(every)
            listed = [path.product for path in found.paths]
            assert list(map(size, listed)) == sorted(map(size, listed), reverse=True)
            for mine, theirs in zip(listed, products(every, trace), strict=True):
                assert size(mine) == pytest.approx(size(theirs), rel=1e-12)

    @settings(deadline=None)
    @given(random_graphs(SUMS, (0.0, 1.0, -2.0, 0.5, 3.0)))
    def test_a_few_of_them_are_the_largest(self, random: RandomGraph):
        trace = Trace(random.graph())
        assume(small_enough(trace))
        for node in nodes_of(trace):
            every = products(every_path(trace, node), trace)
            for limit in (1, 2, 5):
                found = paths_of(trace, node, limit)
                assert [abs(path.product) for path in found.paths] == pytest.approx(list(map(abs, every[:limit])))
                if math.isfinite(found.rest):
                    listed = math.fsum(path.product for path in found.paths)
                    assert listed + found.rest == pytest.approx(found.gradient, abs=1e-12 * math.fsum(map(abs, every)))

    @given(random_functions(12))
    def test_what_they_share_is_marked(self, function: RandomFunction):
        trace = Trace(function.recorded().graph())
        assume(small_enough(trace))
        inputs = [node for node in nodes_of(trace) if node < trace.graph.leaf_count]
        of_input = {leaf: {edge for path in every_path(trace, leaf) for edge in path} for leaf in inputs}
        for node in nodes_of(trace):
            listed = paths_of(trace, node, 6).paths
            for path in listed:
                for factor in factors_of(trace, path, shared_edges(listed)):
                    uses = [sum(edge in other.edges for other in listed) for edge in factor.edges]
                    assert factor.is_in_several == (min(uses) > 1)
                    sharing = [leaf for leaf in inputs if of_input[leaf].issuperset(factor.edges)]
                    assert (factor.other_input is not None) == (len(sharing) > 1)
                    assert factor.other_input is None or factor.other_input in set(sharing) - {node}

    @given(random_functions(12))
    def test_the_factors_are_those_of_the_edges(self, function: RandomFunction):
        trace = Trace(function.recorded().graph())
        assume(small_enough(trace) and np.isfinite(trace.backward.locals).all())
        for node in nodes_of(trace):
            for path in paths_of(trace, node, 6).paths:
                factors = factors_of(trace, path)
                assert tuple(edge for factor in factors for edge in factor.edges) == path.edges
                assert math.prod(factor.local for factor in factors) == pytest.approx(path.product)
                for factor in factors:
                    ops = {trace.step(trace.seed_step + 1 + edge).op for edge in factor.edges}
                    assert len(factor.edges) == 1 or (ops == {"add"} and factor.local == 1)

    @given(random_functions(10))
    def test_what_is_printed_is_true(self, function: RandomFunction):
        trace = Trace(function.recorded().graph())
        assume(small_enough(trace) and np.isfinite(trace.backward.gradients).all())
        for node in nodes_of(trace)[:-1]:
            equations = [product_of(trace, path) for path in paths_of(trace, node, 3).paths]
            for equation in [*equations, Contributions(trace, node).total]:
                assert equation is None or equation.relation == "≈" or holds(equation)

    @given(random_functions(12))
    def test_the_work_of_each_alone_is_counted(self, function: RandomFunction):
        trace = Trace(function.recorded().graph())
        assume(small_enough(trace))

        def alone(node: int) -> int:
            return sum(max(len(path) - 1, 0) for path in every_path(trace, node))

        inputs = [node for node in nodes_of(trace) if node < trace.graph.leaf_count]
        from_output = sum(trace.key(step).node == trace.graph.output for step in backward_steps(trace))
        for node in nodes_of(trace):
            work = work_of(trace, node)
            assert work.of_node == alone(node)
            assert work.of_inputs == sum(map(alone, inputs))
            assert work.backward == trace.backward_steps - from_output

    def test_a_path_connects_the_node_with_the_output(self):
        trace = Trace(load("fabc").graph)
        find = trace.graph.find
        found = paths_of(trace, find("b"), 10)
        (path,) = found.paths
        assert path.nodes == (find("f"), find("r"), find("s"), find("l"), find("b"))
        factors = factors_of(trace, path)
        assert [factor.name for factor in factors] == ["∂f/∂r", "∂r/∂s", "∂s/∂l", "∂l/∂b"]
        assert [factor.formula for factor in factors] == ["1", "-1/s²", "1", "1/b"]
        assert [factor.other_input for factor in factors] == [find("a"), find("a"), None, None]
        assert path.product == pytest.approx(-1 / (9 * math.e))
        work = work_of(trace, find("b"))
        assert (work.of_node, work.of_inputs, work.inputs, work.backward) == (3, 2 + 3 + 1, 3, 5)

    def test_a_sum_of_several_terms_is_one_factor(self):
        w, x = Scalar(0.5, "w"), Scalar(2.0, "x")
        h = (w * x + 1 + 2 + 3).named("h").tanh()
        trace = Trace(h.graph())
        (path,) = paths_of(trace, trace.graph.find("w"), 3).paths
        assert [factor.name for factor in factors_of(trace, path)] == ["∂t4/∂h", "∂h/∂t1", "∂t1/∂w"]
        assert [len(factor.edges) for factor in factors_of(trace, path)] == [1, 3, 1]

    def test_of_many_factors_those_at_both_ends_are_made(self):
        x = Scalar(1.0, "x")
        y = x
        for _ in range(30):
            y = y * 2.0
        trace = Trace(y.graph())
        (path,) = paths_of(trace, trace.graph.find("x"), 3).paths
        whole = factors_of(trace, path)
        ends, left_out = ends_of(trace, path, frozenset(), 16)
        assert ends == whole[:6] + whole[-6:]
        assert left_out == 18
        assert ends_of(trace, path, frozenset(), 30) == (whole, 0)

    def test_but_not_where_a_term_is_in_it_twice(self):
        w, x = Scalar(0.5, "w"), Scalar(2.0, "x")
        h = (w + x + w).named("h").tanh()
        trace = Trace(h.graph())
        found = paths_of(trace, trace.graph.find("w"), 3)
        assert found.count == 2
        assert all(len(factor.edges) == 1 for path in found.paths for factor in factors_of(trace, path))

    def test_what_has_no_gradient_has_no_path(self):
        trace = Trace(load("chain").graph)
        constants = np.flatnonzero(~trace.graph.carries_gradient).tolist()
        assert all(paths_of(trace, node, 3).count == 0 for node in constants)

    def test_the_output_has_one_without_a_factor(self):
        trace = Trace(load("fabc").graph)
        found = paths_of(trace, trace.graph.output, 3)
        assert found.paths == (Path((), (trace.graph.output,), 1.0),)
        assert found.is_complete


def backward_steps(trace: Trace) -> range:
    return range(trace.seed_step + 1, trace.last_backward_step + 1)


class TestVeryManyPaths:
    def test_sixty_squarings_have_two_to_the_sixty_paths(self):
        trace = squarings(60)
        found = paths_of(trace, trace.graph.find("x"), 5)
        assert found.count == 2**60 == 1_152_921_504_606_846_976
        assert found.gradient == 2.0**60
        assert [path.product for path in found.paths] == [1.0] * 5
        assert len({path.edges for path in found.paths}) == 5
        assert found.rest == 2.0**60 - 5
        work = work_of(trace, trace.graph.find("x"))
        assert (work.of_node, work.backward) == (59 * 2**60, 118)

    def test_the_largest_of_them_come_one_after_the_other(self):
        x = Scalar(1.0, "x")
        for place in range(60):
            x = x + (1 + 2.0 ** -(place + 1)) * x  # each sum takes the factor 1 or a little more
        trace = Trace(x.graph())
        found = paths_of(trace, trace.graph.find("x"), 4)
        assert found.count == 2**60
        best = math.prod(1 + 2.0 ** -(place + 1) for place in range(60))
        # the smallest factors are nearly 1 each: leaving them out costs least, and those of 1 + 2⁻⁵³ and less are 1
        assert [path.product for path in found.paths] == pytest.approx([best] * 4)

    def test_more_than_can_be_counted_are_not(self):
        trace = squarings(2_000)
        node = trace.graph.find("x")
        found = paths_of(trace, node, 3)
        assert found.count == MOST_PATHS
        assert not found.is_complete
        assert work_of(trace, node).of_node == work_of(trace, node).of_inputs == MOST_PATHS

    def test_a_search_that_would_take_too_long_ends(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(paths, "MOST_EDGES", 2_000)
        x = Scalar(1.0, "x")
        y = x + 2 * x + 3 * x + 4 * x + 5 * x + 6 * x
        for _ in range(500):
            y = y * 1.0 + 0.0
        trace = Trace(y.graph())
        found = paths_of(trace, trace.graph.find("x"), 10)
        assert found.count == 6
        assert found.is_cut
        assert [path.product for path in found.paths] == [6.0, 5.0]
        assert found.rest == found.gradient - 11 == 10
        assert not paths_of(trace, trace.graph.find("x"), 2).is_cut

    def test_a_path_through_a_zero_comes_last_and_one_through_infinity_first(self):
        x = Scalar(0.0, "x")
        zero = Scalar(0.0, "z")
        y = x.sqrt() * zero + 2 * x + x * zero
        trace = Trace(y.graph())
        found = paths_of(trace, trace.graph.find("x"), 10)
        assert [path.product for path in found.paths] == [pytest.approx(math.nan, nan_ok=True), 2.0, 0.0]
        assert math.isnan(found.gradient)
        assert math.isnan(found.rest) or found.is_complete

    def test_what_overflows_on_the_way_alone_is_a_number(self):
        x = Scalar(1.0, "x")
        y = x * 1e-200 * 1e-200 * 1e200 * 1e200 * 2.0
        found = paths_of(Trace(y.graph()), 0, 1)
        assert found.paths[0].product == pytest.approx(2.0)


def test_every_order_of_recording_gives_the_same_paths():
    """The paths are those of the function, whatever the order in which its terms were written."""
    found = set()
    for order in itertools.permutations(range(3)):
        x, w = Scalar(3.0, "x"), Scalar(-2.0, "w")
        terms = [x * w, x * x, (x * w).tanh()]
        trace = Trace((terms[order[0]] + terms[order[1]] + terms[order[2]]).graph())
        found.add(tuple(round(path.product, 12) for path in paths_of(trace, trace.graph.find("x"), 10).paths))
    assert len(found) == 1
