"""A follower's screen goes where the presenter's is, and stays where the follower goes by themselves."""

from __future__ import annotations

from ..pilots import cursor, lines, walk
from .rooms import room, settled


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
            assert lines(follower)[1:-1] == lines(presenter)[1:-1]
        assert "follows the lecture" in lines(follower)[0]
        assert "presents to" in lines(presenter)[0]
