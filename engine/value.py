"""`Value`: micrograd's, in whose place it stands: `.data`, `.grad`, `.backward()`, and a walk.

>>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
>>> loss = (a * b + 1).relu() + a
>>> loss.backward()
>>> loss.data, a.grad, b.grad
(2.0, 1.0, 0.0)

A script that says `from micrograd.engine import Value` runs with `from gradwalk import Value`. The graph is micrograd's
own, node for node: a - b is a + b·(-1), and a / b is a·b⁻¹.
"""

# What follows the class belongs to it:
# pyright: reportPrivateUsage=false

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from operator import attrgetter
from typing import Any, ClassVar

from .errors import GradwalkError, GraphError, quoted, shortened
from .graph.graph import Graph, Leaf
from .graph.tape import Tape
from .recording.recorded_number import RecordedNumber, is_number
from .rules.float_rules import FORWARD, PARTIALS, PARTIALS_ALONE
from .rules.ops import CODES, OPS

_ADD, _MUL, _POW, _RELU = (CODES[name] for name in ("add", "mul", "pow", "relu"))
_SQUARE, _RECIPROCAL = CODES["square"], CODES["reciprocal"]

_LEAF, _CONSTANT, _BY_HAND = -1, -2, -3
"""What stands in `_code` of what no operation made: a leaf, a number in an expression, an operation made by hand."""

_SIGNS = {_ADD: "+", _MUL: "*", _RELU: "ReLU"}
"""What micrograd calls its operations; the others have the names of the op table."""

_NAMES_OF_SIGNS = {"+": "add", "*": "mul", "-": "sub", "/": "div", "relu": "relu", "ReLU": "relu", "log": "ln"}

_count = itertools.count()
_new = object.__new__


