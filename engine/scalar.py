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
from .graph.graph import Graph, Leaf
from .graph.tape import Tape
from .rules.ops import CODES
from .run.loop import input_gradients


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
_new = object.__new__
_INPUT = Leaf.INPUT


def _unary(name: str) -> Callable[[Scalar], Scalar]:
    code = CODES[name]

    def method(self: Scalar) -> Scalar:
        return _recorded(self.tape, self.tape.unary(code, self.node))

    method.__name__ = name
    method.__doc__ = f"Record `{name}` of this scalar."
    return method


def _binary(name: str) -> Callable[[Scalar, Any], Scalar]:
    code = CODES[name]

    def method(self: Scalar, other: Any) -> Scalar:
        tape = self.tape
        if type(other) is Scalar and other.tape is tape:
            scalar = _new(Scalar)  # as `_recorded` does, without the call
            scalar.tape = tape
            scalar.node = tape.binary(code, self.node, other.node)
            return scalar
        if not isinstance(other, Scalar | int | float):
            return NotImplemented
        return _recorded(tape, tape.binary(code, self.node, self.lift(other)))

    method.__name__ = name
    return method


def _reflected(name: str) -> Callable[[Scalar, Any], Scalar]:
    code = CODES[name]

    def method(self: Scalar, other: Any) -> Scalar:
        if not isinstance(other, int | float):
            return NotImplemented
        return _recorded(self.tape, self.tape.binary(code, self.lift(other), self.node))

    method.__name__ = name
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
        self.node = self.tape.leaf(float(value), _INPUT, name)

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
        partials: dict[str, float] = {}
        for name, partial in input_gradients(self.tape, self.node, float(upstream)):
            partials[name] = partials.get(name, 0.0) + partial
        return partials

    def apply(self, function: str, *operands: Scalar | float) -> Scalar:
        """Record the operation `function` of the op table on `operands`, numbers among them as constants.

        Raises KeyError for an unknown operation and GraphError for operands of two tapes.
        """
        nodes = [self.lift(operand) for operand in operands]
        return _recorded(self.tape, self.tape.operation(CODES[function], nodes))

    def lift(self, operand: Scalar | float) -> int:
        """Return the node of an operand: a scalar of the same tape, or a number, recorded as a constant.

        Raises GraphError for a scalar of another tape.
        """
        if not isinstance(operand, Scalar):
            return self.tape.leaf(float(operand), Leaf.CONSTANT)
        if operand.tape is not self.tape:
            raise GraphError("these scalars were recorded on two different tapes; make them on the same one")
        return operand.node

    square = _unary("square")
    reciprocal = _unary("reciprocal")
    sqrt = _unary("sqrt")
    exp = _unary("exp")
    ln = _unary("ln")
    sin = _unary("sin")
    cos = _unary("cos")
    tan = _unary("tan")
    tanh = _unary("tanh")
    sigmoid = _unary("sigmoid")
    relu = _unary("relu")
    softplus = _unary("softplus")
    __neg__ = _unary("neg")
    __abs__ = _unary("abs")

    __add__ = _binary("add")
    __sub__ = _binary("sub")
    __mul__ = _binary("mul")
    __truediv__ = _binary("div")
    _power = _binary("pow")

    _add_to = _reflected("add")
    _divide = _reflected("div")
    __rsub__ = _reflected("sub")
    __rmul__ = _reflected("mul")
    __rpow__ = _reflected("pow")

    def __radd__(self, other: Any) -> Scalar:
        if type(other) in (int, float) and other == 0:
            return self  # so that sum() adds no node for its start
        return self._add_to(other)

    def __rtruediv__(self, other: Any) -> Scalar:
        if type(other) in (int, float) and other == 1:
            return self.reciprocal()
        return self._divide(other)

    def __pow__(self, other: Any) -> Scalar:
        if type(other) in (int, float) and other == 2:
            return self.square()
        return self._power(other)

    def __float__(self) -> float:
        return self.value

    def __repr__(self) -> str:
        name = f", {self.name!r}" if self.name else ""
        return f"Scalar({self.value!r}{name})"


def _recorded(tape: Tape, node: int) -> Scalar:
    scalar = _new(Scalar)
    scalar.tape = tape
    scalar.node = node
    return scalar
