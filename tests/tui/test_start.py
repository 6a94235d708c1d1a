"""Where a walk opens and what it looks like, as the command line says."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.library import load
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.cli import main
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.settings import Settings, SettingsFile
from gradwalk.tui.start import Start
from gradwalk.tui.walk.views import VIEWS

from .courses import course
from .pilots import walk
from .pseudo_terminal import GRADWALK, PseudoTerminal
from .training import screen, stands, training_ready, until

OTHER = VIEWS[-1].name


class TestAWalk:
    @pytest.mark.parametrize(("step", "number"), [("9", 9), ("s", 2), ("∂f/∂s", 10), ("", 0)])
    async def test_it_opens_at_a_step_as_it_is_to_be_looked_at(self, step: str, number: int) -> None:
        app = GradwalkApp(load("fabc"), start=Start(step, OTHER, "contributions", 6), theme="light")
        app.places.prepare()
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            moment = walk(pilot).moment
            assert (moment.cursor, moment.view, moment.panel, moment.digits) == (number, OTHER, "contributions", 6)
            assert app.theme == "gradwalk-light"
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
            await pilot.press("down", "enter")
            await until(pilot, lambda: isinstance(app.screen, WalkScreen))
            moment = walk(pilot).moment
            assert (moment.cursor, moment.view, moment.digits) == (0, OTHER, 6)
        assert SettingsFile().load()[0].theme is None

    async def test_the_theme_is_for_this_run_only_unless_one_is_chosen(self) -> None:
        SettingsFile().save(Settings("dark"))
        app = GradwalkApp(load("fabc"), theme="light")
        async with app.run_test() as pilot:
            assert SettingsFile().load()[0].theme == "dark"
            await pilot.press("t")
            assert SettingsFile().load()[0].theme == "terminal"

    async def test_a_training_opens_at_an_epoch(self) -> None:
        app = GradwalkApp(load("regression"), start=Start("7"))
        async with app.run_test(size=(120, 36)) as pilot:
            await training_ready(pilot)
            await stands(pilot)
            assert screen(pilot).player.epoch == 7
            await pilot.press("home", "escape")
            await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
            await pilot.press("enter")
            await training_ready(pilot)
            assert screen(pilot).player.epoch == 0


class TestWhatThereIsNot:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("fabc", "--view", "graph"), '--view "graph": there is no such view'),
            (("fabc", "--panel", "path"), 'there is no such panel; did you mean "paths"?'),
            (("--theme", "blue"), "dark, light, terminal"),
            (("fabc", "--digits", "18"), "18 is not in the range 1<=x<=17"),
            (("try", "x*y", "x=2", "y=5", "--view", "graph"), "there is no such view"),
            (("--guest", "--step", "99", "--view", "graph", "fabc"), '--view "graph": there is no such view'),
            (("fabc", "xyz", "--step", "1"), "--step is a step of one scenario"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
    )
    def test_is_one_sentence_and_status_2(self, arguments: tuple[str, ...], said: str) -> None:
        result = CliRunner().invoke(main, arguments, prog_name="gradwalk", catch_exceptions=False)
        assert result.exit_code == 2
        assert said in result.stderr
        assert result.stderr.startswith("gradwalk: ")
        assert len(result.stderr.splitlines()) == 1

    @pytest.mark.parametrize(
        ("name", "step", "said"),
        [
            ("fabc", "zz", 'no node is called "zz"; there are a, b, c, l, s, r, q, f'),
            ("regression", "w", "a training is opened at one of its epochs, a number from 0 to 200"),
        ],
    )
    def test_a_step_that_there_is_not_is_said_before_anything_is_drawn(self, name: str, step: str, said: str) -> None:
        app = GradwalkApp(load(name), start=Start(step))
        with pytest.raises(GradwalkError, match=said):
            app.places.prepare()


class TestInARealTerminal:
    def test_it_opens_exactly_there(self) -> None:
        command = (GRADWALK, "fabc", "--step", "∂f/∂s", "--view", OTHER, "--theme", "light", "--digits", "6")
        with PseudoTerminal(*command) as terminal:
            terminal.wait_for("step 10 of 13")
            terminal.press("q")
            assert terminal.wait_for_exit() == 0

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("fabc", "--step", "14"), '--step "14": this walk ends at step 13'),
            (("moons", "--step", "101"), "training ends after 100 epochs"),
        ],
        ids=["a walk", "a large training"],
    )
    def test_what_there_is_not_is_one_sentence_and_status_2(self, arguments: tuple[str, ...], said: str) -> None:
        with PseudoTerminal(GRADWALK, *arguments, width=160) as terminal:
            assert terminal.wait_for_exit() == 2
            assert said in terminal.text
            assert "Traceback" not in terminal.text

    @pytest.mark.thorough
    def test_a_folder_is_a_library_and_a_saved_file_is_read_anew(self, tmp_path: Path) -> None:
        folder = course(tmp_path)
        with PseudoTerminal(GRADWALK, str(folder), width=120, height=40) as terminal:
            terminal.wait_for("week 2")
            terminal.wait_for("did you mean")
            terminal.press("/", *"square", "enter")
            terminal.wait_for("start · 3 steps")
            terminal.press("right")
            terminal.wait_for("= 9")
            path = folder / "week 1" / "square.toml"
            path.write_text(path.read_text(encoding="utf-8").replace("x = 3", "x = 12"), encoding="utf-8")
            terminal.wait_for("= 144")
            assert "step 1 of 3" in terminal.text
            terminal.press("q")
            assert terminal.wait_for_exit() == 0
