"""An equation is true as printed: read back, and computed by Python itself from the numbers as they are shown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.walk.equation import Equation
from gradwalk.engine.walk.trace import Trace
from hypothesis import given, settings

from .random_functions import RandomFunction, random_functions

FUNCTIONS = {
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "tanh", "exp", "sqrt", "erf")},
    "ln": math.log,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "mean": lambda *operands: math.fsum(operands) / len(operands),
    "abs": abs,
}


def computed(left: str) -> float:
    """Compute a printed formula with Python."""
    python = re.sub(r"(⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: f"**({plain_digits(found[1])})", left)
    python = python.replace("·", "*").replace("^", "**")
    return eval(python, {"__builtins__": {}}, FUNCTIONS)


def plain_digits(superscripts: str) -> str:
    return superscripts.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))


def holds(equation: Equation) -> bool:
    """Say whether what is left, computed, is what is right, to the last digit that is shown."""
    distance, noise = difference(equation)
    shown = Decimal(equation.right).as_tuple()
    is_rounded = last_place(equation) <= -4 or len(shown.digits) >= 4
    return distance <= noise or (is_rounded and distance <= 0.5000001 * 10.0 ** last_place(equation) + noise)


def clearly_holds(equation: Equation) -> bool:
    """Say whether the right side is the left one rounded to four decimals, and no float's noise can say otherwise."""
    distance, noise = difference(equation)
    is_rounded = last_place(equation) <= -4 and len(Decimal(equation.right).as_tuple().digits) >= 4
    return is_rounded and noise < distance < 0.4999999 * 10.0 ** last_place(equation) - noise


def difference(equation: Equation) -> tuple[float, float]:
    """How far apart both sides are, and how much of that may come from computing the left one with floats."""
    left = computed(equation.left)
    size = max([abs(left), *(abs(float(found)) for found in re.findall(r"\d+(?:\.\d+)?(?:e[+-]\d+)?", equation.left))])
    return abs(left - float(equation.right)), 1e-13 * size


def last_place(equation: Equation) -> int:
    exponent = Decimal(equation.right).as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def equations(trace: Trace, digits: int = 0) -> Iterator[Equation]:
    for number in range(1, trace.total + 1):
        step = trace.step(number, digits)
        yield step.substituted
        if step.factor:
            yield from (step.factor.local_substituted, step.factor.product, step.factor.accumulation)


@given(random_functions(12))
def test_every_equation_of_a_walk_holds_as_printed(function: RandomFunction):
    for equation in equations(Trace(function.recorded().named("out").graph())):
        if equation.relation == "=":
            assert holds(equation), equation
        else:
            assert equation.digits in (0, 17)
            assert not clearly_holds(equation), equation


@pytest.mark.parametrize("digits", [4, 8])
@settings(max_examples=30)
@given(function=random_functions(8))
def test_every_equation_with_more_digits_holds_as_printed(digits: int, function: RandomFunction):
    for equation in equations(Trace(function.recorded().named("out").graph()), digits):
        assert equation.relation == "≈" or holds(equation), equation
        assert len(re.sub(r"^-?[0.]*|\.|e.*", "", equation.right)) <= max(digits, equation.digits), equation


def lines(expression: str, digits: int = 0, **values: str) -> list[str]:
    trace = Trace(from_expression(expression, values).graph)
    shown = (trace.step(number, digits).substituted for number in range(1, trace.forward_steps + 1))
    return [f"{equation.left} {equation.relation} {equation.right}" for equation in shown]


