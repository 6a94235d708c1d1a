"""The course on the screen: its lessons, one of them from its first word to its last, and stopping anywhere."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from gradwalk.engine.courses import load_course
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.study.attempt import Outcome
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.course import CourseScreen
from gradwalk.tui.screens.lesson import LessonScreen
from gradwalk.tui.screens.lesson_intro import LessonIntroScreen
from gradwalk.tui.screens.lesson_questions import Part, QuestionList, QuestionsScreen
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.train import TrainScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.session import Role, Session
from textual.pilot import Pilot

from .pilots import at_once, cursor, lines, notices, opened, text
from .pseudo_terminal import GRADWALK, PseudoTerminal
from .test_snapshots import Compare
from .training import until

PRODUCT = """
title   = "A product"
summary = "What a product sends back."
intro   = "Two inputs, one product."
[inputs]
a = 3
b = 5
[graph]
f = "a*b"
[[exercise]]
ask = "∂f/∂a"
hint = "The other one."
[[exercise]]
ask = "∂f/∂b"
"""

COURSE = """
title   = "Two lessons"
summary = "A short course."

[[lesson]]
scenario = "product.toml"
predict  = "worked example"

[[lesson]]
scenario  = "fabc"
title     = "As far as s"
predict   = "worked example"
stop      = "s"
exercises = []

[[lesson]]
scenario  = "regression"
predict   = "worked example"
epochs    = 2
stop      = "p[1]"
exercises = ["∂p[1]/∂w"]
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "product.toml").write_text(PRODUCT)
    (tmp_path / "course.toml").write_text(COURSE)
    return tmp_path / "course.toml"


@asynccontextmanager
async def learning(course: Path | str, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    app = GradwalkApp(course=load_course(str(course)))
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield pilot


async def on(pilot: Pilot[None], kind: type) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))


def questions(pilot: Pilot[None]) -> QuestionsScreen:
    assert isinstance(pilot.app.screen, QuestionsScreen)
    return pilot.app.screen


async def answer(pilot: Pilot[None], typed: str) -> None:
    """Type an answer into the field, when that has the keys."""
    await until(pilot, lambda: questions(pilot).box.has_keys)
    await pilot.press(*typed, "enter")
    await pilot.pause()


async def begin(pilot: Pilot[None]) -> None:
    """Go into the selected lesson, past its intro."""
    await pilot.press("enter")
    await on(pilot, LessonIntroScreen)
    await pilot.press("enter")
    await on(pilot, LessonScreen)


async def to_questions(pilot: Pilot[None]) -> None:
    await pilot.press("end", "right")
    await on(pilot, QuestionsScreen)


