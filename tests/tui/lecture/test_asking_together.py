"""Predict mode in a lecture: the presenter asks everybody, each follower answers on a screen of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import pytest
from gradwalk.engine.study.attempt import Outcome
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.lecture.messages import Answered, Asked, Mistakes, PartCount, Tally
from gradwalk.tui.messages import StepAnswered
from gradwalk.tui.session import Role, Session
from gradwalk.tui.start import Start
from gradwalk.tui.walk.moment import Moment, Prediction
from textual.message import Message
from textual.pilot import Pilot

from ..pilots import command, cursor, lines, notices, scenario_of, text, walk

QUESTION = 7

pytestmark = pytest.mark.serve


heard: list[Message] = []
"""What the app of a follower would tell the server."""


@asynccontextmanager
async def sitting(
    role: Role, start: Start | None = None, size: tuple[int, int] = (80, 24), what: str = "fabc"
) -> AsyncIterator[Pilot[None]]:
    def hear(message: Message) -> None:
        if isinstance(message, StepAnswered) and message not in heard:
            heard.append(message)

    heard.clear()
    app = GradwalkApp(scenario_of(what), Session(role), start=start)
    async with app.run_test(size=size, notifications=True, message_hook=hear) as pilot:
        await pilot.pause()
        yield pilot


def presenting(
    level: str = "step", size: tuple[int, int] = (80, 24), what: str = "fabc"
) -> AbstractAsyncContextManager[Pilot[None]]:
    return sitting(Role.PRESENTER, Start(predict=level), size, what)


def following(size: tuple[int, int] = (80, 24)) -> AbstractAsyncContextManager[Pilot[None]]:
    return sitting(Role.FOLLOWER, None, size)


def asked(pilot: Pilot[None]) -> Asked:
    found = walk(pilot).asked_of_all
    assert found is not None
    return found


async def count(pilot: Pilot[None], followers: int, *parts: PartCount) -> None:
    walk(pilot).show_counted(Tally(asked(pilot).question, followers, parts))
    await pilot.pause()


def answers() -> list[Answered]:
    return [message.answered for message in heard if isinstance(message, StepAnswered)]


async def lead(pilot: Pilot[None], at: int, step: int = 0, level: str = "step", question: int = QUESTION) -> None:
    """Show what a presenter does who predicts: the moment, and the step that everybody is asked for."""
    screen = walk(pilot)
    moment = replace(screen.moment.at(at), prediction=Prediction("step", at))
    screen.show_led(moment, Asked(question, step, level) if step else None)
    await pilot.pause()
    await pilot.pause()


async def answer(pilot: Pilot[None], typed: str) -> None:
    for _ in range(20):  # it takes the keys when it has been laid out
        if walk(pilot).predict_mode.box.has_keys:
            break
        await pilot.pause()
    walk(pilot).predict_mode.box.field.value = typed
    await pilot.press("enter")
    await pilot.pause()


class TestWhoPresents:
    async def test_everybody_is_asked_and_going_on_shows_the_step(self) -> None:
        async with presenting() as pilot:
            assert walk(pilot).asked_of_all is None
            await pilot.press("right")
            await pilot.pause()
            assert asked(pilot).step == 1
            assert asked(pilot).level == "step"
            assert cursor(pilot) == 0
            assert "What is the value of l?" in text(pilot)
            assert "→ shows the step to everybody" in text(pilot)
            assert "= ln(2.7183)" not in text(pilot), "the answer is not given away"
            await pilot.press("right")
            await pilot.pause()
            assert cursor(pilot) == 1
            assert walk(pilot).asked_of_all is None
            assert "= ln(2.7183)" in text(pilot)

    async def test_a_bar_follows_the_answers_while_the_question_is_open_and_after(self) -> None:
        async with presenting() as pilot:
            await pilot.press("right")
            await pilot.pause()
            assert "No answer has come so far." in text(pilot)
            await count(pilot, 20)
            assert "0 of 20 answered · 0 right" in text(pilot)
            await count(pilot, 20, PartCount(right=9, helped=1, wrong=3, mistakes=(Mistakes(("degrees",), 2),)))
            row = next(each for each in lines(pilot) if "13 of 20 answered" in each)
            assert "9 right · 1 helped · 3 wrong" in row
            bar = row[row.index("█") : row.rindex("░") + 1]
            assert bar == "".join(sorted(bar, key="█▓▒░".index))
            assert bar.count("█") / len(bar) == pytest.approx(9 / 20, abs=1 / len(bar))
            assert "wrong answers fit: an angle is taken for degrees (2)" in text(pilot)
            await pilot.press("right")
            await pilot.pause()
            assert "13 of 20 answered" in text(pilot)
            assert "→ goes on" in text(pilot)
            await pilot.press("right")
            await pilot.pause()
            assert "13 of 20" not in text(pilot), "the next question has answers of its own"

    async def test_a_backward_step_has_a_bar_for_each_of_its_parts(self) -> None:
        async with presenting(size=(120, 40), what="square") as pilot:
            command(pilot, "end")
            await pilot.pause()
            await pilot.press("P", "P")
            walk(pilot).go(walk(pilot).moment.at(9))
            await pilot.press("right")
            await pilot.pause()
            assert asked(pilot).step == 10
            await count(pilot, 20, PartCount(right=18), PartCount(wrong=7), PartCount(right=3, skipped=1))
            said = text(pilot)
            for row in ("18 of 20 answered", "7 of 20 answered", "3 of 20 answered · 3 right · 1 skipped"):
                assert row in said
            assert "the wrong answers for ∂d/∂k · ∂k/∂b fit no mistake" in said

    async def test_a_tally_of_another_question_changes_nothing(self) -> None:
        async with presenting() as pilot:
            await pilot.press("right")
            await pilot.pause()
            before = text(pilot)
            walk(pilot).show_counted(Tally(asked(pilot).question + 1, 20, (PartCount(right=20),)))
            await pilot.pause()
            assert text(pilot) == before

    async def test_nothing_is_asked_of_nobody(self) -> None:
        async with presenting() as pilot:
            await pilot.press("right")
            await pilot.pause()
            await count(pilot, 0)
            assert "Nobody follows the lecture now" in text(pilot)

    async def test_a_question_keeps_its_number_until_it_is_asked_anew(self) -> None:
        async with presenting() as pilot:
            await pilot.press("right")
            await pilot.pause()
            first = asked(pilot)
            await pilot.press("home", "right")
            await pilot.pause()
            assert asked(pilot) == first
            await pilot.press("P", "P", "right")
            await pilot.pause()
            assert asked(pilot).step == first.step
            assert asked(pilot).question > first.question

    async def test_fading_is_about_one_person_so_everybody_is_asked_for_each_step(self) -> None:
        async with presenting(level="fading") as pilot:
            await pilot.press("P", "P")
            await pilot.pause()
            assert "asks everybody for the next step" in notices(pilot)[0]
            await pilot.press("right")
            await pilot.pause()
            assert asked(pilot).level == "step"

    async def test_another_level_asks_anew_and_is_told(self) -> None:
        async with presenting() as pilot:
            await pilot.press("right")
            await pilot.pause()
            first = asked(pilot).question
            await pilot.press("ctrl+l")
            await pilot.pause()
            assert walk(pilot).asked_of_all is None
            await pilot.press("right")
            await pilot.pause()
            assert (asked(pilot).step, asked(pilot).level) == (5, "result")
            assert asked(pilot).question > first

    async def test_the_end_says_what_came_of_all_questions(self) -> None:
        async with presenting(size=(120, 40)) as pilot:
            for _ in range(20):
                if walk(pilot).moment.at_end:
                    break
                await pilot.press("right")
                await pilot.pause()
                if walk(pilot).asked_of_all is not None:
                    await count(pilot, 4, PartCount(right=2, wrong=1, mistakes=(Mistakes(("sign",), 1),)))
                    await pilot.press("right")
                    await pilot.pause()
            assert walk(pilot).moment.at_end
            said = text(pilot)
            assert "What was predicted in this walk, by everybody:" in said
            assert "24 right · 0 helped · 12 wrong · 0 skipped" in said
            assert "wrong answers fit: a sign is lost (12)" in said


class TestWhoFollows:
    async def test_the_same_step_is_asked_and_the_answer_is_told_to_the_server(self) -> None:
        async with following() as pilot:
            await lead(pilot, 0, step=1)
            assert "What is the value of l?" in text(pilot)
            assert walk(pilot).predict_mode.box.has_keys
            await answer(pilot, "1")
            assert answers() == [Answered(QUESTION, 0, "right")]
            assert cursor(pilot) == 0, "it waits with the presenter"
            assert "✓ Right: 1." in text(pilot)
            assert "The lecture will show the step" in text(pilot)
            await lead(pilot, 1)
            assert cursor(pilot) == 1
            assert "✓ Right: 1." in text(pilot)
            assert "= ln(2.7183)" in text(pilot)
            assert "→ goes on" not in text(pilot), "it is the lecture that does"

    async def test_who_has_not_answered_sees_the_answer_when_the_lecture_goes_on(self) -> None:
        async with following() as pilot:
            await lead(pilot, 0, step=1)
            await lead(pilot, 1)
            assert "the answer: l = 1" in text(pilot)
            assert answers() == []
            assert not walk(pilot).predict_mode.box.has_keys
            await lead(pilot, 1, step=2, question=8)
            await answer(pilot, "2.5")
            assert "✗" in text(pilot)
            await lead(pilot, 2)
            assert "the answer: s = 3" in text(pilot)
            assert walk(pilot).predict_mode.tally.attempts[-1].outcome is Outcome.WRONG

    async def test_a_mistake_is_told_by_its_name_and_a_second_try_too(self) -> None:
        async with following() as pilot:
            await lead(pilot, 9, step=10, level="last factor")
            await answer(pilot, "1/s^2")
            await answer(pilot, "-1/s^2")
            assert answers() == [
                Answered(QUESTION, 0, "wrong", ("sign",)),
                Answered(QUESTION, 0, "helped", ("sign",)),
            ]

    async def test_a_wrong_answer_that_fits_nothing_names_no_mistake(self) -> None:
        async with following() as pilot:
            await lead(pilot, 9, step=10, level="last factor")
            await answer(pilot, "12345.6")
            assert answers() == [Answered(QUESTION, 0, "wrong")]

    async def test_hints_alone_are_no_answer_and_the_answer_that_is_shown_is_none_either(self) -> None:
        async with following() as pilot:
            await lead(pilot, 9, step=10, level="last factor")
            for _ in range(3):
                await pilot.press("question_mark")
                await pilot.pause()
            assert answers() == []
            await pilot.press("question_mark")
            await pilot.pause()
            assert answers() == [Answered(QUESTION, 0, "skipped")]

    async def test_the_parts_of_a_step_are_told_apart(self) -> None:
        async with following(size=(120, 40)) as pilot:
            await lead(pilot, 9, step=10)
            await answer(pilot, "-1/9")
            await pilot.press("ctrl+n")
            await pilot.pause()
            assert answers() == [Answered(QUESTION, 0, "right"), Answered(QUESTION, 1, "skipped")]
            await lead(pilot, 10)
            assert "✓ ∂r/∂s = -1/s² = -1/9 = -0.1111" in text(pilot)
            assert "– ∂f/∂r · ∂r/∂s = -1/9 = -0.1111" in text(pilot)

    async def test_what_was_typed_stays_when_the_presenter_looks_around(self) -> None:
        async with following() as pilot:
            await lead(pilot, 0, step=1)
            walk(pilot).predict_mode.box.field.value = "0."
            screen = walk(pilot)
            screen.show_led(replace(screen.moment.selecting(0), zoomed="graph"), Asked(QUESTION, 1, "step"))
            await pilot.pause()
            assert screen.predict_mode.box.field.value == "0."
            assert "What is the value of l?" in text(pilot), "the graph alone would hide the question"
            assert screen.moment.selected == 0

    async def test_going_on_comes_back_to_the_question_and_then_waits(self) -> None:
        async with following() as pilot:
            await lead(pilot, 0, step=1)
            await pilot.press("escape", "right")
            await pilot.pause()
            assert walk(pilot).predict_mode.box.has_keys
            await answer(pilot, "1")
            await pilot.press("right")
            await pilot.pause()
            assert cursor(pilot) == 0
            assert "Your answer is in." in notices(pilot)[0]

    async def test_a_question_that_is_asked_again_is_answered_again(self) -> None:
        async with following() as pilot:
            await lead(pilot, 0, step=1)
            await answer(pilot, "1")
            await lead(pilot, 0)
            assert "Your answer is in" not in text(pilot)
            await lead(pilot, 0, step=1)
            assert "Your answer is in" in text(pilot), "the same question was answered"
            await lead(pilot, 0, step=1, question=QUESTION + 1)
            await answer(pilot, "1")
            assert [each.question for each in answers()] == [QUESTION, QUESTION + 1]

    async def test_who_lets_go_goes_on_alone(self) -> None:
        async with following() as pilot:
            await lead(pilot, 0, step=1)
            walk(pilot).ask_alone()
            await answer(pilot, "1")
            assert cursor(pilot) == 1
            assert answers() == [], "the lecture is told of nothing any more"

    async def test_who_lets_go_after_an_answer_sees_the_step(self) -> None:
        async with following() as pilot:
            await lead(pilot, 0, step=1)
            await answer(pilot, "1")
            walk(pilot).ask_alone()
            await pilot.pause()
            assert cursor(pilot) == 1
            assert "✓ Right: 1." in text(pilot)
            await pilot.press("right")
            await pilot.pause()
            assert "What is the value of s?" in text(pilot)

    @pytest.mark.parametrize("wrong", [Asked(7, 99, "step"), Asked(7, 1, "all"), Asked(7, 6, "step"), Asked(7, 0)])
    async def test_what_cannot_be_asked_here_is_not(self, wrong: Asked) -> None:
        async with following() as pilot:
            screen = walk(pilot)
            screen.show_led(Moment(screen.moment.trace), wrong)
            await pilot.pause()
            assert not screen.moment.is_asked
            assert not screen.predict_mode.box.display
