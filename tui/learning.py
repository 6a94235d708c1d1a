"""`Learning`: the course on show, its lessons, and how their walks were left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from ..engine.errors import GradwalkError
from .kept import Opened
from .screens.place import Place
from .themed_app import ThemedApp

if TYPE_CHECKING:
    from ..engine.courses import OpenLesson
    from ..engine.study.course import Course, Lesson
    from .study.course_run import CourseRun
    from .walk.opened import OpenedWalk
    from .walk.panes import Division


class Learning:
    """Shows the lessons of a course: the one that was asked for, or the built-in one.

    `classes` tells which classes of size a new screen has, `show` puts a screen in the place of the one on show, and
    `division` tells where the divider of a walk stands.
    """

    def __init__(
        self,
        app: ThemedApp,
        classes: Callable[[], str],
        show: Callable[[Screen[None]], None],
        division: Callable[[], Division],
        course: Course | None = None,
    ) -> None:
        self._app = app
        self._classes = classes
        self._show = show
        self._division = division
        self._course = self._first_course = course
        self._left: dict[tuple[str, str], OpenedWalk] = {}
        """How the walks of lessons were left that somebody has edited or marked, by course and name."""

    def choose(self, name: str) -> None:
        """Take a course by its name; without one, that which was asked for at first, or the built-in one.

        GradwalkError where it cannot be read.
        """
        self._course = self._app.session.load_course(name) if name else self._first_course

    def screen(self) -> Screen[None]:
        """Return the screen of the course; GradwalkError where the course cannot be read."""
        from .screens.course import CourseScreen

        return CourseScreen(self._run(), self._classes())

    def open(self, lesson: Lesson) -> None:
        """Go into a lesson, to where somebody stood in it; say why where it cannot be opened."""
        from ..engine.courses import load_lesson, open_lesson
        from .walk.opened import LARGE

        run = self._run()
        course = run.course

        def show(opened: OpenLesson | None) -> None:
            if opened is not None:
                self._show_lesson(run, opened)

        try:
            scenario = load_lesson(course, lesson)
            if len(scenario.graph) * (1 + lesson.epochs) < LARGE:
                show(open_lesson(course, lesson, scenario))
                return
        except GradwalkError as error:
            self._app.notify(str(error), title="It cannot be opened", severity="error", timeout=12, markup=False)
            return
        from .screens.working import WorkingScreen

        def work(report: Callable[[float], None]) -> OpenLesson:
            return open_lesson(course, lesson, scenario, lambda doing, done: report(done))

        self._app.push_screen(WorkingScreen("opening the lesson", work), show)

    def keep(self, lesson: tuple[str, str], left: Opened) -> None:
        """Remember the walk of a lesson where it was edited or marked; what was answered is kept elsewhere."""
        from .walk.opened import OpenedWalk

        self._left.pop(lesson, None)
        if isinstance(left, OpenedWalk) and (left.revisions is not None or (left.moment and left.moment.marks)):
            self._left[lesson] = left

    def unsaved(self) -> Iterator[str]:
        """Yield the titles of lessons whose walks were left, or stand, with something unsaved."""
        left: dict[tuple[str, str], Opened] = {**self._left}
        for screen in self._app.screen_stack:
            if isinstance(screen, Place) and screen.lesson is not None:
                left[screen.lesson] = screen.as_left()
        return (walk.scenario.title for walk in left.values() if walk.unsaved)

    def is_below(self) -> bool:
        """Say whether what is on show was opened from a lesson."""
        return any(is_lesson(screen) for screen in self._app.screen_stack[-2:-1])

    def _show_lesson(self, run: CourseRun, opened: OpenLesson) -> None:
        from .screens.lesson import LessonScreen, opened_walk

        lesson = run.begin(opened)
        before = self._app.screen
        if isinstance(before, Place) and before.lesson is not None:
            self.keep(before.lesson, before.as_left())
        walk = opened_walk(lesson, self._left.get((run.course.place, lesson.lesson.name)))
        self._show(LessonScreen(lesson, walk, self._classes(), division=self._division()))

    def _run(self) -> CourseRun:
        from ..engine.courses import load_course
        from .study.course_run import CourseRun

        self._course = self._course or load_course()
        return CourseRun(self._course, self._app.session.progress)


def is_lesson(screen: Screen[Any]) -> bool:
    """Say whether a screen is that of a lesson."""
    return isinstance(screen, Place) and screen.lesson is not None
