"""`Compound`: several operations on arrays that have one rule on the way back."""

from __future__ import annotations

from dataclasses import dataclass

from ...array_formulas.pullback import Pullback


@dataclass(frozen=True)
class Compound:
    """An operation that was made of several.

    `name` is what it is called; `names` are those of the functions and modules that it is made within, in lower case.
    `pullback` is its rule on the way back.
    """

    name: str
    names: tuple[str, ...]
    pullback: Pullback
