"""Accepts connections: listens, asks the room before any key is exchanged, and begins SSH on those that may come."""

from __future__ import annotations

import asyncio
import errno
import itertools
import socket
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address, ip_network

import asyncssh

from ...engine.errors import GradwalkError
from ..words import serving as words
from .connection import Connection
from .door import Door
from .events import Connected, Notice, Noticed, Refusal, Refused
from .proxy_protocol import ProxyHeaderError, passed_on_from
from .refusing import VERSION, refuse
from .room import Room

_BACKLOG = 1024
_AT_ONCE = 16
"""Connections that are accepted before others have their turn."""
_MOST_REFUSALS = 100
"""Refusals that are under way; of more, the connection is closed without a word."""
_SECONDS_WITHOUT_DESCRIPTORS = 0.2
_SECONDS_TO_READ_A_HEADER = 3.0
_RECEIVE_BYTES = 32_768
"""The system's buffer for what a client sends: what is read at once, and holds up the others."""

_CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
)
"""None of them chains its blocks (see `Connection.send_packet`)."""

_KEY_EXCHANGES = "-diffie-hellman-*,rsa*,gss-*"
"""Those of the library without what takes long, and so would let one client hold up all others: RSA (50 ms each), and
large primes (15 ms). Each of elliptic curves, and those that withstand quantum computers, takes 3 ms at most."""

_KEEPALIVE_SECONDS, _KEEPALIVES = 30, 4
"""A client that does not answer so often is gone."""


def listening(host: str, port: int) -> list[socket.socket]:
    """Listen at an address, on each of the addresses that a name stands for; GradwalkError where that fails."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise GradwalkError(f"there is no address {host!r} to listen at") from None
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            chosen = (address[0], sockets[0].getsockname()[1], *address[2:]) if sockets and not port else address
            listener = socket.socket(family, kind, protocol)
            sockets.append(listener)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
            listener.bind(chosen)
            listener.listen(_BACKLOG)
            listener.setblocking(False)
    except OSError as error:
        for each in sockets:
            each.close()
        where = words.address_words(host, port)
        hint = "; another server may listen there" if error.errno == errno.EADDRINUSE else ""
        raise GradwalkError(f"nothing can listen at {where}: {error.strerror}{hint}") from None
    return sockets


class Acceptor:
    """Accepts connections for a room until it is closed."""

    def __init__(self, room: Room, listeners: Sequence[socket.socket], keys: Sequence[asyncssh.SSHKey]) -> None:
        """Begin at once, with the keys by which the host is known."""
        self._room = room
        self._listeners: Sequence[socket.socket] = listeners
        self._proxies = [ip_network(each, strict=False) for each in room.options.proxies]
        self._numbers = itertools.count(1)
        self._refusing = 0
        self._options = asyncssh.SSHServerConnectionOptions(
            server_factory=lambda: Door(room),
            server_host_keys=list(keys),
            server_version=VERSION,
            gss_host=None,
            password_auth=False,
            agent_forwarding=False,
            x11_forwarding=False,
            allow_scp=False,
            kex_algs=_KEY_EXCHANGES,
            encryption_algs=_CIPHERS,
            compression_algs=None,
            login_timeout=0,
            keepalive_interval=_KEEPALIVE_SECONDS,
            keepalive_count_max=_KEEPALIVES,
            encoding=None,
            line_editor=False,
        )
        self._loop = asyncio.get_running_loop()
        self._is_short = False
        for listener in listeners:
            self._listen(listener)

    def close(self) -> None:
        """Listen no more; who has come by now is heard."""
        listeners, self._listeners = self._listeners, ()
        for listener in listeners:
            self._loop.remove_reader(listener)
            self._accept(listener, _BACKLOG)
            listener.close()

    def _listen(self, listener: socket.socket) -> None:
        if listener in self._listeners:
            self._loop.add_reader(listener, self._accept, listener)

    def _accept(self, listener: socket.socket, most: int = _AT_ONCE) -> None:
        """Accept those who wait; where there are no descriptors left, they wait on."""
        for _ in range(most):
            try:
                connection, address = listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    self._pause(listener, error)
                    return
                continue  # that client has gone again
            self._is_short = False
            self._come(connection, str(address[0]))

    def _pause(self, listener: socket.socket, error: OSError) -> None:
        if not self._is_short:
            self._room.tell(Noticed(Notice.FAULT, f"no connection can be accepted: {error.strerror}"))
        self._is_short = True
        self._loop.remove_reader(listener)
        self._loop.call_later(_SECONDS_WITHOUT_DESCRIPTORS, self._listen, listener)

    def _come(self, connection: socket.socket, address: str) -> None:
        """Decide about a connection, now or when its header was read."""
        connection.setblocking(False)
        number = next(self._numbers)
        if not self._proxies:
            self._room.tell(Connected(number, address))
            self._decide(connection, address, number)
        elif not self._is_proxy(address):
            self._turn_away(connection, address, number, Refusal.PROXY_HEADER, words.BY_THE_BALANCER)
        elif self._room.arriving >= self._room.options.limits.logins:
            self._turn_away(connection, address, number, Refusal.LOG_INS_FULL, words.LOG_INS_FULL)
        else:
            self._room.announced()
            self._room.spawn(self._read_header(connection, address, number))

    async def _read_header(self, connection: socket.socket, address: str, number: int) -> None:
        try:
            async with asyncio.timeout(_SECONDS_TO_READ_A_HEADER):
                address = await passed_on_from(connection) or address
            self._room.tell(Connected(number, address))
            self._decide(connection, address, number)
        except (ProxyHeaderError, OSError, TimeoutError) as error:  # among them a balancer that only looks
            connection.close()
            self._room.tell(Refused(number, address, Refusal.PROXY_HEADER, str(error)))
        finally:
            self._room.arrived()

    def _decide(self, connection: socket.socket, address: str, number: int) -> None:
        refusal = self._room.turned_away(address)
        if refusal is not None:
            self._turn_away(connection, address, number, *refusal)
            return
        begun = Connection(asyncio.get_running_loop(), self._options, address, number)
        self._room.came(begun)
        self._room.spawn(self._begin(begun, connection))

    async def _begin(self, begun: Connection, connection: socket.socket) -> None:
        try:
            await begun.loop.connect_accepted_socket(lambda: begun, connection)
        except OSError:
            connection.close()
            self._room.closed(begun)

    def _turn_away(self, connection: socket.socket, address: str, number: int, why: Refusal, text: str) -> None:
        self._room.tell(Refused(number, address, why))
        if self._refusing >= _MOST_REFUSALS:
            connection.close()
            return
        self._refusing += 1
        self._room.spawn(self._refuse(connection, text))

    async def _refuse(self, connection: socket.socket, text: str) -> None:
        try:
            with suppress(OSError):
                await refuse(connection, text)
        finally:
            self._refusing -= 1

    def _is_proxy(self, address: str) -> bool:
        parsed = ip_address(address.partition("%")[0])
        return any(parsed in network for network in self._proxies)
