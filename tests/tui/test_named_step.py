"""A step is found by its number, and by the name that the panel and the notes give it."""

from __future__ import annotations

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.walk.named_step import find_step
from gradwalk.engine.walk.step import Phase
from gradwalk.engine.walk.trace import Trace

from .pilots import cursor, opened, text


@pytest.mark.parametrize(
    ("wanted", "phase", "name", "factor"),
    [
        ("s", Phase.FORWARD, "s", ""),
        ("4", Phase.FORWARD, "q", ""),
        ("∂f/∂f", Phase.SEED, "f", ""),
        ("∂r/∂s", Phase.BACKWARD, "s", "r"),
        ("dr/ds", Phase.BACKWARD, "s", "r"),
        ("∂f/∂s", Phase.BACKWARD, "s", "r"),
        ("a", Phase.BACKWARD, "a", "s"),
    ],
)
def test_the_step_of_a_name(wanted: str, phase: Phase, name: str, factor: str) -> None:
    trace = Trace(load("fabc").graph)
    number = find_step(trace, wanted)
    assert isinstance(number, int)
    step = trace.step(number)
    assert (step.phase, step.name, step.factor.consumer_name if step.factor else "") == (phase, name, factor)


def test_a_gradient_of_several_contributions_is_where_the_last_one_arrives() -> None:
    trace = Trace(load("square").graph)
    number = find_step(trace, "∂d/∂b")
    assert isinstance(number, int)
    factor = trace.step(number).factor
    assert factor is not None
    assert factor.contribution_number == factor.contribution_count == 2


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("14", "this walk ends at step 13"),
        ("∂r/∂a", "no step computes ∂r/∂a: r does not use a itself"),
        ("a <-", "a is not updated in this walk"),
        ("∂s/∂x", 'no node is called "x"'),
        ("", "type a number or a name"),
    ],
)
def test_what_is_no_step_is_said(wanted: str, said: str) -> None:
    assert said in str(find_step(Trace(load("fabc").graph), wanted))


async def test_go_to_takes_a_derivative() -> None:
    async with opened("fabc") as pilot:
        await pilot.press("g", *"dr/ds", "enter")
        await pilot.pause()
        assert cursor(pilot) == 10
        assert "∂r/∂s" in text(pilot)
