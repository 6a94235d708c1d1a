"""Whatever happens at the servers of a lecture, and whoever is cut off meanwhile: in the end all agree."""

from __future__ import annotations

from dataclasses import dataclass, field

from gradwalk.tui.lecture.messages import Audience, Follows, Leads
from hypothesis import given, settings
from hypothesis import strategies as st

from .test_lecture import Learner, Room, Wire, shows

SERVERS = 3

ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["present", "show", "leave", "follow", "let go", "cut", "join", "carry"]),
        st.integers(0, SERVERS - 1),
    ),
    max_size=40,
)


@dataclass
class Course:
    """The servers of a lecture, who is there, and what the one who took over last has shown since."""

    wire: Wire = field(default_factory=Wire)
    rooms: list[Room] = field(default_factory=list)
    presenters: list[Learner | None] = field(default_factory=lambda: [None] * SERVERS)
    learners: list[list[Learner]] = field(default_factory=lambda: [[] for _ in range(SERVERS)])
    leader: int | None = None
    latest: str | None = None
    number: int = 0

    def __post_init__(self) -> None:
        self.rooms = [Room(self.wire) for _ in range(SERVERS)]

    def acts(self, action: str, at: int) -> None:
        """Have something happen at a server, a second later than all that happened before."""
        room, presenter = self.rooms[at], self.presenters[at]
        for each in self.rooms:
            each.time += 1
        match action:
            case "present":
                self.presenters[at] = room.presenter()
                self.leader, self.latest = at, None
            case "show" if presenter is not None:
                self.number += 1
                presenter.says(shows(f"{self.number}"))
                if at == self.leader:
                    self.latest = f"{self.number}"
            case "leave" if presenter is not None:
                presenter.leaves()
                self.presenters[at] = None
            case "follow":
                self.learners[at].append(room.learner())
            case "let go" if self.learners[at]:
                self.learners[at][-1].says(Follows(False))
            case _:
                self.reaches(action, room)

    def reaches(self, action: str, room: Room) -> None:
        """Have a server cut off, or back, or all carry what is due."""
        match action:
            case "cut":
                room.bus.cut()
            case "join":
                room.bus.join()
            case "carry":
                self.wire.carry()
            case _:
                pass

    def heals(self) -> None:
        """Have all servers reach each other, and say what they know."""
        for room in self.rooms:
            if room.bus.is_cut:
                room.bus.join()
        self.wire.carry()
        for _ in range(2):
            for room in self.rooms:
                room.lecture.tell_counts()
            self.wire.carry()


@settings(max_examples=100, deadline=None)
@given(ACTIONS)
def test_all_servers_agree_and_who_took_over_last_leads(actions: list[tuple[str, int]]) -> None:
    course = Course()
    for action in actions:
        course.acts(*action)
    course.heals()
    leading = [room.lecture.presents_here for room in course.rooms]
    there = course.leader is not None and course.presenters[course.leader] is not None
    assert leading == [there and at == course.leader for at in range(SERVERS)]
    assert {room.lecture.has_presenter for room in course.rooms} == {there}
    newcomers = [room.learner() for room in course.rooms]
    assert len({each.sees for each in newcomers}) == 1
    if course.latest is not None:
        assert newcomers[0].sees == course.latest
    for learner in (each for room in course.learners for each in room):
        assert newcomers[0].sees in (None, learner.sees)  # who has just taken over may have shown nothing yet
        assert learner.last(Leads) == Leads(there)
    for newcomer in newcomers:
        newcomer.leaves()
    course.heals()
    if there and course.leader is not None:
        presenter = course.presenters[course.leader]
        assert presenter is not None
        counts = [(room.lecture.learners, room.lecture.following) for room in course.rooms]
        assert presenter.last(Audience) == Audience(sum(each for each, _ in counts), sum(each for _, each in counts))
