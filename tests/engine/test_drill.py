import functools
import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import mpmath
import pytest
from gradwalk.engine.errors import ExpressionError
from gradwalk.engine.language.step_key import StepKind
from gradwalk.engine.rules.number_text import format_number
from gradwalk.engine.study.attempt import Outcome
from gradwalk.engine.study.drill import Drill, Exercise
from gradwalk.engine.study.drill_aims import AIMS, DrillKind
from gradwalk.engine.study.drill_round import DrillRound
from gradwalk.engine.study.tally import Tally

from .drill_numbers import gradient, is_readable, local, values

SEEDS = range(0, 1_000, 143)
"""A sample of the thousand that `benchmarks/drill.py` looks at."""


@functools.cache
def drawn() -> list[list[Exercise]]:
    return [[*Drill(seed, count=5)] for seed in SEEDS]


def exercises() -> Iterator[Exercise]:
    return itertools.chain.from_iterable(drawn())


def right_number(exercise: Exercise) -> Any:
    """Work the answer out from the text of the definition alone."""
    graph, key = exercise.trace.graph, exercise.trace.key(exercise.step)
    if key.kind is StepKind.VALUE:
        return values(exercise.definition)[graph.label(key.node)]
    consumer = graph.label(key.node)
    operand = graph.label(exercise.trace.node_of(exercise.step))
    if exercise.aim.kind is DrillKind.LOCAL:
        return local(exercise.definition, consumer, operand)
    if exercise.aim.kind is DrillKind.CONTRIBUTION:
        return gradient(exercise.definition, consumer) * local(exercise.definition, consumer, operand)
    if exercise.aim.kind is DrillKind.GRADIENT:
        return gradient(exercise.definition, operand)
    so_far = next(given.number for given in exercise.given if given.is_so_far)
    return so_far + gradient(exercise.definition, consumer) * local(exercise.definition, consumer, operand)


def test_each_exercise_has_one_short_answer_which_is_accepted_and_no_other() -> None:
    with mpmath.workdps(40):
        for exercise in exercises():
            right = right_number(exercise)
            assert is_readable(right), (exercise.definition, exercise.task.ask, right)
            if exercise.aim.kind is DrillKind.EQUATION:
                equation = exercise.task.solution
                assert exercise.task.judge(f"{equation} + 0").right
                assert not exercise.task.judge(f"{equation} + 1").right
                continue
            for answer in (exercise.task.solution.split(" = ")[-1].split(",")[0], mpmath.nstr(right, 12)):
                assert exercise.task.judge(answer).right, (exercise.definition, exercise.task.ask, answer)
            for wrong in (right + 1, right * 1.5 if right else right + 2, right - 1):
                assert not exercise.task.judge(mpmath.nstr(wrong, 12)).right


def test_what_is_told_is_true_and_is_not_what_is_asked() -> None:
    with mpmath.workdps(30):
        for exercise in exercises():
            known = values(exercise.definition)
            for given in exercise.given:
                assert given.name != exercise.task.ask or given.is_so_far
                if given.name in known:
                    assert abs(known[given.name] - given.number) < 1e-12
                elif not given.is_so_far:
                    node = given.name.split("/∂")[1]
                    assert abs(gradient(exercise.definition, node) - given.number) < 1e-9


def test_a_seed_gives_the_same_exercises_everywhere() -> None:
    asked = [(dict(one.definition.nodes), one.task.ask, format_number(float(right_number(one)))) for one in Drill(7, 4)]
    assert asked == [
        ({"p": "sqrt(c)", "q": "b*a", "f": "q*p"}, "∂p/∂c", "0.1839"),
        ({"p": "2*a", "q": "relu(c)", "r": "mean(b, p)", "f": "q - r"}, "q", "0"),
        ({"p": "v*u", "q": "v - 3", "r": "1/q", "f": "p/r"}, "∂f/∂v", "-13.5"),
        ({"p": "u^4", "q": "exp(p)", "r": "u - v", "f": "r*q"}, "p", "1"),
    ]


def test_no_two_in_a_row_ask_for_the_same_skill() -> None:
    for drill in drawn():
        skills = [exercise.aim.skill for exercise in drill]
        assert all(one != other for one, other in itertools.pairwise(skills))
    only = [exercise.aim.kind for exercise in Drill(1, 3, kinds=(DrillKind.ACCUMULATED,))]
    assert only == [DrillKind.ACCUMULATED] * 3


def test_half_of_the_exercises_go_to_what_went_wrong() -> None:
    weak = "local derivative:ln"
    aimed = [exercise.aim.skill for seed in range(3) for exercise in Drill(seed, 10, weights={weak: 5})]
    even = [exercise.aim.skill for seed in range(3) for exercise in Drill(seed, 10)]
    assert aimed.count(weak) >= 7  # of 15 that could be, as it never comes twice in a row
    assert even.count(weak) <= 2


def test_without_a_history_the_kinds_come_evenly() -> None:
    kinds = Counter(exercise.aim.kind for exercise in exercises())
    assert set(kinds) == set(DrillKind)
    assert max(kinds.values()) * 2 < kinds.total()


@pytest.mark.parametrize("kind", DrillKind)
def test_a_kind_can_be_drilled_alone(kind: DrillKind) -> None:
    assert {exercise.aim.kind for exercise in Drill(5, 3, kinds=(kind,))} == {kind}
    assert {aim.skill for aim in AIMS if aim.kind is kind}


def test_a_round_goes_through_its_exercises_and_counts_what_came_of_them() -> None:
    round_ = DrillRound.of(Drill(3, 3))
    assert round_.next() is round_  # it is not answered yet
    with pytest.raises(ExpressionError):
        round_.attempt.answered("1 +")
    round_ = round_.with_attempt(round_.attempt.answered(round_.exercise.task.solution.split(" = ")[-1])).next()
    assert round_.number == 2
    round_ = round_.with_attempt(round_.attempt.skipped()).next()
    for _ in range(4):
        round_ = round_.with_attempt(round_.attempt.hinted())
    assert round_.tally.count(Outcome.RIGHT) == round_.tally.count(Outcome.SKIPPED) == 1
    assert round_.next().is_over
    assert round_.next().tally == Tally(round_.attempts)
