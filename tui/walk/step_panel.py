"""`StepPanel`: the step of a moment, in words."""

from __future__ import annotations

from ...engine.scenario import Scenario
from ..widgets.lines import LinesView
from ..words.walk import moment_lines
from .moment import Moment


class StepPanel(LinesView):
    """All that there is to say about the step just taken."""

    def __init__(self, scenario: Scenario, id: str | None = None) -> None:
        super().__init__(id=id, scroll_binding="walk.scroll-down")
        self._scenario = scenario
        self._cursor = -1

    def follow(self, moment: Moment) -> None:
        """Draw the moment's step, from its first line; what is selected does not matter here."""
        if moment.cursor != self._cursor:
            self._cursor = moment.cursor
            state = moment.state
            self.show(lambda width: moment_lines(self._scenario, state))
