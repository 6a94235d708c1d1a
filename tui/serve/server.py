"""The server from its start to its end: what it is told by signals, and who is told what."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ...engine.courses import built_in_courses
from ...engine.errors import GradwalkError
from ...engine.library import built_in_names
from ...engine.offered import OfferedShelf
from ..lecture.messages import Ending
from ..words import serving as words
from .accepting import Acceptor, listening
from .bus import Bus
from .events import Cause, Notice, Noticed, Tell, tell_all
from .fork_server import ForkServer
from .health import Health, HealthServer
from .host_key import host_keys
from .journal import Journal
from .lecture_hall import LectureHall
from .room import Options, Room

if TYPE_CHECKING:
    from .progress_keeper import ProgressKeeper

SECONDS_BETWEEN_LOOKS = 0.5
"""How old the numbers may be that are told of the server."""

SECONDS_TO_STOP = 4.0
"""What sessions and clients have, in all, when the server is told to end."""

SECONDS_TO_EXIT = 4.9
"""What the server has, in all: it ends then, whatever other servers it would still take leave of."""


def serve(options: Options, fork_server: ForkServer) -> int:
    """Serve until a signal ends it; return the exit status. GradwalkError where it cannot begin."""
    _allow_many_descriptors()
    logging.getLogger("asyncssh").setLevel(logging.CRITICAL + 1)  # what it would say quotes what clients send
    return asyncio.run(_serve(options, fork_server))


async def _serve(options: Options, fork_server: ForkServer) -> int:
    async with contextlib.AsyncExitStack() as closing:
        closing.push_async_callback(fork_server.stop)
        keys = host_keys(options.host_keys)
        listeners = listening(options.host, options.port)
        for each in listeners:
            closing.callback(each.close)
        journal = Journal(sys.stderr, as_json=options.log_json)
        closing.callback(journal.close)
        tells: list[Tell] = [journal.tell]
        started: list[str] = []
        tell: Tell = lambda event: tell_all(*tells)(event)  # noqa: E731
        hall = LectureHall(tell, _bus(options)) if options.lecture else None
        room = Room(options, _names(options.scenarios, started.append), fork_server, tell, started.append, hall)
        asyncio.get_running_loop().set_exception_handler(lambda _, context: room.tell(_fault(context)))
        health = Health()
        if options.health is not None:
            tells.append(_open_health(options.health, health, room, closing))
        beat = asyncio.create_task(health.keep_beating(lambda: "" if fork_server.is_warm else "no sessions"))
        closing.callback(beat.cancel)
        await fork_server.ready()
        fork_server.on_gone = lambda: tell(Noticed(Notice.FORK_SERVER_GONE))
        if hall is not None:
            hall.open()
            closing.push_async_callback(hall.close)

        if options.progress:
            room.keeper = _open_progress(options.progress, room, closing)
            started.append(words.progress_words(room.keeper.name, await room.keeper.start()))
        addresses = [(str(name[0]), int(name[1])) for name in (each.getsockname() for each in listeners)]
        fingerprint = ", ".join(f"{key.get_algorithm()} {key.get_fingerprint()}" for key in keys)
        who = [*_who_may_come(room), *started]
        for line in words.started(addresses, fingerprint, who, is_root=os.geteuid() == 0):
            _show(line)
        room.show = _show
        acceptor = Acceptor(room, listeners, keys)
        closing.callback(acceptor.close)
        gc.freeze()
        gc.enable()  # the command line has disabled it; connections that have ended lie in cycles
        room.tell(Noticed(Notice.LISTENING, ", ".join(words.address_words(*each) for each in addresses)))
        await _until_told(room, health, acceptor)

        _exit_in_time(fork_server)
        room.tell(Noticed(Notice.STOPPING))
        health.draining = room.is_draining = True
        acceptor.close()
        room.end_all(Cause.STOPPED, Ending(words.STOPPED))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_STOP):
                await room.emptied.wait()
        room.abort_all()
        room.tell(Noticed(Notice.STOPPED))
    return 0


def _exit_in_time(fork_server: ForkServer) -> None:
    def leave() -> None:
        fork_server.kill()  # it may hang, and would not see that the server has ended
        os._exit(0)

    guard = threading.Timer(SECONDS_TO_EXIT, leave)
    guard.daemon = True
    guard.start()


async def _until_told(room: Room, health: Health, acceptor: Acceptor) -> None:
    """Wait for a signal to end. SIGUSR1 lets nobody in any more, and it ends when the last has left."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    async def drain() -> None:
        await room.emptied.wait()
        stop.set()

    def begin_to_drain() -> None:
        if not room.is_draining:
            acceptor.close()
            health.draining = room.is_draining = True
            room.tell(Noticed(Notice.DRAINING))
            room.spawn(drain())

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if number is signal.SIGTERM or signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, begin_to_drain)
    await stop.wait()


