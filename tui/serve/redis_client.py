"""A client of Redis that never waits for long: its address, and why it cannot be used."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, AuthorizationError, NoPermissionError
from redis.exceptions import ConnectionError as UnreachableError
from redis.exceptions import TimeoutError as SilentError

from .bus import BusError
from .journal import printable

SCHEMES = ("redis", "rediss", "unix")

PATIENCE = 2.0
"""Seconds within which Redis answers, else it is taken for gone; so long it may be gone before that is said."""


def place(url: str) -> str:
    """Return where a bus is, without the user and the password; BusError where it is no address."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in SCHEMES or port == -1 or not (parts.path if parts.scheme == "unix" else parts.hostname):
        raise BusError("the bus has an address like redis://host:6379/0, or rediss://host:6379/0 for TLS")
    at = "" if parts.scheme == "unix" else f"{parts.hostname}:{port or 6379}"
    return f"{parts.scheme}://{at}{parts.path}"


def client(url: str) -> Redis:
    """Return a client that tries everything once only, and waits for nothing longer than `PATIENCE`."""
    place(url)
    unknown = [name for name, _ in parse_qsl(urlsplit(url).query) if name != "db" and not name.startswith("ssl_")]
    if unknown:
        raise BusError(f"the address of a bus may have db and ssl_... behind its ?, not {printable(unknown[0])}")
    try:
        return Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
            client_name="gradwalk",
            protocol=2,
        )
    except (ValueError, TypeError):
        raise BusError("in the address of the bus, what stands behind its ? cannot be used") from None


def why_unusable(error: BaseException) -> str:
    """Say why Redis cannot be used, without a word of the address it was asked by."""
    if isinstance(error, AuthenticationError | AuthorizationError | NoPermissionError):
        return "it does not let this server in: see the user and the password in the address, and what they may do"
    if isinstance(error, SilentError | TimeoutError):
        return "it does not answer"
    if isinstance(error, UnreachableError | OSError):
        return "it cannot be reached"
    return printable(f"{type(error).__name__}: {error}")
