"""The box that a question is answered in: typed answers, hints, skipping, and what it says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from gradwalk.engine.errors import ExpressionError
from gradwalk.engine.study.attempt import Attempt, Outcome
from gradwalk.engine.study.task import TaskKind
from gradwalk.engine.study.verdict import Verdict
from gradwalk.tui.study.question_box import QuestionBox
from gradwalk.tui.themed_app import ThemedApp
from gradwalk.tui.widgets.cursor_cell import cursor_cell
from gradwalk.tui.words.lines import line
from textual.app import ComposeResult
from textual.pilot import Pilot

from .pilots import text


@dataclass(frozen=True)
class Half:
    """What is one half; an answer without a digit cannot be read."""

    ask: str = "∂s/∂a"
    prompt: str = "What is ∂s/∂a?"
    kind: TaskKind = TaskKind.LOCAL_DERIVATIVE
    skills: tuple[str, ...] = ("local derivative:+",)
    hints: tuple[str, ...] = ("the rule's name", "the formula", "the numbers put in")
    solution: str = "0.5"

    def judge(self, answer: str) -> Verdict:
        if not any(character.isdigit() for character in answer):
            raise ExpressionError("nothing here is called that", answer, 0, 1)
        right = answer == "0.5"
        return Verdict(answer, None, right, "0.5 is right." if right else f"{answer} is not it.")


class Asking(ThemedApp):
    def __init__(self, attempt: Attempt) -> None:
        super().__init__()
        self.first = attempt
        self.changes: list[Attempt] = []
        self.left = 0

    def compose(self) -> ComposeResult:
        yield QuestionBox()

    def on_mount(self) -> None:
        self.box.ask(self.first, [line("s = a + b")])

    @property
    def box(self) -> QuestionBox:
        return self.query_one(QuestionBox)

    def on_question_box_changed(self, event: QuestionBox.Changed) -> None:
        self.changes.append(event.attempt)

    def on_question_box_left(self, event: QuestionBox.Left) -> None:
        self.left += 1


@asynccontextmanager
async def asking(attempt: Attempt | None = None) -> AsyncIterator[tuple[Pilot[None], Asking]]:
    app = Asking(attempt or Attempt(Half()))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.pause()
        yield pilot, app


async def test_what_is_asked_stands_above_the_line_that_has_the_keys() -> None:
    async with asking() as (pilot, app):
        shown = text(pilot)
        assert shown.index("s = a + b") < shown.index("What is ∂s/∂a?") < shown.index("∂s/∂a =\n")
        assert app.box.has_keys
        assert "rule" not in shown, "hints wait to be asked for"
        await pilot.press(*"0.5")
        place = cursor_cell(app.screen)
        assert place is not None
        assert text(pilot).splitlines()[place.y] == "∂s/∂a = 0.5"


async def test_a_wrong_answer_is_said_to_be_and_the_next_one_takes_its_place() -> None:
    async with asking() as (pilot, app):
        await pilot.press(*"0.4", "enter")
        await pilot.pause()
        assert "✗ 0.4 is not it." in text(pilot)
        assert app.changes[-1].is_open
        await pilot.press(*"0.5", "enter")
        await pilot.pause()
        assert "✓ 0.5 is right." in text(pilot)
        assert app.changes[-1].outcome is Outcome.HELPED
        assert "What is" not in text(pilot), "nothing is asked any more"


async def test_hints_come_one_by_one_and_then_the_answer() -> None:
    async with asking() as (pilot, app):
        for number, hint in enumerate(Half.hints, 1):
            await pilot.press("question_mark")
            await pilot.pause()
            assert f"? hint {number} of 3: {hint}" in text(pilot)
            assert app.box.field.value == ""
        assert "0.5" not in text(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        assert "∂s/∂a = 0.5" in text(pilot)
        assert app.changes[-1].outcome is Outcome.WRONG


@pytest.mark.parametrize("keys", [["ctrl+n"], [*"skip", "enter"]], ids=["key", "word"])
async def test_a_question_is_skipped(keys: list[str]) -> None:
    async with asking() as (pilot, app):
        await pilot.press(*keys)
        await pilot.pause()
        assert [attempt.outcome for attempt in app.changes] == [Outcome.SKIPPED]
        assert "– skipped: ∂s/∂a = 0.5" in text(pilot)


async def test_what_cannot_be_read_is_marked_and_is_no_try() -> None:
    async with asking() as (pilot, app):
        await pilot.press(*"zz", "enter")
        await pilot.pause()
        assert "nothing here is called that" in text(pilot)
        typed, carets = (next(row for row in text(pilot).split("\n") if sign in row) for sign in ("zz", "^"))
        assert carets.index("^") == typed.index("zz"), "the caret stands below the place in the line"
        await pilot.press("ctrl+u", "enter")
        await pilot.pause()
        assert "An answer is a number" in text(pilot)
        assert not app.changes


async def test_the_keys_are_let_go_and_a_click_takes_them_again() -> None:
    async with asking() as (pilot, app):
        await pilot.press("escape")
        await pilot.pause()
        assert app.left == 1
        app.screen.set_focus(None)
        await pilot.click(QuestionBox, offset=(3, 1))
        await pilot.pause()
        assert app.box.has_keys


async def test_an_attempt_is_taken_up_where_it_was() -> None:
    async with asking(Attempt(Half()).hinted().answered("0.4")) as (pilot, app):
        assert "✗ 0.4 is not it." in text(pilot)
        assert "hint 1 of 3" in text(pilot)
        assert app.box.has_keys
