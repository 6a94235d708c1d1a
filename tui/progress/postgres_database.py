"""`PostgresDatabase`: a PostgreSQL database for the progress of many, and what is done when it is gone.

A few connections are shared by all learners. Nothing waits long for a database that is slow, hangs or is gone: a
transaction has `LIMIT` seconds, and after one that failed everybody is told at once, without a try, until a thread that
tries again from time to time has reached the database. libpq's own timeouts are not enough: they watch the network, and
a server that is stopped still has one.
"""

from __future__ import annotations

import os
import random
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from ...engine.errors import GradwalkError
from .schema import MIGRATIONS
from .store import StoreError

if TYPE_CHECKING:
    from psycopg import Connection, Error

    from .schema import Row

LIMIT = 1.0
"""Seconds that a transaction may take."""

MOST_IDLE = 4
"""So many connections are kept open; more are opened where more is done at once."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
"""Seconds before the database is tried again; each time twice as many."""

SCHEMES = ("postgresql://", "postgres://")

_LOOKS_SO = "one looks like postgresql://user@host/database"

GONE = "the course's database cannot be reached"
NEWER = "the course's database was written by a newer gradwalk, so this one leaves it as it is"
REFUSED = "the course's database does not take it"

_MARKS = {
    "id": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "learner": "learner TEXT NOT NULL, ",
    "of": "learner, ",
}
"""What the marks of the schema are here: the database is everybody's."""

_LOCK = 0x6772776B
"""The advisory lock under which the schema is brought to our version."""

_BEGIN = f"""SELECT set_config('search_path', 'gradwalk', true),
    set_config('statement_timeout', '{LIMIT * 800:.0f}', true),
    set_config('lock_timeout', '{LIMIT * 600:.0f}', true),
    set_config('idle_in_transaction_session_timeout', '10000', true),
    set_config('synchronous_commit', coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on'), true)"""
"""What begins each transaction, for a balancer may give each another connection; a commit is on the disk."""

_OF_ONE = ("22", "23", "54")
"""Classes of errors that one learner's texts and numbers make, while all others' are kept: data, keys, sizes."""

_Result = TypeVar("_Result")


class PostgresDatabase:
    """Runs transactions, each of them twice where a connection was lost: they must bear that.

    Every method may be called from any thread. `told` is told, from some thread, when the database is gone (with the
    reason, which may be said to whoever runs the server) and when it is there again (with nothing).
    """

    def __init__(self, url: str, told: Callable[[str], None] = lambda reason: None) -> None:
        """Take a URL as libpq reads it; GradwalkError where it is none. Nothing is connected yet."""
        self._url = url
        self._options = options_of(url)
        self._told = told
        self._lock = threading.Lock()
        self._idle: list[Connection[Row]] = []
        self._is_right = False
        self._gone = ""
        self._ended = threading.Event()
        self._trying: threading.Thread | None = None

    @property
    def name(self) -> str:
        """Where it is, for whoever runs the server, without a password."""
        return without_password(self._url)

    @property
    def is_there(self) -> bool:
        """Whether it was there when it was last tried."""
        return not self._gone

    def try_now(self) -> str:
        """Reach the database and bring its schema to our version; return what is wrong, empty where that went well."""
        try:
            self.run(lambda connection: None)
        except StoreError as error:
            return self._gone or str(error)
        return ""

    def run(self, action: Callable[[Connection[Row]], _Result]) -> _Result:
        """Do something in a transaction, and return what it returns. StoreError, in words for a learner."""
        if self._gone or self._ended.is_set():
            raise StoreError(GONE)
        return self._tried(action)

    def close(self) -> None:
        """Close all connections, and try no more."""
        self._ended.set()
        self._drop_idle()
        if self._trying is not None:
            self._trying.join(LIMIT)

    # ---- one transaction

    def _tried(self, action: Callable[[Connection[Row]], _Result]) -> _Result:
        import psycopg

        try:
            try:
                return self._once(action)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                if _is_slow(error):
                    raise
                self._drop_idle()  # the server was begun anew: all of them are dead
            except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedColumn):
                self._is_right = False  # somebody has put another database in its place
            return self._once(action)
        except psycopg.Error as error:
            if (error.sqlstate or "")[:2] in _OF_ONE:
                raise StoreError(REFUSED) from None
            self._drop_idle()
            self._is_gone(error)
            raise StoreError(GONE) from None

    def _once(self, action: Callable[[Connection[Row]], _Result]) -> _Result:
        connection = self._taken()
        try:
            with _ending(connection, LIMIT):
                connection.execute(_BEGIN.encode())
                if not self._is_right:
                    _migrate(connection)
                result = action(connection)
                connection.commit()
            self._is_right = True
        except BaseException:
            connection.close()
            raise
        self._give_back(connection)
        return result

    def _taken(self) -> Connection[Row]:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        import psycopg

        connection = psycopg.connect(**self._options)
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        return connection

    def _give_back(self, connection: Connection[Row]) -> None:
        with self._lock:
            if len(self._idle) < MOST_IDLE and not self._ended.is_set():
                self._idle.append(connection)
                return
        connection.close()

    def _drop_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    # ---- gone, and there again

    def _is_gone(self, error: Error) -> None:
        with self._lock:
            if self._gone or self._ended.is_set():
                return
            self._gone = self._reason(error)
            self._trying = threading.Thread(target=self._try_again, name="progress database", daemon=True)
        self._told(self._gone)
        self._trying.start()

    def _try_again(self) -> None:
        pause = FIRST_PAUSE
        while not self._ended.wait(pause * random.uniform(0.8, 1.2)):
            import psycopg

            try:
                self._once(lambda connection: connection.execute("SELECT count(*) FROM attempt WHERE id < 0"))
            except StoreError:
                pass
            except psycopg.Error:
                self._is_right = False
            else:
                with self._lock:
                    self._gone = ""
                self._told("")
                return
            pause = min(2 * pause, LONGEST_PAUSE)

    def _reason(self, error: Error) -> str:
        """Return why it is gone, in a line, without what is secret."""
        text = " ".join(str(error).split()) or type(error).__name__
        password = str(self._options.get("password") or "")
        text = text.replace(password, "...") if password else text
        return "".join(character if character.isprintable() else "?" for character in text)[:300]


