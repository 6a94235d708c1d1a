"""What comes over the link may be of another version, or made up: then it is said that it cannot be followed."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.library import load
from gradwalk.tui.attending.edited_text import MOST_BYTES, edited_text, scenario_of
from gradwalk.tui.attending.floors import Builder
from gradwalk.tui.attending.stands import LibraryStand, WalkStand, read
from gradwalk.tui.lecture.messages import Ending, Leads, Said, Show, Shown
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.session import Role, Session
from gradwalk.tui.walk.moment import Moment
from gradwalk.tui.walk.opened import open_walk
from hypothesis import given, settings
from hypothesis import strategies as st

from ..pilots import cursor, lines, notices, text
from .rooms import joined, room, settled

STEPS = 13
BAD = {
    "an unknown scenario": Shown(1, "/etc/passwd"),
    "a path": Shown(1, "../scenarios/fabc.toml"),
    "an unknown lesson": Shown(1, "backpropagation", lesson="none"),
    "a lesson of no course": Shown(1, "/etc/passwd", lesson="x"),
    "other steps": Shown(1, "fabc", stand={"steps": 12, "cursor": 1}),
    "beyond the end": Shown(1, "fabc", stand={"steps": STEPS, "cursor": 14}),
    "before the start": Shown(1, "fabc", stand={"steps": STEPS, "cursor": -1}),
    "a text for a number": Shown(1, "fabc", stand={"steps": STEPS, "cursor": "1"}),
    "an unknown node": Shown(1, "fabc", stand={"steps": STEPS, "selected": 99}),
    "an unknown view": Shown(1, "fabc", stand={"steps": STEPS, "view": "x"}),
    "an unknown panel": Shown(1, "fabc", stand={"steps": STEPS, "panel": "x"}),
    "an unknown level": Shown(1, "fabc", stand={"steps": STEPS, "predict": "x"}),
    "a number of digits that nobody can choose": Shown(1, "fabc", stand={"steps": STEPS, "digits": 999999}),
    "an unknown breakpoint": Shown(1, "fabc", stand={"steps": STEPS, "breakpoints": [99]}),
    "an unknown way": Shown(1, "fabc", ways=("to the moon",), stand={"steps": STEPS}),
    "too many ways": Shown(1, "fabc", ways=("derivative a",) * 100, stand={"steps": STEPS}),
    "an unknown input": Shown(1, "fabc", ways=("forward x",), stand={"steps": STEPS}),
    "a node that is none": Shown(1, "fabc", ways=("value f 3",), stand={"steps": STEPS}),
    "a value that is none": Shown(1, "fabc", ways=("value a import",), stand={"steps": STEPS}),
    "a value without one": Shown(1, "fabc", ways=("value a",), stand={"steps": STEPS}),
    "an epoch of no training": Shown(1, "fabc", ways=("epoch 3",), stand={"steps": STEPS}),
    "arrays of none": Shown(1, "fabc", ways=("arrays",), stand={"steps": STEPS}),
    "an epoch that is no number": Shown(1, "regression", ways=("epoch ²",), stand={"steps": STEPS}),
    "an epoch too far": Shown(1, "regression", epoch=10**9),
    "an epoch before the start": Shown(1, "regression", epoch=-1),
    "rates of nothing": Shown(1, "regression", epoch=3, rates=((0, 1.0),) * 1000),
    "no TOML": Shown(1, "fabc", text="[[[", stand={"steps": STEPS}),
    "no scenario": Shown(1, "fabc", text="x = 1", stand={"steps": STEPS}),
    "a training in place of a walk": Shown(1, "fabc", text="[training]\nepochs = 3", stand={"steps": STEPS}),
    "control characters": Shown(1, "fabc", text='title = "\\u001b[2J"\n[inputs]\na=1\n[graph]\nf="a"'),
}


@pytest.mark.parametrize("shown", BAD.values(), ids=BAD)
def test_what_makes_no_sense_is_refused_with_a_sentence(shown: Shown) -> None:
    session = Session(Role.FOLLOWER)
    with pytest.raises(GradwalkError) as raised:
        floors = Builder(session).floors(shown)
        read(WalkStand, shown.stand).shown(Moment(floors[-1].opened.trace))  # type: ignore[union-attr]
    assert str(raised.value).isprintable()


def test_a_text_makes_no_more_nodes_than_a_guest_may_have() -> None:
    most = Session(Role.FOLLOWER).limits.edited_nodes
    written = "+".join(["a"] * (most + 10))
    with pytest.raises(GradwalkError, match="too large"):
        scenario_of(f'title="x"\n[inputs]\na=1\n[graph]\nf="{written}"', load("fabc"), Session(Role.FOLLOWER).limits)


@pytest.mark.parametrize("name", ["fabc", "ehg", "xyz", "sum", "chain"])
def test_an_edited_walk_is_read_as_it_was_written(name: str) -> None:
    scenario = load(name)
    assert scenario.definition is not None
    again = scenario_of(edited_text(scenario, scenario.definition), scenario, Session(Role.FOLLOWER).limits)
    assert again.definition is not None
    for part in ("inputs", "nodes", "output_name", "watch", "notes"):
        assert getattr(again.definition, part) == getattr(scenario.definition, part)
    assert again.graph.same_structure(scenario.graph)
    assert [each.ask for each in again.exercises] == [each.ask for each in scenario.exercises]


def test_a_text_that_would_not_go_into_a_message_is_not_sent() -> None:
    scenario = load("fabc")
    assert scenario.definition is not None
    large = replace(scenario.definition, nodes={"f": "+".join(["a"] * MOST_BYTES)})
    with pytest.raises(GradwalkError, match="too much to be sent"):
        edited_text(scenario, large)


@settings(max_examples=60, deadline=None)
@given(cursor=st.integers(0, STEPS), selected=st.none() | st.integers(0, 7), digits=st.sampled_from((0, 4, 8, 17)))
def test_a_stand_that_fits_is_shown(cursor: int, selected: int | None, digits: int) -> None:
    moment = Moment(open_walk(load("fabc")).trace, cursor=cursor, selected=selected, digits=digits)
    told = msgspec.json.decode(msgspec.json.encode(WalkStand.of(moment)))
    assert read(WalkStand, told).shown(Moment(moment.trace)) == moment


def test_a_stand_of_another_kind_is_refused() -> None:
    with pytest.raises(GradwalkError):
        read(LibraryStand, {"selected": 3})


@pytest.mark.serve
class TestOnTheScreen:
    async def test_it_is_said_and_the_next_moment_is_followed(self) -> None:
        async with room() as lecture:
            await lecture.present("fabc")
            follower, end = await lecture.follow()
            end.tell(Show(Shown(7, "unheard-of", stand={"steps": 3})))
            await settled(follower)
            assert lines(follower)[0].startswith(" gradwalk · cannot follow · Pen and paper")
            assert any(notice.startswith("Cannot follow: ") for notice in notices(follower))
            end.tell(Show(Shown(8, "fabc", stand={"steps": STEPS, "cursor": 9})))
            await settled(follower)
            assert cursor(follower) == 9
            assert lines(follower)[0].startswith(" gradwalk · follows the lecture")
            assert notices(follower) == []

    async def test_packets_of_nobody_change_nothing(self) -> None:
        async with joined(Role.FOLLOWER) as (pilot, end):
            for packet in (b"{}", b"\xff\xfe", b'{"type":"show","shown":{"ways":[1]}}', b"x" * 70_000):
                end.send(packet)
            end.tell(Leads(True))
            await settled(pilot)
            assert isinstance(pilot.app.screen, LibraryScreen)
            assert "follows the lecture" in lines(pilot)[0]

    async def test_a_notice_is_shown_without_what_a_terminal_would_obey(self) -> None:
        async with joined(Role.GUEST) as (pilot, end):
            end.tell(Said("The server\x1b[2J ends soon.\n" + "x" * 1000))
            await settled(pilot)
            assert "\x1b" not in text(pilot)
            assert "The server" in notices(pilot)[0]
            assert len(notices(pilot)[0]) < 250
            assert "lecture" not in lines(pilot)[0]

    async def test_the_end_is_said_when_the_terminal_is_restored(self) -> None:
        async with joined(Role.FOLLOWER, "fabc") as (pilot, end):
            end.tell(Ending("The server is stopped."))
            await settled(pilot)
            assert pilot.app._exit
            assert pilot.app.session.farewell == "The server is stopped."  # type: ignore[attr-defined]

    async def test_a_server_that_has_gone_leaves_somebody_alone(self) -> None:
        async with joined(Role.FOLLOWER, "fabc") as (pilot, end):
            end.tell(Leads(True))
            await settled(pilot)
            assert "follows the lecture" in lines(pilot)[0]
            end.close()
            await settled(pilot)
            await pilot.press("right")
            assert cursor(pilot) == 1
            assert "lecture" not in lines(pilot)[0]
            assert any("walk alone" in notice for notice in notices(pilot))
