"""`LessonScreen`: the walk of a lesson; what comes before it, and after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.timer import Timer

from ...engine.study.level import FADING, Level
from ..bindings import active_keys
from ..messages import CourseWanted, LessonChosen, TrainingWanted
from ..study.course_run import LessonRun
from ..walk.moment import Moment
from ..walk.opened import OpenedWalk
from ..walk.panes import Division, Panes
from ..widgets.key_bar import KeyBar
from ..widgets.lines import LinesView
from ..words.course import end_lines, intro_lines, lesson_line, lesson_title, onward_words
from ..words.lines import Line
from .lesson_questions import Left, QuestionsScreen
from .walk import WalkScreen

_SECONDS_TO_KEEP = 0.3
"""Seconds after a step until it is remembered: whoever holds a key does not wait for the disk at each step."""

_ONWARD = ("walk.forward", "walk.next-node", "walk.next-phase", "walk.play", "walk.end")
"""Commands that lead on from the end of the walk to the questions."""


def opened_walk(run: LessonRun, left: OpenedWalk | None = None) -> OpenedWalk:
    """Return the walk of a lesson, where it stands; with what somebody has made of it where it was `left`."""
    if left is not None and left.moment is not None:
        edited = left.revisions is not None
        return left if edited else replace(left, moment=left.moment.at(run.step))
    title = lesson_title(run.number, len(run.course.course.lessons), run.lesson.title)
    scenario = replace(run.scenario, exercises=())  # they are asked after the walk
    return OpenedWalk(scenario, run.trace, title, moment=Moment(run.trace, cursor=run.step))


class LessonScreen(WalkScreen):
    """A walk that goes as far as the lesson says; its intro comes before it, its questions after."""

    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("E", "train", "Training", tooltip="Open the training whose epoch this is", id="lesson.training"),
        Binding("escape,b", "command('walk.library')", "Lessons", tooltip="Back to the list of lessons",
                id="walk.library", key_display="esc"),
    ]  # fmt: skip
    DEFAULT_CSS = """
    LessonScreen #lesson { height: 1; padding: 0 1; overflow-y: hidden; }
    """

    def __init__(
        self, run: LessonRun, opened: OpenedWalk, classes: str | None = None, *, division: Division | None = None
    ) -> None:
        super().__init__(opened, classes, division=division)
        self.run = run
        self._timer: Timer | None = None
        self._has_begun = False
        """Whether its first words have come: until then a key that is typed ahead does nothing to the walk."""

    def compose(self) -> ComposeResult:
        """Lay out the walk, and above the keys what comes next."""
        *walk, keys = super().compose()
        assert isinstance(keys, KeyBar), "the keys are the last row"
        yield from walk
        yield LinesView("lesson")
        yield keys

    def on_mount(self) -> None:
        """Begin with the intro, or where somebody stood."""
        self.bindings_updated_signal.subscribe(self, self._follow_bindings)
        self.call_after_refresh(self._begin)

    def on_unmount(self) -> None:
        """Remember where they stand."""
        self._keep()

    def validate_moment(self, moment: Moment) -> Moment:
        """Go no further than the lesson does."""
        return moment.at(self.run.last) if self._is_beyond(moment) else moment

    def watch_moment(self, moment: Moment) -> None:
        """Draw a moment, and remember soon where it is."""
        super().watch_moment(moment)
        if moment.trace.total != self.run.trace.total:
            return  # it was edited: its steps are not those of the lesson
        was_walked = self.run.walked
        self.run.walk_to(moment.cursor)
        if self.run.walked is not was_walked:
            self._say_what_comes()
        if self._timer is not None:
            self._timer.stop()
        if not self.run.is_kept:
            self._timer = self.set_timer(_SECONDS_TO_KEEP, self._keep)

    @property
    def lesson(self) -> tuple[str, str] | None:
        """The course and the name of the lesson."""
        return self.run.course.course.place, self.run.lesson.name

    @property
    def last_step(self) -> int:
        """The step that the lesson goes to; the last one where it was edited."""
        return super().last_step if self._is_edited else self.run.last

    @property
    def path(self) -> Path | None:
        """Nothing is read anew in a lesson."""
        return None

    def go(self, moment: Moment) -> None:
        """Move by hand, no further than the lesson does."""
        super().go(self.validate_moment(moment))

    def go_on(self, moment: Moment, *, at_once: bool = False) -> None:
        """Go forward by hand, no further than the lesson does."""
        super().go_on(self.validate_moment(moment), at_once=at_once)

    def action_command(self, id: str) -> None:
        """Run a command of the walk; at its end, those that lead on lead to the questions."""
        if not self._has_begun:
            return
        if id == "walk.questions":
            self._read()
        elif id in _ONWARD and self.moment.cursor == self.run.last and not self._is_edited:
            self._ask()
        else:
            super().action_command(id)

    def action_train(self) -> None:
        """Open the training."""
        self.post_message(TrainingWanted(self, self.run.scenario))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the training where there is one."""
        return self.run.scenario.is_trained if action == "train" else super().check_action(action, parameters)

    # ---- intro, questions, end

    def _begin(self) -> None:
        self._has_begun = True
        if self.run.walked and self.run.exercise:
            self._ask()
        elif not self.run.step:
            self._introduce()
        else:
            self._predict()

    def _introduce(self) -> None:
        from .lesson_intro import LessonIntroScreen

        run = self.run
        lines = intro_lines(run.scenario.intro, run.last, len(run.tasks), run.lesson.level)
        self.app.push_screen(LessonIntroScreen(run.lesson.title, lines), lambda read: self._predict())

    def _predict(self) -> None:
        """Ask for the steps of the walk, at the level of the lesson."""
        level = self.run.lesson.level
        is_here = self.is_attached and bool(self.query(Panes))  # not so where the lesson was left from its intro
        if level is not Level.WORKED_EXAMPLE and not self.run.walked and is_here:
            self.moment = self.predict_mode.begun(level or FADING)

    def _ask(self) -> None:
        """Ask the questions; where there are none, they are all behind."""
        self._keep()
        self._open_questions(asking=True)

    def _read(self) -> None:
        self.moment = self.moment.played(False)
        self._open_questions(asking=False)

    def _open_questions(self, *, asking: bool) -> None:
        if self.app.screen is not self:
            return
        screen = QuestionsScreen(
            f"questions · {self.opened.title}",
            self.run,
            asking=asking,
            classes=" ".join(self.classes),
            finish=self._finish,
            onward=onward_words(self.run.following),
            changed=self._warn,
        )
        self.app.push_screen(screen, self._left)

    def _finish(self) -> list[Line]:
        """Know that the lesson is done; say what comes now."""
        self._warn(self.run.finish())
        return end_lines(self.run.lesson, self.run.number, self.run.following)

    def _left(self, left: Left | None) -> None:
        """Go where the questions were left for."""
        run = self.run
        if left is Left.AGAIN:
            self._warn(run.again())
            self.post_message(LessonChosen(self, run.lesson))
        elif left is Left.NEXT and run.following is not None:
            self.post_message(LessonChosen(self, run.following))
        elif left in (Left.NEXT, Left.LIST):
            self.post_message(CourseWanted(self))

    # ---- what is remembered

    def _keep(self) -> None:
        if not self.run.is_kept:
            self._warn(self.run.keep())

    def _warn(self, said: str) -> None:
        if said:
            self.notify(said, severity="warning", timeout=10, markup=False)

    def _is_beyond(self, moment: Moment) -> bool:
        return moment.cursor > self.run.last and moment.trace.total == self.run.trace.total

    @property
    def _is_edited(self) -> bool:
        return self.moment.trace.total != self.run.trace.total

    def _follow_bindings(self, screen: Screen[object]) -> None:
        self._say_what_comes()

    def _say_what_comes(self) -> None:
        bound: dict[str, Any] = dict(active_keys(self.screen))
        keys = {name: bound[name].shown for name in ("walk.forward", "walk.questions") if name in bound}
        said = lesson_line(keys, len(self.run.tasks), is_walked=self.run.walked)
        self.query_one("#lesson", LinesView).show(lambda width: [said])
