"""`Room`: who has come, whether another may, and what all of them share."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from asyncssh.constants import DISC_BY_APPLICATION

from ..lecture.messages import Ending
from ..session import Role
from ..words import serving as words
from .connection import Connection
from .events import Cause, Notice, Noticed, Refusal, Tell
from .fork_server import ForkServer
from .limits import Limits
from .origin import origin_of
from .presenter_code import PresenterCode
from .session_request import Bounds
from .who import KeyFile, Person

if TYPE_CHECKING:
    from .lecture import Seat
    from .lecture_hall import LectureHall
    from .link import Link
    from .progress_keeper import ProgressKeeper


@dataclass(frozen=True)
class Options:
    """What a server was started with.

    `host_keys` are files, and none the one that is made. `proxies` are the networks from which connections come with a
    header of the PROXY protocol; without any, none has one. `bus` and `progress` are addresses of other servers, with
    passwords; `health` is where it is told how the server is.
    """

    host: str = "127.0.0.1"
    port: int = 8022
    host_keys: Sequence[Path] = ()
    authorized_keys: Path | None = None
    is_open: bool = False
    lecture: str = ""
    presenter_keys: Path | None = None
    bus: str = field(default="", repr=False)
    scenarios: str = ""
    progress: str = field(default="", repr=False)
    proxies: Sequence[str] = ()
    health: tuple[str, int] | None = None
    log_json: bool = False
    limits: Limits = field(default_factory=Limits)


class Visiting(Protocol):
    """The session of a connection, as the room knows it."""

    link: Link | None
    """Where it is told things, and tells some."""

    @property
    def name(self) -> str:
        """What the journal calls it."""
        ...

    @property
    def attends(self) -> bool:
        """Whether it takes part in a lecture, where there is one: it has a screen."""
        ...

    @property
    def person(self) -> Person:
        """Whose it is."""
        ...

    @property
    def is_running(self) -> bool:
        """Whether it has a process."""
        ...

    def end(self, why: Cause, farewell: Ending) -> None:
        """Have it end, and say why."""
        ...


class Room:
    """What the connections of a server share."""

    def __init__(
        self,
        options: Options,
        scenario_names: Callable[[], Sequence[str]],
        fork_server: ForkServer,
        tell: Tell,
        show: Callable[[str], None],
        hall: LectureHall | None = None,
    ) -> None:
        """Open, with nobody in it; `tell` is told what happens, and `show` shows a line to whoever started the server.

        `scenario_names` says what can be opened; `hall` is where its lecture is held. Raises GradwalkError where a file
        of keys cannot be read.
        """
        self.options = options
        self.scenario_names = scenario_names
        self.fork_server = fork_server
        self.tell = tell
        self.is_draining = False
        self.bounds = Bounds(memory=options.limits.memory, processor=options.limits.processor)
        self.authorized_keys = self._key_file(options.authorized_keys)
        self.presenter_keys = self._key_file(options.presenter_keys)
        self.emptied = asyncio.Event()
        """Set whenever nobody is in it."""
        self.emptied.set()
        self.show = show
        """Shows a line to whoever started the server."""
        self.code: PresenterCode | None = PresenterCode(self._show_code) if hall is not None else None
        """What opens the lecture for presenting; None without a lecture."""
        if hall is not None and self.code is not None:
            hall.share(self.code)
        self.hall = hall
        self.keeper: ProgressKeeper | None = None
        """Keeps what learners practise; None where that is remembered nowhere."""
        self._seats: dict[Visiting, Seat] = {}
        self.arriving = 0
        """How many connections there are of which a balancer has yet to say whose they are."""
        self._connections: dict[Connection, Visiting | None] = {}
        self._logged_in: set[Connection] = set()
        self._ending: set[Visiting] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    # ---- whether another may come

    @property
    def connections(self) -> int:
        """How many connections there are."""
        return len(self._connections)

    @property
    def sessions(self) -> int:
        """How many have logged in."""
        return len(self._logged_in)

    @property
    def wants_keys(self) -> bool:
        """Whether anyone may come in, but is known by a key where there is one: what they learn is kept."""
        return self.options.is_open and bool(self.options.progress)

    @property
    def is_full(self) -> bool:
        """Whether as many have logged in as may."""
        return len(self._logged_in) >= self.options.limits.sessions

    def turned_away(self, address: str) -> tuple[Refusal, str] | None:
        """Return why a connection from an address is not even begun, and in which words; None where it is.

        A presenter may come to a full lecture, so that who comes is asked first there.
        """
        limits = self.options.limits
        if self.is_draining:
            return Refusal.DRAINING, words.DRAINING
        if self.is_full and self.code is None:
            return Refusal.FULL, words.full(limits.sessions)
        if len(self._connections) - len(self._logged_in) >= limits.logins:
            return Refusal.LOG_INS_FULL, words.LOG_INS_FULL
        origin = origin_of(address)
        if sum(origin_of(each.address) == origin for each in self._connections) >= limits.per_address:
            return Refusal.ADDRESS_FULL, words.address_full(limits.per_address)
        return None

    # ---- who comes and goes

    def announced(self) -> None:
        """Take note that a balancer passes somebody on, and has yet to say whom."""
        self.arriving += 1
        self.emptied.clear()

    def arrived(self) -> None:
        """Take note that it has said so, or that nobody came of it."""
        self.arriving -= 1
        self._look_whether_empty()

    def came(self, connection: Connection) -> None:
        """Take note of a connection that may be begun."""
        self._connections[connection] = None
        self.emptied.clear()

    def asked(self, connection: Connection, visit: Visiting) -> None:
        """Take note of the session of a connection."""
        self._connections[connection] = visit

    def logged_in(self, connection: Connection) -> None:
        """Take note that somebody has logged in."""
        self._logged_in.add(connection)

    def closed(self, connection: Connection) -> None:
        """Take note that a connection is closed; its process may still be ending."""
        visit = self._connections.pop(connection, None)
        self._logged_in.discard(connection)
        if visit is not None and visit.is_running:
            self._ending.add(visit)
        self._look_whether_empty()

    def over(self, visit: Visiting) -> None:
        """Take note that the process of a session has ended."""
        self._ending.discard(visit)
        self._look_whether_empty()

    def entered(self, visit: Visiting) -> None:
        """Take note that a session has a process: hear it, and give it a seat in the lecture."""
        link = visit.link
        assert link is not None
        if self.hall is None or not visit.attends:
            link.open(lambda _: None, lambda _: None)
            return
        seat = self._seats[visit] = self.hall.join(link, visit.person.role, visit.name)
        link.open(seat.heard, lambda problem: self._lost(visit, problem))

    def left(self, visit: Visiting) -> None:
        """Take note that a session cannot be told anything any more."""
        seat = self._seats.pop(visit, None)
        if seat is not None:
            seat.leave()

    def is_shown(self, visit: Visiting) -> bool:
        """Whether a session is looked at though no key be pressed: it presents, or follows somebody who does."""
        seat = self._seats.get(visit)
        if seat is None or self.hall is None:
            return False
        return visit.person.role is Role.PRESENTER or (seat.follows and self.hall.lecture.has_presenter)

    def _lost(self, visit: Visiting, problem: str) -> None:
        if problem:
            self.tell(Noticed(Notice.FAULT, f"session {visit.name} is not heard any more: {problem}"))
        self.left(visit)

    def end_all(self, why: Cause, farewell: Ending) -> None:
        """Tell all sessions to end, and why; close the connections that have none."""
        for connection, visit in list(self._connections.items()):
            if visit is not None and visit.is_running:
                visit.end(why, farewell)
            else:
                connection.disconnect(DISC_BY_APPLICATION, farewell.words)

    def abort_all(self) -> None:
        """Close all connections at once."""
        for connection in list(self._connections):
            connection.abort()

    def _look_whether_empty(self) -> None:
        if not self._connections and not self._ending and not self.arriving:
            self.emptied.set()

    # ---- work

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something meanwhile; an error in it is told, and harms nothing else."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.tell(Noticed(Notice.FAULT, "".join(traceback.format_exception(error))))

    def _key_file(self, path: Path | None) -> KeyFile | None:
        return KeyFile(path, self._keys_changed) if path is not None else None

    def _keys_changed(self, keys: KeyFile, problem: str) -> None:
        said = problem or words.keys_words(keys.path, keys.count, keys.skipped)
        self.tell(Noticed(Notice.KEYS_UNREADABLE if problem else Notice.KEYS_READ, said))

    def _show_code(self, code: str) -> None:
        self.show(words.presenter_words(code, by_key=self.presenter_keys is not None))
