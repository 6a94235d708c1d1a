"""Who leads, who follows, what they are told: at one server, and at several that share a bus."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from gradwalk.tui.lecture.messages import (
    MOST_BYTES,
    Answered,
    Asked,
    Audience,
    Counted,
    Follows,
    Leads,
    MessageError,
    PartCount,
    Replaced,
    Show,
    Showing,
    Shown,
    Tally,
    ToServer,
    ToSession,
    to_session,
)
from gradwalk.tui.serve.bus import (
    SILENT,
    Attended,
    BusMessage,
    BusUser,
    Code,
    Joined,
    Led,
    Parted,
    from_the_bus,
    on_the_bus,
)
from gradwalk.tui.serve.events import Event, Notice, Noticed
from gradwalk.tui.serve.lecture import KEPT, Lecture, Seat
from gradwalk.tui.serve.link import Packet
from gradwalk.tui.session import Role

Kind = TypeVar("Kind", bound=ToSession)


class Learner:
    """A session at its seat, and what it was told."""

    def __init__(self) -> None:
        self.told: list[ToSession] = []
        self.seat: Seat | None = None

    def tell(self, message: ToSession) -> None:
        self.told.append(message)

    def send(self, packet: Packet) -> None:
        self.told.append(to_session(packet.sent))

    def says(self, *messages: ToServer) -> None:
        assert self.seat is not None
        for message in messages:
            self.seat.heard(message)

    def leaves(self) -> None:
        assert self.seat is not None
        self.seat.leave()

    def last(self, kind: type[Kind]) -> Kind | None:
        return next((each for each in reversed(self.told) if isinstance(each, kind)), None)

    @property
    def sees(self) -> str | None:
        """The scenario that it was told to show last."""
        show = self.last(Show)
        return show.shown.scenario if show else None


class Wire:
    """A bus within one process: what is told is carried when `carry` is called, to servers that are not cut off."""

    def __init__(self) -> None:
        self.ends: list[WireEnd] = []
        self.kept: Led | None = None

    def carry(self) -> None:
        while any(end.carry() for end in self.ends):
            pass

    def end(self) -> WireEnd:
        end = WireEnd(self)
        self.ends.append(end)
        return end


@dataclass(eq=False)
class WireEnd:
    """One server's end of the wire."""

    wire: Wire
    user: BusUser | None = None
    due: list[str] = field(default_factory=list)
    is_cut: bool = False

    def open(self, user: BusUser) -> None:
        self.user = user

    def tell_led(self) -> None:
        self.due.append("led")

    def tell_attended(self) -> None:
        self.due.append("attended")

    def share(self, code: Code) -> None:
        pass

    async def close(self) -> None:
        assert self.user is not None
        self._publish(Parted(self.user.server))

    def carry(self) -> bool:
        due, self.due = {*self.due}, []
        if self.is_cut or self.user is None:
            return False
        led = self.user.led()
        if "led" in due and led is not None:
            if self.wire.kept is None or self.wire.kept.order < led.order:
                self.wire.kept = led
            self._publish(led)
        if "attended" in due:
            self._publish(self.user.attended())
        return bool(due)

    def _publish(self, message: BusMessage) -> None:
        for end in self.wire.ends:
            if end is not self and end.user is not None and not end.is_cut:
                end.user.heard(from_the_bus(on_the_bus(message)))

    def cut(self) -> None:
        assert self.user is not None
        self.is_cut = True
        self.user.reached(False, "cut")

    def join(self) -> None:
        """Come back, as `RedisBus` does: what is kept is read, and what is known is told."""
        assert self.user is not None
        self.is_cut = False
        self.user.reached(True, "")
        if self.wire.kept is not None:
            self.user.found(self.wire.kept)
        self._publish(Joined(self.user.server))
        self.due = ["led", "attended"]


