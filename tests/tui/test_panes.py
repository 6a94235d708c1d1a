"""The room of a walk: the divider between graph and panel, and one of them alone."""

from __future__ import annotations

import pytest
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk.panel_pane import PanelTitles
from gradwalk.tui.walk.panels import PANELS
from gradwalk.tui.walk.panes import LEAST_GRAPH, LEAST_PANEL, graph_width, panel_height
from textual.pilot import Pilot

from .pilots import cursor, lines, opened, text, walk
from .training import until


def columns_of_graph(pilot: Pilot[None]) -> int:
    return walk(pilot).pane.outer_size.width


def rows_of_panel(pilot: Pilot[None]) -> int:
    return walk(pilot).panes.panel.outer_size.height


class TestShares:
    @pytest.mark.parametrize("room", range(112, 300, 7))
    def test_long_labels_get_half_of_the_window_where_the_panel_stays_readable(self, room: int) -> None:
        numbers = 29
        width = graph_width(room, 1000, None)
        assert room - width >= 40
        if room >= 140:
            assert 2 * (width - numbers) >= room

    @pytest.mark.parametrize("room", range(112, 300, 7))
    def test_short_labels_leave_the_lines_of_a_step_whole(self, room: int) -> None:
        assert room - graph_width(room, 30, None) >= 56

    @pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 1.0])
    def test_wherever_the_divider_is_both_sides_can_be_used(self, share: float) -> None:
        for room in range(112, 300, 7):
            assert LEAST_GRAPH.x <= graph_width(room, 0, share) <= room - LEAST_PANEL.x
        for room in range(13, 60):
            assert LEAST_PANEL.y <= panel_height(room, share) <= room - LEAST_GRAPH.y


class TestDivider:
    async def test_keys_move_it_beside_the_panel(self) -> None:
        async with opened("fabc", size=(120, 40)) as pilot:
            before = columns_of_graph(pilot)
            await pilot.press(")", ")", ")")
            assert columns_of_graph(pilot) == before + 6
            await pilot.press("(")
            assert columns_of_graph(pilot) == before + 4
            assert columns_of_graph(pilot) + walk(pilot).panes.panel.outer_size.width == 120

    @pytest.mark.thorough
    async def test_keys_move_it_above_the_panel(self) -> None:
        async with opened("fabc", size=(80, 24)) as pilot:
            before = rows_of_panel(pilot)
            await pilot.press("(", "(")
            assert rows_of_panel(pilot) == before + 2
            await pilot.press(*[")"] * 30)
            assert rows_of_panel(pilot) == LEAST_PANEL.y

    async def test_the_mouse_drags_it_beside_the_panel(self) -> None:
        async with opened("fabc", size=(120, 40)) as pilot:
            at = columns_of_graph(pilot)
            await pilot.mouse_down(offset=(at, 20))
            await pilot.hover(offset=(at + 9, 22))
            await pilot.hover(offset=(at + 10, 22))
            await pilot.mouse_up(offset=(at + 10, 22))
            await pilot.pause()
            assert columns_of_graph(pilot) == at + 10
            await pilot.hover(offset=(at - 20, 22))
            assert columns_of_graph(pilot) == at + 10, "the button is up"

    async def test_the_mouse_drags_it_above_the_panel_and_no_title_is_clicked(self) -> None:
        async with opened("fabc", size=(80, 24)) as pilot:
            panel = walk(pilot).panes.panel
            at, rows = panel.region.y, panel.region.height
            await pilot.mouse_down(offset=(15, at))
            await pilot.hover(offset=(15, at - 3))
            await pilot.mouse_up(offset=(15, at - 3))
            await pilot.pause()
            assert rows_of_panel(pilot) == rows + 3
            assert walk(pilot).moment.panel == "step"

    async def test_it_stays_where_it_was_moved_to_in_the_next_walk_and_at_another_size(self) -> None:
        async with opened("fabc", size=(120, 40)) as pilot:
            await pilot.press(*[")"] * 4)
            moved = columns_of_graph(pilot)
            await pilot.press("escape", "down", "enter")
            await pilot.pause()
            assert columns_of_graph(pilot) == moved
            await pilot.resize_terminal(80, 24)
            await pilot.pause()
            assert columns_of_graph(pilot) == 80
            await pilot.resize_terminal(120, 40)
            await pilot.pause()
            assert columns_of_graph(pilot) == moved


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_zoom_gives_the_window_to_the_graph_then_to_the_panel_then_to_both(size: tuple[int, int]) -> None:
    async with opened("fabc", size=size) as pilot:
        await pilot.press("right", "right")
        both = lines(pilot)
        await pilot.press("z")
        assert "step 2 of" in text(pilot)
        assert walk(pilot).pane.outer_size == (size[0], size[1] - 3)
        assert "1 step" not in text(pilot)
        await pilot.press("right", "down")
        assert cursor(pilot) == 3
        await pilot.press("z")
        assert walk(pilot).panes.panel.outer_size == (size[0], size[1] - 3)
        assert "gradient" not in lines(pilot)[2]
        await pilot.press("left")
        assert cursor(pilot) == 2
        await pilot.press("z", "up", "up")
        assert [line.lstrip(" >▶") for line in lines(pilot)] == [line.lstrip(" >▶") for line in both]
        await pilot.press("down")
        assert any(line.startswith(">") for line in lines(pilot)), "the keys of the tree are back"


async def test_in_a_narrow_panel_beside_the_graph_all_panels_are_named_and_can_be_clicked() -> None:
    async with opened("xor", size=(120, 40)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
        await pilot.press(*["right_parenthesis"] * 20)
        await pilot.pause()
        titles = walk(pilot).query_one(PanelTitles)
        said = "\n".join(lines(pilot)[2:5])
        assert titles.size.height == 3
        assert all(f"{panel.key} {panel.name}" in said for panel in PANELS)
        await pilot.click(PanelTitles, offset=(3, 2))
        assert walk(pilot).moment.panel == "check"
