"""The table of mistakes: what each makes of a walk, by hand, and that everything behind it follows."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pytest
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.study.diagnosis import diagnose
from gradwalk.engine.study.mistakes.alterations import alterations, hypotheses
from gradwalk.engine.study.mistakes.altered_pass import altered_pass
from gradwalk.engine.study.mistakes.table import MISTAKES
from gradwalk.engine.study.mistakes.way import AskedWay
from gradwalk.engine.study.question import Question
from gradwalk.engine.study.task import TaskKind
from gradwalk.engine.walk.trace import Trace
from hypothesis import example, given
from hypothesis import strategies as st

from .student import Student, is_wrong, planted, planted_pair, question, random_walk

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

    @pytest.mark.parametrize("number", [-0.112, -0.1112, -0.11])
    def test_a_wrong_last_digit_is_rounding(self, number: float):
        assert first(whole("fabc", "a"), number, 10.0 ** (1 - len(f"{-number:g}") + 1)) == ("rounding",)

    def test_nobody_is_accused_of_what_no_mistake_gives(self):
        assert diagnose(whole("fabc", "b"), -0.7342, 0.0001) == ()

    def test_of_a_part_of_a_gradient_nothing_is_said_that_is_true_of_the_whole_alone(self):
        """∂f/∂x = 2·3 - 10 is negative, and its first contribution with the other sign too."""
        graph = from_expression("x*x - 10*x", {"x": "3"}).graph
        trace = Trace(graph)
        x = graph.find("x")
        said: list[str] = []
        for step in range(trace.seed_step + 1, trace.last_backward_step + 1):
            if trace.node_of(step) == x:
                for kind in (TaskKind.CONTRIBUTION, TaskKind.GRADIENT):
                    question = Question(trace, kind, step)
                    said += [alteration.sentence for alteration in hypotheses(AskedWay(trace, kind, step))]
                    assert not question.judge(repr(-question.right)).right
        signs = {sentence for sentence in said if sentence.startswith("The sign is wrong")}
        assert {sentence for sentence in signs if ": ∂f/∂x is" in sentence} == {"The sign is wrong: ∂f/∂x is negative."}
        assert "The sign is wrong: the contribution along ∂t1/∂x is positive." in signs

    def test_a_number_with_the_other_sign_is_not_said_to_be_that_number(self):
        trace = Trace(from_expression("sin(x)", {"x": "1"}).graph)
        assert Question.read(trace, "∂f/∂x").judge("-0.8415").sentence == (
            "But for the sign, that is the value of f; ∂f/∂x is a derivative."
        )

    def test_what_is_rounded_is_named_and_not_what_is_computed_from_it(self):
        """ln(2.72) = 1.0006: l is not rounded, but the e in it."""
        trace = Trace(load("fabc").graph)
        said = [made.sentence for made in hypotheses(AskedWay(trace, TaskKind.VALUE, 1)) if "1.0006" in made.sentence]
        assert said == ["The numbers in l = ln(b) are rounded too early: that makes 1.0006."]

    def test_a_forgotten_mean_is_said_once(self):
        question = Question.read(Trace(load("regression").graph), "∂cost/∂w")
        assert question.judge(repr(question.right * 10)).sentence.count("is a mean of 10") == 1

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


class TestEverythingBehind:
    @given(st.integers(0, 10_000), st.sampled_from(sorted(MISTAKES)))
    @example(25, "inner-derivative")
    def test_of_a_mistake_at_one_edge_nothing_else_is_computed_otherwise(self, seed: int, mistake: str):
        """Each step of an altered pass adds up from the steps before it, but for the one where the mistake is."""
        trace = random_walk(Random(seed))
        made = [*alterations(trace, mistake)][:6]
        for alteration in made:
            wrong = altered_pass(trace, [alteration])
            gradients = {trace.graph.output: 1.0}
            for edge in range(len(trace.graph.edges)):
                consumer, target = trace.graph.edges.consumer(edge), trace.graph.edges.targets.item(edge)
                if trace.seed_step + 1 + edge != alteration.step:
                    assert wrong.upstreams[edge] == gradients[consumer]
                    assert wrong.locals[edge] == trace.backward.locals[edge]
                    assert wrong.contributions[edge] == wrong.upstreams[edge] * wrong.locals[edge]
                    before = gradients.get(target, 0.0)
                    assert wrong.accumulated[edge] == before + wrong.contributions[edge]
                gradients[target] = wrong.accumulated[edge]


def students(seeds: range) -> Iterator[tuple[Student, Random]]:
    for seed in seeds:
        chance = Random(seed)
        yield Student(random_walk(chance)), chance


def digits(number: float, count: int) -> tuple[float, float]:
    rounded = float(f"{number:.{count}g}")
    return rounded, 10.0 ** (math.floor(math.log10(abs(rounded))) + 1 - count)


class TestAStudent:
    """Who knows nothing of the engine makes mistakes; all 2,000 graphs are in benchmarks/diagnosis.py."""

    def test_a_mistake_is_among_those_named(self):
        cases, named = 0, Counter[str]()
        for student, chance in students(range(24)):
            for mistake in MISTAKES:
                number = planted(student, mistake, asks := question(student, chance), chance)
                if number is not None:
                    cases += 1
                    findings = diagnose(asks, *digits(number, 4))
                    named[mistake] += (mistake,) in [finding.mistakes for finding in findings]
        assert cases > 150
        assert set(named) == set(MISTAKES)
        assert named.total() >= 0.98 * cases

    def test_two_mistakes_at_once_are_found_as_two(self):
        cases, found = 0, 0
        for student, chance in students(range(40)):
            made = planted_pair(student, asks := question(student, chance), chance)
            if made is not None:
                findings = diagnose(asks, made[1])
                cases += bool(not findings or len(findings[0].mistakes) > 1)  # else one alone gives the number too
                found += made[0] in [set(finding.mistakes) for finding in findings]
        assert found >= 0.7 * cases > 10

    def test_a_number_that_was_made_up_is_not_explained(self):
        made_up, explained = 0, 0
        for student, chance in students(range(100, 160)):
            for _ in range(4):
                asks = question(student, chance)
                right = student.answer(asks)
                number, unit = digits(chance.uniform(-3, 3) * max(abs(right), 0.1), 4)
                if is_wrong(number, right):
                    made_up += 1
                    explained += bool(diagnose(asks, number, unit))
        assert made_up > 200
        assert explained <= 0.01 * made_up


EXAMPLES = re.findall(
    r"^\| `(?P<id>[a-z-]+)` \|.*\| `(?P<example>[^`]+)` \|$",
    (Path(__file__).parents[2] / "docs" / "mistakes.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


class TestDocs:
    @pytest.mark.parametrize(("mistake", "example"), EXAMPLES)
    def test_an_example_is_explained_so(self, mistake: str, example: str):
        what, ask, answer, *inputs = example.split()
        scenario = from_expression(what, dict(each.split("=") for each in inputs)) if inputs else load(what)
        verdict = Question.read(Trace(scenario.graph), ask).judge(answer)
        assert not verdict.right
        assert (mistake,) in [finding.mistakes for finding in verdict.findings]

    def test_every_mistake_has_one(self):
        assert {mistake for mistake, _ in EXAMPLES} == set(MISTAKES) - {"sum-for-contribution"}
