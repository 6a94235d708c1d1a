"""What somebody has done with each scenario, for the library to show; alone, it is remembered between runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import msgspec

from .done import Done

MOST = 10_000
"""So many scenarios are remembered; those that were used longest ago are forgotten first."""


_FURTHER = list(Done)


class RecordStore(Protocol):
    """Where it is kept."""

    def load(self) -> dict[str, Done]:
        """Return what was kept, by `Card.place`; nothing where that cannot be read."""
        ...

    def save(self, done: dict[str, Done]) -> str:
        """Keep it; return a sentence that says why, where that fails, and an empty one otherwise."""
        ...


class MemoryRecord:
    """Keeps it as long as the program runs: for guests."""

    def load(self) -> dict[str, Done]:
        """Return nothing: this program has just begun."""
        return {}

    def save(self, done: dict[str, Done]) -> str:
        """Keep nothing."""
        return ""


class RecordFile:
    """Keeps it in `done.json`, in the folder where a user's programs keep their state."""

    @property
    def path(self) -> Path:
        """The file."""
        import platformdirs

        return platformdirs.user_state_path("gradwalk") / "done.json"

    def load(self) -> dict[str, Done]:
        """Read the file."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=dict[str, Done])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return {}

    def save(self, done: dict[str, Done]) -> str:
        """Write the file anew, with what another gradwalk may have written meanwhile."""
        path = self.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f".{path.name}.{os.getpid()}")
            new.write_bytes(msgspec.json.encode(dict(list(_joined(self.load(), done).items())[-MOST:])) + b"\n")
            new.replace(path)
        except OSError as error:
            return f"what was done cannot be remembered: {path}: {error.strerror or error}"
        return ""


class Record:
    """What was done, by `Card.place`. It is read when it is first asked for."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._done: dict[str, Done] | None = None

    def of(self, place: str) -> Done | None:
        """Return how far somebody has come with a scenario, None where it was never opened."""
        return self._all.get(place)

    def note(self, place: str, done: Done) -> str:
        """Remember that somebody has come so far; return why it cannot be remembered, or nothing."""
        before = self._all.get(place)
        if before is not None and _FURTHER.index(before) >= _FURTHER.index(done):
            return ""
        self._all.pop(place, None)
        self._all[place] = done
        return self._store.save(self._all)

    @property
    def _all(self) -> dict[str, Done]:
        if self._done is None:
            self._done = self._store.load()
        return self._done


def _joined(first: dict[str, Done], second: dict[str, Done]) -> dict[str, Done]:
    joined = {place: done for place, done in first.items() if place not in second}
    return joined | {place: max(done, first.get(place, done), key=_FURTHER.index) for place, done in second.items()}
