"""Breakpoints: against looking at every step, and as a learner uses them."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.walk.step import Phase
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.walk.breakpoints import Breakpoints, read_condition, toggled
from gradwalk.tui.walk.moment import Moment
from hypothesis import given
from hypothesis import strategies as st

from ..engine.random_graphs import RandomGraph, random_graphs
from .pilots import HeldClock, cursor, lines, notices, opened, text, walk
from .training import scenario

MEETS: dict[str, Callable[[float], bool]] = {
    "nan": math.isnan,
    "inf": math.isinf,
    "zero": lambda number: number == 0,
    "> 1": lambda number: abs(number) > 1,
    "> 1e100": lambda number: abs(number) > 1e100,
}


def written_at(trace: Trace, number: int) -> float:
    """Return what a step writes; there is no gradient where the output does not exist."""
    step = trace.step(number)
    backward = step.phase in (Phase.SEED, Phase.BACKWARD)
    return math.nan if backward and trace.undefined_values[trace.graph.output] else step.value


def check_against_every_step(trace: Trace, nodes: set[int], conditions: set[str]) -> None:
    breakpoints, written = Breakpoints(trace), tuple(sorted(conditions))
    stops = [
        number
        for number in range(1, trace.total + 1)
        if trace.step(number).node in nodes
        or any(MEETS[condition](written_at(trace, number)) for condition in conditions)
    ]
    for place in range(trace.total + 1):
        moment = Moment(trace, place, None, frozenset(nodes), written)
        assert breakpoints.next_after(moment) == next((stop for stop in stops if stop > place), None)
        assert bool(breakpoints.reason(moment)) == (place in stops)


@given(random_graphs(), st.sets(st.integers(0, 30), max_size=3), st.sets(st.sampled_from(list(MEETS)), max_size=3))
def test_they_stop_where_looking_at_every_step_would(graph: RandomGraph, nodes: set[int], conditions: set[str]) -> None:
    trace = Trace(graph.graph())
    check_against_every_step(trace, {node % len(trace.graph) for node in nodes}, conditions)


@pytest.mark.parametrize("conditions", [["zero"], ["> 1"], ["nan"], ["zero", "> 1"]], ids=str)
def test_the_updates_of_an_epoch_count_too(conditions: list[str]) -> None:
    trace = scenario().trainer().trace(0)
    assert trace.updates is not None
    check_against_every_step(trace, set(trace.updates.parameters), set(conditions))
    check_against_every_step(trace, set(), set(conditions))


def test_without_breakpoints_nothing_stops() -> None:
    trace = Trace(load("fabc").graph)
    assert Breakpoints(trace).next_after(Moment(trace)) is None
    assert not Moment(trace).stops


@pytest.mark.parametrize("same", ["> 100", ">100", ">  1e2", "> 100.0", " > 100 "])
def test_a_bound_is_the_same_however_it_is_written(same: str) -> None:
    assert toggled((), same) == ("> 100",)
    assert toggled(("zero", "> 100", "nan"), same) == ("zero", "nan")


@pytest.mark.parametrize("wrong", ["", "big", "< 3", "> ", "> x", "100", "> -3", ">> 3"])
def test_what_is_no_condition_is_refused_with_what_could_be_written(wrong: str) -> None:
    with pytest.raises(ValueError, match="is none of nan, inf, zero and no bound such as > 100"):
        read_condition(wrong)


def test_in_a_long_chain_the_next_stop_is_found_without_looking_at_steps() -> None:
    node = Scalar(1.0, "x")
    for _ in range(50_000):
        node = node.square()
    trace = Trace(node.graph())
    asked: list[int] = []
    trace.step = asked.append  # type: ignore[method-assign, assignment]
    breakpoints = Breakpoints(trace)
    moment = Moment(trace, conditions=("> 1e+300", "> 3"))
    assert breakpoints.next_after(moment) == trace.seed_step + 2, "gradients double with every level: 2, 4 ..."
    assert breakpoints.next_after(moment.at(trace.seed_step + 10)) == trace.seed_step + 11
    assert not asked


class TestOnTheScreen:
    async def test_x_marks_the_selected_row_f_runs_to_it_and_x_takes_the_mark_away(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("down", "down", "x")
            row = next(line for line in lines(pilot) if line.startswith("◆"))
            assert "s = a + " in row
            await pilot.press("f")
            assert cursor(pilot) == 2
            assert notices(pilot) == ["breakpoint: s"]
            await pilot.press("f")
            assert cursor(pilot) > 6, "the next step that writes s is one of its gradient"
            await pilot.press("f")
            assert notices(pilot)[-1] == "No breakpoint stops the walk from here on."
            await pilot.press("home", "x", "f")
            assert cursor(pilot) == 0
            assert "There is no breakpoint" in notices(pilot)[-1]

    async def test_playing_stops_at_a_breakpoint_and_says_why(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = HeldClock(monkeypatch)
        async with opened("fabc") as pilot:
            await pilot.press("down", "down", "x", "space")
            for _ in range(2):
                clock.tick()
            await pilot.pause()
            assert cursor(pilot) == 2
            assert clock.interval is None
            assert notices(pilot) == ["breakpoint: s"]
            await pilot.press("space")
            clock.tick()
            assert cursor(pilot) == 3, "it goes on from a breakpoint"

    async def test_conditions_are_set_shown_and_taken_away(self) -> None:
        async with opened("ln(x - 3) + y", values={"x": "2", "y": "1"}) as pilot:
            await pilot.press("X")
            assert "set: nothing" in text(pilot)
            await pilot.press(*"nan", "enter")
            await pilot.press(*">5", "enter")
            assert "set: nan, > 5" in text(pilot)
            await pilot.press(*"huge", "enter")
            assert '"huge" is none of nan, inf, zero' in " ".join(text(pilot).split())
            await pilot.press(*["backspace"] * 4, *"> 5", "enter")
            assert "set: nan" in text(pilot)
            await pilot.press("escape", "f")
            step = walk(pilot).opened.trace.step(cursor(pilot))
            assert "ln" in step.expression
            assert notices(pilot) == [f"breakpoint: the value of {step.name} is not a number"]

    async def test_the_question_fits_where_there_is_little_room(self) -> None:
        async with opened("fabc", (60, 20)) as pilot:
            await pilot.press("x", "X")
            for words in ("stop when a value or a gradient is", "⏎ sets it, or takes it away · esc closes",
                          "nan, inf, zero, or a bound such as > 100", "set: 1 node"):  # fmt: skip
                assert words in text(pilot)
