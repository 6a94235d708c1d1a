"""`Telling`: a presenter's part of a lecture: what is on show is told, as often as it can be followed."""

from __future__ import annotations

from ...engine.errors import GradwalkError
from ..background import WorkDone, WorkFailed
from ..lecture.messages import MessageError, Showing, Shown, Tally
from ..places import Places
from ..screens.in_lecture import InLecture
from ..themed_app import ThemedApp
from ..words.lecture import cannot_show_words
from .following import Following
from .line import Line
from .pace import Pace
from .presenting import Presenting


class Telling:
    """Tells the server what is on show, where that has changed; and shows what those who follow have answered."""

    def __init__(self, app: ThemedApp, places: Places, line: Line) -> None:
        self.followers = 0
        """How many follow now."""
        self._app = app
        self._places = places
        self._line = line
        self._presenting = Presenting(places)
        self._pace = Pace(lambda seconds: app.set_timer(seconds, self.tell))
        self._told: Shown | None = None
        self._problem = ""
        self._resuming: Following | None = None
        """What opens what was shown last, before this presenter came."""

    def tell(self) -> None:
        """Tell what is on show now; say once where those who follow cannot see it."""
        if self._resuming is not None and self._resuming.is_opening:
            return
        try:
            shown = self._presenting.shown()
            if shown is not None and shown != self._told and self._pace.may_tell(self.followers):
                self._line.tell(Showing(shown))
                self._told = shown
            problem = ""
        except (GradwalkError, MessageError) as error:
            problem = str(error)
        if problem and problem != self._problem:
            self._app.warn(cannot_show_words(problem))
        elif self._problem and not problem:
            self._app.clear_notifications()  # they see it again, and are not said not to
        self._problem = problem

    def go_on_from(self, shown: Shown) -> None:
        """Open what was shown last, unless something else is presented already, or was opened on the command line."""
        if self._told is None and not self._places.is_walking:
            self._resuming = Following(self._app, self._places, lambda: None)
            self._resuming.latest = shown
            self._resuming.go_on()

    def count(self, tally: Tally) -> None:
        """Show what has come of a question where it was asked."""
        for screen in self._places.chain:
            if isinstance(screen, InLecture):
                screen.show_counted(tally)

    def done(self, event: WorkDone) -> None:
        """Show what was opened."""
        if self._resuming is not None:
            self._resuming.done(event)

    def failed(self, event: WorkFailed) -> None:
        """Begin anew where it cannot be opened."""
        if self._resuming is not None:
            self._resuming.failed(event)
