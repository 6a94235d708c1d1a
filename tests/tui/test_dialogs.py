"""What opens over a screen: in a window that becomes too small, and the command palette."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradwalk.tui.screens.commands import CommandsScreen
from gradwalk.tui.screens.conditions import ConditionsScreen
from gradwalk.tui.screens.edit import EditScreen
from gradwalk.tui.screens.find import FindScreen
from gradwalk.tui.screens.goto import GotoScreen
from gradwalk.tui.screens.help import HelpScreen
from gradwalk.tui.screens.ranking import RankingScreen
from gradwalk.tui.screens.save_scenario import SaveScenarioScreen
from gradwalk.tui.screens.train import TrainScreen
from gradwalk.tui.screens.walk import WalkScreen
from textual.containers import Vertical
from textual.events import Key, Resize
from textual.geometry import Size
from textual.pilot import Pilot
from textual.strip import Strip

from .pilots import cursor, opened, text, walk
from .training import training, until

pytestmark = pytest.mark.thorough

DIALOGS = {
    "ctrl+p": CommandsScreen,
    "question_mark": HelpScreen,
    "g": GotoScreen,
    "slash": FindScreen,
    "X": ConditionsScreen,
    "s": RankingScreen,
    "e": EditScreen,
    "ctrl+s": SaveScenarioScreen,
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what the keys save be saved where nobody misses the room."""
    monkeypatch.chdir(tmp_path)


OVER_EVERYTHING = ("ctrl+p", "question_mark")
KEYS = ("pagedown", "up", "end", "tab", "x", "ctrl+home", "enter", "escape")
MESSAGE = "gradwalk needs a window"


async def resize_and_press(pilot: Pilot[None], size: tuple[int, int], *keys: str) -> None:
    """Resize the window, and press keys before the app has had time to see it, as a terminal sends them."""
    resized = Size(*size)
    pilot.app._driver._size = resized  # type: ignore[union-attr, attr-defined]
    pilot.app.post_message(Resize(resized, resized))
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))
    await pilot.pause()
    await pilot.pause()


async def has_opened(pilot: Pilot[None], key: str) -> None:
    await until(pilot, lambda: type(pilot.app.screen) is DIALOGS[key])


@pytest.mark.parametrize("key", DIALOGS)
class TestInAWindowThatIsTooSmall:
    async def test_a_dialog_closes_and_the_walk_is_there_when_there_is_room_again(self, key: str) -> None:
        async with opened("fabc") as pilot:
            for size in ((20, 24), (1, 1), (60, 19)):
                await pilot.press(key)
                await has_opened(pilot, key)
                await pilot.resize_terminal(*size)
                await pilot.pause()
                assert isinstance(pilot.app.screen, WalkScreen)
                await pilot.resize_terminal(80, 24)
            await pilot.press("right")
            assert cursor(pilot) == 1
            assert "step 1 of 13" in text(pilot)

    async def test_no_dialog_opens_and_no_key_does_harm(self, key: str) -> None:
        async with opened("fabc", (80, 4)) as pilot:
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(pilot.app.screen, WalkScreen)
            assert MESSAGE in text(pilot)
            await pilot.press(*KEYS[:-1])
            await pilot.resize_terminal(80, 24)
            await until(pilot, lambda: MESSAGE not in text(pilot))
            assert pilot.app.is_running
            assert "f = r + q" in text(pilot) or "fabc" in text(pilot)

    async def test_a_key_that_comes_with_the_resize_does_no_harm(self, key: str) -> None:
        keys = KEYS if key in OVER_EVERYTHING else KEYS[-3:]
        async with opened("fabc") as pilot:
            for pressed in keys:
                await pilot.press(key)
                await has_opened(pilot, key)
                await resize_and_press(pilot, (80, 4), pressed)
                await until(pilot, lambda: MESSAGE in text(pilot))
                await pilot.resize_terminal(80, 24)
                await pilot.pause()
                if (key, pressed) == ("ctrl+p", "enter"):  # it chose the first command, which leads to the library
                    await until(pilot, lambda: not pilot.app.screen.is_modal)
                    await pilot.press("enter")
                    await pilot.pause()
                assert isinstance(pilot.app.screen, WalkScreen), pressed