class Room:
    """A server at which a lecture is held, its sessions, and the time."""

    def __init__(self, wire: Wire | None = None) -> None:
        self.events: list[Event] = []
        self.time = 1_000_000.0
        self.bus = (wire or Wire()).end()
        now = lambda: self.time  # noqa: E731
        self.lecture = Lecture(self.bus, self.events.append, lambda: None, now=now, clock=now)
        self.bus.open(self.lecture)
        self.bus.join()

    def learner(self) -> Learner:
        learner = Learner()
        learner.seat = self.lecture.join(learner, Role.FOLLOWER)
        return learner

    def presenter(self) -> Learner:
        presenter = Learner()
        presenter.seat = self.lecture.join(presenter, Role.PRESENTER)
        return presenter

    def passes(self, seconds: float) -> None:
        self.time += seconds
        self.lecture.tick()


def shows(scenario: str, **fields: object) -> Showing:
    return Showing(Shown(scenario=scenario, **fields))  # type: ignore[arg-type]


# ---- one server


def test_followers_see_what_the_presenter_shows_and_one_who_comes_late_sees_the_latest_at_once() -> None:
    room = Room()
    presenter, early = room.presenter(), room.learner()
    presenter.says(shows("fabc"), shows("xor", stand={"cursor": 3}))
    late = room.learner()
    assert early.told == [Leads(True), *(each for each in early.told if isinstance(each, Show))]
    assert late.told == [early.last(Show), Leads(True)]
    assert late.last(Show) is not None
    assert late.sees == "xor"
    assert presenter.last(Show) is None


def test_what_is_shown_later_has_the_larger_number() -> None:
    room = Room()
    presenter, learner = room.presenter(), room.learner()
    presenter.says(*(shows("fabc", number=7 - each) for each in range(5)))
    presenter.leaves()
    room.presenter().says(shows("xor"))
    numbers = [each.shown.number for each in learner.told if isinstance(each, Show)]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 6


def test_everybody_is_told_when_the_presenter_comes_and_goes_and_what_was_shown_stays() -> None:
    room = Room()
    learner = room.learner()
    assert learner.told == [Leads(False)]
    presenter = room.presenter()
    presenter.says(shows("fabc"))
    presenter.leaves()
    presenter.leaves()
    assert [each for each in learner.told if isinstance(each, Leads)] == [Leads(False), Leads(True), Leads(False)]
    late = room.learner()
    assert late.told == [learner.last(Show), Leads(False)]
    assert [each.what for each in room.events if isinstance(each, Noticed)] == [
        Notice.PRESENTER_CAME,
        Notice.PRESENTER_LEFT,
    ]


def test_what_was_shown_is_forgotten_when_the_presenter_has_been_gone_for_long() -> None:
    room = Room()
    presenter = room.presenter()
    presenter.says(shows("fabc"))
    room.passes(2 * KEPT)
    assert room.learner().sees == "fabc"
    presenter.leaves()
    room.passes(KEPT)
    assert room.learner().sees == "fabc"
    room.passes(1)
    assert room.learner().sees is None


def test_the_newest_presenter_takes_over_and_goes_on_where_the_lecture_is() -> None:
    room = Room()
    learner, older = room.learner(), room.presenter()
    older.says(shows("fabc"))
    newer = room.presenter()
    assert newer.sees == "fabc"
    assert older.told[-1] == Replaced()
    older.says(shows("moons"))
    assert learner.sees == "fabc"
    newer.says(shows("xor"))
    assert (learner.sees, older.sees) == ("xor", "xor")
    older.leaves()
    assert learner.last(Leads) == Leads(True)
    newer.leaves()
    assert learner.last(Leads) == Leads(False)


def test_nobody_but_the_presenter_shows_anything() -> None:
    room = Room()
    room.presenter().says(shows("fabc"))
    learner, other = room.learner(), room.learner()
    learner.says(shows("moons"))
    assert other.sees == "fabc"
    assert room.learner().sees == "fabc"


def test_a_session_that_has_left_is_not_heard_and_not_counted() -> None:
    room = Room()
    presenter, learner = room.presenter(), room.learner()
    learner.leaves()
    learner.says(Follows(False), Follows(True))
    room.lecture.tell_counts()
    assert presenter.last(Audience) == Audience(0, 0)


