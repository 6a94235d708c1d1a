"""What a learner who sees gradwalk for the first time reads and does in a lecture."""

from __future__ import annotations

import pytest
from gradwalk.tui.lecture.messages import Asked, Replaced, Show, Shown
from gradwalk.tui.screens.help import HelpScreen
from gradwalk.tui.screens.marks import MarksScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.session import Role
from textual.pilot import Pilot

from ..pilots import cursor, lines, notices, text, walk
from ..training import until
from .rooms import joined, room, settled

pytestmark = pytest.mark.serve


async def on_the_walk(pilot: Pilot[None]) -> None:
    """Wait until no dialog stands over the walk."""
    await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
    await settled(pilot)


async def test_a_note_is_taken_while_the_lecture_goes_on() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        follower, end = await lecture.follow()
        await presenter.press("right", "right")
        await settled(follower)
        await follower.press("m", *"sum")
        await presenter.press("right")
        await settled(follower)
        await follower.press("enter")
        await on_the_walk(follower)
        assert (end.follows, cursor(follower)) == (True, 3)
        (mark,) = walk(follower).moment.marks
        assert (walk(follower).moment.trace.number(mark.key), mark.note) == (2, "sum")


async def test_a_note_is_taken_away_while_the_lecture_goes_on() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        follower, end = await lecture.follow()
        await presenter.press("right")
        await settled(follower)
        await follower.press("m", "enter")
        await on_the_walk(follower)
        await follower.press("M")
        await until(follower, lambda: isinstance(follower.app.screen, MarksScreen))
        await presenter.press("right", "right")
        await settled(follower)
        await follower.press("d", "escape")
        await on_the_walk(follower)
        assert (end.follows, cursor(follower), walk(follower).moment.marks) == (True, 3, ())


async def test_behind_a_dialog_the_title_names_the_key_that_works_there() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        await presenter.press("right")
        follower, _ = await lecture.follow(size=(120, 40))
        await follower.press("C")
        await settled(follower)
        assert "walks alone · C catches up" in lines(follower)[0]
        await follower.press("m")
        await settled(follower)
        assert "walks alone · f6 catches up" in lines(follower)[0]
        await follower.press("escape")
        await on_the_walk(follower)
        assert "walks alone · C catches up" in lines(follower)[0]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_help_of_each_screen_begins_with_the_lecture_and_its_keys(size: tuple[int, int]) -> None:
    async with room() as lecture:
        presenter = await lecture.present(None, size)
        follower, _ = await lecture.follow(size=size)
        for keys, opened in (((), "fabc"), (("slash", *"fabc", "enter", "enter"), "fabc"), (("v",), "fabc")):
            await presenter.press(*keys)
            await settled(follower)
            await presenter.press("question_mark")
            await follower.press("question_mark")
            await until(follower, lambda: isinstance(follower.app.screen, HelpScreen))
            said = " ".join(text(follower).replace("│", " ").split())
            assert "You follow a lecture" in said, opened
            assert "In the lecture" in said
            assert "C Let go of the lecture, or catch up with it" in said
            said = " ".join(text(presenter).replace("│", " ").split())
            assert "You present a lecture" in said
            assert "In the lecture" not in said
            for pilot in (presenter, follower):
                await pilot.press("escape")
                await settled(pilot)
        await follower.press("C", "question_mark")
        await settled(follower)
        assert "you walk alone beside it" in " ".join(text(follower).replace("│", " ").split())


async def test_the_help_where_there_is_no_lecture_speaks_of_none() -> None:
    async with joined(Role.GUEST) as (pilot, _):
        await pilot.press("question_mark")
        await settled(pilot)
        assert isinstance(pilot.app.screen, HelpScreen)
        assert "ecture" not in text(pilot)


async def test_a_presenter_who_was_replaced_is_told_by_what() -> None:
    async with room() as lecture:
        before = await lecture.present("xyz")
        assert lecture.presenter is not None
        lecture.presenter.tell(Replaced())
        lecture.presenter.tell(Show(Shown(9, "fabc", stand={"steps": 13, "cursor": 4})))
        await settled(before)
        (said,) = notices(before)
        assert said.startswith("Somebody else presents the lecture now, and you follow it. C lets go")


async def test_what_followers_do_not_see_is_no_longer_said_when_they_see_it_again() -> None:
    async with room() as lecture:
        presenter = await lecture.present(None)
        await presenter.press("c")
        await until(presenter, lambda: any(said.startswith("Those who follow do not") for said in notices(presenter)))
        await presenter.press("enter")
        await until(presenter, lambda: lecture.presenter is not None and lecture.presenter.shown is not None
                    and bool(lecture.presenter.shown.lesson))  # fmt: skip
        await settled(presenter)
        assert notices(presenter) == []


async def test_a_window_that_is_too_small_says_that_a_step_is_asked_for() -> None:
    async with joined(Role.FOLLOWER, size=(50, 15)) as (pilot, end):
        end.tell(Show(Shown(9, "fabc", stand={"steps": 13, "cursor": 4, "predict": "step"}, asked=Asked(7, 5, "step"))))
        await settled(pilot)
        assert "at: fabc, step 4. Everybody is asked for step 5." in " ".join(text(pilot).split())
