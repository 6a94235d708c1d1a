"""`Compound`: several operations on arrays that have one rule on the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ...array_formulas.pullback import Pullback
from ..array_graph import Group
from .candidate import Candidate
from .records import Records

Recognise = Callable[[Candidate], Group | None]
"""Returns a candidate as the compound that it is, by its numbers; None where it is another function."""

Structure = Callable[[Records, Mapping[int, Group]], Iterator[Group]]
"""Finds compounds by which operations follow one another, given the groups found so far by their results."""


@dataclass(frozen=True)
class Compound:
    """An operation that was made of several.

    `name` is what it is called. It is found by the functions and modules that it was made in, which are called one of
    `names` in lower case, without underscores, and then by its numbers, with `recognise`; or by its `structure`.
    `pullback` is its rule on the way back; `why` says in a sentence why it is that. `shown` are the parameters that are
    written where it stands in a formula.
    """

    name: str
    pullback: Pullback
    why: str
    names: frozenset[str] = frozenset()
    recognise: Recognise | None = None
    structure: Structure | None = None
    shown: tuple[str, ...] = ()
