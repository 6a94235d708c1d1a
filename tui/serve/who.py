"""Who comes in: the files of keys that may, read anew when they change, and what somebody is known as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncssh

from ...engine.errors import GradwalkError
from ..session import Role

PRESENTER = "presenter"
"""The user name of whoever presents a lecture. No other name means anything."""

MOST_BYTES = 2**20
"""The size of the largest file of keys."""


@dataclass(frozen=True)
class Person:
    """Somebody who was let in: in a part, and known by the fingerprint of their key, empty where there was none."""

    role: Role
    learner: str = ""


class KeyFile:
    """A file of keys as OpenSSH's `authorized_keys`. What has changed counts at the next log-in.

    A file that cannot be read any more lets nobody in. Of the options of a key, `from` and `expiry-time` are heeded,
    and a key of an authority (`cert-authority`) is none that lets in; all others forbid what nobody may do here.
    """

    def __init__(self, path: Path, changed: Callable[[KeyFile, str], None]) -> None:
        """Read the file; GradwalkError where that fails.

        `changed` is called with this and a problem, or an empty text, when it was read anew.
        """
        self.path = path
        self._changed = changed
        self._stamp = self._stamp_now()
        self._keys: list[asyncssh.SSHAuthorizedKeys] = []
        self.skipped: list[int] = []
        """The numbers of lines that are no keys."""
        problem = self._read()
        if problem:
            raise GradwalkError(problem)

    @property
    def count(self) -> int:
        """How many keys it holds."""
        return len(self._keys)

    def admits(self, key: asyncssh.SSHKey, address: str) -> bool:
        """Return whether a key may come in, from an address."""
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._stamp = stamp
            self._changed(self, self._read())
        for entry in self._keys:
            options = entry.validate(key, "", address)
            if options is not None and not _is_over(options.get("expiry-time")):
                return True
        return False

    def _stamp_now(self) -> tuple[int, int, int] | None:
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_size, status.st_mtime_ns

    def _read(self) -> str:
        """Read the file; return a sentence where that fails."""
        self._keys, self.skipped = [], []
        try:
            with self.path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            return f"the keys cannot be read: {self.path}: {error.strerror}"
        if len(data) > MOST_BYTES:
            return f"the file of keys is larger than {MOST_BYTES:,} bytes: {self.path}"
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            try:
                self._keys.append(asyncssh.import_authorized_keys(text))
            except (ValueError, asyncssh.KeyImportError):
                self.skipped.append(number)
        return ""


def _is_over(expiry: object) -> bool:
    """Return whether the time of an option `expiry-time` is over; one that cannot be read is, as in OpenSSH."""
    if expiry is None:
        return False
    text = str(expiry[0] if isinstance(expiry, list) and expiry else expiry)  # pyright: ignore[reportUnknownArgumentType]
    zone = UTC if text.endswith("Z") else None
    text = text.removesuffix("Z")
    shape = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(text))
    try:
        end = datetime.strptime(text, shape or "").replace(tzinfo=zone)
    except ValueError:
        return True
    return end.astimezone(UTC) <= datetime.now(UTC)
