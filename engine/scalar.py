"""`Scalar`: write a function in Python and get its computational graph.

>>> a, b = Scalar(1.0, "a"), Scalar(2.0, "b")
>>> d = a * b + 1
>>> d.value, d.grad(1)
(3.0, {'a': 2.0, 'b': 1.0})
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any

from .errors import GraphError
from .execute import backward, forward
from .graph import Graph, Leaf, Tape
from .ops import CODES


class _CurrentTape(threading.local):
    """The tape that new leaves join: one a thread, dropped when no Scalar refers to it any more."""

    def __init__(self) -> None:
        self.tape: Callable[[], Tape | None] = lambda: None

    def get(self) -> Tape:
        tape = self.tape()
        if tape is None:
            tape = Tape()
            self.tape = weakref.ref(tape)
        return tape


_current = _CurrentTape()


def _function(name: str) -> Callable[[Scalar], Scalar]:
    code = CODES[name]

    def method(self: Scalar) -> Scalar:
        return Scalar._of(self.tape, self.tape.operation(code, (self.node,)))  # pyright: ignore[reportPrivateUsage]

    method.__name__ = name
    method.__doc__ = f"Record `{name}` of this scalar."
    return method


class Scalar:
    """A number that remembers where it came from.

    `Scalar(value, name)` is a leaf that carries a gradient; a plain number in an expression becomes a
    constant. Every operation is appended to the `Tape` of its operands at once; `graph()` cuts out what
    a scalar depends on. A tape grows as long as one of its scalars lives, so a long loop that builds its
    graph anew each time makes its leaves anew on `Scalar(..., tape=Tape())`.
    """

    __slots__ = ("node", "tape")

    def __init__(self, value: float, name: str | None = None, *, tape: Tape | None = None) -> None:
        self.tape = _current.get() if tape is None else tape
        self.node = self.tape.leaf(float(value), Leaf.INPUT, name)

    @classmethod
    def _of(cls, tape: Tape, node: int) -> Scalar:
        scalar = cls.__new__(cls)
        scalar.tape, scalar.node = tape, node
        return scalar

    @property
    def value(self) -> float:
        """The number itself; nan or infinite where the operation is undefined."""
        return self.tape.values[self.node]

    @property
    def name(self) -> str | None:
        """The name it was given, if any."""
        return self.tape.names.get(self.node)

    def named(self, name: str) -> Scalar:
        """Name this node, so that walks and formulas call it that; returns the scalar itself."""
        self.tape.names[self.node] = name
        return self

    def graph(self) -> Graph:
        """Cut out the computational graph whose output is this scalar."""
        return self.tape.graph(self.node)

    def grad(self, upstream: float = 1.0) -> dict[str, float]:
        """Return the partial by every *named leaf*, times the upstream gradient `upstream`.

        Leaves of the same name are one variable: their partials add.
        """
        graph = self.graph()
        gradients = backward(graph, forward(graph), upstream).gradients
        partials: dict[str, float] = {}
        for node, name in graph.names.items():
            if node < graph.leaf_count:
                partials[name] = partials.get(name, 0.0) + float(gradients[node])
        return partials

    def apply(self, function: str, *operands: Scalar | float) -> Scalar:
        """Record the operation `function` of the op table on `operands`, numbers among them as constants.

        Raises KeyError for an unknown operation and GraphError for operands of two tapes.
        """
        nodes = [self._lift(operand) for operand in operands]
        return Scalar._of(self.tape, self.tape.operation(CODES[function], nodes))

    def _lift(self, operand: Scalar | float) -> int:
        if not isinstance(operand, Scalar):
            return self.tape.leaf(float(operand), Leaf.CONSTANT)
        if operand.tape is not self.tape:
            raise GraphError("these scalars were recorded on two different tapes; make them on the same one")
        return operand.node

    square = _function("square")
    reciprocal = _function("reciprocal")
    sqrt = _function("sqrt")
    exp = _function("exp")
    ln = _function("ln")
    sin = _function("sin")
    cos = _function("cos")
    tan = _function("tan")
    tanh = _function("tanh")
    sigmoid = _function("sigmoid")
    relu = _function("relu")
    softplus = _function("softplus")
    __neg__ = _function("neg")
    __abs__ = _function("abs")

    def __add__(self, other: Any) -> Scalar:
        return self._binary("add", self, other)

    def __radd__(self, other: Any) -> Scalar:
        if type(other) in (int, float) and other == 0:
            return self  # so that sum() adds no node for its start
        return self._binary("add", other, self)

    def __sub__(self, other: Any) -> Scalar:
        return self._binary("sub", self, other)

    def __rsub__(self, other: Any) -> Scalar:
        return self._binary("sub", other, self)

    def __mul__(self, other: Any) -> Scalar:
        return self._binary("mul", self, other)

    def __rmul__(self, other: Any) -> Scalar:
        return self._binary("mul", other, self)

    def __truediv__(self, other: Any) -> Scalar:
        return self._binary("div", self, other)

    def __rtruediv__(self, other: Any) -> Scalar:
        if type(other) in (int, float) and other == 1:
            return self.reciprocal()
        return self._binary("div", other, self)

    def __pow__(self, other: Any) -> Scalar:
        if type(other) in (int, float) and other == 2:
            return self.square()
        return self._binary("pow", self, other)

    def __rpow__(self, other: Any) -> Scalar:
        return self._binary("pow", other, self)

    def _binary(self, name: str, left: Any, right: Any) -> Scalar:
        other = right if left is self else left
        if not isinstance(other, Scalar | int | float):
            return NotImplemented
        return self.apply(name, left, right)

    def __float__(self) -> float:
        return self.value

    def __repr__(self) -> str:
        name = f", {self.name!r}" if self.name else ""
        return f"Scalar({self.value!r}{name})"
