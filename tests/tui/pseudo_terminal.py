"""`PseudoTerminal`: a real pseudo-terminal around a command, with an emulated screen to read from."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pexpect
import pyte

DEADLINE = 30.0
"""Seconds after which a condition that never comes true fails the test; no test waits for it otherwise."""

GRADWALK = str(Path(sys.executable).with_name("gradwalk"))

KEYS = {
    "right": "\x1b[C", "left": "\x1b[D", "up": "\x1b[A", "down": "\x1b[B", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "escape": "\x1b", "enter": "\r", "space": " ", "ctrl+c": "\x03",
    "ctrl+p": "\x10", "ctrl+q": "\x11", "backspace": "\x7f",
}  # fmt: skip

_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[A-Za-z]|\x1b\[\?[0-9;]*\$p")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;<>=?$]*)?$")
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until a condition holds; fail after `DEADLINE`."""
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


class PseudoTerminal:
    """A command in a pseudo-terminal; `screen` shows what a person would see.

    Nothing here sleeps: `wait_for` reads until its condition holds, and fails after `DEADLINE` with the screen.
    """

    def __init__(
        self, *command: str, width: int = 80, height: int = 24, environment: Mapping[str, str | None] | None = None
    ) -> None:
        variables = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})}
        self.output = bytearray()
        self._pending = b""
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self.process = pexpect.spawn(
            command[0],
            list(command[1:]),
            dimensions=(height, width),
            env={name: value for name, value in variables.items() if value is not None},
            timeout=DEADLINE,
        )
        self.process.delaybeforesend = None

    def __enter__(self) -> PseudoTerminal:
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.close(force=True)

    # ---- reading

    @property
    def lines(self) -> list[str]:
        """The rows of the screen, without the spaces at their ends."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def modes(self) -> set[int]:
        """The private modes (alternate screen 1049, cursor 25, mouse 1000 ...) that are set now."""
        on = {25, 7}
        for match in _MODE.finditer(bytes(self.output)):
            numbers = {int(number) for number in match[1].split(b";")}
            on = on | numbers if match[2] == b"h" else on - numbers
        return on

    def read(self, timeout: float = 0.0) -> bool:
        """Take in what the command has written; False when nothing came in time or it has ended."""
        try:
            chunk = self.process.read_nonblocking(65536, timeout)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        self.output += chunk
        data = self._pending + chunk
        unfinished = _UNFINISHED.search(data)
        self._pending = unfinished[0] if unfinished else b""
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data[: len(data) - len(self._pending)]))
        return True

    def wait_for(self, wanted: str | Callable[[], bool]) -> None:
        """Read until a text is on the screen, or until a condition holds."""
        holds = wanted if callable(wanted) else lambda: wanted in self.text
        deadline = time.monotonic() + DEADLINE
        while not holds():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {wanted!r}; the screen is\n{self.text}")
            if not self.read(0.05) and not self.process.isalive() and not self.read(0.0) and not holds():
                raise AssertionError(f"ended while waiting for {wanted!r}; the screen is\n{self.text}")

    def wait_for_exit(self) -> int:
        """Read until the command ends; return its exit status, or minus the signal that ended it."""
        deadline = time.monotonic() + DEADLINE
        while self.read(0.05) or self.process.isalive():
            if time.monotonic() > deadline:
                raise AssertionError(f"the command does not end; the screen is\n{self.text}")
        self.process.close()
        return self.process.exitstatus if self.process.exitstatus is not None else -(self.process.signalstatus or 0)

    # ---- acting

    def press(self, *keys: str) -> None:
        """Press keys, by name or by character."""
        for key in keys:
            self.process.send(KEYS.get(key, key))

    def click(self, column: int, row: int) -> None:
        """Click with the left button; both count from 0."""
        self.process.send(f"\x1b[<0;{column + 1};{row + 1}M\x1b[<0;{column + 1};{row + 1}m")

    def resize(self, width: int, height: int) -> None:
        """Change the size, which the command learns by SIGWINCH."""
        self.screen.resize(height, width)
        self.process.setwinsize(height, width)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the command."""
        self.process.kill(number)
