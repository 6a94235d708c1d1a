"""`HuntScreen`: a backward pass with one mistake in it, to find the step and to say what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.binding import Binding

from ...engine.errors import ExpressionError
from ...engine.study.attempt import Attempt
from ...engine.study.hunt import Hunt, StepTask
from ...engine.study.hunt_planting import WrongPass
from ..bindings import with_keys
from ..messages import WalkLeft, WalkOpened
from ..progress.progress import Progress
from ..study.hunt_list import PickList
from ..study.question_box import SnugLines
from ..walk.moment import Moment
from ..walk.opened import open_walk
from ..widgets.key_bar import KeyBar
from ..widgets.lines import LinesView
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..words.hunt import about_lines, choice_lines, operand_line, over_lines, row_lines, step_lines, value_lines
from ..words.lines import Line, line
from ..words.study import attempt_lines
from .full_window import FullWindow
from .goto import GotoScreen

FIND = "{hunt.choose} says that it is the selected step · {hunt.hint} shows a hint"
NAME = "{hunt.choose} says that it is the selected one · {hunt.hint} shows a hint"
OVER = "{hunt.again} begins another hunt · {hunt.walk} opens the right walk at this step"


FULL_FROM = 30
"""The height of a window from which the selected step stands there with its numbers a second time, a line each."""


class HuntScreen(FullWindow[None]):
    """One hunt after another. `Hunt` is all its state; what is drawn follows that."""

    AUTO_FOCUS = ""
    HELP = """\
A hunt shows a backward pass in which one mistake was made, and everything behind it follows from the wrong number. \
The values of the forward pass are right. Find the first step that does not fit, and then say what is wrong there.

