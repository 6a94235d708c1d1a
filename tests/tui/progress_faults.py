"""Faults that a process can only meet outside of pytest: `python -m tests.tui.progress_faults FOLDER` prints them all.

It has one thread, so that it may fork: a process is killed, or limited, or stands beside others.
"""

from __future__ import annotations

import json
import os
import random
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gradwalk.tui.progress.database import ProgressFile
from gradwalk.tui.progress.progress import Progress

from .progress_tasks import attempt

ROUNDS = 12
LIMIT = 60_000
"""Bytes that a file may have where the disk is full."""


def child(work: Callable[[int], None]) -> tuple[int, int]:
    """Start a process that does some work and writes about it; return its number and where to read."""
    reading, writing = os.pipe()
    number = os.fork()
    if number == 0:
        os.close(reading)
        try:
            work(writing)
        finally:
            os._exit(0)
    os.close(writing)
    return number, reading


def notes_for_ever(path: Path) -> Callable[[int], None]:
    def work(confirm: int) -> None:
        progress = Progress(ProgressFile(path))
        while True:
            assert progress.note(attempt("1"), "drill") == ""
            os.write(confirm, f"{progress.noted[-1].sitting} {progress.noted[-1].number}\n".encode())

    return work


def killed(folder: Path) -> list[dict[str, Any]]:
    """Kill processes at random moments, one after the other on the same file."""
    path = folder / "killed" / "progress.db"
    moments = random.Random(10)
    confirmed: set[str] = set()
    rounds: list[dict[str, Any]] = []
    for _ in range(ROUNDS):
        number, reading = child(notes_for_ever(path))
        waits = moments.random() < 0.8
        said = os.read(reading, 100) if waits else b""
        select.select([], [], [], moments.random() * 0.02)
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)
        while more := os.read(reading, 65536):
            said += more
        os.close(reading)
        confirmed |= set(said.decode().split("\n")[:-1])
        journal = path.with_name(f"{path.name}-journal").exists()
        again = Progress(ProgressFile(path))
        found = {f"{noted.sitting} {noted.number}" for noted in again.noted}
        rounds.append(
            {
                "waited": waits,
                "confirmed": len(confirmed),
                "lost": len(confirmed - found),
                "unconfirmed": len(found - confirmed),
                "journal": journal,
                "problem": again.problem(),
            }
        )
        confirmed = found
    return rounds


def side_by_side(folder: Path) -> dict[str, Any]:
    path = folder / "two" / "progress.db"

    def work(confirm: int) -> None:
        progress = Progress(ProgressFile(path))
        problems = [progress.note(attempt("1"), "drill") for _ in range(15)]
        os.write(confirm, json.dumps([progress.problem(), *problems]).encode())

    problems: list[str] = []
    children = [child(work) for _ in range(3)]
    for number, reading in children:
        problems += json.loads(os.read(reading, 65536))
        os.waitpid(number, 0)
    progress = Progress(ProgressFile(path))
    return {
        "problems": "".join(problems),
        "noted": len(progress.noted),
        "sittings": len({n.sitting for n in progress.noted}),
    }


def full(path: Path, room: Callable[[bool], None]) -> dict[str, Any]:
    """Note until the disk is full and on; then make room."""
    progress = Progress(ProgressFile(path))
    said: list[str] = []
    room(False)
    while not said and len(progress.noted) < 2000:
        said += filter(None, [progress.note(attempt("-" * 400), "drill")])
    said += filter(None, [progress.note(attempt("1"), "drill") for _ in range(3)])
    fitted = len(Progress(ProgressFile(path)).noted)
    room(True)
    said_later = progress.note(attempt("1"), "drill")
    again = Progress(ProgressFile(path))
    return {
        "said": said,
        "said_later": said_later,
        "fitted": fitted,
        "in_memory": len(progress.noted),
        "kept_later": len(again.noted),
        "problem": again.problem(),
    }


def limited(folder: Path) -> dict[str, Any]:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def room(there_is: bool) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard if there_is else LIMIT, hard))

    return full(folder / "limited" / "progress.db", room)


def tiny_disk(folder: Path) -> dict[str, Any] | None:
    disk = folder / "disk"
    disk.mkdir()

    def mount(*options: str) -> bool:
        arguments = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(disk)]
        return subprocess.run(arguments, capture_output=True, timeout=20).returncode == 0

    if not mount("size=100k"):
        return None
    try:
        return full(disk / "progress.db", lambda there_is: (there_is and mount("remount", "size=10m")) or None)
    finally:
        subprocess.run(["umount", "-l", str(disk)], timeout=20)


def read_only(folder: Path) -> dict[str, Any] | None:
    """Read and note as somebody who may not write: another user, where this one may everything."""
    path = folder / "read-only" / "progress.db"
    Progress(ProgressFile(path)).note(attempt("1"), "drill")
    path.chmod(0o444)
    path.parent.chmod(0o555)

    def work(confirm: int) -> None:
        if os.geteuid() == 0:
            os.chdir("/")
            os.setuid(65534)
        if os.access(path, os.W_OK) or not os.access(path, os.R_OK):
            return
        progress = Progress(ProgressFile(path))
        before = len(progress.noted)
        said = [progress.note(attempt("1"), "drill") for _ in range(2)]
        missing = Progress(ProgressFile(path.parent / "below" / "progress.db"))
        said_missing = missing.note(attempt("1"), "drill")
        result = {"before": before, "said": said, "after": len(progress.noted), "said_missing": said_missing}
        os.write(confirm, json.dumps(result).encode())

    number, reading = child(work)
    said = b"".join(iter(lambda: os.read(reading, 65536), b""))
    os.waitpid(number, 0)
    path.parent.chmod(0o755)
    return json.loads(said) if said else None


def main(folder: Path) -> None:
    faults = (killed, side_by_side, limited, tiny_disk, read_only)
    print(json.dumps({fault.__name__: fault(folder) for fault in faults}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
