"""The seam for views: a second one, a plain list of nodes, works on a walk's screen as the tree does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.bindings import active_keys
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk.graph_view import NodeChosen, Progress, View
from gradwalk.tui.walk.moment import Moment
from gradwalk.tui.walk.opened import open_walk
from gradwalk.tui.walk.tree.view import TREE
from textual.binding import Binding
from textual.pilot import Pilot
from textual.reactive import var
from textual.widgets import Static

from .pilots import at_once, cursor, lines, selected, text, walk
from .training import until


class NodeList(Static, can_focus=True):
    """The nodes in the order of the walk, a line each, with their values."""

    HELP = "The list has a line for each node."
    BINDINGS = [Binding("down", "choose(1)", "Down", id="walk.down"), Binding("up", "choose(-1)", "Up")]  # noqa: RUF012
    chosen: var[NodeChosen | None] = var(None, init=False, always_update=True)

    def show(self, moment: Moment) -> None:
        self._moment = moment
        graph, state = moment.trace.graph, moment.state
        marks = ("> " if node == moment.selected else "  " for node in range(len(graph)))
        rows = (f"{mark}{graph.label(node)} is {state.value(node)}" for node, mark in enumerate(marks))
        self.update("\n".join(rows))

    def action_choose(self, step: int) -> None:
        self.chosen = NodeChosen((self._moment.node + step) % len(self._moment.trace.graph))


class Layouts:
    """Counts the layouts that are made for a view."""

    made = 0

    def lay_out(self, trace: Trace, progress: Progress) -> str:
        self.made += 1
        return "a layout"


LIST = View("list", lambda trace, layout: NodeList(markup=False))


@asynccontextmanager
async def shown(*views: View) -> AsyncIterator[Pilot[None]]:
    """Run the app on a walk that has these views."""
    async with GradwalkApp().run_test(notifications=True) as pilot:
        await pilot.app.push_screen(WalkScreen(open_walk(load("fabc"), view=views[0]), views=views))
        await pilot.pause()
        yield pilot


async def change_view(pilot: Pilot[None], view: View) -> None:
    """Have the moment name another view."""
    walk(pilot).moment = replace(walk(pilot).moment, view=view.name)
    shown = walk(pilot).pane.view
    await until(pilot, lambda: walk(pilot).focused is not None and shown in walk(pilot).focused.ancestors_with_self)


def marked(pilot: Pilot[None]) -> str:
    """Return the label of the node that the list marks."""
    (row,) = (line for line in lines(pilot) if line.startswith("> "))
    return row.split()[1]


async def test_a_walk_is_shown_in_it_alone_and_every_key_of_the_walk_works() -> None:
    async with shown(LIST) as pilot:
        await pilot.press("right")
        assert "l is 1.0" in text(pilot)
        assert "s is None" in text(pilot)
        await pilot.press("up", "up", "enter")
        label = walk(pilot).opened.trace.graph.label(walk(pilot).moment.node)
        assert marked(pilot) == label
        assert walk(pilot).opened.trace.step(cursor(pilot)).name == label
        await pilot.press("x", "end")
        assert len(walk(pilot).moment.breakpoints) == 1
        await pilot.press("s", "down", "enter")
        await pilot.pause()
        assert "∂f/∂" in text(pilot)
        assert marked(pilot) == walk(pilot).opened.trace.graph.label(walk(pilot).moment.node)


async def test_what_is_selected_in_one_view_is_selected_in_the_other() -> None:
    async with shown(TREE, LIST) as pilot:
        await pilot.press("down", "down", "right")
        before = selected(pilot)
        await change_view(pilot, LIST)
        await pilot.pause()
        assert marked(pilot) == before
        await pilot.press("down")
        assert marked(pilot) != before
        await change_view(pilot, TREE)
        await pilot.press("right")
        assert selected(pilot) != before, "the row of the tree is one of the node that was chosen in the list"
        assert cursor(pilot) == 2
        assert lines(pilot)[5].startswith("▶")


async def test_each_view_has_its_own_keys_and_help() -> None:
    async with shown(TREE, LIST) as pilot:
        assert "walk.fold" in active_keys(walk(pilot))
        await change_view(pilot, LIST)
        assert {"walk.down", "walk.forward"} <= set(active_keys(walk(pilot)))
        assert "walk.fold" not in active_keys(walk(pilot))
        await pilot.press("question_mark", "tab")
        await pilot.pause()
        assert "The list has a line for each node." in text(pilot)


async def test_a_layout_is_made_when_its_view_is_first_shown_and_only_then() -> None:
    layouts = Layouts()
    view = View("list", LIST.make, layouts.lay_out)
    async with shown(TREE, view) as pilot:
        await pilot.press("right", "end")
        assert layouts.made == 0
        for shown_next in (view, TREE, view):
            await change_view(pilot, shown_next)
        assert layouts.made == 1


async def test_a_search_goes_on_in_the_order_of_the_view() -> None:
    found: dict[str, list[str]] = {}
    for view in (TREE, LIST):
        async with shown(view) as pilot:
            for keys in (["slash", *"1/", "enter"], ["full_stop"]):
                await pilot.press(*keys)
                await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
                found.setdefault(view.name, []).append(walk(pilot).opened.trace.graph.label(walk(pilot).moment.node))
    assert found["tree"] == ["r", "q"], "from the top of the tree down"
    graph = load("fabc").graph
    in_walk_order = [graph.label(node) for node in range(len(graph)) if "1/" in graph.expression(node)]
    assert found["list"] == in_walk_order, "as the walk computes them"


async def test_a_key_finds_the_node_selected_that_the_key_before_it_chose_however_fast_they_come() -> None:
    for view in (TREE, LIST):
        async with shown(view) as pilot:
            await at_once(pilot, "down", "down", "x", "enter", "right")
            moment = walk(pilot).moment
            assert moment.breakpoints == {moment.selected}
            if view is TREE:
                assert moment.trace.graph.label(moment.node) == "s"
                assert moment.cursor == 3, "the step that computes s, and one more"


async def test_the_keys_of_the_view_come_back_after_the_window_was_too_small_for_it() -> None:
    async with shown(TREE) as pilot:
        await pilot.resize_terminal(8, 3)
        await pilot.pause()
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        await pilot.press("down")
        assert selected(pilot) == "r"


@pytest.mark.parametrize("cursor_before", [0, 9])
async def test_a_walk_can_be_opened_at_a_moment_of_it(cursor_before: int) -> None:
    async with GradwalkApp().run_test(notifications=True) as pilot:
        opened = open_walk(load("fabc"))
        node = opened.trace.graph.find("b")
        moment = Moment(opened.trace, cursor_before, node, frozenset({node}))
        await pilot.app.push_screen(WalkScreen(opened, moment=moment))
        await pilot.pause()
        assert (cursor(pilot), selected(pilot)) == (cursor_before, "b")
        assert any(line.startswith("◆") and " b " in line for line in lines(pilot))
