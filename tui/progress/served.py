"""`ServedStore`: the progress of a learner whom a server let in, and what is said to that server.

The session has neither the database nor its password: it asks its server, over a socket of its own, which knows by
itself whose progress that is. A message is four bytes, how long it is, and so much JSON.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from socket import socket
from typing import TypeVar

import msgspec

from ...engine.study.noted import Noted
from .store import Change, Finished, Kept, Stood, StoreError

MOST_BYTES = 262_144
"""The size of the largest message that asks."""

LARGEST_ANSWER = 2**24
"""The size of the largest answer."""

PATIENCE = 1.5
"""Seconds to wait for an answer: a screen stands still meanwhile."""

PAUSE = 10.0
"""Seconds in which no answer is waited for once one was waited for in vain."""


class Read(msgspec.Struct, frozen=True, tag="read"):
    """Asks for what is kept; of the attempts for those after a mark."""

    number: int
    after: int = 0


class Write(msgspec.Struct, frozen=True, tag="write"):
    """Asks to keep all of this, or none."""

    number: int
    noted: tuple[Noted, ...] = ()
    finished: tuple[Finished, ...] = ()
    stood: tuple[Stood, ...] = ()


class Reset(msgspec.Struct, frozen=True, tag="reset"):
    """Asks to forget everything."""

    number: int


class Done(msgspec.Struct, frozen=True, tag="done"):
    """What was asked with this number was done; `kept` is what was read."""

    number: int
    mark: int = 0
    noted: tuple[Noted, ...] = ()
    finished: tuple[Finished, ...] = ()
    stood: tuple[Stood, ...] = ()
    more: bool = False


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """What was asked with this number was not done, for a reason; where it `is_final` another try is of no use."""

    number: int
    reason: str
    is_final: bool = False


Asked = Read | Write | Reset
Answer = Done | Failed

_ANSWER = msgspec.json.Decoder(Answer)
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


def packed(message: Asked | Answer) -> bytes:
    """Return a message as it is sent."""
    sent = msgspec.json.encode(message)
    return len(sent).to_bytes(4, "big") + sent


class ServedStore:
    """Keeps progress where the server does that, which is at the other end of a socket."""

    def __init__(self, server: socket) -> None:
        self._server = server
        self._number = 0
        self._received = bytearray()
        self._silent_until = 0.0

    @property
    def place(self) -> str:
        """The place, in words: which database it is, the session does not know."""
        return "the course's database"

    def read(self, after: int = 0) -> Kept:
        """Ask for what is kept."""
        self._number += 1
        done = self._asked(Read(self._number, after))
        return Kept(done.mark, done.noted, done.finished, done.stood, done.more)

    def write(self, changes: Sequence[Change]) -> None:
        """Have changes kept: in one transaction, but for so many at once that no message holds them."""
        for part in _parts(changes):
            self._number += 1
            self._asked(
                Write(
                    self._number,
                    tuple(change for change in part if isinstance(change, Noted)),
                    tuple(change for change in part if isinstance(change, Finished)),
                    tuple(change for change in part if isinstance(change, Stood)),
                )
            )

    def reset(self) -> None:
        """Have everything forgotten."""
        self._number += 1
        self._asked(Reset(self._number))

    def notices(self) -> list[str]:
        """Nothing happens to the database that a learner must know."""
        return []

    def _asked(self, message: Asked) -> Done:
        now = time.monotonic()
        if now < self._silent_until:
            raise StoreError("the course's database does not answer")
        try:
            answer = self._answer_to(message, now + PATIENCE)
        except TimeoutError:
            self._silent_until = time.monotonic() + PAUSE
            raise StoreError("the course's database does not answer") from None
        except (OSError, ValueError, msgspec.MsgspecError):
            raise StoreError("the server of the course does not keep it any more", is_final=True) from None
        if isinstance(answer, Failed):
            raise StoreError(answer.reason, is_final=answer.is_final)
        return answer

    def _answer_to(self, message: Asked, deadline: float) -> Answer:
        try:
            self._server.settimeout(PATIENCE)
            self._server.sendall(packed(message))
        except TimeoutError:  # a part of it may be under way, and nothing can follow that
            self._server.close()
            raise ConnectionResetError from None
        while True:
            answer = _ANSWER.decode(self._message(deadline))
            if answer.number == message.number:  # others are late: nobody waits for them any more
                return answer

    def _message(self, deadline: float) -> bytes:
        size = int.from_bytes(self._peek(4, deadline), "big")
        if size > LARGEST_ANSWER:
            raise ValueError("the answer is too large")
        message = self._peek(4 + size, deadline)[4:]
        del self._received[: 4 + size]
        return message

    def _peek(self, size: int, deadline: float) -> bytes:
        """Return the next bytes, which stay where they are: the rest may come after the deadline."""
        while len(self._received) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._server.settimeout(left)
            more = self._server.recv(65_536)
            if not more:
                raise ConnectionResetError
            self._received += more
        return bytes(self._received[:size])


def _parts(changes: Sequence[Change]) -> list[list[Change]]:
    """Divide changes into parts that messages can hold, in their order."""
    parts: list[list[Change]] = [[]]
    room = most = MOST_BYTES - 1_000
    for change in changes:
        size = len(msgspec.json.encode(change)) + 1
        if size > room and parts[-1]:
            parts.append([])
            room = most
        parts[-1].append(change)
        room -= size
    return parts
