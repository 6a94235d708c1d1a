"""`Edit`: what somebody changed, as data, so that it can be said and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..definition import Value


class EditKind(StrEnum):
    """What was changed, or added."""

    VALUE = "value"
    """The value of an input."""
    EXPRESSION = "expression"
    """The expression of a node."""
    INPUT = "input"
    """An input that was not there before."""
    NODE = "node"
    """A node that was not there before."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a definition, or of the values that a graph starts from.

    `before` and `after` are what stands for `name`, as it is written; `before` is empty where the name is new.
    `inputs` are the inputs that were added with it, as (name, value). `output` is the new output where it is another
    node now. `watched` are the nodes that the output does not use, or no longer: they are watched from now on.
    `left_out` are the notes and questions that have no step in the new walk. `slid` says that the value was slid to.
    """

    kind: EditKind
    name: str
    before: str
    after: str
    inputs: tuple[tuple[str, str], ...] = ()
    output: str = ""
    watched: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    slid: bool = False


def written_value(value: Value) -> str:
    """Return what stands for a name as somebody would type it; every digit of a number is there."""
    if isinstance(value, str):
        return value
    text = repr(float(value))
    return text.removesuffix(".0")
