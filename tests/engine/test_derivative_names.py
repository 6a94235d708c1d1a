"""The names of nodes that are derivatives: written, read again, printed without ambiguity, and told from steps."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from gradwalk.engine.differentiate.derivative import derivative
from gradwalk.engine.language.step_key import StepKey, StepKind, StepName
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.rules.derivative_name import DerivativeName
from gradwalk.engine.rules.formula import Name, formula_of
from gradwalk.engine.rules.printers import notation
from gradwalk.engine.walk.trace import Trace
from hypothesis import given

PLAIN = st.from_regex(r"[a-zα-ω][a-z0-9_]{0,3}(\[[1-9]\])?", fullmatch=True)


def _of_order(of: str, variables: list[str]) -> str:
    return str(DerivativeName.of_order(of, variables))


NAMES = st.recursive(
    PLAIN, lambda inner: st.builds(_of_order, inner, st.lists(inner, min_size=1, max_size=3)), max_leaves=6
)


class TestNames:
    @pytest.mark.parametrize(
        ("of", "variables", "written"),
        [
            ("f", ["a"], "∂f/∂a"),
            ("f", ["a", "a"], "∂²f/∂a²"),
            ("f", ["a", "b"], "∂²f/∂b∂a"),
            ("loss", ["w1", "w1", "b"], "∂³loss/∂b∂w1²"),
            ("∂f/∂a", ["s"], "∂(∂f/∂a)/∂s"),
            ("∂²f/∂a²", ["∂f/∂s"], "∂(∂²f/∂a²)/∂(∂f/∂s)"),
        ],
    )
    def test_they_are_written_as_in_a_textbook(self, of: str, variables: list[str], written: str):
        name = DerivativeName.of_order(of, variables)
        assert str(name) == written
        assert DerivativeName.read(written) == name

    @given(NAMES, st.lists(NAMES, min_size=1, max_size=3))
    def test_what_is_written_is_read_again(self, of: str, variables: list[str]):
        name = DerivativeName.of_order(of, variables)
        assert DerivativeName.read(str(name)) == name

    @pytest.mark.parametrize("text", ["f", "∂f", "∂f/a", "∂²f/∂a", "f/∂a", "∂/∂a", "∂f/∂", "a/b", "(∂f/∂a)", ""])
    def test_other_texts_are_none(self, text: str):
        assert DerivativeName.read(text) is None


class TestSteps:
    @given(NAMES, NAMES)
    def test_the_name_of_a_step_is_read_again(self, of: str, by: str):
        for name in (StepName(by), StepName.derivative(of, by), StepName(by, is_tangent=True)):
            assert StepName.read(str(name)) == name

    def test_the_value_of_a_derivative_is_told_from_a_step_back(self):
        assert StepName.read("∂f/∂s") == StepName("s", of="f")
        assert StepName.read("(∂f/∂s)") == StepName("∂f/∂s")
        assert StepName.read("∂(∂f/∂a)/∂s") == StepName("s", of="∂f/∂a")

    def test_every_step_of_a_derivative_is_found_by_its_name(self):
        graph = derivative(derivative(from_expression("exp(x*y)*x + sin(y)", {"x": "1", "y": "2"}).graph, "x"), "y")
        walk = Trace(graph)
        for number in range(1, walk.total + 1):
            key = walk.key(number)
            assert key in StepName.read(str(key.name(graph))).keys(graph)

    def test_a_node_and_a_step_of_one_spelling_are_two(self):
        graph = derivative(from_expression("exp(x)*x", {"x": "1"}).graph, "x")
        node = graph.find("∂f/∂x")
        assert StepName.read("(∂f/∂x)").keys(graph) == (StepKey(StepKind.VALUE, node),)


class TestPrinting:
    NAME, X = Name("∂f/∂s"), Name("x")

    @pytest.mark.parametrize(
        ("formula", "written"),
        [
            (NAME * X, "∂f/∂s·x"),
            (NAME / X, "(∂f/∂s)/x"),
            (X / NAME, "x/(∂f/∂s)"),
            (NAME * NAME, "(∂f/∂s)²"),
            (-NAME, "-∂f/∂s"),
            (NAME + X, "∂f/∂s + x"),
        ],
    )
    def test_a_formula_of_it_can_be_read_in_one_way_only(self, formula: object, written: str):
        assert notation("unicode").formula(formula_of(formula)) == written  # pyright: ignore[reportArgumentType]

    def test_latex_and_speech_say_the_order(self):
        latex, spoken = notation("latex"), notation("spoken")
        assert latex.label("∂²f/∂b∂a") == r"\frac{\partial^{2} f}{\partial b \partial a}"
        assert latex.label("∂(∂f/∂a)/∂s") == (r"\frac{\partial \left(\frac{\partial f}{\partial a}\right)}{\partial s}")
        assert spoken.label("∂²f/∂a²") == "the second derivative of f by a and a"
