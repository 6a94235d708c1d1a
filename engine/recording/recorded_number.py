"""`RecordedNumber`: what `Scalar` and `Value` share: no use of them cuts the graph without a word."""

from __future__ import annotations

import functools
import math
import numbers
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn, Self

from ..errors import CutGraphError, GraphError
from ..rules.ops import CODES, OPS
from .caller import advice, asker


def _refused(call: str) -> Callable[..., NoReturn]:
    def method(self: RecordedNumber, *_: object) -> NoReturn:
        self.refuse(call)

    return method


def _comparison(name: str) -> Callable[[RecordedNumber, Any], bool]:
    compare: Callable[[float, float], bool] = getattr(operator, name)

    def method(self: RecordedNumber, other: Any) -> bool:
        if isinstance(other, RecordedNumber):
            return compare(self.plain(), other.plain())
        return compare(self.plain(), other) if is_number(other) else NotImplemented

    method.__name__ = name
    return method


def _without_rule(symbol: str, call: str, advised: str) -> Callable[..., NoReturn]:
    def method(self: RecordedNumber, *_: object) -> NoReturn:
        name = self.called()
        raise CutGraphError(
            f"gradwalk has no rule for {call}, which jumps: {advised.format(name, f'{name}.{self.plain_name}')}"
        )

    method.__name__ = symbol
    return method


def _function(name: str) -> Callable[[Any], Any]:
    def method(self: RecordedNumber) -> RecordedNumber:
        return self.apply(name, self)

    method.__name__ = name
    method.__doc__ = f"Record `{name}` of this number."
    return method


def is_number(operand: object) -> bool:
    """Say whether an operand is a real number: an int, a float, one of NumPy's, a fraction."""
    return isinstance(operand, int | float | numbers.Real)


_LIBRARIES = {"torch": "PyTorch", "jax": "JAX", "jaxlib": "JAX"}