class TestALesson:
    async def test_from_the_list_to_the_next_lesson_by_the_keyboard_alone(self, course: Path) -> None:
        async with learning(course) as pilot:
            assert "0 of 3 lessons done" in text(pilot)
            assert "⏎ begins lesson 1, A product" in text(pilot)
            await pilot.press("enter")
            await on(pilot, LessonIntroScreen)
            assert "Two inputs, one product." in text(pilot)
            assert "A walk of 4 steps, then 2 questions." in text(pilot)
            await pilot.press("enter")
            await on(pilot, LessonScreen)
            assert "lesson 1 of 3 · A product" in lines(pilot)[0]
            await pilot.press("right", "right", "right", "right")
            assert cursor(pilot) == 4
            await until(pilot, lambda: "This is the end of the walk. → goes on to 2 questions" in text(pilot))
            await pilot.press("right")
            await on(pilot, QuestionsScreen)
            assert "a = 3 · b = 5" in text(pilot)
            assert "f = a*b" in text(pilot)
            await answer(pilot, "-5")
            assert questions(pilot).box.attempt is not None
            assert questions(pilot).box.attempt.is_open
            await answer(pilot, "b")
            await until(pilot, lambda: "✓ What is ∂f/∂a?  right, with help" in text(pilot))
            await pilot.press("enter")
            await answer(pilot, "3")
            await until(pilot, lambda: "✓ What is ∂f/∂b?  right" in text(pilot))
            await pilot.press("enter")
            await until(pilot, lambda: "Lesson 1, A product, is done." in text(pilot))
            assert "1 right at once, 1 right with help." in text(pilot)
            assert "Next is lesson 2: As far as s" in text(pilot)
            await pilot.press("enter")
            await on(pilot, LessonIntroScreen)
            await pilot.press("escape")
            await on(pilot, LessonScreen)
            assert "lesson 2 of 3" in lines(pilot)[0]
            await pilot.press("escape")
            await on(pilot, CourseScreen)
            assert "1 of 3 lessons done" in text(pilot)
            assert "✓ done" in text(pilot)
            progress = pilot.app.session.progress
            outcomes = progress.outcomes(f"lesson product of {course}")
            assert outcomes == {"∂f/∂a": Outcome.HELPED, "∂f/∂b": Outcome.RIGHT}

    async def test_keys_that_are_typed_ahead_do_nothing_to_the_walk(self, course: Path) -> None:
        async with learning(course) as pilot:
            await at_once(pilot, "enter", "enter", "enter")
            await on(pilot, LessonIntroScreen)
            await pilot.press("enter")
            await on(pilot, LessonScreen)
            assert cursor(pilot) == 0

    async def test_its_keys_are_named_by_where_they_lead(self, course: Path) -> None:
        async with learning(course) as pilot:
            await begin(pilot)
            row = next(row for row in lines(pilot)[::-1] if row.strip())
            assert " ".join(row.split()) == "→ Step ← Back space Play e Edit v View z Zoom esc Lessons ? Help q Quit"
            await pilot.press("escape")
            await on(pilot, CourseScreen)

    async def test_no_answer_stands_beside_a_question(self, course: Path) -> None:
        async with learning(course) as pilot:
            await begin(pilot)
            await to_questions(pilot)
            assert "15" not in text(pilot)
            assert "The other one" not in text(pilot)

    async def test_one_without_questions_goes_as_far_as_it_says_and_ends(self, course: Path) -> None:
        async with learning(course) as pilot:
            await pilot.press("down")
            await begin(pilot)
            await pilot.press("end")
            assert cursor(pilot) == 2
            await pilot.press("right")
            await until(pilot, lambda: "Lesson 2, As far as s, is done." in text(pilot))
            await pilot.press("r")
            await on(pilot, LessonIntroScreen)
            await pilot.press("enter")
            assert cursor(pilot) == 0
            await pilot.press("escape")
            await on(pilot, CourseScreen)
            assert "1 of 3 lessons done" in text(pilot)

    async def test_one_of_a_training_walks_an_epoch_and_leads_to_the_training_and_back(self, course: Path) -> None:
        async with learning(course) as pilot:
            await pilot.press("end")
            await begin(pilot)
            parameters = pilot.app.screen.moment.trace.updates.before
            assert parameters.tolist() != [0.0, 0.0]
            await pilot.press("E")
            await on(pilot, TrainScreen)
            await pilot.press("right", "escape")
            await on(pilot, LessonScreen)
            await pilot.press("escape")
            await on(pilot, CourseScreen)

    async def test_questions_may_be_answered_in_any_order_and_before_the_end_of_the_walk(self, course: Path) -> None:
        async with learning(course) as pilot:
            await begin(pilot)
            await pilot.press("right", "A")
            await on(pilot, QuestionsScreen)
            assert "Two inputs, one product." in text(pilot)
            await pilot.press("down", "enter")
            await answer(pilot, "a")
            await pilot.press("enter")
            await answer(pilot, "b")
            await pilot.press("enter")
            await until(pilot, lambda: "2 right at once." in text(pilot))

    async def test_one_that_cannot_be_opened_says_why(self, course: Path) -> None:
        course.write_text(COURSE.replace('stop      = "s"', 'stop      = "zz"'))
        async with learning(course) as pilot:
            await pilot.press("down", "enter")
            await until(pilot, lambda: bool(notices(pilot)))
            assert f'{course}:13:13: lesson.stop: no node is called "zz"' in notices(pilot)[0]
            assert isinstance(pilot.app.screen, CourseScreen)

    async def test_nothing_is_asked_behind_its_end(self, course: Path) -> None:
        course.write_text('title = "One"\n[[lesson]]\nscenario = "fabc"\nstop = "r"\npredict = "result"\n')
        async with learning(course) as pilot:
            await begin(pilot)
            await pilot.press("right")
            await pilot.pause()
            assert "What is the value of r?" in text(pilot)


class TestTheList:
    async def test_a_window_of_a_few_columns_ends_nothing(self, course: Path) -> None:
        async with learning(course) as pilot:
            for width in (20, 14, 3):
                await pilot.resize_terminal(width, 24)
                await pilot.pause()
            await pilot.resize_terminal(80, 24)
            await pilot.pause()
            assert "A product" in text(pilot)
            await begin(pilot)
            await pilot.resize_terminal(3, 24)
            await pilot.pause()
            await pilot.press("down")
            await pilot.pause()


