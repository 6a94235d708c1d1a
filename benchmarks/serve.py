"""Measure a room of learners: `python benchmarks/serve.py`, with `--lecture` a presenter and followers.

The server is a process of its own, this one holds the SSH clients; both run on this machine, so the clients take
their share of the processors too. A key counts as painted when the *whole* screen shows what it must: the screens of
the walk are learned from one session before the others come. The table on standard output is Markdown.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import resource
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from followers import lecture
from learners import Figures, fill, learn
from process_tree import Load
from seats import Door
from servers import Server, gradwalk_serve, openssh


async def walk_alone(options: argparse.Namespace, door: Door, server: Server) -> None:
    """Measure learners who walk alone, and then how fast they come in when all come at once."""
    walk = await learn(door)
    head(f"{options.sessions} sessions")
    figures, load = await fill(door, server.process, walk, options.sessions, options.arrivals, options.seconds)
    row(f"connect to first paint, arrivals within {options.arrivals:.0f} s", figures.first, "p95 ≤ 1500")
    row(f"key to paint, {len(figures.painted)} steps, one a second each", figures.painted, "p95 ≤ 150")
    report(load, len(figures.painted))
    report_losses(figures)
    await asyncio.sleep(1)
    figures, _ = await fill(door, server.process, walk, options.sessions, 0, 0)
    row("connect to first paint, all at once", figures.first, "")
    report_losses(figures)


async def walk_together(options: argparse.Namespace, door: Door, server: Server) -> None:
    """Measure how fast followers see what a presenter does."""
    presenter = replace(door, user="presenter", key=server.presenter_key)
    figures, load = await lecture(
        replace(door, command=None), presenter, server.process, options.sessions, options.arrivals, options.seconds
    )
    head(f"lecture with {options.sessions} followers")
    row(f"connect to the presenter's step, arrivals within {options.arrivals:.0f} s", figures.first, "")
    row("presenter's key to each follower painted", figures.painted, "")
    row(f"presenter's key to the last follower painted, {len(figures.last)} steps", figures.last, "p95 ≤ 400")
    report(load, len(figures.painted))
    report_losses(figures)


def head(title: str) -> None:
    print(f"| {title} | p50 | p95 | most | target |")
    print("|---|---|---|---|---|")


def row(title: str, seconds: Sequence[float], target: str) -> None:
    row_of(title, [second * 1e3 for second in seconds], "ms", target)


def row_of(title: str, values: Sequence[float], unit: str, target: str) -> None:
    if not values:
        print(f"| {title} | none | | | {target} |")
        return
    places = sorted(values)
    high = places[min(int(0.95 * len(places)), len(places) - 1)]
    digits = 1 if unit == "MB" else 0
    shown = " | ".join(f"{value:.{digits}f} {unit}" for value in (statistics.median(places), high, places[-1]))
    print(f"| {title} | {shown} | {target} |", flush=True)


def report(load: Load, paints: int) -> None:
    """Print what the steps cost: processor time for each paint, memory of each session."""
    row_of("unshared memory of a session (USS)", [each.unshared / 1e6 for each in load.memory], "MB", "≤ 25")
    row_of("with its part of what is shared (PSS)", [each.share / 1e6 for each in load.memory], "MB", "")
    parts = [seconds / max(paints, 1) * 1e3 for seconds in (load.sessions, load.server, load.clients)]
    print("| processor time of a paint: session / server / client | {:.1f} / {:.1f} / {:.1f} ms | | | |".format(*parts))
    busy = (load.sessions + load.server + load.clients) / load.seconds
    print(f"| processors at work, clients included | {busy:.2f} | | | |")


def report_losses(figures: Figures) -> None:
    print(f"| sessions or keys lost | {len(figures.lost)} | | | none |", flush=True)
    for trouble in dict.fromkeys(figures.lost[:3]):
        print(trouble, file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60, help="how long a step is taken each second")
    parser.add_argument("--arrivals", type=float, default=10.0, help="seconds within which all connect")
    parser.add_argument("--scenario", default="fabc")
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--lecture", action="store_true", help="all follow a presenter")
    parser.add_argument("--openssh", action="store_true", help="measure OpenSSH's server with ForceCommand instead")
    options = parser.parse_args()
    if not (0 < options.sessions <= 500 and 0 <= options.seconds <= 600 and 0 < options.arrivals <= 60):
        parser.error("at most 500 sessions, 600 seconds, arrivals within 60 seconds")
    allow_descriptors(8 * options.sessions + 100)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        places = options.sessions + 5
        if options.openssh:
            server = stack.enter_context(openssh(folder, options.scenario, places))
        else:
            server = stack.enter_context(gradwalk_serve(folder, places, *["--lecture"] * options.lecture))
        width, height = (int(number) for number in options.size.split("x"))
        door = Door(server.port, server.key, command=options.scenario, size=(width, height))
        if options.openssh:
            door = replace(door, command=None, user=getpass.getuser())
        asyncio.run((walk_together if options.lecture else walk_alone)(options, door, server))


def allow_descriptors(number: int) -> None:
    """Allow this process, and the server that it starts, so many open descriptors."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (number, max(most, number)))


if __name__ == "__main__":
    main()
