"""A lecture: a presenter takes a step a second, and followers see it."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

from learners import PATIENCE, TROUBLE, Figures, Walk, keys_of
from process_tree import Load, Meter
from seats import Door, Rows, Seat, seated


@dataclass
class LectureFigures(Figures):
    """Of each step the seconds until the last follower saw it in `last`, in `painted` those of every follower."""

    last: list[float] = field(default_factory=list)


async def lecture(
    door: Door, presenter: Door, server: int, followers: int, spread: float, steps: int
) -> tuple[LectureFigures, Load]:
    """Present to followers who come within `spread` seconds; the load is that of the steps."""
    figures = LectureFigures()
    async with AsyncExitStack() as stack:
        leader = await stack.enter_async_context(seated(presenter))
        await leader.wait_for("start · ", PATIENCE)
        walk = await _learn(replace(door, command=None), leader)
        delays = [number * spread / followers for number in range(followers)]
        come = (_follower(door, walk.start, figures, delay, stack) for delay in delays)
        seats = [seat for seat in await asyncio.gather(*come) if seat is not None]
        await asyncio.sleep(1)
        meter = Meter(server)
        begin = time.perf_counter() + 1
        for number in range(steps):
            key, rows = walk.step(number)
            await asyncio.sleep(max(begin + number - time.perf_counter(), 0.2))
            waiting = [seat.expect(rows) for seat in seats]
            pressed = time.perf_counter()
            leader.press(key)
            await asyncio.wait(waiting, timeout=PATIENCE)
            seen = [each.result() - pressed for each in waiting if each.done() and not each.exception()]
            figures.painted += seen
            if len(seen) == len(seats):
                figures.last.append(max(seen))
            else:
                figures.lost.append(f"step {number} was not seen by {len(seats) - len(seen)} followers")
                lagging = next(seat for seat, each in zip(seats, waiting, strict=True) if not each.done())
                figures.lost.append(f"one of them sees\n{lagging.text}")
        return figures, meter.read()


async def _learn(door: Door, leader: Seat) -> Walk:
    """Present the whole walk to one follower, slowly."""
    async with seated(door) as follower:
        walk = Walk(await follower.wait_for("start · ", PATIENCE))
        for key in keys_of(leader.text):
            leader.press(key)
            walk.steps.append((key, await follower.settled(PATIENCE)))
        return walk


async def _follower(
    door: Door, start: Rows, figures: LectureFigures, delay: float, stack: AsyncExitStack
) -> Seat | None:
    """Come after a delay, and see what the presenter shows; None for one who does not get so far."""
    await asyncio.sleep(delay)
    began = time.perf_counter()
    try:
        seat = await stack.enter_async_context(seated(door))
        figures.first.append(await seat.shows(start, PATIENCE) - began)
    except TROUBLE as trouble:
        figures.lost.append(f"{type(trouble).__name__}: {trouble}")
        return None
    return seat