def test_the_presenter_is_told_how_many_came_and_how_many_follow() -> None:
    room = Room()
    presenter, learners = room.presenter(), [room.learner() for _ in range(5)]
    learners[0].says(Follows(False))
    learners[1].says(Follows(False), Follows(True))
    learners[2].says(Follows(True))
    presenter.says(Follows(False))
    room.lecture.tell_counts()
    assert presenter.last(Audience) == Audience(5, 4)
    learners[3].leaves()
    room.lecture.tell_counts()
    assert presenter.last(Audience) == Audience(4, 3)
    assert not any(isinstance(each, Audience) for learner in learners for each in learner.told)
    assert (room.lecture.learners, room.lecture.following, room.lecture.has_presenter) == (4, 3, True)


def test_nothing_is_told_again_that_has_not_changed() -> None:
    room = Room()
    presenter, learner = room.presenter(), room.learner()
    presenter.says(shows("fabc", asked=Asked(1, 5)))
    room.lecture.tell_counts()
    before = [*presenter.told], [*learner.told]
    room.lecture.tell_counts()
    room.passes(5)
    learner.says(Follows(True))
    assert ([*presenter.told], [*learner.told]) == before


def test_what_is_too_large_to_be_told_is_not_shown_and_harms_nothing() -> None:
    room = Room()
    presenter, learner = room.presenter(), room.learner()
    presenter.says(shows("fabc"))
    presenter.says(shows("xor", text="x" * (MOST_BYTES - 60)))
    assert learner.sees == "fabc"
    presenter.says(shows("moons"))
    assert learner.sees == "moons"
    assert room.events[-1].what is Notice.FAULT  # type: ignore[union-attr]


# ---- questions


def asked(learner: Learner) -> int:
    show = learner.last(Show)
    assert show is not None
    assert show.shown.asked is not None
    return show.shown.asked.question


def test_answers_to_a_step_that_everybody_is_asked_for_are_counted_for_the_presenter() -> None:
    room = Room()
    presenter, learners = room.presenter(), [room.learner() for _ in range(3)]
    presenter.says(shows("fabc", asked=Asked(12, 5)))
    question = asked(learners[0])
    learners[0].says(Answered(question, 0, "right"))
    learners[1].says(Answered(question, 0, "wrong", ("sign",)), Answered(question, 0, "helped", ("sign",)))
    presenter.says(Answered(question, 0, "right"))
    room.lecture.tell_counts()
    counted = presenter.last(Counted)
    assert counted is not None
    (part,) = counted.tally.parts
    assert (counted.tally.question, counted.tally.followers) == (12, 3)
    assert (part.right, part.helped, part.wrong) == (1, 1, 0)
    assert not any(isinstance(each, Counted) for learner in learners for each in learner.told)


def test_a_question_stays_the_same_while_the_presenter_looks_around_and_is_another_when_asked_anew() -> None:
    room = Room()
    presenter, learner = room.presenter(), room.learner()
    presenter.says(shows("fabc", asked=Asked(1, 5)))
    first = asked(learner)
    presenter.says(shows("fabc", asked=Asked(1, 5), stand={"panel": "paths"}))
    assert asked(learner) == first
    learner.says(Answered(first, 0, "right"))
    presenter.says(shows("fabc"))
    room.lecture.tell_counts()
    assert presenter.last(Counted) == Counted(Tally(1, 1, (PartCount(right=1),)))
    presenter.says(shows("fabc", asked=Asked(2, 6)))
    assert asked(learner) > first
    learner.says(Answered(first, 1, "right"))
    room.lecture.tell_counts()
    assert presenter.last(Counted) == Counted(Tally(2, 1))


def test_the_questions_of_another_presenter_are_others_whatever_their_numbers() -> None:
    room = Room()
    presenter, learner = room.presenter(), room.learner()
    presenter.says(shows("fabc", asked=Asked(1, 5)))
    first = asked(learner)
    learner.says(Answered(first, 0, "right"))
    newer = room.presenter()
    room.lecture.tell_counts()
    assert newer.last(Counted) is None
    newer.says(shows("fabc", asked=Asked(1, 5)))
    assert asked(learner) > first
    room.lecture.tell_counts()
    assert newer.last(Counted) == Counted(Tally(1, 2))


# ---- several servers


@pytest.fixture
def wire() -> Wire:
    return Wire()


