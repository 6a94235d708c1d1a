"""`Lecture`: who leads and who follows, what is shown, and what has been answered. It knows no network and no clock."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from time import monotonic
from typing import Protocol

from msgspec.structs import replace

from ..lecture.messages import (
    Answered,
    Audience,
    Counted,
    Follows,
    Leads,
    MessageError,
    Replaced,
    Show,
    Showing,
    Shown,
    Tally,
    ToServer,
    ToSession,
)
from ..lecture.tally import AnswerCount, summed
from ..session import Role
from .audience import Elsewhere
from .bus import Attended, Bus, BusMessage, Joined, Led, Parted
from .events import Notice, Noticed, Tell
from .link import Packet, packed
from .numbering import Numbering

KEPT = 3600.0
"""Seconds for which the last moment of a lecture is shown to newcomers when its presenter has gone."""


class Sender(Protocol):
    """The end of a link, as far as messages go out of it."""

    def tell(self, message: ToSession) -> None:
        """Send a message, without waiting."""
        ...

    def send(self, packet: Packet) -> None:
        """Send a message that is encoded already, without waiting."""
        ...


class Seat:
    """A session's place in a lecture."""

    def __init__(self, lecture: Lecture, link: Sender, name: str) -> None:
        self._lecture = lecture
        self.link = link
        self.name = name
        """Who sits there, for the journal only."""
        self.follows = True

    def heard(self, message: ToServer) -> None:
        """Take what the session has told."""
        self._lecture.take(self, message)

    def leave(self) -> None:
        """Go: the session is over."""
        self._lecture.leave(self)


