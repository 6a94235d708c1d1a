"""Marks and notes of one's own: at a step, in the list, over an edit, and into the file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from gradwalk.engine.editing.counterparts import Counterparts
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.marks.notes_text import with_notes
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.marks import MarksScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.session import Session
from gradwalk.tui.walk.marking import carried, mark_here, with_mark
from gradwalk.tui.walk.moment import Moment

from .courses import LINE, SQUARE
from .pilots import cursor, lines, notices, opened, text, walk
from .training import until


def moment_of(expression: str, **values: str) -> Moment:
    return Moment(Trace(from_expression(expression, values).graph))


class TestMarking:
    def test_a_mark_stands_at_its_step_and_a_later_one_in_its_place(self) -> None:
        moment = moment_of("x*x", x="3")
        moment = with_mark(moment.at(3), "first edge")
        moment = with_mark(moment.at(1), "")
        moment = with_mark(moment.at(3), "the first of two edges")
        assert [(moment.trace.number(mark.key), mark.note) for mark in moment.marks] == [
            (1, ""),
            (3, "the first of two edges"),
        ]
        assert mark_here(moment.at(4)) is None, "the other edge of x·x is a step of its own"
        assert mark_here(moment.at(0)) is None

    def test_it_goes_along_to_another_walk_where_that_has_the_step(self) -> None:
        before, after = moment_of("x*y + x", x="3", y="2"), moment_of("x*y", x="3", y="2")
        for step in range(1, before.trace.total + 1):
            before = with_mark(before.at(step), str(step))
        one, other = before.trace.graph, after.trace.graph
        kept = carried(before.marks, one, other, Counterparts(one, other))
        assert {str(mark.key.name(other)) for mark in kept} == {"f", "∂f/∂f", "∂f/∂x", "∂f/∂y"} - _of_other_ops(before)
        assert all(after.trace.number(mark.key) is not None for mark in kept)


def _of_other_ops(moment: Moment) -> set[str]:
    """Edges that the walk before has not: there x and y reach f through a product."""
    graph = moment.trace.graph
    names = {str(mark.key.name(graph)) for mark in moment.marks}
    return {"f", "∂f/∂f", "∂f/∂x", "∂f/∂y"} - names


class TestTheKeys:
    async def test_a_step_is_marked_and_found_again_from_the_list(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("m")
            await pilot.pause()
            assert "no step here" in notices(pilot)[-1]
            await pilot.press("right", "right", "m", *"look here", "enter", "end", "m", "enter")
            await pilot.pause()
            assert "★ marked" in text(pilot)
            assert lines(pilot)[1].count("★") == 2
            await pilot.press("home", "M")
            await pilot.pause()
            assert isinstance(pilot.app.screen, MarksScreen)
            assert any("2 ★ s" in row and "look here" in row for row in lines(pilot))
            await pilot.press("enter")
            await pilot.pause()
            assert cursor(pilot) == 2
            assert "★ look here" in text(pilot)

    async def test_a_note_is_changed_and_a_mark_taken_away(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "m", "a", "enter", "m", "end", "b", "enter")
            assert [mark.note for mark in walk(pilot).moment.marks] == ["ab"]
            await pilot.press("M", "d")
            await pilot.pause()
            assert "no step is marked yet" in text(pilot)
            await pilot.press("escape")
            await pilot.pause()
            assert walk(pilot).moment.marks == ()
            assert "★" not in text(pilot)

    async def test_it_is_there_when_somebody_comes_back_and_after_an_edit(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "right", "m", *"here", "enter", "escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            await pilot.pause()
            assert "★ here" in text(pilot)
            await pilot.press("greater_than_sign")
            await pilot.pause()
            assert [mark.note for mark in walk(pilot).moment.marks] == ["here"]

    async def test_a_click_in_the_list_goes_there(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "m", "enter", "end", "M")
            await pilot.pause()
            row = next(y for y, line in enumerate(lines(pilot)) if "★ l" in line)
            await pilot.click(offset=(12, row))
            await pilot.pause()
            assert cursor(pilot) == 1


class TestSaving:
    async def test_notes_go_into_the_file_when_asked_twice_and_what_stands_there_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "square.toml"
        path.write_text(SQUARE, encoding="utf-8")
        async with GradwalkApp(load(str(path))).run_test(notifications=True) as pilot:
            await pilot.press("right", "m", *"mine", "enter", "end", "m", *"slope 6", "enter", "M", "s")
            await pilot.pause()
            assert "s once more writes 2 notes into square.toml" in notices(pilot)[-1]
            assert path.read_text(encoding="utf-8") == SQUARE
            await pilot.press("s")
            await until(pilot, lambda: any("read anew" in notice for notice in notices(pilot)))
            assert "slope 6" in text(pilot)
            assert [mark.note for mark in walk(pilot).moment.marks] == ["", ""]
        written = path.read_text(encoding="utf-8")
        assert tomllib.loads(written)["notes"] == {"y": "The author's words.\nmine", "∂y/∂x": "slope 6"}
        assert "# what a teacher writes beside it stays" in written
        assert "x = 3  # the point" in written

    async def test_of_a_built_in_scenario_they_go_into_a_new_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        async with opened("xyz") as pilot:
            await pilot.press("right", "m", *"mine", "enter", "M", "s")
            await pilot.pause()
            assert "mine" in load("xyz.toml").notes[walk_label(pilot)]
            await pilot.press("s")
            await pilot.pause()
            assert "xyz.toml" in notices(pilot)[-1]
            assert [path.name for path in tmp_path.glob("*.toml")] == ["xyz.toml"]
            await pilot.press("escape", "m", *"another", "enter", "M", "s")
            await pilot.pause()
            assert "another" in load("xyz-2.toml").notes[walk_label(pilot)]

    async def test_a_guest_saves_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        app = GradwalkApp(load("xyz"), Session.here(guest=True))
        async with app.run_test(notifications=True) as pilot:
            await pilot.press("right", "m", *"mine", "enter", "M", "s")
            await pilot.pause()
            assert "a guest can read and write no files here" in notices(pilot)[-1]
        assert list(tmp_path.glob("*.toml")) == []

    def test_the_same_words_are_not_written_twice(self) -> None:
        once = with_notes(SQUARE, {"y": "mine"}, Path("square.toml")).text
        assert with_notes(once, {"y": "mine"}, Path("square.toml")).text == once

    def test_a_training_takes_notes_at_steps_of_a_sample(self) -> None:
        noted = with_notes(LINE, {"h[2]": "the second", "w ←": "the update"}, Path("line.toml"))
        assert tomllib.loads(noted.text)["notes"] == {"h[2]": "the second", "w ←": "the update"}

    def test_what_would_be_no_scenario_is_refused(self) -> None:
        with pytest.raises(GradwalkError, match="there is no node"):
            with_notes(SQUARE, {"nowhere": "lost"}, Path("square.toml"))


def walk_label(pilot: object) -> str:
    from textual.pilot import Pilot

    assert isinstance(pilot, Pilot)
    screen = pilot.app.screen
    assert isinstance(screen, WalkScreen)
    return screen.moment.trace.graph.label(screen.moment.trace.node_of(1))
