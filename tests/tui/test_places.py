"""Leaving and coming back, taking a text away, and the title bar's keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from gradwalk.engine.library import load
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.kept import Kept
from gradwalk.tui.messages import ScenarioChosen
from gradwalk.tui.screens.commands import CommandsScreen
from gradwalk.tui.screens.help import HelpScreen
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.train import TrainScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.session import Session
from gradwalk.tui.walk.opened import open_walk

from .pilots import cursor, lines, notices, opened, text, walk
from .training import scenario, screen, training, training_ready, until


class TestComingBack:
    async def test_a_walk_stands_where_it_was_left_and_home_starts_anew(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "right", "right", "down", "down", "x")
            selected = walk(pilot).moment.node
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            assert cursor(pilot) == 3
            assert walk(pilot).moment.node == selected
            assert walk(pilot).moment.breakpoints == {selected}
            assert "step 3 of 13" in text(pilot)
            await pilot.press("home")
            assert cursor(pilot) == 0

    async def test_another_walk_in_between_changes_nothing(self) -> None:
        async with opened(None) as pilot:
            await pilot.press("enter", "right", "escape", "down", "enter", "right", "right", "escape", "up", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            assert (walk(pilot).opened.scenario.name, cursor(pilot)) == ("fabc", 1)
            await pilot.press("escape", "down", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            assert (walk(pilot).opened.scenario.name, cursor(pilot)) == ("ehg", 2)

    async def test_a_training_keeps_its_epochs(self) -> None:
        async with training("regression") as pilot:
            await pilot.press("right", "right", "left", "escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))
            await pilot.pause()
            assert (screen(pilot).player.epoch, screen(pilot).player.last) == (1, 2)
            assert "epoch 1 of 200" in text(pilot)

    async def test_a_training_keeps_the_plot_and_the_axis_that_were_chosen(self) -> None:
        async with training("regression") as pilot:
            await pilot.press("right", "v", "y")
            await pilot.pause()
            before = text(pilot)
            assert "surface of the loss" in before
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))
            await until(pilot, lambda: text(pilot) == before)

    async def test_a_training_stops_when_another_scenario_is_opened_from_the_palette(self) -> None:
        """The screen that was first stays below; nothing is to train on there, beside the screen that is shown next."""
        async with training("regression") as pilot:
            left = screen(pilot)
            await pilot.press("space")
            assert left.course.running
            await pilot.press("ctrl+p", *"xyz")
            await until(pilot, lambda: "Open xyz" in text(pilot))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            assert not left.course.running
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            pilot.app.screen.post_message(ScenarioChosen(pilot.app.screen, left.scenario))
            await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))
            assert screen(pilot) is not left
            assert screen(pilot).player is left.player
            await pilot.press("home")
            assert not screen(pilot).course.running
            assert not left.course.running

    async def test_a_walk_chosen_after_a_training_leads_back_to_the_library(self) -> None:
        """The training that was opened first stays at the ground; no epoch of it is looked at."""
        async with training("regression") as pilot:
            await pilot.press("ctrl+p", *"xyz")
            await until(pilot, lambda: "Open xyz" in text(pilot))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))

    def test_what_was_left_longest_ago_goes_first_where_there_is_little_room(self) -> None:
        names = ("fabc", "ehg", "xyz")
        walks = {name: open_walk(load(name)) for name in names}
        sizes = {name: len(walks[name].trace.graph) for name in names}
        kept = Kept(sizes["fabc"] + sizes["ehg"])
        kept.keep(walks["fabc"])
        kept.keep(walks["ehg"])
        assert kept.find(load("fabc")) is walks["fabc"]
        kept.keep(walks["xyz"])
        assert kept.find(load("fabc")) is None
        assert kept.making(load("fabc")) is not None
        assert kept.find(load("ehg")) is walks["ehg"]
        assert kept.find(load("xyz")) is walks["xyz"]

    @pytest.mark.parametrize("folder", ["", "one"])
    async def test_a_file_with_the_name_and_title_of_a_built_in_scenario_is_another_one(
        self, tmp_path: Path, folder: str
    ) -> None:
        built_in = load("fabc")
        path = tmp_path / folder / "fabc.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'title = "{built_in.title}"\n[inputs]\na = 5\n[graph]\nf = "a^2"\n', encoding="utf-8")
        app = GradwalkApp(load(str(path)))
        async with app.run_test() as pilot:
            await pilot.press("right", "escape")
            await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
            listed = app.screen.scenarios  # type: ignore[attr-defined]
            assert [scenario.name for scenario in listed].count("fabc") == 2
            await pilot.press("down", "enter")
            await until(pilot, lambda: isinstance(app.screen, WalkScreen))
            assert len(walk(pilot).opened.trace.graph) == len(built_in.graph)
            assert cursor(pilot) == 0
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
            await pilot.press("up", "enter")
            await until(pilot, lambda: isinstance(app.screen, WalkScreen))
            assert walk(pilot).opened.scenario.path == path
            assert cursor(pilot) == 1

    async def test_where_there_is_no_room_for_its_numbers_a_walk_is_found_all_the_same(self) -> None:
        async with opened("fabc") as pilot:
            assert isinstance(pilot.app, GradwalkApp)
            pilot.app.places._kept._most = 0
            await pilot.press("right", "right", "right", "down", "down", "x", "m", *"mine", "enter", "plus", "2")
            await pilot.press("slash", *"ln", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            before = walk(pilot).moment
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            after = walk(pilot).moment
            assert after.trace is not before.trace
            assert replace(after, trace=before.trace) == before
            assert (after.cursor, after.wanted, after.speed, after.panel) == (3, "ln", 2.0, "contributions")

    async def test_so_is_one_in_forward_mode(self) -> None:
        async with opened("fabc") as pilot:
            assert isinstance(pilot.app, GradwalkApp)
            pilot.app.places._kept._most = 0
            await pilot.press("down", "down", "down", "F", "end", "left", "escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            trace = walk(pilot).moment.trace
            assert trace.tangent_of is not None
            assert cursor(pilot) == trace.total - 1

    async def test_edits_are_found_again_with_all_that_can_be_taken_back(self) -> None:
        async with opened("fabc") as pilot:
            assert isinstance(pilot.app, GradwalkApp)
            pilot.app.places._kept._most = 0
            await pilot.press("e", "ctrl+u", *"r*q", "enter")
            await until(pilot, lambda: "edited" in lines(pilot)[0])
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            await pilot.pause()
            assert "f = r·q" in text(pilot)
            await pilot.press("u")
            await until(pilot, lambda: "f = r + q" in text(pilot))

    async def test_so_is_a_training_with_the_epochs_that_were_trained_at_another_rate(self) -> None:
        async with training("regression") as pilot:
            assert isinstance(pilot.app, GradwalkApp)
            pilot.app.places._kept._most = 0
            await pilot.press("right", "right", "plus", "right", "right", "left", "v")
            before = screen(pilot).player
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            await pilot.press("enter")
            await training_ready(pilot)
            after = screen(pilot).player
            assert after is not before
            assert (after.epoch, after.last, after.choice) == (3, 4, before.choice)
            assert after.losses.tolist() == before.losses.tolist()
            await pilot.press("end", "right")
            before.seek(4)
            before.forward()
            assert after.now.loss == before.now.loss

    async def test_the_walk_through_an_epoch_stands_where_it_was_and_another_epoch_s_at_its_start(self) -> None:
        async with training(scenario()) as pilot:
            await pilot.press("right", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            await pilot.press("right", "right", "x", "escape")
            await training_ready(pilot)
            await pilot.press("right", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            assert cursor(pilot) == 0
            await pilot.press("escape")
            await training_ready(pilot)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            await pilot.press("enter")
            await training_ready(pilot)
            assert screen(pilot).player.epoch == 2
            await pilot.press("left", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            assert cursor(pilot) == 2
            assert len(walk(pilot).moment.breakpoints) == 1


class TestTakingATextAway:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        return tmp_path

    @pytest.mark.parametrize(
        ("variable", "value", "said"),
        [
            ("LANG", "C", "This step was sent to the terminal, for its clipboard."),
            ("TMUX", "/tmp/t,1,0", "was sent to tmux, which passes it on where `set-clipboard` is on. S saves it"),
            ("STY", "1.pts", "GNU screen passes nothing on to a clipboard. S saves it to a file."),
            ("TERM", "linux", "this terminal has no clipboard. S saves it to a file."),
        ],
    )
    async def test_nobody_is_told_that_a_copy_arrived(
        self, variable: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(variable, value)
        async with opened("fabc") as pilot:
            await pilot.press("right", "c")
            await pilot.pause()
            (notice,) = notices(pilot)
            assert said in notice
            assert "ln(b)" in pilot.app.clipboard

    async def test_a_step_is_saved_to_a_new_file_whose_place_is_said(self, folder: Path) -> None:
        async with opened("fabc") as pilot:
            first, second = folder / "fabc-step-1.txt", folder / "fabc-step-1-2.txt"
            await pilot.press("right", "S")
            await until(pilot, lambda: notices(pilot) == [f"Saved as {first}."])
            await pilot.press("S")
            await until(pilot, lambda: notices(pilot) == [f"Saved as {second}."])
            assert "ln(b)" in first.read_text(encoding="utf-8")
            assert first.read_bytes() == second.read_bytes()

    async def test_so_is_an_epoch(self, folder: Path) -> None:
        async with training("regression") as pilot:
            await pilot.press("right", "S")
            await until(pilot, lambda: bool(notices(pilot)))
            assert "epoch 1" in (folder / "regression-epoch-1.txt").read_text(encoding="utf-8")

    async def test_a_folder_that_cannot_be_written_is_a_sentence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*arguments: object, **options: object) -> None:
            raise PermissionError(13, "Permission denied")

        async with opened("fabc") as pilot:
            monkeypatch.setattr(Path, "open", refuse)
            await pilot.press("S")
            await pilot.pause()
            monkeypatch.undo()
            (notice,) = notices(pilot)
            assert notice.endswith("cannot be written: Permission denied")

    async def test_a_guest_saves_nothing(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TMUX", "/tmp/t,1,0")
        app = GradwalkApp(load("fabc"), Session.here(guest=True))
        async with app.run_test(notifications=True) as pilot:
            await pilot.press("S")
            await pilot.pause()
            (saving,) = notices(pilot)
            assert saving == "a guest can read and write no files here, so saving this step is not possible"
            await pilot.press("c")
            await until(pilot, lambda: notices(pilot) != [saving])
            (copying,) = notices(pilot)
            assert "saves it" not in copying
        assert list(folder.glob("*.txt")) == []


class TestTheTitle:
    @pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)], ids=str)
    async def test_its_keys_answer_a_click_and_the_rest_does_not(self, size: tuple[int, int]) -> None:
        async with opened("fabc", size) as pilot:
            title = lines(pilot)[0]
            await pilot.click(offset=(3, 0))
            assert isinstance(pilot.app.screen, WalkScreen)
            await pilot.click(offset=(title.index("help"), 0))
            assert isinstance(pilot.app.screen, HelpScreen)
            await pilot.press("escape")
            await pilot.click(offset=(title.index("commands"), 0))
            assert isinstance(pilot.app.screen, CommandsScreen)
