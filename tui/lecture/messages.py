"""What a session and its server tell each other, over a link that each session has to the server that let it in.

A message is one packet of JSON. Whoever sends must do without an answer: the other end may be slow, or gone.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ...engine.errors import GradwalkError

MOST_BYTES = 65_536
"""The size of the largest message."""


class Shown(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the presenter of a lecture shows, as what makes it again: a few hundred bytes.

    `number` counts what is shown in a lecture; of two the larger one is the later. `scenario` is the name in the
    library, empty for the library itself, and `text` its file where it was edited. `ways` say what was opened from it,
    one from the other: `epoch 12`, `forward a`, `derivative a`, `arrays`. `epoch` is that of a training on show, and
    `rate` its learning rate where it is another than the scenario's. `stand` is how the walk stands (`Moment.stand`).
    """

    number: int = 0
    scenario: str = ""
    text: str = ""
    ways: tuple[str, ...] = ()
    epoch: int | None = None
    rate: float | None = None
    stand: dict[str, Any] = {}


class Mistakes(msgspec.Struct, frozen=True):
    """That a mistake, by its id, fits best to the wrong answers of so many."""

    mistake: str
    count: int


class Tally(msgspec.Struct, frozen=True):
    """What has come of a question that all followers of a lecture are asked: counts, and no names.

    `step` is the number of the step that is asked for, of what is `shown` by its number; `followers` is how many are
    asked, `answered` how many have answered, `right` how many of those were right at once.
    """

    shown: int
    step: int
    followers: int
    answered: int
    right: int
    mistakes: tuple[Mistakes, ...] = ()


# ---- from the server to a session


class Show(msgspec.Struct, frozen=True, tag="show"):
    """To followers: this is what the presenter shows now."""

    shown: Shown


class Leads(msgspec.Struct, frozen=True, tag="leads"):
    """Whether somebody presents; and whether the lecture reaches other machines, where it is to."""

    present: bool
    reaches: bool = True


class Audience(msgspec.Struct, frozen=True, tag="audience"):
    """To the presenter: how many have come to the lecture, and how many of them follow it now."""

    learners: int
    following: int


class Counted(msgspec.Struct, frozen=True, tag="counted"):
    """To the presenter: what has come of a question so far."""

    tally: Tally


class Said(msgspec.Struct, frozen=True, tag="said"):
    """A sentence to show as a notice."""

    words: str


class Ending(msgspec.Struct, frozen=True, tag="ending"):
    """The session ends now: the terminal is to be restored, and the sentence printed."""

    words: str


# ---- from a session to the server


class Showing(msgspec.Struct, frozen=True, tag="showing"):
    """From the presenter: this is shown now."""

    shown: Shown


class Follows(msgspec.Struct, frozen=True, tag="follows"):
    """From a learner: whether they follow the lecture, or walk alone."""

    follows: bool


class Answered(msgspec.Struct, frozen=True, tag="answered"):
    """From a follower: what came of a step that was asked for, by its number, in what is `shown` by its number.

    `mistake` is the id of the one that fits best to a first answer that was wrong; empty where none does.
    """

    shown: int
    step: int
    right: bool
    mistake: str = ""


ToSession = Show | Leads | Audience | Counted | Said | Ending
ToServer = Showing | Follows | Answered

_TO_SESSION = msgspec.json.Decoder(ToSession)
_TO_SERVER = msgspec.json.Decoder(ToServer)


class MessageError(GradwalkError):
    """A message is too large, or cannot be read."""


def encoded(message: ToSession | ToServer) -> bytes:
    """Return a message as it is sent; MessageError where it is too large."""
    sent = msgspec.json.encode(message)
    if len(sent) > MOST_BYTES:
        raise MessageError(f"a message of {len(sent):,} bytes is too large; the most is {MOST_BYTES:,}")
    return sent


def to_session(sent: bytes) -> ToSession:
    """Read what a server has sent; MessageError where that is no message."""
    return _decoded(_TO_SESSION, sent)


def to_server(sent: bytes) -> ToServer:
    """Read what a session has sent; MessageError where that is no message."""
    return _decoded(_TO_SERVER, sent)


def _decoded(decoder: msgspec.json.Decoder[Any], sent: bytes) -> Any:
    if len(sent) > MOST_BYTES:
        raise MessageError(f"a message of {len(sent):,} bytes is too large; the most is {MOST_BYTES:,}")
    try:
        return decoder.decode(sent)
    except msgspec.MsgspecError as error:
        raise MessageError(f"it is no message: {error}") from None
