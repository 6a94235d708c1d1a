"""`Player`: a cursor in a walk."""

from __future__ import annotations

import itertools

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.walk.step import Phase
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.walk.player import SPEEDS, Player

from .pilots import WALKS


def player_of(name: str) -> Player:
    scenario = load(name)
    return Player(Trace(scenario.graph, scenario.notes))


class TestSteps:
    def test_a_walk_starts_before_its_first_step(self) -> None:
        player = player_of("fabc")
        assert player.cursor == 0
        assert player.state.step is None

    def test_a_step_forward_and_one_back_meet(self) -> None:
        player = player_of("fabc")
        player.step_forward()
        assert player.state.step is not None
        assert player.state.step.number == 1
        player.step_back()
        assert player.cursor == 0

    def test_neither_end_can_be_left(self) -> None:
        player = player_of("fabc")
        player.step_back()
        assert player.cursor == 0
        for _ in range(100):
            player.step_forward()
        assert player.cursor == player.trace.total == 13

    @pytest.mark.parametrize(("wanted", "reached"), [(-5, 0), (0, 0), (7, 7), (13, 13), (99, 13)])
    def test_seeking_goes_to_the_nearest_step_there_is(self, wanted: int, reached: int) -> None:
        player = player_of("fabc")
        player.seek(wanted)
        assert player.cursor == reached


class TestPhases:
    def test_on_to_the_seed_and_on_to_the_end(self) -> None:
        player = player_of("fabc")
        places: list[int] = []
        for _ in range(3):
            player.next_phase()
            places.append(player.cursor)
        assert places == [6, 13, 13]

    def test_back_to_the_seed_and_back_to_the_start(self) -> None:
        player = player_of("fabc")
        player.seek(13)
        places: list[int] = []
        for _ in range(3):
            player.previous_phase()
            places.append(player.cursor)
        assert places == [6, 0, 0]

    @pytest.mark.parametrize(("start", "onward", "back"), [(3, 6, 0), (6, 13, 0), (9, 13, 6)])
    def test_from_the_midst_of_a_phase(self, start: int, onward: int, back: int) -> None:
        player = player_of("fabc")
        player.seek(start)
        player.next_phase()
        assert player.cursor == onward
        player.seek(start)
        player.previous_phase()
        assert player.cursor == back


class TestNodes:
    @pytest.mark.parametrize("name", WALKS)
    def test_node_by_node_takes_whole_consumers_and_the_way_back_stops_at_the_same_places(self, name: str) -> None:
        player = player_of(name)
        places = [0]
        while player.cursor < player.trace.total:
            player.next_node()
            places.append(player.cursor)
        for before, after in itertools.pairwise(places):
            consumers = {
                player.trace.key(step).node if player.trace.phase(step) is Phase.BACKWARD else -step
                for step in range(before + 1, after + 1)
            }
            assert len(consumers) == 1
        back = [player.cursor]
        while player.cursor:
            player.previous_node()
            back.append(player.cursor)
        assert back == places[::-1]

    def test_the_start_and_the_end_stay(self) -> None:
        player = player_of("fabc")
        player.previous_node()
        assert player.cursor == 0
        player.seek(13)
        player.next_node()
        assert player.cursor == 13


class TestWhereANodeIsWritten:
    def test_first_its_value_then_its_gradient_then_its_value_again(self) -> None:
        player = player_of("fabc")
        node = player.trace.graph.find("s")
        places: list[int] = []
        for _ in range(3):
            player.seek_write(node)
            assert player.state.step is not None
            places.append(player.cursor)
            assert player.state.step.node == node
        assert places[0] == places[2] < places[1]

    def test_every_contribution_to_a_shared_node_is_a_place(self) -> None:
        player = player_of("square")
        node = player.trace.graph.find("b")
        player.seek_write(node)
        first = player.cursor
        player.seek_write(node)
        assert player.cursor == first + 1
        player.seek_write(node)
        assert player.cursor == first

    def test_a_constant_is_never_written_so_nothing_moves(self) -> None:
        scenario = from_expression("x + 3", {"x": "1"})
        player = Player(Trace(scenario.graph))
        player.seek(2)
        constant = scenario.graph.carries_gradient.tolist().index(False)
        player.seek_write(constant)
        assert player.cursor == 2


class TestPlaying:
    def test_a_tick_moves_only_while_playing(self) -> None:
        player = player_of("ab1")
        player.tick()
        assert player.cursor == 0
        player.toggle_play()
        player.tick()
        assert player.cursor == 1
        player.toggle_play()
        player.tick()
        assert player.cursor == 1

    def test_playing_stops_by_itself_at_the_end(self) -> None:
        player = player_of("ab1")
        player.toggle_play()
        for _ in range(player.trace.total):
            assert player.playing
            player.tick()
        assert not player.playing
        assert player.cursor == player.trace.total

    def test_playing_at_the_end_begins_anew(self) -> None:
        player = player_of("ab1")
        player.seek(player.trace.total)
        player.toggle_play()
        assert (player.cursor, player.playing) == (0, True)

    def test_speeds_go_up_and_down_between_their_ends(self) -> None:
        player = player_of("ab1")
        for _ in SPEEDS:
            player.faster()
        assert player.speed == SPEEDS[-1]
        for _ in SPEEDS:
            player.slower()
        assert player.speed == SPEEDS[0]
        player.faster()
        assert player.speed == SPEEDS[1]
