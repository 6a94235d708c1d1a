"""What the screens look like. After a change that is meant: `pytest tests/tui/test_snapshots.py --snapshot-update`, and
look at every picture before it is committed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.shelf import Shelf
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.done import Done
from gradwalk.tui.record import RecordFile
from gradwalk.tui.settings import Settings, SettingsFile

from .courses import course
from .pilots import WALKS, scenario_of

Compare = Callable[..., bool]
FORWARD, SEED, BACKWARD, END = 3, 6, 10, 13
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)], ids=["80x24", "120x40", "60x20"])


def app_on(scenario: Scenario | None, theme: str = "dark") -> GradwalkApp:
    SettingsFile().save(Settings(theme))
    return GradwalkApp(scenario)


class TestTheWalk:
    @SIZES
    @pytest.mark.parametrize(
        "steps", [0, FORWARD, SEED, BACKWARD, END], ids=["start", "forward", "seed", "backward", "end"]
    )
    def test_fabc(self, snap_compare: Compare, steps: int, size: tuple[int, int]) -> None:
        assert snap_compare(app_on(scenario_of("fabc")), press=["right"] * steps, terminal_size=size)

    def test_with_all_the_room_there_is(self, snap_compare: Compare) -> None:
        assert snap_compare(app_on(scenario_of("ehg")), press=["right"] * 9, terminal_size=(200, 60))

    @pytest.mark.parametrize("theme", ["light", "terminal"])
    def test_in_another_theme(self, snap_compare: Compare, theme: str) -> None:
        app = app_on(scenario_of("fabc"), theme)
        assert snap_compare(app, press=["right"] * BACKWARD, terminal_size=(120, 40))

    def test_where_mathematics_fails(self, snap_compare: Compare) -> None:
        scenario = scenario_of("ln(x - 3) + y", x="2", y="1")
        assert snap_compare(app_on(scenario), press=["right"] * 2, terminal_size=(80, 24))

    def test_a_shared_node_at_its_second_contribution(self, snap_compare: Compare) -> None:
        assert snap_compare(app_on(scenario_of("square")), press=["right"] * 11, terminal_size=(120, 40))

    def test_folded_with_a_step_inside(self, snap_compare: Compare) -> None:
        keys = ["down", "o", "down", "down", "right", "right"]
        assert snap_compare(app_on(scenario_of("fabc")), press=keys, terminal_size=(80, 24))

    def test_in_a_window_that_is_too_small(self, snap_compare: Compare) -> None:
        assert snap_compare(app_on(scenario_of("fabc")), terminal_size=(50, 15))


class TestWhatOpensOverIt:
    @SIZES
    def test_help(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(app_on(scenario_of("xyz")), press=["question_mark"], terminal_size=size)

    def test_a_step_that_is_not_there(self, snap_compare: Compare) -> None:
        keys = ["g", "9", "9", "enter"]
        assert snap_compare(app_on(scenario_of("xyz")), press=keys, terminal_size=(80, 24))


class TestTheLibrary:
    @SIZES
    def test_third_scenario_selected(
        self, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
    ) -> None:
        only_walks(monkeypatch)
        assert snap_compare(app_on(None), press=["down", "down"], terminal_size=size)

    def test_without_colour(self, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
        only_walks(monkeypatch)
        assert snap_compare(app_on(None, "terminal"), press=["down"], terminal_size=(80, 24))


def only_walks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the library hold the same scenarios whatever is built in one day."""
    from gradwalk.tui.screens import library

    everything: Any = library.library

    def walks() -> list[Any]:
        return [entry for entry in everything() if entry.name in WALKS]

    monkeypatch.setattr(library, "library", walks)


class TestACourse:
    """A folder of somebody's own files; it is called by a name that is the same wherever the tests run."""

    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        course(tmp_path / "course")
        monkeypatch.chdir(tmp_path)
        (tmp_path / "course" / "broken.toml").write_text("title = Not yet\n[graph]\n", encoding="utf-8")
        monkeypatch.setattr(Shelf, "check", lambda shelf, card: False)  # what it says holds the path of the test

    @pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
    def test_sections_what_was_done_and_a_broken_file(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        RecordFile().save({str(Path("course/week 1/sum.toml").resolve()): Done.WALKED})
        assert snap_compare(GradwalkApp(shelf=Shelf(["course"])), press=["down", "down"], terminal_size=size)

    def test_found_by_typing(self, snap_compare: Compare) -> None:
        keys = ["slash", *"week 2"]
        assert snap_compare(GradwalkApp(shelf=Shelf(["course"])), press=keys, terminal_size=(80, 24))


class TestMarks:
    @pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
    def test_their_list(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        keys = ["right", "right", "m", *"the sum", "enter", *["right"] * 8, "m", "enter", "M"]
        assert snap_compare(app_on(scenario_of("fabc")), press=keys, terminal_size=size)

    def test_a_marked_step(self, snap_compare: Compare) -> None:
        keys = ["right", "right", "m", *"the sum", "enter"]
        assert snap_compare(app_on(scenario_of("fabc")), press=keys, terminal_size=(80, 24))
