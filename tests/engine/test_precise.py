"""Numbers of many digits: where floats can hold the result both agree, and elsewhere the published value is met."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import pytest
from gradwalk.engine.rules.ops import OPS, Op, evaluate
from gradwalk.engine.rules.precise import Precise, precision
from hypothesis import given

OPERANDS = st.floats(-30, 30) | st.sampled_from([0.0, 1e-200, -1e-9, 0.5, 2.0, 3.0, 100.0])

SATURATING = ("tanh", "sigmoid")
"""Of their slopes a float loses the digits that 1 - out loses, and no others."""


def precise(op: Op, *operands: float) -> str:
    """The first digits of an operation's result."""
    with precision(40):
        return f"{op.forward(*map(Precise, operands)).number:.11e}"


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
@given(operands=st.tuples(OPERANDS, OPERANDS))
def test_where_a_float_holds_the_result_both_agree(op: Op, operands: tuple[float, float]):
    operands = operands[: op.arity or 2]
    if not op.defined_at(*operands):
        return
    for rule, out in ((op.forward, {}), *((partial, {"out": op.forward}) for partial in op.partials)):
        with precision(40):
            rounded = evaluate(rule, *operands, **({"out": evaluate(op.forward, *operands)} if out else {}))
            try:
                exact_operands = [Precise(operand) for operand in operands]
                exact = rule(*exact_operands, **({"out": op.forward(*exact_operands)} if out else {}))
            except ArithmeticError:
                assert not math.isfinite(rounded) or 0 in operands
                continue
        if math.isfinite(rounded):
            lost = 1e-15 if out and op.name in SATURATING else 0.0
            assert float(exact) == pytest.approx(rounded, rel=1e-8, abs=lost)


@pytest.mark.parametrize(
    ("name", "operand", "digits"),
    [
        ("exp", 1000.0, "1.97007111402e+434"),  # e^1000
        ("sigmoid", -1000.0, "5.07595889755e-435"),  # e^-1000
        ("square", 1e-200, "1.00000000000e-400"),
        ("tanh", 1e-200, "1.00000000000e-200"),
        ("softplus", -1000.0, "5.07595889755e-435"),
        ("erf", 3.0, "9.99977909503e-1"),
        ("erf", 1e-300, "1.12837916710e-300"),
        ("sin", 1e22, "-8.52200849767e-1"),  # the classic test of argument reduction
        ("cos", 1e22, "5.23214785395e-1"),
        ("ln", 2.0, "6.93147180560e-1"),
    ],
)
def test_what_no_float_holds_or_reaches(name: str, operand: float, digits: str):
    op = next(op for op in OPS if op.name == name)
    assert precise(op, operand) == digits


@pytest.mark.parametrize(("name", "operand"), [("ln", 0.0), ("ln", -1.0), ("reciprocal", 0.0), ("sqrt", -1.0)])
def test_what_is_undefined_raises(name: str, operand: float):
    with pytest.raises(ArithmeticError):
        precise(next(op for op in OPS if op.name == name), operand)


def test_an_entry_of_the_op_table_may_write_a_power():
    with precision(40):
        assert (Precise(2) ** 3).number == 8