Check a step from left to right: is the upstream gradient the one that the steps before have left? Is the local \
derivative that of the operation? Is the contribution their product? Is the sum right? A mistake is chosen by its \
number, too."""
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("enter", "choose", "This one", tooltip="Say that it is the selected one", id="hunt.choose",
                key_display="⏎"),
        Binding("down,j", "move(1)", "Down", tooltip="Select the next one", id="hunt.down", key_display="↓"),
        Binding("up,k", "move(-1)", "Up", tooltip="Select the one before", id="hunt.up", key_display="↑"),
        Binding("home", "move(-1000000)", "First", tooltip="Select the first one", id="hunt.first"),
        Binding("end", "move(1000000)", "Last", tooltip="Select the last one", id="hunt.last"),
        Binding("slash,g", "name_step", "By name", tooltip="Say by its name which step it is", id="hunt.by-name",
                key_display="/"),
        Binding("h", "hint", "Hint", tooltip="Show a hint; after the last the answer", id="hunt.hint"),
        Binding("s", "skip", "Skip", tooltip="Leave this out", id="hunt.skip"),
        Binding("w", "walk", "Walk", tooltip="Open the right walk at this step", id="hunt.walk"),
        Binding("r", "again", "Again", tooltip="Begin another hunt", id="hunt.again"),
        *(Binding(str(number), f"pick({number - 1})", "Pick", show=False) for number in range(1, 10)),
        Binding("shift+down,J", "scroll_lines(1)", "Scroll", tooltip="Scroll the text down", id="hunt.scroll-down",
                key_display="J"),
        Binding("shift+up,K", "scroll_lines(-1)", "Scroll up", tooltip="Scroll the text up", id="hunt.scroll-up",
                key_display="K"),
        Binding("escape", "leave", "Library", tooltip="Back to the library", id="hunt.leave", key_display="esc"),
    ]  # fmt: skip
    IMPORTANT_KEYS = (
        "hunt.choose", "hunt.hint", "hunt.again", "hunt.walk", "hunt.down", "hunt.up", "hunt.by-name", "hunt.skip",
        "hunt.leave", "app.quit", "app.help", "app.theme",
    )  # fmt: skip
    """What the key bar shows, as far as there is room."""
    DEFAULT_CSS = """
    HuntScreen {
        #about, #values, #asked, #said { padding: 0 1; }
        #values { margin: 1 0; }
        #steps { max-height: 40%; padding: 0 1; }
        #step { margin: 1 0; padding: 0 1; }
        #asked { margin-top: 1; }
        #choices { padding: 0 1; }
        #said { height: 1fr; }
        #choices, #asked { display: none; }
        &.-naming #choices, &.-naming #asked { display: block; }
        &.-naming #step { display: none; }
        &.-over #choices, &.-over #asked { display: none; }
        &.-over #step { display: block; }
        &.-medium.-naming #steps { max-height: 30%; }
        &.-short.-naming #steps { max-height: 20%; }
        &.-short.-naming #asked { margin: 0; }
        &.-short #values, &.-short #step { margin: 0; }
    }
    """

    def __init__(
        self, begun: WrongPass, next_hunt: Callable[[], WrongPass], progress: Progress, classes: str | None = None
    ) -> None:
        """Begin with one hunt; `next_hunt` makes another one."""
        super().__init__(classes=classes)
        self.hunt = Hunt.begin(begun)
        self._next_hunt = next_hunt
        self._progress = progress
        self._hint_is_latest = False

    def compose(self) -> ComposeResult:
        """Lay out the values, the steps, and below them one step or the mistakes to choose from."""
        yield TitleBar("hunt")
        yield SnugLines(id="about")
        yield SnugLines(id="values")
        yield PickList(id="steps")
        yield SnugLines(id="step")
        yield SnugLines(id="asked")
        yield PickList(id="choices")
        yield LinesView(id="said", scroll_binding="hunt.scroll-down")
        yield TooSmall()
        yield KeyBar(self.IMPORTANT_KEYS)

    def on_resize(self) -> None:
        """Say as much of the selected step as there is room for."""
        if self.is_mounted:
            self._draw_step()

    def on_mount(self) -> None:
        """Show the first hunt."""
        self._begin()

    @property
    def steps(self) -> PickList:
        """The steps back."""
        return self.query_one("#steps", PickList)

    @property
    def choices(self) -> PickList:
        """The mistakes to choose from."""
        return self.query_one("#choices", PickList)

    @property
    def is_naming(self) -> bool:
        """Whether the step is known, and the mistake is asked for."""
        return self.hunt.naming is not None and not self.hunt.is_over

    # ---- keys and clicks

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done now."""
        over, naming = self.hunt.is_over, self.is_naming
        match action:
            case "again" | "walk":
                return over
            case "choose" | "hint" | "skip":
                return not over
            case "name_step":
                return not over and not naming
            case "pick":
                return naming
            case _:
                return True

    def action_move(self, rows: int) -> None:
        """Select another step, or another mistake."""
        listed = self.choices if self.is_naming else self.steps
        listed.select(listed.selected + rows)
        self._draw_step()

    def action_choose(self) -> None:
        """Say that it is the selected one."""
        if self.is_naming:
            self.action_pick(self.choices.selected)
        else:
            self._answer(str(self.hunt.of.rows[self.steps.selected].step))

    def action_pick(self, place: int) -> None:
        """Say that it is the mistake at a place."""
        if place < len(self.hunt.of.choices):
            self.choices.select(place)
            self._answer(str(place + 1))

    def action_name_step(self) -> None:
        """Ask for the name of a step, and take it for the first wrong one."""
        task = StepTask(self.hunt.of)

        def find(typed: str) -> int | str:
            try:
                return task.read(typed).step
            except ExpressionError as error:
                return f"{error.message}: {error.hint}"

        def said(step: int | None) -> None:
            if step is not None:
                self._select_step(step)
                self._answer(str(step))

        example = f"its number, or its local derivative, such as {self.hunt.of.rows[0].name}"
        self.app.push_screen(GotoScreen("in which step does it first go wrong?", example, find), said)

    def action_hint(self) -> None:
        """Show a hint, after the last one the answer."""
        self._hint_is_latest = True
        self._follow(self.hunt.attempt.hinted())

    def action_skip(self) -> None:
        """Leave out what is asked."""
        self._follow(self.hunt.attempt.skipped())

    def action_walk(self) -> None:
        """Open the right walk where the mistake was."""
        opened = open_walk(self.hunt.of.scenario)
        self.post_message(WalkOpened(self, replace(opened, moment=Moment(opened.trace).at(self.hunt.of.wrong.step))))

    def action_again(self) -> None:
        """Begin another hunt."""
        self.hunt = Hunt.begin(self._next_hunt())
        self._begin()

    def action_leave(self) -> None:
        """Leave: what was found is remembered."""
        self.post_message(WalkLeft(self))

    def action_scroll_lines(self, rows: int) -> None:
        """Scroll what is said."""
        self.query_one("#said", LinesView).scroll_relative(y=rows, animate=False)

    def on_pick_list_clicked(self, event: PickList.Clicked) -> None:
        """Choose what was clicked; of the steps, what was selected already."""
        if event.picked is self.choices and self.is_naming:
            self.action_pick(event.place)
        elif event.picked is self.steps and event.again and self.hunt.naming is None:
            self.action_choose()
        self._draw_step()

    # ---- what is answered

    def _answer(self, answer: str) -> None:
        self._hint_is_latest = False
        self._follow(self.hunt.attempt.answered(answer))

    def _follow(self, attempt: Attempt) -> None:
        """Go on with an attempt; what has come of one that is closed is remembered at once."""
        self.hunt = self.hunt.with_attempt(attempt)
        if not attempt.is_open:
            problem = self._progress.note(attempt, "hunt")
            if problem:
                self.notify(problem, severity="warning", markup=False)
            self._hint_is_latest = False
            self._select_step(self.hunt.of.wrong.step)
        self._draw()

    def _select_step(self, step: int) -> None:
        self.steps.select(step - self.hunt.of.rows[0].step)

    # ---- drawing

    def _begin(self) -> None:
        of = self.hunt.of
        self._hint_is_latest = False
        self.query_one(TitleBar).show(f"hunt · {of.scenario.title}")
        self.query_one("#values", SnugLines).show(lambda width: value_lines(of, width))
        self.steps.show(lambda width: row_lines(of.rows, width), len(of.rows))
        self.choices.show(lambda width: choice_lines(of), len(of.choices))
        self._draw()

    def _draw(self) -> None:
        hunt = self.hunt
        self.set_class(hunt.naming is not None, "-naming")
        self.set_class(hunt.is_over, "-over")
        self.set_focus(self.choices if self.is_naming else self.steps, scroll_visible=False)
        self.query_one("#about", SnugLines).show(lambda width: about_lines(hunt))
        self.query_one("#asked", SnugLines).show(lambda width: self._asked())
        self.query_one("#said", LinesView).show(lambda width: self._said())
        self._draw_step()
        self.refresh_bindings()

    def _draw_step(self) -> None:
        row = self.hunt.of.rows[self.steps.selected]
        has_room = self.app.size.height >= FULL_FROM
        of = self.hunt.of

        def lines(width: int) -> Sequence[Line]:
            if value_lines(of, width):
                return step_lines(of, row, numbers=has_room)
            return [*step_lines(of, row), operand_line(of, row)]

        self.query_one("#step", SnugLines).show(lines)

    def _asked(self) -> Sequence[Line]:
        if self.hunt.naming is None:
            return ()
        return [*attempt_lines(self.hunt.finding), line((self.hunt.naming.task.prompt, "name"))]

    def _said(self) -> Sequence[Line]:
        said = attempt_lines(self.hunt.attempt, hint_is_latest=self._hint_is_latest)
        if self.hunt.is_over:
            return [*said, *over_lines(self.hunt), Line(), line((with_keys(OVER, self), "note"))]
        keys = with_keys(NAME if self.is_naming else FIND, self)
        return said or [line((keys, "note"))]