class Value(RecordedNumber):
    """A number of a computational graph, with its gradient: what micrograd's `Value` is.

    `data` is the number and `grad` the gradient that the calls of `backward` have added up since it was last set to 0;
    both may be set. `label` is its name in a walk. `_prev` and `_op` say what it was made of, for a drawing.
    """

    __slots__ = ("__dict__", "_code", "_given", "_marks", "_operands", "_serial", "data", "grad")

    plain_name = "data"
    elsewhere: ClassVar[dict[str, str]] = {
        "value": "{0}.data is the number; gradwalk.Scalar has .value",
        "zero_grad": "write {0}.grad = 0",
        "named": 'write {0}.label = "w"',
    }

    def __init__(self, data: Any, _children: Iterable[Value] = (), _op: str = "", label: str = "") -> None:
        """Make a leaf, or, from `_children`, the result of an operation that somebody has written by hand.

        GradwalkError where `data` is no number.
        """
        if not is_number(data):
            if isinstance(data, RecordedNumber):
                data.refuse("Value({})")
            raise GradwalkError(f"a Value is made of one number, and this is a {type(data).__name__}")
        self.data = data
        self.grad: float = 0
        self._operands = tuple(_children)
        self._given = tuple(child.data for child in self._operands)
        self._code = _BY_HAND if self._operands else _LEAF
        self._serial = next(_count)
        self._marks: dict[str, Any] | None = {"op": _op, "label": label} if _op or label else None

    # ---- what micrograd's has

    @property
    def label(self) -> str:
        """Its name, "" where it has none."""
        return self._marks.get("label", "") if self._marks else ""

    @label.setter
    def label(self, name: str) -> None:
        self._mark("label", name)

    @property
    def _op(self) -> str:
        code = self._code
        if code == _POW and len(self._operands) == 1:
            return f"**{self._given[1]}"
        if code >= 0:
            return _SIGNS.get(code) or OPS[code].name
        return self._marks.get("op", "") if self._marks else ""

    @property
    def _prev(self) -> set[Value]:
        return set(self._operands)

    @property
    def _backward(self) -> Callable[[], object]:
        """The chain rule for this operation alone: what adds to the gradients of its operands."""
        by_hand = self._marks.get("backward") if self._marks else None
        return by_hand or self._hand_on

    @_backward.setter
    def _backward(self, rule: Callable[[], object]) -> None:
        self._mark("backward", rule)

    def _mark(self, key: str, mark: Any) -> None:
        if self._marks is None:
            self._marks = {}
        self._marks[key] = mark

    def backward(self) -> None:
        """Set `grad` to 1 and take the chain rule from here to the leaves, adding to what is in `grad` of each.

        As in micrograd nothing is set to 0 first, in leaves and in all between: do so for what is used again.
        """
        self.grad = 1
        for value in reversed(self._ancestors()):
            if value._code != _LEAF and value._code != _CONSTANT:
                value._backward()

    def _ancestors(self) -> list[Value]:
        """Return this value and all that it was made of, each after its operands."""
        seen: set[Value] = {self}
        stack: list[Value] = [self]
        while stack:
            for operand in stack.pop()._operands:
                if operand not in seen:
                    seen.add(operand)
                    stack.append(operand)
        return sorted(seen, key=_serial_of)

    def _hand_on(self) -> None:
        code, grad = self._code, self.grad
        if code == _ADD:
            left, right = self._operands
            left.grad += grad
            right.grad += grad
        elif code == _MUL:
            left, right = self._operands
            left.grad += right.data * grad
            right.grad += left.data * grad
        elif code == _RELU:
            self._operands[0].grad += (self.data > 0) * grad
        elif code >= 0:
            operands = self._operands
            numbers = [operand.data for operand in operands]
            numbers += self._given[len(operands) :]  # the exponent of a power
            numbers = list(map(float, numbers))
            varying = sum(operand._code != _CONSTANT for operand in operands)
            rules = (PARTIALS_ALONE if varying == 1 else PARTIALS)[code]
            for operand, rule in zip(operands, rules if len(rules) > 1 else rules * len(operands), strict=False):
                operand.grad += rule(*numbers, float(self.data)) * grad

    # ---- operations

    def __add__(self, other: Any) -> Value:
        if type(other) is not Value:
            if not self._takes(other):
                return NotImplemented
            other = _lifted(other)
        a, b = self.data, other.data
        return _made(a + b, _ADD, (self, other), (a, b))

    def __mul__(self, other: Any) -> Value:
        if type(other) is not Value:
            if not self._takes(other):
                return NotImplemented
            other = _lifted(other)
        a, b = self.data, other.data
        return _made(a * b, _MUL, (self, other), (a, b))

    def __pow__(self, other: Any) -> Value:
        if isinstance(other, Value):
            return self.apply("pow", self, other)
        if not self._takes(other):
            return NotImplemented
        return _made(_power(self.data, other), _POW, (self,), (self.data, other))

    def relu(self) -> Value:
        """Record the number itself where it is positive, else 0."""
        return _made(0 if self.data < 0 else self.data, _RELU, (self,), (self.data,))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rpow__(self, other: Any) -> Value:
        return self.apply("pow", other, self) if self._takes(other) else NotImplemented

    def __neg__(self) -> Value:
        return self * -1

    def __sub__(self, other: Any) -> Value:
        return self + -other if self._takes(other) else NotImplemented

    def __rsub__(self, other: Any) -> Value:
        return -self + other if self._takes(other) else NotImplemented

    def __truediv__(self, other: Any) -> Value:
        if isinstance(other, Value):
            return self * other**-1
        return self * _power(other, -1) if self._takes(other) else NotImplemented

    def __rtruediv__(self, other: Any) -> Value:
        return self**-1 * other if self._takes(other) else NotImplemented

    def _takes(self, other: Any) -> bool:
        """Say whether something is an operand; raise an error where it is recorded in another way."""
        if isinstance(other, Value) or is_number(other):
            return True
        self.refuse_mixture(other)
        return False

    def __abs__(self) -> Value:
        return self.apply("abs", self)

    def apply(self, function: str, *operands: Any) -> Value:
        """Record the operation `function` of the op table on values and numbers.

        Raises KeyError for an unknown operation and GradwalkError for an operand that is neither.
        """
        values = tuple(_lifted(operand) for operand in operands)
        given = tuple(value.data for value in values)
        code = CODES[function]
        return _made(FORWARD[code](*map(float, given)), code, values, given)

    @staticmethod
    def _constant(number: Any) -> Value:
        value = Value(number)
        value._code = _CONSTANT
        return value

    # ---- a number that is not cut off

    def plain(self) -> float:
        """Return the plain number."""
        return self.data

    def called(self) -> str:
        """Return its label, or an x."""
        return self.label or "x"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Value):
            return self is other
        return bool(self.data == other) if is_number(other) else NotImplemented

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"

    # ---- its walk

    def graph(self) -> Graph:
        """Return the computational graph whose output is this value, with the numbers that it was computed with.

        What was done to `data` of a leaf since then, such as a step of training, does not change it. Raises GraphError
        for an operation that somebody wrote by hand and gradwalk has no rule for, for `data` of an operation that was
        set by hand, and where two nodes have one label and are not one variable.
        """
        return _Recording().graph(self)


