"""A terminal that has stopped reading keeps no process: it is gone after a hang-up or a signal, whatever waits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are a Unix thing", allow_module_level=True)

import termios

from gradwalk.tui.hang_up import ending_with_the_terminal

from .pseudo_terminal import DEADLINE, GRADWALK, PseudoTerminal, wait_until

pytestmark = pytest.mark.thorough

COUNTING = """
import sys
from pathlib import Path
import textual.drivers._writer_thread as writer

class Counting(writer.Queue):
    def put(self, item):
        if self.full():
            Path(sys.argv[1]).touch()
        super().put(item)

writer.Queue = Counting
from gradwalk.tui.cli import main
main(["fabc"])
"""
"""The program, which says when its queue of output is full, so that it waits for the terminal."""


@pytest.fixture
def stalled(tmp_path: Path) -> Iterator[PseudoTerminal]:
    """Return a terminal that has stopped reading, and whose program waits for it."""
    script, full = tmp_path / "counting.py", tmp_path / "full"
    script.write_text(COUNTING, encoding="utf-8")
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    with PseudoTerminal(sys.executable, str(script), str(full), environment=environment) as terminal:
        terminal.wait_for("q Quit")

        def pressed() -> bool:
            terminal.press("t", "?")
            return full.exists()

        wait_until(pressed)
        yield terminal


def close(terminal: PseudoTerminal) -> None:
    terminal.process.ptyproc.fileobj.close()
    terminal.process.ptyproc.closed = terminal.process.closed = True


def end(terminal: PseudoTerminal) -> int:
    """Return the status that a program ends with, without reading what it writes."""
    wait_until(lambda: not terminal.process.isalive())
    return terminal.process.exitstatus


def hang_up(terminal: PseudoTerminal) -> None:
    terminal.signal(signal.SIGHUP)
    close(terminal)


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (hang_up, 128 + signal.SIGHUP),
        (close, 128 + signal.SIGHUP),
        (lambda terminal: terminal.signal(signal.SIGHUP), 128 + signal.SIGHUP),
        (lambda terminal: terminal.signal(signal.SIGTERM), 128 + signal.SIGTERM),
    ],
    ids=["a signal and a hang-up", "a hang-up", "SIGHUP, and the terminal stays", "SIGTERM, and the terminal stays"],
)
def test_a_program_whose_terminal_does_not_read_ends_at(
    stalled: PseudoTerminal, act: Callable[[PseudoTerminal], None], status: int
) -> None:
    act(stalled)
    assert end(stalled) == status


def test_a_hang_up_is_seen_where_no_signal_tells_of_it() -> None:
    master, slave = os.openpty()
    environment = {**os.environ, "TERM": "xterm-256color"}
    with subprocess.Popen(
        [GRADWALK, "fabc"], stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    ) as process:
        try:
            os.close(slave)
            output = b""
            while b"Quit" not in output:
                output += os.read(master, 65536)
            os.close(master)
            assert process.wait(DEADLINE) == 128 + signal.SIGHUP
        finally:
            process.kill()


def test_the_settings_of_a_terminal_that_stays_are_restored(stalled: PseudoTerminal) -> None:
    fd = stalled.process.child_fd
    raw = termios.tcgetattr(fd)[3]
    stalled.signal(signal.SIGTERM)
    end(stalled)
    assert not raw & termios.ICANON
    assert termios.tcgetattr(fd)[3] & termios.ICANON


def test_afterwards_signals_do_what_they_did_before() -> None:
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
    before = [signal.getsignal(number) for number in numbers]
    with pytest.raises(ValueError, match="from within"), ending_with_the_terminal(lambda status: None):
        assert all(signal.getsignal(number) not in before for number in numbers)
        raise ValueError("from within")
    assert [signal.getsignal(number) for number in numbers] == before
