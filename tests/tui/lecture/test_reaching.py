"""What is said on a screen when the servers of a lecture cannot reach each other, and when they can again."""

from __future__ import annotations

import pytest
from gradwalk.tui.lecture.messages import Leads, Show, Shown
from gradwalk.tui.session import Role

from ..pilots import lines, notices
from .rooms import joined, settled

pytestmark = pytest.mark.serve


async def test_who_follows_is_told_once_that_the_presenters_server_is_gone_and_once_that_it_is_back() -> None:
    async with joined(Role.FOLLOWER) as (pilot, end):
        for message in (Leads(True), Leads(False, reaches=False), Leads(False, reaches=False)):
            end.tell(message)
            await settled(pilot)
        (said,) = notices(pilot)
        assert said.startswith("The presenter's server cannot be reached: you walk alone")
        assert lines(pilot)[0].startswith(" gradwalk · no presenter")
        for message in (Leads(False), Leads(True)):
            end.tell(message)
            await settled(pilot)
        assert notices(pilot)[-1] == "The other servers of the lecture are reached again."
        assert lines(pilot)[0].startswith(" gradwalk · follows the lecture")


async def test_who_follows_a_presenter_on_the_same_server_has_nothing_to_be_told() -> None:
    async with joined(Role.FOLLOWER) as (pilot, end):
        for message in (Leads(True), Leads(True, reaches=False), Leads(True)):
            end.tell(message)
            await settled(pilot)
        assert notices(pilot) == []


async def test_the_presenter_is_told_that_only_those_on_this_server_see_it() -> None:
    async with joined(Role.PRESENTER) as (pilot, end):
        end.tell(Leads(True, reaches=False))
        await settled(pilot)
        assert notices(pilot) == [
            "The other servers of the lecture cannot be reached: only who is on this one sees what you show."
        ]
        assert ", here only" in lines(pilot)[0]


async def test_what_was_shown_before_does_not_say_that_somebody_presents_now() -> None:
    async with joined(Role.FOLLOWER) as (pilot, end):
        for message in (Show(Shown(1, "fabc", stand={})), Leads(False)):
            end.tell(message)
            await settled(pilot)
        assert lines(pilot)[0].startswith(" gradwalk · no presenter")
