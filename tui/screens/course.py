"""`CourseScreen`: the lessons of a course, what was done of them, and the one to go on with."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from ..bindings import active_keys
from ..messages import CourseLeft, LessonChosen
from ..study.course_run import CourseRun
from ..study.question_box import SnugLines
from ..widgets.key_bar import KeyBar
from ..widgets.scenario_list import Entry, ScenarioList
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..words.course import STATES, course_lines
from .full_window import FullWindow

_NUMBER = 6
"""Cells of the column of numbers."""


class CourseHead(SnugLines):
    """What the course is, and how far somebody has come."""

    DEFAULT_CSS = "CourseHead { max-height: 8; padding: 0 1; margin-bottom: 1; }"


class CourseScreen(FullWindow[None]):
    """A list with title and summary of each lesson; Enter or a click goes into one."""

    AUTO_FOCUS = None
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("enter,right,l", "open", "Learn", tooltip="Go into the selected lesson", id="course.open",
                key_display="⏎"),
        Binding("down,j", "move(1)", "Down", tooltip="Select the next lesson", id="course.down", key_display="↓"),
        Binding("up,k", "move(-1)", "Up", tooltip="Select the lesson before", id="course.up", key_display="↑"),
        Binding("pagedown", "move_page(1)", "Page down", tooltip="Select a lesson a page further",
                id="course.page-down"),
        Binding("pageup", "move_page(-1)", "Page up", tooltip="Select a lesson a page before", id="course.page-up"),
        Binding("home", "move(-100000)", "First", tooltip="Select the first lesson", id="course.first"),
        Binding("end", "move(100000)", "Last", tooltip="Select the last lesson", id="course.last"),
        Binding("escape,b", "leave", "Library", tooltip="To the library of scenarios", id="course.library",
                key_display="esc"),
    ]  # fmt: skip
    IMPORTANT_KEYS = (
        "course.open",
        "app.quit",
        "app.help",
        "course.library",
        "course.down",
        "course.up",
        "app.theme",
    )
    """What the key bar shows, as far as there is room."""
    HELP = """\
Each lesson is a graph to walk and some questions about it. The one to go on with is selected: Enter goes into it, to \
where you stood. Every lesson can be opened at any time, and gone through again.

In a lesson, its words come first, then the walk, then the questions. You can stop anywhere, with Esc or q, and go on \
later: what was answered is remembered at once. A course of your own is a small TOML file: "gradwalk learn my.toml"."""

    def __init__(self, run: CourseRun, classes: str | None = None) -> None:
        """Show a course, with the lesson selected to go on with."""
        super().__init__(classes=classes)
        self.run = run
        self._states, self._done = run.states, run.done
        self._first = run.course.lessons.index(run.next_lesson)

    def compose(self) -> ComposeResult:
        """Lay out what the course is, and its lessons."""
        yield TitleBar(self.run.course.title)
        yield CourseHead()
        yield ScenarioList(self._entries(), self._first, name_cells=_NUMBER)
        yield TooSmall()
        yield KeyBar(self.IMPORTANT_KEYS)

    def on_mount(self) -> None:
        """Say where they stand; a user's own keys come after the first paint."""
        self._say()
        if problem := self.run.progress.problem():
            self.notify(problem, severity="warning", timeout=10, markup=False)
        self.bindings_updated_signal.subscribe(self, self._follow_bindings)

    @property
    def list(self) -> ScenarioList:
        """The lessons."""
        return self.query_one(ScenarioList)

    def action_open(self) -> None:
        """Go into the selected lesson."""
        self.post_message(LessonChosen(self, self.run.course.lessons[self.list.selected]))

    def action_move(self, entries: int) -> None:
        """Select another lesson."""
        self.list.select(self.list.selected + entries)
        self._say()

    def action_move_page(self, pages: int) -> None:
        """Select a lesson about a page away."""
        self.action_move(pages * max(1, self.list.size.height // 3))

    def action_leave(self) -> None:
        """Go to the library."""
        self.post_message(CourseLeft(self))

    def on_scenario_list_clicked(self, event: ScenarioList.Clicked) -> None:
        """Go into the lesson that was clicked."""
        self.action_open()

    def _follow_bindings(self, screen: Screen[object]) -> None:
        self._say()

    def _say(self) -> None:
        chosen = self.run.course.lessons[self.list.selected]
        bound = active_keys(self.screen).get("course.open")
        key = bound.shown if bound else ""
        lines = course_lines(self.run.course, self._done, chosen, self._states[chosen.name], key)
        self.query_one(CourseHead).show(lambda width: lines)

    def _entries(self) -> list[Entry]:
        lessons = self.run.course.lessons
        return [
            Entry(
                f"{number:>2}",
                lesson.title,
                lesson.summary,
                problem=lesson.problem,
                done=STATES[self._states[lesson.name]],
            )
            for number, lesson in enumerate(lessons, start=1)
        ]