@pytest.mark.parametrize(
    ("expression", "values", "shown"),
    [
        ("x + h", {"x": "3", "h": "1e-5"}, ["3 + 1e-05 = 3.00001"]),
        ("(x + h)^2", {"x": "3", "h": "1e-5"}, ["3 + 1e-05 = 3.00001", "3.00001² = 9.0001"]),
        ("x^2", {"x": "1.00004"}, ["1.00004² = 1.0001"]),
        ("x + y", {"x": "0.1", "y": "0.2"}, ["0.1 + 0.2 = 0.3"]),
        ("1/x + 1/y", {"x": "3", "y": "3"}, ["1/3 = 0.3333", "1/3 = 0.3333", "0.33333 + 0.33333 = 0.6667"]),
        ("x + h", {"x": "3", "h": "1e-20"}, ["3 + 1e-20 ≈ 3"]),
        ("tanh(x)", {"x": "20"}, ["tanh(20) ≈ 1"]),
        ("ln(x)", {"x": "-1"}, ["ln(-1) = undefined"]),
        ("exp(x)", {"x": "-1000"}, ["exp(-1000) ≈ 0"]),
        ("exp(x)", {"x": "-10000000"}, ["exp(-10000000) ≈ 0"]),
        ("exp(x)", {"x": "-1e300"}, ["exp(-1e+300) ≈ 0"]),
        ("x^n", {"x": "1e-300", "n": "10000000"}, ["1e-300^10000000 ≈ 0"]),
        ("x + h", {"x": "1", "h": "1e-30"}, ["1 + 1e-30 ≈ 1"]),
        ("x + h", {"x": "1", "h": "1e-300"}, ["1 + 1e-300 ≈ 1"]),
        ("exp(x)", {"x": "1e-60"}, ["exp(1e-60) ≈ 1"]),
        ("tanh(x)", {"x": "60"}, ["tanh(60) ≈ 1"]),
        ("tanh(x)", {"x": "10000"}, ["tanh(10000) ≈ 1"]),
        ("cos(x)", {"x": "0"}, ["cos(0) = 1"]),
        ("x^n", {"x": "4", "n": "0.5"}, ["4^0.5 = 2"]),
        ("sqrt(x)", {"x": "6.25"}, ["sqrt(6.25) = 2.5"]),
        ("1/3*x", {"x": "3"}, ["1/3 = 0.3333", "0.3333·3 ≈ 1"]),
    ],
)
def test_a_line_shows_as_many_digits_as_make_it_true(expression: str, values: dict[str, str], shown: list[str]):
    assert lines(expression, **values) == shown


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        (4, ["2.7183/3 = 0.9061", "2.718·0.9061 = 2.463"]),
        (8, ["2.71828183/3 = 0.90609394", "2.7182818·0.90609394 = 2.4630187"]),
        (
            17,
            [
                "2.7182818284590451/3 = 0.9060939428196817",
                "2.7182818284590451·0.9060939428196817 ≈ 2.4630186996435497",
            ],
        ),
    ],
)
def test_a_line_shows_the_digits_that_are_asked_for_and_more_only_where_it_needs_them(digits: int, shown: list[str]):
    assert lines("x * (x/3)", digits, x="e") == shown


def test_an_equation_that_cannot_be_computed_is_not_said_to_hold():
    local = Trace(from_expression("x^n", {"x": "0", "n": "0"}).graph).step(3).factor
    assert local is not None
    assert local.local_substituted == Equation("0·0^(0 - 1)", "≈", "0"), "the limit: 1/0 is no number"


def test_a_product_shows_more_digits_where_four_are_not_enough():
    trace = Trace(from_expression("a*b", {"a": "100000", "b": "6.00002"}).graph)
    assert trace.step(1).substituted == Equation("100000·6.00002", "=", "600002", 6)


def test_a_long_sum_is_right_where_it_says_so_though_not_all_of_it_is_shown():
    tens = {f"x{place}": "0.1" for place in range(10)}
    assert lines(f"sum({', '.join(tens)})", **tens) == ["sum(0.1, 0.1, 0.1, …, 0.1) = 1"]
    lost = {"a": "1e17", "b": "1", "c": "1", "d": "1", "x": "1", "y": "1", "z": "-1e17"}
    assert lines("sum(a, b, c, d, x, y, z)", **lost) == ["sum(1e+17, 1, 1, …, -1e+17) ≈ 0"]
    assert lines("mean(a, b, c, d, x, y, z)", **lost) == ["mean(1e+17, 1, 1, …, -1e+17) ≈ 0"]
    assert lines("mean(a, b, c, d, x, y, z)", **{**lost, "a": "2", "z": "7"}) == ["mean(2, 1, 1, …, 7) = 2"]
