"""`Moment` and the moves: from one moment of a walk to another."""

from __future__ import annotations

import itertools

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.walk.step import Phase
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.walk import moves
from gradwalk.tui.walk.breakpoints import Breakpoints
from gradwalk.tui.walk.moment import SPEEDS, Moment
from gradwalk.tui.walk.playback import ticked

from .pilots import WALKS


def start_of(name: str) -> Moment:
    scenario = load(name)
    return Moment(Trace(scenario.graph, scenario.notes))


def places(moment: Moment, move: moves.Move, times: int) -> list[int]:
    """Return the cursors after one, two, ... moves."""
    found: list[int] = []
    for _ in range(times):
        moment = move(moment)
        found.append(moment.cursor)
    return found


class TestAMoment:
    def test_it_begins_before_the_first_step_with_nothing_selected(self) -> None:
        moment = start_of("fabc")
        assert moment.state.step is None
        assert moment.selected is None
        assert moment.node == moment.trace.graph.output, "what keys are about until a node is selected"

    def test_two_of_the_same_walk_and_the_same_numbers_are_equal_and_another_walk_is_another_moment(self) -> None:
        moment = start_of("fabc")
        assert moment.at(3).selecting(2).with_breakpoint() == Moment(moment.trace, 3, 2, frozenset({2}))
        assert moment != start_of("fabc")

    def test_a_breakpoint_is_taken_away_as_it_is_set(self) -> None:
        moment = start_of("fabc").selecting(3)
        assert moment.with_breakpoint().breakpoints == {3}
        assert moment.with_breakpoint().selecting(4).with_breakpoint().breakpoints == {3, 4}
        assert moment.with_breakpoint().with_breakpoint() == moment

    @pytest.mark.parametrize(("wanted", "reached"), [(-5, 0), (0, 0), (7, 7), (13, 13), (99, 13)])
    def test_seeking_goes_to_the_nearest_step_there_is(self, wanted: int, reached: int) -> None:
        assert start_of("fabc").at(wanted).cursor == reached

    def test_speeds_go_up_and_down_between_their_ends(self) -> None:
        moment = start_of("ab1")
        assert moment.at_speed(99).speed == SPEEDS[-1]
        assert moment.at_speed(-99).speed == SPEEDS[0]
        assert moment.at_speed(-99).at_speed(1).speed == SPEEDS[1]


class TestSteps:
    def test_a_step_forward_and_one_back_meet(self) -> None:
        moment = start_of("fabc")
        assert moves.step_forward(moment).cursor == 1
        assert moves.step_back(moves.step_forward(moment)) == moment

    def test_neither_end_can_be_left(self) -> None:
        moment = start_of("fabc")
        assert moves.step_back(moment) == moment
        assert places(moment, moves.step_forward, 15)[-3:] == [13, 13, 13]
        assert moves.end(moment).at_end
        assert moves.start(moves.end(moment)) == moment


class TestPhases:
    def test_on_to_the_seed_and_on_to_the_end(self) -> None:
        assert places(start_of("fabc"), moves.next_phase, 3) == [6, 13, 13]

    def test_back_to_the_seed_and_back_to_the_start(self) -> None:
        assert places(start_of("fabc").at(13), moves.previous_phase, 3) == [6, 0, 0]

    @pytest.mark.parametrize(("start", "onward", "back"), [(3, 6, 0), (6, 13, 0), (9, 13, 6)])
    def test_from_the_midst_of_a_phase(self, start: int, onward: int, back: int) -> None:
        moment = start_of("fabc").at(start)
        assert moves.next_phase(moment).cursor == onward
        assert moves.previous_phase(moment).cursor == back


class TestNodes:
    @pytest.mark.parametrize("name", WALKS)
    def test_node_by_node_takes_whole_consumers_and_the_way_back_stops_at_the_same_places(self, name: str) -> None:
        moment, trace = start_of(name), start_of(name).trace
        out = [0]
        while not moment.at_end:
            moment = moves.next_node(moment)
            out.append(moment.cursor)
        for before, after in itertools.pairwise(out):
            consumers = {
                trace.key(step).node if trace.phase(step) is Phase.BACKWARD else -step
                for step in range(before + 1, after + 1)
            }
            assert len(consumers) == 1
        assert [moment.cursor, *places(moment, moves.previous_node, len(out) - 1)] == out[::-1]

    def test_the_start_and_the_end_stay(self) -> None:
        moment = start_of("fabc")
        assert moves.previous_node(moment) == moment
        assert moves.next_node(moment.at(13)) == moment.at(13)


class TestWhereANodeIsWritten:
    def test_first_its_value_then_its_gradient_then_its_value_again(self) -> None:
        moment = start_of("fabc")
        moment = moment.selecting(moment.trace.graph.find("s"))
        first, second, third = places(moment, moves.next_write, 3)
        assert first == third < second
        assert moment.trace.step(first).node == moment.trace.step(second).node == moment.selected

    def test_every_contribution_to_a_shared_node_is_a_place(self) -> None:
        moment = start_of("square")
        moment = moment.selecting(moment.trace.graph.find("b"))
        first, second, third = places(moment, moves.next_write, 3)
        assert (second, third) == (first + 1, first)

    def test_a_constant_is_never_written_so_nothing_moves(self) -> None:
        graph = from_expression("x + 3", {"x": "1"}).graph
        constant = graph.carries_gradient.tolist().index(False)
        moment = Moment(Trace(graph)).at(2).selecting(constant)
        assert moves.next_write(moment) == moment


class TestPlaying:
    def test_ticks_take_steps_and_stop_by_themselves_at_the_end(self) -> None:
        moment = start_of("ab1").played()
        breakpoints = Breakpoints(moment.trace)
        for cursor in range(moment.trace.total):
            assert (moment.cursor, moment.playing) == (cursor, True)
            moment, words = ticked(moment, breakpoints)
            assert words == ""
        assert moment.at_end
        assert not moment.playing

    def test_a_tick_that_comes_to_a_breakpoint_stops_and_says_why(self) -> None:
        moment = start_of("fabc")
        moment = moment.selecting(moment.trace.graph.find("s")).with_breakpoint().at(1).played()
        moment, words = ticked(moment, Breakpoints(moment.trace))
        assert (moment.cursor, moment.playing, words) == (2, False, "breakpoint: s")
