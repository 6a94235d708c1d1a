"""Several servers on loopback, the Redis that they share, and the HAProxy in front of them."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ..pseudo_terminal import DEADLINE, PseudoTerminal, wait_until
from .rooms import GRADWALK, Room, free_port, make_key

_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
HAPROXY = shutil.which("haproxy", path=_PATH)
REDIS = shutil.which("redis-server", path=_PATH)

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "haproxy.cfg"
"""The file of the documentation: what is tried is what is shown."""


@dataclass(frozen=True)
class Address:
    """Where a server listens on loopback: for learners, and for those who ask whether it is well."""

    port: int
    health: int

    def status(self, path: str = "/healthz") -> tuple[int, str]:
        """Return the status and the text of an answer; 0 where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.health, timeout=DEADLINE)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()


@contextmanager
def replica(folder: Path, keys: Path, address: Address, *options: str) -> Iterator[Room]:
    """Run a server behind a balancer, with the host key and the keys of others that lie in `keys`, until it is well.

    The room is the server itself; it takes nobody who comes directly.
    """
    folder.mkdir(exist_ok=True)
    command = [
        GRADWALK, "serve", f"127.0.0.1:{address.port}", "--health", str(address.health), "--proxy-protocol",
        "--host-key", str(keys / "host_key"), "--authorized-keys", str(keys / "key.pub"), *options,
    ]  # fmt: skip
    homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "STATE", "DATA")}
    with _running(command, folder / "log", os.environ | homes) as process:
        room = Room(process, address.port, folder)
        wait_until(lambda: process.poll() is not None or address.status()[0] == 200)
        assert process.poll() is None, f"the server has ended: {room.log}"
        yield room


@contextmanager
def redis(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Redis that keeps nothing on disk."""
    assert REDIS is not None
    command = [REDIS, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with _running([*command, "--dir", str(folder)], folder / "redis.log") as process:
        wait_until(lambda: _answers(port))
        yield process


@contextmanager
def balancer(folder: Path, servers: Sequence[Address]) -> Iterator[int]:
    """Run HAProxy as the documentation has it, in front of two servers; yield its port."""
    assert HAPROXY is not None
    port, text = free_port(), EXAMPLE.read_text(encoding="utf-8")
    places = iter(servers)

    def here(match: re.Match[str]) -> str:
        server = next(places)
        return f"{match[1]} 127.0.0.1:{server.port} port {server.health}"

    text, bound = re.subn(r"bind :8022", f"bind 127.0.0.1:{port}", text)
    text, named = re.subn(r"(server \w+) [\d.]+:8022", here, text)
    assert (bound, named) == (1, len(servers))
    file = folder / "haproxy.cfg"
    file.write_text(text, encoding="utf-8")
    with _running([HAPROXY, "-db", "-f", str(file)], folder / "haproxy.log"):
        wait_until(lambda: _answers(port))
        yield port


@contextmanager
def _running(
    command: list[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


class Course:
    """Two servers, the HAProxy by which all come, and the Redis that they share where they have one lecture."""

    def __init__(self, folder: Path, held: ExitStack, *, lecture: bool) -> None:
        self.folder = folder
        self._held = held
        self.redis_port = free_port()
        self.addresses = [Address(free_port(), free_port()) for _ in range(2)]
        for name in ("key", "presenter", "host_key"):
            make_key(folder / name)
        self._has_lecture = lecture
        if lecture:
            self.start_redis()
        self.servers = [self.start(number) for number in range(2)]
        self.door = replace(self.servers[0], port=held.enter_context(balancer(folder, self.addresses)), folder=folder)

    def start_redis(self) -> None:
        """Start the Redis, or start it anew: it has kept nothing."""
        self.redis = self._held.enter_context(redis(self.folder, self.redis_port))

    def stop_redis(self) -> None:
        """End it."""
        self.redis.kill()
        self.redis.wait()

    def start(self, number: int) -> Room:
        """Start a server, or start it anew."""
        bus = ["--lecture", "--bus", f"redis://127.0.0.1:{self.redis_port}/0"]
        lecture = [*bus, "--presenter-keys", str(self.folder / "presenter.pub")] if self._has_lecture else []
        place = self.folder / f"server{number}"
        return self._held.enter_context(replica(place, self.folder, self.addresses[number], *lecture))

    def comes(self, user: str = "learner") -> PseudoTerminal:
        """Log in by way of HAProxy."""
        key = "presenter" if user == "presenter" else "key"
        return self._held.enter_context(self.door.session(user=user, key=key))

    def sessions(self, number: int) -> int:
        """Return how many sessions a server has."""
        _, text = self.addresses[number].status("/metrics")
        return int(float(next(line.split()[1] for line in text.splitlines() if line.startswith("gradwalk_sessions "))))

    def place_of(self, before: list[int]) -> int:
        """Return which server has one session more than before."""
        wait_until(lambda: self.counts() != before)
        return next(number for number in range(2) if self.sessions(number) > before[number])

    def counts(self) -> list[int]:
        """Return how many sessions each server has."""
        return [self.sessions(number) for number in range(2)]

    def is_up(self, number: int) -> bool:
        """Whether HAProxy has said that a server is there again."""
        name = ("one", "two")[number]
        return f"Server gradwalk/{name} is UP" in (self.folder / "haproxy.log").read_text(encoding="utf-8")

    def says(self, number: int, event: str) -> int:
        """Return how many lines of a server's log are of a kind."""
        lines = (self.folder / f"server{number}" / "log").read_text(encoding="utf-8").splitlines()
        return sum(f" {event}" in line for line in lines)


def ended(terminals: list[PseudoTerminal], count: int) -> list[PseudoTerminal]:
    """Wait until so many of the clients have ended, and return them."""
    wait_until(lambda: sum(not (terminal.read() or terminal.process.isalive()) for terminal in terminals) >= count)
    return [terminal for terminal in terminals if not terminal.process.isalive()]
