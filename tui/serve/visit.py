"""`Visit`: one client's session, from what it asks for to the end of its process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import asyncssh
from asyncssh.constants import EXTENDED_DATA_STDERR

from ..lecture.messages import Ending, Said
from ..session import Role
from ..words import serving as words
from .channel import Channel, harmless_term
from .connection import Connection
from .events import Cause, Notice, Noticed, Painted, Refusal, Refused
from .link import Link
from .pump import Pump
from .session_request import FAULT, OUT_OF_MEMORY, OUT_OF_TIME, Ended, ForkServerError, SessionRequest
from .staying import Stay
from .terminal import RESTORE, holds_a_screen, open_terminal, set_size
from .who import Person

if TYPE_CHECKING:
    from .fork_server import SessionProcess
    from .room import Room

SECONDS_TO_LEAVE = 2.0
"""What a session has to restore its terminal, when it is told to end; after that it is ended."""

SECONDS_TO_DIE = 1.0
"""What it has after that, before it is killed."""

SECONDS_TO_READ = 5.0
"""What a client has to take what a session wrote at its end, and then to close the connection."""

SECONDS_BETWEEN_SIZES = 0.05
"""A size that comes sooner after another waits, and only the last of them counts."""

_NOT_SERVED = 2
_NO_PROCESS = _ENDED = 1


class Visit(asyncssh.SSHServerSession[bytes]):
    """What somebody has asked for on a channel, and the process that does it."""

    def __init__(
        self,
        room: Room,
        connection: Connection,
        person: Person,
        began: Callable[[], None],
        over: Callable[[], None],
    ) -> None:
        """Wait for what is asked: `began` is called then, and `over` when the process has ended, or cannot begin."""
        self.person = person
        self.ended: Ended | None = None
        """How its process came to its end; None where it has not, or there was none."""
        self.link: Link | None = None
        """Where its process is told things, and tells some; None where it has none."""
        self._why: Cause | None = None
        self._room = room
        self._connection = connection
        self._began, self._over = began, over
        self._loop = connection.loop
        self._channel: Channel | None = None
        self._term = ""
        self._size = (0, 0)
        self._scenario = ""
        self._subsystem: str | None = None
        self._asked_at = self._loop.time()
        self._pump: Pump | None = None
        self._terminal: int | None = None
        self._process: SessionProcess | None = None
        self._stay: Stay | None = None
        self._has_begun = False
        self._is_gone = self._is_asked = self._is_answered = self._is_terminated = False
        self._farewell: Ending | None = None
        self._written = asyncio.Event()
        self._deadlines: list[asyncio.TimerHandle] = []
        self._resizing: asyncio.TimerHandle | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has a process, or will have one."""
        return self._has_begun and self.ended is None

    @property
    def name(self) -> str:
        """What the journal calls it: the number of its connection."""
        return str(self._connection.number)

    @property
    def attends(self) -> bool:
        """Whether it takes part in a lecture, where there is one: it has a terminal."""
        return bool(self._term)

    @property
    def bytes_sent(self) -> int:
        """Bytes that the client was sent."""
        return self._pump.sent if self._pump is not None else 0

    @property
    def bytes_taken(self) -> int:
        """Bytes that the client has typed."""
        return self._pump.taken if self._pump is not None else 0

    @property
    def why(self) -> Cause:
        """Why it has ended."""
        ended = self.ended
        if self._why is not None or ended is None:
            return self._why or (Cause.LEFT if self._is_answered else Cause.HUNG_UP)
        if ended.status in (OUT_OF_TIME, OUT_OF_MEMORY):
            return Cause.PROCESSOR if ended.status == OUT_OF_TIME else Cause.MEMORY
        return Cause.CRASHED if ended.signal or ended.fault or ended.status == FAULT else Cause.LEFT

    def end(self, why: Cause, farewell: Ending) -> None:
        """Tell the session to end and to say why; where it does not do so in time, do it for it."""
        if self._why is not None or self.ended is not None:
            return
        self._why, self._farewell = why, farewell
        if self.link is not None:
            self.link.tell(farewell)
        self._end_in_time()

    def say(self, text: str) -> None:
        """Show a notice."""
        if self.link is not None:
            self.link.tell(Said(text))

    # ---- what the client asks for

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Take the channel."""
        assert isinstance(chan, Channel)
        self._channel = chan

    def pty_requested(self, term_type: str, term_size: tuple[int, int, int, int], term_modes: object) -> bool:
        """Grant a terminal, unless the session has been asked for already."""
        if self._is_asked:
            return False
        self._term, self._size = harmless_term(term_type), term_size[:2]
        return True

    def shell_requested(self) -> bool:
        """Grant a session, at the library."""
        return True

    def exec_requested(self, command: str) -> bool:
        """Grant a session at a scenario; what else is asked for is answered in words."""
        self._scenario = command.strip()
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """Answer in words: there are no files."""
        self._subsystem = subsystem
        return True

    def session_started(self) -> None:
        """Begin."""
        self._began()
        self._is_asked = True
        self._asked_at = self._loop.time()
        if self._subsystem is not None:
            self._refused(Refusal.SUBSYSTEM, self._subsystem)
            self._part(_NOT_SERVED, words.NO_FILES)
            return
        if self._scenario and self._scenario not in (names := self._room.scenario_names()):
            self._refused(Refusal.COMMAND, self._scenario)
            self._part(_NOT_SERVED, words.no_scenario(names))
            return
        with contextlib.ExitStack() as given:
            try:
                theirs, streams = self._opened(given)
            except OSError as error:
                self._cannot_begin(str(error))
                return
            self._has_begun = True
            self._room.spawn(self._live(given.pop_all(), theirs, streams))

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """Give the terminal its new size, soon."""
        self._size = (width, height)
        if self._resizing is None and self._terminal is not None:
            self._resizing = self._loop.call_later(SECONDS_BETWEEN_SIZES, self._resize)

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Give the session what was typed."""
        if self._stay is not None:
            self._stay.active()
        if self._pump is not None:
            self._pump.give(data)

    def eof_received(self) -> bool:
        """Let the session know that no more is typed; what it writes is still wanted."""
        if self._pump is not None:
            self._pump.give_end()
        return True

    def pause_writing(self) -> None:
        """Read no more of what the session writes: the client does not take it."""
        if self._pump is not None:
            self._pump.pause(True)

    def resume_writing(self) -> None:
        """Read again."""
        if self._pump is not None:
            self._pump.pause(False)

    def connection_lost(self, exc: Exception | None) -> None:
        """Hang up: the client is gone, or has closed the channel."""
        self._is_gone = True
        self._written.set()
        if self._pump is not None:
            self._pump.close()
        if self.is_running:
            self._why = self._why or Cause.HUNG_UP
            self._room.left(self)
            self._hang_up()

    # ---- its process

    def _opened(self, given: contextlib.ExitStack) -> tuple[socket.socket, list[int]]:
        """Open a link, and a terminal or pipes; return the session's ends, which `given` closes."""
        assert self._channel is not None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        given.enter_context(theirs)
        with contextlib.ExitStack() as own:
            own.enter_context(ours)
            if self._term:
                terminal, end = open_terminal(self._term, *self._size)
                streams = [end]
                to_session, from_session = terminal, {terminal: None}
            else:
                streams, kept = list[int](), list[int]()
                for session_reads in (True, False, False):
                    read, write = os.pipe()
                    kept.append(write if session_reads else read)
                    streams.append(read if session_reads else write)
                    own.callback(os.close, kept[-1])
                    given.callback(os.close, streams[-1])
                    os.set_blocking(kept[-1], False)
                to_session, from_session = kept[0], {kept[1]: None, kept[2]: EXTENDED_DATA_STDERR}
            own.pop_all()
        if self._term:
            given.callback(os.close, streams[0])
            self._terminal = to_session
        self.link = Link(ours)
        self._pump = Pump(self._connection, self._channel, to_session, from_session, self._painted, self._written.set)
        return theirs, streams

    async def _live(self, given: contextlib.ExitStack, theirs: socket.socket, streams: list[int]) -> None:
        """Begin a process, and stay with it until it has ended."""
        assert self._pump is not None
        try:
            with given:
                keeper, learner = self._room.keeper, self.person.learner
                kept = given.enter_context(keeper.door(learner)).fileno() if keeper is not None and learner else None
                self._process = await self._room.fork_server.begin(
                    self._request(), theirs.fileno(), *streams, progress=kept
                )
        except (ForkServerError, OSError) as error:
            self._has_begun = False
            self._close()
            self._cannot_begin(str(error))
            self._pump.close()
            self._room.over(self)
            self._over()
            return
        try:
            await self._stay_with(self._process)
        finally:
            self._close()
            self._pump.close()
            self._room.over(self)
            self._over()

    def _request(self) -> SessionRequest:
        assert self._channel is not None
        options = self._room.options
        return SessionRequest(
            role=self.person.role if self.attends else Role.GUEST,
            environment={**self._channel.variables, "LANG": "C.UTF-8", **({"TERM": self._term} if self._term else {})},
            scenario=self._scenario,
            scenarios=options.scenarios,
            bounds=self._room.bounds,
        )

    async def _stay_with(self, process: SessionProcess) -> None:
        assert self._pump is not None
        if self._is_gone:
            self._hang_up()
        else:
            self._pump.start()
            self._stay = Stay(self._room.options.limits, lambda: self._room.is_shown(self), self.say, self.end)
            self._room.entered(self)
            if self._farewell is not None:
                self._end_in_time()
        self.ended = ended = await process.ended
        if ended.fault:
            self._room.tell(Noticed(Notice.FAULT, ended.fault))
        self._close()
        if not self._is_gone:
            try:
                async with asyncio.timeout(SECONDS_TO_READ):
                    await self._written.wait()
            except TimeoutError:
                self._why = self._why or Cause.STUCK
        status = 128 + ended.signal if ended.signal else ended.status
        self._part(status or (_ENDED if self._farewell is not None else 0), self._last_words(ended))

    def _hang_up(self) -> None:
        if self._process is not None:
            self._process.hang_up()
            self._end_in_time()

    def _end_in_time(self) -> None:
        """End the process where it does not end by itself."""
        if self._process is not None and not self._deadlines:
            self._deadlines = [
                self._loop.call_later(SECONDS_TO_LEAVE, self._terminate),
                self._loop.call_later(SECONDS_TO_LEAVE + SECONDS_TO_DIE, self._process.kill),
            ]

    def _terminate(self) -> None:
        if self._process is not None:
            self._is_terminated = True
            self._process.terminate()

    def _resize(self) -> None:
        self._resizing = None
        if self._terminal is not None and not self._is_gone:
            set_size(self._terminal, *self._size)

    def _painted(self) -> None:
        self._room.tell(Painted(self._connection.number, self._loop.time() - self._asked_at))

    # ---- its end

    def _close(self) -> None:
        """Let go of what a process needs; what it has written is still read."""
        for deadline in self._deadlines:
            deadline.cancel()
        if self._stay is not None:
            self._stay.stop()
        if self._resizing is not None:
            self._resizing.cancel()
        self._terminal = None
        if self.link is not None:
            self._room.left(self)
            self.link.close()
            self.link = None

    def _last_words(self, ended: Ended) -> str:
        """Return what the session could not say itself any more."""
        if ended.signal or self._is_terminated:
            return self._farewell.words if self._farewell is not None else words.CRASHED
        return ""

    def _cannot_begin(self, problem: str) -> None:
        self._refused(Refusal.NO_PROCESS, problem)
        self._part(_NO_PROCESS, words.CANNOT_BEGIN)

    def _part(self, status: int, text: str) -> None:
        """Put the client's terminal in order where something is left to say, say it, and close the channel."""
        channel = self._channel
        if self._is_gone or channel is None or channel.is_closing():
            return
        if text and self.ended is not None and holds_a_screen(self._term):
            channel.write(RESTORE)
        if text:
            self._print(text)
        self._is_answered = True
        channel.exit(status)
        self._loop.call_later(SECONDS_TO_READ, self._connection.abort)

    def _print(self, text: str) -> None:
        """Write a line to the client, beside what the session writes."""
        if self._is_gone or self._channel is None or self._channel.is_closing():
            return
        if self._term:
            self._channel.write(f"\r\n{text}\r\n".encode())
        else:
            self._channel.write_stderr(f"{text}\n".encode())

    def _refused(self, why: Refusal, detail: str) -> None:
        self._room.tell(Refused(self._connection.number, self._connection.address, why, detail))