class RecordedNumber(ABC):
    """A number in whose place Python must not take a plain one unasked.

    A subclass has `apply`, which records an operation of the op table; the names that users of NumPy, PyTorch and
    micrograd type are made of it.
    """

    __slots__ = ()

    plain_name: ClassVar[str]
    """The attribute that gives the plain number."""

    elsewhere: ClassVar[dict[str, str]] = {}
    """Names of other libraries that it does not have, each with what to write."""

    @abstractmethod
    def plain(self) -> float:
        """Return the plain number."""

    @abstractmethod
    def called(self) -> str:
        """Return its name, or an x."""

    @abstractmethod
    def apply(self, function: str, *operands: Any) -> Self:
        """Record the operation `function` of the op table."""

    def refuse(self, call: str) -> NoReturn:
        """Raise CutGraphError for a `call`, such as `float({})`, that wants a plain number; it says what to write."""
        raise CutGraphError(advice(asker(), self.called(), self.plain_name, call))

    # ---- what would cut the graph

    __float__ = _refused("float({})")
    __int__ = _refused("int({})")
    __index__ = _refused("the use of {} as a whole number")
    __complex__ = _refused("complex({})")
    __round__ = _refused("round({})")
    __trunc__ = _refused("math.trunc({})")
    __floor__ = _refused("math.floor({})")
    __ceil__ = _refused("math.ceil({})")

    __mod__ = _without_rule("__mod__", "%", "write {0} - k * n with the plain whole number k = {1} // n")
    __rmod__ = _without_rule("__rmod__", "%", "write a - k * {0} with the plain whole number k = a // {1}")
    __floordiv__ = _without_rule("__floordiv__", "//", "{1} // n is the plain number")
    __rfloordiv__ = _without_rule("__rfloordiv__", "//", "a // {1} is the plain number")
    __divmod__ = _without_rule("__divmod__", "divmod", "divmod({1}, n) gives the plain numbers")
    __rdivmod__ = _without_rule("__rdivmod__", "divmod", "divmod(a, {1}) gives the plain numbers")

    def __bool__(self) -> NoReturn:
        name = self.called()
        raise CutGraphError(
            f"a {type(self).__name__} is neither true nor false: compare it, as in {name} > 0 or {name} != 0"
        )

    # ---- what gives no number to go on with

    __lt__ = _comparison("lt")
    __le__ = _comparison("le")
    __gt__ = _comparison("gt")
    __ge__ = _comparison("ge")

    def __format__(self, specification: str) -> str:
        return format(self.plain(), specification) if specification else str(self)

    def item(self) -> float:
        """Return the plain number, as PyTorch and NumPy call it."""
        return self.plain()

    # ---- the names that others type

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

    def log(self) -> Self:
        """Record the natural logarithm."""
        return self.apply("ln", self)

    def log2(self) -> Self:
        """Record the logarithm to base 2, as ln(x) / ln(2)."""
        return self.apply("div", self.apply("ln", self), math.log(2))

    def log10(self) -> Self:
        """Record the logarithm to base 10, as ln(x) / ln(10)."""
        return self.apply("div", self.apply("ln", self), math.log(10))

    def log1p(self) -> Self:
        """Record ln(1 + x)."""
        return self.apply("ln", self.apply("add", 1.0, self))

    def exp2(self) -> Self:
        """Record 2 to the power of this number."""
        return self.apply("pow", 2.0, self)

    def expm1(self) -> Self:
        """Record exp(x) - 1."""
        return self.apply("sub", self.apply("exp", self), 1.0)

    def sinh(self) -> Self:
        """Record (exp(x) - exp(-x)) / 2."""
        return self._half_of_exponentials("sub")

    def cosh(self) -> Self:
        """Record (exp(x) + exp(-x)) / 2."""
        return self._half_of_exponentials("add")

    def _half_of_exponentials(self, function: str) -> Self:
        rising, falling = self.apply("exp", self), self.apply("exp", self.apply("neg", self))
        return self.apply("div", self.apply(function, rising, falling), 2.0)

    def cbrt(self) -> Self:
        """Record sign(x)·|x|^(1/3)."""
        return self.apply("mul", self.apply("sign", self), self.apply("pow", self.apply("abs", self), 1 / 3))

    def rsqrt(self) -> Self:
        """Record 1/√x."""
        return self.apply("reciprocal", self.apply("sqrt", self))

    def pow(self, exponent: Any) -> Self:
        """Record this number to the power of another one."""
        return self**exponent  # pyright: ignore[reportOperatorIssue, reportUnknownVariableType]

    def abs(self) -> Self:
        """Record the absolute value."""
        return self.apply("abs", self)

    def neg(self) -> Self:
        """Record the number with the other sign."""
        return -self  # pyright: ignore[reportOperatorIssue, reportUnknownVariableType]

    def conjugate(self) -> Self:
        """Return the number itself, which is real: NumPy's `var` and `std` ask for it."""
        return self

    def max(self, *others: Any, axis: None = None, out: None = None) -> Self:
        """Record the greatest of this number and others; NumPy's `axis` and `out` stay None for a single number."""
        return self._folded("max", others)

    def min(self, *others: Any, axis: None = None, out: None = None) -> Self:
        """Record the least of this number and others; NumPy's `axis` and `out` stay None for a single number."""
        return self._folded("min", others)

    maximum, minimum = max, min

    def clip(self, min: Any = None, max: Any = None, out: None = None) -> Self:
        """Record the number held between two bounds, either of which may be None: min(max(x, low), high)."""
        held = self if min is None else self.apply("max", self, min)
        return held if max is None else held.apply("min", held, max)

    clamp = clip

    def _folded(self, function: str, others: tuple[Any, ...]) -> Self:
        result = self
        for other in others:
            result = result.apply(function, result, other)
        return result

    def __getattr__(self, name: str) -> Callable[[], Any]:
        code = CODES.get(name)
        if code is not None and OPS[code].arity == 1:
            return functools.partial(self.apply, name, self)
        kind = type(self).__name__
        advised = self.elsewhere.get(name)
        told = f": {advised.format(self.called())}" if advised else ""
        raise AttributeError(f"a {kind} has no .{name}{told}", name=name, obj=self)

    # ---- other libraries

    def refuse_mixture(self, other: object) -> None:
        """Raise an error for an operand that is recorded in another way: a `Value` for a `Scalar`, a tensor of PyTorch.

        It is a GraphError for the first, a CutGraphError for what JAX or PyTorch has made.
        """
        if isinstance(other, RecordedNumber) and type(other) is not type(self):
            kinds = f"a {type(self).__name__} and a {type(other).__name__}"
            raise GraphError(f"{kinds} cannot be in one graph: make all of one kind")
        library = _LIBRARIES.get(type(other).__module__.partition(".")[0])
        if library:
            raise CutGraphError(
                f"what {library} computes with is not recorded together with {self.called()}: write walk(f, ...) with "
                f"a function f for {library}, or take the plain numbers of its {type(other).__name__}"
            )

    # ---- NumPy

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Let NumPy's functions record, entry by entry; what has no rule is refused."""
        from .ufuncs import recorded

        return recorded(self, ufunc, method, inputs, options)
