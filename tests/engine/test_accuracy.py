"""Values and local derivatives over all of the floats, against decimals of a hundred digits.

Whatever the operands, subnormal ones and those near the largest included: a result that a float can hold is right to
nearly its last digit, one that is too large is infinite. Only what the rules know of the operands counts: `1 - out²` of
`tanh` loses digits where `out` is all but 1, as it does in any other engine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Context, Decimal, localcontext

import numpy as np
import pytest
from gradwalk.engine.rules.ops import CODES, OPS, evaluate
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

ENOUGH = Context(prec=100, Emin=-(10**9), Emax=10**9)
LARGEST = Decimal(np.finfo(float).max)
SMALLEST = Decimal(math.ulp(0.0))

extremes = st.sampled_from([5e-324, 1e-310, 1e-308, 2.2250738585072014e-308, 1e-200, 1e-154, 1e154, 1e200, 1e308])
anything = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    extremes,
    extremes.map(lambda number: -number),
    st.floats(-700, 700),
    st.floats(0.5, 2),
)
positive = anything.map(abs).filter(lambda number: number > 0)
whole = st.integers(-1100, 1100).map(float)


def power(x: Decimal, n: Decimal) -> Decimal:
    magnitude = (abs(x).ln() * n).exp() if x else Decimal(n == 0)
    return -magnitude if x < 0 and n % 2 else magnitude


Judge = Callable[..., Decimal]
JUDGES: dict[str, tuple[Judge, tuple[Judge, ...]]] = {
    "add": (lambda a, b: a + b, (lambda a, b: Decimal(1), lambda a, b: Decimal(1))),
    "sub": (lambda a, b: a - b, (lambda a, b: Decimal(1), lambda a, b: Decimal(-1))),
    "mul": (lambda a, b: a * b, (lambda a, b: b, lambda a, b: a)),
    "div": (lambda a, b: a / b, (lambda a, b: 1 / b, lambda a, b: -a / (b * b))),
    "reciprocal": (lambda x: 1 / x, (lambda x: -1 / (x * x),)),
    "square": (lambda x: x * x, (lambda x: 2 * x,)),
    "sqrt": (lambda x: x.sqrt(), (lambda x: 1 / (2 * x.sqrt()),)),
    "ln": (lambda x: x.ln(), (lambda x: 1 / x,)),
    "exp": (lambda x: x.exp(), (lambda x: x.exp(),)),
    "pow": (power, (lambda x, n: n * power(x, n) / x, lambda x, n: power(x, n) * x.ln())),
}  # fmt: skip

points: dict[str, st.SearchStrategy[tuple[float, ...]]] = {
    **dict.fromkeys(("add", "sub", "mul"), st.tuples(anything, anything)),
    "div": st.tuples(anything, anything.filter(bool)),
    "reciprocal": st.tuples(anything.filter(bool)),
    "square": st.tuples(anything),
    "sqrt": st.tuples(positive),
    "ln": st.tuples(positive),
    "exp": st.tuples(st.floats(-800, 800)),
    "pow": st.one_of(st.tuples(positive, anything), st.tuples(anything.filter(bool), whole)),
}


def assert_right(found: float, true: Decimal, what: object) -> None:
    """Say that a float is the number, to 13 digits or 2 of the smallest floats; infinite beyond the largest."""
    if abs(true) > LARGEST * Decimal("1.0000000000001"):
        assert math.isinf(found), (what, found, true)
        assert (found > 0) == (true > 0), (what, found, true)
    elif abs(true) < LARGEST * Decimal("0.9999999999999"):
        assert math.isfinite(found), (what, found, true)
        assert abs(Decimal(found) - true) <= abs(true) * Decimal("1e-12") + 2 * SMALLEST, (what, found, true)


def ways(name: str, point: tuple[float, ...], position: int | None = None, out: float = 0.0) -> tuple[float, float]:
    """Compute a value, or a local derivative, on floats and on arrays."""
    op = OPS[CODES[name]]
    columns = [np.array([operand, operand]) for operand in point]
    with np.errstate(all="ignore"):
        if position is None:
            return evaluate(op.forward, *point), float(np.asarray(op.forward(*columns)).flat[0])
        rule = op.partial(position)
        on_arrays = np.asarray(rule(*columns, out=np.array([out, out])))
        return evaluate(rule, *point, out=out), float(on_arrays.flat[0])


@pytest.mark.parametrize("name", JUDGES)
@given(data=st.data())
@settings(max_examples=150)
def test_a_result_that_a_float_can_hold_is_found(name: str, data: st.DataObject) -> None:
    point = data.draw(points[name])
    check(name, point)


def check(name: str, point: tuple[float, ...]) -> None:
    value, partials = JUDGES[name]
    with localcontext(ENOUGH):
        operands = [Decimal(operand) for operand in point]
        if name == "pow" and abs(operands[1] * abs(operands[0]).ln()) > 10_000:
            assume(False)  # decimals take too long, and floats are far outside
        true = value(*operands)
        for found in ways(name, point):
            assert_right(found, true, point)
        out = ways(name, point)[0]
        if not math.isfinite(out):
            return  # without a value there is no slope
        for position, judge in enumerate(partials):
            if name == "pow" and position == 1 and point[0] < 0:
                continue
            for found in ways(name, point, position, out):
                assert_right(found, judge(*operands), (point, position))


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("pow", (5e-324, 5e-324)),
        ("pow", (1e-310, 1e-310)),
        ("pow", (-1e-200, 2.0)),
        ("pow", (0.5, 1080.0)),
        ("pow", (-0.5, 1081.0)),
        ("pow", (1e-200, 1.62)),
        ("pow", (-1.0, 1e16)),
        ("pow", (-1.0, -1e16)),
        ("pow", (3.0, -0.0)),
        ("div", (5e-324, 1e-5)),
        ("div", (0.0, 1e-200)),
        ("div", (1e-320, -1e-7)),
        ("div", (1e200, 1e-50)),
    ],
)
def test_so_it_is_at_these(name: str, point: tuple[float, ...]) -> None:
    check(name, point)


class TestSums:
    """A mean lies among its operands but for rounding, so it never overflows; a sum does where it is too large."""

    @given(st.lists(anything, min_size=1, max_size=9))
    @example([3.0, 1e308, 1e308])
    @example([1e-154] * 3)
    @example([1e308, 1e308, -1e308, -1e308])
    @example([1.7976931348623157e308] * 3)
    @example([-1.7976931348623157e308] * 7)
    def test_are_right_up_to_the_rounding_of_their_largest_part(self, numbers: list[float]) -> None:
        with localcontext(ENOUGH):
            total = sum(map(Decimal, numbers))
            allowed = sum(abs(Decimal(number)) for number in numbers) * Decimal("1e-15") + 2 * SMALLEST
            for name, true in (("sum", total), ("mean", total / len(numbers))):
                on_floats, on_arrays = ways(name, tuple(numbers))
                rows = OPS[CODES[name]].on_rows
                assert rows is not None
                with np.errstate(all="ignore"):
                    on_rows = float(rows(np.array(numbers)[:, np.newaxis])[0])
                assert on_floats.hex() == on_arrays.hex() == on_rows.hex()
                if abs(true) + allowed < LARGEST:
                    assert abs(Decimal(on_floats) - true) <= allowed
                if name == "mean":
                    least, most = Decimal(min(numbers)), Decimal(max(numbers))
                    assert least - allowed <= Decimal(on_floats) <= most + allowed

    def test_keep_what_is_infinite_or_no_number_already(self) -> None:
        for name in ("sum", "mean"):
            assert ways(name, (math.inf, 1e308, 1e308)) == (math.inf, math.inf)
            assert all(map(math.isnan, ways(name, (math.inf, -math.inf, 1.0))))
            assert all(map(math.isnan, ways(name, (math.nan, 1e308, 1e308))))
