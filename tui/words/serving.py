"""Sentences of `gradwalk serve`: to whoever starts it, and to those who come."""

from __future__ import annotations

from collections.abc import Sequence

from ...engine.card import Card
from ..lecture.messages import Ending

NEEDS_PACKETS = (
    "gradwalk serve needs Linux: macOS and Windows have no packets between processes (SOCK_SEQPACKET); "
    "from any system one comes in by ssh"
)

WHO_MAY_COME = (
    "say who may come in: --authorized-keys FILE, for those whose public keys are in a file, or --open, for anyone"
)

BOTH_WAYS = "--open lets anyone in, so --authorized-keys would mean nothing: choose one of them"

NO_LECTURE = "{} is for a lecture: add --lecture"

SECRET_ON_COMMAND_LINE = (
    "the password in {} can be read by everybody on this machine who lists its processes: give it in the variable {} "
    "instead"
)


def needs(module: str, option: str) -> str:
    """Say that a library is not installed, and how it is."""
    of = f" --{option}" if option else ""
    return f"gradwalk serve{of} needs {module}, which is installed by: pip install 'gradwalk[serve]'"


# ---- to those who come

CODE_IS_WHERE = "This opens the lecture for presenting. The one-time code stands on the terminal of the server."

CODE_AGAIN = (
    "That is not the code, or not any more: each is good for one log-in. The server's terminal shows the one to type."
)

CODE_PROMPT = "One-time code: "

CODE_IS_WRONG = "that is not the code; each use makes a new one, which the server's terminal shows"

TOO_MANY_CODES = "too many wrong codes were typed: try again in a minute"

TOO_MANY_TRIES = "too many log-ins failed on this connection"

BY_THE_BALANCER = "this server is reached by way of its balancer, and not directly"

DRAINING = "this server takes no newcomers, because it will end: try again in a moment"

LOG_INS_FULL = "too many are logging in at this moment: try again in a few seconds"

ONE_SESSION = "one session for each connection: connect again for another"

SMALL_PACKETS = "packets of less than {} bytes are not served: a screen would be sent in too many"

NO_FORWARDING = "this server forwards nothing: it opens gradwalk, and nothing else"

NO_FILES = (
    "gradwalk: there are no files to fetch or to leave here; `ssh -t` opens gradwalk, and nothing else is served."
)

CANNOT_BEGIN = "gradwalk: no session can begin at this moment, which is the server's fault: try again in a moment."

CRASHED = "gradwalk: the session was ended by a fault in it, or by the system. The others go on; connect again."

STUCK = "gradwalk: the session did not answer any more, and was ended. Connect again for a new one."

STOPPED = "The server ends, and this session with it. If there is another one, connecting again leads there."

_SCENARIO = (
    "gradwalk: this server opens scenarios, and runs no commands. There is no scenario by that name: they are {}."
)


def progress_words(database: str, problem: str) -> str:
    """Say where progress is kept, and what is wrong with that."""
    if problem:
        return f"What is learnt is not remembered now, and sessions go on without: {database}: {problem}"
    return f"What is learnt is remembered in {database}, by the fingerprint of a learner's key."


def offered_words(folder: str, cards: Sequence[Card]) -> str:
    """Say what a folder adds to what is built in, and which of its files cannot be opened."""
    if not cards:
        return f"There is no scenario and no course in {folder}; what is put there later is offered then."
    said = f"Of {folder} these are offered too: {', '.join(card.name for card in cards)}."
    wrong = [f"{card.name}: {card.problem}" for card in cards if card.problem]
    return "\n".join([said, *(f"It cannot be opened as it is, {each}" for each in wrong)])


MOST_NAMES = 50
"""So many names are listed to somebody who asked for another."""


def full(sessions: int) -> str:
    """Say that as many have come as may."""
    return f"this server is full: {_people(sessions)} in it; try again when somebody has left"


