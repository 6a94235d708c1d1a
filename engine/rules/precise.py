"""`Precise`: a number of many digits and almost any size that the rules can be applied to.

Where a 64-bit float becomes 0 or infinite, this shows what the number is: sigmoid(-1000) is 5.1e-435. It is Python's
decimal arithmetic, with the functions that it lacks added by their series and definitions.
"""

from __future__ import annotations

import decimal
import functools
import operator
from collections.abc import Callable, Generator
from contextlib import contextmanager
from decimal import Decimal

_MOST_EXPONENT = 1_000
"""Decimal exponent above which the sine of a number is not worked out: π would be needed to as many digits."""


@contextmanager
def precision(digits: int) -> Generator[None]:
    """Compute `Precise` numbers with so many digits; what has no finite result raises ArithmeticError.

    The context's flag `decimal.Inexact` says whether any of them was rounded.
    """
    traps = [decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow, decimal.Underflow]
    context = decimal.Context(digits, decimal.ROUND_HALF_EVEN, decimal.MIN_EMIN, decimal.MAX_EMAX, traps=traps)
    with decimal.localcontext(context):
        yield


class Precise:
    """A number to apply a rule to, within `precision`. Its arithmetic raises ArithmeticError where it is undefined."""

    __slots__ = ("number",)

    def __init__(self, number: Decimal | float) -> None:
        self.number = Decimal(number)

    @property
    def circle_number(self) -> Precise:
        """The number π."""
        return Precise(pi())

    def apply(self, name: str, *operands: Precise | float) -> Precise:
        """Compute a function of the op table."""
        return Precise(_FUNCTIONS[name](*map(_decimal, operands)))

    def __add__(self, other: Precise | float) -> Precise:
        return Precise(self.number + _decimal(other))

    def __sub__(self, other: Precise | float) -> Precise:
        return Precise(self.number - _decimal(other))

    def __mul__(self, other: Precise | float) -> Precise:
        return Precise(self.number * _decimal(other))

    def __truediv__(self, other: Precise | float) -> Precise:
        return Precise(self.number / _decimal(other))

    def __pow__(self, exponent: Precise | float) -> Precise:
        return self.apply("pow", self, exponent)

    def __neg__(self) -> Precise:
        return Precise(-self.number)

    def __radd__(self, other: float) -> Precise:
        return Precise(_decimal(other) + self.number)

    def __rsub__(self, other: float) -> Precise:
        return Precise(_decimal(other) - self.number)

    def __rmul__(self, other: float) -> Precise:
        return Precise(_decimal(other) * self.number)

    def __rtruediv__(self, other: float) -> Precise:
        return Precise(_decimal(other) / self.number)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Precise | float | int) and self.number == _decimal(other)

    def __lt__(self, other: Precise | float) -> bool:
        return self.number < _decimal(other)

    def __gt__(self, other: Precise | float) -> bool:
        return self.number > _decimal(other)

    def __le__(self, other: Precise | float) -> bool:
        return self.number <= _decimal(other)

    def __ge__(self, other: Precise | float) -> bool:
        return self.number >= _decimal(other)

    def __hash__(self) -> int:
        return hash(self.number)

    def __float__(self) -> float:
        return float(self.number)


def _decimal(operand: Precise | float) -> Decimal:
    return operand.number if isinstance(operand, Precise) else Decimal(operand)


def _digits() -> int:
    return decimal.getcontext().prec


def _finer(function: Callable[[Decimal], Decimal]) -> Callable[[Decimal], Decimal]:
    """Compute a function of one number with twice the digits, as where nearly equal numbers are subtracted in it."""

    def computed(x: Decimal) -> Decimal:
        with decimal.localcontext() as context:
            context.prec *= 2
            result = function(x)
            is_rounded = context.flags[decimal.Inexact]
        if is_rounded:
            decimal.getcontext().flags[decimal.Inexact] = True
        return +result

    return computed


def _power(x: Decimal, n: Decimal) -> Decimal:
    if x == 0 and n < 0:
        raise decimal.DivisionByZero("0 to a negative power")  # decimal itself answers with Infinity
    return Decimal(1) if n == 0 else x**n