def options_of(url: str) -> dict[str, Any]:
    """Read a URL of a PostgreSQL database as libpq does; GradwalkError, which repeats none of it, where it is none."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    if not url.startswith(SCHEMES):
        raise GradwalkError(f"the database is not a PostgreSQL URL; {_LOOKS_SO}")
    try:
        options: dict[str, Any] = conninfo_to_dict(url)
    except psycopg.Error:  # its words repeat the URL, with the password in it
        raise GradwalkError(f"the URL of the database cannot be read; {_LOOKS_SO}") from None
    options.setdefault("connect_timeout", 2)
    options.setdefault("application_name", "gradwalk")
    options.setdefault("tcp_user_timeout", 5000)
    # Prepared statements belong to a connection, and a balancer gives each transaction another one.
    return {**options, "prepare_threshold": None}


def without_password(url: str) -> str:
    """Return a URL without its password, wherever that stands in it, and without other options."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    return f"{parts.scheme}://{user.partition(':')[0]}{at}{host}{parts.path}"


def has_password(url: str) -> bool:
    """Say whether a password stands in a URL, of whatever kind of server."""
    from urllib.parse import parse_qs, urlsplit

    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    named = {name.casefold() for name in parse_qs(parts.query, keep_blank_values=True)}
    return ":" in parts.netloc.rpartition("@")[0] or bool(named & {"password", "sslpassword"})


def _is_slow(error: Error) -> bool:
    """Say whether a server took too long, so that another try would take as long."""
    return error.sqlstate in ("57014", "55P03") or isinstance(error.__context__, TimeoutError)


@contextmanager
def _ending(connection: Connection[Row], seconds: float) -> Generator[None]:
    """End a connection under whoever waits for it, where the block takes too long; TimeoutError is its context then."""
    guard = threading.Lock()
    over, late = False, False

    def end() -> None:
        nonlocal late
        with guard:
            if over:
                return
            late = True
            with suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as wire:
                wire.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except BaseException as error:
        if late:
            error.__context__ = TimeoutError()
        raise
    finally:
        timer.cancel()
        with guard:
            over = True


def _migrate(connection: Connection[Row]) -> None:
    """Bring the schema to our version; the transaction is the caller's, and whoever comes meanwhile waits for it."""
    version = _version(connection)
    if version < len(MIGRATIONS):
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        version = _version(connection)
    if version > len(MIGRATIONS):
        raise StoreError(NEWER, is_final=True)
    if version == 0:
        _need_unicode(connection)
        if _one(connection, "SELECT NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'gradwalk')"):
            connection.execute("CREATE SCHEMA gradwalk")
        connection.execute("CREATE TABLE version (number INTEGER NOT NULL, born TEXT NOT NULL)")
        connection.execute("INSERT INTO version VALUES (0, md5(random()::text || clock_timestamp()::text))")
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            connection.execute(statement.format(**_MARKS).encode())
    if version < len(MIGRATIONS):
        connection.execute("UPDATE version SET number = %s", (len(MIGRATIONS),))


def _need_unicode(connection: Connection[Row]) -> None:
    from psycopg.errors import FeatureNotSupported

    encoding = _one(connection, "SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        raise FeatureNotSupported(f"the encoding of the database is {encoding}, and it must be UTF8")


def _version(connection: Connection[Row]) -> int:
    """Return the version of the schema, 0 where there is none.

    The tables are looked at, for `to_regclass` answers from a cache that may be as old as the transaction.
    """
    if not _one(connection, "SELECT count(*) FROM pg_tables WHERE schemaname = 'gradwalk' AND tablename = 'version'"):
        return 0
    return int(_one(connection, "SELECT number FROM version"))


def _one(connection: Connection[Row], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None, "such a query gives a row"
    return row[0]
