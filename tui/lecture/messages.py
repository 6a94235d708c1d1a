"""What a session and its server tell each other, over a link that each session has to the server that let it in.

A message is one packet of JSON. Whoever sends must do without an answer: the other end may be slow, or gone.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from ...engine.errors import GradwalkError

MOST_BYTES = 65_536
"""The size of the largest message."""


MOST_PARTS = 3
"""A step is asked for in so many parts at most: its local derivative, its contribution, the gradient so far."""

Number = Annotated[int, Meta(ge=0, le=2**53)]
Part = Annotated[int, Meta(ge=0, lt=MOST_PARTS)]
MistakeIds = Annotated[tuple[Annotated[str, Meta(pattern="^[a-z-]{1,40}$")], ...], Meta(max_length=2)]

Came = Literal["right", "helped", "wrong", "skipped"]
"""What has come of an answer: right at once, right after a hint or a wrong answer, not right so far, left out."""


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """A step that the presenter has everybody asked for before it is shown.

    `question` tells it from all others that are asked in a lecture, and the later one is the larger one. `step` is the
    number of the step, `level` how much of it is asked: a `Level`.
    """

    question: Number
    step: Number
    level: str = ""


class Shown(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the presenter of a lecture shows, as what makes it again: a few hundred bytes.

    `number` counts what is shown in a lecture; of two the larger one is the later. `scenario` is the name in the
    library, empty for the library itself, and `lesson` that of a lesson, whose course `scenario` names then; `text` is
    its file where it was edited. `ways` say what was opened from it, one from the other: `epoch 12`, `derivative a`,
    `arrays`, and what was done there: `forward a`, and `value a 2.5` for a value of what no file can say.

    Of a training, `epoch` is the one on show, `rates` are the epochs from which on its learning rate is multiplied,
    each with the factor, and `epochs` is how many there will be where the scenario has fewer.
    `stand` is how it stands: a walk (`Moment.stand`), a walk of arrays, a training, or the library.
    `asked` is the step that everybody is asked for, None where none is.
    """

    number: int = 0
    scenario: str = ""
    lesson: str = ""
    text: str = ""
    ways: tuple[str, ...] = ()
    epoch: int | None = None
    rates: tuple[tuple[int, float], ...] = ()
    epochs: int | None = None
    stand: dict[str, Any] = {}
    asked: Asked | None = None


class Mistakes(msgspec.Struct, frozen=True):
    """That so many first answers fit best to a mistake, or to two made at once, by their ids."""

    mistakes: MistakeIds
    count: Number


class PartCount(msgspec.Struct, frozen=True, omit_defaults=True):
    """What has come of one part of a step that is asked for: how many are right, helped, wrong (see `Came`), skipped.

    `mistakes` are those that the wrong first answers fit, the most frequent one first.
    """

    right: Number = 0
    helped: Number = 0
    wrong: Number = 0
    skipped: Number = 0
    mistakes: Annotated[tuple[Mistakes, ...], Meta(max_length=64)] = ()

    @property
    def answered(self) -> int:
        """How many have given an answer, a right one or not."""
        return self.right + self.helped + self.wrong


class Tally(msgspec.Struct, frozen=True):
    """What has come of a step that everybody is asked for: counts, and no names.

    `question` is that of its `Asked`, `followers` how many are asked for it. `parts` are in the order of the questions;
    those at the end that nobody has come to are left out.
    """

    question: Number
    followers: Number
    parts: Annotated[tuple[PartCount, ...], Meta(max_length=MOST_PARTS)] = ()


# ---- from the server to a session


class Show(msgspec.Struct, frozen=True, tag="show"):
    """To followers: this is what the presenter shows now."""

    shown: Shown


class Leads(msgspec.Struct, frozen=True, tag="leads"):
    """Whether somebody presents; and whether the lecture reaches other machines, where it is to."""

    present: bool
    reaches: bool = True


class Replaced(msgspec.Struct, frozen=True, tag="replaced"):
    """To a presenter: another one leads the lecture from now on, and this session follows it like a learner's."""


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


class Answered(msgspec.Struct, frozen=True, tag="answered", omit_defaults=True):
    """From a follower: what came so far of one part of a step that everybody is asked for.

    It is sent whenever that changes, and the latest one counts. `mistakes` are the ids of those, one or two made at
    once, that fit best to a first answer that was wrong; empty where none does.
    """

    question: Number
    part: Part
    came: Came
    mistakes: MistakeIds = ()


ToSession = Show | Leads | Replaced | Audience | Counted | Said | Ending
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
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:  # the last two come from text alone
        raise MessageError(f"it is no message: {error}") from None
