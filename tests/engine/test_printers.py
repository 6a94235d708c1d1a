"""The same formulas in every notation."""

from __future__ import annotations

import pytest
from gradwalk.engine.language.expression import Expression, NameUse
from gradwalk.engine.language.parser import parse
from gradwalk.engine.rules import formula as tree
from gradwalk.engine.rules.formula import Formula, formula_of
from gradwalk.engine.rules.ops import CODES, OPS
from gradwalk.engine.rules.printers import notation, notations
from hypothesis import given

from .random_expressions import EXPRESSIONS

LATEX, SPOKEN, TEXT, UNICODE = (notation(name) for name in ("latex", "spoken", "text", "unicode"))


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
        assert SPOKEN.label("h[3]") == "h of sample 3"
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


@given(EXPRESSIONS)
def test_every_notation_writes_every_formula(text: str):
    for name in notations():
        written = notation(name).formula(formula(text))
        assert written
        assert written.count("(") == written.count(")")
        assert written.count("{") == written.count("}")
