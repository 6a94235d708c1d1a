"""The process of one session, from the fork to its end: nothing here returns to the fork server's code."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
import termios
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import NoReturn

from ...engine.errors import GradwalkError
from ..progress.served import ServedStore
from ..session import Session
from ..terminal import Terminal
from ..words import confinement as words
from .confinement import confine, make_room
from .session_request import ENVIRONMENT, FAULT, OUT_OF_MEMORY, OUT_OF_TIME, Bounds, SessionRequest

FAULT_BYTES = 8192
"""The size of the most that is told of what went wrong inside a session."""

_LINK, _FAULT, _PROGRESS = 3, 4, 5
"""The descriptors of a session after its three streams; it has no others when it begins."""

_TELLING = 0.9
"""The part of the processor time after which a session is told that it is running out."""

_LONGEST_TIMER = 2.0**31
"""Seconds after which nobody is told any more: a time that is much longer is more than Python can wait for."""

_ENDING = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGXCPU)


def become_session(
    request: SessionRequest, given: Sequence[int], fault: int, parent: int, *, keeps: bool = False
) -> NoReturn:
    """Make this process, which was forked just now, that of a session; it ends with the session.

    It is `given` its link; a terminal, or what is read, what is written, and where errors go; and, where its progress
    is kept (`keeps`), a socket for that. What goes wrong inside is written to `fault`. It ends at once where its
    `parent` has ended, or does so later.
    """
    status = 70
    try:
        _take_descriptors(given[0], given[1:-1] if keeps else given[1:], fault, given[-1] if keeps else None)
        environment = _environment(request.environment)
        os.environ.clear()
        os.environ.update(environment)
        confine(request.bounds, parent)
        _heed_signals(request.bounds)
        status = _run(request, environment, keeps=keeps)
    except BaseException as error:
        _report(error)
    finally:
        os._exit(status)


def _take_descriptors(link: int, streams: Sequence[int], fault: int, progress: int | None) -> None:
    """Keep these descriptors and no other, and have the terminal as this session's own."""
    os.setsid()
    inputs = [*(list(streams) * 3 if len(streams) == 1 else streams), link, fault]
    inputs += [] if progress is None else [progress]
    away = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 32) for descriptor in inputs]
    for place, descriptor in enumerate(away):
        os.dup2(descriptor, place, inheritable=place < _LINK)
    os.closerange(len(inputs), os.sysconf("SC_OPEN_MAX"))
    if len(streams) == 1:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    names = (("stdin", "r", 0), ("stdout", "w", 1), ("stderr", "w", 2))
    for name, mode, descriptor in names:
        stream = open(descriptor, mode, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _environment(wanted: Mapping[str, str]) -> dict[str, str]:
    """Return what is taken of an environment: short values without control characters, of the names that are known."""
    return {
        name: value
        for name, value in wanted.items()
        if name in ENVIRONMENT and len(value) <= 64 and value.isascii() and value.isprintable()
    }


def _heed_signals(bounds: Bounds) -> None:
    """End at signals, as the app does by itself while it runs."""
    for number in (signal.SIGCHLD, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, signal.SIG_DFL)
    for number in _ENDING:
        signal.signal(number, _leave)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    signal.setitimer(signal.ITIMER_PROF, min(_TELLING * bounds.processor, _LONGEST_TIMER))


def _leave(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _run(request: SessionRequest, environment: Mapping[str, str], *, keeps: bool) -> int:
    """Open what is asked for; return the exit status, after a sentence where it is not the learner's own end."""
    interactive = os.isatty(0) and os.isatty(1)
    ssh = {"SSH_CONNECTION": "", **({"SSH_TTY": ""} if interactive else {})}
    terminal = Terminal.of({**environment, **ssh}, interactive=interactive)
    store = ServedStore(socket.socket(fileno=_PROGRESS)) if keeps else None
    link = socket.socket(fileno=_LINK)
    session = Session(request.role, terminal, link=link, progress=store, scenarios=request.scenarios)
    ran_out = False

    def on_fault(error: BaseException) -> str:
        nonlocal ran_out
        ran_out = ran_out or isinstance(error, MemoryError)
        return _said_of(error)

    session.on_fault = on_fault
    signal.signal(signal.SIGPROF, partial(_tell_time, session, round((1 - _TELLING) * request.bounds.processor)))
    try:
        status = _opened(request, session)
    except GradwalkError as error:
        status = _farewell(f"gradwalk: {error}", 2)
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    except BaseException as error:
        status = _farewell(on_fault(error), FAULT)
    if ran_out:
        return OUT_OF_MEMORY
    if status == OUT_OF_TIME:
        _farewell(words.OUT_OF_TIME.format(request.bounds.processor), status)
    elif session.farewell:
        _farewell(session.farewell, status)
    return status


def _tell_time(session: Session, seconds: int, number: int, _: FrameType | None) -> None:
    if session.say is not None:
        session.say(words.running_out(seconds))


def _opened(request: SessionRequest, session: Session) -> int:
    from ..opening import open_places

    return open_places((request.scenario,) if request.scenario else (), session)


def _said_of(error: BaseException) -> str:
    """Return what a learner is told of what went wrong inside; programmers are told more, elsewhere."""
    if isinstance(error, MemoryError):
        make_room()
        return words.OUT_OF_MEMORY
    _report(error)
    return words.FAULT


def _report(error: BaseException) -> None:
    """Tell programmers what went wrong: the last lines of where it did, and no value of a learner's."""
    told = "".join(traceback.format_exception(error)).encode(errors="replace")
    with suppress(OSError):
        os.write(_FAULT, told[-FAULT_BYTES:])


def _farewell(sentence: str, status: int) -> int:
    with suppress(OSError, ValueError):
        print(sentence, file=sys.stderr, flush=True)
    return status
