"""Refuses a connection before any key is exchanged, in words that an SSH client shows.

A server's version line and one packet are sent, as they are before encryption begins (RFC 4253, sections 4.2, 6, 11.1).
"""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress

VERSION = "gradwalk"
"""What the server calls itself."""

TOO_MANY_CONNECTIONS = 12
"""The reason in the packet, as RFC 4250 numbers it."""

_DISCONNECT = 1
_BLOCK = 8
_SECONDS = 2.0


async def refuse(connection: socket.socket, words: str) -> None:
    """Say why, wait for the client to have read it, but not for long, and close the connection."""
    loop = asyncio.get_running_loop()
    with connection, suppress(OSError, TimeoutError):
        async with asyncio.timeout(_SECONDS):
            await loop.sock_sendall(connection, f"SSH-2.0-{VERSION}\r\n".encode() + disconnect_packet(words))
            connection.shutdown(socket.SHUT_WR)
            while await loop.sock_recv(connection, 4096):  # closed with something unread, our words would be lost
                pass


def disconnect_packet(words: str) -> bytes:
    """Return the packet that ends a connection with a sentence."""
    payload = bytes([_DISCONNECT]) + TOO_MANY_CONNECTIONS.to_bytes(4, "big") + _string(words) + _string("en")
    padding = -(5 + len(payload)) % _BLOCK
    padding += _BLOCK if padding < 4 else 0
    return (len(payload) + padding + 1).to_bytes(4, "big") + bytes([padding]) + payload + os.urandom(padding)


def _string(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(4, "big") + data