@pytest.mark.parametrize("key", OVER_EVERYTHING)
async def test_the_library_and_a_training_are_safe_too(key: str) -> None:
    async with opened(None) as pilot:
        await pilot.press(key)
        await resize_and_press(pilot, (80, 4), *KEYS[:4])
        assert MESSAGE in text(pilot)
    async with training("regression") as pilot:
        for opening in (key, "g"):
            await pilot.press(opening)
            await resize_and_press(pilot, (80, 4), *KEYS[:4])
            assert MESSAGE in text(pilot)
            assert isinstance(pilot.app.screen, TrainScreen)
            await pilot.resize_terminal(120, 36)
            await pilot.pause()


async def test_the_palette_over_a_dialog_takes_the_dialog_with_it() -> None:
    async with opened("fabc") as pilot:
        await pilot.press("g", "ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.screen, CommandsScreen))
        await resize_and_press(pilot, (80, 4), "pagedown")
        await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))


@pytest.mark.parametrize("key", DIALOGS)
async def test_at_the_least_size_every_dialog_opens_and_takes_keys(key: str) -> None:
    async with opened("fabc", (60, 20)) as pilot:
        await pilot.press(key)
        await has_opened(pilot, key)
        await pilot.press(*(pressed for pressed in KEYS if pressed not in ("enter", "escape")))
        assert type(pilot.app.screen) is DIALOGS[key]


class TestTheCommandPalette:
    async def test_a_scenario_is_found_and_opened_from_anywhere(self) -> None:
        async with training("regression") as pilot:
            await pilot.press("right", "w")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            await pilot.press("ctrl+p", *"xyz")
            await until(pilot, lambda: "Open xyz" in text(pilot))
            await pilot.press("enter")
            await until(
                pilot, lambda: isinstance(pilot.app.screen, WalkScreen) and walk(pilot).opened.scenario.name == "xyz"
            )
            await pilot.press("escape")
            await pilot.pause()
            assert "> xyz" in text(pilot), "the library selects what was open last"

    async def test_nothing_found_is_said_and_the_choice_asks_again(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("ctrl+p", *"zqzq")
            await until(pilot, lambda: "no command matches" in text(pilot))
            await pilot.press("enter")
            await until(pilot, lambda: "no command matches" not in text(pilot))
            assert isinstance(pilot.app.screen, CommandsScreen)

    async def test_scenarios_do_not_crowd_the_list_before_something_is_typed(self) -> None:
        async with opened("fabc", (120, 60)) as pilot:
            await pilot.press("ctrl+p")
            await until(pilot, lambda: "Choose the next theme" in text(pilot))
            assert "Open xor" not in text(pilot)


def cells(strip: Strip) -> list[tuple[str, object, object]]:
    """Return the character and the colours of each cell; a space has only a ground."""
    return [
        (character, character != " " and segment.style and segment.style.color, segment.style and segment.style.bgcolor)
        for segment in strip
        for character in segment.text
    ]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_stands_around_a_dialog_stays_as_it_was(size: tuple[int, int]) -> None:
    async with opened("fabc", size=size) as pilot:
        await pilot.press("right", "right")
        before = pilot.app.screen._compositor.render_strips()
        await pilot.press("g")
        box = pilot.app.screen.query_one(Vertical).region
        after = pilot.app.screen._compositor.render_strips()
        for row, (one, other) in enumerate(zip(before, after, strict=True)):
            if box.y <= row < box.bottom:
                one, other = (Strip.join([strip.crop(0, box.x), strip.crop(box.right)]) for strip in (one, other))
            assert cells(one) == cells(other)
        smaller = (size[0] - 10, size[1] - 3)
        await pilot.resize_terminal(*smaller)
        await pilot.pause()
        assert len(pilot.app.screen._compositor.render_strips()) == smaller[1]
