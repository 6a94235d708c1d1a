"""`RecordedArray`: an array on a tape, and how operations on it are recorded."""

from __future__ import annotations

import contextlib
import numbers
import weakref
from bisect import bisect_right
from collections.abc import Generator, Mapping, Sequence
from typing import Any, Self, cast

import numpy as np

from ..array_ops.recording import applied, given
from ..arrays import Floats, Indices
from ..errors import GradwalkError, GraphError
from ..graph.array_record import ArrayNode
from ..graph.graph import Leaf
from ..graph.tape import Tape
from ..scalar import Scalar
from .source import origin, variable_of

_MOST_PICKED = 1000
"""Scalars up to which the entries of an array of objects are looked up in the arrays that they are from."""


class _Known:
    """What is known of one tape: which plain arrays it has, what is being recorded within what, who made which node."""

    def __init__(self) -> None:
        self._seen = 0
        self._firsts: list[int] = []
        """The first node of each array that was given or made, ascending."""
        self._places: list[int] = []
        self.plain: dict[int, tuple[Any, int]] = {}
        self.names: set[str] = set()
        self.within: list[str] = []

    def array_with(self, node: int, tape: Tape) -> int | None:
        """Return the place of the array that a node was made for, or given in; None where there is none."""
        for place in range(self._seen, len(tape.arrays)):
            array = tape.arrays[place]
            first = array.first if array.operation else _first_given(array.entries)
            if first >= 0 and (not array.operation or array.stop > first):
                at = bisect_right(self._firsts, first)
                self._firsts.insert(at, first)
                self._places.insert(at, place)
        self._seen = len(tape.arrays)
        at = bisect_right(self._firsts, node) - 1
        if at < 0:
            return None
        array = tape.arrays[self._places[at]]
        last = array.stop if array.operation else self._firsts[at] + array.entries.size
        return self._places[at] if node < last else None


_KNOWN: weakref.WeakKeyDictionary[Tape, _Known] = weakref.WeakKeyDictionary()


def known(tape: Tape) -> _Known:
    """Return what is known of a tape."""
    return _KNOWN.setdefault(tape, _Known())