class Lecture:
    """A lecture at this server, and through its bus at all that hold it with this one.

    The presenter's session says what it shows; that is numbered here, and goes to every session and to the bus at
    once. How many follow and what they answer goes to the presenter when `tell_counts` is called: `soon` is called
    when there is something new to tell, however often that is.
    """

    def __init__(
        self,
        bus: Bus,
        tell: Tell,
        soon: Callable[[], None],
        *,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Begin without a presenter; `now` is the time of day in Unix seconds, `clock` one that is never set."""
        self.server = secrets.token_hex(16)
        self._bus = bus
        self._tell = tell
        self._soon = soon
        self._clock = clock
        self._numbering = Numbering(now)
        self._elsewhere = Elsewhere(clock)
        self._seats: dict[Seat, None] = {}
        self._presenter: Seat | None = None
        self._led: Led | None = None
        self._left_at = clock()
        self._answers = AnswerCount()
        self._question = (-1, 0)
        self._leads = Leads(False)
        self._reaches = True
        self._faults: set[str] = set()
        self._told: list[ToSession] = []
        self._attended: Attended | None = None

    # ---- who is there

    def join(self, link: Sender, role: Role, name: str = "") -> Seat:
        """Give a session a seat: a presenter leads from now on, everybody else follows; it is told how things stand."""
        seat = Seat(self, link, name)
        shown = self.shown
        if role is Role.PRESENTER:
            self._take_over(seat)
        self._seats[seat] = None
        if shown is not None:  # before it is said who leads: a presenter who comes back goes on from there
            link.tell(Show(shown))
        link.tell(self._leads)
        self._soon()
        return seat

    def leave(self, seat: Seat) -> None:
        """Let a session go. Where it led, what it showed last stays; called again it does nothing."""
        if seat not in self._seats:
            return
        del self._seats[seat]
        self._answers.left(seat)
        if seat is self._presenter:
            self._presenter = None
            self._tell(Noticed(Notice.PRESENTER_LEFT, seat.name))
            self._lead(present=False)
        self._soon()

    def take(self, seat: Seat, message: ToServer) -> None:
        """Take what a session has told; what is not its to say is not heard."""
        is_presenter = seat is self._presenter
        match message:
            case Showing(shown) if is_presenter:
                self._show(shown)
            case Follows(follows) if not is_presenter and seat in self._seats and follows is not seat.follows:
                seat.follows = follows
                self._soon()
            case Answered() if not is_presenter and seat in self._seats and self._answers.answered(seat, message):
                self._soon()
            case _:
                pass

    @property
    def shown(self) -> Shown | None:
        """What newcomers are shown: the latest, unless the presenter has been gone for long."""
        if self._led is None or (not self._leads.present and self._clock() - self._left_at > KEPT):
            return None
        return self._led.shown

    @property
    def has_presenter(self) -> bool:
        """Whether somebody presents, here or elsewhere."""
        return self._leads.present

    @property
    def presents_here(self) -> bool:
        """Whether the presenter came to this server."""
        return self._presenter is not None

    @property
    def reaches(self) -> bool:
        """Whether the other servers of the lecture can be reached, as far as is known."""
        return self._reaches

    @property
    def learners(self) -> int:
        """How many have come to the lecture at this server."""
        return len(self._seats) - self.presents_here

    @property
    def following(self) -> int:
        """How many of them follow it now."""
        return len(self._followers())

    def _followers(self) -> list[Seat]:
        return [seat for seat in self._seats if seat.follows and seat is not self._presenter]

    # ---- leading

    def _take_over(self, seat: Seat) -> None:
        before, self._presenter = self._presenter, seat
        self._question = (-1, 0)
        self._told = []
        term = self._numbering.take()
        if before is not None:
            before.link.tell(Replaced())
        self._tell(Noticed(Notice.PRESENTER_CAME, seat.name))
        self._lead(term=term, present=True)

    def _show(self, shown: Shown) -> None:
        number = self._numbering.take()
        asked = shown.asked
        if asked is not None:
            if asked.question != self._question[0]:
                self._question = (asked.question, number)
            asked = replace(asked, question=self._question[1])
        try:
            self._lead(shown=replace(shown, number=number, asked=asked))
        except MessageError as error:  # the number makes it longer than the session could know
            self._tell(Noticed(Notice.FAULT, f"what the presenter shows cannot be told: {error}"))

    def _lead(self, *, present: bool = True, term: int | None = None, shown: Shown | None = None) -> None:
        """Have something else hold of the presenter, who is or was at this server."""
        before = self._led
        if term is None:
            assert before is not None  # somebody has taken over
            term = before.term
        number = shown.number if shown is not None else self._numbering.take()
        self._adopt(Led(self.server, term, number, present, shown or (before.shown if before else None)))
        self._bus.tell_led()

    def _adopt(self, led: Led) -> None:
        """Have this hold of the presenter, and tell all sessions what is new in it."""
        before, shown = self._led, led.shown
        if shown is not None and (before is None or before.shown != shown):
            packet = packed(Show(shown))
            for seat in self._seats:
                if seat is not self._presenter:
                    seat.link.send(packet)
        self._led = led
        if shown is not None and shown.asked is not None and self._answers.ask(shown.asked.question):
            self._soon()
        self._tell_leads()

    def _tell_leads(self) -> None:
        """Tell all sessions whether somebody leads, where that has changed."""
        led = self._led
        present = led is not None and led.present
        if present and led is not None:
            present = self.presents_here if led.server == self.server else self._elsewhere.has(led.server)
        leads = Leads(present, self._reaches)
        if leads == self._leads:
            return
        if self._leads.present and not present:
            self._left_at = self._clock()
        self._leads = leads
        packet = packed(leads)
        for seat in self._seats:
            seat.link.send(packet)

    # ---- counting

    def tell_counts(self) -> None:
        """Tell the presenter how many follow and what they answered, and other servers how many are here."""
        attended = self.attended()
        if attended != self._attended:
            self._attended = attended
            self._bus.tell_attended()
        if self._presenter is None:
            return
        told: list[ToSession] = [
            Audience(self.learners + self._elsewhere.learners, self.following + self._elsewhere.following)
        ]
        own, question = self._question
        if question and question == self._answers.question:
            tally = summed(question, [self._tally(), *self._elsewhere.tallies])
            told.append(Counted(replace(tally, question=own)))
        for message in told:
            if message not in self._told:
                self._presenter.link.tell(message)
        self._told = told

    def tick(self) -> None:
        """Look which servers are still there; to be called at every beat."""
        if self._elsewhere.drop_silent():
            self._tell_leads()
            self._soon()

    def _tally(self) -> Tally:
        return self._answers.tally(self._followers())

    # ---- what the bus asks, and brings

    def led(self) -> Led | None:
        """Return the newest that is known of the presenter."""
        return self._led

    def attended(self) -> Attended:
        """Return who is at the lecture at this server."""
        return Attended(self.server, self.learners, self.following, self._tally() if self._answers.question else None)

    def heard(self, message: BusMessage) -> None:
        """Take what another server has said."""
        if message.server == self.server:
            return
        match message:
            case Led():
                self._elsewhere.heard(message.server)
                self.found(message)
            case Attended():
                self._elsewhere.heard(message.server, message)
                self._soon()
            case Joined():
                self._elsewhere.heard(message.server)
                self._bus.tell_attended()
            case Parted():
                self._elsewhere.drop(message.server)
                self._soon()
        self._tell_leads()

    def found(self, led: Led) -> None:
        """Take what is known elsewhere of the presenter, where that is newer than what is known here."""
        if self._led is not None and led.order <= self._led.order:
            return
        if led.server == self.server:
            return
        if not self._numbering.hear(max(led.term, led.number)):
            self._say_once("another server's clock is more than a day ahead: it is not heard")
            return
        replaced, self._presenter = self._presenter, None
        if replaced is not None:
            self._tell(Noticed(Notice.PRESENTER_LEFT, replaced.name))
            replaced.link.tell(Replaced())
        self._adopt(led)
        self._soon()

    def misheard(self, why: str) -> None:
        """Say once that something came that cannot be read."""
        self._say_once(f"what comes over the bus cannot be read: {why}")

    def reached(self, reaches: bool, why: str) -> None:
        """Take that the other servers can be reached again, or no longer, and why; told once each time."""
        if reaches is self._reaches:
            return
        self._reaches = reaches
        if not reaches:
            self._elsewhere.drop_all()
            self._soon()
        self._tell(Noticed(Notice.BUS_BACK) if reaches else Noticed(Notice.BUS_GONE, why))
        self._tell_leads()

    def _say_once(self, fault: str) -> None:
        kind = fault.partition(":")[0]
        if kind not in self._faults:
            self._faults.add(kind)
            self._tell(Noticed(Notice.FAULT, fault))
