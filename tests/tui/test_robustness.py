"""What must not bring the program down: fast keys, hostile text, very long numbers, another Textual."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from gradwalk.engine.errors import ScenarioError
from gradwalk.engine.library import card_of, load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.reading.scenario import read
from gradwalk.tui.app import GradwalkApp, lean_output
from gradwalk.tui.lean_output import TerminalCopy
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.train import TrainScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk.opened import open_walk
from gradwalk.tui.walk.tree.view import TREE
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.screen import Screen
from textual.strip import Strip

from .pilots import at_once, cursor, lines, opened, text
from .training import scenario, training, until


class TestFastKeys:
    async def test_leaving_an_epoch_twice_leaves_it_once(self) -> None:
        async with training("regression") as pilot:
            await pilot.press("right", "w")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            await at_once(pilot, "b", "b")
            assert isinstance(pilot.app.screen, TrainScreen)
            assert pilot.app.screen.player.last == 1

    async def test_diving_twice_opens_one_walk(self) -> None:
        async with training("regression") as pilot:
            await at_once(pilot, "w", "w")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            await pilot.press("b")
            await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))

    async def test_opening_a_scenario_twice_opens_one_walk(self) -> None:
        async with opened(None) as pilot:
            await at_once(pilot, "enter", "enter", "right")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            assert len(pilot.app.screen_stack) == 2


class TestHostileText:
    @pytest.mark.parametrize("key", ["title", "summary", "intro"])
    def test_a_file_cannot_speak_to_the_terminal(self, key: str) -> None:
        words = {"title": "T", key: "a\\u001b]0;b\\u0007"}
        head = "".join(f'{name} = "{word}"\n' for name, word in words.items())
        with pytest.raises(ScenarioError, match=r"U\+001B cannot stand in a text"):
            read("t.toml", f'{head}[inputs]\na = 1\n[graph]\nf = "2*a"\n'.encode())

    def test_a_title_is_one_line(self) -> None:
        with pytest.raises(ScenarioError, match=r"title: the character U\+000A"):
            read("t.toml", b'title = "a\\nb"\n[inputs]\na = 1\n[graph]\nf = "2*a"\n')

    @pytest.mark.parametrize("name", ["平均の平均の平均の平均", "a_name_of_many_letters", "a\x1bb"])
    async def test_the_library_shows_a_scenario_of_any_name_in_its_columns(self, name: str) -> None:
        scenario = replace(load("chain"), name=name, title="A\x07title", path=Path("own.toml"))
        async with GradwalkApp(scenario).run_test(size=(80, 24)) as pilot:
            await pilot.press("escape")
            await pilot.pause()
            assert isinstance(pilot.app.screen, LibraryScreen)
            (row,) = (row for row in lines(pilot) if "A\\x07title" in row)
            assert cell_len(row[: row.index("A\\x07title")]) == 14
            assert "\x1b" not in row

    def test_what_is_painted_holds_no_control_character(self) -> None:
        painted = TerminalCopy().sequence([(0, 0, Strip([Segment("a\x07b\x1b]0;c")]))], ColorSystem.TRUECOLOR)
        assert "\x07" not in painted
        assert "\x1b]" not in painted
        assert painted.endswith("ab]0;c")


class TestLongNumbers:
    async def test_a_step_that_is_named_by_thousands_of_digits(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "g")
            pilot.app.screen.query_one("Input").value = "t" + "1" * 5000  # type: ignore[attr-defined]
            await pilot.press("enter")
            assert "no node is called" in text(pilot)
            await pilot.press("escape")
            assert cursor(pilot) == 1

    @pytest.mark.parametrize("label", ["t" + "1" * 5000, f"x[{'1' * 5000}]"])
    def test_no_node_is_called_so(self, label: str) -> None:
        with pytest.raises(KeyError):
            load("regression").graph.find(label)


class TestExtremeData:
    @pytest.mark.parametrize("column", ["x", "y"])
    async def test_data_at_the_ends_of_what_floats_can_hold_is_drawn(self, column: str) -> None:
        columns = {"x": "[1, 2, 3]", "y": "[1, 2, 3]", column: "[1e308, -1e308, 0]"}
        data = "".join(f"{name} = {values}\n" for name, values in columns.items())
        async with training(scenario(data=data)) as pilot:
            assert "data and model" in text(pilot)
            await pilot.press("right")
            assert "infinite" in text(pilot)


class TestFolding:
    def test_the_samples_of_a_loss_are_folded_and_the_terms_of_a_short_sum_are_not(self) -> None:
        short = open_walk(from_expression("sum(x*y, x*z, 1)", {"x": "1", "y": "2", "z": "3"})).layout(TREE)
        assert len(short.sight) == len(short)
        samples = open_walk(load("regression")).layout(TREE)
        assert len(samples.sight) == 11

    def test_in_a_small_walk_a_sample_opens_while_one_of_its_rows_is_in_play_and_in_a_large_one_it_stays(self) -> None:
        for name, opens in (("regression", True), ("moons", False)):
            opened_walk = open_walk(load(name))
            layout = opened_walk.layout(TREE)
            before = len(layout.sight)
            hidden = next(row for row in range(len(layout)) if layout.sight.hiding(row) >= 0)
            assert layout.open_for(hidden) == opens
            assert (layout.sight.hiding(hidden) < 0) == opens
            layout.open_for(-1)
            assert len(layout.sight) == before


class TestLeaving:
    @pytest.mark.parametrize("name", ["fabc", "xor"])
    async def test_the_program_can_be_left_while_a_scenario_opens(self, name: str) -> None:
        app = GradwalkApp()
        async with app.run_test() as pilot:
            await pilot.pause()
            app.open_scenario(card_of(name))
            app.exit()
        assert app.return_code == 0


class TestAnotherTextual:
    def test_without_the_parts_that_the_small_output_builds_on_all_is_written(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(sys.modules, "gradwalk.tui.lean_output")
        monkeypatch.setitem(sys.modules, "textual._compositor", None)
        update = object()
        assert lean_output()(Screen(), update) is update

    def test_an_update_that_looks_otherwise_is_written_as_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def otherwise(update: object) -> None:
            raise AttributeError("chops")

        monkeypatch.setattr("gradwalk.tui.lean_output._chops_patches", otherwise)
        copy = TerminalCopy()
        update = ChopsUpdate.__new__(ChopsUpdate)
        assert copy.lean(update) is update