def test_a_lecture_spans_servers_and_one_that_begins_late_shows_it_at_once(wire: Wire) -> None:
    here, there = Room(wire), Room(wire)
    presenter, learner = here.presenter(), there.learner()
    wire.carry()
    assert learner.last(Leads) == Leads(True)
    presenter.says(shows("fabc"))
    wire.carry()
    assert learner.sees == "fabc"
    third = Room(wire)
    late = third.learner()
    wire.carry()
    assert (late.sees, late.last(Leads)) == ("fabc", Leads(True))


def test_servers_that_hear_each_other_have_nothing_more_to_say(wire: Wire) -> None:
    here, there = Room(wire), Room(wire)
    here.presenter()
    there.learner()
    wire.carry()
    for _ in range(3):
        for room in (here, there):
            room.lecture.tell_counts()
        wire.carry()
    assert (here.bus.due, there.bus.due) == ([], [])
    here.lecture.tell_counts()
    there.lecture.tell_counts()
    assert (here.bus.due, there.bus.due) == ([], [])


def test_the_presenter_is_told_of_all_servers_together(wire: Wire) -> None:
    here, there = Room(wire), Room(wire)
    presenter, learners = here.presenter(), [here.learner(), there.learner(), there.learner()]
    presenter.says(shows("fabc", asked=Asked(4, 5)))
    wire.carry()
    assert len({asked(learner) for learner in learners}) == 1
    for learner in learners:
        learner.says(Answered(asked(learner), 0, "right"))
    learners[2].says(Follows(False))
    for room in (there, here):
        room.lecture.tell_counts()
        wire.carry()
    here.lecture.tell_counts()
    assert presenter.last(Audience) == Audience(3, 2)
    assert presenter.last(Counted) == Counted(Tally(4, 3, (PartCount(right=3),)))


async def test_a_server_that_ends_drops_out_at_once_and_one_that_vanishes_after_a_while(wire: Wire) -> None:
    here, there, third = Room(wire), Room(wire), Room(wire)
    presenter = here.presenter()
    for room in (there, third):
        room.learner()
        room.lecture.tell_counts()
    wire.carry()
    here.lecture.tell_counts()
    assert presenter.last(Audience) == Audience(2, 2)
    await there.bus.close()
    here.lecture.tell_counts()
    assert presenter.last(Audience) == Audience(1, 1)
    third.bus.is_cut = True  # killed: it says nothing any more
    here.passes(SILENT - 0.1)
    here.lecture.tell_counts()
    assert presenter.last(Audience) == Audience(1, 1)
    here.passes(0.1)
    here.lecture.tell_counts()
    assert presenter.last(Audience) == Audience(0, 0)


def test_a_presenter_whose_server_vanished_is_said_to_be_gone_and_leads_again_from_another(wire: Wire) -> None:
    here, there = Room(wire), Room(wire)
    here.presenter().says(shows("fabc"))
    learner = there.learner()
    wire.carry()
    here.bus.is_cut = True
    there.passes(SILENT)
    assert learner.last(Leads) == Leads(False)
    assert learner.sees == "fabc"
    again = there.presenter()
    assert again.sees == "fabc"
    again.says(shows("xor"))
    assert (learner.last(Leads), learner.sees) == (Leads(True), "xor")
    here.bus.join()  # it was not dead, only cut off; its presenter has been replaced
    wire.carry()
    assert learner.sees == "xor"
    assert not here.lecture.presents_here


def test_a_presenter_at_one_server_replaces_the_one_at_another(wire: Wire) -> None:
    here, there = Room(wire), Room(wire)
    older, learner = here.presenter(), there.learner()
    older.says(shows("fabc"))
    wire.carry()
    newer = there.presenter()
    older.says(shows("moons"))  # both are on their way at once
    wire.carry()
    assert Replaced() in older.told
    older.says(shows("moons"))
    newer.says(shows("xor"))
    wire.carry()
    assert (learner.sees, older.sees) == ("xor", "xor")
    here.lecture.tell_counts()
    wire.carry()
    there.lecture.tell_counts()
    assert newer.last(Audience) == Audience(2, 2)


