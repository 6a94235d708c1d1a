"""Formulas that read like a textbook's."""

import math

import hypothesis.strategies as st
import pytest
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.language.parser import parse
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.rules.formula import Formula, Name, Number, Origin
from gradwalk.engine.rules.number_text import format_literal, format_number
from gradwalk.engine.rules.printers.unicode import NOTATION as UNICODE
from gradwalk.engine.walk.trace import Trace
from hypothesis import assume, given

a, b, c = Name("a"), Name("b"), Name("c")
minus_a, minus_two = -a, Number(-2.0)


class TestPrecedence:
    @pytest.mark.parametrize(
        ("symbol", "text"),
        [
            (a + b - c, "a + b - c"),
            (a - (b + c), "a - (b + c)"),
            (a - (b - c), "a - (b - c)"),
            ((a + b) * c, "(a + b)·c"),
            (a * b + c, "a·b + c"),
            (a / b / c, "(a/b)/c"),
            (a / (b * c), "a/(b·c)"),
            (a / (b / c), "a/(b/c)"),
            (a * b / c, "a·b/c"),
            (a * (b / c), "a·(b/c)"),
            (-(a + b), "-(a + b)"),
            (-a * b, "-a·b"),
            (-a / b, "-a/b"),
            (c + -a * b, "c + (-a·b)"),
            (c - -a, "c - (-a)"),
            (-minus_a, "-(-a)"),
            ((a + b) ** 2, "(a + b)²"),
            ((-a) ** 3, "(-a)³"),
            (-(a**3), "-a³"),
            (a**b, "a^b"),
            (a ** (b + 1), "a^(b + 1)"),
            (a**-1, "a⁻¹"),
            (a**0.5, "a^0.5"),
            (a**-0.5, "a^(-0.5)"),
            ((a**b) ** c, "(a^b)^c"),
            (a**1e15, "a^1e+15"),
            (2**a, "2^a"),
            (1 - a, "1 - a"),
            (1 + a, "1 + a"),
            (1 / a, "1/a"),
        ],
    )
    def test_parentheses_stand_where_they_are_needed(self, symbol: Formula, text: str):
        assert UNICODE.formula(symbol) == text

    @pytest.mark.parametrize(
        ("symbol", "text"),
        [
            (a + minus_two, "a + (-2)"),
            (a - minus_two, "a - (-2)"),
            (a * minus_two, "a·(-2)"),
            (minus_two * a, "-2·a"),
            (minus_two * minus_two, "(-2)²"),
            (a / minus_two, "a/(-2)"),
            (minus_two / a, "-2/a"),
            (minus_two**3, "(-2)³"),
            (a**minus_two, "a^(-2)"),
            (-minus_two, "-(-2)"),
        ],
    )
    def test_negative_numbers_are_put_in_with_them(self, symbol: Formula, text: str):
        assert UNICODE.formula(symbol) == text


class TestTidying:
    """A rule's own numbers are worked out; what somebody wrote stays."""

    @pytest.mark.parametrize(
        ("symbol", "text"),
        [
            (1 * a, "a"),
            (a * 1, "a"),
            (a * a, "a²"),
            (-1 / a / a, "-1/a²"),
            (-b / a / a, "-b/a²"),
            (a**1, "a"),
            (a**0, "1"),
            (Number(3.0, Origin.LITERAL) - 1, "2"),
        ],
    )
    def test_a_rules_own_numbers(self, symbol: Formula, text: str):
        assert UNICODE.formula(symbol) == text

    def test_equal_numbers_of_two_operands_are_no_square(self):
        assert UNICODE.formula(Number(3.0) * Number(3.0)) == "3·3"
        assert UNICODE.formula(Number(3.0) / Number(3.0) / Number(3.0)) == "(3/3)/3"

    @pytest.mark.parametrize(
        ("expression", "shown"),
        [
            ("1*x", "1·x"),
            ("x^1", "x¹"),
            ("x^0", "x⁰"),
            ("2*3", "2·3"),
            ("3 - 1", "3 - 1"),
            ("x*1.23456", "x·1.23456"),
            ("x + -2", "x + (-2)"),
            ("x^-2", "x⁻²"),
            ("0*x", "0·x"),
            ("e^x", "e^x"),
        ],
    )
    def test_what_a_user_wrote(self, expression: str, shown: str):
        assert graph_of(expression).expression(len(graph_of(expression)) - 1) == shown

    @pytest.mark.parametrize(
        ("expression", "derivative", "with_numbers"),
        [
            ("x^3", "3·x²", "3·(-2)²"),
            ("x^1", "1", "1"),
            ("x^0", "0", "0"),
            ("x^-1", "-x⁻²", "-(-2)⁻²"),
            ("x^-2", "-2·x⁻³", "-2·(-2)⁻³"),
            ("x^2.5", "2.5·x^1.5", "2.5·x^1.5"),  # it has no value at -2
            ("x²", "2·x", "2·(-2)"),
            ("1/x", "-1/x²", "-1/(-2)²"),
            ("3/x", "-3/x²", "-3/(-2)²"),
            ("x/3", "1/3", "1/3"),
            ("3*x", "3", "3"),
            ("sin(x)", "cos(x)", "cos(-2)"),
            ("cos(x)", "-sin(x)", "-sin(-2)"),
            ("exp(x)", "f", "0.1353"),
            ("tanh(x)", "1 - f²", "1 - (-0.964)²"),
            ("abs(x)", "sign(x)", "sign(-2)"),
            ("mean(x, 1, 4)", "1/3", "1/3"),
            ("sum(x, 1)", "1", "1"),
            ("2 - x", "-1", "-1"),
            ("2^x", "f·ln(2)", "0.25·ln(2)"),
        ],
    )
    def test_local_derivatives(self, expression: str, derivative: str, with_numbers: str):
        trace = Trace(from_expression(expression, {"x": "-2"}).graph)
        factor = trace.step(trace.total).factor
        assert factor is not None
        assert (factor.local_formula, factor.local_substituted.left) == (derivative, with_numbers)

    def test_of_many_operands_it_shows_some(self):
        values = {f"x{place}": "1" for place in range(9)}
        graph = from_expression(f"sum({', '.join(values)})", values).graph
        assert graph.expression(graph.output) == "sum(x0, x1, x2, …, x8)"


