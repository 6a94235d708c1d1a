"""How often a lecture goes on: a key at once, a walk that is played fast as fast as it can be followed."""

from __future__ import annotations

from gradwalk.tui.attending.pace import EACH, Pace


class Time:
    """A clock that goes when the test says so, and what is to be done later."""

    def __init__(self) -> None:
        self.now = 10.0
        self.later: list[float] = []
        self.pace = Pace(self.later.append, lambda: self.now)

    def pass_(self, seconds: float) -> None:
        self.now += seconds


def test_moments_far_apart_are_all_told_at_once() -> None:
    time = Time()
    for _ in range(5):
        assert time.pace.may_tell(100)
        time.pass_(1.0)
    assert time.later == []


def test_of_moments_that_come_fast_the_last_is_told_when_the_others_were_painted() -> None:
    time = Time()
    assert time.pace.may_tell(100)
    for _ in range(5):
        time.pass_(0.01)
        assert not time.pace.may_tell(100)
    assert len(time.later) == 1
    time.pass_(time.later[0])
    assert time.pace.may_tell(100)
    assert time.now - 10.0 >= 100 * EACH


def test_nobody_to_follow_holds_nothing_back() -> None:
    time = Time()
    assert all(time.pace.may_tell(0) for _ in range(5))
