"""`ProgressKeeper`: keeps the progress of the learners of a server, for sessions that have no database themselves.

Each session that has a learner with a key gets one end of a socket; what comes from the other end is about that
learner's progress, whatever it says. A session that asks for nonsense is no longer heard.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec

from ..progress.postgres import PostgresStore
from ..progress.postgres_database import MOST_IDLE, PostgresDatabase
from ..progress.served import MOST_BYTES, Answer, Asked, Done, Failed, Read, Reset, Write, packed
from ..progress.store import ProgressStore, StoreError

BURST, A_SECOND = 2_000.0, 5.0
"""So many things a session may have kept at once, and so many each second in the long run."""

_ASKED = msgspec.json.Decoder(Asked)


class ProgressKeeper:
    """Answers sessions about the progress of their learners; threads wait for the database."""

    def __init__(self, url: str, told: Callable[[str], None] = lambda reason: None) -> None:
        """Take the URL of a PostgreSQL database; GradwalkError where it is none.

        `told` is told in the event loop when the database is gone, with the reason, and when it is there again, with
        nothing.
        """
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = told
        self._database = PostgresDatabase(url, self._tell)
        self._threads = ThreadPoolExecutor(MOST_IDLE, "progress")
        self._sessions: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        """The database, without its password."""
        return self._database.name

    @property
    def is_there(self) -> bool:
        """Whether the database was there when it was last tried."""
        return self._database.is_there

    async def start(self) -> str:
        """Try the database, and bring its schema to our version; return what is wrong. It may come later."""
        self._loop = asyncio.get_running_loop()
        return await self._loop.run_in_executor(self._threads, self._database.try_now)

    def door(self, learner: str) -> socket.socket:
        """Return the end of a socket at which a session's `ServedStore` reaches the progress of one learner.

        The caller closes it once the session has it; what is left here ends with the session's own.
        """
        ours, theirs = socket.socketpair()
        task = asyncio.ensure_future(self._serve(ours, PostgresStore(self._database, learner)))
        self._sessions.add(task)
        task.add_done_callback(self._sessions.discard)
        return theirs

    async def close(self) -> None:
        """Answer no more, and close the database."""
        for task in self._sessions:
            task.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)
        await asyncio.to_thread(self._database.close)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _tell(self, reason: str) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told, reason)

    async def _serve(self, ours: socket.socket, store: ProgressStore) -> None:
        reader, writer = await asyncio.open_connection(sock=ours)
        allowed = Allowance()
        try:
            while True:
                size = int.from_bytes(await reader.readexactly(4), "big")
                if size > MOST_BYTES:
                    return
                asked = _ASKED.decode(await reader.readexactly(size))
                loop = asyncio.get_running_loop()
                if allowed.take(loop.time(), asked):
                    answer = await loop.run_in_executor(self._threads, answer_to, store, asked)
                else:
                    answer = Failed(asked.number, "so much at once is not kept")
                writer.write(packed(answer))
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
            return  # the last two come of text that no session of ours sends
        finally:
            writer.close()


class Allowance:
    """How much a session may still have kept: more comes with time."""

    def __init__(self) -> None:
        self._left = BURST
        self._at: float | None = None

    def take(self, now: float, asked: Asked) -> bool:
        """Say whether this may be done now, and count it where it may."""
        if self._at is not None:
            self._left = min(BURST, self._left + (now - self._at) * A_SECOND)
        self._at = now
        wanted = len(asked.noted) + len(asked.finished) + len(asked.stood) if isinstance(asked, Write) else 0
        if wanted > self._left:
            return False
        self._left -= wanted
        return True


def answer_to(store: ProgressStore, asked: Asked) -> Answer:
    """Do what was asked with a learner's store."""
    try:
        match asked:
            case Read():
                kept = store.read(asked.after)
                return Done(
                    asked.number, kept.mark, tuple(kept.noted), tuple(kept.finished), tuple(kept.stood), kept.more
                )
            case Write():
                store.write((*asked.noted, *asked.finished, *asked.stood))
            case Reset():
                store.reset()
    except StoreError as error:
        return Failed(asked.number, str(error), error.is_final)
    return Done(asked.number)
