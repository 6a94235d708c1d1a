"""Why a number is what it is: one cause is planted in a random function, and it is the one that is named."""

import math
import random
from collections.abc import Iterator

import numpy as np
import pytest
from gradwalk.engine.library import load
from gradwalk.engine.reading.scenario import read
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.walk.causes import Cause
from gradwalk.engine.walk.explanations import (
    ENOUGH,
    Blocked,
    Cancelled,
    Carried,
    GradientUndefined,
    IsOutput,
    NoGradient,
    Size,
    Unused,
    ValueUndefined,
    Vanished,
)
from gradwalk.engine.walk.paths import paths_of
from gradwalk.engine.walk.reason import Why
from gradwalk.engine.walk.trace import Trace
from gradwalk.engine.walk.why import explain
from hypothesis import assume, given

from .random_functions import RandomFunction, random_functions

SEEDS = range(5)


class Soil:
    """Makes what stands around a planted cause: named numbers and functions of no great slope, by a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._count = 0

    def ordinary(self) -> Scalar:
        """An input of its own between ½ and 3/2."""
        self._count += 1
        return Scalar(self._random.uniform(0.5, 1.5), f"k{self._count}")

    def around(self, inner: Scalar) -> Scalar:
        """Something that hangs on `inner`, slopes between a quarter and two or so, along a path or two."""
        for _ in range(self._random.randint(1, 4)):
            match self._random.randrange(4):
                case 0:
                    inner = inner * self.ordinary() + self.ordinary()
                case 1:
                    inner = (inner + self.ordinary()) / (1 + self.ordinary())
                case 2:
                    inner = inner + 0.1 * inner * self.ordinary()
                case _:
                    inner = self.ordinary() - inner
        return inner


def walked(output: Scalar) -> Trace:
    return Trace(output.graph())


class TestPlantedCauses:
    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize("function", ["tanh", "sigmoid"])
    def test_a_saturated_function(self, function: str, seed: int):
        soil = Soil(seed)
        w = Scalar(0.8, "w")
        z = soil.around(w) + (-1) ** seed * (9 + seed)
        z = z.named("z")
        h = z.apply(function, z)
        h = h.named("h")
        trace = walked(soil.around(h))
        found = explain(trace, trace.graph.find("w"))
        assert isinstance(found, Carried)
        assert found.size is Size.SMALL
        assert found.smallest.cause is Cause.SATURATED
        assert (trace.graph.label(found.smallest.consumer), found.smallest.because) == ("h", trace.graph.find("z"))
        assert not found.is_of_many

    @pytest.mark.parametrize("seed", SEEDS)
    def test_a_relu_that_is_off(self, seed: int):
        soil = Soil(seed)
        w = Scalar(0.8, "w")
        z = soil.around(w) - 20
        z = z.named("z")
        h = z.relu()
        h = h.named("h")
        trace = walked(soil.around(h))
        found = explain(trace, trace.graph.find("w"))
        assert isinstance(found, Blocked)
        assert (found.cut_size, found.zeros) == (1, 1)
        (factor,) = found.cut
        assert factor.cause is Cause.OFF
        assert (trace.graph.label(factor.consumer), factor.because) == ("h", trace.graph.find("z"))

    @pytest.mark.parametrize("seed", SEEDS)
    def test_a_weight(self, seed: int):
        soil = Soil(seed)
        w, v = Scalar(0.8, "w"), Scalar((1e-6, -1e-5, 3e4, -1e7, 0.0)[seed], "v")
        h = v * soil.around(w)
        h = h.named("h")
        trace = walked(soil.around(h))
        found = explain(trace, trace.graph.find("w"))
        if v.value == 0:
            assert isinstance(found, Blocked)
            (factor,) = found.cut
        else:
            assert isinstance(found, Carried)
            assert found.size is (Size.SMALL if abs(v.value) < 1 else Size.LARGE)
            factor = found.smallest if found.size is Size.SMALL else found.largest
        assert factor.cause is Cause.OPERAND
        assert (trace.graph.label(factor.consumer), factor.because) == ("h", trace.graph.find("v"))

    @pytest.mark.parametrize("seed", SEEDS)
    def test_paths_that_cancel(self, seed: int):
        soil = Soil(seed)
        w = Scalar(0.8, "w")
        middle = soil.around(w)
        c = Scalar(3.0, "c")
        left = (1 + seed * 1e-3) * c * middle  # for seed 0 they cancel exactly
        trace = walked(soil.around(left - c * middle))
        found = explain(trace, trace.graph.find("w"))
        assert isinstance(found, Cancelled)
        assert (found.gradient == 0) == (seed == 0)
        assert not found.is_rounding
        assert found.positive + found.negative == pytest.approx(found.gradient, abs=1e-12)
        assert min(path.product for path in found.paths) < 0 < max(path.product for path in found.paths)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_a_local_derivative_that_fails(self, seed: int):
        soil = Soil(seed)
        w = Scalar(0.8, "w")
        zero = soil.around(w) * 0.0
        root = zero.sqrt()  # its slope at 0 is infinite
        root = root.named("root")
        used = soil.around(w)
        if seed % 2:
            trace = walked(soil.around(used + root))
        else:
            trace = walked(soil.around((used + 20).apply("max", used + 20, root)))  # the root is not used at all
        found = explain(trace, trace.graph.find("w"))
        assert isinstance(found, GradientUndefined)
        assert trace.graph.label(found.consumer) == "root"
        assert math.isinf(found.local)
        assert found.reason is not None
        assert found.reason.why is Why.LOCAL_UNDEFINED
        assert (found.way[0], found.way[-1]) == (found.operand, trace.graph.find("w"))
        assert all(b in trace.graph.operands_of(a) for a, b in zip(found.way, found.way[1:], strict=False))
        if seed % 2:
            assert found.unused is None
        else:
            assert isinstance(found.unused, Blocked)
            assert found.unused.cut[0].cause is Cause.NOT_CHOSEN

    @pytest.mark.parametrize("seed", SEEDS)
    def test_a_value_that_fails(self, seed: int):
        soil = Soil(seed)
        w = Scalar(0.8, "w")
        below = soil.around(w) - 100
        below = below.named("below")
        bad = below.ln()
        bad = bad.named("bad")
        after = soil.around(bad)
        after = after.named("after")
        trace = walked(soil.around(after + after * w))
        graph = trace.graph
        found = explain(trace, graph.find("after"))
        assert isinstance(found, ValueUndefined)
        assert not found.of_output
        assert (found.way[0], found.way[-1]) == (found.first, graph.find("after"))
        assert found.reason is not None
        assert found.reason.why is Why.OUTSIDE_DOMAIN
        of_w = explain(trace, graph.find("w"))
        assert isinstance(of_w, ValueUndefined)
        assert of_w.of_output
        assert (of_w.way[0], of_w.way[-1]) == (graph.find("bad"), graph.output)
        assert all(a in graph.operands_of(b) for a, b in zip(of_w.way, of_w.way[1:], strict=False))


class TestOtherCauses:
    def test_a_small_and_a_large_denominator(self):
        for value, size in ((1e-4, Size.LARGE), (1e4, Size.SMALL)):
            a, s = Scalar(value, "a"), Scalar(1.0, "s")
            trace = walked(s * (1 / a))
            found = explain(trace, trace.graph.find("a"))
            assert isinstance(found, Carried)
            factor = found.largest if size is Size.LARGE else found.smallest
            assert (found.size, factor.cause, factor.because) == (size, Cause.DENOMINATOR, trace.graph.find("a"))

    def test_a_large_exponential(self):
        a, s = Scalar(20.0, "a"), Scalar(0.5, "s")
        trace = walked(s * a.exp())
        found = explain(trace, trace.graph.find("a"))
        assert isinstance(found, Carried)
        assert (found.largest.cause, found.largest.because) == (Cause.EXPONENTIAL, trace.graph.find("a"))

    def test_many_factors_that_are_none_of_them_small(self):
        x = Scalar(0.1, "x")
        y = x
        for _ in range(12):
            y = y.sigmoid()
        found = explain(walked(y), 0)
        assert isinstance(found, Carried)
        assert (found.size, found.is_of_many, found.alike) == (Size.SMALL, True, 12)

    def test_a_product_too_small_for_a_float_is_no_zero_factor(self):
        x = Scalar(1.0, "x")
        y = x
        for _ in range(4):
            y = y * 1e-100
        trace = walked(y)
        found = explain(trace, trace.graph.find("x"))
        assert isinstance(found, Vanished)
        assert found.log10 == pytest.approx(-400)
        assert found.factors == 4

    def test_fewer_zeros_are_named_where_there_is_a_choice(self):
        """Ten branches all lead through one factor 0, or each has one of its own: the one says more."""
        x, zero = Scalar(1.0, "x"), Scalar(0.0, "zero")
        branches = [(x - (k + 2)).relu() for k in range(10)]
        total = branches[0]
        for branch in branches[1:]:
            total = total + branch
        trace = walked(total * zero)
        found = explain(trace, trace.graph.find("x"))
        assert isinstance(found, Blocked)
        assert (found.cut_size, found.zeros, found.count) == (1, 2, 10)
        assert found.cut[0].because == trace.graph.find("zero")

    def test_a_power_of_0_with_an_infinite_slope(self):
        x, n = Scalar(0.0, "x"), Scalar(0.25, "n")
        trace = walked(x**n)
        found = explain(trace, trace.graph.find("x"))
        assert isinstance(found, GradientUndefined)
        assert found.reason is not None
        assert found.reason.why is Why.LOCAL_UNDEFINED

    def test_what_is_no_gradient_at_all(self):
        trace = Trace(load("fabc").graph)
        assert explain(trace, trace.graph.output) == IsOutput(trace.graph.output)
        x = Scalar(2.0, "x")
        trace = walked(x * 3)
        (three,) = np.flatnonzero(~trace.graph.carries_gradient).tolist()
        assert explain(trace, three) == NoGradient(three)

    def test_an_input_that_the_output_does_not_use(self):
        content = b'title = "t"\nsummary = "s"\n[inputs]\na = 1\nb = 2\n[graph]\nf = "a * 2"\n'
        scenario = read("t.toml", content)
        trace = Trace(scenario.graph)
        assert explain(trace, trace.graph.find("b")) == Unused(trace.graph.find("b"))

    def test_sixty_squarings_are_answered_at_once(self):
        x = Scalar(1.0, "x")
        for _ in range(60):
            x = x * x
        found = explain(walked(x), 0)
        assert isinstance(found, Carried)
        assert (found.size, found.count) == (Size.LARGE, 2**60)
        assert 0 < found.share < 1e-16
        assert len(found.paths) < 10


class TestShares:
    @given(random_functions(12))
    def test_the_paths_carry_what_is_said(self, function: RandomFunction):
        trace = Trace(function.recorded().graph())
        assume(np.isfinite(trace.backward.gradients).all() and np.isfinite(trace.values).all())
        for node, found in carried(trace):
            every = paths_of(trace, node, 5_000)
            if not every.is_complete:
                continue
            sizes = [abs(path.product) for path in every.paths]
            share = math.fsum(abs(path.product) for path in found.paths) / math.fsum(sizes)
            assert found.share == pytest.approx(share)
            if found.share < ENOUGH:
                assert sizes[0] * 1_000 < ENOUGH * math.fsum(sizes)
            else:
                without_last = math.fsum(sizes[: len(found.paths) - 1]) / math.fsum(sizes)
                assert without_last < ENOUGH + 1e-9
            on_them = [abs(trace.backward.locals[edge]) for path in found.paths for edge in path.edges]
            assert abs(found.smallest.local) == min(on_them)
            assert abs(found.largest.local) == max(on_them)


def carried(trace: Trace) -> Iterator[tuple[int, Carried]]:
    for node in np.flatnonzero(trace.graph.carries_gradient).tolist():
        found = explain(trace, node)
        if isinstance(found, Carried):
            yield node, found
