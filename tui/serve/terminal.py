"""A terminal for a session: made, sized, and restored at the other end where the session cannot do it any more."""

from __future__ import annotations

import fcntl
import os
import struct
import termios

from ..terminal import Terminal

MOST_COLUMNS, MOST_ROWS = 400, 150
"""The largest terminal that is painted; of a larger one, the part at its upper left."""

RESTORE = (
    b"\x18\x1b\\"  # what was being written is given up
    b"\x1b[?2026l"  # what was drawn is shown
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # no mouse
    b"\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[<u"  # no reports of focus and size, no marks at pasted text, usual keys
    b"\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h\r"  # lines wrap, no colours, the first screen, a cursor
)
"""What puts a terminal back in order after a session that could not do so."""


def open_terminal(term: str, columns: int, rows: int) -> tuple[int, int]:
    """Return the server's end of a new terminal, which does not block, and the session's.

    What is typed before a screen is painted is not echoed into it; a terminal that has only lines echoes them.
    """
    ours, theirs = os.openpty()
    os.set_blocking(ours, False)
    set_size(ours, columns, rows)
    modes = termios.tcgetattr(theirs)
    modes[0] |= getattr(termios, "IUTF8", 0o40000)
    if holds_a_screen(term):
        modes[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    return ours, theirs


def holds_a_screen(term: str) -> bool:
    """Return whether a program can fill a terminal of this kind; not where it is of none."""
    return bool(term) and Terminal.of({"TERM": term}, interactive=True).holds_a_screen


def set_size(terminal: int, columns: int, rows: int) -> None:
    """Give a terminal its size, within bounds; a client that does not know its own has 80 columns and 24 rows."""
    columns = min(columns, MOST_COLUMNS) if columns > 0 else 80
    rows = min(rows, MOST_ROWS) if rows > 0 else 24
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
