"""`ProgressFile`: progress in an SQLite database in the user's state directory.

Each call opens the file, does one short transaction and closes it again, so that terminals side by side wait for each
other some milliseconds at most, and the file can be moved or taken away at any time.

It keeps a rollback journal and no write-ahead log: there is one small write for each answer, so a log would gain
nothing; a log needs memory that is shared, which home directories on a network do not have; and its database cannot be
read where the folder cannot be written. `synchronous=EXTRA` makes a commit outlast a crash of the program, of the
system and of the power: https://sqlite.org/pragma.html#pragma_synchronous
"""

from __future__ import annotations

import sqlite3
import urllib.parse
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ...engine.study.noted import Noted
from .damage import has_locks, set_aside
from .schema import (
    ATTEMPT,
    LESSON,
    MIGRATIONS,
    PLACE,
    TABLES,
    attempt_row,
    kept_of,
    lesson_row,
    place_row,
)
from .store import Change, Finished, Kept, Stood, StoreError

APPLICATION_ID = 0x6772776B
"""Tells our databases from others (`file` shows it): "grwk"."""

_MARKS = {"id": "INTEGER PRIMARY KEY AUTOINCREMENT", "learner": "", "of": ""}
"""What the marks of the schema are here: the file is one person's."""

WAIT, SHORT_WAIT = 3.0, 0.2
"""Seconds to wait for another terminal that writes, and once one was waited for in vain."""

_Result = TypeVar("_Result")

_DAMAGED = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_ERROR,  # a table or a column that we use is not there
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_CONSTRAINT,
}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it cannot be written",
    sqlite3.SQLITE_PERM: "it cannot be written",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_BUSY: "another program keeps it locked",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked",
    sqlite3.SQLITE_IOERR: "the system cannot read or write it",
}


class _Damaged(Exception):
    """The file is no database, or one that is broken."""


class ProgressFile:
    """Keeps progress in `progress.db`, in the folder where a user's programs keep their state.

    A damaged file is set aside under another name, and a new one begun; one that a newer gradwalk has written is left
    as it is.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._notices: list[str] = []
        self._wait = WAIT
        self._is_checked = False
        self._has_locks = True
        self._read_from: tuple[int, int] | None = None

    @property
    def path(self) -> Path:
        """The file."""
        if self._path is None:
            import platformdirs

            self._path = platformdirs.user_state_path("gradwalk") / "progress.db"
        return self._path

    @property
    def place(self) -> str:
        """The file, as text."""
        return str(self.path)

    def read(self, after: int = 0) -> Kept:
        """Read the file; one that does not exist holds nothing, and is not made by reading."""
        return self._tried(lambda: self._read(after))

    def write(self, changes: Sequence[Change]) -> None:
        """Write all changes in one transaction."""
        self._tried(lambda: self._write(changes))

    def reset(self) -> None:
        """Delete everything in the file."""
        self._tried(self._reset)

    def notices(self) -> list[str]:
        """Return what happened to the file, once."""
        notices, self._notices = self._notices, []
        return notices

    # ---- one transaction each

    def _read(self, after: int) -> Kept:
        try:
            identity = _identity(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return Kept(after)
        if identity != self._read_from:  # another terminal has begun a new file: nothing of it was read yet
            after = 0
        with self._opened("rw") as connection:  # a journal that a crash has left is played back, which writes
            version = _version(connection)
            if version == 0:
                return Kept(after)
            if version < len(MIGRATIONS):
                with _transaction(connection, "IMMEDIATE"):
                    _migrate(connection)
            with _transaction(connection, "DEFERRED"):
                rows, lessons, places = (connection.execute(*query).fetchall() for query in _queries(after))
        try:
            kept = kept_of(rows, lessons, places, after)
        except (msgspec.MsgspecError, ValueError, TypeError):  # a row that is none of ours
            raise _Damaged from None
        self._read_from = identity
        return kept

    def _write(self, changes: Sequence[Change]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            self.path.touch(0o600, exist_ok=False)  # what somebody cannot do yet is nobody else's business
        with self._opened("rw") as connection, _transaction(connection, "IMMEDIATE"):
            _migrate(connection)
            for change in changes:
                _insert(connection, change)

    def _reset(self) -> None:
        if not self.path.exists():
            return
        with self._opened("rw") as connection:
            connection.execute("PRAGMA secure_delete=ON")
            with _transaction(connection, "IMMEDIATE"):
                _migrate(connection)
                for table in TABLES:
                    connection.execute(f"DELETE FROM {table}")

    # ---- the file

    @contextmanager
    def _opened(self, mode: str) -> Generator[sqlite3.Connection]:
        """Open the file in a mode of SQLite's URIs, and close it at the end of the block."""
        options = f"mode={mode}" + ("" if self._has_locks else "&nolock=1")
        uri = f"file:{urllib.parse.quote(str(self.path))}?{options}"
        with closing(sqlite3.connect(uri, uri=True, timeout=self._wait, isolation_level=None)) as connection:
            connection.text_factory = bytes.decode  # a text that is none is damage, and is told so
            connection.execute("PRAGMA synchronous=EXTRA")
            version = _version(connection)
            if version > len(MIGRATIONS):
                raise StoreError(
                    f"{self.path} was written by a newer gradwalk, so this one leaves it as it is", is_final=True
                )
            if not self._is_checked and connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise _Damaged
            self._is_checked = True
            if connection.execute("PRAGMA application_id").fetchone()[0] not in (0, APPLICATION_ID):
                raise _Damaged
            yield connection

    def _tried(self, action: Callable[[], _Result]) -> _Result:
        """Do something with the file, and again where what was in the way can be cleared away."""
        try:
            return self._mended(action)
        except sqlite3.Error as error:
            code = _code(error)
            if code in _LOCKED:
                self._wait = SHORT_WAIT
            raise StoreError(f"{self.path}: {_REASONS.get(code, error)}") from None
        except _Damaged:
            raise StoreError(f"{self.path} is damaged, and cannot be set aside") from None
        except OSError as error:
            raise StoreError(f"{error.filename or self.path}: {error.strerror or error}") from None

    def _mended(self, action: Callable[[], _Result]) -> _Result:
        identity = None
        with suppress(OSError):
            identity = _identity(self.path)
        try:
            return _damage_told(action)
        except _Damaged:
            self._is_checked = False
            try:
                return _damage_told(action)  # another terminal may have been faster, or was writing just then
            except _Damaged:
                aside = set_aside(self.path, identity)
            if aside is not None:
                self._notices.append(f"{self.path} is damaged; it is kept as {aside.name}, and a new one begins")
            return _damage_told(action)
        except sqlite3.Error as error:
            if not (self._has_locks and _code(error) in {*_LOCKED, sqlite3.SQLITE_IOERR}):
                raise
            if has_locks(self.path.parent):
                raise
            self._has_locks = False
            self._notices.append(f"{self.path.parent} has no locks: use one gradwalk at a time")
            return _damage_told(action)


