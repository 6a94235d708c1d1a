"""What the circuit looks like. After a change that is meant: `pytest tests/tui/test_circuit_snapshots.py
--snapshot-update`, and look at every picture before it is committed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gradwalk.engine.library import load
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk.moment import Moment
from gradwalk.tui.walk.opened import open_walk
from textual.pilot import Pilot

from .pilots import scenario_of
from .test_snapshots import app_on

Compare = Callable[..., bool]


class TestTheCircuit:
    @pytest.mark.parametrize(("name", "steps"), [("fabc", 10), ("ehg", 9), ("chain", 3), ("xyz", 4), ("square", 10)])
    def test_a_walk(self, snap_compare: Compare, name: str, steps: int) -> None:
        keys = ["v", *["right"] * steps]
        assert snap_compare(app_on(scenario_of(name)), press=keys, terminal_size=(120, 40))

    @pytest.mark.parametrize("steps", [0, 3, 10], ids=["start", "forward", "backward"])
    def test_a_small_window(self, snap_compare: Compare, steps: int) -> None:
        keys = ["v", *["right"] * steps]
        assert snap_compare(app_on(scenario_of("fabc")), press=keys, terminal_size=(80, 24))

    @pytest.mark.parametrize("zoom", [1, 2], ids=["compact", "dots"])
    def test_zoomed_out_with_a_node_selected(self, snap_compare: Compare, zoom: int) -> None:
        keys = ["v", *["I"] * zoom, *["right"] * 9, "j", "j"]
        assert snap_compare(app_on(scenario_of("fabc")), press=keys, terminal_size=(120, 40))

    def test_the_whole_window_in_light(self, snap_compare: Compare) -> None:
        keys = ["v", "z", *["right"] * 10, "k"]
        assert snap_compare(app_on(scenario_of("fabc"), "light"), press=keys, terminal_size=(120, 40))

    def test_without_colour(self, snap_compare: Compare) -> None:
        keys = ["v", *["right"] * 10, "k"]
        assert snap_compare(app_on(scenario_of("fabc"), "terminal"), press=keys, terminal_size=(120, 40))

    @pytest.mark.parametrize(("name", "cursor"), [("xor", 100), ("xor", 300), ("regression", 90)])
    def test_an_epoch(self, snap_compare: Compare, name: str, cursor: int) -> None:
        opened = open_walk(load(name))

        async def show(pilot: Pilot[None]) -> None:
            moment = Moment(opened.trace, cursor, view="circuit")
            await pilot.app.push_screen(WalkScreen(opened, moment=moment))
            await pilot.pause()

        assert snap_compare(app_on(None), run_before=show, terminal_size=(120, 40))