class RecordedArray:
    """An array whose entries are nodes of a tape.

    `tape.arrays[place]` is what the tape knows of it; there are no objects for its entries.
    """

    __slots__ = ("place", "tape")

    def __init__(self, tape: Tape, place: int) -> None:
        self.tape = tape
        self.place = place

    @classmethod
    def _made(cls, tape: Tape, place: int) -> Self:
        array = cls.__new__(cls)
        array.tape, array.place = tape, place
        return array

    @property
    def array(self) -> ArrayNode:
        """What the tape knows of it."""
        return self.tape.arrays[self.place]

    @property
    def entries(self) -> Indices:
        """The node of each entry: int32 in its shape."""
        return self.array.entries

    @property
    def value(self) -> Floats:
        """The plain numbers: float64 in its shape; nan or infinite where an operation is undefined."""
        return np.frombuffer(self.tape.values)[self.entries]

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its axes."""
        return self.entries.shape

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return self.entries.ndim

    @property
    def size(self) -> int:
        """How many entries it has."""
        return self.entries.size

    def record(self, operation: str, *operands: Any, **parameters: Any) -> Self:
        """Record an operation of `ARRAY_OPS` on arrays and numbers, of which plain ones become leaves.

        Raises GraphError for what does not fit, and for arrays of two tapes; GradwalkError for what is no number.
        """
        places = [self.lift(operand) for operand in operands]
        return self.recorded_at(places, operation, parameters)

    def recorded_at(self, places: Sequence[int], operation: str, parameters: Mapping[str, Any]) -> Self:
        """Record an operation on arrays that are on the tape, by their places."""
        source, scope, target = origin()
        scope += tuple(known(self.tape).within)
        name = "" if known(self.tape).within else target
        made = applied(self.tape, operation, places, parameters, source=source, scope=scope, name=name)
        return self.at(made)

    def at(self, place: int) -> Self:
        """Return the array at a place of the tape."""
        return self._made(self.tape, place)

    def scalar(self, node: int) -> Scalar:
        """Return one of the nodes as a Scalar."""
        return Scalar.of(self.tape, node)

    # ---- what it meets

    def lift(self, operand: Any) -> int:
        """Return the place of an operand on the tape; numbers and plain arrays are recorded as leaves there."""
        if isinstance(operand, RecordedArray):
            self._same_tape(operand.tape)
            return operand.place
        if isinstance(operand, Scalar):
            self._same_tape(operand.tape)
            return self._of_scalar(operand.node)
        if isinstance(operand, numbers.Real | np.bool_):
            return given(self.tape, np.array(operand, dtype=np.float64), Leaf.CONSTANT)
        if isinstance(operand, np.ndarray):
            return self._of_array(cast("np.ndarray[Any, np.dtype[Any]]", operand))
        if isinstance(operand, list | tuple):
            return self._of_sequence(cast(Sequence[Any], operand))
        raise GradwalkError(f"arrays of numbers are made of numbers, and this is a {type(operand).__name__}")

    def _same_tape(self, tape: Tape) -> None:
        if tape is not self.tape:
            raise GraphError(
                "these arrays were recorded on two different tapes: make them in one thread, or all on one tape"
            )

    def _of_array(self, operand: np.ndarray[Any, np.dtype[Any]]) -> int:
        if operand.dtype == object:
            return self._of_objects(operand)
        if operand.dtype.kind not in "buif":
            raise GradwalkError(f"arrays of numbers are made of real numbers, and this holds {operand.dtype}")
        if not operand.ndim:
            return given(self.tape, operand.astype(np.float64), Leaf.CONSTANT)
        values = operand.astype(np.float64)
        cached = known(self.tape).plain.get(id(operand))
        if cached and cached[0]() is operand:
            place = cached[1]
            if np.array_equal(np.frombuffer(self.tape.values)[self.tape.arrays[place].entries], values, equal_nan=True):
                return place  # it may have been written to since
        place = given(self.tape, values, Leaf.DATA, self._free_name(variable_of(operand) or "data"))
        with contextlib.suppress(TypeError):
            known(self.tape).plain[id(operand)] = weakref.ref(operand), place
        return place

    def _free_name(self, name: str) -> str:
        """Return a name that no array of plain numbers on the tape has yet."""
        return take_name(self.tape, name)

    def _of_sequence(self, operand: Sequence[Any]) -> int:
        if any(isinstance(each, RecordedArray | list | tuple | np.ndarray) for each in operand):
            recorded = _holds_recorded(operand)
            if recorded:
                return self.recorded_at([self.lift(each) for each in operand], "stack", {"axis": 0}).place
        try:
            return self._of_array(np.asarray(operand))
        except ValueError:
            raise GradwalkError("these lists are not equally long, so they make no array") from None

    def _of_objects(self, operand: np.ndarray[Any, np.dtype[Any]]) -> int:
        flat = operand.ravel().tolist()
        if not all(isinstance(each, Scalar | numbers.Real) for each in flat):
            if not operand.ndim:
                return self.lift(operand.item())
            raise GradwalkError("an array of objects is taken where each is a Scalar or a number")
        for each in flat:
            if isinstance(each, Scalar):
                self._same_tape(each.tape)
        if len(flat) <= _MOST_PICKED and flat:
            places = [self.lift(each) for each in flat]
            if not operand.ndim:
                return places[0]
            stacked = applied(self.tape, "stack", places)
            return stacked if operand.ndim == 1 else applied(self.tape, "reshape", [stacked], {"shape": operand.shape})
        nodes = [each.node if isinstance(each, Scalar) else self.tape.leaf(each, Leaf.CONSTANT) for each in flat]
        return self._given(np.array(nodes, dtype=np.int32).reshape(operand.shape))

    def _of_scalar(self, node: int) -> int:
        """Return the place of a single node: an entry of an array that is known, or given by itself."""
        place = known(self.tape).array_with(node, self.tape)
        if place is not None:
            entries = self.tape.arrays[place].entries
            found = np.argwhere(entries == node)
            if len(found):
                key = tuple(found[0].tolist())
                return applied(self.tape, "index", [place], {"key": key}) if key else place
        return self._given(np.array(node, dtype=np.int32))

    def _given(self, entries: Indices) -> int:
        self.tape.arrays.append(ArrayNode("", entries))
        return len(self.tape.arrays) - 1


def take_name(tape: Tape, name: str) -> str:
    """Take a name that no array of plain numbers on the tape has yet: `name`, or `name_2`, `name_3`, ..."""
    names = known(tape).names
    free = next(each for each in _numbered(name) if each not in names)
    names.add(free)
    return free


def _numbered(name: str) -> Generator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1


@contextlib.contextmanager
def within(array: RecordedArray, function: str) -> Generator[None]:
    """Record what follows as made within a function of NumPy that consists of several operations."""
    stack = known(array.tape).within
    stack.append(function)
    try:
        yield
    finally:
        stack.pop()


def _first_given(entries: Indices) -> int:
    """Return the first node of an array whose entries are consecutive nodes, -1 for any other."""
    if not entries.size or int(entries.flat[-1]) - int(entries.flat[0]) != entries.size - 1:
        return -1
    return int(entries.flat[0])


def _holds_recorded(operand: Any) -> bool:
    if isinstance(operand, RecordedArray):
        return True
    if isinstance(operand, np.ndarray):
        return cast("np.ndarray[Any, np.dtype[Any]]", operand).dtype == object
    return isinstance(operand, list | tuple) and any(map(_holds_recorded, cast("Sequence[Any]", operand)))