def graph_of(expression: str) -> Graph:
    return from_expression(expression, {"x": "3"} if "x" in expression.replace("exp", "") else {}).graph


class TestNumbers:
    @pytest.mark.parametrize(
        ("number", "text"),
        [
            (0.0, "0"),
            (-0.0, "0"),
            (3.0, "3"),
            (-1 / 9, "-0.1111"),
            (0.0409, "0.0409"),
            (0.0012345, "0.001234"),
            (123456.789, "123456.789"),
            (1234567.0, "1234567"),
            (2.5e9, "2.5e+09"),
            (-1e-12, "-1e-12"),
            (math.inf, "∞"),
            (-math.inf, "-∞"),
            (math.nan, "undefined"),
        ],
    )
    def test_for_reading(self, number: float, text: str):
        assert format_number(number) == text

    @pytest.mark.parametrize(
        ("number", "text"), [(0.123456, "0.123456"), (1 / 3, "0.3333"), (100000.0, "100000"), (1e-5, "1e-05")]
    )
    def test_in_a_formula(self, number: float, text: str):
        assert format_literal(number) == text

    @given(st.floats(-1e300, 1e300))
    def test_what_is_shown_is_near_what_it_is(self, number: float):
        assert float(format_number(number)) == pytest.approx(number, rel=1e-3, abs=1e-300)


KNOWN = {"a": 1.5, "b": -0.7, "c": 2.25}
Pair = tuple[Formula, float]
LEAVES = st.sampled_from([(a, 1.5), (b, -0.7), (c, 2.25)]) | st.integers(-8, 8).map(lambda n: (Number(n / 2), n / 2))
PAIRS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: (p[0][0] + p[1][0], p[0][1] + p[1][1])),
        st.tuples(inner, inner).map(lambda p: (p[0][0] - p[1][0], p[0][1] - p[1][1])),
        st.tuples(inner, inner).map(lambda p: (p[0][0] * p[1][0], p[0][1] * p[1][1])),
        st.tuples(inner, inner).filter(lambda p: p[1][1] != 0).map(lambda p: (p[0][0] / p[1][0], p[0][1] / p[1][1])),
        inner.filter(lambda x: x[1] != 0).map(lambda x: (-1 / x[0] / x[0], -1 / x[1] ** 2)),
        inner.map(lambda x: (-x[0], -x[1])),
        inner.map(lambda x: (x[0] ** 2, x[1] ** 2)),
        inner.map(lambda x: (x[0] * x[0], x[1] ** 2)),
        inner.map(lambda x: (1 * x[0] + 0.5, x[1] + 0.5)),
        inner.map(lambda x: (x[0].apply("tanh", x[0]), math.tanh(x[1]))),
    ),
    max_leaves=12,
)
"""Symbols made as a rule makes them, each with the number that the same arithmetic gives."""


@given(PAIRS)
def test_what_is_printed_means_what_was_computed(pair: Pair):
    symbol, number = pair
    tape = Tape()
    nodes = {name: tape.leaf(value, Leaf.INPUT, name) for name, value in KNOWN.items()}
    read = tape.values[parse(UNICODE.formula(symbol)).record(tape, nodes)]
    assume(math.isfinite(number) and abs(number) < 1e9)
    assert read == pytest.approx(number, rel=1e-6, abs=1e-6), UNICODE.formula(symbol)