_serial_of = attrgetter("_serial")


def _made(data: Any, code: int, operands: tuple[Value, ...], given: tuple[Any, ...]) -> Value:
    value = _new(Value)
    value.data = data
    value.grad = 0
    value._code = code
    value._operands = operands
    value._given = given
    value._serial = next(_count)
    value._marks = None
    return value


def _lifted(operand: Any) -> Value:
    return operand if isinstance(operand, Value) else Value._constant(operand)


def _power(base: Any, exponent: Any) -> Any:
    """Return what Python's ** gives, and what IEEE 754 has where that raises or turns complex."""
    try:
        power = base**exponent
    except (ArithmeticError, ValueError):  # NumPy's whole numbers have no negative powers
        power = None
    return FORWARD[_POW](float(base), float(exponent)) if power is None or isinstance(power, complex) else power


class _Recording:
    """Appends a value and all that it was made of to a tape."""

    def __init__(self) -> None:
        self.tape = Tape()
        self.nodes: dict[Value, int] = {}
        self.leaves: dict[tuple[Value, str], int] = {}

    def graph(self, output: Value) -> Graph:
        """Return the graph of a value."""
        for value in output._ancestors():
            if value._operands:
                self.nodes[value] = self._operation(value)
        return self.tape.graph(self._node(output, output.data))

    def _node(self, value: Value, given: Any) -> int:
        """Return the node of a value that had the number `given` when it was used."""
        node = self.nodes.get(value)
        if node is None:
            return self._leaf(value, float(given))
        code, numbers = _operation_of(value)
        computed = FORWARD[code](*numbers)
        if not (math.isclose(computed, given, rel_tol=1e-9) or (math.isnan(computed) and math.isnan(given))):
            called = f"of {quoted(value.label)}" if value.label else f"of an operation ({shortened(value._op)})"
            raise GraphError(
                f"the data {called} was set to {given!r}, and it is {computed!r} by its operation: set the data of "
                "leaves, and calculate again"
            )
        return node

    def _leaf(self, value: Value, given: float) -> int:
        node = self.leaves.get((value, repr(given)))
        if node is None:
            kind = Leaf.CONSTANT if value._code == _CONSTANT else Leaf.INPUT
            node = self.leaves[value, repr(given)] = self.tape.leaf(given, kind, value.label or None)
        return node

    def _operation(self, value: Value) -> int:
        code, numbers = _operation_of(value)
        if (
            code == _ADD
            and not value.label
            and type(value._given[1]) is int
            and value._given[1] == 0
            and value._operands[1]._code == _CONSTANT
        ):
            return self._node(value._operands[0], value._given[0])  # sum() begins with 0: that is no step to learn from
        operands = [self._node(*each) for each in zip(value._operands, value._given, strict=False)]
        operands += [self.tape.leaf(number, Leaf.CONSTANT) for number in numbers[len(operands) :]]
        return self.tape.operation(code, operands, value.label or None)


def _operation_of(value: Value) -> tuple[int, list[float]]:
    """Return the code of the operation that made a value, and the numbers that it was given, an exponent included."""
    code, numbers = value._code, list(map(float, value._given))
    if code == _BY_HAND:
        code, numbers = _written_by_hand(value, numbers)
    if code == _POW and len(value._operands) == 1:
        simpler = {2.0: _SQUARE, -1.0: _RECIPROCAL}.get(numbers[1])
        if simpler is not None:
            return simpler, numbers[:1]
    return code, numbers


def _written_by_hand(value: Value, numbers: list[float]) -> tuple[int, list[float]]:
    """Find the operation of the table that somebody has written by hand, by its name and its result."""
    sign = value._op
    code = CODES.get(_NAMES_OF_SIGNS.get(sign, sign.lower()))
    if sign.startswith("**"):
        with suppress(ValueError):
            code, numbers = _POW, [*numbers, float(sign[2:])]
    arity = 0 if code is None else OPS[code].arity or len(numbers)
    if code is None or arity != len(numbers) or not math.isclose(FORWARD[code](*numbers), value.data, rel_tol=1e-9):
        raise GraphError(
            f"the operation {quoted(sign)} was written by hand, and gradwalk has no rule for what it gives here: "
            "write it with +, *, **, .exp(), .log() and the like to walk it"
        )
    return code, numbers
