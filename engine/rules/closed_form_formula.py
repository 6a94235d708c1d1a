"""The formula of a closed form, as a textbook writes it: -1/(9e), (1 + √5)/2, π√3/6."""

from __future__ import annotations

import functools
from fractions import Fraction

from .closed_form import ClosedForm, Powers
from .formula import Constant, Formula, Number, Operation, Origin

_E, _PI = Constant("e"), Constant("π")
_HALF = Fraction(1, 2)


def closed_formula(form: ClosedForm) -> Formula:
    """Return the formula of a closed form.

    The term that grows fastest comes first, or the first of those that are added where that one is subtracted; the
    denominator that all terms have is written once.
    """
    terms = sorted(form.terms.items(), key=_order, reverse=True)
    if not terms:
        return _whole(0)
    if first := next((term for term in terms if term[1] > 0), None):
        terms.remove(first)
        terms.insert(0, first)
    denominators = {factor.denominator for _, factor in terms}
    if len(terms) == 1 or len(denominators) > 1 or denominators == {1}:
        return _sum(terms)
    (denominator,) = denominators
    return Operation("div", (_sum([(powers, factor * denominator) for powers, factor in terms]), _whole(denominator)))


def _order(term: tuple[Powers, Fraction]) -> tuple[Fraction, Fraction, int]:
    powers = term[0]
    return powers.e, powers.pi, -powers.radicand


def _sum(terms: list[tuple[Powers, Fraction]]) -> Formula:
    total = _term(*terms[0])
    for powers, factor in terms[1:]:
        function = "sub" if factor < 0 else "add"
        total = Operation(function, (total, _term(powers, abs(factor))))
    return total


def _term(powers: Powers, factor: Fraction) -> Formula:
    radicand, below_root = powers.radicand, 1
    if -_HALF in (powers.e, powers.pi) and factor.denominator % radicand == 0:  # 1/√(2π), not √2/(2√π)
        factor, radicand, below_root = factor * radicand, 1, radicand
    above, below = _factors(powers, 1, radicand), _factors(powers, -1, below_root)
    is_one = abs(factor.numerator) == 1 and bool(above)
    numerator = _product(above if is_one else [_whole(factor.numerator), *above])
    if is_one and factor < 0:
        numerator = _product([-above[0], *above[1:]])
    if factor.denominator > 1:
        below.insert(0, _whole(factor.denominator))
    return Operation("div", (numerator, _product(below))) if below else numerator


def _factors(powers: Powers, side: int, radicand: int) -> list[Formula]:
    """Return what stands above the line, or for the side -1 below it: whole powers first, then one root."""
    constants = [(constant, side * power) for constant, power in ((_E, powers.e), (_PI, powers.pi)) if side * power > 0]
    factors = [_power(constant, power) for constant, power in constants if power != _HALF]
    under_root: list[Formula] = [_whole(radicand)] if radicand > 1 else []
    under_root += [constant for constant, power in constants if power == _HALF]
    return [*factors, Operation("sqrt", (_product(under_root),))] if under_root else factors


def _power(constant: Formula, power: Fraction) -> Formula:
    if power == 1:
        return constant
    exponent = _whole(power.numerator)
    if power.denominator > 1:
        exponent = Operation("div", (exponent, _whole(power.denominator)))
    return Operation("pow", (constant, exponent))


def _product(factors: list[Formula]) -> Formula:
    return functools.reduce(lambda product, factor: Operation("mul", (product, factor)), factors)


def _whole(number: int) -> Formula:
    return Number(float(number), Origin.RULE)
