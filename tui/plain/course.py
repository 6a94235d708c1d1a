"""`CourseDialogue` and `LessonDialogue`: a course in questions and answers, with the progress that the screen keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...engine.courses import open_lesson
from ...engine.errors import GradwalkError, did_you_mean, quoted
from ...engine.study.attempt import Attempt
from ...engine.study.course import Lesson
from ...engine.study.level import FADING
from ..study.course_run import CourseRun, LessonRun, LessonState
from ..words.lines import Line, line, paragraphs
from ..words.plain_course import (
    course_sentences,
    given_sentences,
    kept_sentence,
    lesson_done_sentences,
    lesson_row,
    lesson_sentences,
    lesson_title_sentence,
    questions_next_sentence,
    resumed_sentence,
    task_sentences,
)
from ..words.plain_study import problem_sentences, tally_sentences
from .asking import AskDialogue
from .commands import Command, Commands
from .dialogue import Dialogue, OuterDialogue
from .walk import WalkDialogue

COMMANDS = (
    Command("next", "goes on with the course, as enter alone", ("n",)),
    Command("list", "all lessons, and what was done of them", ("l",)),
    Command("go", "to a lesson, by its number or its name, such as go 3", ("g",), "LESSON"),
    Command("intro", "what the course is about", ("i",)),
    Command("help", "this list", ("h", "?")),
    Command("quit", "the end of the program", ("q", "exit")),
)
"""What can be typed between lessons."""


class CourseDialogue(OuterDialogue):
    """A course: the lesson to go on with, and all others by their numbers."""

    def __init__(self, run: CourseRun, *, spoken: bool = False) -> None:
        self.run = run
        self._spoken = spoken
        self._commands = Commands(COMMANDS)

    def opening(self) -> Sequence[Line]:
        """Say what the course is, how much of it was done, and what comes next."""
        run = self.run
        problem = problem_sentences(run.progress.problem())
        return [*problem, *course_sentences(run.course, run.done, run.next_lesson)]

    def take(self, text: str) -> Sequence[Line]:
        """Go into a lesson, or do what a command says."""
        text = text.strip()
        if not text:
            return self._open(self.run.next_lesson)
        typed = self._commands.read(text)
        match typed.command:
            case "next":
                return self._open(self.run.next_lesson)
            case "list":
                states, course = self.run.states, self.run.course
                return [lesson_row(course, lesson, states[lesson.name]) for lesson in course.lessons]
            case "go":
                return self._go(typed.rest)
            case "intro":
                return paragraphs(self.run.course.intro or self.run.course.summary)
            case "help":
                return self._commands.help()
            case "quit":
                self.over = self.quits = True
                return self.quitting()
            case _:
                if text.isdecimal() or self.run.course.find(text) is not None:
                    return self._go(text)
                return self._commands.unknown(text, "enter goes on with the course, and help says what else")

    def resumed(self, ended: Dialogue) -> Sequence[Line]:
        """Say what comes after a lesson, whether it was done or left."""
        assert isinstance(ended, LessonDialogue), "only lessons are begun here"
        if ended.done:
            following = self.run.next_lesson if ended.run.following is not None else None
            return lesson_done_sentences(self.run.course, ended.run.lesson, following)
        return course_sentences(self.run.course, self.run.done, self.run.next_lesson)[-1:]

    def closing(self) -> Sequence[Line]:
        """Say whether what was answered is kept."""
        return [*super().closing(), *self.quitting()]

    def quitting(self) -> Sequence[Line]:
        """Say whether what was answered is kept."""
        return [kept_sentence(kept=self.run.progress.outlives)]

    def _go(self, text: str) -> Sequence[Line]:
        lessons = self.run.course.lessons
        if text.isdecimal() and len(text) < 9 and 0 < int(text) <= len(lessons):
            return self._open(lessons[int(text) - 1])
        lesson = self.run.course.find(text)
        if lesson is not None:
            return self._open(lesson)
        if not text or text.isdecimal():
            return [line(f"Go to which lesson? A number from 1 to {len(lessons)}, such as go 1.")]
        hint = did_you_mean(text, [each.name for each in lessons], "list says which there are.")
        return [line(f"There is no lesson {quoted(text)}; {hint}")]

    def _open(self, lesson: Lesson) -> Sequence[Line]:
        before = self.run.states[lesson.name] is LessonState.DONE
        again = [line("This lesson was done before; here it is once more.")] if before else []
        try:
            run = self.run.begin(open_lesson(self.run.course, lesson))
        except GradwalkError as error:
            return [*paragraphs(str(error)), line("This lesson cannot be opened; list says which others there are.")]
        return [*again, *self.begin(LessonDialogue(run, spoken=self._spoken))]


class LessonDialogue(OuterDialogue):
    """A lesson: its words, its walk with its questions before the steps, and what is asked after it.

    `done` says that it was gone through to its end.
    """

    def __init__(self, run: LessonRun, *, spoken: bool = False) -> None:
        self.run = run
        self.done = False
        self._spoken = spoken

    def opening(self) -> Sequence[Line]:
        """Say what the lesson is about; begin where somebody stood in it."""
        run = self.run
        said = about(run, resumed=bool(run.step or run.exercise))
        if run.walked and run.exercise:
            return [*said, *self._ask()]
        self.inner = self._walk()
        if run.step:
            said = [*said, *self.inner.take("where")]
        return said

    def take(self, text: str) -> Sequence[Line]:
        """Nothing is typed where neither the walk nor a question is on."""
        return self._ask()

    def resumed(self, ended: Dialogue) -> Sequence[Line]:
        """Go on from the walk to the questions, and from each of them to the next."""
        if isinstance(ended, WalkDialogue):
            if not ended.completed:
                self.over = True
                return problem_sentences(self._stand())
            problem = self._stand()
            return [*problem_sentences(problem), questions_next_sentence(len(self.run.tasks)), *self._ask()]
        return self._ask()

    def closing(self) -> Sequence[Line]:
        """Remember where somebody stands; say so."""
        return self.quitting()

    def quitting(self) -> Sequence[Line]:
        """Remember where somebody stands; say so."""
        problem = problem_sentences(self._stand())
        kept = self.run.course.progress.outlives
        return [*problem, *([resumed_sentence(self.run.number)] if kept else [])]

    def _walk(self) -> WalkDialogue:
        run = self.run
        walk = LessonWalk(run, spoken=self._spoken)
        walk.predict(run.lesson.level or FADING)
        return walk

    def _stand(self) -> str:
        """Remember where they stand: it waits for the disk, so not at each step."""
        if isinstance(self.inner, WalkDialogue):
            self.run.walk_to(self.inner.cursor)
        return "" if self.run.is_kept else self.run.keep()

    def _ask(self) -> Sequence[Line]:
        """Ask the next question; after the last one the lesson is done."""
        run = self.run
        if run.answered:
            self.done = self.over = True
            problem = run.finish()
            return [*tally_sentences(run.tally), *problem_sentences(problem)]
        task = run.tasks[run.exercise]
        place = run.exercise
        return self.begin(
            AskDialogue(
                Attempt(task),
                lead=f"Question {place + 1} of {len(run.tasks)}: ",
                closed=lambda attempt: run.closed(place, attempt),
                otherwise=self._instead_of_an_answer,
            )
        )

    def _instead_of_an_answer(self, text: str) -> Sequence[Line] | None:
        """Do what a word says that is no answer; the results of the walk are not said here."""
        looks: dict[str, Callable[[], Sequence[Line]]] = {
            "given": lambda: given_sentences(self.run.scenario, self.run.trace),
            "intro": lambda: about(self.run),
            "questions": lambda: asked(self.run),
            "walk": self._walk_again,
            "leave": self._leave,
            "help": lambda: _QUESTION_COMMANDS.help(),
        }
        word = _QUESTION_COMMANDS.read(text).command
        return looks[word]() if word is not None and word == text.casefold() else None

    def _walk_again(self) -> Sequence[Line]:
        self.inner = LessonWalk(self.run, spoken=self._spoken, step=0)
        return self.inner.opening()

    def _leave(self) -> Sequence[Line]:
        self.over = True
        return problem_sentences(self._stand())


_QUESTION_COMMANDS = Commands(
    (
        Command("given", "the inputs, and the operations"),
        Command("intro", "what the lesson is about"),
        Command("questions", "all questions of the lesson, and what came of them"),
        Command("walk", "the walk again, from its start"),
        Command("leave", "back to the list of lessons"),
        Command("help", "this list"),
    )
)
"""What can be typed at a question of a lesson, where the graph has nothing that is called so."""


class LessonWalk(WalkDialogue):
    """The walk of a lesson, which goes no further than the lesson does; from its end, `next` leads on."""

    def __init__(self, run: LessonRun, *, spoken: bool = False, step: int | None = None) -> None:
        super().__init__(
            run.scenario,
            trace=run.trace,
            spoken=spoken,
            outside="the list of lessons",
            progress=lambda: run.course.progress,
            last=run.last,
            where=run.course.where(run.lesson),
        )
        self._run = run
        self.cursor = self.seen = run.step if step is None else step

    def close(self, attempt: Attempt) -> str:
        """Remember an attempt, and where they stand."""
        said = super().close(attempt)
        return "\n".join(filter(None, (said, "" if self._run.is_kept else self._run.keep())))

    def _next(self, rest: str) -> Sequence[Line]:
        if self.cursor < self.last:
            return super()._next(rest)
        self._run.walk_to(self.cursor)
        self.completed = self.over = True
        return self.tally()

    def onward(self) -> str:
        """Say what enter does: from the end of the walk it leads to the questions."""
        if self.cursor < self.last:
            return super().onward()
        return "enter goes on to the questions" if self._run.tasks else "enter ends the lesson"

    def _end(self, rest: str) -> Sequence[Line]:
        return self.moved(self.last)

    def _intro(self, rest: str) -> Sequence[Line]:
        return about(self._run)

    def _questions(self, rest: str) -> Sequence[Line]:
        return asked(self._run)

    def moved(self, cursor: int) -> Sequence[Line]:
        """Go to a step of the lesson, and know that it was reached."""
        said = super().moved(min(cursor, self.last))
        self._run.walk_to(self.cursor)
        return said


def about(run: LessonRun, *, resumed: bool = False) -> list[Line]:
    """Say which lesson it is and, where it is not gone on with, what it is about."""
    title = lesson_title_sentence(run.number, len(run.course.course.lessons), run.lesson.title)
    if resumed:
        return [title]
    return [title, *lesson_sentences(run.scenario.intro, run.last, len(run.tasks), run.lesson.level)]


def asked(run: LessonRun) -> list[Line]:
    """Say the questions of a lesson, and what came of them."""
    return task_sentences(run.tasks, run.attempts, run.before)
