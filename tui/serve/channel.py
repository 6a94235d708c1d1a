"""`Channel`: what a client may ask of its session, and nothing else reaches the library or the session."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

import asyncssh
from asyncssh.constants import OPEN_RESOURCE_SHORTAGE
from asyncssh.packet import SSHPacket

from ..words import serving as words

if TYPE_CHECKING:
    from .connection import Connection

WINDOW = 65_536
"""Bytes that a client may send before they were read: they are kept where a session does not read."""

PACKET_BYTES = 32_768

_LEAST_PACKET_BYTES = 1_024
"""Bytes that a client must be able to take at once; to send a screen byte by byte would hold up all others."""

_CHANNEL_REQUEST, _SUCCESS, _FAILURE = 98, 99, 100

_REQUESTS = (b"pty-req", b"shell", b"exec", b"subsystem", b"window-change")
"""What a client may ask. Forwarding of agents and X11, signals, breaks and whatever is new is refused here."""

_VARIABLES = ("COLORTERM", "NO_COLOR", "COLORFGBG", "GRADWALK_THEME")
"""The variables that a client may set: they say what its terminal is like."""

_HARMLESS = re.compile(r"[A-Za-z0-9;:._-]{0,32}", re.ASCII)


class Channel(asyncssh.SSHServerChannel[bytes]):
    """A session's channel. `variables` holds what the client has said of its terminal."""

    def __init__(self, connection: Connection) -> None:
        """Open on a connection: with a terminal, bytes, and no editing of lines."""
        super().__init__(
            connection,
            connection.loop,
            allow_pty=True,
            line_editor=False,
            line_echo=False,
            line_history=0,
            max_line_length=0,
            encoding=None,
            errors="strict",
            window=WINDOW,
            max_pktsize=PACKET_BYTES,
        )
        self.variables: dict[str, str] = {}
        self._to = connection

    def process_open(self, send_chan: int, send_window: int, send_pktsize: int, session: Any) -> None:
        """Open, unless the client wants what it is sent in pieces that are too small."""
        if send_pktsize < _LEAST_PACKET_BYTES:
            raise asyncssh.ChannelOpenError(OPEN_RESOURCE_SHORTAGE, words.SMALL_PACKETS.format(_LEAST_PACKET_BYTES))
        super().process_open(send_chan, send_window, send_pktsize, session)

    def process_packet(self, pkttype: int, pktid: int, packet: SSHPacket) -> bool | Awaitable[None]:
        """Take a packet of the client's; refuse a request that is not among those that are served."""
        if pkttype != _CHANNEL_REQUEST:
            return super().process_packet(pkttype, pktid, packet)
        asked = SSHPacket(packet.get_remaining_payload())
        name, wants_reply = asked.get_string(), asked.get_boolean()
        if name in _REQUESTS:
            return super().process_packet(pkttype, pktid, packet)
        granted = name == b"env" and self._set(asked.get_string(), asked.get_string())
        if name not in (b"env", b"keepalive@openssh.com", b"eow@openssh.com"):
            self._to.refused_request(name)
        if wants_reply:
            self.send_packet(_SUCCESS if granted else _FAILURE)
        return True

    def _set(self, name: bytes, value: bytes) -> bool:
        """Keep a variable, where it is one of those that may be set, and harmless."""
        text, known = value.decode("ascii", "replace"), name.decode("ascii", "replace")
        if known not in _VARIABLES or not _HARMLESS.fullmatch(text):
            return False
        self.variables[known] = text
        return True


def harmless_term(term: str) -> str:
    """Return the kind of a terminal, or a common one where what the client says is no name of one."""
    return term if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9+._-]{0,63}", term, re.ASCII) else "xterm"
