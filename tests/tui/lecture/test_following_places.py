"""Wherever a presenter goes, followers see the same: trainings, their epochs, derivatives, arrays, lessons."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradwalk.tui.screens.arrays import ArraysScreen
from gradwalk.tui.screens.train import TrainScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.session import Session
from textual.pilot import Pilot

from ..arrays import network
from ..pilots import lines, walk
from ..training import until
from .rooms import room, settled

pytestmark = pytest.mark.serve


async def seen(pilot: Pilot[None]) -> list[str]:
    """Return what is on the screen below the title and above the keys, without notices."""
    await settled(pilot)
    if isinstance(pilot.app.screen, TrainScreen):
        training = pilot.app.screen
        await until(pilot, lambda: not training.course.running)
    pilot.app.clear_notifications()
    await pilot.pause()
    return lines(pilot)[1:-1]


async def same(follower: Pilot[None], presenter: Pilot[None]) -> None:
    """See that both see the same."""
    shown = await seen(presenter)
    assert await seen(follower) == shown
    assert type(follower.app.screen) is type(presenter.app.screen)
    assert "follows the lecture" in lines(follower)[0]


async def test_a_training_its_rates_and_its_epochs() -> None:
    async with room() as lecture:
        presenter = await lecture.present("regression", (120, 36))
        follower, _ = await lecture.follow(size=(120, 36))
        for keys in (
            ["right", "right"],
            ["plus", "right", "right", "minus", "minus", "right"],
            ["v", "y"],
            ["left", "left"],
            ["enter", "right", "right"],
            ["escape"],
            ["plus", "n"],
            ["r"],
        ):
            await presenter.press(*keys)
            await seen(presenter)
            await same(follower, presenter)
        losses = [pilot.app.screen.player.losses.tolist() for pilot in (presenter, follower)]  # type: ignore[attr-defined]
        assert losses[0] == losses[1]


async def test_who_comes_late_sees_a_training_trained_by_the_same_rates() -> None:
    async with room() as lecture:
        presenter = await lecture.present("regression", (120, 36))
        await presenter.press("right", "plus", "right", "right", "minus", "minus", "right", "n", "left")
        await seen(presenter)
        follower, _ = await lecture.follow(size=(120, 36))
        await same(follower, presenter)
        await presenter.press("enter", "end")
        late, _ = await lecture.follow(size=(120, 36))
        await same(late, presenter)
        await same(follower, presenter)
        await late.press("escape")
        await until(late, lambda: isinstance(late.app.screen, TrainScreen))
        assert "walks alone" in lines(late)[0]


async def test_forward_mode_derivatives_of_derivatives_and_back() -> None:
    async with room() as lecture:
        presenter = await lecture.present("xyz")
        follower, _ = await lecture.follow()
        for keys in (
            ["slash", "x", "enter", "F", "end"],
            ["F", "d", "right"],
            ["slash", "x", "enter", "d", "end", "left"],
            ["escape"],
            ["escape", "right"],
        ):
            await presenter.press(*keys)
            await same(follower, presenter)
        late, _ = await lecture.follow()
        await same(late, presenter)


async def test_an_epoch_with_another_value() -> None:
    async with room() as lecture:
        presenter = await lecture.present("regression", (120, 36))
        await presenter.press("right", "enter")
        await until(presenter, lambda: isinstance(presenter.app.screen, WalkScreen))
        early, _ = await lecture.follow(size=(120, 36))
        await presenter.press("slash", "w", "enter", "e", *["backspace"] * 20, *"0.5", "enter", "end")
        await settled(presenter)
        assert walk(presenter).opened.revisions is not None
        follower, _ = await lecture.follow(size=(120, 36))
        trace, shown = walk(follower).moment.trace, walk(presenter).moment.trace
        assert trace.values.tolist() == shown.values.tolist()
        assert trace.backward.gradients.tolist() == shown.backward.gradients.tolist()
        assert walk(follower).moment.cursor == walk(presenter).moment.cursor
        await same(early, presenter)
        assert walk(follower).opened.heading == walk(presenter).opened.heading


async def test_the_arrays_of_a_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = network()
    monkeypatch.setattr(Session, "load", lambda session, name: scenario)
    async with room() as lecture:
        presenter = await lecture.present(scenario, (120, 40))
        follower, _ = await lecture.follow(size=(120, 40))
        for keys in (["right", "V"], ["right", "right"], ["down", "e"], ["o"], ["end"], ["V"]):
            await presenter.press(*keys)
            await same(follower, presenter)
        await presenter.press("V")
        late, _ = await lecture.follow(size=(120, 40))
        assert isinstance(late.app.screen, ArraysScreen)
        await same(late, presenter)
        await late.press("V")
        await until(late, lambda: isinstance(late.app.screen, WalkScreen))
        assert walk(late).moment.at_end


async def test_a_question_of_ones_own_about_arrays_is_over_when_the_lecture_shows_its_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario = network()
    monkeypatch.setattr(Session, "load", lambda session, name: scenario)
    async with room() as lecture:
        presenter = await lecture.present(scenario, (120, 40))
        follower, _ = await lecture.follow(size=(120, 40))
        await presenter.press("V", "P", "right")
        await settled(presenter)
        await settled(follower)
        await follower.press("right")
        await follower.pause()
        arrays = follower.app.screen
        assert isinstance(arrays, ArraysScreen)
        assert arrays.moment.is_asked
        await presenter.press("tab", "down")
        await settled(presenter)
        await settled(follower)
        assert arrays.moment.is_asked and arrays.predict_mode.box.display
        await presenter.press("end")
        await settled(presenter)
        await settled(follower)
        assert arrays.moment.at_end
        assert not arrays.moment.is_asked
        assert not arrays.predict_mode.box.display
        assert "follows the lecture" in lines(follower)[0]


async def test_a_lesson_is_its_walk() -> None:
    async with room() as lecture:
        presenter = await lecture.present(None)
        follower, _ = await lecture.follow()
        await presenter.press("c", "enter")
        await settled(presenter)
        await presenter.press("enter")
        await settled(presenter)
        await presenter.press("right")
        await settled(presenter)
        await settled(follower)
        assert walk(follower).opened.title == walk(presenter).opened.title
        assert walk(follower).moment.cursor == walk(presenter).moment.cursor == 1


async def test_what_the_server_offers_is_followed_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text('title = "Ours"\n[inputs]\nu = 3\n[graph]\nt = "u^2"\n', encoding="utf-8")
    async with room(str(tmp_path)) as lecture:
        presenter = await lecture.present(None)
        follower, _ = await lecture.follow()
        await presenter.press("slash", *"ours", "enter")
        await same(follower, presenter)
        await presenter.press("enter", "right")
        await settled(presenter)
        await same(follower, presenter)
        assert walk(follower).opened.scenario.name == "ours"
        await presenter.press("slash", "u", "enter", "e", "backspace", "5", "enter", "end")
        await same(follower, presenter)
        assert walk(follower).moment.trace.values.tolist()[:2] == [5, 25]
