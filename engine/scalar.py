"""`Scalar`: write a function in Python and get its computational graph.

>>> a, b = Scalar(1.0, "a"), Scalar(2.0, "b")
>>> d = a * b + 1
>>> d.value, d.grad(1)
(3.0, {'a': 2.0, 'b': 1.0})
"""

# The functions that make its methods belong to the class:
# pyright: reportPrivateUsage=false

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any, ClassVar

from .errors import GradwalkError, GraphError
from .graph.graph import Graph, Leaf
from .graph.tape import Tape
from .recording.recorded_number import RecordedNumber, is_number
from .rules.float_rules import FORWARD
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
_INPUT = int(Leaf.INPUT)


# `_unary` and `_binary` append to the tape as `Tape.unary` and `Tape.binary` do, without the time of the call.


def _unary(name: str) -> Callable[[Scalar], Scalar]:
    code = CODES[name]
    rule = FORWARD[code]

    def method(self: Scalar) -> Scalar:
        scalar = _new(Scalar)
        scalar.tape = tape = self.tape
        scalar._value = value = rule(self._value)
        tape.operands.append(self.node)
        codes = tape.codes
        scalar.node = len(codes)
        codes.append(code)
        tape.values.append(value)
        return scalar

    method.__name__ = name
    method.__doc__ = f"Record `{name}` of this scalar."
    return method


def _binary(name: str) -> Callable[[Scalar, Any], Scalar]:
    code = CODES[name]
    rule = FORWARD[code]

    def method(self: Scalar, other: Any) -> Scalar:
        tape = self.tape
        if type(other) is not Scalar or other.tape is not tape:
            if not (isinstance(other, Scalar) or is_number(other)):
                self.refuse_mixture(other)
                return NotImplemented
            other = _recorded(tape, self.lift(other))
        scalar = _new(Scalar)
        scalar.tape = tape
        scalar._value = value = rule(self._value, other._value)
        append = tape.operands.append
        append(self.node)
        append(other.node)
        codes = tape.codes
        scalar.node = len(codes)
        codes.append(code)
        tape.values.append(value)
        return scalar

    method.__name__ = name
    return method


def _reflected(name: str) -> Callable[[Scalar, Any], Scalar]:
    code = CODES[name]

    def method(self: Scalar, other: Any) -> Scalar:
        if not is_number(other):
            self.refuse_mixture(other)
            return NotImplemented
        return _recorded(self.tape, self.tape.binary(code, self.lift(other), self.node))

    method.__name__ = name
    return method


def current_tape() -> Tape:
    """Return the tape that new leaves of this thread join."""
    return _current.get()


