"""Every forward rule on complex numbers: a complex step through it is the derivative, by the rule and by mpmath."""

import math
from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import mpmath
import numpy as np
import pytest
from gradwalk.engine.rules.ops import CODES, N_ARY, OPS, Op, evaluate
from hypothesis import assume, given

H = 1e-100

MPMATH: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda x: -x,
    "reciprocal": lambda x: 1 / x,
    "pow": mpmath.power,
    "square": lambda x: x * x,
    "sqrt": mpmath.sqrt,
    "exp": mpmath.exp,
    "ln": mpmath.ln,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "tanh": mpmath.tanh,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.ln(1 + mpmath.exp(x)),
    "erf": mpmath.erf,
    "relu": lambda x: max(x, mpmath.mpf(0)),
    "abs": abs,
    "min": min,
    "max": max,
    "sum": lambda *xs: mpmath.fsum(xs),
    "mean": lambda *xs: mpmath.fsum(xs) / len(xs),
}

each_op = pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
numbers = st.floats(-30, 30).filter(lambda x: x == 0 or abs(x) > 1e-6) | st.sampled_from([1.0, -2.0, 3.0, 0.5])


def points(op: Op) -> st.SearchStrategy[tuple[float, ...]]:
    return st.tuples(*[numbers] * (3 if op.arity is N_ARY else op.arity or 0))


def complex_step(op: Op, point: tuple[float, ...], position: int) -> tuple[float, float]:
    """The value and the derivative by the operand at a position."""
    moved = [np.array([x + 1j * H * (place == position)]) for place, x in enumerate(point)]
    with np.errstate(all="ignore"):
        out = np.asarray(op.forward(*moved)).astype(complex).item()
    return out.real, out.imag / H


def can_move(op: Op, point: tuple[float, ...], position: int) -> bool:
    near = [math.nextafter(point[position], end) for end in (-math.inf, math.inf)]
    return op.corner(position, point) is None and all(
        op.defined_at(*point[:position], x, *point[position + 1 :]) for x in (*near, point[position])
    )


@each_op
@given(data=st.data())
def test_a_complex_step_is_the_local_derivative(op: Op, data: st.DataObject):
    point = data.draw(points(op))
    for position in range(len(point)):
        assume(can_move(op, point, position))
        expected = evaluate(op.forward, *point)
        value, slope = complex_step(op, point, position)
        assert value == pytest.approx(expected, rel=1e-14, abs=1e-110)
        rule = evaluate(op.partial(position), *point, out=expected)
        assert slope == pytest.approx(rule, rel=1e-12, abs=1e-15)


@each_op
@given(data=st.data())
def test_it_is_what_mpmath_differentiates_to(op: Op, data: st.DataObject):
    if op.name not in MPMATH:
        pytest.skip("constant between its jumps")
    point = data.draw(points(op))
    for position in range(len(point)):
        assume(can_move(op, point, position))

        def along(x: Any, position: int = position) -> Any:
            return MPMATH[op.name](*map(mpmath.mpf, point[:position]), x, *map(mpmath.mpf, point[position + 1 :]))

        with mpmath.workdps(60):
            expected = mpmath.diff(along, mpmath.mpf(point[position]), h=mpmath.mpf("1e-25"))
        assert complex_step(op, point, position)[1] == pytest.approx(float(mpmath.re(expected)), rel=1e-12, abs=1e-20)


@pytest.mark.parametrize(
    ("name", "operands"), [("ln", (-1.0,)), ("sqrt", (-4.0,)), ("pow", (-8.0, 1 / 3)), ("pow", (-2.0, 3.0 + 1j * H))]
)
def test_nothing_comes_of_what_real_numbers_do_not_have(name: str, operands: tuple[complex, ...]):
    forward = OPS[CODES[name]].forward
    assert np.isnan(forward(*(np.array([operand], complex) for operand in operands))).all()


@pytest.mark.parametrize(("x", "piece"), [(2.0, 1.0), (-2.0, -1.0)])
def test_the_size_of_a_number_keeps_its_slope(x: float, piece: float):
    assert np.abs(x + 1j * H).imag == 0
    assert complex_step(OPS[CODES["abs"]], (x,), 0) == (2.0, piece)


def test_a_small_decay_is_not_lost_in_softplus():
    assert complex_step(OPS[CODES["softplus"]], (-40.0,), 0)[0] == pytest.approx(math.exp(-40), rel=1e-14)


def test_one_complex_number_does_as_well_as_an_array():
    for op in OPS:
        if op.arity == 1:
            assert complex(op.forward(2.0 + 0j)) == pytest.approx(evaluate(op.forward, 2.0))
