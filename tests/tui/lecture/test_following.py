"""A follower's screen goes where the presenter's is, and stays where the follower goes by themselves."""

from __future__ import annotations

from textual.pilot import Pilot

from ..pilots import cursor, lines, text, walk
from .rooms import room, settled


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