def test_cut_off_sessions_are_told_once_and_go_on_alone_until_the_lecture_is_back(wire: Wire) -> None:
    here, there = Room(wire), Room(wire)
    presenter, learner = here.presenter(), there.learner()
    presenter.says(shows("fabc"))
    wire.carry()
    there.bus.cut()
    there.lecture.reached(False, "still cut")
    assert [each for each in learner.told if isinstance(each, Leads)] == [
        Leads(False),
        Leads(True),
        Leads(False, reaches=False),
    ]
    assert [each.what for each in there.events if isinstance(each, Noticed)] == [Notice.BUS_GONE]
    presenter.says(shows("xor"))
    wire.carry()
    there.bus.join()
    wire.carry()
    assert (learner.last(Leads), learner.sees) == (Leads(True), "xor")
    assert there.events[-1] == Noticed(Notice.BUS_BACK)


def test_nothing_older_replaces_what_is_newer_in_whatever_order_it_comes(wire: Wire) -> None:
    here, there = Room(wire), Room(wire)
    presenter, learner = here.presenter(), there.learner()
    known: list[Led] = []
    for number in range(5):
        presenter.says(shows(f"{number}"))
        led = here.lecture.led()
        assert led is not None
        known.append(led)
    for led in (known[2], known[0], known[4], known[3], known[1], known[4]):
        there.lecture.heard(led)
    assert [each.shown.scenario for each in learner.told if isinstance(each, Show)] == ["2", "4"]


def test_a_presenter_who_took_over_while_cut_off_holds_where_they_were_the_later_one(wire: Wire) -> None:
    here, there = Room(wire), Room(wire)
    here.presenter().says(shows("fabc"))
    there.bus.cut()
    there.time += 60
    there.presenter().says(shows("xor"))
    there.bus.join()
    wire.carry()
    assert here.learner().sees == "xor"
    assert there.lecture.presents_here
    assert not here.lecture.presents_here


# ---- what a bus may bring


def test_what_is_no_message_is_not_read() -> None:
    led = on_the_bus(Led("a" * 32, 1, 1, True, Shown(scenario="fabc")))
    assert isinstance(from_the_bus(led), Led)
    for sent in (
        b"",
        b"\xff",
        b"[]",
        led[:-1],
        led.replace(b"a" * 32, b"../../etc"),
        led.replace(b'"term":1', b'"term":-1'),
        led.replace(b'"term":1', b'"term":1e3'),
        led.replace(b'"term":1', b'"term":99999999999999999999'),
        led.replace(b'"term":1', b'"term":1,"more":2'),
        led.replace(b'"fabc"', b'"\xff"'),
        led.replace(b'"fabc"', b'"fabc","stand":{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
        led.replace(b"fabc", b"x" * (MOST_BYTES - 20)),
        led.replace(b"fabc", b"x" * (2 * MOST_BYTES)),
        on_the_bus(Attended("a" * 32, 1, 1)).replace(b"1", b"-1"),
    ):
        with pytest.raises(MessageError):
            from_the_bus(sent)


def test_a_number_from_far_ahead_does_not_keep_the_lecture_from_others() -> None:
    room = Room()
    learner = room.learner()
    for _ in range(3):
        room.lecture.heard(Led("f" * 32, 2**53, 2**53, True, Shown(scenario="moons")))
    assert learner.sees is None
    assert [each.what for each in room.events if isinstance(each, Noticed)] == [Notice.FAULT]
    room.presenter().says(shows("fabc"))
    assert learner.sees == "fabc"


def test_nobody_can_speak_for_this_server() -> None:
    room = Room()
    learner, presenter = room.learner(), room.presenter()
    presenter.says(shows("fabc"))
    room.lecture.heard(Led(room.lecture.server, 2**50, 2**50, True, Shown(scenario="moons")))
    room.lecture.heard(Parted(room.lecture.server))
    assert learner.sees == "fabc"
    assert learner.last(Leads) == Leads(True)


def test_servers_without_end_are_not_counted_without_end() -> None:
    room = Room()
    presenter = room.presenter()
    for number in range(10_000):
        room.lecture.heard(Attended(f"{number:032x}", 1, 1))
    room.lecture.tell_counts()
    assert presenter.last(Audience) == Audience(100, 100)
