"""Measure what a user feels at 10, 10^3, 10^5 and 10^6 nodes: `python benchmarks/screen.py`.

gradwalk and a hello-world Textual app run in real 120x40 pseudo-terminals, by turns, in one run; the table on standard
output is Markdown. The graphs are epochs of generated regressions, one scalar node for every number. Times of different
machines say nothing, so what counts is the ratio to hello-world.
"""

from __future__ import annotations

import argparse
import os
import select
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pyte
from startup import HEIGHT, HELLO, WIDTH, Terminal, measure

NODES = (1_000, 100_000, 1_000_000)
STEP = 1_234_567
"""Where to seek to in the largest walk."""

RIGHT, ENTER = b"\x1b[C", b"\r"
PATIENCE = 120.0

REGRESSION = """
title = "Regression of {samples} samples"
[data]
samples = {samples}
seed = 1
x = "uniform(-10, 10)"
y = "10 + 5*x + 3*normal()"
[parameters]
w = 0
b = 0
[prediction]
h = "b + x*w"
[loss]
cost = "mean((h - y)^2)"
[training]
learning_rate = 0.02
epochs = 100
"""


@dataclass
class Figures:
    """What was measured of a walk: seconds, bytes, and at the end the bytes of memory that the process took at most."""

    opening: list[float] = field(default_factory=list)
    forward: list[float] = field(default_factory=list)
    backward: list[float] = field(default_factory=list)
    seek: list[float] = field(default_factory=list)
    fold: list[float] = field(default_factory=list)
    unfold: list[float] = field(default_factory=list)
    match: list[float] = field(default_factory=list)
    dialog: list[float] = field(default_factory=list)
    written: list[int] = field(default_factory=list)
    memory: int = 0

    @property
    def keys(self) -> list[float]:
        return self.forward + self.backward


class Screen:
    """A terminal whose screen is known, to see when something has appeared: only changed cells are ever written."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self.screen)

    def wait_for(self, words: str) -> float:
        """Read until the words are on the screen; return the time."""
        deadline = time.perf_counter() + PATIENCE
        while not any(words in line for line in self.screen.display):
            if time.perf_counter() > deadline:
                raise TimeoutError("\n".join([f"{words!r} does not appear:", *self.screen.display]))
            if select.select([self.terminal.master], [], [], 0.05)[0]:
                written = os.read(self.terminal.master, 65536).replace(b"\x1b[>1u", b"").replace(b"\x1b[?2048$p", b"")
                self._stream.feed(written)
        return time.perf_counter()

    def type(self, keys: bytes) -> None:
        os.write(self.terminal.master, keys)


def walk_an_epoch(command: list[str], environment: dict[str, str], figures: Figures, keys: int, seek: int) -> None:
    """Open a training scenario and its first epoch as a walk; take steps forward, backward, and seek."""
    terminal = Terminal(command, environment)
    try:
        screen = Screen(terminal)
        loaded = screen.wait_for("epoch 0 of 100") - terminal.started
        terminal.drain()
        pressed = time.perf_counter()
        screen.type(ENTER)
        figures.opening.append(loaded + screen.wait_for("start · ") - pressed)
        terminal.drain()
        take_steps(terminal, figures, keys)
        if seek:
            figures.dialog.append(terminal.answer(b"g")[0])
            terminal.drain()
            screen.type(str(seek).encode())
            terminal.drain()
            figures.seek.append(terminal.answer(ENTER)[0])
            terminal.answer(b"\x1b[F")
            for times in (figures.unfold, figures.fold):
                times.append(terminal.answer(b"O")[0])
                terminal.drain()
            for keys_of_search in (b"/", b"w", ENTER):
                screen.type(keys_of_search)
                terminal.drain()
            figures.match.append(terminal.answer(b".")[0])
        figures.memory = max(figures.memory, peak_memory(terminal.process.pid))
    finally:
        terminal.close()


def take_steps(terminal: Terminal, figures: Figures, keys: int) -> None:
    """Take steps at the start of the forward and of the backward pass."""
    for times in (figures.forward, figures.backward):
        for _ in range(keys):
            seconds, count = terminal.answer(RIGHT)
            times.append(seconds)
            figures.written.append(count)
        terminal.answer(b"]")


def peak_memory(process: int) -> int:
    """Return the most memory that a process has had, 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keys", type=int, default=12)
    options = parser.parse_args()
    gradwalk = str(Path(sys.executable).with_name("gradwalk"))
    firsts: dict[str, list[float]] = {"hello": [], "fabc": []}
    hello_keys: list[float] = []
    figures = {size: Figures() for size in (10, *NODES)}
    with tempfile.TemporaryDirectory() as folder:
        hello = Path(folder) / "hello.py"
        hello.write_text(HELLO, encoding="utf-8")
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "XDG_CONFIG_HOME": folder}
        for size in NODES:
            path = Path(folder) / f"{size}.toml"
            path.write_text(REGRESSION.format(samples=round(size / 6)), encoding="utf-8")
        for _ in range(options.rounds):
            first, times, _ = measure([sys.executable, str(hello)], b"hello, world", environment, options.keys)
            firsts["hello"].append(first)
            hello_keys += times
            first, times, counts = measure([gradwalk, "fabc"], "start · 13 steps".encode(), environment, 13)
            firsts["fabc"].append(first)
            figures[10].forward += times
            figures[10].written += counts
            for size in NODES:
                seek = STEP if size == NODES[-1] else 0
                command = [gradwalk, str(Path(folder) / f"{size}.toml")]
                walk_an_epoch(command, environment, figures[size], options.keys, seek)
    report(options.rounds, firsts, statistics.median(hello_keys), figures)


def report(rounds: int, firsts: dict[str, list[float]], hello_key: float, figures: dict[int, Figures]) -> None:
    """Print the table."""
    largest = NODES[-1]
    print(f"| {WIDTH}x{HEIGHT}, median of {rounds} runs | hello-world | gradwalk | ratio | target |")
    print("|---|---|---|---|---|")
    hello, fabc = (statistics.median(firsts[name]) for name in ("hello", "fabc"))
    compare("first paint of `gradwalk fabc`", hello, fabc, "≤ 1.45")
    for size, measured in figures.items():
        compare(f"key to paint, {size:,} nodes", hello_key, statistics.median(measured.keys), "≤ 3")
    compare(f"seek to step {STEP:,}, {largest:,} nodes", hello_key, statistics.median(figures[largest].seek), "≤ 10")
    for title, times in (
        ("unfold all", figures[largest].unfold),
        ("fold all", figures[largest].fold),
        ("next match", figures[largest].match),
        ("the go-to dialog opens", figures[largest].dialog),
    ):
        compare(f"{title}, {largest:,} nodes", hello_key, statistics.median(times), "≤ 10")
    for size, measured in figures.items():
        print(f"| bytes of a step, {size:,} nodes | | {statistics.median(measured.written):.0f} | | ≤ 1024, next 512 |")
    for size in NODES:
        seconds, target = statistics.median(figures[size].opening), "≤ 4 s" if size == largest else ""
        print(f"| from the command to the walk, {size:,} nodes | | {seconds:.1f} s | | {target} |")
    print(f"| most memory, {largest:,} nodes | | {figures[largest].memory / 1e6:.0f} MB | | |")


def compare(title: str, hello: float, ours: float, target: str) -> None:
    print(f"| {title} | {hello * 1e3:.1f} ms | {ours * 1e3:.1f} ms | {ours / hello:.2f} | {target} |")


if __name__ == "__main__":
    main()
