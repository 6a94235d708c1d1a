"""The library: sections, finding by typing, what was done, and what is wrong with a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from gradwalk.engine.library import library
from gradwalk.engine.shelf import Shelf
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.train import TrainScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.session import Session
from textual.events import Key
from textual.pilot import Pilot

from .courses import SQUARE, course
from .pilots import lines, notices, opened, text, walk
from .training import until


@asynccontextmanager
async def shelf(folder: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    app = GradwalkApp(shelf=Shelf([str(folder)]))
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield pilot


def screen(pilot: Pilot[None]) -> LibraryScreen:
    assert isinstance(pilot.app.screen, LibraryScreen)
    return pilot.app.screen


def listed(pilot: Pilot[None]) -> list[str]:
    return [scenario.name for scenario in screen(pilot).scenarios]


async def checked(pilot: Pilot[None]) -> None:
    """Wait until every file has been read whole."""
    await until(pilot, lambda: "did you mean" in text(pilot))


class TestFinding:
    async def test_typing_lists_what_has_all_the_words_and_esc_lists_all_again(self) -> None:
        async with opened(None) as pilot:
            everything = listed(pilot)
            await pilot.press("slash", *"product SUM")
            await pilot.pause()
            assert listed(pilot) == [
                card.name for card in library() if {"product", "sum"} <= set(_words(card.title, card.summary))
            ]
            assert "xyz" in listed(pilot)
            await pilot.press("escape")
            await pilot.pause()
            assert listed(pilot) == everything

    async def test_a_section_and_a_name_are_found_too_and_enter_opens(self) -> None:
        async with opened(None) as pilot:
            await pilot.press("slash", *"train moon")
            await pilot.pause()
            assert listed(pilot) == ["moons"]
            await pilot.press(*["backspace"] * 4, *"xor", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))

    async def test_no_key_is_lost_or_does_something_else_however_fast_they_come(self) -> None:
        async with opened(None) as pilot:
            for key in ("slash", *"square", "enter"):
                pilot.app.post_message(Key(key, key if len(key) == 1 else None))
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            assert walk(pilot).opened.scenario.name == "square"

    async def test_letters_are_typed_and_arrows_move(self) -> None:
        async with opened(None) as pilot:
            await pilot.press("slash", *"jk")
            await pilot.pause()
            assert listed(pilot) == []
            assert "nothing here has" in text(pilot)
            await pilot.press("enter")
            assert isinstance(pilot.app.screen, LibraryScreen)
            await pilot.press("backspace", "backspace", "down", "down")
            await pilot.pause()
            assert screen(pilot).list.selected == 2


def _words(*texts: str) -> list[str]:
    return [word for word in ("product", "sum") if any(word in part.casefold() for part in texts)]


class TestACourse:
    async def test_its_files_stand_in_sections_and_a_broken_one_says_why(self, tmp_path: Path) -> None:
        async with shelf(course(tmp_path)) as pilot:
            await checked(pilot)
            rows = [row.strip() for row in lines(pilot)]
            assert rows.index("week 1") < rows.index("week 2")
            assert listed(pilot) == ["broken", "sum", "square", "line"]
            assert any('unknown function "siin"' in row for row in rows)

    async def test_a_broken_one_does_not_open_and_the_others_do(self, tmp_path: Path) -> None:
        async with shelf(course(tmp_path)) as pilot:
            await pilot.press("enter")
            await pilot.pause()
            assert isinstance(pilot.app.screen, LibraryScreen)
            assert 'unknown function "siin"' in notices(pilot)[-1]
            await pilot.press("end", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))

    async def test_a_mended_file_and_a_new_one_are_seen_when_it_is_read_anew(self, tmp_path: Path) -> None:
        async with shelf(course(tmp_path)) as pilot:
            await checked(pilot)
            (tmp_path / "broken.toml").write_text(SQUARE.replace("A square", "Mended"), encoding="utf-8")
            (tmp_path / "more.toml").write_text(SQUARE, encoding="utf-8")
            await pilot.press("f5")
            await pilot.pause()
            assert listed(pilot) == ["broken", "more", "sum", "square", "line"]
            assert "Mended" in text(pilot)
            assert "siin" not in text(pilot)

    async def test_a_folder_that_has_gone_is_a_sentence(self, tmp_path: Path) -> None:
        folder = course(tmp_path / "course")
        async with shelf(folder) as pilot:
            await pilot.press("down", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            folder.rename(tmp_path / "elsewhere")
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            await pilot.pause()
            assert "there is no file or folder" in text(pilot)
            (tmp_path / "elsewhere").rename(folder)
            await pilot.press("f5")
            await pilot.pause()
            assert listed(pilot) == ["broken", "sum", "square", "line"]

    async def test_the_palette_opens_its_scenarios(self, tmp_path: Path) -> None:
        async with shelf(course(tmp_path)) as pilot:
            await pilot.press("ctrl+p", *"a square")
            await until(pilot, lambda: "Open square" in text(pilot))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            assert walk(pilot).opened.scenario.path == tmp_path / "week 1" / "square.toml"


class TestWhatWasDone:
    async def test_it_is_seen_in_the_list_and_in_another_run(self, tmp_path: Path) -> None:
        folder = course(tmp_path)
        async with shelf(folder) as pilot:
            await pilot.press("down", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            await pilot.press("escape", "down", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            await pilot.press("end", "home", "escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            await pilot.pause()
            assert self.done(pilot) == {"A sum": "opened", "A square": "✓ walked"}
            await pilot.press("end", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))
            await pilot.press("a")
            train = pilot.app.screen
            assert isinstance(train, TrainScreen)
            await until(pilot, lambda: train.player.last == 20 and not train.course.running)
            await pilot.press("q")
        async with shelf(folder) as pilot:
            await pilot.pause()
            assert self.done(pilot) == {"A sum": "opened", "A square": "✓ walked", "A line": "✓ trained"}

    async def test_a_guest_s_is_forgotten(self) -> None:
        for _ in range(2):
            app = GradwalkApp(session=Session.here(guest=True))
            async with app.run_test() as pilot:
                await pilot.pause()
                assert "opened" not in text(pilot)
                await pilot.press("enter", "escape")
                await until(pilot, lambda: "opened" in text(pilot))

    def done(self, pilot: Pilot[None]) -> dict[str, str]:
        titles = ("A sum", "A square", "A line")
        found = {title: row.partition(title)[2].strip() for row in lines(pilot) for title in titles if title in row}
        return {title: said for title, said in found.items() if said}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_a_click_on_a_heading_opens_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    async with shelf(course(tmp_path), size) as pilot:
        row = [line.strip() for line in lines(pilot)].index("week 1")
        await pilot.click(offset=(2, row))
        assert isinstance(pilot.app.screen, LibraryScreen)
        await pilot.click(offset=(20, row + 1))
        await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
        assert walk(pilot).opened.scenario.name == "sum"
