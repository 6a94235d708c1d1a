"""A follower's screen goes where the presenter's is, and stays where the follower goes by themselves."""

from __future__ import annotations

import pytest
from gradwalk.tui.lecture.messages import Audience, Replaced, Show, Showing, Shown
from gradwalk.tui.screens.help import HelpScreen
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.widgets.title_bar import TitleBar
from textual.pilot import Pilot

from ..pilots import cursor, lines, notices, text, walk
from ..training import until
from .rooms import room, settled

pytestmark = pytest.mark.serve


async def seen(pilot: Pilot[None]) -> list[str]:
    """Return what is on the screen below the title and above the keys, without notices."""
    await settled(pilot)
    pilot.app.clear_notifications()
    await pilot.pause()
    return lines(pilot)[1:-1]


async def test_a_follower_sees_each_step() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        follower, _ = await lecture.follow()
        assert walk(follower).opened.scenario.name == "fabc"
        assert cursor(follower) == 0
        for keys in (["right"], ["right", "right"], ["end"], ["left"], ["down", "down"]):
            await presenter.press(*keys)
            await settled(follower)
            assert cursor(follower) == cursor(presenter)
            assert walk(follower).moment.selected == walk(presenter).moment.selected
            assert await seen(follower) == await seen(presenter)
        assert "follows the lecture" in lines(follower)[0]
        assert "presents to" in lines(presenter)[0]


async def test_a_view_a_panel_digits_and_large_numbers_are_followed() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc", size=(120, 40))
        follower, _ = await lecture.follow(size=(120, 40))
        for key in ("v", "2", "D", "Z", "Z", "v", "x"):
            await presenter.press("right", key)
            await settled(presenter)
            await settled(follower)
            assert await seen(follower) == await seen(presenter)


async def test_edits_are_followed_and_what_they_changed_is_marked() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        follower, _ = await lecture.follow()
        await presenter.press("end", *edit("a", "5"))
        await settled(follower)
        assert walk(follower).moment.trace.values[0] == 5
        assert "a: 2 → 5" in text(follower)
        assert await seen(follower) == await seen(presenter)
        await presenter.press("a", *"g = f^2", "enter")
        await settled(follower)
        assert walk(follower).moment.trace.graph.label(walk(follower).moment.trace.graph.output) == "g"
        assert await seen(follower) == await seen(presenter)
        await presenter.press("u")
        await settled(follower)
        assert await seen(follower) == await seen(presenter)
        await presenter.press("u")
        await settled(follower)
        assert walk(follower).moment.trace.values[0] == 2
        assert "edited" not in lines(follower)[0]


def edit(name: str, value: str) -> list[str]:
    """Return the keys that find an input and change its value."""
    return ["slash", *name, "enter", "e", *["backspace"] * 12, *value, "enter"]


async def test_a_step_of_ones_own_lets_go_and_a_key_catches_up() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        follower, end = await lecture.follow()
        await follower.press("right")
        await settled(follower)
        assert end.follows is False
        assert lines(follower)[0].startswith(" gradwalk · walks alone · C catches up")
        assert any("C catches up with the lecture" in notice for notice in notices(follower))
        await presenter.press("end")
        await settled(follower)
        assert cursor(follower) == 1
        await follower.press("C")
        await settled(follower)
        assert (end.follows, cursor(follower)) == (True, 13)
        assert lines(follower)[0].startswith(" gradwalk · follows the lecture · Pen and paper")
        await follower.press("C")
        assert end.follows is False


@pytest.mark.parametrize("keys", [["down"], ["v"], ["escape"], ["e", "escape"], ["P"]], ids=str)
async def test_what_changes_the_moment_lets_go(keys: list[str]) -> None:
    async with room() as lecture:
        await lecture.present("fabc")
        follower, end = await lecture.follow()
        await follower.press(*keys)
        await settled(follower)
        assert end.follows is (keys[0] == "e")


async def test_how_somebody_looks_at_it_is_their_own() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        follower, end = await lecture.follow()
        await follower.press("2", "z", "D", "t")
        await presenter.press("right", "right")
        await settled(follower)
        assert end.follows is True
        moment = walk(follower).moment
        assert (moment.cursor, moment.panel, moment.zoomed, moment.digits) == (2, "contributions", "graph", 4)
        await presenter.press("3")
        await settled(follower)
        assert walk(follower).moment.panel == "paths"
        assert walk(follower).moment.zoomed == "graph"


async def test_help_and_dialogs_stay_while_the_walk_goes_on_below() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        follower, end = await lecture.follow()
        await follower.press("question_mark")
        await presenter.press("right", "right")
        await settled(follower)
        assert isinstance(follower.app.screen, HelpScreen)
        await presenter.press("escape", "down", "enter")
        await settled(follower)
        assert isinstance(follower.app.screen, HelpScreen)
        await follower.press("escape")
        await until(follower, lambda: isinstance(follower.app.screen, WalkScreen))
        await settled(follower)
        assert walk(follower).opened.scenario.name == walk(presenter).opened.scenario.name != "fabc"
        assert end.follows is True


async def test_the_library_a_scenario_and_back_are_followed() -> None:
    async with room() as lecture:
        presenter = await lecture.present(None)
        follower, _ = await lecture.follow()
        for keys in (["down", "down"], ["enter", "right"], ["escape"], ["up"]):
            await presenter.press(*keys)
            await settled(presenter)
            marked = [
                [line for line in await seen(pilot) if "▶" in line or ">" in line] for pilot in (follower, presenter)
            ]
            assert [line[:60].rstrip() for line in marked[0]] == [line[:60].rstrip() for line in marked[1]]
            assert type(follower.app.screen) is type(presenter.app.screen)


