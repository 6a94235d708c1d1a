"""Expressions such as `1/(a + ln(b))`, as data; `parser` reads them.

An expression is kept in postfix order (operands before their operation), so reading it into a graph or
computing it is one loop over a stack, however long it is.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from ..errors import ExpressionError, did_you_mean, listing, quoted
from ..graph.graph import Leaf
from ..graph.tape import Tape
from ..rules.ops import CODES, OPS, evaluate
from .names import CONSTANTS, FUNCTIONS, look_alike

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal number."""

    value: float


@dataclass(frozen=True, slots=True)
class NameUse:
    """A use of a name, and which characters of the text it is; there it may have another spelling: `names.normal`."""

    name: str
    position: int
    length: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation, or a further function, on the last `operand_count` items of the stack."""

    op: str
    operand_count: int


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that has been read: its text, and its items in postfix order."""

    text: str
    items: tuple[Literal | NameUse | Apply, ...]

    def names(self) -> Iterator[NameUse]:
        """Yield every use of a name, in reading order."""
        return (item for item in self.items if isinstance(item, NameUse))

    def unknown_names(self, known: Container[str]) -> Iterator[NameUse]:
        """Yield the first use of each name that is neither known nor one of `CONSTANTS`, in reading order."""
        seen: set[str] = set()
        for used in self.names():
            if used.name not in known and used.name not in CONSTANTS and used.name not in seen:
                seen.add(used.name)
                yield used

    def record(self, tape: Tape, nodes: Mapping[str, int], name: str | None = None) -> int:
        """Append the expression to a tape and return its node, called `name`.

        `nodes` are the nodes that names stand for; a name that is not there must be one of `CONSTANTS`.
        A bare name or number has no operation of its own: the node it stands for is returned, unnamed.
        Raises ExpressionError for an unknown name.
        """
        last = len(self.items) - 1

        def known(used: NameUse) -> int:
            if used.name in nodes:
                return nodes[used.name]
            return tape.leaf(self._constant(used, nodes), Leaf.CONSTANT, used.name, written=used.name)

        return self.fold(
            lambda value: tape.leaf(value, Leaf.CONSTANT),
            known,
            lambda place, op, operands: tape.operation(CODES[op], operands, name if place == last else None),
        )

    def compute(self) -> float:
        """Compute an expression of numbers and `CONSTANTS`; nan or infinite where it is undefined.

        Raises ExpressionError for any other name.
        """
        return self.fold(
            lambda value: value,
            lambda used: self._constant(used, ()),
            lambda _, op, operands: evaluate(OPS[CODES[op]].forward, *operands),
        )

    def fold(
        self, number: Callable[[float], T], name: Callable[[NameUse], T], apply: Callable[[int, str, list[T]], T]
    ) -> T:
        """Read the expression as something else, operands first.

        `number` and `name` say what a literal and a name become, `apply(place, function, operands)` what a function
        or an operator makes of its operands; `place` is its place in `items`.
        """
        stack: list[T] = []
        for place, item in enumerate(self.items):
            if isinstance(item, Apply):
                operands = stack[-item.operand_count :] if item.operand_count else []
                del stack[len(stack) - item.operand_count :]
                stack.append(apply(place, item.op, operands))
            else:
                stack.append(number(item.value) if isinstance(item, Literal) else name(item))
        return stack[0]

    def unknown(self, name: NameUse, known: Iterable[str]) -> ExpressionError:
        """Make the error for a name that nothing defines."""
        names = [*known, *CONSTANTS]
        hint = look_alike(name.name, names) or did_you_mean(name.name, names, f"known here: {listing(names)}")
        if name.name in FUNCTIONS:
            hint = f"{name.name} is a function: write {name.name}(x)"
        return ExpressionError(f"unknown name {quoted(name.name)}", self.text, name.position, name.length, hint)

    def _constant(self, name: NameUse, known: Iterable[str]) -> float:
        if name.name not in CONSTANTS:
            raise self.unknown(name, known)
        return CONSTANTS[name.name]
