"""`Door`: lets a client in, or not, and decides what its connection may be used for: one session, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import asyncssh
from asyncssh.constants import DISC_BY_APPLICATION, DISC_TOO_MANY_CONNECTIONS, OPEN_ADMINISTRATIVELY_PROHIBITED

from ..session import Role
from ..words import serving as words
from .channel import Channel
from .connection import Connection
from .events import Cause, Ended, LoggedIn, Refusal, Refused
from .presenter_code import Try
from .visit import Visit
from .who import PRESENTER, Person

if TYPE_CHECKING:
    from .room import Room

MOST_KEYS = 20
"""Keys that a client may try; an agent can hold many."""

MOST_CODES = 3
"""Codes that it may try on one connection."""

MOST_REFUSALS = 20
"""Things that it may ask for in vain; a client that goes on asking is disconnected."""

_Challenge = tuple[str, str, str, Sequence[tuple[str, bool]]]


class Door(asyncssh.SSHServer):
    """What asyncssh asks about one connection."""

    def __init__(self, room: Room) -> None:
        self.person: Person | None = None
        """Who has logged in."""
        self._room = room
        self._connection: Connection | None = None
        self._presents = False
        self._proven = ""
        self._keys = self._codes = self._refusals = 0
        self._visit: Visit | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_refused = self._is_closed = self._is_told = False

    # ---- the connection

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Give the client so much time to log in."""
        assert isinstance(conn, Connection)
        self._connection = conn
        conn.on_refused = self._refused_request
        grace = self._room.options.limits.grace
        self._timer = conn.loop.call_later(grace, self._too_late, Refusal.LOG_IN_TIME, words.not_logged_in(grace))

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note of the end."""
        self._is_closed = True
        self._stop_timer()
        if self._connection is not None:
            self._room.closed(self._connection)
        if self.person is None and not self._is_refused:
            malformed = isinstance(exc, asyncssh.DisconnectError | UnicodeError | ValueError)
            self._tell_refused(Refusal.PROTOCOL if malformed else Refusal.LOG_IN, str(exc or ""))
        self._tell_end()

    def _too_late(self, why: Refusal, text: str) -> None:
        self._refuse(why, "")
        if self._connection is not None:
            self._connection.disconnect(DISC_BY_APPLICATION, text)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    # ---- who it is

    def begin_auth(self, username: str) -> bool:
        """Begin to log somebody in by a name; return whether a key or a code is asked for."""
        room = self._room
        self._presents = username == PRESENTER and room.code is not None
        self._proven = ""
        if room.is_full and not self._presents:
            self._turn_away(Refusal.FULL, words.full(room.options.limits.sessions))
        return self._presents or not room.options.is_open or room.wants_keys

    def public_key_auth_supported(self) -> bool:
        """Return whether a key is of use."""
        if self._presents:
            return self._room.presenter_keys is not None
        return self._room.authorized_keys is not None or self._room.wants_keys

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Return whether somebody with this key may come in; that they have it is then proven."""
        self._keys += 1
        if self._keys > 2 * MOST_KEYS:
            self._turn_away(Refusal.LOG_IN, words.TOO_MANY_TRIES)
        assert self._connection is not None
        self._proven = ""
        keys = self._room.presenter_keys if self._presents else self._room.authorized_keys
        admitted = keys.admits(key, self._connection.address) if keys is not None else not self._presents
        if admitted:
            self._proven = key.get_fingerprint()
        return admitted

    def kbdint_auth_supported(self) -> bool:
        """Return whether a question is asked: the code of a presenter, or none of somebody without a key."""
        return self._presents or self._room.options.is_open

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> _Challenge:
        """Ask a presenter for the code, and others for nothing."""
        self._proven = ""
        if self._presents:
            return "", words.CODE_AGAIN if self._codes else words.CODE_IS_WHERE, "", [(words.CODE_PROMPT, True)]
        return "", "", "", []

    async def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> bool:
        """Return whether a presenter has typed the code; others were asked for nothing."""
        self._proven = ""
        if not self._presents:
            return self._room.options.is_open and not responses
        assert self._connection is not None and self._room.code is not None
        self._codes += 1
        typed = responses[0] if len(responses) == 1 else ""
        came = await self._room.code.admits(typed, self._connection.address)
        if came is Try.ADMITTED:
            return True
        if came is Try.TOO_MANY:
            self._turn_away(Refusal.PRESENTER, words.TOO_MANY_CODES)
        if self._codes >= MOST_CODES:
            self._turn_away(Refusal.PRESENTER, words.CODE_IS_WRONG)
        return False

    def auth_completed(self) -> None:
        """Take note of who it is; a session is to be asked for soon."""
        connection, room = self._connection, self._room
        if connection is None:
            return
        if room.is_full and not self._presents:  # others have come in while this one was proving a key
            self._turn_away(Refusal.FULL, words.full(room.options.limits.sessions))
        learns = Role.FOLLOWER if room.code is not None else Role.GUEST
        self.person = Person(Role.PRESENTER if self._presents else learns, self._proven)
        room.logged_in(connection)
        room.tell(LoggedIn(connection.number, connection.address, self.person.role, self.person.learner))
        self._stop_timer()
        grace = room.options.limits.grace
        self._timer = connection.loop.call_later(grace, self._too_late, Refusal.LOG_IN_TIME, words.no_session(grace))

    def _turn_away(self, why: Refusal, text: str) -> NoReturn:
        self._refuse(why, "")
        raise asyncssh.DisconnectError(DISC_TOO_MANY_CONNECTIONS, text)

    # ---- what is asked of it

    def session_requested(self) -> tuple[Channel, Visit]:
        """Grant one session."""
        assert self._connection is not None
        if self._visit is not None or self.person is None:
            self._tell_refused(Refusal.SECOND_SESSION, "")
            raise asyncssh.ChannelOpenError(OPEN_ADMINISTRATIVELY_PROHIBITED, words.ONE_SESSION)
        self._visit = Visit(self._room, self._connection, self.person, self._stop_timer, self._tell_end)
        self._room.asked(self._connection, self._visit)
        return Channel(self._connection), self._visit

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> NoReturn:
        """Refuse to connect to somewhere else."""
        self._refuse_forwarding("port")

    def unix_connection_requested(self, dest_path: str) -> NoReturn:
        """Refuse to connect to a socket of the machine."""
        self._refuse_forwarding("socket")

    def tun_requested(self, unit: int | None) -> NoReturn:
        """Refuse a tunnel."""
        self._refuse_forwarding("tunnel")

    def tap_requested(self, unit: int | None) -> NoReturn:
        """Refuse a tunnel."""
        self._refuse_forwarding("tunnel")

    def server_requested(self, listen_host: str, listen_port: int) -> bool:
        """Refuse to listen for a client."""
        self._tell_refused(Refusal.FORWARDING, "listening port")
        return False

    def unix_server_requested(self, listen_path: str) -> bool:
        """Refuse to listen for a client."""
        self._tell_refused(Refusal.FORWARDING, "listening socket")
        return False

    def _refuse_forwarding(self, what: str) -> NoReturn:
        self._tell_refused(Refusal.FORWARDING, what)
        raise asyncssh.ChannelOpenError(OPEN_ADMINISTRATIVELY_PROHIBITED, words.NO_FORWARDING)

    def _refused_request(self, name: bytes) -> None:
        self._tell_refused(Refusal.FORWARDING, name.decode("ascii", "replace"))

    # ---- what is told

    def _refuse(self, why: Refusal, detail: str) -> None:
        self._is_refused = True
        self._tell_refused(why, detail)

    def _tell_refused(self, why: Refusal, detail: str) -> None:
        connection = self._connection
        if connection is None:
            return
        self._room.tell(Refused(connection.number, connection.address, why, detail))
        self._refusals += 1
        if self._refusals >= MOST_REFUSALS:
            connection.loop.call_soon(connection.abort)

    def _tell_end(self) -> None:
        """Tell of the end of a connection that was let in, when it is closed and its process has ended."""
        connection, visit = self._connection, self._visit
        if self.person is None or connection is None or self._is_told or not self._is_closed:
            return
        if visit is not None and visit.is_running:
            return
        self._is_told = True
        ended = visit.ended if visit is not None else None
        seconds = connection.loop.time() - connection.began
        event = Ended(connection.number, connection.address, visit.why if visit is not None else Cause.HUNG_UP, seconds)
        if visit is not None and ended is not None:
            event = Ended(
                connection.number,
                connection.address,
                visit.why,
                seconds,
                status=-ended.signal if ended.signal else ended.status,
                cpu_seconds=ended.processor_seconds,
                peak_bytes=ended.peak_memory,
                received_bytes=visit.bytes_taken,
                sent_bytes=visit.bytes_sent,
            )
        self._room.tell(event)
