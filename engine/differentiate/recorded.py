"""`Recorded`: an operand that the op table's rules can be applied to, so that what they do becomes nodes on a tape."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..graph.graph import Leaf
from ..graph.origin import Origin, OriginKind
from ..graph.tape import Tape
from ..rules.ops import CODES, OPS, evaluate

_ADD, _SUB, _MUL, _DIV, _NEG = (CODES[name] for name in ("add", "sub", "mul", "div", "neg"))


class Recorder:
    """A tape, and what its nodes come from: `origins` by node."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.origins: dict[int, list[Origin]] = {}

    def node(self, node: int) -> Recorded:
        """Return a node of the tape as an operand."""
        return Recorded(self, node)

    def number(self, number: float) -> Recorded:
        """Return a number as an operand; it becomes a node where an operation needs it."""
        return Recorded(self, -1, float(number))

    def operand(self, operand: Recorded | float) -> Recorded:
        """Return what a rule gave as an operand."""
        return operand if isinstance(operand, Recorded) else self.number(operand)

    def operation(self, code: int, *operands: Recorded) -> Recorded:
        """Record an operation."""
        return Recorded(self, self.tape.operation(code, [operand.on_tape() for operand in operands]))


class Recorded:
    """A node of the tape, or a number that is no node yet.

    What is exact for every finite number is simplified: 1 · x and x/1 are x, -1 · x is -x, 0 · x is 0, x + 0 is x; x¹
    is x and x⁰ is 1; a/x/x is a/x². An operation of numbers alone is computed where the result is a number of few
    digits: what is written 0.3333 would not be 1/3. One part in n, such as the 1/3 of a mean, is a quotient.
    """

    __slots__ = ("_divided", "_node", "constant", "origins", "recorder")

    def __init__(self, recorder: Recorder, node: int, constant: float | None = None) -> None:
        self.recorder = recorder
        self.constant = constant
        self._node = node
        self._divided: tuple[Recorded, int] | None = None
        self.origins: list[Origin] = [] if constant is not None else recorder.origins.setdefault(node, [])

    @property
    def node(self) -> int | None:
        """The node; None where it is a number alone."""
        return self._node if self.constant is None else None

    def on_tape(self) -> int:
        """Return the node, a new one each time for a number."""
        if self.constant is None:
            return self._node
        parts = _one_part_in(self.constant)
        node = self.recorder.tape.leaf(self.constant if parts is None else parts, Leaf.CONSTANT)
        if parts is None:
            self.recorder.origins[node] = list(self.origins)
            return node
        self.recorder.origins[node] = list(self._origins_of_part())
        node = self.recorder.tape.operation(CODES["reciprocal"], [node])
        self.recorder.origins[node] = list(self.origins)
        return node

    def fresh(self) -> Recorded:
        """Return itself; for a number one of its own, of which nothing has been said yet."""
        return self if self.constant is None else self.recorder.number(self.constant)

    def comes_from(self, origins: Iterable[Origin]) -> None:
        """Say what it stands for, once more."""
        self.origins.extend(origin for origin in origins if origin not in self.origins[-8:])

    def _origins_of_part(self) -> Iterator[Origin]:
        """Say what the 3 of a 1/3 stands for: it is a part of what the 1/3 is."""
        for origin in self.origins:
            if origin.kind in (OriginKind.LOCAL, OriginKind.LOCAL_PART):
                yield replace(origin, kind=OriginKind.LOCAL_PART)

    def apply(self, name: str, *operands: Recorded | float) -> Recorded:
        """Record an operation of the op table by its name."""
        taken = [self.recorder.operand(operand) for operand in operands]
        constants = [operand.constant for operand in taken]
        numbers = [constant for constant in constants if constant is not None]
        if name == "mul":
            return taken[0] * taken[1]
        if len(numbers) == len(taken) and (folded := self._computed(name, numbers)) is not None:
            return folded
        if name == "pow" and constants[1] == 0:
            return self.recorder.number(1.0)
        if name == "pow" and constants[1] == 1:
            return taken[0]
        if name == "pow" and constants[1] == 2:
            return self.recorder.operation(CODES["square"], taken[0])
        return self.recorder.operation(CODES[name], *taken)

    def __add__(self, other: Recorded | float) -> Recorded:
        other = self.recorder.operand(other)
        if self.constant == 0:
            return other
        if other.constant == 0:
            return self
        return self._folded("add", other) or self.recorder.operation(_ADD, self, other)

    def __sub__(self, other: Recorded | float) -> Recorded:
        other = self.recorder.operand(other)
        if other.constant == 0:
            return self
        return self._folded("sub", other) or self.recorder.operation(_SUB, self, other)

    def __mul__(self, other: Recorded | float) -> Recorded:
        other = self.recorder.operand(other)
        for factor, rest in ((self, other), (other, self)):
            if factor.constant == 0:
                return self.recorder.number(0.0)
            if factor.constant == 1:
                return rest
            if factor.constant == -1:
                return -rest
        if (folded := self._folded("mul", other)) is not None:
            return folded
        for factor, rest in ((other, self), (self, other)):
            parts = None if factor.constant is None else _one_part_in(factor.constant)
            if parts is not None:
                whole = self.recorder.number(parts)
                whole.comes_from(factor._origins_of_part())
                return rest / whole
        return self.recorder.operation(_MUL, self, other)

    def __truediv__(self, other: Recorded | float) -> Recorded:
        other = self.recorder.operand(other)
        if other.constant == 1:
            return self
        if (folded := self._folded("div", other)) is not None:
            return folded
        if self._divided is not None and self._divided[1] == other.node:  # as formulas are printed: -1/x/x is -1/x²
            return self._divided[0] / self.recorder.operation(CODES["square"], other)
        if self.constant == 1:
            quotient = self.recorder.operation(CODES["reciprocal"], other)
        else:
            quotient = self.recorder.operation(_DIV, self, other)
        if other.node is not None:
            quotient._divided = (self, other.node)
        return quotient

    def __neg__(self) -> Recorded:
        if self.constant is not None:
            return self.recorder.number(-self.constant)
        return self.recorder.operation(_NEG, self)

    def __radd__(self, other: float) -> Recorded:
        return self.recorder.number(other) + self

    def __rsub__(self, other: float) -> Recorded:
        return self.recorder.number(other) - self

    def __rmul__(self, other: float) -> Recorded:
        return self.recorder.number(other) * self

    def __rtruediv__(self, other: float) -> Recorded:
        return self.recorder.number(other) / self

    def _folded(self, name: str, other: Recorded) -> Recorded | None:
        if self.constant is None or other.constant is None:
            return None
        return self._computed(name, [self.constant, other.constant])

    def _computed(self, name: str, numbers: list[float]) -> Recorded | None:
        result = evaluate(OPS[CODES[name]].forward, *numbers)
        return self.recorder.number(result) if _is_short(result) else None


def _is_short(number: float) -> bool:
    """Say whether a number is written in full wherever it stands in a formula."""
    return math.isfinite(number) and float(f"{number:.8g}") == number


def _one_part_in(number: float) -> float | None:
    """Return n for 1/n, where that has no end as a decimal number; else None."""
    if _is_short(number) or not 0 < number < 1:
        return None
    parts = float(round(1 / number)) if number > 1e-9 else 0.0
    return parts if parts and 1 / parts == number else None
