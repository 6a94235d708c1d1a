"""Sentences that name keys: they are those that work, the user's own too."""

from __future__ import annotations

import pytest
from gradwalk.tui.bindings import with_keys

from .pilots import notices, opened, text, walk


async def test_the_keys_of_actions_stand_in_their_place() -> None:
    async with opened("fabc") as pilot:
        assert with_keys("{walk.forward} steps", walk(pilot)) == "→ steps"
        assert with_keys("nothing {here} to {put in}", walk(pilot)) == "nothing {here} to {put in}"
        assert with_keys("⏎ takes it · {goto.cancel} closes", walk(pilot)) == "⏎ takes it", "it has no key in a walk"


async def test_a_user_s_own_key_is_named_where_another_one_was() -> None:
    async with opened("fabc") as pilot:
        pilot.app.set_keymap({"walk.break": "B", "goto.cancel": "f8", "ranking.close": "f9"})
        await pilot.pause()
        await pilot.press("f")
        assert notices(pilot) == ["There is no breakpoint: B sets one at the selected node, X one for numbers."]
        await pilot.press("s")
        await pilot.pause()
        assert "f9 closes" in text(pilot)
        assert "esc closes" not in text(pilot)


@pytest.mark.parametrize("key", ["X", "s", "question_mark"])
async def test_what_opens_over_a_walk_says_how_it_closes(key: str) -> None:
    async with opened("fabc", size=(120, 40)) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert "esc closes" in text(pilot)
