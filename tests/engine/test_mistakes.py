"""The table of mistakes: what each makes of a walk, by hand, and that everything behind it follows."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from gradwalk.engine.library import load
from gradwalk.engine.study.diagnosis import diagnose
from gradwalk.engine.study.mistakes.alterations import alterations
from gradwalk.engine.study.mistakes.altered_pass import altered_pass
from gradwalk.engine.study.mistakes.table import MISTAKES
from gradwalk.engine.study.task import TaskKind
from gradwalk.engine.walk.trace import Trace

IDS = (
    "sign upstream-forgotten local-forgotten contribution-for-sum sum-for-contribution contribution-missing "
    "factor-dropped other-operand composition-as-product wrong-point reciprocal square-forgotten power-exponent "
    "power-factor inner-derivative mean-forgotten value-for-gradient degrees rounding"
)


@dataclass(frozen=True)
class Asks:
    trace: Trace
    kind: TaskKind
    step: int


def whole(scenario: str, node: str) -> Asks:
    trace = Trace(load(scenario).graph)
    return Asks(trace, TaskKind.GRADIENT, trace.gradient_steps(trace.graph.find(node))[-1])


def first(asks: Asks, number: float, unit: float = 0.0) -> tuple[str, ...]:
    findings = diagnose(asks, number, unit)
    return findings[0].mistakes if findings else ()


def test_the_table_has_the_mistakes_that_are_promised():
    assert sorted(MISTAKES) == sorted(IDS.split())


class TestFabc:
    """∂f/∂b = -1/9 · 1/e, by b → l → s → r → f."""

    @pytest.mark.parametrize(
        ("number", "mistakes"),
        [
            (1 / 9 / math.e, ("sign",)),
            (1 / math.e, ("upstream-forgotten",)),
            (-1 / 9, ("local-forgotten",)),
            (-1 / 3 / math.e, ("square-forgotten",)),
            (-1 / 9 * math.e, ("reciprocal",)),
            (1 / 3 / math.e, ("sign", "square-forgotten")),
        ],
    )
    def test_a_wrong_gradient_is_explained(self, number: float, mistakes: tuple[str, ...]):
        assert first(whole("fabc", "b"), number) == mistakes

    def test_four_digits_are_enough(self):
        assert first(whole("fabc", "b"), 0.0409, 0.0001) == ("sign",)

    def test_nobody_is_accused_of_what_no_mistake_gives(self):
        assert diagnose(whole("fabc", "b"), -0.7342, 0.0001) == ()

    def test_the_sentence_says_it_in_the_names_of_the_walk(self):
        found = diagnose(whole("fabc", "b"), -1 / 3 / math.e)
        assert found[0].sentence == "The local derivative of 1/s is -1/s²: the square is missing."


def test_what_lies_behind_a_mistake_is_wrong_too():
    trace = Trace(load("fabc").graph)
    (square,) = (each for each in alterations(trace, "square-forgotten") if "1/s" in each.sentence)
    wrong = altered_pass(trace, [square])
    gradients = {name: wrong.gradients[trace.graph.find(name)] for name in "abcs"}
    assert gradients == pytest.approx({"a": -1 / 3, "b": -1 / 3 / math.e, "c": -1 / 9, "s": -1 / 3})


def test_a_pass_without_a_mistake_is_the_walk():
    trace = Trace(load("xor").graph)
    right = altered_pass(trace, [])
    assert np.array_equal(right.gradients, trace.backward.gradients)
    assert np.array_equal(right.contributions, trace.backward.contributions)
    assert np.array_equal(right.accumulated, trace.backward.accumulated)
