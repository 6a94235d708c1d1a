"""`Room`: a `gradwalk serve` that runs on loopback, its clients, and what Linux says of its processes."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ..pseudo_terminal import DEADLINE, GRADWALK, PseudoTerminal, wait_until

SSH = shutil.which("ssh")
KEYGEN = shutil.which("ssh-keygen")

USER = "learner"


@dataclass
class Room:
    """A server that runs. Its folder has `key` and `presenter`, keys of learners and of a presenter."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    # ---- coming in

    def command(self, *options: str, user: str = USER, key: str = "key") -> list[str]:
        """Return a command of OpenSSH's client that uses nothing of the user's own settings; the options come first."""
        assert SSH is not None
        return [
            SSH, "-F", "none", *options, "-p", str(self.port), "-i", str(self.folder / key), "-o", "IdentitiesOnly=yes",
            "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={self.folder / 'known_hosts'}",
            "-o", "StrictHostKeyChecking=accept-new", "-o", "LogLevel=ERROR", "-e", "none",
            f"{user}@127.0.0.1",
        ]  # fmt: skip

    def session(
        self,
        *command: str,
        width: int = 80,
        height: int = 24,
        user: str = USER,
        key: str = "key",
        term: str = "xterm-256color",
        options: Sequence[str] = (),
    ) -> PseudoTerminal:
        """Log in with OpenSSH's client from a pseudo-terminal of its own; the command may name a scenario."""
        environment = {"TERM": term, "COLORTERM": None, "SSH_AUTH_SOCK": None}
        arguments = [*self.command("-tt", *options, user=user, key=key), *command]
        return PseudoTerminal(*arguments, width=width, height=height, environment=environment)

    def run(
        self, *command: str, user: str = USER, key: str = "key", options: Sequence[str] = (), given: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Log in with OpenSSH's client without a terminal, type what is `given`, and wait for the end."""
        arguments = [*self.command(*options, user=user, key=key), *command]
        return subprocess.run(arguments, input=given, capture_output=True, text=True, timeout=DEADLINE)

    def connect(self) -> socket.socket:
        """Connect, and say nothing."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE)

    # ---- what it is made of

    @property
    def log(self) -> str:
        """What the server has written so far."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    @property
    def processes(self) -> set[int]:
        """The server and all that came of it, as long as they are there."""
        return {process for process in descendants(self.process.pid) if not is_zombie(process)}

    @property
    def descriptors(self) -> int:
        """How many descriptors the server and all that came of it have open."""
        return sum(descriptors(process) for process in self.processes)

    def memory(self) -> int:
        """Return the bytes of memory that the server process alone has."""
        return unshared(self.process.pid)

    def stop(self) -> int:
        """Tell the server to end, as a service manager does; return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=DEADLINE)


@contextmanager
def serving(
    folder: Path, *options: str, authorized: bool = True, environment: Mapping[str, str] | None = None
) -> Iterator[Room]:
    """Run a server on a free port, with its keys, state and log in a folder; at the end nothing of it is left."""
    for name in ("key", "presenter"):
        if not (folder / name).exists():
            make_key(folder / name)
    shutil.copy(folder / "key.pub", folder / "authorized_keys")
    port = free_port()
    command = [GRADWALK, "serve", f"127.0.0.1:{port}", *options]
    if authorized:
        command += ["--authorized-keys", str(folder / "authorized_keys")]
    variables = {
        **os.environ,
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_DATA_HOME": str(folder / "data"),
        **(environment or {}),
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=variables)
    room = Room(process, port, folder)
    seen: set[int] = set()
    try:
        wait_until(lambda: _listens(room))
        yield room
    finally:
        seen |= room.processes
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(timeout=DEADLINE)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        left = _after_a_moment(seen - {process.pid})
        for each in left:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
    assert not left, f"processes of the server are left: {left}; its log is\n{room.log}"


def _listens(room: Room) -> bool:
    assert room.process.poll() is None, f"the server has ended: {room.log}"
    return "listening" in room.log


def _after_a_moment(processes: set[int]) -> set[int]:
    """Return those of the processes that are still there after some seconds."""
    deadline = time.monotonic() + 5
    while processes and time.monotonic() < deadline:
        processes = {process for process in processes if Path(f"/proc/{process}").exists() and not is_zombie(process)}
        time.sleep(0.01)
    return processes


def make_key(path: Path) -> None:
    """Make an Ed25519 key without a passphrase."""
    assert KEYGEN is not None
    subprocess.run([KEYGEN, "-q", "-t", "ed25519", "-N", "", "-C", path.name, "-f", str(path)], check=True)


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


# ---- what Linux says of processes


def descendants(process: int) -> list[int]:
    """Return the processes that came of one, itself first; those whose parent has ended are not among them."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                children.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
    found = [process]
    for parent in found:
        found += children.get(parent, [])
    return found


def is_zombie(process: int) -> bool:
    """Return whether a process has ended, and its parent has not taken note; True where it is gone altogether."""
    try:
        return _stat(process)[0] == "Z"
    except OSError:
        return True


def descriptors(process: int) -> int:
    """Return how many descriptors a process has open; 0 once it is gone."""
    try:
        return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return 0


def unshared(process: int) -> int:
    """Return the bytes of memory that a process shares with no other."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def _stat(process: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the name: state, parent ..."""
    return Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
