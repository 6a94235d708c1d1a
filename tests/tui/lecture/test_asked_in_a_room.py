"""A room in which the presenter predicts: followers are asked, and the bar of the presenter follows their answers."""

from __future__ import annotations

from typing import Any

import pytest
from gradwalk.tui.lecture.messages import Answered, Counted, Showing, ToServer
from gradwalk.tui.lecture.tally import AnswerCount
from gradwalk.tui.screens.in_lecture import InLecture
from textual.pilot import Pilot

from ..pilots import cursor, lines, text
from .rooms import End, Room, room, settled

pytestmark = pytest.mark.serve


class Counting:
    """Counts the answers of a room as its server does, and tells its presenter."""

    def __init__(self, lecture: Room) -> None:
        assert lecture.presenter is not None
        self.presenter = lecture.presenter
        self.count = AnswerCount()
        self.followers: list[End] = []
        pass_on = self.presenter.changed

        def changed(message: ToServer) -> None:
            pass_on(message)
            if isinstance(message, Showing) and message.shown.asked is not None:
                self.count.ask(message.shown.asked.question)
                self._tell()

        self.presenter.changed = changed

    def add(self, follower: End) -> None:
        self.followers.append(follower)

        def changed(message: ToServer) -> None:
            if isinstance(message, Answered) and self.count.answered(id(follower), message):
                self._tell()

        follower.changed = changed

    def _tell(self) -> None:
        self.presenter.tell(Counted(self.count.tally([id(each) for each in self.followers])))


def screen(pilot: Pilot[None]) -> Any:
    assert isinstance(pilot.app.screen, InLecture)
    return pilot.app.screen


async def press(presenter: Pilot[None], *keys: str, seen_by: tuple[Pilot[None], ...]) -> None:
    await presenter.press(*keys)
    await settled(presenter)
    for each in seen_by:
        await settled(each)


async def answer(follower: Pilot[None], typed: str, presenter: Pilot[None]) -> None:
    for _ in range(20):
        if screen(follower).predict_mode.box.has_keys:
            break
        await follower.pause()
    screen(follower).predict_mode.box.field.value = typed
    await follower.press("enter")
    await settled(follower)
    await settled(presenter)


async def test_a_step_is_asked_answered_counted_and_shown() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        counting = Counting(lecture)
        first, first_end = await lecture.follow()
        second, second_end = await lecture.follow()
        counting.add(first_end)
        counting.add(second_end)
        everybody = (first, second)
        await press(presenter, "P", "right", seen_by=everybody)
        for each in everybody:
            assert "What is the value of l?" in text(each)
        assert "0 of 2 answered" in text(presenter)
        await answer(first, "1", presenter)
        assert "1 of 2 answered · 1 right" in text(presenter)
        assert cursor(first) == 0
        assert "The lecture will show the step · C walks alone" in text(first)
        late, late_end = await lecture.follow()
        counting.add(late_end)
        await settled(late)
        assert "What is the value of l?" in text(late), "who joins late is asked too"
        await answer(late, "e", presenter)
        assert "2 of 3 answered · 1 right · 1 wrong" in text(presenter)
        await press(presenter, "down", seen_by=(*everybody, late))
        assert "What is the value of l?" in text(second), "the presenter may look around"
        await press(presenter, "right", seen_by=(*everybody, late))
        for each in (*everybody, late):
            assert cursor(each) == 1
            assert "= ln(2.7183)" in text(each)
            assert "follows the lecture" in lines(each)[0]
        assert "✓ Right: 1." in text(first)
        assert "the answer: l = 1" in text(second)
        assert "2 of 3 answered" in text(presenter)


async def test_who_lets_go_while_a_step_is_asked_walks_alone_and_catches_up_with_the_question() -> None:
    async with room() as lecture:
        presenter = await lecture.present("fabc")
        counting = Counting(lecture)
        follower, end = await lecture.follow()
        counting.add(end)
        await press(presenter, "P", "right", "right", "right", seen_by=(follower,))
        assert "What is the value of s?" in text(follower)
        await follower.press("escape", "left")
        await settled(follower)
        assert end.follows is False
        assert cursor(follower) == 0
        await press(presenter, "right", seen_by=(follower,))
        assert cursor(follower) == 0, "it is alone"
        await follower.press("C")
        await settled(follower)
        assert end.follows is True
        assert cursor(follower) == 2
        await press(presenter, "right", seen_by=(follower,))
        await answer(follower, "1/3", presenter)
        assert "1 of 1 answered · 1 right" in text(presenter)