class TestStoppingAndGoingOn:
    async def test_the_walk_is_gone_on_with_at_its_step(self, course: Path) -> None:
        async with learning(course) as pilot:
            await begin(pilot)
            await pilot.press("right", "right", "right")
        async with learning(course) as pilot:
            assert "⏎ goes on with lesson 1, A product" in text(pilot)
            assert "begun" in text(pilot)
            await pilot.press("enter")
            await on(pilot, LessonScreen)
            assert cursor(pilot) == 3

    async def test_the_lesson_s_level_asks_and_what_was_asked_is_noted_at_once(self, course: Path) -> None:
        course.write_text(COURSE.replace('"worked example"', '"step"', 1))
        async with learning(course) as pilot:
            await begin(pilot)
            await pilot.press("right")
            await until(pilot, lambda: "What is the value of f?" in text(pilot))
            await pilot.press(*"15", "enter")
            await until(pilot, lambda: cursor(pilot) == 1)
        async with learning(course) as pilot:
            assert [noted.ask for noted in pilot.app.session.progress.noted] == ["f"]
            await pilot.press("enter")
            await on(pilot, LessonScreen)
            assert cursor(pilot) == 1
            await until(pilot, lambda: "predict: step" in text(pilot))

    async def test_the_questions_are_gone_on_with_at_the_next_one(self, course: Path) -> None:
        async with learning(course) as pilot:
            await begin(pilot)
            await to_questions(pilot)
            await answer(pilot, "5")
        async with learning(course) as pilot:
            await pilot.press("enter")
            await on(pilot, QuestionsScreen)
            assert questions(pilot).selected == 1
            await until(pilot, lambda: "✓ What is ∂f/∂a?  right, earlier" in text(pilot))

    @pytest.mark.thorough
    def test_kill_9_loses_nothing_that_was_confirmed(self, course: Path) -> None:
        with PseudoTerminal(GRADWALK, "learn", str(course)) as terminal:
            terminal.wait_for("begins lesson 1")
            terminal.press("enter")
            terminal.wait_for("A walk of 4 steps")
            terminal.press("enter", "end")
            terminal.wait_for("This is the end of the walk")
            terminal.press("right")
            terminal.wait_for("∂f/∂a =")
            terminal.press("5", "enter")
            terminal.wait_for("Right: 5")
            terminal.signal(signal.SIGKILL)
            terminal.wait_for_exit()
        with PseudoTerminal(GRADWALK, "learn", str(course)) as terminal:
            terminal.wait_for("goes on with lesson 1")
            terminal.press("enter")
            terminal.wait_for(">  2 · What is ∂f/∂b?")
            assert "right, earlier" in terminal.text


class TestElsewhere:
    async def test_the_library_leads_to_the_course_and_back(self) -> None:
        async with opened(None) as pilot:
            assert "gradwalk learn" in text(pilot)
            await pilot.press("c")
            await on(pilot, CourseScreen)
            await pilot.press("escape")
            await on(pilot, LibraryScreen)

    async def test_any_walk_has_its_intro_and_questions_again(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "A")
            await on(pilot, QuestionsScreen)
            assert "This is f = 1/(a + ln(b)) + 1/c" in text(pilot)
            await pilot.press("enter")
            await answer(pilot, "-1/9")
            await until(pilot, lambda: "✓ What is ∂f/∂a?  right" in text(pilot))
            await pilot.click(QuestionList, offset=(8, 2))
            await until(pilot, lambda: questions(pilot).selected == 2 and questions(pilot).box.has_keys)
            await pilot.press("escape", "escape", "escape")
            await on(pilot, WalkScreen)
            assert cursor(pilot) == 1
            assert pilot.app.session.progress.outcomes("scenario fabc") == {"∂f/∂a": Outcome.RIGHT}

    async def test_esc_leaves_the_field_then_the_question_then_the_screen(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("A", "enter")
            await until(pilot, lambda: questions(pilot).box.has_keys)
            await pilot.press("escape")
            assert not questions(pilot).box.has_keys
            await pilot.press("escape")
            assert questions(pilot).part is Part.READING
            await pilot.press("escape")
            await on(pilot, WalkScreen)

    async def test_a_walk_without_intro_and_questions_says_so(self) -> None:
        async with opened("x*y", values={"x": "1", "y": "2"}) as pilot:
            await pilot.press("A")
            assert notices(pilot) == ["This walk has no intro and no questions."]

    def test_a_guest_learns_the_built_in_course_alone(self, course: Path) -> None:
        guest = Session(Role.GUEST)
        assert guest.load_course().path is None
        with pytest.raises(GradwalkError, match="a guest learns the course that is built in"):
            guest.load_course(str(course))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
class TestWhatItLooksLike:
    def test_the_list(self, snap_compare: Compare, course: Path, size: tuple[int, int]) -> None:
        progress = Session.here().progress
        progress.finish("product", str(course))
        progress.stand("fabc", 1, 0, str(course))
        assert snap_compare(GradwalkApp(course=load_course(str(course))), terminal_size=size)

    def test_a_wrong_answer_and_a_hint(self, snap_compare: Compare, course: Path, size: tuple[int, int]) -> None:
        Session.here().progress.stand("product", 4, 1, str(course))
        app = GradwalkApp(course=load_course(str(course)))

        async def answered(pilot: Pilot[None]) -> None:
            await pilot.press("enter")
            await on(pilot, QuestionsScreen)
            await answer(pilot, "-3")
            await pilot.press("question_mark")
            await until(pilot, lambda: "hint 1 of 3" in text(pilot))

        assert snap_compare(app, run_before=answered, terminal_size=size)
