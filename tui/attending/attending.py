"""`Attending`: the part of a session in the room that it was let into, as the app has it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from ..background import WorkDone, WorkFailed
from ..bindings import with_keys
from ..lecture.messages import (
    Answered,
    Audience,
    Counted,
    Ending,
    Follows,
    Leads,
    Replaced,
    Said,
    Show,
    Shown,
    ToSession,
)
from ..places import Places
from ..screens.in_lecture import InLecture
from ..session import Role
from ..themed_app import ThemedApp
from ..widgets.too_small import TooSmall, is_too_small
from ..words import lecture as words
from .line import Line

if TYPE_CHECKING:
    from .following import Following
    from .telling import Telling


class Attending:
    """Tells the server what the presenter shows, and shows a learner what the server tells.

    Every change of what is led is seen by what is painted, whatever made it: a key, the mouse, a clock.
    """

    def __init__(self, app: ThemedApp, places: Places, link: socket.socket) -> None:
        """Begin; the app's loop has to run."""
        self._app = app
        self._places = places
        self._follows = True
        self._present: bool | None = None
        """Whether somebody presents; None where nobody has said that there is a lecture."""
        self._reaches = True
        self._is_cut_off = False
        self._was_replaced = self._cannot_follow = False
        self._audience = Audience(0, 0)
        self._telling: Telling | None = None
        self._following: Following | None = None
        self._line = Line(link, self._arrived, self._lost)
        if self._role is Role.PRESENTER:
            from .telling import Telling

            self._telling = Telling(app, places, self._line)
        elif self._role is Role.FOLLOWER:
            self._begin_to_follow()
        self._say_who_leads()

    @property
    def may_follow(self) -> bool:
        """Whether there is a lecture that may be followed, or let go."""
        return self._following is not None

    @property
    def follows(self) -> bool:
        """Whether somebody sees what the presenter shows."""
        return self._follows and self._following is not None

    @property
    def help(self) -> str:
        """What the help of a screen says of the lecture; nothing where there is none."""
        if self._present is None or (self._telling is None and self._following is None):
            return ""
        return words.help_words(presents=self._telling is not None, follows=self._follows)

    def painted(self) -> None:
        """Tell what is on show now, or see whether somebody has gone elsewhere than they were led."""
        if self._telling is not None:
            if self._present is not None:  # what was shown before is told first, to go on from there
                self._telling.tell()
        elif self._following is not None and self._follows:
            if self._following.has_left():
                self._let_go(self._following)
            else:
                self._following.painted()
            self._say_place()

    def toggle(self) -> None:
        """Let go of the lecture, or catch up with it."""
        following = self._following
        if following is None:
            return
        if self._follows:
            self._let_go(following)
            return
        self._follows = True
        self._line.tell(Follows(True))
        self._say_who_leads()
        self._say(words.CAUGHT_UP if self._present else words.WILL_FOLLOW)
        following.again()

    def done(self, event: WorkDone) -> None:
        """Show what was opened to be followed."""
        part = self._following or self._telling
        if part is not None:
            part.done(event)

    def failed(self, event: WorkFailed) -> None:
        """Say why it cannot be shown."""
        part = self._following or self._telling
        if part is not None:
            part.failed(event)

    def answered(self, answered: Answered) -> None:
        """Tell what came of a step that everybody is asked for."""
        if self.follows:
            self._line.tell(answered)

    def close(self) -> None:
        """Let go of the server."""
        self._line.close()

    # ---- what comes from the server

    def _arrived(self) -> None:
        self._app.call_later(self._hear)

    def _lost(self) -> None:
        self._app.call_later(self._go_on_alone)

    def _hear(self) -> None:
        for message in self._line.take():
            self._hear_one(message)

    def _hear_one(self, message: ToSession) -> None:
        match message:
            case Show(shown):
                self._show(shown)
            case Leads(present, reaches):
                came = present and self._present is False and not self._follows
                self._present, self._reaches = present, reaches
                if came:
                    self._say(words.PRESENTER_CAME)
                self._say_whether_it_reaches()
                self._say_who_leads()
                self._app.call_later(self.painted)
            case Audience():
                self._audience = message
                if self._telling is not None:
                    self._telling.followers = message.following
                self._say_who_leads()
            case Said(sentence):
                self._app.notify(words.in_brief(sentence), timeout=10, markup=False)
            case Ending(sentence):
                self._app.session.farewell = words.in_brief(sentence)
                self._app.exit()
            case Replaced():
                self._follow_another()
            case Counted(tally) if self._telling is not None:
                self._telling.count(tally)
            case _:
                pass

    def _follow_another(self) -> None:
        """Follow somebody else, who has taken over."""
        if self._telling is not None:
            self._telling, self._app.session.role = None, Role.FOLLOWER
            self._was_replaced = True
            self._begin_to_follow()
            self._say(words.TAKEN_OVER)
            self._say_who_leads()

    def _show(self, shown: Shown) -> None:
        """Show what the presenter shows; a presenter who has just come begins where the lecture was left."""
        if self._telling is not None:
            self._telling.go_on_from(shown)
            return
        following = self._following
        if following is None:
            return
        is_first, following.latest = following.latest is None, shown
        self._say_place()
        if not self._follows:
            self._say_who_leads()
        elif following.has_left():
            self._let_go(following)
        else:
            if is_first and self._places.is_walking and not self._was_replaced:  # who was, has been told
                self._say(words.BEGINS)
            following.go_on()
            self._say_who_leads()

    def _begin_to_follow(self) -> None:
        from .following import Following

        self._follows = True
        self._following = Following(self._app, self._places, self._following_changed)
        self._line.tell(Follows(True))

    def _go_on_alone(self) -> None:
        """Go on without a server."""
        if self._following is not None:
            self._following.end()
            self._ask_alone()
        if self._following is not None or self._telling is not None:
            self._app.warn(words.SERVER_GONE)
        self._following = self._telling = self._present = None
        self._say_who_leads()

    # ---- what goes to the server

    def _let_go(self, following: Following) -> None:
        self._follows = False
        following.end()
        self._ask_alone()
        self._line.tell(Follows(False))
        self._say_who_leads()
        self._say(words.LET_GO if self._present else words.LEFT_ALONE)

    def _ask_alone(self) -> None:
        for screen in self._places.chain:
            if isinstance(screen, InLecture):
                screen.ask_alone()

    # ---- what is said

    def _following_changed(self) -> None:
        following = self._following
        if following is not None and following.problem:
            self._app.warn(words.cannot_follow_words(following.problem))
        elif self._cannot_follow:
            self._app.clear_notifications()  # it was said of a moment that is over
        self._cannot_follow = following is not None and bool(following.problem)
        self._say_who_leads()

    def _say(self, sentence: str) -> None:
        self._app.notify(with_keys(sentence, self._app.screen), timeout=6, markup=False)

    def _say_who_leads(self) -> None:
        following, said = self._following, ""
        if self._telling is not None:
            audience = self._audience
            said = words.presenter_words(audience.learners, audience.following, reaches=self._reaches)
        elif following is not None and self._present is not None:
            said = words.follower_words(
                follows=self._follows, present=self._present, opening=following.opening, problem=following.problem
            )
        self._app.say_who_leads(said)

    def _say_whether_it_reaches(self) -> None:
        """Say once when the other servers of the lecture are gone, to whom that concerns, and when they are back."""
        presents = self._telling is not None
        cut_off = not self._reaches and (presents or (self._follows and not self._present))
        if cut_off and not self._is_cut_off:
            self._is_cut_off = True
            self._say(words.CUT_OFF_PRESENTER if presents else words.CUT_OFF)
        elif self._reaches and self._is_cut_off:
            self._is_cut_off = False
            self._say(words.REACHES_AGAIN)

    def _say_place(self) -> None:
        """Say where the lecture is to somebody whose window is too small to see it."""
        following = self._following
        shown = following.latest if following is not None else None
        if shown is None or not is_too_small(self._app.size):
            return
        step = shown.stand.get("cursor")
        said = words.place_words(shown.scenario, shown.ways, step if isinstance(step, int) else None, shown.epoch)
        for widget in self._app.screen.query(TooSmall):
            asked = shown.asked.step if shown.asked is not None else None
            widget.say(words.unseen_words(said, follows=self._follows, asked=asked))

    @property
    def _role(self) -> Role:
        return self._app.session.role