def _bus(options: Options) -> Bus | None:
    """Return what carries the lecture to other servers; GradwalkError where that cannot be."""
    if not options.bus:
        return None
    from .redis_bus import RedisBus

    return RedisBus(options.bus, options.lecture)


def _open_health(address: tuple[str, int], health: Health, room: Room, closing: contextlib.AsyncExitStack) -> Tell:
    from .metrics import CONTENT_TYPE, Metrics, Now

    seen = Now()

    async def look() -> None:
        """Look how it stands: other threads ask for it, and must not look themselves."""
        nonlocal seen
        while True:
            lecture = room.hall.lecture if room.hall is not None else None
            following, learners = (lecture.following, lecture.learners) if lecture is not None else (0, 0)
            seen = Now(
                connections=room.connections,
                sessions=room.fork_server.sessions,
                max_sessions=room.options.limits.sessions,
                draining=room.is_draining,
                followers=following,
                alone=learners - following,
                presenters=int(lecture is not None and lecture.presents_here),
                bus=lecture.reaches if lecture is not None and room.options.bus else None,
                progress=room.keeper.is_there if room.keeper is not None else None,
            )
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    metrics = Metrics(lambda: seen)
    try:
        server = HealthServer(*address, health, lambda: (CONTENT_TYPE, metrics.text()))
    except OSError as error:
        where = words.address_words(*address)
        raise GradwalkError(f"nothing can listen at {where}, for --health: {error.strerror}") from None
    closing.callback(server.close)
    closing.callback(asyncio.create_task(look()).cancel)
    return metrics.tell


def _names(folder: str, show: Callable[[str], None]) -> Callable[[], Sequence[str]]:
    """Return what tells the names of all that can be opened; show what a folder adds to it, and what is wrong there."""
    if not folder:
        return lambda: [*built_in_names(), *built_in_courses()]
    shelf = OfferedShelf(folder)
    show(words.offered_words(folder, shelf.own_cards()))
    return lambda: shelf.names


def _open_progress(url: str, room: Room, closing: contextlib.AsyncExitStack) -> ProgressKeeper:
    from .progress_keeper import ProgressKeeper

    def told(reason: str) -> None:
        room.tell(Noticed(Notice.PROGRESS_GONE if reason else Notice.PROGRESS_BACK, reason))

    keeper = ProgressKeeper(url, told)
    closing.push_async_callback(keeper.close)
    return keeper


def _fault(context: dict[str, Any]) -> Noticed:
    """Return what is told of an error that nobody has caught."""
    error = context.get("exception")
    told = "".join(traceback.format_exception(error)) if isinstance(error, BaseException) else ""
    return Noticed(Notice.FAULT, f"{context.get('message', '')}\n{told}".strip())


def _who_may_come(room: Room) -> list[str]:
    keys = room.authorized_keys
    if keys is None:
        return [words.OPEN_TO_ALL]
    return [words.keys_words(keys.path, keys.count, keys.skipped)]


def _show(line: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # nobody need read it
        print(line, flush=True)


def _allow_many_descriptors() -> None:
    """Allow as many descriptors as the system lets this user have: each session needs a few."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
