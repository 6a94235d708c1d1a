"""`Mistake`: an entry of the table; `Alteration`: what it makes of one place of a walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .effect import Effect
from .place import EdgePlace, NodePlace
from .way import AskedWay


@dataclass(frozen=True)
class Alteration:
    """One mistake at one place of a walk.

    `mistake` is its id, `step` the number of the step of the walk where it is made, `effects` are what it changes
    there. `sentence` explains it in the names of the walk; it is written when it is asked for. `distance` says how many
    steps lie between it and what was asked.
    """

    mistake: str
    step: int
    effects: tuple[Effect, ...]
    say: Callable[[], str] = field(compare=False, repr=False)
    distance: int = field(default=0, compare=False)

    @property
    def sentence(self) -> str:
        """The explanation, in the names of the walk."""
        return self.say()


Made = tuple[tuple[Effect, ...], Callable[[], str]]
"""What a rule gives: the effects, and how they are explained."""

EdgeRule = Callable[[EdgePlace], Iterator[Made]]
NodeRule = Callable[[NodePlace], Iterator[Made]]
AnswerRule = Callable[[AskedWay], Iterator[Made]]


@dataclass(frozen=True)
class Mistake:
    """A mistake that is known.

    `title` is a short phrase for lists: "the minus sign is lost". The rules say what the mistake makes of a place, from
    what the walk knows: `of_edge` of a backward step, `of_value` of a forward step, `of_answer` of a right answer that
    is read or written wrongly. `of_step` is like `of_edge`, for a step that is looked at alone, as in a wrong
    backward pass: there the mistake may have another form than in a number that was computed at one go.
    """

    id: str
    title: str
    of_edge: EdgeRule | None = None
    of_value: NodeRule | None = None
    of_answer: AnswerRule | None = None
    of_step: EdgeRule | None = None
