"""Questions and a whole course without a screen."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from gradwalk.engine.courses import load_course, open_lesson
from gradwalk.engine.library import load
from gradwalk.engine.study.attempt import Attempt, Outcome
from gradwalk.engine.study.question import Question
from gradwalk.engine.study.task import TaskKind
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.cli import main
from gradwalk.tui.plain.asking import AskDialogue
from gradwalk.tui.plain.course import CourseDialogue, LessonDialogue
from gradwalk.tui.plain.dialogue import ANSWER, COMMAND, Dialogue, OuterDialogue
from gradwalk.tui.plain.drill import DrillDialogue
from gradwalk.tui.plain.hunt import HuntDialogue
from gradwalk.tui.plain.walk import WalkDialogue
from gradwalk.tui.progress.database import ProgressFile
from gradwalk.tui.progress.progress import Progress
from gradwalk.tui.study.course_run import CourseRun, LessonState
from gradwalk.tui.study.drill_start import drills
from gradwalk.tui.study.hunt_start import hunts

from .pseudo_terminal import GRADWALK
from .test_plain_walk import plain, said


def innermost(dialogue: Dialogue) -> Dialogue:
    while isinstance(dialogue, OuterDialogue) and dialogue.inner is not None:
        dialogue = dialogue.inner
    return dialogue


def ask(scenario: str, what: str) -> AskDialogue:
    trace = Trace(load(scenario).graph)
    return AskDialogue(Attempt(Question.read(trace, what)))


class TestAQuestion:
    def test_is_asked_answered_and_over(self) -> None:
        asked = ask("fabc", "∂f/∂a")
        assert plain(asked.opening()) == ["What is ∂f/∂a?"]
        assert asked.prompt == ANSWER
        assert said(asked, "-1/9") == ["Right: -1/9 = -0.1111."]
        assert asked.over
        assert asked.attempt.outcome is Outcome.RIGHT

    def test_three_hints_come_and_then_the_answer(self) -> None:
        asked = ask("fabc", "∂r/∂s")
        hints = [said(asked, word)[0] for word in ("hint", "?", "hint")]
        assert [hint[:11] for hint in hints] == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3"]
        assert "∂r/∂s = -1/s²" in hints[1]
        assert said(asked, "hint")[0].startswith("This is the answer. ∂r/∂s = -1/s²")
        assert asked.attempt.outcome is Outcome.WRONG

    def test_what_cannot_be_read_is_no_try_and_is_said_in_words(self) -> None:
        asked = ask("fabc", "∂f/∂a")
        (sentence,) = said(asked, "1/(s + 2")
        assert sentence.startswith("This cannot be read: ")
        assert "^" not in sentence
        assert not asked.attempt.verdicts

    def test_enter_alone_says_what_can_be_typed(self) -> None:
        assert "hint helps, skip leaves the question out" in said(ask("fabc", "∂f/∂a"), "")[0]

    def test_skip_leaves_it_out_and_quit_ends_the_program_without_closing_it(self) -> None:
        skipped, left = ask("fabc", "s"), ask("fabc", "s")
        said(skipped, "skip")
        said(left, "quit")
        assert skipped.attempt.outcome is Outcome.SKIPPED
        assert left.attempt.is_open
        assert left.over
        assert left.quits

    def test_a_wrong_answer_is_explained_in_a_sentence_and_can_be_tried_again(self) -> None:
        asked = ask("fabc", "∂f/∂a")
        lines = said(asked, "1/9")
        assert 1 <= len(lines) <= 2
        assert lines[-1] == "Try again; hint helps, skip leaves it out."
        assert said(asked, "-1/9")[0].startswith("Right")
        assert asked.attempt.outcome is Outcome.HELPED


class TestPredicting:
    def test_the_step_is_shown_when_it_was_answered(self) -> None:
        walk = WalkDialogue(load("fabc"))
        said(walk, "predict step")
        assert said(walk, "next") == ["Step 1 of 13, forward: l = ln(b), where b = 2.7183.", "What is the value of l?"]
        assert walk.cursor == 0
        lines = said(walk, "1")
        assert lines[:2] == ["Right: 1.", "Step 1 of 13, forward: l = ln(b) = ln(2.7183) ≈ 1, exactly 1."]

    def test_nothing_that_can_be_typed_gives_the_answer_away(self) -> None:
        walk = WalkDialogue(load("fabc"))
        said(walk, "go 8", "predict step", "next")
        for command in ("values", "gradients", "where", "intro", "questions", "help", "gradients c"):
            assert "0.1111" not in " ".join(said(walk, command)), command
            assert walk.prompt == ANSWER

    def test_a_word_that_leads_elsewhere_gives_the_question_up(self) -> None:
        progress = Progress()
        walk = WalkDialogue(load("fabc"), progress=lambda: progress)
        assert said(walk, "go 8", "predict step", "next", "3", "back")[0].startswith("Step 7 of 13")
        assert [noted.outcome for noted in progress.noted] == [Outcome.WRONG]
        assert said(walk, "next", "next")[1] == "What is ∂q/∂c, the local derivative of q by c?"
        assert said(walk, "predict off")[0] == "Steps are shown from now on."
        assert said(walk, "next")[0].startswith("Step 9 of 13, backward from q to c")

    @pytest.mark.parametrize(
        ("level", "kinds"),
        [
            ("worked example", []),
            ("last factor", [TaskKind.VALUE] * 5 + [TaskKind.LOCAL_DERIVATIVE] * 7),
            ("result", [TaskKind.VALUE, *[TaskKind.GRADIENT] * 3]),
        ],
    )
    def test_a_level_says_how_much_is_asked(self, level: str, kinds: Sequence[TaskKind]) -> None:
        walk = WalkDialogue(load("fabc"))
        said(walk, f"predict {level}")
        asked: list[TaskKind] = []
        while walk.cursor < walk.trace.total:
            inner = innermost(walk)
            if isinstance(inner, AskDialogue):
                asked.append(inner.attempt.task.kind)
                walk.respond(right_answer(inner))
            else:
                walk.respond("")
        assert asked == list(kinds)

    def test_the_end_says_what_came_of_it_and_what_to_practise(self) -> None:
        walk = WalkDialogue(load("fabc"))
        said(walk, "go 9", "predict last factor", "next", "hint", "-1/9", "next", "1", "next", "skip", "next", "skip")
        of, practise = said(walk, "next")[-2:]
        assert of == "Of 4 questions: 1 right at once, 1 right with help, 2 skipped."
        assert practise.startswith("To practise: local derivative of ")

    def test_no_level_of_that_name_is_said(self) -> None:
        assert "one of fading, worked example" in said(WalkDialogue(load("fabc")), "predict much")[0]


def right_answer(asked: AskDialogue) -> str:
    """The answer that the scenario states, or else the number itself."""
    task = asked.attempt.task
    if (exercise := getattr(task, "exercise", None)) is not None and exercise.answer is not None:
        return str(exercise.answer)
    right = getattr(task, "right", None)
    return task.solution.split(" = ")[-1] if right is None else repr(float(right))


def through(dialogue: CourseDialogue) -> Iterator[tuple[str, list[str]]]:
    """Go through a whole course; yield what is typed and what is said to it."""
    yield "", plain(dialogue.opening())
    while not dialogue.over:
        inner = innermost(dialogue)
        if dialogue.prompt == ANSWER:
            assert isinstance(inner, AskDialogue)
            typed = right_answer(inner)
        elif dialogue.inner is None and dialogue.run.done == len(dialogue.run.course.lessons):
            typed = "quit"
        else:
            typed = ""
        yield typed, plain(dialogue.respond(typed))


class TestTheWholeCourse:
    def test_is_gone_through_by_pipe(self) -> None:
        course = CourseRun(load_course(), Progress())
        dialogue = CourseDialogue(course)
        conversation = list(through(dialogue))
        assert course.done == len(course.course.lessons)
        outcomes = [noted.outcome for noted in course.progress.noted if noted.outcome is not None]
        assert set(outcomes) == {Outcome.RIGHT}
        for _, lines in conversation:
            steps = [place for place, text in enumerate(lines) if text.startswith("Step ")]
            assert all(len(lines) - place <= 5 for place in steps[-1:])

        typed = "".join(f"{text}\n" for text, _ in conversation[1:])
        environment = {**os.environ, "GRADWALK_GUEST": "1"}  # a guest's progress waits for no disk
        result = subprocess.run(
            [GRADWALK, "learn"], input=typed, capture_output=True, text=True, env=environment, timeout=120
        )
        assert result.returncode == 0
        assert result.stderr == ""
        heard = [line for line in result.stdout.splitlines() if not line.startswith((f"{COMMAND}:", f"{ANSWER}:"))]
        assert heard == [text for _, lines in conversation for line in lines for text in line.split("\n")]

    def test_what_is_done_in_a_pipe_is_known_everywhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        result = CliRunner().invoke(main, ["--plain", "learn"], input="\nend\n\n7\n", prog_name="gradwalk")
        assert result.output.endswith("Lesson 1 goes on here next time.\nWhat was answered is kept.\n")
        run = CourseRun(load_course(), Progress(ProgressFile()))
        assert run.states[run.course.lessons[0].name] is LessonState.BEGUN
        assert [noted.outcome for noted in run.progress.noted if noted.outcome is not None] == [Outcome.RIGHT]

    @pytest.mark.parametrize("guest", [True, False])
    def test_nothing_is_called_kept_that_is_not(
        self, guest: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (no_folder := tmp_path / "file").touch()
        monkeypatch.setenv("XDG_STATE_HOME", str(no_folder))
        options = ["--guest"] if guest else []
        output = CliRunner().invoke(main, [*options, "learn", "--plain"], input="\n\nquit\n").output
        assert output.endswith("What was answered is not kept for the next time.\n")
        assert "goes on here next time" not in output
        assert output.count("Progress is not remembered") == (not guest)

    def test_every_lesson_asks_something(self) -> None:
        course = load_course()
        assert all(open_lesson(course, lesson).tasks for lesson in course.lessons)


class TestALesson:
    def course(self, progress: Progress | None = None) -> CourseDialogue:
        return CourseDialogue(CourseRun(load_course(), progress or Progress()))

    def test_it_is_gone_on_with_where_it_was_left(self) -> None:
        progress = Progress()
        first = self.course(progress)
        said(first, "next", "", "", "quit")
        assert first.over
        again = self.course(progress)
        again.opening()
        lines = said(again, "")
        assert lines[0].startswith("Lesson 1 of ")
        assert lines[1].startswith("Step 2 of ")

    def test_a_question_is_gone_on_with_too(self) -> None:
        progress = Progress()
        first = self.course(progress)
        said(first, "go 1", "end", "next")
        assert isinstance(innermost(first), AskDialogue)
        first.respond(right_answer(innermost(first)))  # pyright: ignore[reportArgumentType]
        first.closing()
        assert said(self.course(progress), "")[-1].startswith("Question 2 of ")

    def test_its_words_and_questions_can_be_read_again_at_any_time(self) -> None:
        course = self.course()
        first = said(course, "1")
        assert said(course, "next", "intro") == first
        assert said(course, "questions")[0].startswith("Question 1: ")
        said(course, "end", "next")
        assert said(course, "intro") == first
        assert said(course, "given")[0].startswith("Given: ")
        assert said(course, "walk")[-1].startswith("The walk has ")
        assert isinstance(course.inner, LessonDialogue)
        assert said(course, "leave")[0].startswith("0 of ")

    def test_the_list_says_what_was_done(self) -> None:
        progress = Progress()
        progress.finish(load_course().lessons[0].name, load_course().place)
        lines = said(self.course(progress), "list")
        assert lines[0].endswith(": done.")
        assert lines[1].endswith(": next.")

    def test_a_hint_where_nothing_is_asked_says_what_enter_does(self) -> None:
        course = self.course()
        assert said(course, "hint")[0].startswith("Nothing is asked here; enter goes on with the course")
        said(course, "1")
        assert said(course, "skip")[0].startswith("Nothing is asked here; enter takes the next step")
        said(course, "end")
        assert said(course, "hint")[0].startswith("Nothing is asked here; enter goes on to the questions")

    @pytest.mark.parametrize("typed", ["99", "go 0", "go", "what", "go nowhere"])
    def test_another_word_gets_a_sentence(self, typed: str) -> None:
        course = self.course()
        assert len(said(course, typed)) == 1
        assert course.inner is None

    def test_a_course_of_one_s_own_runs_too(self, tmp_path: Path) -> None:
        file = tmp_path / "own.toml"
        file.write_text('title = "Own"\n[[lesson]]\nscenario = "xyz"\npredict = "worked example"\n', encoding="utf-8")
        runner = CliRunner(env={"XDG_STATE_HOME": str(tmp_path)})
        result = runner.invoke(main, ["learn", str(file), "--plain"], input="\nend\n\n", prog_name="gradwalk")
        assert result.exit_code == 0
        assert "Question 1 of " in result.output
        assert result.output.endswith("What was answered is kept.\n")


class TestADrill:
    def drill(self, progress: Progress, count: int = 10) -> DrillDialogue:
        return DrillDialogue(drills(progress, seed=5, count=count), progress)

    def test_a_round_is_gone_through(self) -> None:
        progress = Progress()
        drill = self.drill(progress)
        lines = plain(drill.opening())
        for number in range(1, 11):
            assert lines[-1].startswith(f"Exercise {number} of 10: ")
            inner = innermost(drill)
            assert isinstance(inner, AskDialogue)
            lines = said(drill, right_answer(inner))
            assert lines[0].startswith("Right")
            assert len(lines) <= 4
        assert lines[1] == "Of 10 questions: 10 right at once."
        assert [noted.outcome for noted in progress.noted] == [Outcome.RIGHT] * 10
        assert said(drill, "")[-1].startswith("Exercise 1 of 10: ")

    def test_the_walk_of_the_exercise_before_says_why(self) -> None:
        drill = self.drill(Progress(), 2)
        drill.opening()
        assert "no exercise before" in said(drill, "walk")[0]
        assert said(drill, "skip", "walk")[1].startswith("Step ")
        assert said(drill, "leave")[-1].startswith("Exercise 2 of 2: ")
        assert said(drill, "skip", "walk", "leave")[-1].startswith("Enter begins another round")
        said(drill, "quit")
        assert drill.over

    def test_a_round_of_one_says_so(self) -> None:
        assert plain(self.drill(Progress(), 1).opening())[0].startswith("A round of 1 exercise, ")

    def test_a_round_can_be_ended(self) -> None:
        drill = self.drill(Progress())
        drill.opening()
        assert said(drill, "skip", "hint", "end")[0].startswith("Of 2 questions: ")
        assert "another round" in said(drill, "what")[0]

    def test_the_command_is_a_pipe_of_the_same_exercises(self) -> None:
        runner = CliRunner()
        first, second = (
            runner.invoke(main, ["--guest", "drill", "--seed", "7", "--count", "1"], input="skip\nquit\n").output
            for _ in range(2)
        )
        assert first == second
        assert "Exercise 1 of 1: " in first


class TestAHunt:
    def hunt(self, progress: Progress) -> HuntDialogue:
        next_hunt = hunts(load("fabc"), seed=3)
        return HuntDialogue(next_hunt(), next_hunt, progress)

    def test_the_step_is_found_and_then_the_mistake(self) -> None:
        progress = Progress()
        hunt = self.hunt(progress)
        lines = plain(hunt.opening())
        of = hunt.hunt.of
        assert [text for text in lines if text.startswith("Step ")] == [
            text for row in of.rows for text in lines if text.startswith(f"Step {row.step}: {row.gradient_name} += ")
        ]
        assert lines[-1] == "In which step does this backward pass first go wrong?"
        lines = said(hunt, str(of.wrong.step))
        assert lines[0].startswith(f"Right: step {of.wrong.step}")
        assert lines[1].startswith("1. ")
        place = next(place for place, choice in enumerate(of.choices, 1) if choice.mistake == of.planted)
        lines = said(hunt, str(place))
        assert lines[0].startswith("Right: ")
        assert lines[1].startswith(f"This is how it should be. Step {of.wrong.step}: ")
        assert [noted.outcome for noted in progress.noted] == [Outcome.RIGHT] * 2
        assert said(hunt, "walk")[1].startswith(f"Step {of.wrong.step} of 13")
        assert said(hunt, "leave", "")[-1] == "In which step does this backward pass first go wrong?"

    def test_what_is_no_step_is_said_and_the_steps_can_be_heard_again(self) -> None:
        hunt = self.hunt(Progress())
        hunt.opening()
        assert "This cannot be read: " in said(hunt, "99")[0]
        assert "Type the number of a step" in said(hunt, "")[0]
        assert len(said(hunt, "steps")) == len(hunt.hunt.of.rows)
        assert said(hunt, "values")[0].startswith("The values: a = 2")
        assert said(hunt, "choices") == ["First the step is asked for, and then what is wrong in it."]
        assert said(hunt, "skip", "skip")[-1].startswith("Enter begins another hunt")

    def test_the_command_runs_in_a_pipe(self) -> None:
        result = CliRunner().invoke(main, ["--guest", "hunt", "fabc", "--seed", "1"], input="skip\nskip\nquit\n")
        assert result.exit_code == 0
        assert "This is how it should be. Step " in result.output


TYPED = (
    "next", "", "back", "go 5", "go ∂f/∂s", "end", "start", "where", "values", "gradients a", "notes off", "intro",
    "questions", "ask", "ask 2", "predict step", "predict result", "predict off", "help", "hint", "?", "skip", "leave",
    "walk", "list", "1", "-1/9", "1/0", "x^", "sin(", "steps", "choices", "exercise", "given", "∞", "nan", "1e999", "e",
    "go 1e9", "\x1b[A", "((((", "d/d", "go " + "9" * 30, "∂f/∂",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_typed_something_is_said_and_the_dialogue_goes_on(seed: int) -> None:
    random = Random(seed)
    next_hunt = hunts(seed=seed)
    dialogue = random.choice(
        [
            lambda: WalkDialogue(load("square"), spoken=True),
            lambda: CourseDialogue(CourseRun(load_course(), Progress())),
            lambda: DrillDialogue(drills(Progress(), seed=seed, count=3), Progress()),
            lambda: HuntDialogue(next_hunt(), next_hunt, Progress()),
        ]
    )()
    assert plain(dialogue.opening())
    for _ in range(30):
        assert plain(dialogue.respond(random.choice(TYPED)))
        assert not dialogue.over
