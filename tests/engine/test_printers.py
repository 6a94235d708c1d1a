"""The same formulas in every notation."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from gradwalk.engine.language.expression import Expression, NameUse
from gradwalk.engine.language.parser import parse
from gradwalk.engine.rules import formula as tree
from gradwalk.engine.rules.formula import Formula, formula_of
from gradwalk.engine.rules.ops import CODES, OPS, evaluate
from gradwalk.engine.rules.printers import notation, notations
from hypothesis import given

from .random_expressions import EXPRESSIONS

LATEX, SPOKEN, TEXT, UNICODE = (notation(name) for name in ("latex", "spoken", "text", "unicode"))

Built = tuple[Formula, float]
"""A formula, and what it is where its names are numbers."""


def formula(text: str) -> Formula:
    """The tree of an expression, made by the rules."""
    return parse(text).fold(
        lambda value: tree.Number(value, tree.Origin.LITERAL),
        lambda name: tree.Name(name.name),
        lambda _, op, operands: formula_of(OPS[CODES[op]].forward(*operands)),
    )


def local_derivative(op: str, *names: str, position: int = 0) -> Formula:
    return formula_of(OPS[CODES[op]].partial(position)(*map(tree.Name, names), out=tree.Name("r")))


def items(expression: Expression) -> list[object]:
    """What was read, without where it stands."""
    return [item.name if isinstance(item, NameUse) else item for item in expression.items]


def test_there_are_these_notations():
    assert notations() == ["latex", "spoken", "text", "unicode"]


class TestLatex:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("1/s", r"\frac{1}{s}"),
            ("-1/s", r"-\frac{1}{s}"),
            ("(a + b)/(c*d)", r"\frac{a + b}{c \cdot d}"),
            ("(a + b)*c", r"\left(a + b\right) \cdot c"),
            ("a - (b - c)", r"a - \left(b - c\right)"),
            ("x^2.5", "x^{2.5}"),
            ("(a/b)^n", r"\left(\frac{a}{b}\right)^{n}"),
            ("sqrt(x + 1)", r"\sqrt{x + 1}"),
            ("abs(x)", r"\left|x\right|"),
            ("ln(t1)", r"\ln\left(t_{1}\right)"),
            ("relu(θ)", r"\operatorname{relu}\left(\theta\right)"),
            ("sigmoid(loss_2)", r"\sigma\left(\text{loss}_{2}\right)"),
            ("2.5e9*x", r"2.5 \cdot 10^{9} \cdot x"),
            ("x^1e-7", r"x^{1 \cdot 10^{-7}}"),
            ("(1e-7)^x", r"\left(1 \cdot 10^{-7}\right)^{x}"),
            ("a_b*c", r"\text{a\_b} \cdot c"),
        ],
    )
    def test_formulas(self, text: str, shown: str):
        assert LATEX.formula(formula(text)) == shown

    def test_names_and_derivatives(self):
        assert LATEX.label("h[3]") == "h_{3}"
        assert LATEX.derivative(LATEX.label("f"), LATEX.label("s")) == r"\frac{\partial f}{\partial s}"
        assert LATEX.formula(local_derivative("div", "a", "b", position=1)) == r"-\frac{a}{b^{2}}"
        assert [LATEX.number(text) for text in ("-1.5e-05", "undefined", "∞")] == [
            r"-1.5 \cdot 10^{-5}",
            r"\text{undefined}",
            r"\infty",
        ]

    @pytest.mark.parametrize(
        ("label", "shown"),
        [
            ("a^2", r"\text{a\textasciicircum{}}_{2}"),
            ("~", r"\text{\textasciitilde{}}"),
            ("50%_{a}", r"\text{50\%\_\{a\}}"),
            ("a\\b", r"\text{a\textbackslash{}b}"),
        ],
    )
    def test_the_name_of_a_scalar_can_be_any_text(self, label: str, shown: str):
        assert LATEX.label(label) == shown


class TestSpoken:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("1/s", "one over s"),
            ("a + ln(b)", "a plus the natural logarithm of b"),
            ("(a + b)*c", "open parenthesis a plus b close parenthesis times c"),
            ("sin(a + b)", "the sine of open parenthesis a plus b close parenthesis"),
            ("x^3", "x cubed"),
            ("x^-2", "x to the power minus two"),
            ("(-3)^2", "open parenthesis minus three close parenthesis squared"),
            ("-(3^2)", "minus three squared"),
            ("(2.5e9)^2", "open parenthesis 2.5 times ten to the power nine close parenthesis squared"),
            ("x^2.5e9", "x to the power open parenthesis 2.5 times ten to the power nine close parenthesis"),
            ("x/2.5e9", "x over open parenthesis 2.5 times ten to the power nine close parenthesis"),
            ("max(a, b)", "the maximum of a and b"),
            ("sum(a, b, c)", "the sum of a, b and c"),
            ("relu(x) - 20", "relu of x minus 20"),
            ("-x", "minus x"),
        ],
    )
    def test_formulas(self, text: str, shown: str):
        assert SPOKEN.formula(formula(text)) == shown

    def test_derivatives_and_numbers(self):
        assert SPOKEN.formula(local_derivative("reciprocal", "s")) == "minus one over s squared"
        assert SPOKEN.derivative("f", "s") == "the derivative of f by s"
        assert SPOKEN.label("h[3]") == "h number 3"
        assert [SPOKEN.number(text) for text in ("-3", "0.1111", "1e-05", "-∞")] == [
            "minus three",
            "0.1111",
            "1 times ten to the power minus five",
            "minus infinity",
        ]


class TestText:
    @pytest.mark.parametrize(
        "text",
        ["-1/s^2", "(a/b)/c", "a/(b/c)", "-(a*b)", "-a*b", "(-2)^2", "-(2^x)", "x^-2", "2^(x^y)", "1/3",
         "0.1 + 1e-20*x", "c - -a", "abs(-x) + mean(a, b, c)", "-(-x)", "a - (b + c)", "12345678901*x"],
    )  # fmt: skip
    def test_what_is_written_reads_as_the_same_expression(self, text: str):
        assert items(parse(TEXT.formula(formula(text)))) == items(parse(text))

    @given(EXPRESSIONS)
    def test_any_expression_comes_back(self, text: str):
        written = TEXT.formula(formula(text))
        assert items(parse(written)) == items(parse(text)), written

    def test_derivatives(self):
        assert TEXT.derivative("f", "s") == "df/ds"
        assert TEXT.formula(local_derivative("reciprocal", "s")) == "-1/s^2"


def built(function: str, *operands: Built) -> Built:
    """An operation as a tree, and its value."""
    shown, numbers = zip(*operands, strict=True)
    return tree.Operation(function, shown), evaluate(OPS[CODES[function]].forward, *numbers)


def small_formulas() -> Iterator[Built]:
    """Every formula of an operation on a leaf and an operation on leaves, with its value."""
    numbers = [(tree.Number(value, tree.Origin.LITERAL), value) for value in (2.0, -2.0, 2.5e9)]
    leaves = [(tree.Name("x"), 0.7), (tree.Name("y"), -1.9), *numbers]
    signs, functions = ("add", "sub", "mul", "div", "pow", "max"), ("neg", "sin")
    inner = [built(sign, left, right) for sign in signs for left in leaves for right in leaves]
    inner += [built(function, leaf) for function in functions for leaf in leaves]
    yield from leaves
    yield from inner
    for operation, leaf in itertools.product(inner, leaves):
        yield from (built(function, operation) for function in functions)
        yield from (built(sign, *pair) for sign in signs for pair in ((operation, leaf), (leaf, operation)))


@pytest.mark.parametrize("name", notations())
def test_formulas_that_are_written_alike_are_one_number(name: str):
    values: dict[str, float] = {}
    for shown, value in small_formulas():
        written = notation(name).formula(shown)
        known = values.setdefault(written, value)
        assert value == pytest.approx(known, rel=1e-12, abs=0, nan_ok=True), written


@given(EXPRESSIONS)
def test_brackets_close_in_every_notation(text: str):
    for name in notations():
        written = notation(name).formula(formula(text))
        assert written
        assert written.count("(") == written.count(")")
        assert written.count("{") == written.count("}")
        assert written.count("open parenthesis") == written.count("close parenthesis")
