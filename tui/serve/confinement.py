"""What a session's process may not do: what it is bounded by, before anything of a learner reaches it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

from .session_request import Bounds

SECONDS_TO_LEAVE = 5
"""Processor seconds that a session has for its farewell when it has used up its time."""

ROOM_TO_LEAVE = 32 * 2**20
"""Bytes that a session has for its farewell when it has used up its memory."""

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38

_LIKELY_VICTIM = "500"
"""Where the machine has no memory left, a session is ended before the server is."""


def confine(bounds: Bounds, parent: int) -> None:
    """Bound this process, for good; it ends at once where its `parent` has ended, or ever does.

    No file can be written to (not by a bug either), no memory image is left, and no program that it would start could
    have more rights than it has itself. Outside of Linux, memory is not bounded.
    """
    _end_with(parent)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_LIKELY_VICTIM, encoding="ascii")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (bounds.files, bounds.files))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.processor, bounds.processor + SECONDS_TO_LEAVE))
    most = data_bytes() + bounds.memory
    resource.setrlimit(resource.RLIMIT_DATA, (most, most + ROOM_TO_LEAVE))
    os.nice(bounds.nice)
    os.umask(0o077)


def make_room() -> None:
    """Let a session that has used up its memory have a little more, for its farewell."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def data_bytes() -> int:
    """Return how much of what RLIMIT_DATA bounds this process has, in bytes; 0 outside of Linux."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[5])  # data and stack
    except (OSError, IndexError, ValueError):
        return 0
    return pages * resource.getpagesize()


def _end_with(parent: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