async def test_a_walk_of_ones_own_and_its_edits_are_found_again() -> None:
    async with room() as lecture:
        follower, _ = await lecture.follow("fabc")
        await follower.press(*edit("a", "7"), "right")
        presenter = await lecture.present("fabc")
        await presenter.press("end")
        await settled(follower)
        assert walk(follower).moment.trace.values[0] == 2
        await follower.press(*edit("b", "9"), "escape")
        await until(follower, lambda: isinstance(follower.app.screen, LibraryScreen))
        await settled(follower)
        assert "from the lecture" in text(follower)
        assert any("from the lecture" in title for title in follower.app.places.unsaved())  # type: ignore[attr-defined]
        await follower.press("slash", *"lecture", "enter", "enter")
        await until(follower, lambda: isinstance(follower.app.screen, WalkScreen))
        assert list(walk(follower).moment.trace.values[:2]) == [2, 9]
        await follower.press("escape")
        await until(follower, lambda: isinstance(follower.app.screen, LibraryScreen))
        await follower.press("slash", *"fabc", "down", "enter", "enter")
        await until(follower, lambda: isinstance(follower.app.screen, WalkScreen))
        assert walk(follower).moment.trace.values[0] == 7


async def test_a_presenter_who_has_gone_is_said_and_another_one_is_followed() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        follower, _ = await lecture.follow()
        await presenter.press("right")
        await settled(follower)
        lecture.leave()
        await settled(follower)
        assert lines(follower)[0].startswith(" gradwalk · no presenter")
        assert cursor(follower) == 1
        await lecture.present("ehg")
        await settled(follower)
        assert walk(follower).opened.scenario.name == "ehg"
        assert lines(follower)[0].startswith(" gradwalk · follows the lecture")


async def test_a_presenter_who_comes_back_goes_on_where_the_lecture_was() -> None:
    async with room() as lecture:
        presenter = await lecture.present("xyz")
        follower, end = await lecture.follow()
        await presenter.press("right", "right")
        await settled(follower)
        lecture.leave()
        back = await lecture.present(None)
        await settled(back)
        await settled(follower)
        assert (walk(back).opened.scenario.name, cursor(back)) == ("xyz", 2)
        await back.press("right")
        await settled(follower)
        assert (end.follows, walk(follower).opened.scenario.name, cursor(follower)) == (True, "xyz", 3)


async def test_a_presenter_who_was_replaced_follows() -> None:
    async with room() as lecture:
        before = await lecture.present("xyz")
        end = lecture.presenter
        assert end is not None
        end.tell(Replaced())
        end.tell(Show(Shown(9, "fabc", stand={"steps": 13, "cursor": 4})))
        await settled(before)
        assert (walk(before).opened.scenario.name, cursor(before)) == ("fabc", 4)
        assert lines(before)[0].startswith(" gradwalk · follows the lecture")
        await before.press("right")
        await settled(before)
        assert end.follows is False


async def test_a_key_works_in_a_dialog_and_in_a_field_and_the_mouse_in_the_title() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        follower, end = await lecture.follow()
        for opening in ("question_mark", "slash", "ctrl+p"):
            await follower.press(opening, "f6")
            await settled(follower)
            assert end.follows is False
            await follower.press("f6")
            await settled(follower)
            assert end.follows is True
            await follower.press("escape")
            await settled(follower)
        await follower.click(TitleBar, offset=(15, 0))
        await settled(follower)
        assert end.follows is False
        await presenter.press("right")
        await follower.click(TitleBar, offset=(15, 0))
        await settled(follower)
        assert (end.follows, cursor(follower)) == (True, 1)
        await follower.press("slash", "C")
        await settled(follower)
        assert end.follows is True


async def test_a_window_that_is_too_small_says_where_the_lecture_is() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        follower, end = await lecture.follow(size=(50, 15))
        await presenter.press("right", "right")
        await settled(follower)
        assert "gradwalk needs a window of 60x20" in text(follower)
        assert "The lecture is at: fabc, step 2." in " ".join(text(follower).split())
        await follower.resize_terminal(80, 24)
        await settled(follower)
        assert (end.follows, cursor(follower)) == (True, 2)
        assert "step 2 of 13" in text(follower)


async def test_where_nobody_can_follow_the_presenter_is_told_and_followers_stay() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        follower, end = await lecture.follow()
        presenter.app.call_later(presenter.app.begin_drill)  # type: ignore[attr-defined]
        said = "Those who follow do not see this"
        await until(presenter, lambda: any(notice.startswith(said) for notice in notices(presenter)))
        await settled(follower)
        assert (end.follows, walk(follower).opened.scenario.name) == (True, "fabc")


async def test_a_walk_that_is_played_is_followed_to_its_end() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        follower, _ = await lecture.follow()
        assert lecture.presenter is not None
        lecture.presenter.tell(Audience(100, 100))
        await presenter.press(*["plus"] * 5, "space")
        await until(presenter, lambda: cursor(presenter) == 13)
        await until(follower, lambda: cursor(follower) == 13)
        told = [message for message in lecture.presenter.heard if isinstance(message, Showing)]
        assert len(told) < 13
