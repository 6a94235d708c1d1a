"""`gradwalk serve`: a room of learners over SSH, and the lecture that they share."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...engine.errors import GradwalkError, quoted
from ..command_line import session_of
from ..words import serving as words

if TYPE_CHECKING:
    from ..serve.room import Options

    _NumberType = click.ParamType[float]
else:
    _NumberType = click.ParamType  # which took no type before click 8.3

SECTION = "Teach"

_PORT = 8022
_FILE = click.Path(path_type=Path, dir_okay=False)


class _Measure(_NumberType):
    """A number with a unit, of which the first is meant where none is given."""

    def __init__(self, name: str, units: dict[str, float]) -> None:
        self.name = name
        self._units = units

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, int | float):
            return value
        units = "|".join(self._units)
        read = re.fullmatch(rf"(\d{{1,9}}(?:\.\d{{1,3}})?)({units})?", str(value), re.ASCII)
        if read is None:
            self.fail(f"{value!r} is no {self.name}: write it as 90, or with one of {', '.join(self._units)}, as 15m")
        return float(read[1]) * (self._units[read[2]] if read[2] else next(iter(self._units.values())))


_TIME = _Measure("time", {"s": 1, "m": 60, "h": 3600})
_SIZE = _Measure("size", {"m": 2**20, "M": 2**20, "G": 2**30})

_LEAST = (
    ("max_sessions", 1, "1"),
    ("max_per_address", 1, "1"),
    ("max_logins", 1, "1"),
    ("login_grace", 1, "1s"),
    ("session_cpu", 1, "1s"),
    ("session_memory", 2**25, "32M"),
)
"""What the limits are at least, and how that is written."""


@click.command(
    short_help="Serve a room of learners over SSH.",
    epilog="Times are in seconds, or as 15m or 4h. SIGUSR1 lets nobody in any more, and ends the server when the last"
    " has left; SIGTERM tells everybody and ends it within 5 seconds.",
)
@click.argument("address", default=str(_PORT), metavar="[[HOST:]PORT]")
@click.option("--open", "is_open", is_flag=True, help="Let anyone in, without a password.")
@click.option("--authorized-keys", type=_FILE, metavar="FILE", help="Let those in whose public keys are in this file.")
@click.option("--lecture", is_flag=True, help="One presents, and the others see what they show. A code is printed.")
@click.option("--lecture-name", default="lecture", metavar="NAME", help="Which lecture it is, of those on one bus.")
@click.option("--presenter-keys", type=_FILE, metavar="FILE", help="Whoever has one of these keys presents too.")
@click.option(
    "--bus",
    default="",
    envvar="GRADWALK_BUS",
    metavar="redis://...",
    help="The lecture goes on over several servers. Best given as GRADWALK_BUS: others see a command line.",
)
@click.option(
    "--scenarios",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="FOLDER",
    help="Scenarios and courses to offer beside the built-in ones.",
)
@click.option(
    "--progress",
    default="",
    envvar="GRADWALK_PROGRESS",
    metavar="postgresql://...",
    help="Remember what is learnt, by the fingerprint of a learner's key. Best given as GRADWALK_PROGRESS.",
)
@click.option(
    "--host-key",
    "host_keys",
    type=_FILE,
    multiple=True,
    metavar="FILE",
    help="The server's own key; without it, one that is made once, and kept.",
)
@click.option(
    "--max-sessions", type=int, metavar="NUMBER", default=100, show_default=True, help="How many may be logged in."
)
@click.option(
    "--max-per-address",
    type=int,
    metavar="NUMBER",
    default=50,
    show_default=True,
    help="How many of them from one address.",
)
@click.option(
    "--max-logins",
    type=int,
    metavar="NUMBER",
    default=100,
    show_default=True,
    help="How many may be logging in at once.",
)
@click.option("--login-grace", type=_TIME, default="30s", show_default=True, help="How long logging in may take.")
@click.option(
    "--idle-time",
    type=_TIME,
    default="1h",
    show_default=True,
    help="How long somebody may stay without a key pressed; 0 is without end.",
)
@click.option("--session-time", type=_TIME, default="4h", show_default=True, help="How long in all; 0 is without end.")
@click.option("--session-memory", type=_SIZE, default="256M", show_default=True, help="What a session may use.")
@click.option("--session-cpu", type=_TIME, default="15m", show_default=True, help="How long a session may compute.")
@click.option("--proxy-protocol", is_flag=True, help="A balancer says whose each connection is (PROXY, 1 or 2).")
@click.option(
    "--proxy-from",
    multiple=True,
    metavar="NETWORK",
    help="Where the balancer is; without it, on this machine. May be given again.",
)
@click.option("--health", default="", metavar="[HOST:]PORT", help="Answer /healthz and /metrics over HTTP there.")
@click.option("--log-json", is_flag=True, help="Write the log, on standard error, as JSON.")
@click.pass_context
def command(ctx: click.Context, **given: Any) -> None:
    """Serve gradwalk over SSH at [HOST:]PORT, or at port 8022: one types ssh -p 8022 demo@HOST, under any name.

    Without a HOST only this machine is served; 0.0.0.0:8022 serves others. Each gets a gradwalk of their own, without
    files or a shell.
    """
    session_of(ctx).need_files("serving")
    sys.exit(_serve(given, ctx))


def _serve(given: dict[str, Any], ctx: click.Context) -> int:
    import importlib.util

    if not _has_packets():
        raise GradwalkError(words.NEEDS_PACKETS)
    for module, option in (
        ("asyncssh", ""),
        ("redis", "bus"),
        ("psycopg", "progress"),
        ("prometheus_client", "health"),
    ):
        if (not option or given[option]) and importlib.util.find_spec(module) is None:
            raise GradwalkError(words.needs(module, option))
    _check(given)
    _check_addresses(given, ctx)
    from ..serve.fork_server import ForkServer

    fork_server = ForkServer.start()  # it loads the app meanwhile
    from ..serve.server import serve

    return serve(_options(given), fork_server)


def _has_packets() -> bool:
    """Whether processes can tell each other things in packets here, as sessions and the server do."""
    import socket

    try:
        for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET):
            end.close()
    except (AttributeError, OSError):
        return False
    return True


def _check(given: dict[str, Any]) -> None:
    """Raise GradwalkError where the options do not go together."""
    if not given["is_open"] and given["authorized_keys"] is None:
        raise GradwalkError(words.WHO_MAY_COME)
    if given["is_open"] and given["authorized_keys"] is not None:
        raise GradwalkError(words.BOTH_WAYS)
    for option, name in (("--presenter-keys", "presenter_keys"), ("--bus", "bus")):
        if given[name] and not given["lecture"]:
            raise GradwalkError(words.NO_LECTURE.format(option))
    for option, least, said in _LEAST:
        if given[option] < least:
            raise GradwalkError(f"--{option.replace('_', '-')} is too little to be of use: at least {said}")
    if given["proxy_from"] and not given["proxy_protocol"]:
        raise GradwalkError("--proxy-from says where a balancer is: add --proxy-protocol")
    from ipaddress import ip_network

    for network in given["proxy_from"]:
        try:
            ip_network(network, strict=False)
        except ValueError:
            raise GradwalkError(f"{quoted(network)} is no address, and no network such as 10.0.0.0/8") from None


def _check_addresses(given: dict[str, Any], ctx: click.Context) -> None:
    """Raise GradwalkError where another server's address is none, or others could read the password in it."""
    from ..progress.postgres_database import has_password, options_of

    for name in ("bus", "progress"):
        on_command_line = ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        if on_command_line and has_password(given[name]):
            raise GradwalkError(words.SECRET_ON_COMMAND_LINE.format(f"--{name}", f"GRADWALK_{name.upper()}"))
    if given["progress"]:
        options_of(given["progress"])  # asked before anything is started


