"""What predict mode asks before a step is shown."""

from __future__ import annotations

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.study.level import FADING, Level
from gradwalk.engine.study.predicting import AskedStep, Levels, next_asked, next_result, questions_of, skill_of_step
from gradwalk.engine.study.task import TaskKind
from gradwalk.engine.walk.phase import Phase
from gradwalk.engine.walk.trace import Trace

LOCAL, CONTRIBUTION, GRADIENT, VALUE = (
    TaskKind.LOCAL_DERIVATIVE, TaskKind.CONTRIBUTION, TaskKind.GRADIENT, TaskKind.VALUE,
)  # fmt: skip


def trace_of(expression: str, **values: str) -> Trace:
    return Trace(from_expression(expression, values).graph)


def walked(trace: Trace, levels: Levels) -> list[AskedStep]:
    """Return all that is asked in a walk from its start to its end."""
    found: list[AskedStep] = []
    seen = 0
    while seen < trace.total:
        found.append(next_asked(trace, seen, levels))
        assert found[-1].step > seen
        seen = found[-1].step
    return found


def at(level: Level) -> Levels:
    return Levels(level, lambda skill: pytest.fail("a fixed level asks nobody"))


TRACES = [Trace(load("fabc").graph), Trace(load("square").graph), trace_of("x*x*y + ln(x)", x="2", y="3")]


@pytest.mark.parametrize("trace", TRACES)
@pytest.mark.parametrize("level", [Level.WORKED_EXAMPLE, Level.LAST_FACTOR, Level.STEP])
def test_every_step_comes_once_and_each_level_asks_for_more(trace: Trace, level: Level) -> None:
    asked = walked(trace, at(level))
    assert [one.step for one in asked] == list(range(1, trace.total + 1))
    for one in asked:
        kinds = [question.kind for question in one.questions]
        phase = trace.phase(one.step)
        if level is Level.WORKED_EXAMPLE or phase is Phase.SEED:
            assert not kinds
        elif phase is Phase.FORWARD:
            assert kinds == [VALUE]
        elif level is Level.LAST_FACTOR:
            assert kinds == [LOCAL]
        else:
            factor = trace.step(one.step).factor
            assert factor is not None
            assert kinds == [LOCAL, CONTRIBUTION, *([GRADIENT] if factor.contribution_count > 1 else [])]


@pytest.mark.parametrize("trace", TRACES)
def test_results_are_the_output_and_the_complete_gradient_of_each_input(trace: Trace) -> None:
    questions = [question for one in walked(trace, at(Level.RESULT)) for question in one.questions]
    graph = trace.graph
    inputs = [node for node in range(graph.leaf_count) if graph.carries_gradient[node]]
    assert questions[0].kind is VALUE
    assert questions[0].node == graph.output
    assert all(question.kind is GRADIENT for question in questions[1:])
    assert sorted(question.node for question in questions[1:]) == inputs
    for question in questions[1:]:
        assert question.right == trace.backward.gradients[question.node]


def test_a_rule_that_is_new_is_shown_and_one_that_is_known_is_asked() -> None:
    trace = trace_of("ln(x) + exp(x)", x="2")
    reached = {"value:ln": Level.STEP, "local derivative:exp": Level.LAST_FACTOR}
    levels = Levels(FADING, lambda skill: reached.get(skill, Level.WORKED_EXAMPLE))
    asked = {one.step: len(one.questions) for one in walked(trace, levels)}
    skills = {step: skill_of_step(trace, step) for step in asked}
    assert [skills[step] for step, count in asked.items() if count] == ["value:ln", "local derivative:exp"]


def test_results_fade_in_only_where_all_rules_on_the_way_are_known() -> None:
    trace = Trace(load("fabc").graph)
    known = Levels(FADING, lambda skill: Level.RESULT)
    assert next_asked(trace, 0, known).step == trace.forward_steps
    but_one = Levels(FADING, lambda skill: Level.STEP if skill == "value:+" else Level.RESULT)
    first = next_asked(trace, 0, but_one)
    assert (first.step, [question.kind for question in first.questions]) == (1, [VALUE])


def test_what_does_not_exist_is_not_asked_for() -> None:
    trace = trace_of("ln(x) + y", x="-1", y="2")
    assert not any(questions_of(trace, step, Level.STEP) for step in (1, 2))


def test_forward_mode_asks_for_values_alone() -> None:
    trace = Trace(load("fabc").graph).in_forward_mode(0)
    asked = walked(trace, at(Level.STEP))
    assert [len(one.questions) for one in asked] == [1] * trace.forward_steps + [0] * (
        trace.total - trace.forward_steps
    )
    assert next_result(trace, trace.forward_steps) is None


def test_a_walk_that_ends_early_is_asked_for_nothing_behind_its_end() -> None:
    trace = Trace(load("fabc").graph)
    levels = Levels(Level.RESULT, lambda skill: Level.RESULT)
    assert next_asked(trace, 0, levels).step == trace.forward_steps
    for last in range(1, trace.total + 1):
        seen, asked_for = 0, list[int]()
        while seen < last:
            asked = next_asked(trace, seen, levels, last)
            assert seen < asked.step <= last
            asked_for += [asked.step] * bool(asked.questions)
            seen = asked.step
        results = [5, 9, 11, 13]
        assert [step for step in asked_for if step != last] == [step for step in results if step < last]
