"""`PostgresStore`: one learner's progress in a PostgreSQL database that many share.

The schema is that of the file (`schema.py`), with the learner in its keys: who that is, the server that let them in
knows by the fingerprint of their key. What was written twice, because nobody heard that it was written, is there once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from ...engine.study.noted import Noted, WrongAnswer
from .schema import (
    ATTEMPT,
    LESSON,
    PLACE,
    TABLES,
    attempt_row,
    kept_of,
    lesson_row,
    place_row,
)
from .store import Change, Finished, Kept, Stood, StoreError

if TYPE_CHECKING:
    from psycopg import Connection

    from .postgres_database import PostgresDatabase
    from .schema import Row

MOST_ATTEMPTS = 20_000
"""So many attempts are kept of a learner."""

PAGE = 200
"""So many attempts are read at once."""

_LONGEST_KEY, _LONGEST_TEXT, _LARGEST = 200, 2_000, 2**31 - 1
"""Characters of a text that is part of a key and of other texts, which are cut where they are more; largest number."""

_MOST_WRONG = 16
"""So many of the wrong answers of an attempt are kept."""


class PostgresStore:
    """Keeps a learner's progress in a database."""

    def __init__(self, database: PostgresDatabase, learner: str) -> None:
        self._database = database
        self._learner = _cut(learner, _LONGEST_KEY)
        self._born = ""
        self._count = -1

    @property
    def place(self) -> str:
        """The database, in words: its address is no learner's business."""
        return "the course's database"

    def read(self, after: int = 0) -> Kept:
        """Read what is kept of the learner."""
        return self._database.run(lambda connection: self._read(connection, after))

    def write(self, changes: Sequence[Change]) -> None:
        """Write all changes in one transaction; it is on the server's disk when this returns."""
        self._database.run(lambda connection: self._write(connection, changes))

    def reset(self) -> None:
        """Delete everything that is kept of the learner."""
        self._database.run(self._reset)

    def notices(self) -> list[str]:
        """Nothing happens to the database that a learner must know."""
        return []

    def _read(self, connection: Connection[Row], after: int) -> Kept:
        born = str(connection.execute("SELECT born FROM version").fetchall()[0][0])
        if born != self._born:  # it is another database, and nothing of it was read yet
            after = 0
        later = "AND id > %s ORDER BY id LIMIT %s"
        rows = self._rows(connection, f"SELECT id, {ATTEMPT} FROM attempt", later, after, PAGE)
        lessons = self._rows(connection, f"SELECT {LESSON} FROM lesson", "ORDER BY day, course, lesson")
        places = self._rows(connection, f"SELECT {PLACE} FROM place")
        try:
            kept = kept_of(rows, lessons, places, after, more=len(rows) == PAGE)
        except (msgspec.MsgspecError, ValueError, TypeError):
            raise StoreError("what the course's database holds cannot be read") from None
        self._born = born
        return kept

    def _rows(self, connection: Connection[Row], query: str, more: str = "", *values: int) -> Sequence[Row]:
        return connection.execute(f"{query} WHERE learner = %s {more}".encode(), (self._learner, *values)).fetchall()

    def _write(self, connection: Connection[Row], changes: Sequence[Change]) -> None:
        # The numbers of one learner's attempts are to appear in their order: who has read one has read all before it.
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (self._learner,))
        counted = "SELECT count(*) FROM (SELECT 1 FROM attempt WHERE learner = %s LIMIT %s) AS counted"
        number = sum(isinstance(change, Noted) for change in changes)
        if number:
            if self._count < 0 or self._count + number > MOST_ATTEMPTS:
                found = connection.execute(counted, (self._learner, MOST_ATTEMPTS)).fetchall()
                self._count = int(found[0][0])
            if self._count + number > MOST_ATTEMPTS:
                raise StoreError(f"more than {MOST_ATTEMPTS:,} attempts are not kept", is_final=True)
        for change in changes:
            self._put(connection, change)
        self._count += number

    def _put(self, connection: Connection[Row], change: Change) -> None:
        match change:
            case Noted():
                self._insert(connection, "attempt", ATTEMPT, attempt_row(_bounded(change)), "DO NOTHING")
            case Finished():
                self._insert(connection, "lesson", LESSON, lesson_row(change), "DO NOTHING")
            case Stood():
                newer = (
                    "(learner, course) DO UPDATE SET lesson = excluded.lesson, step = excluded.step, "
                    "exercise = excluded.exercise, at = excluded.at "
                    'WHERE excluded.at COLLATE "C" >= place.at COLLATE "C"'
                )
                self._insert(connection, "place", PLACE, place_row(change), newer)

    def _insert(
        self, connection: Connection[Row], table: str, columns: str, row: Sequence[Any], on_conflict: str
    ) -> None:
        keys = {"attempt": 1, "lesson": 2, "place": 2}[table]
        values = [_fitting(value, _LONGEST_KEY if n < keys else None) for n, value in enumerate(row)]
        marks = ", ".join(["%s"] * (len(values) + 1))
        query = f"INSERT INTO {table} (learner, {columns}) VALUES ({marks}) ON CONFLICT {on_conflict}"
        connection.execute(query.encode(), (self._learner, *values))

    def _reset(self, connection: Connection[Row]) -> None:
        for table in TABLES:
            connection.execute(f"DELETE FROM {table} WHERE learner = %s".encode(), (self._learner,))
        self._count = -1


def _bounded(noted: Noted) -> Noted:
    """Return an attempt without what no learner does by hand."""
    wrong = tuple(
        WrongAnswer(_cut(one.answer, _LONGEST_TEXT), tuple(_names(found[:2]) for found in one.findings[:4]))
        for one in noted.wrong[:_MOST_WRONG]
    )
    where, ask = _cut(noted.where, _LONGEST_TEXT), _cut(noted.ask, _LONGEST_TEXT)
    return msgspec.structs.replace(noted, where=where, ask=ask, skills=_names(noted.skills[:32]), wrong=wrong)


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_cut(name, _LONGEST_KEY) for name in names)


def _fitting(value: object, most: int | None) -> object:
    match value:
        case str():
            return _cut(value, most)
        case int():
            return max(-_LARGEST, min(value, _LARGEST))
        case _:
            return value


def _cut(text: str, most: int | None) -> str:
    """Return a text as PostgreSQL takes it, which knows no character 0."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:most]
