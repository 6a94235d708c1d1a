"""A closed form is shown where it is the number, and only there; mpmath says with fifty digits what the number is."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import hypothesis.strategies as st
import mpmath
import pytest
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.rules.closed_form import ClosedForm
from gradwalk.engine.rules.closed_form_formula import closed_formula
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.rules.printers import notation
from gradwalk.engine.rules.printers.text import NOTATION as TEXT
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.walk.equation import Equation
from gradwalk.engine.walk.exact_value import ExactValue
from gradwalk.engine.walk.short_form import LONGEST, exact_value
from gradwalk.engine.walk.trace import Trace
from hypothesis import given, settings

KNOWN: dict[str, Any] = {
    **{name: getattr(mpmath, name) for name in ("sqrt", "exp", "ln", "sin", "cos", "tan", "tanh", "erf")},
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "abs": lambda x: x if x >= 0 else -x,
    "relu": lambda x: max(x, mpmath.mpf(0)),
    "softplus": lambda x: mpmath.ln(1 + mpmath.exp(x)),
}
INPUTS = [
    "2",
    "3",
    "-1",
    "0.5",
    "0.1",
    "e",
    "pi",
    "1/3",
    "-2/7",
    "sqrt(2)",
    "e^2",
    "pi/6",
    "pi/4",
    "e/9",
    "1 + sqrt(5)",
]


def many_digits(text: str, **values: mpmath.mpf) -> mpmath.mpf:
    """Compute an expression of a scenario with as many digits as mpmath works with."""
    python = re.sub(r"(?<![\w.])(\d+(?:\.\d+)?)", r"mpf('\1')", text.replace("^", "**"))
    names = {"e": mpmath.e, "pi": mpmath.pi, "mpf": mpmath.mpf, **KNOWN, **values}
    return mpmath.mpf(eval(python, {"__builtins__": {}}, names))


def is_number(form: str, number: mpmath.mpf) -> bool:
    return abs(many_digits(form) - number) <= mpmath.mpf(10) ** -40 * max(1, abs(number))


def equations(trace: Trace) -> Iterator[Equation]:
    for number in range(1, trace.total + 1):
        step = trace.step(number)
        yield step.substituted
        if step.factor:
            yield from (step.factor.local_substituted, step.factor.product, step.factor.accumulation)


def shown(graph: Graph) -> list[ExactValue]:
    return [equation.exact for equation in equations(Trace(graph)) if equation.exact is not None]


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "y", "z", "x", "y", "2", "3", "e", "pi"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: "({}){}({})".format(*parts)),
        st.tuples(st.sampled_from(["sqrt", "ln", "exp", "sin", "cos", "abs", "relu", "tanh", "sigmoid"]), inner).map(
            "{0[0]}({0[1]})".format
        ),
        st.tuples(inner, st.sampled_from(["^2", "^3", "^(-1)"])).map(lambda parts: "({}){}".format(*parts)),
    ),
    max_leaves=6,
)


@settings(max_examples=150)
@given(expression=EXPRESSIONS, inputs=st.tuples(*[st.sampled_from(INPUTS)] * 3))
def test_what_is_shown_is_the_number_within_4_ulp(expression: str, inputs: tuple[str, str, str]) -> None:
    text = f"({expression}) + 0*x*y*z"
    trace = Trace(from_expression(text, dict(zip("xyz", inputs, strict=True))).graph, notation=TEXT)
    closed, end = trace.numbers.closed, trace.state(trace.total)
    with mpmath.workdps(60):
        point = [many_digits(value) for value in inputs]
        found = exact_value(closed.value(trace.graph.output), trace.values.item(trace.graph.output), TEXT)
        if found is not None:
            number = many_digits(text, **dict(zip("xyz", point, strict=True)))
            assert is_number(found.form, number)
            assert abs(number - trace.values.item(trace.graph.output)) <= 4 * math.ulp(float(number))
        for place, name in enumerate("xyz"):
            node = trace.graph.find(name)
            gradient = end.gradient(node)
            assert gradient is not None
            found = exact_value(closed.gradient(node), gradient, TEXT)
            if found is not None and "abs" not in text and "relu" not in text:
                orders = tuple(int(place == other) for other in range(3))
                slope = mpmath.diff(
                    lambda *at: many_digits(text, **dict(zip("xyz", at, strict=True))), tuple(point), orders
                )
                assert abs(many_digits(found.form) - slope) <= 1e-25 * max(1, abs(slope))
                assert abs(slope - gradient) <= 4 * math.ulp(gradient)


@settings(max_examples=60)
@given(EXPRESSIONS, st.tuples(*[st.sampled_from(INPUTS)] * 3))
def test_the_last_tangent_of_forward_mode_is_the_gradient(expression: str, inputs: tuple[str, str, str]) -> None:
    trace = Trace(from_expression(f"{expression} + x*y*z", dict(zip("xyz", inputs, strict=True))).graph)
    closed = trace.numbers.closed
    for name in "xyz":
        node = trace.graph.find(name)
        gradient, tangent = closed.gradient(node), closed.tangent(node, trace.graph.output)
        assert gradient == tangent or None in (gradient, tangent)


@given(EXPRESSIONS, st.tuples(*[st.floats(0.1, 3).filter(lambda value: len(repr(value)) > 12)] * 3))
def test_what_hangs_on_a_number_of_many_digits_has_no_closed_form(
    expression: str, inputs: tuple[float, float, float]
) -> None:
    text = f"{expression} + x*y*z"
    trace = Trace(from_expression(text, {name: repr(value) for name, value in zip("xyz", inputs, strict=True)}).graph)
    assert trace.numbers.closed.value(trace.graph.output) is None
    assert exact_words(trace, trace.graph.output) is None


def exact_words(trace: Trace, node: int) -> str | None:
    found = exact_value(trace.numbers.closed.value(node), trace.values.item(node), trace.numbers.notation)
    return found.form if found else None


def last(expression: str, **values: str) -> str | None:
    trace = Trace(from_expression(expression, values).graph)
    return exact_words(trace, trace.graph.output)


@pytest.mark.parametrize(
    ("expression", "values", "form"),
    [
        ("1/x + 1/y", {"x": "3", "y": "3"}, "2/3"),
        ("ln(x)/9", {"x": "e"}, "1/9"),
        ("-1/(9*x)", {"x": "e"}, "-1/(9e)"),
        ("sqrt(x^2 + y^2)", {"x": "1", "y": "2"}, "√5"),
        ("exp(-x^2/2)/sqrt(2*pi)", {"x": "1"}, "1/√(2eπ)"),
        ("sin(x)", {"x": "pi/3"}, "√3/2"),
        ("cos(x)", {"x": "pi/12"}, "(√2 + √6)/4"),
        ("1/(1 + x)", {"x": "sqrt(2)"}, "√2 - 1"),
        ("(1 + x)/2", {"x": "sqrt(5)"}, "(1 + √5)/2"),
        ("x^(1/3)", {"x": "8/27"}, "2/3"),
        ("x*y", {"x": "0.1", "y": "0.3"}, None),
        ("x/y", {"x": "0.1", "y": "0.3"}, "1/3"),
        ("x + y", {"x": "e^2", "y": "-e"}, "e² - e"),
        ("sigmoid(x)", {"x": "0"}, "1/2"),
        ("mean(x, y, 1)", {"x": "2", "y": "2"}, "5/3"),
        ("relu(x - y)", {"x": "pi", "y": "e"}, "π - e"),
        ("max(x, y)/3", {"x": "sqrt(2)", "y": "sqrt(3)"}, "√3/3"),
        ("x/1024", {"x": "1"}, "1/1024"),
        ("x*1", {"x": "3"}, None),
        ("tanh(x)", {"x": "1"}, None),
        ("ln(x)", {"x": "2"}, None),
        ("exp(x)", {"x": "pi"}, None),
        ("1/(1 + x)", {"x": "e"}, None),
        ("sin(x)", {"x": "1"}, None),
        ("sin(x)", {"x": "pi"}, None),
        ("tan(x)", {"x": "pi/2"}, None),
        ("sqrt(x)", {"x": "1 + e"}, None),
        ("x + y", {"x": "1e-20", "y": "1"}, None),
        ("x*y", {"x": "0.12345", "y": "1"}, None),
        ("x/y", {"x": "12345", "y": "67891"}, None),
        ("x*2", {"x": "2.718281828459045"}, None),
    ],
)
def test_a_value_has_a_closed_form_or_none(expression: str, values: dict[str, str], form: str | None) -> None:
    assert last(expression, **values) == form


def test_a_rounded_line_tells_that_its_result_is_exact() -> None:
    equation = Trace(from_expression("ln(x)", {"x": "e"}).graph).step(1).substituted
    assert (equation.relation, equation.right, equation.exact) == ("≈", "1", ExactValue("1", "exactly"))


def test_with_all_digits_the_decimal_is_not_the_closed_form() -> None:
    trace = Trace(from_expression("x/3", {"x": "2"}).graph)
    assert trace.step(1).substituted.exact is None, "2/3 = 0.6667 says it already"
    product = trace.step(3, 17).factor
    assert product is not None
    assert product.product.right == "0.33333333333333331"
    assert product.product.exact == ExactValue("1/3", "exactly")


class TestFabc:
    """The published answers -0.1111, -0.0409 and -0.1111 are -1/9, -1/(9e) and -1/9."""

    def test_the_gradients(self) -> None:
        trace = Trace(load("fabc").graph)
        end = trace.state(trace.total)
        for name, form in (("a", "-1/9"), ("b", "-1/(9e)"), ("c", "-1/9")):
            node = trace.graph.find(name)
            gradient = end.gradient(node)
            assert gradient is not None
            assert exact_value(trace.numbers.closed.gradient(node), gradient, trace.numbers.notation) == ExactValue(
                form, "="
            )

    def test_every_number_of_the_last_step(self) -> None:
        factor = Trace(load("fabc").graph).step(13).factor
        assert factor is not None
        assert factor.upstream_exact == ExactValue("-1/9", "=")
        assert factor.local_substituted.exact == ExactValue("1/e", "=")
        assert factor.product.exact == factor.accumulation.exact == ExactValue("-1/(9e)", "=")


def test_forward_mode_says_it_too() -> None:
    trace = Trace(load("fabc").graph)
    step = trace.in_forward_mode(trace.graph.find("b")).step(9)
    assert step.tangent is not None
    assert step.substituted.exact == ExactValue("-1/(9e)", "=")
    assert step.tangent.terms[0].tangent_exact == ExactValue("1/e", "=")


class TestWhereItComesFrom:
    """What a number is, is known from how it was written, never from its decimal."""

    def test_a_float_that_is_e_to_the_last_digit_is_not_e(self) -> None:
        assert not shown(Scalar(math.e, "x").ln().graph())
        assert not shown((Scalar(math.pi, "x") / 6).sin().graph())

    def test_a_node_called_e_is_what_its_scenario_says(self) -> None:
        graph = Scalar(2.0, "e").reciprocal().graph()
        assert {exact.form for exact in shown(graph)} == {"-1/4"}

    def test_a_leaf_with_another_value_is_another_number(self) -> None:
        graph = from_expression("x/7", {"x": "e"}).graph
        assert exact_words(Trace(graph), graph.output) == "e/7"
        changed = replace(graph, leaf_values=graph.leaf_values + (graph.leaf_values == math.e) * (3.5 - math.e))
        assert exact_words(Trace(changed), graph.output) == "1/2"

    def test_a_scalar_of_few_digits_is_what_they_say(self) -> None:
        graph = (Scalar(0.1, "x") / Scalar(0.3, "y")).graph()
        assert exact_words(Trace(graph), graph.output) == "1/3"

    def test_a_local_derivative_has_one_where_its_rule_does_not_need_what_has_none(self) -> None:
        trace = Trace(from_expression("2*ln(x^2 + 1) + y*tanh(y)", {"x": "2", "y": "1"}).graph)
        closed = trace.numbers.closed
        assert closed.value(trace.graph.output) is None
        gradient = closed.gradient(trace.graph.find("x"))
        assert gradient is not None
        assert gradient.rational == Fraction(8, 5)
        assert closed.gradient(trace.graph.find("y")) is None

    def test_there_is_no_closed_form_of_a_gradient_where_the_output_is_undefined(self) -> None:
        trace = Trace(from_expression("mean(ln(x), 1, 2)", {"x": "-1"}).graph)
        factors = [trace.step(number).factor for number in range(trace.seed_step + 1, trace.total + 1)]
        assert [factor and factor.upstream_exact for factor in factors] == [None, None]


class TestLargeGraphs:
    def test_a_long_chain_is_answered_at_once_and_its_far_end_has_none(self) -> None:
        tape = Tape()
        third = tape.operation(CODES["div"], [tape.leaf(1.0, Leaf.INPUT, "a"), tape.leaf(3.0, Leaf.CONSTANT)])
        output = third
        for _ in range(20_000):
            output = tape.operation(CODES["neg"], [output])
        trace = Trace(tape.graph(output))
        assert exact_words(trace, 13) == "-1/3"
        assert exact_words(trace, 15_000) is None
        assert trace.numbers.closed.gradient(trace.graph.find("a")) is None

    def test_what_is_shown_does_not_hang_on_what_was_looked_at_before(self) -> None:
        tape = Tape()
        output = tape.operation(CODES["div"], [tape.leaf(1.0, Leaf.INPUT, "a"), tape.leaf(3.0, Leaf.CONSTANT)])
        for _ in range(400):
            output = tape.operation(CODES["neg"], [output])
        graph = tape.graph(output)
        walked = Trace(graph)
        steps = [walked.step(number) for number in range(1, walked.total + 1)]
        for number in (1, 150, 299, 300, 301, 302, 401, 410, 500, 700, walked.total):
            assert Trace(graph).step(number) == steps[number - 1]

    def test_sixty_squarings_stay_small(self) -> None:
        x = Scalar(3.0, "x") / 7
        for _ in range(8):
            x = x * x
        assert all(len(exact.form) <= LONGEST for exact in shown(x.graph()))


def closed(expression: str) -> ClosedForm:
    """The closed form of an expression of numbers and constants."""
    trace = Trace(from_expression(expression, {}).graph)
    found = trace.numbers.closed.value(trace.graph.output)
    assert found is not None
    return found


class TestNotations:
    @pytest.mark.parametrize(
        ("expression", "unicode", "latex", "text", "spoken"),
        [
            (
                "-1/(9*e)",
                "-1/(9e)",
                r"-\frac{1}{9e}",
                "-1/(9*e)",
                "minus one over open parenthesis nine times e close parenthesis",
            ),
            (
                "(1 + sqrt(5))/2",
                "(1 + √5)/2",
                r"\frac{1 + \sqrt{5}}{2}",
                "(1 + sqrt(5))/2",
                "open parenthesis one plus the square root of five close parenthesis over two",
            ),
            (
                "sqrt(3)*pi/6",
                "π√3/6",
                r"\frac{\pi\sqrt{3}}{6}",
                "pi*sqrt(3)/6",
                "pi times the square root of three over six",
            ),
            (
                "1/sqrt(2*pi)",
                "1/√(2π)",
                r"\frac{1}{\sqrt{2\pi}}",
                "1/sqrt(2*pi)",
                "one over the square root of open parenthesis two times pi close parenthesis",
            ),
            ("2*e^2 + 1 - e", "2e² - e + 1", "2e^{2} - e + 1", "2*e^2 - e + 1", "two times e squared minus e plus one"),
            ("-e^2*pi", "-e²π", r"-e^{2}\pi", "-e^2*pi", "minus e squared times pi"),
        ],
    )
    def test_a_closed_form_in_every_notation(
        self, expression: str, unicode: str, latex: str, text: str, spoken: str
    ) -> None:
        formula = closed_formula(closed(expression))
        shown = [notation(name).formula(formula) for name in ("unicode", "latex", "text", "spoken")]
        assert shown == [unicode, latex, text, spoken]

    @settings(max_examples=60)
    @given(EXPRESSIONS, st.tuples(*[st.sampled_from(INPUTS)] * 3))
    def test_the_text_of_a_closed_form_is_read_as_the_same_one(
        self, expression: str, inputs: tuple[str, str, str]
    ) -> None:
        text = f"{expression} + 0*x*y*z"
        trace = Trace(from_expression(text, dict(zip("xyz", inputs, strict=True))).graph)
        form = trace.numbers.closed.value(trace.graph.output)
        if form is not None:
            assert closed(f"0 + ({TEXT.formula(closed_formula(form))})") == form
