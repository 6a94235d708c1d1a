"""What Linux says of a process and all that came of it: processor time, memory, descriptors."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Memory:
    """Bytes of a process: `unshared` are its alone (USS), `share` counts what it shares in part (PSS)."""

    unshared: int
    share: int


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


def seconds_of_processor(process: int) -> float:
    """Return the processor time of a process, with that of its children that have ended; 0 once it is gone."""
    with suppress(OSError):
        return sum(int(ticks) for ticks in _stat(process)[11:15]) / TICKS
    return 0.0


def memory(process: int) -> Memory | None:
    """Return the memory of a process, None once it is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.endswith("kB")}
    return Memory(sizes["Private_Clean"] + sizes["Private_Dirty"], sizes["Pss"])


def descriptors(process: int) -> int:
    """Return how many descriptors a process has open."""
    return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())


def command_line(process: int) -> str:
    """Return the words by which a process was started, or by which it calls itself."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return ""


def _stat(process: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the name: state, parent ..."""
    return Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()


@dataclass
class Load:
    """Processor seconds of a server, of its sessions and of their clients, within some seconds; what sessions hold."""

    server: float
    sessions: float
    clients: float
    seconds: float
    memory: list[Memory]


class Meter:
    """Reads what a server and all that came of it take, between its making and `read`; clients are in this process."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._before = self._processors()
        self._clients, self._began = time.process_time(), time.perf_counter()

    def _processors(self) -> dict[int, float]:
        return {process: seconds_of_processor(process) for process in descendants(self._server)}

    def read(self) -> Load:
        """Return the load; sessions are those processes of which none came."""
        spent = {process: seconds - self._before.get(process, 0.0) for process, seconds in self._processors().items()}
        sessions = [process for process in spent if len(descendants(process)) == 1]
        in_sessions = sum(spent[process] for process in sessions)
        clients, seconds = time.process_time() - self._clients, time.perf_counter() - self._began
        memories = [found for process in sessions if (found := memory(process))]
        return Load(sum(spent.values()) - in_sessions, in_sessions, clients, seconds, memories)