def _options(given: dict[str, Any]) -> Options:
    from ..serve.limits import Limits
    from ..serve.room import Options

    host, port = address_of(given["address"], "127.0.0.1")
    return Options(
        host=host,
        port=port,
        host_keys=given["host_keys"],
        authorized_keys=given["authorized_keys"],
        is_open=given["is_open"],
        lecture=given["lecture_name"] if given["lecture"] else "",
        presenter_keys=given["presenter_keys"],
        bus=given["bus"],
        scenarios=str(given["scenarios"].resolve()) if given["scenarios"] is not None else "",
        progress=given["progress"],
        proxies=(given["proxy_from"] or ("127.0.0.0/8", "::1")) if given["proxy_protocol"] else (),
        health=address_of(given["health"], "127.0.0.1") if given["health"] else None,
        log_json=given["log_json"],
        limits=Limits(
            sessions=given["max_sessions"],
            per_address=given["max_per_address"],
            logins=given["max_logins"],
            grace=given["login_grace"],
            idle=given["idle_time"],
            time=given["session_time"],
            memory=int(given["session_memory"]),
            processor=int(given["session_cpu"]),
        ),
    )


def address_of(text: str, default: str) -> tuple[str, int]:
    """Read [HOST:]PORT, where a host that is an IPv6 address stands in brackets; GradwalkError where it is none."""
    read = re.fullmatch(r"(?:(?P<host>\[[0-9A-Fa-f:.%\w]+\]|[^:\s]+):)?(?P<port>\d{1,5})", text, re.ASCII)
    if read is None or int(read["port"]) > 65535:
        raise GradwalkError(f"{quoted(text)} is no [HOST:]PORT, such as {_PORT} or 0.0.0.0:{_PORT}")
    return (read["host"] or default).strip("[]"), int(read["port"])