def _damage_told(action: Callable[[], _Result]) -> _Result:
    try:
        return action()
    except sqlite3.DatabaseError as error:
        if _code(error) in _DAMAGED:
            raise _Damaged from None
        raise
    except UnicodeDecodeError:  # in a name of the schema, or in what SQLite says of it
        raise _Damaged from None


def _code(error: sqlite3.Error) -> int:
    """Return the primary result code: https://sqlite.org/rescode.html"""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _identity(path: Path) -> tuple[int, int]:
    """Return what tells a file from another one of the same name; OSError where there is none."""
    found = path.stat()
    return found.st_dev, found.st_ino


@contextmanager
def _transaction(connection: sqlite3.Connection, kind: str) -> Generator[None]:
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        raise


def _queries(after: int) -> Sequence[tuple[str, tuple[int, ...]]]:
    return (
        (f"SELECT id, {ATTEMPT} FROM attempt WHERE id > ? ORDER BY id", (after,)),
        (f"SELECT {LESSON} FROM lesson ORDER BY rowid", ()),
        (f"SELECT {PLACE} FROM place", ()),
    )


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema to our version; the transaction is the caller's."""
    version = _version(connection)
    if version == 0:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            connection.execute(statement.format(**_MARKS))
    if version < len(MIGRATIONS):
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")


def _insert(connection: sqlite3.Connection, change: Change) -> None:
    match change:
        case Noted():
            _put(connection, "INSERT OR IGNORE INTO attempt", ATTEMPT, attempt_row(change))
        case Finished():
            _put(connection, "INSERT OR IGNORE INTO lesson", LESSON, lesson_row(change))
        case Stood():
            _put(connection, "INSERT OR REPLACE INTO place", PLACE, place_row(change))


def _put(connection: sqlite3.Connection, how: str, columns: str, row: Sequence[Any]) -> None:
    connection.execute(f"{how} ({columns}) VALUES ({', '.join('?' * len(row))})", row)
