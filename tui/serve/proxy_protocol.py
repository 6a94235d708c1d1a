"""The header by which a balancer says whose connection it passes on: the PROXY protocol, versions 1 and 2.

Source: W. Tarreau, "The PROXY protocol, versions 1 & 2", haproxy.org/download/1.8/doc/proxy-protocol.txt.
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

from ...engine.errors import GradwalkError

_SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
_LONGEST_LINE = 107
_LONGEST_TAIL = 2048
"""Bytes of addresses and further facts after a header of version 2; balancers send a few dozen."""
_LOCAL, _PROXIED = 0x20, 0x21
_TCP4, _TCP6 = 0x11, 0x21


class ProxyHeaderError(GradwalkError):
    """A connection does not begin as one that a balancer passes on."""


async def passed_on_from(connection: socket.socket) -> str:
    """Read the header, and nothing beyond it; return the address of the client.

    It is empty where the balancer connects by itself, or does not know. Raises ProxyHeaderError, or OSError.
    """
    start = await _exactly(connection, len(_SIGNATURE))
    if start == _SIGNATURE:
        return await _second_version(connection)
    if start.startswith(b"PROXY "):
        return await _first_version(connection, start)
    raise ProxyHeaderError("there is no header of the PROXY protocol")


async def _first_version(connection: socket.socket, line: bytes) -> str:
    while not line.endswith(b"\r\n"):
        if len(line) >= _LONGEST_LINE:
            raise ProxyHeaderError("the header of the PROXY protocol is too long")
        line += await _exactly(connection, 1)  # what follows the line is not ours
    words = line[:-2].decode("ascii", "replace").split(" ")
    if words[1] == "UNKNOWN":
        return ""
    if len(words) != 6 or words[1] not in ("TCP4", "TCP6") or not (_is_port(words[4]) and _is_port(words[5])):
        raise ProxyHeaderError("the header of the PROXY protocol cannot be read")
    try:
        addresses = [ip_address(word) for word in words[2:4]]
    except ValueError:
        raise ProxyHeaderError("the header of the PROXY protocol has no address") from None
    if any(address.version != int(words[1][-1]) for address in addresses):
        raise ProxyHeaderError("the header of the PROXY protocol has an address of another kind than it says")
    return str(addresses[0])


async def _second_version(connection: socket.socket) -> str:
    command, kind, *length = await _exactly(connection, 4)
    size = int.from_bytes(bytes(length), "big")
    if size > _LONGEST_TAIL:
        raise ProxyHeaderError("the header of the PROXY protocol is too long")
    tail = await _exactly(connection, size)
    if command == _LOCAL:
        return ""
    if command != _PROXIED:
        raise ProxyHeaderError("the header of the PROXY protocol is of an unknown version")
    if kind == _TCP4 and size >= 12:
        return str(IPv4Address(tail[:4]))
    if kind == _TCP6 and size >= 36:
        return str(IPv6Address(tail[:16]))
    raise ProxyHeaderError("the header of the PROXY protocol has no address")


def _is_port(word: str) -> bool:
    return word.isascii() and word.isdigit() and int(word) <= 65535


async def _exactly(connection: socket.socket, size: int) -> bytes:
    """Read so many bytes and no more."""
    loop, got = asyncio.get_running_loop(), b""
    while len(got) < size:
        more = await loop.sock_recv(connection, size - len(got))
        if not more:
            raise ProxyHeaderError("the connection was closed within the header of the PROXY protocol")
        got += more
    return got
