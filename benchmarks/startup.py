"""Compare gradwalk's first paint, key answer and bytes with a hello-world Textual app: `python benchmarks/startup.py`.

They run in real 120x40 pseudo-terminals, by turns, in one run; the table on standard output is Markdown. Times of
different machines say nothing, so what counts is the ratio to hello-world. A third app, hello-world that also imports
numpy, shows the share of the first paint that no module of ours can save.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

WIDTH, HEIGHT = 120, 40
QUIET = 0.1
"""Seconds without output after which an answer counts as complete; they are not part of its time."""

HELLO = """
from textual.app import App
from textual.widgets import Static

class Hello(App):
    BINDINGS = [("right", "count", "Count"), ("q", "quit", "Quit")]
    count = 0

    def compose(self):
        yield Static("hello, world")

    def action_count(self):
        self.count += 1
        self.query_one(Static).update(f"hello, world {self.count}")

Hello().run()
"""


class Terminal:
    """A command in a pseudo-terminal, of which only the bytes and their times matter."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)

    def read_until(self, marker: bytes) -> float:
        """Read until the marker has been written; return the seconds since the start."""
        output = b""
        while marker not in output:
            if not select.select([self.master], [], [], 30)[0]:
                raise TimeoutError(f"{marker!r} does not appear in {output!r}")
            output += os.read(self.master, 65536)
        return time.perf_counter() - self.started

    def answer(self, key: bytes, patience: float = 5) -> tuple[float, int]:
        """Press a key; return the seconds until the last byte of the answer, and how many bytes it has.

        Where nothing is written for so many seconds there is no answer: 0 bytes.
        """
        sent = last = time.perf_counter()
        count = 0
        os.write(self.master, key)
        while select.select([self.master], [], [], QUIET if count else patience)[0]:
            count += len(os.read(self.master, 65536))
            last = time.perf_counter()
        return last - sent, count

    def drain(self) -> None:
        """Read whatever follows the first paint, until it is quiet."""
        while select.select([self.master], [], [], 3 * QUIET)[0]:
            os.read(self.master, 65536)

    def close(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self.master)


def measure(
    command: list[str], marker: bytes, environment: dict[str, str], keys: int
) -> tuple[float, list[float], list[int]]:
    """Return the time of the first paint, then times and bytes of the answers to right-arrow keys."""
    terminal = Terminal(command, environment)
    try:
        first = terminal.read_until(marker)
        terminal.drain()
        answers = [terminal.answer(b"\x1b[C") for _ in range(keys)]
    finally:
        terminal.close()
    return first, [seconds for seconds, _ in answers], [count for _, count in answers]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        hello, numeric = Path(folder) / "hello.py", Path(folder) / "numeric.py"
        hello.write_text(HELLO, encoding="utf-8")
        numeric.write_text(f"import numpy\n{HELLO}", encoding="utf-8")
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "XDG_CONFIG_HOME": folder}
        commands = {
            "hello": ([sys.executable, str(hello)], b"hello, world"),
            "numeric": ([sys.executable, str(numeric)], b"hello, world"),
            "library": ([str(Path(sys.executable).with_name("gradwalk"))], b"choose a scenario"),
            "gradwalk": ([str(Path(sys.executable).with_name("gradwalk")), "fabc"], "start · 13 steps".encode()),
        }
        firsts: dict[str, list[float]] = {name: [] for name in commands}
        times: dict[str, list[float]] = {name: [] for name in commands}
        sizes: dict[str, list[int]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, (command, marker) in commands.items():
                keys = 13 if name != "library" else 0  # there the key opens a scenario
                first, seconds, counts = measure(command, marker, environment, keys)
                firsts[name].append(first)
                times[name] += seconds
                sizes[name] += counts
    head = f"{WIDTH}x{HEIGHT}, median of {rounds} runs"
    print(f"| {head} | hello-world | the same and numpy | gradwalk | ratio | target |")
    print("|---|---|---|---|---|---|")
    rows = (
        ("first paint of the library", firsts, "library", "≤ 1.15"),
        ("first paint of `gradwalk fabc`", firsts, "gradwalk", "≤ 1.45"),
        ("key to paint", times, "gradwalk", "≤ 3"),
    )
    for title, values, name, target in rows:
        hello_median, numeric_median, median = (statistics.median(values[of]) for of in ("hello", "numeric", name))
        shown = " | ".join(f"{seconds * 1e3:.1f} ms" for seconds in (hello_median, numeric_median, median))
        print(f"| {title} | {shown} | {median / hello_median:.2f} | {target} |")
    shown = " | ".join(f"{statistics.median(sizes[name]):.0f}" for name in ("hello", "numeric", "gradwalk"))
    print(f"| bytes of a step | {shown} | | ≤ 1024, next 512 |")


if __name__ == "__main__":
    main()
