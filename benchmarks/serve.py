"""Measure a room of learners: `python benchmarks/serve.py`, with `--lecture` a presenter and followers.

The server is a process of its own, this one holds the SSH clients; both run on this machine, so the clients take
their share of the processors too. A key counts as painted when the *whole* screen shows what it must: the screens of
the walk are learned from one session before the others come. The table on standard output is Markdown.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import asyncssh
from process_tree import Memory, descendants, memory, seconds_of_processor
from seats import Door, Rows, seated
from servers import Server, gradwalk_serve, openssh

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


async def learn(door: Door) -> Walk:
    """Walk there and back in one session, slowly."""
    async with seated(door) as seat:
        start = await seat.wait_for("start · ", PATIENCE)
        found = re.search(r"start · (\d+) steps", seat.text)
        assert found is not None
        count = min(int(found[1]), LONGEST)
        walk = Walk(start)
        for key in [RIGHT] * count + [LEFT] * count:
            seat.press(key)
            walk.steps.append((key, await seat.settled(PATIENCE)))
        return walk


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


@dataclass
class Load:
    """Processor seconds of the server and its sessions, and of the clients; memory of each session."""

    server: float
    sessions: float
    clients: float
    seconds: float
    memory: list[Memory]


class Meter:
    """Reads what a server and all that came of it take, between its making and `read`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._before = self._processors()
        self._clients, self._began = time.process_time(), time.perf_counter()

    def _processors(self) -> dict[int, float]:
        return {process: seconds_of_processor(process) for process in descendants(self._server.process)}

    def read(self, sessions: int) -> Load:
        """Return the load; the last `sessions` of the server's processes are those of the learners."""
        spent = {process: seconds - self._before.get(process, 0.0) for process, seconds in self._processors().items()}
        leaves = session_processes(self._server, sessions)
        in_sessions = sum(spent.get(process, 0.0) for process in leaves)
        clients, seconds = time.process_time() - self._clients, time.perf_counter() - self._began
        memories = [found for process in leaves if (found := memory(process))]
        return Load(sum(spent.values()) - in_sessions, in_sessions, clients, seconds, memories)


def session_processes(server: Server, sessions: int) -> list[int]:
    """Return the processes of the sessions: those that came of the server, and of which nothing came."""
    tree = descendants(server.process)
    return [process for process in tree if len(descendants(process)) == 1][-sessions:]


async def fill(
    door: Door, server: Server, walk: Walk, sessions: int, spread: float, steps: int
) -> tuple[Figures, Load]:
    """Have learners come within `spread` seconds, and take steps where there are some to take."""
    figures, plan = Figures(), Plan(sessions, steps, spread)
    tasks = [
        asyncio.create_task(learner(door, walk, figures, number * spread / sessions, plan))
        for number in range(sessions)
    ]
    await asyncio.wait_for(plan.all_there.wait(), spread + 2 * PATIENCE)
    meter = Meter(server)
    plan.begin.set_result(time.perf_counter() + 1)
    await asyncio.wait_for(plan.all_done.wait(), steps + 2 * PATIENCE)
    load = meter.read(sessions)
    plan.leave.set()
    await asyncio.gather(*tasks)
    return figures, load


async def measure(options: argparse.Namespace, server: Server) -> None:
    width, height = (int(number) for number in options.size.split("x"))
    scenario = options.scenario if server.names_scenarios else None
    door = Door(server.port, server.key, command=scenario, size=(width, height))
    if not server.names_scenarios:
        door = replace(door, user=getpass.getuser())
    walk = await learn(door)
    print(f"| {options.sessions} sessions, `{options.scenario}`, {options.size} | p50 | p95 | most | target |")
    print("|---|---|---|---|---|")
    figures, load = await fill(door, server, walk, options.sessions, options.arrivals, options.seconds)
    row("connect to first paint, arrivals within 10 s", figures.first, "p95 ≤ 1500")
    row(f"key to paint, {len(figures.painted)} steps, one a second each", figures.painted, "p95 ≤ 150")
    row_of("unshared memory of a session", [each.unshared / 1e6 for each in load.memory], "MB", "≤ 25")
    row_of("its share of all memory (PSS)", [each.share / 1e6 for each in load.memory], "MB", "")
    steps = max(len(figures.painted), 1)
    print(
        f"| processor time of a step: session / server / clients | {load.sessions / steps * 1e3:.1f} / "
        f"{load.server / steps * 1e3:.1f} / {load.clients / steps * 1e3:.1f} ms | | | |"
    )
    lost(figures, options.sessions * options.seconds)
    await asyncio.sleep(1)
    figures, _ = await fill(door, server, walk, options.sessions, 0, 0)
    row("connect to first paint, all at once", figures.first, "")
    lost(figures, 0)


def row(title: str, seconds: Sequence[float], target: str) -> None:
    row_of(title, [second * 1e3 for second in seconds], "ms", target)


def row_of(title: str, values: Sequence[float], unit: str, target: str) -> None:
    if not values:
        print(f"| {title} | none | | | {target} |")
        return
    places = sorted(values)
    high = places[min(int(0.95 * len(places)), len(places) - 1)]
    shown = f"{statistics.median(places):.0f} {unit} | {high:.0f} {unit} | {places[-1]:.0f} {unit}"
    print(f"| {title} | {shown} | {target} |", flush=True)


def lost(figures: Figures, keys: int) -> None:
    missing = f", {keys - len(figures.painted)} keys" if keys else ""
    print(f"| lost | {len(figures.lost)} sessions{missing} | | | none |")
    for trouble in dict.fromkeys(figures.lost[:3]):
        print(trouble, file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60, help="how long each session takes a step a second")
    parser.add_argument("--arrivals", type=float, default=10.0, help="seconds within which all connect")
    parser.add_argument("--scenario", default="fabc")
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--openssh", action="store_true", help="measure OpenSSH's server with ForceCommand instead")
    options = parser.parse_args()
    if not (0 < options.sessions <= 500 and 0 <= options.seconds <= 600 and 0 < options.arrivals <= 60):
        parser.error("at most 500 sessions, 600 seconds, arrivals within 60 seconds")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, most) if most > 0 else 8192, most))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        places = options.sessions + 5
        if options.openssh:
            server = stack.enter_context(openssh(folder, options.scenario, places))
        else:
            server = stack.enter_context(gradwalk_serve(folder, places))
        asyncio.run(measure(options, server))


if __name__ == "__main__":
    main()