class Scalar(RecordedNumber):
    """A number that remembers where it came from.

    `Scalar(value, name)` is a leaf that carries a gradient; a plain number in an expression becomes a
    constant. Every operation is appended to the `Tape` of its operands at once; `graph()` cuts out what
    a scalar depends on. A tape grows as long as one of its scalars lives, so a long loop that builds its
    graph anew each time makes its leaves anew on `Scalar(..., tape=Tape())`.

    A scalar never turns into a plain number unasked, for the gradient would end there without a word: `float(x)`,
    `math.log(x)`, `int(x)`, `round(x)` and `if x:` raise CutGraphError, which is also a TypeError, and say what to
    write. `x.value` is the plain number, also under the names `x.item()` and `x.data`. What gives no number to go on
    with works on the value: `x < y` and `x == 3` are plain bools, `f"{x:.2f}"` is text. NumPy's functions record, as
    `numpy.log(x)` and `numpy.maximum(x, 0)` do; Python's own `max` and `min` take a branch, which is one operand.

    Two scalars are equal where they are the same node, whatever their values, and a set or a dict keeps them so; write
    `x.value == y.value` to compare two values. A number equals a scalar of its value, but has another hash: look a
    number up in a set of `x.value`, never in one of scalars.
    """

    __slots__ = ("_value", "node", "tape")

    plain_name = "value"
    elsewhere: ClassVar[dict[str, str]] = {
        "backward": "{0}.grad() gives its gradients by name; gradwalk.Value has .backward(), as in micrograd",
        "numpy": "{0}.value is the plain number",
        "shape": "it is one number; gradwalk.scalars makes arrays of them",
        "zero_grad": "nothing is kept from one {0}.grad() to the next",
    }

    def __init__(self, value: float, name: str | None = None, *, tape: Tape | None = None) -> None:
        """Make a leaf. GradwalkError for what is no number, or a name that is no text."""
        if tape is None:
            tape = _current.get()
        self.tape = tape
        if name is None and type(value) is float:
            codes = tape.codes
            self.node = len(codes)
            codes.append(_INPUT)
            tape.values.append(value)
            self._value = value
        else:
            self._value = _number(value)
            self.node = tape.leaf(self._value, Leaf.INPUT, _name(name))

    @classmethod
    def of(cls, tape: Tape, node: int) -> Scalar:
        """Return a node of a tape as a Scalar."""
        return _recorded(tape, node)

    @property
    def value(self) -> float:
        """The number itself; nan or infinite where the operation is undefined."""
        return self._value

    data = value

    def plain(self) -> float:
        """Return the number itself."""
        return self._value

    def called(self) -> str:
        """Return its name, or an x."""
        return self.name or "x"

    @property
    def name(self) -> str | None:
        """The name it was given, if any."""
        return self.tape.name_of(self.node)

    def named(self, name: str) -> Scalar:
        """Name this node, so that walks and formulas call it that; returns the scalar itself."""
        if _name(name):
            self.tape.names[self.node] = name
        return self

    def detach(self) -> Scalar:
        """Return a constant of the same value, as in PyTorch: the gradient ends there, and this says so."""
        return _recorded(self.tape, self.tape.leaf(self.value, Leaf.CONSTANT))

    def graph(self) -> Graph:
        """Cut out the computational graph whose output is this scalar.

        Leaves of one name and one value are one variable, and one node. Raises GraphError where nodes of one name
        are not.
        """
        return self.tape.graph(self.node)

    def grad(self, upstream: float = 1.0) -> dict[str, float]:
        """Return the partial by every leaf that the scalar depends on, times the upstream gradient `upstream`.

        The keys are what the walk calls the leaves: their names, and `tleaf1`, `tleaf2`, ... where they have none.
        What is undefined in the walk is nan: every partial where a value does not exist, or else those that
        overflow. Raises GraphError as `graph` does.
        """
        return input_gradients(self.tape, self.node, float(upstream))

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
            raise GraphError(
                "these scalars were recorded on two different tapes: make them in one thread, or all on one tape"
            )
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
    erf = _unary("erf")
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

    def __eq__(self, other: object) -> bool:
        if is_number(other):
            return self.value == other
        return self is other if isinstance(other, Scalar) else NotImplemented

    __hash__ = object.__hash__

    def __copy__(self) -> Scalar:
        return self  # a number does not change, and a copy of it elsewhere would be another variable

    def __deepcopy__(self, _: object) -> Scalar:
        return self

    def __repr__(self) -> str:
        name = f", {self.name!r}" if self.name else ""
        return f"Scalar({self.value!r}{name})"


def _recorded(tape: Tape, node: int) -> Scalar:
    scalar = _new(Scalar)
    scalar.tape = tape
    scalar.node = node
    scalar._value = tape.values[node]
    return scalar


def _number(value: Any) -> float:
    if isinstance(value, RecordedNumber):
        value.refuse("Scalar({})")
    if not is_number(value):
        kind = type(value).__name__
        hint = ""
        if getattr(value, "ndim", None) == 0:
            hint = ": write Scalar(x.item())"
        elif hasattr(value, "__len__") and not isinstance(value, str):
            hint = '; gradwalk.scalars("W", array) makes an array of them'
        raise GradwalkError(f"a Scalar is made of one number, and this is a {kind}{hint}")
    return float(value)


def _name(name: Any) -> str | None:
    if name is not None and not isinstance(name, str):
        raise GradwalkError(f'the name of a Scalar is a text, such as "x", not a {type(name).__name__}')
    return name or None
