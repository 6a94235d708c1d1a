"""Learners who walk alone, each in their own session: they come, take a step a second, and leave."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field

import asyncssh
from process_tree import Load, Meter
from seats import Door, Rows, seated

RIGHT, LEFT = b"\x1b[C", b"\x1b[D"
PATIENCE = 60.0
LONGEST = 20
"""Steps of a walk that are taken before it is walked back."""

TROUBLE = (OSError, asyncssh.Error, TimeoutError)


@dataclass
class Walk:
    """The screens of a walk there and back again: where each key leads."""

    start: Rows
    steps: list[tuple[bytes, Rows]] = field(default_factory=list)

    def step(self, number: int) -> tuple[bytes, Rows]:
        """Return the key of the step `number` after the start, and the screen that it leads to."""
        return self.steps[number % len(self.steps)]


@dataclass
class Figures:
    """What was measured: seconds from connecting to the first paint and from key to paint; what went wrong."""

    first: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def keys_of(start: str) -> list[bytes]:
    """Return the keys that walk there and back again, given what is shown at the start."""
    found = re.search(r"start · (\d+) steps", start)
    assert found is not None, start
    count = min(int(found[1]), LONGEST)
    return [RIGHT] * count + [LEFT] * count


async def learn(door: Door) -> Walk:
    """Walk there and back in one session, slowly."""
    async with seated(door) as seat:
        walk = Walk(await seat.wait_for("start · ", PATIENCE))
        for key in keys_of(seat.text):
            seat.press(key)
            walk.steps.append((key, await seat.settled(PATIENCE)))
        return walk


class Plan:
    """When a room of learners does what: they begin when all have come, and leave when all are done."""

    def __init__(self, learners: int, steps: int, spread: float) -> None:
        self.steps = steps
        self._spread = spread
        self._coming, self._busy = learners, learners
        self.all_there, self.all_done, self.leave = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.begin: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def phase(self, delay: float) -> float:
        """Return when in each second somebody presses the key who came after this delay."""
        return delay / self._spread if self._spread else 0.0

    def arrived(self) -> None:
        self._coming -= 1
        if self._coming == 0:
            self.all_there.set()

    def done(self) -> None:
        self._busy -= 1
        if self._busy == 0:
            self.all_done.set()


async def learner(door: Door, walk: Walk, figures: Figures, delay: float, plan: Plan) -> None:
    """Come after a delay, take a step a second when all are there, leave when told."""
    is_there = False
    try:
        await asyncio.sleep(delay)
        began = time.perf_counter()
        async with seated(door) as seat:
            figures.first.append(await seat.shows(walk.start, PATIENCE) - began)
            is_there = True
            plan.arrived()
            begin = await plan.begin
            for number in range(plan.steps):
                key, rows = walk.step(number)
                due = begin + plan.phase(delay) + number
                await asyncio.sleep(due - time.perf_counter())
                seat.press(key)
                figures.painted.append(await seat.shows(rows, PATIENCE) - due)
            plan.done()
            await plan.leave.wait()
            if seat.is_over.is_set():
                figures.lost.append("a session has ended by itself")
    except TROUBLE as trouble:
        figures.lost.append(f"{type(trouble).__name__}: {trouble}")
        if not is_there:
            plan.arrived()
        plan.done()


async def fill(door: Door, server: int, walk: Walk, sessions: int, spread: float, steps: int) -> tuple[Figures, Load]:
    """Have learners come within `spread` seconds, and take steps where there are some to take.

    The load on the process `server`, and on what came of it, is that of the steps.
    """
    figures, plan = Figures(), Plan(sessions, steps, spread)
    delays = [number * spread / sessions for number in range(sessions)]
    tasks = [asyncio.create_task(learner(door, walk, figures, delay, plan)) for delay in delays]
    await asyncio.wait_for(plan.all_there.wait(), spread + 2 * PATIENCE)
    meter = Meter(server)
    plan.begin.set_result(time.perf_counter() + 1)
    await asyncio.wait_for(plan.all_done.wait(), steps + 2 * PATIENCE)
    load = meter.read()
    plan.leave.set()
    await asyncio.gather(*tasks)
    return figures, load
