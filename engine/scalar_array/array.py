"""`ScalarArray`: an array of named scalars, on which NumPy code that was written for numbers runs.

>>> W, x = scalars("W", [[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])
>>> loss = np.sum(np.tanh(W @ x))
>>> sorted(loss.grad())
['W[0,0]', 'W[0,1]', 'W[1,0]', 'W[1,1]']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn, Self

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from ..array_ops.recording import given
from ..arrays import Floats
from ..errors import CutGraphError, GradwalkError
from ..graph.graph import Graph, Leaf
from ..graph.tape import Tape
from ..recording.caller import advice, asker
from ..run.loop import backward, forward
from ..scalar import Scalar, current_tape
from . import functions, ufuncs
from .numbers import number_by_number, of_scalars
from .recorded_array import RecordedArray, known

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def scalars(name: str, values: ArrayLike, *, tape: Tape | None = None) -> ScalarArray:
    """Make an array of leaves that carry a gradient, called `W[0,1]` by the name `W` and their indices from 0.

    `values` is an array, a list of lists, or one number, which is called `W` alone. GradwalkError for what holds no
    real numbers, and for a name that is no text or empty.
    """
    if not isinstance(name, str) or not name:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise GradwalkError('an array of scalars needs a name, such as scalars("W", array), so that a walk can call it')
    if isinstance(values, RecordedArray | Scalar):
        raise CutGraphError(f"{name} would be cut off from what {name} is made of: give scalars plain numbers")
    try:
        numbers = np.asarray(values)
        if numbers.dtype.kind not in "buif":
            raise ValueError
    except (ValueError, TypeError, GradwalkError):
        raise GradwalkError(f"{name} has to be an array of real numbers, each row as long as the others") from None
    tape = current_tape() if tape is None else tape
    known(tape).names.add(name)
    return ScalarArray(tape, given(tape, numbers.astype(np.float64), Leaf.INPUT, name))


def _method(name: str) -> Callable[..., Any]:
    function: Any = getattr(np, name)

    def method(self: ScalarArray, *arguments: Any, **options: Any) -> Any:
        return function(self, *arguments, **options)

    method.__name__ = name
    method.__doc__ = f"Do as `numpy.{name}`."
    return method


def _operation(name: str) -> Callable[[ScalarArray], ScalarArray]:
    def method(self: ScalarArray) -> ScalarArray:
        return self.record(name, self)

    method.__name__ = name
    method.__doc__ = f"Record `{name}` of each entry."
    return method


class ScalarArray(RecordedArray, NDArrayOperatorsMixin):
    """An array whose entries remember where they came from; `scalars` makes one.

    NumPy's operators and functions record what they compute. A plain array that takes part becomes data, without a
    gradient, a plain number a constant. Comparisons give plain booleans, `a[0, 1]` one entry as a `Scalar`, `a.value`
    the plain numbers. What would cut the graph, or has no rule, raises CutGraphError and says what to write.

    An array does not change: `a += b` makes a new one, and `a[0] = b` is refused.
    """

    __slots__ = ()

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Let NumPy's universal functions record."""
        return ufuncs.apply(self, ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        """Let NumPy's other functions record."""
        found = functions.find(function)
        if found is None:
            return number_by_number(self, function, arguments, options)
        return found(self, *arguments, **options)

    # ---- one number

    @property
    def node(self) -> int:
        """The node of its one entry; GradwalkError where it has several."""
        if self.size != 1:
            raise GradwalkError(
                f"a walk ends at one number, and this is an array of the shape {self.shape}: take its sum, its mean "
                "or an entry"
            )
        return self.entries.item()

    def graph(self) -> Graph:
        """Cut out the graph whose output is its one entry; raises GradwalkError as `node` does, and GraphError."""
        return self.tape.graph(self.node)

    def grad(self, upstream: float = 1.0) -> dict[str, float]:
        """Return the partial of its one entry by every leaf, by name, times the upstream gradient `upstream`."""
        return self.scalar(self.node).grad(upstream)

    def gradient(self, of: ScalarArray | Scalar, upstream: float = 1.0) -> Floats:
        """Return the partials of its one entry by the entries of an array, in that array's shape.

        They are 0 for entries that it does not depend on. Raises GradwalkError as `node` does, for what is no array
        of scalars, and for one of another tape.
        """
        if not isinstance(of, RecordedArray | Scalar):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise GradwalkError(
                f"the gradient is that by an array of scalars, made by scalars, and this is a {type(of).__name__}, "
                "which carries none"
            )
        if of.tape is not self.tape:
            raise GradwalkError("a gradient is that by an array of the same tape, and this is one of another")
        graph, kept = self.tape.cut(self.node)
        gradients = backward(graph, forward(graph), float(upstream)).gradients
        by_node: Floats = np.zeros(len(self.tape), dtype=np.float64)
        by_node[kept] = np.where(graph.carries_gradient, gradients, 0.0)
        return by_node[np.asarray(of.entries if isinstance(of, ScalarArray) else of.node)]

    def item(self, *index: int) -> float:
        """Return a plain number, as NumPy and PyTorch call it: the only one, or the one at an index."""
        return float(self.value.item(*index))

    @property
    def name(self) -> str | None:
        """What it was called, if anything."""
        return self.array.name or None

    def named(self, name: str) -> Self:
        """Call the array and its entries so, as `h[0,1]`; returns the array itself."""
        self.tape.arrays[self.place] = replace(self.array, name=name)
        return self

    def called(self) -> str:
        """Return its name, or an x."""
        return self.array.name or "x"

    # ---- as an array

    @property
    def dtype(self) -> np.dtype[np.object_]:
        """That of arrays of Scalars, so that one made with it, as by `numpy.zeros`, can hold what is recorded."""
        return np.dtype(np.object_)

    @property
    def T(self) -> Self:
        """The array with its axes in the opposite order."""
        return self.record("transpose", self)

    @property
    def mT(self) -> Self:
        """The array with its last two axes exchanged."""
        return np.swapaxes(self, -1, -2)  # pyright: ignore

    @property
    def flat(self) -> Iterator[Scalar]:
        """The entries, one after the other."""
        return iter(self.record("reshape", self, shape=(-1,)))  # pyright: ignore

    @property
    def real(self) -> Self:
        """The array itself."""
        return self

    def __getitem__(self, key: Any) -> Any:
        """Return one entry as a Scalar, or what NumPy's indices, slices and masks pick as an array."""
        if isinstance(key, RecordedArray | Scalar):
            raise CutGraphError("a recorded number is no index: use int(x.value), or compare, as in a[x > 0]")
        try:
            picked: Any = self.entries[key]
        except IndexError as error:
            raise IndexError(f"an array of the shape {self.shape} has no such entry: {error}") from None
        return self.record("index", self, key=key) if isinstance(picked, np.ndarray) else self.scalar(int(picked))

    def __setitem__(self, key: Any, value: Any) -> NoReturn:
        """Refuse: an array does not change."""
        name = self.called()
        raise CutGraphError(
            f"{name}[...] = ... would change an array that others may be made of: build a new one, with numpy.where, "
            "numpy.stack or numpy.concatenate"
        )

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("a single number has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __contains__(self, number: object) -> bool:
        return bool((self.value == number).any())

    def __repr__(self) -> str:
        name = f", {self.array.name!r}" if self.array.name else ""
        return f"ScalarArray({np.array2string(self.value, separator=', ', prefix='ScalarArray(')}{name})"

    def __format__(self, specification: str) -> str:
        return format(self.value.item(), specification) if specification and self.size == 1 else str(self)

    # ---- what would cut the graph

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """Return an array of Scalars, which keeps the graph; plain numbers are refused where nobody asked for them."""
        if dtype is None or np.dtype(dtype) == object:
            return of_scalars(self)
        name = self.called()
        raise CutGraphError(
            f"a plain array of {name} would cut the graph here: {name}.value has the plain numbers; numpy.stack and "
            "numpy.concatenate join arrays that are recorded"
        )

    def __float__(self) -> NoReturn:
        """Refuse to become a plain number unasked."""
        raise CutGraphError(advice(asker(), self.called(), "value", "float({})"))

    def __int__(self) -> NoReturn:
        """Refuse to become a plain number unasked."""
        raise CutGraphError(advice(asker(), self.called(), "value", "int({})"))

    def __index__(self) -> NoReturn:
        """Refuse to become a plain number unasked."""
        raise CutGraphError(advice(asker(), self.called(), "value", "the use of {} as a whole number"))

    def __complex__(self) -> NoReturn:
        """Refuse to become a plain number unasked."""
        raise CutGraphError(advice(asker(), self.called(), "value", "complex({})"))

    def __bool__(self) -> NoReturn:
        """Refuse to be true or false."""
        name = self.called()
        raise CutGraphError(
            f"an array of scalars is neither true nor false: compare it, as in {name} > 0, or ask for {name}.size"
        )

    def __getattr__(self, name: str) -> NoReturn:
        hint = _ELSEWHERE.get(name, "")
        told = f": {hint.format(self.called())}" if hint else ""
        raise AttributeError(f"a ScalarArray has no .{name}{told}", name=name, obj=self)

    # ---- NumPy's methods

    def astype(self, dtype: Any, **_: Any) -> Self:
        """Return the array itself, whose numbers are floats; CutGraphError for another kind."""
        if np.dtype(dtype).kind not in "fO":
            raise CutGraphError(f"{self.called()}.astype would cut the graph here: {self.called()}.value is plain")
        return self

    def copy(self, **_: Any) -> Self:
        """Return the array itself, which does not change."""
        return self

    __copy__ = copy

    def __deepcopy__(self, _: object) -> Self:
        return self

    def tolist(self) -> Any:
        """Return the entries as Scalars, in lists of lists."""
        return [row.tolist() if isinstance(row, ScalarArray) else row for row in self] if self.ndim else self[()]

    def reshape(self, *shape: Any, order: str = "C") -> Self:
        """Return the entries in another shape."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, order=order)  # pyright: ignore

    def transpose(self, *axes: Any) -> Self:
        """Return the array with its axes in another order, the opposite one where none is given."""
        order: Sequence[int] | None = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None
        return self.record("transpose", self, axes=order)

    def flatten(self, order: str = "C") -> Self:
        """Return the entries in one row."""
        return np.ravel(self, order=order)  # pyright: ignore

    def detach(self) -> Self:
        """Return the same numbers as data: the gradient ends there, and this says so."""
        return self.record("stop_gradient", self)

    sum = _method("sum")
    prod = _method("prod")
    mean = _method("mean")
    var = _method("var")
    std = _method("std")
    max = _method("max")
    min = _method("min")
    ptp = _method("ptp")
    cumsum = _method("cumsum")
    cumprod = _method("cumprod")
    dot = _method("dot")
    trace = _method("trace")
    clip = _method("clip")
    argmax = _method("argmax")
    argmin = _method("argmin")
    argsort = _method("argsort")
    nonzero = _method("nonzero")
    all = _method("all")
    any = _method("any")
    ravel = _method("ravel")
    squeeze = _method("squeeze")
    swapaxes = _method("swapaxes")
    take = _method("take")
    repeat = _method("repeat")
    diagonal = _method("diagonal")
    exp = _method("exp")
    log = _method("log")
    sqrt = _method("sqrt")
    square = _method("square")
    tanh = _method("tanh")
    sin = _method("sin")
    cos = _method("cos")
    tan = _method("tan")
    conjugate = _method("conjugate")
    abs = _method("absolute")
    sigmoid = _operation("sigmoid")
    relu = _operation("relu")
    softplus = _operation("softplus")
    erf = _operation("erf")

    def sort(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: an array does not change."""
        raise CutGraphError(f"an array of scalars does not change: write numpy.sort({self.called()})")


_ELSEWHERE = {
    "round": "it jumps, and is flat between the jumps; numpy.round({0}.value) rounds the plain numbers",
    "backward": "{0}.grad() gives its gradients by name, and {0}.gradient(W) those of an array W",
    "numpy": "{0}.value has the plain numbers",
    "data": "{0}.value has the plain numbers",
    "fill": "an array of scalars does not change; numpy.full_like makes a new one",
}
