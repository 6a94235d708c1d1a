"""Starts the process that sessions are forked from, with nothing of the server's but what it needs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PYTHONUTF8")
"""The variables of the server that the fork server is given: others may hold passwords."""

_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""NumPy's libraries start no threads: a process with threads cannot be forked."""


def spawn() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start the process; return it, and the server's end of the socket that it serves, which does not block.

    OSError where the system allows no more processes.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    environment = {name: value for name, value in os.environ.items() if name in _KEPT} | _ONE_THREAD
    with theirs:
        command = [sys.executable, "-P", "-m", f"{__package__}.forking", str(theirs.fileno())]
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    return process, ours
