"""A session without a screen in a room: it hears its server, and says where the lecture is, which it cannot show."""

from __future__ import annotations

import os
import signal
import socket
import threading
from contextlib import suppress

import click

from ...engine.errors import printable
from ..lecture.messages import MOST_BYTES, Ending, Follows, MessageError, Said, Show, Shown, encoded, to_session
from ..session import Role, Session
from ..words import lecture as words


def attend_plainly(session: Session, link: socket.socket) -> None:
    """Hear the server of a session in a thread, for as long as the process lasts."""
    if session.role in (Role.FOLLOWER, Role.PRESENTER):
        click.echo(words.without_screen_words(presents=session.role is Role.PRESENTER))
    threading.Thread(target=_Hearing(session, link).hear, name="lecture", daemon=True).start()


class _Hearing:
    """What is said, and where the lecture was last."""

    def __init__(self, session: Session, link: socket.socket) -> None:
        self._session = session
        self._link = link
        self._place = ""

    def hear(self) -> None:
        with suppress(OSError):
            self._link.setblocking(True)
            self._link.send(encoded(Follows(False)))
            while sent := self._link.recv(MOST_BYTES + 1):
                with suppress(MessageError):
                    self._take(sent)

    def _take(self, sent: bytes) -> None:
        match to_session(sent):
            case Said(sentence):
                _say(sentence)
            case Show(shown):
                self._show(shown)
            case Ending(sentence):
                self._session.farewell = words.in_brief(printable(sentence))
                os.kill(os.getpid(), signal.SIGTERM)
            case _:
                pass

    def _show(self, shown: Shown) -> None:
        place = words.place_words(shown.scenario, shown.ways, None, None)
        if place != self._place:
            self._place = place
            _say(words.lecture_is_at_words(place))


def _say(sentence: str) -> None:
    click.echo(f"\n{words.in_brief(printable(sentence))}")
