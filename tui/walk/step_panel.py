"""`StepPanel`: the step of a moment, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from ...engine.walk.trace import State, Trace
from ..bindings import active_keys
from ..widgets.lines import LinesView
from ..words.lines import Line
from ..words.walk import begin_lines, moment_lines
from .moment import Moment
from .opened import OpenedWalk

if TYPE_CHECKING:
    from ...engine.editing.change import Change
    from .mark import Mark


class StepPanel(LinesView):
    """All that there is to say about the step just taken, and before the first one, which keys lead on."""

    HELP = """\
The step's panel has the formula, the numbers put in, and the result. Where a number has a short closed form it stands \
behind the decimal: "-0.0409 = -1/(9e)" says that this rounded to four decimals is that. "≈" is where the numbers as \
they are shown do not give the result as it is shown, "exactly" where only the closed form is the number itself."""

    def __init__(self, opened: OpenedWalk, id: str | None = None) -> None:
        super().__init__(id=id)
        self._opened = opened
        self._moment: Moment | None = None

    def on_mount(self) -> None:
        """Follow the bindings, which the start names: a user's own keys come after the first paint."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow_bindings)

    def follow(self, moment: Moment) -> None:
        """Draw the moment's step, from its first line; what is selected does not matter here."""
        before, self._moment = self._moment, moment
        if before is None or _step_of(moment) != _step_of(before):
            self._draw_moment(moment)

    def reopen(self, opened: OpenedWalk) -> None:
        """Be about another walk from now on."""
        self._opened = opened

    def _draw_moment(self, moment: Moment) -> None:
        state, at_start = moment.state, not moment.cursor
        change = moment.change
        edited = [] if change is None else _change_lines(change, state)
        is_new = change is not None and moment.cursor == change.cursor  # later the step comes first again
        self.show(
            lambda width: [
                *(_mark_lines(moment) if moment.marks else ()),
                *([*edited, Line()] if edited and is_new else ()),
                *moment_lines(self._opened.scenario, state, moment.digits, hints=not moment.hides_ahead),
                *(self._begin_lines() if at_start else ()),
                *([Line(), *edited] if edited and not is_new else ()),
            ]
        )

    def _begin_lines(self) -> list[Line]:
        keys = active_keys(self.screen)
        forward, leave = (keys[name].keys[0] if name in keys else "" for name in ("walk.forward", "walk.library"))
        return begin_lines(self._opened.scenario, epoch=self._opened.epoch, forward=forward, leave=leave)

    def _follow_bindings(self, screen: Screen[object]) -> None:
        if self._moment is not None and not self._moment.cursor:
            self._draw_moment(self._moment)


def _change_lines(change: Change, state: State) -> list[Line]:
    """Say what the last edit did; what that needs is loaded with the first edit."""
    from ..words.editing import change_lines

    return change_lines(change, state)


def _mark_lines(moment: Moment) -> list[Line]:
    """Say what somebody has marked here."""
    from ..words.marks import mark_lines
    from .marking import mark_here

    mark = mark_here(moment)
    return mark_lines(mark.note) if mark is not None else []


def _step_of(moment: Moment) -> tuple[Trace, int, int, tuple[Mark, ...], bool]:
    """Return all that the panel's text hangs on."""
    return moment.trace, moment.cursor, moment.digits, moment.marks, moment.hides_ahead
