"""`ClosedForm`: a sum of terms such as 2e²√3/π, in exact arithmetic that the rules can be applied to.

The terms are rational numbers times powers of e and π and the square root of a whole number; what a rule makes of them
is of this kind again, or has no closed form here. Which number is meant is never guessed from a decimal.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from .precise import pi, precision

MOST_TERMS = 6
"""A sum of more terms is no closed form any more: nobody would read it."""

_MOST_DIGITS = 30
"""Whole numbers of more digits are not gone on with."""

_LARGEST = 10**_MOST_DIGITS
_LARGEST_POWER = 1_000
_LARGEST_RADICAND = 10**10
_LARGEST_WHOLE_POWER = 40

_DIGITS = 60
"""So many digits tell the sign of a sum whose terms nearly cancel."""


class NoClosedFormError(ArithmeticError):
    """What is computed is undefined, or no sum of such terms, or too long a one."""


class Powers(NamedTuple):
    """What the rational number of a term is multiplied by: e^`e` · π^`pi` · √`radicand`, which is square-free."""

    e: Fraction = Fraction(0)
    pi: Fraction = Fraction(0)
    radicand: int = 1


_ONE = Powers()


class ClosedForm:
    """A sum of terms, each a rational number times its `Powers`; arithmetic raises NoClosedFormError.

    Two forms are equal where their terms are. Forms of other terms are compared by their first digits, which differ, or
    the comparison raises NoClosedFormError.
    """

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[Powers, Fraction]) -> None:
        self.terms = {powers: factor for powers, factor in terms.items() if factor}
        if len(self.terms) > MOST_TERMS or not all(map(_is_short, self.terms.items())):
            raise NoClosedFormError

    @classmethod
    def of(cls, number: ClosedForm | Fraction | float) -> ClosedForm:
        """Return a number as it is, to its last binary digit."""
        return number if isinstance(number, ClosedForm) else cls({_ONE: Fraction(number)})

    @property
    def rational(self) -> Fraction | None:
        """The number, where it is rational for certain."""
        if not self.terms:
            return Fraction(0)
        return self.terms.get(_ONE) if len(self.terms) == 1 else None

    def number(self, digits: int = _DIGITS) -> Decimal:
        """Return the number, rounded to about so many digits of its largest term."""
        with precision(digits + 5):
            return sum((factor * _value(powers) for powers, factor in self._decimal_terms()), Decimal(0))

    def sign(self) -> int:
        """Return -1, 0 or 1."""
        if not self.terms:
            return 0
        number = self.number()
        with precision(_DIGITS):
            size = sum((abs(factor * _value(powers)) for powers, factor in self._decimal_terms()), Decimal(0))
            if abs(number) <= size.scaleb(-_DIGITS // 2):
                raise NoClosedFormError
        return 1 if number > 0 else -1

    @property
    def circle_number(self) -> ClosedForm:
        """The number π."""
        return ClosedForm({Powers(pi=Fraction(1)): Fraction(1)})

    def apply(self, name: str, *operands: ClosedForm | Fraction | float) -> ClosedForm:
        """Compute a function of the op table."""
        function = _FUNCTIONS.get(name)
        if function is None:
            raise NoClosedFormError
        return function(*map(ClosedForm.of, operands))

    def __add__(self, other: ClosedForm | Fraction | float) -> ClosedForm:
        terms = dict(self.terms)
        for powers, factor in ClosedForm.of(other).terms.items():
            terms[powers] = terms.get(powers, Fraction(0)) + factor
        return ClosedForm(terms)

    def __neg__(self) -> ClosedForm:
        return ClosedForm({powers: -factor for powers, factor in self.terms.items()})

    def __sub__(self, other: ClosedForm | Fraction | float) -> ClosedForm:
        return self + -ClosedForm.of(other)

    def __mul__(self, other: ClosedForm | Fraction | float) -> ClosedForm:
        terms: dict[Powers, Fraction] = {}
        for powers, factor in self.terms.items():
            for others, other_factor in ClosedForm.of(other).terms.items():
                shared = math.gcd(powers.radicand, others.radicand)
                radicand = powers.radicand * others.radicand // shared**2
                product = Powers(powers.e + others.e, powers.pi + others.pi, radicand)
                terms[product] = terms.get(product, Fraction(0)) + factor * other_factor * shared
        return ClosedForm(terms)

    def __truediv__(self, other: ClosedForm | Fraction | float) -> ClosedForm:
        divisor = ClosedForm.of(other)
        if self.terms == divisor.terms and self.terms:
            return ClosedForm.of(1)
        return self * _reciprocal(divisor)

    def __pow__(self, exponent: ClosedForm | Fraction | float) -> ClosedForm:
        return self.apply("pow", self, exponent)

    def __radd__(self, other: float) -> ClosedForm:
        return self + other

    def __rsub__(self, other: float) -> ClosedForm:
        return -self + other

    def __rmul__(self, other: float) -> ClosedForm:
        return self * other

    def __rtruediv__(self, other: float) -> ClosedForm:
        return ClosedForm.of(other) / self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClosedForm | float | int) and self.terms == ClosedForm.of(other).terms

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __lt__(self, other: ClosedForm | Fraction | float) -> bool:
        return (self - other).sign() < 0

    def __gt__(self, other: ClosedForm | Fraction | float) -> bool:
        return (self - other).sign() > 0

    def __le__(self, other: ClosedForm | Fraction | float) -> bool:
        return (self - other).sign() <= 0

    def __ge__(self, other: ClosedForm | Fraction | float) -> bool:
        return (self - other).sign() >= 0

    def __float__(self) -> float:
        return float(self.number())

    def _decimal_terms(self) -> list[tuple[Powers, Decimal]]:
        return [
            (powers, Decimal(factor.numerator) / Decimal(factor.denominator)) for powers, factor in self.terms.items()
        ]

    def only_term(self) -> tuple[Powers, Fraction]:
        """Return the term of a sum that has one; NoClosedFormError for any other sum."""
        if len(self.terms) != 1:
            raise NoClosedFormError
        return next(iter(self.terms.items()))


class LateForm(ClosedForm):
    """A number that is worked out when a rule needs it, which many a rule does not.

    Whatever is asked of it raises NoClosedFormError if it has none.
    """

    __slots__ = ("_find",)

    def __init__(self, find: Callable[[], ClosedForm | None]) -> None:
        """Make one of what finds its number."""
        self._find = find

    def __getattribute__(self, name: str) -> Any:
        """Find the terms when they are asked for."""
        if name != "terms":
            return super().__getattribute__(name)
        found = self._find()
        if found is None:
            raise NoClosedFormError
        return found.terms


def _is_short(term: tuple[Powers, Fraction]) -> bool:
    powers, factor = term
    return (
        abs(factor.numerator) < _LARGEST
        and factor.denominator < _LARGEST
        and powers.radicand <= _LARGEST_RADICAND
        and all(abs(power.numerator) + power.denominator <= _LARGEST_POWER for power in (powers.e, powers.pi))
    )


def _value(powers: Powers) -> Decimal:
    value = Decimal(1)
    if powers.e:
        value *= _decimal(powers.e).exp()
    if powers.pi:
        value *= pi() ** _decimal(powers.pi)
    return value * Decimal(powers.radicand).sqrt() if powers.radicand > 1 else value


def _decimal(fraction: Fraction) -> Decimal:
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def _reciprocal(form: ClosedForm) -> ClosedForm:
    """Return 1/form for a single term, and for two terms x + y as (x - y)/(x² - y²) where that is a single term."""
    if len(form.terms) == 2:
        x, y = (ClosedForm({powers: factor}) for powers, factor in form.terms.items())
        return (x - y) * _reciprocal(_single(x * x - y * y))
    powers, factor = form.only_term()
    return ClosedForm({Powers(-powers.e, -powers.pi, powers.radicand): 1 / (factor * powers.radicand)})


def _single(form: ClosedForm) -> ClosedForm:
    form.only_term()
    return form


def _power(base: ClosedForm, exponent: ClosedForm) -> ClosedForm:
    n = exponent.rational
    if n is None:
        raise NoClosedFormError
    if n.denominator == 1 and 0 <= n <= _LARGEST_WHOLE_POWER:
        return functools.reduce(operator.mul, [base] * int(n), ClosedForm.of(1))
    if not base.terms:
        if n > 0:
            return base
        raise NoClosedFormError
    if n.denominator == 1 and -_LARGEST_WHOLE_POWER <= n < 0:
        return _power(_reciprocal(base), -exponent)
    powers, factor = base.only_term()
    if factor < 0 or powers.radicand > 1:
        raise NoClosedFormError
    return _rational_power(factor, n) * ClosedForm({Powers(powers.e * n, powers.pi * n): Fraction(1)})


def _rational_power(base: Fraction, n: Fraction) -> ClosedForm:
    """Return a positive rational number to a rational power: a rational number times √m, or none."""
    if base == 1:
        return ClosedForm.of(1)
    if abs(n) > _LARGEST_WHOLE_POWER:
        raise NoClosedFormError
    if n < 0:
        return _rational_power(1 / base, -n)
    if n.denominator == 2:
        return _square_root(base) * ClosedForm.of(base ** (n.numerator // 2))
    roots = [_whole_root(part, n.denominator) for part in (base.numerator, base.denominator)]
    return ClosedForm.of(Fraction(roots[0], roots[1]) ** n.numerator)


def _whole_root(number: int, degree: int) -> int:
    root = round(number ** (1 / degree))
    if root**degree != number:
        raise NoClosedFormError
    return root


def _square_root(number: Fraction) -> ClosedForm:
    product = number.numerator * number.denominator
    whole = math.isqrt(product)
    if whole * whole == product:
        return ClosedForm.of(Fraction(whole, number.denominator))
    if product > _LARGEST_RADICAND:
        raise NoClosedFormError
    whole, radicand = _roots(product)
    return ClosedForm({Powers(radicand=radicand): Fraction(whole, number.denominator)})


def _roots(number: int) -> tuple[int, int]:
    """Return w and a square-free r such that w²·r is a whole number."""
    whole, radicand, divisor = 1, 1, 2
    while divisor**3 <= number:
        while number % divisor**2 == 0:
            number //= divisor**2
            whole *= divisor
        if number % divisor == 0:
            number //= divisor
            radicand *= divisor
        divisor += 1
    root = math.isqrt(number)  # what is left is 1, a prime, the square of one, or a product of two
    return (whole * root, radicand) if root * root == number else (whole, radicand * number)


def _exp(x: ClosedForm) -> ClosedForm:
    if x.rational is None:
        raise NoClosedFormError
    return ClosedForm({Powers(e=x.rational): Fraction(1)})


def _ln(x: ClosedForm) -> ClosedForm:
    powers, factor = x.only_term()
    if factor != 1 or powers.pi or powers.radicand > 1:
        raise NoClosedFormError
    return ClosedForm.of(powers.e)


def _root_of(number: int) -> ClosedForm:
    return ClosedForm({Powers(radicand=number): Fraction(1)})


_SINES = (
    ClosedForm.of(0),
    (_root_of(6) - _root_of(2)) * Fraction(1, 4),
    ClosedForm.of(Fraction(1, 2)),
    _root_of(2) * Fraction(1, 2),
    _root_of(3) * Fraction(1, 2),
    (_root_of(6) + _root_of(2)) * Fraction(1, 4),
    ClosedForm.of(1),
)
"""The sines of the first seven multiples of π/12."""


def _sin(x: ClosedForm) -> ClosedForm:
    return _sine_of_twelfths(_twelfths(x))


def _cos(x: ClosedForm) -> ClosedForm:
    return _sine_of_twelfths(_twelfths(x) + 6)


def _twelfths(x: ClosedForm) -> int:
    powers, factor = x.only_term() if x.terms else (Powers(pi=Fraction(1)), Fraction(0))
    if powers != Powers(pi=Fraction(1)) or 12 % factor.denominator:
        raise NoClosedFormError
    return int(12 * factor)


def _sine_of_twelfths(number: int) -> ClosedForm:
    number %= 24
    if number > 12:
        return -_sine_of_twelfths(number - 12)
    return _SINES[min(number, 12 - number)]


def _only_at_zero(result: Fraction) -> Callable[[ClosedForm], ClosedForm]:
    """Make a function that has a closed form at 0 alone."""

    def function(x: ClosedForm) -> ClosedForm:
        if x.terms:
            raise NoClosedFormError
        return ClosedForm.of(result)

    return function


def _sqrt(x: ClosedForm) -> ClosedForm:
    return _power(x, ClosedForm.of(Fraction(1, 2)))


def _tan(x: ClosedForm) -> ClosedForm:
    return _sin(x) / _cos(x)


def _relu(x: ClosedForm) -> ClosedForm:
    return x if x > 0 else ClosedForm.of(0)


def _step(x: ClosedForm) -> ClosedForm:
    return ClosedForm.of(int(x > 0))


def _sign(x: ClosedForm) -> ClosedForm:
    return ClosedForm.of(x.sign())


def _abs(x: ClosedForm) -> ClosedForm:
    return x if x >= 0 else -x


def _min(a: ClosedForm, b: ClosedForm) -> ClosedForm:
    return b if b < a else a


def _max(a: ClosedForm, b: ClosedForm) -> ClosedForm:
    return b if b > a else a


def _sum(*operands: ClosedForm) -> ClosedForm:
    return functools.reduce(operator.add, operands)


def _mean(*operands: ClosedForm) -> ClosedForm:
    return _sum(*operands) * Fraction(1, len(operands))


_FUNCTIONS: dict[str, Callable[..., ClosedForm]] = {
    "pow": _power,
    "mul": operator.mul,
    "sqrt": _sqrt,
    "exp": _exp,
    "ln": _ln,
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "tanh": _only_at_zero(Fraction(0)),
    "sigmoid": _only_at_zero(Fraction(1, 2)),
    "erf": _only_at_zero(Fraction(0)),
    "relu": _relu,
    "step": _step,
    "sign": _sign,
    "abs": _abs,
    "min": _min,
    "max": _max,
    "sum": _sum,
    "mean": _mean,
}
"""The functions that the rules call by name, of those that have a closed form anywhere."""