def _ln(x: Decimal) -> Decimal:
    if x == 0:
        raise decimal.InvalidOperation("the logarithm of 0")  # decimal itself answers with -Infinity
    return x.ln()


@_finer
def _tanh(x: Decimal) -> Decimal:
    if x.adjusted() < -_digits() // 2:
        return x - x * x * x / 3
    grown = (2 * min(abs(x), Decimal(10 * _digits()))).exp()  # from there on it is 1 to all digits
    return ((grown - 1) / (grown + 1)).copy_sign(x)


def _sigmoid(x: Decimal) -> Decimal:
    return 1 / (1 + (-x).exp()) if x >= 0 else x.exp() / (1 + x.exp())


@_finer
def _softplus(x: Decimal) -> Decimal:
    if x < -3 * _digits():
        return x.exp()  # ln(1 + t) is t to all digits
    return max(x, Decimal(0)) + (1 + (-abs(x)).exp()).ln()


@_finer
def _erf(x: Decimal) -> Decimal:
    """Add up the series of positive terms erf(x) = 2/√π·e^(-x²)·(x + 2x³/3 + 4x⁵/15 + ...)."""
    if x * x > 3 * _digits():
        return Decimal(1).copy_sign(x)  # to all digits
    total = term = x
    place = 1
    while term and term.adjusted() > total.adjusted() - _digits() - 2:
        place += 2
        term = term * 2 * x * x / place
        total += term
    return 2 / pi().sqrt() * (-x * x).exp() * total


def _reduced(x: Decimal) -> Decimal:
    """Return x less a whole number of turns, of size π at most."""
    if abs(x) < 3:
        return x
    if x.adjusted() > _MOST_EXPONENT:
        raise decimal.InvalidOperation("too large an angle")
    with decimal.localcontext() as context:
        context.prec += x.adjusted() + 1
        turn = 2 * _pi(context.prec)
        return x - (x / turn).to_integral_value() * turn


def _series(first: Decimal, x: Decimal, number: int) -> Decimal:
    """Add x^k/k! with alternating signs, from `first`, which belongs to k = `number`, on in steps of 2."""
    total, term = first, first
    while term and term.adjusted() > total.adjusted() - _digits() - 2:
        term = -term * x * x / ((number + 1) * (number + 2))
        total, number = total + term, number + 2
    return total


@_finer
def _sin(x: Decimal) -> Decimal:
    return _series(_reduced(x), _reduced(x), 1)


@_finer
def _cos(x: Decimal) -> Decimal:
    return _series(Decimal(1), _reduced(x), 0)


def pi() -> Decimal:
    """Return π to as many digits as numbers are computed with here."""
    return +_pi(_digits())


@functools.lru_cache(maxsize=16)
def _pi(digits: int) -> Decimal:
    """Return π by Machin's formula, 16·arctan(1/5) - 4·arctan(1/239), in whole numbers."""
    unit = 10 ** (digits + 10)

    def arctan_of_one_over(x: int) -> int:
        total, power, number = unit // x, unit // x, 1
        while power:
            power //= -x * x
            number += 2
            total += power // number
        return total

    return Decimal(16 * arctan_of_one_over(5) - 4 * arctan_of_one_over(239)).scaleb(-digits - 10)


def _tan(x: Decimal) -> Decimal:
    return _sin(x) / _cos(x)


def _relu(x: Decimal) -> Decimal:
    return max(x, Decimal(0))


def _step(x: Decimal) -> Decimal:
    return Decimal(x > 0)


def _sign(x: Decimal) -> Decimal:
    return Decimal((x > 0) - (x < 0))


def _sum(*operands: Decimal) -> Decimal:
    return sum(operands, Decimal(0))


def _mean(*operands: Decimal) -> Decimal:
    return _sum(*operands) / len(operands)


_FUNCTIONS: dict[str, Callable[..., Decimal]] = {
    "pow": _power,
    "mul": operator.mul,
    "sqrt": Decimal.sqrt,
    "exp": Decimal.exp,
    "ln": _ln,
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "erf": _erf,
    "relu": _relu,
    "step": _step,
    "sign": _sign,
    "abs": abs,
    "min": min,
    "max": max,
    "sum": _sum,
    "mean": _mean,
}
"""The functions that the rules call by name."""