def address_full(sessions: int) -> str:
    """Say that as many have come from one address as may."""
    return f"as many have come from your address as may, {sessions}; try again when somebody has left"


def no_scenario(names: Sequence[str]) -> str:
    """Say that a command was none, and what can be asked for."""
    more = " ..." if len(names) > MOST_NAMES else ""
    return _SCENARIO.format(", ".join(names[:MOST_NAMES]) + more)


def not_logged_in(seconds: float) -> str:
    """Say that logging in took too long."""
    return f"nobody logged in within {duration(seconds)}"


def no_session(seconds: float) -> str:
    """Say that no session was asked for."""
    return f"no session was asked for within {duration(seconds)}"


def idle_soon(seconds: float) -> str:
    """Say that a session ends soon where no key is pressed."""
    return f"No key was pressed for long: this session ends in {duration(seconds)}. Any key keeps it."


def idle(seconds: float) -> Ending:
    """Say why it ended."""
    return Ending(f"No key was pressed for {duration(seconds)}, so the session has ended. Connect again for a new one.")


def time_soon(seconds: float) -> str:
    """Say that a session ends soon, whatever is done."""
    return f"This session ends in {duration(seconds)}: sessions last no longer here. Connect again for another."


def time_over(seconds: float) -> Ending:
    """Say why it ended."""
    return Ending(f"A session lasts {duration(seconds)} here, so this one has ended. Connect again for a new one.")


def duration(seconds: float) -> str:
    """Return a time as people say it: `90 seconds`, `30 minutes`, `4 hours`."""
    whole = max(round(seconds), 1)
    for size, unit in ((3600, "hour"), (60, "minute"), (1, "second")):
        if whole % size == 0:
            count = whole // size
            return f"{count} {unit}{'s' if count > 1 else ''}"
    raise AssertionError  # every whole number is a multiple of 1


def _people(count: int) -> str:
    return "1 person is" if count == 1 else f"{count} people are"


# ---- to whoever starts it


def address_words(host: str, port: int) -> str:
    """Return an address as it is written."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def started(addresses: Sequence[tuple[str, int]], fingerprint: str, who: Sequence[str], *, is_root: bool) -> list[str]:
    """Return the lines that say where a server is, how it is known again, and who may come in."""
    loopback = all(_is_loopback(host) for host, _ in addresses)
    host, port = addresses[0]
    reached = "HOST" if host in ("0.0.0.0", "::") else host
    lines = [
        f"gradwalk serves on {', '.join(address_words(*each) for each in addresses)}.",
        f"One comes in by:    ssh -p {port} demo@{reached}",
        f"Its host key is:    {fingerprint}",
        *who,
    ]
    if loopback:
        lines.append(f"Only this machine reaches it; for others: gradwalk serve 0.0.0.0:{port}")
    if is_root:
        lines.append("It runs as root, which it has no need of: a user of its own is safer.")
    return lines


OPEN_TO_ALL = "ANYONE who reaches it may come in, without a password (--open)."


def keys_words(path: object, count: int, skipped: Sequence[int]) -> str:
    """Say whose keys let them in."""
    keys = "1 key lets" if count == 1 else f"{count or 'No'} keys let"
    return f"{keys} in, of {path}.{skipped_words(skipped)}"


def skipped_words(skipped: Sequence[int]) -> str:
    """Say which lines of a file of keys are none."""
    if not skipped:
        return ""
    lines = ", ".join(map(str, skipped[:10])) + (" ..." if len(skipped) > 10 else "")
    return f" Line {lines} is no key." if len(skipped) == 1 else f" Lines {lines} are no keys."


def presenter_words(code: str, *, by_key: bool) -> str:
    """Say how one presents."""
    keys = "a key of --presenter-keys, or " if by_key else ""
    return f"The lecture is presented by whoever logs in as presenter@, with {keys}this one-time code: {code}"


def _is_loopback(host: str) -> bool:
    return host == "::1" or host.startswith("127.")
