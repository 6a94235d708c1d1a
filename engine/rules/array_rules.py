"""The op table's rules on whole columns of operands: what a plan calls on groups of operations.

NumPy's exp, ln or tanh are not Python's in the last digit, and an ulp is enough for a difference to be 0 here and not
there. So that a graph has the same numbers however it is run, a rule that needs such a function goes through a column
number by number, as `float_rules` has it; the others are calls of NumPy.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from ..arrays import Floats
from . import float_rules
from .float_rules import FloatRule, bare
from .functions import ROUNDED_ALIKE, Rule
from .ops import N_ARY, OPS, Op


class _Listener:
    """An operand that writes down which functions are called on it."""

    def __init__(self) -> None:
        self.functions: set[str] = set()

    def apply(self, function: str, *operands: object) -> _Listener:
        self.functions.add(function)
        return self

    def __add__(self, other: object) -> _Listener:
        return self

    __sub__ = __mul__ = __truediv__ = __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __add__

    def __neg__(self) -> _Listener:
        return self

    def __pow__(self, exponent: object) -> _Listener:
        return self.apply("pow")

    __rpow__ = __pow__


@dataclass(frozen=True, eq=False)
class NumberByNumber:
    """A rule applied to columns of floats one number after another, which is exactly what a loop does.

    `quick` may raise where `safe` answers with nan or inf.
    """

    quick: FloatRule
    safe: FloatRule

    def __call__(self, *columns: Floats, out: Floats | None = None) -> Floats:
        """Return float64[k] for columns of k operands, `out` the last of them where it is given."""
        numbers = [column.tolist() for column in (columns if out is None else (*columns, out))]
        try:
            return np.fromiter(map(self.quick, *numbers), np.float64, len(numbers[0]))
        except (ArithmeticError, ValueError):
            return np.fromiter(map(self.safe, *numbers), np.float64, len(numbers[0]))


def _on_columns(rule: Rule, operand_count: int, quick: FloatRule, safe: FloatRule) -> Rule:
    listener = _Listener()
    rule(*[listener] * operand_count)
    return rule if listener.functions <= ROUNDED_ALIKE else NumberByNumber(quick, safe)


def _forward(op: Op, safe: FloatRule) -> Rule:
    return op.forward if op.arity is N_ARY else _on_columns(op.forward, op.arity or 0, bare(op.forward), safe)


def _partials(op: Op, rules: tuple[Rule, ...], safe: tuple[FloatRule, ...]) -> tuple[Rule, ...]:
    if op.arity is N_ARY:
        return rules
    return tuple(_on_columns(rule, (op.arity or 0) + 1, own, own) for rule, own in zip(rules, safe, strict=True))


FORWARD: tuple[Rule, ...] = tuple(map(_forward, OPS, float_rules.FORWARD))
"""By code: columns of operands, float64[k] each, to values; an n-ary operation's is `Op.on_rows`."""

PARTIALS: tuple[tuple[Rule, ...], ...] = tuple(
    _partials(op, op.partials, safe) for op, safe in zip(OPS, float_rules.PARTIALS, strict=True)
)
"""By code: one rule an operand, called with columns of operands and `out=`, the column of results."""

PARTIALS_ALONE: tuple[tuple[Rule, ...], ...] = tuple(
    _partials(op, op.rules(alone=True), safe) for op, safe in zip(OPS, float_rules.PARTIALS_ALONE, strict=True)
)
"""The same for an operand that is the only one to carry a gradient."""


@dataclass(frozen=True, eq=False)
class Ufunc:
    """A rule that is one call of a ufunc; `inputs` are its arguments: the place of an operand, or a number."""

    function: np.ufunc
    inputs: tuple[int | float, ...]


class _Probe(NDArrayOperatorsMixin):
    """An operand that writes down the first ufunc called on it and refuses to be anything but an array."""

    def __init__(self, call: tuple[np.ufunc, tuple[Any, ...]] | None = None) -> None:
        self.call = call

    def __array_ufunc__(self, function: np.ufunc, method: str, *inputs: Any, **options: Any) -> _Probe:
        if method != "__call__" or options:
            raise TypeError(f"{function} is not simply called")
        return _Probe((function, inputs))

    def __array_function__(self, *_: object) -> NoReturn:
        raise TypeError("this rule is more than ufuncs")

    def __bool__(self) -> NoReturn:
        raise TypeError("this rule is more than ufuncs")


@functools.cache
def probe(rule: Rule, operand_count: int, *, with_out: bool = False) -> float | int | Ufunc | None:
    """Find out how little work a rule is, by applying it to probes.

    Returns a float when the rule is that number whatever the operands, an int when it is just the operand
    at that place (the result counts as the last one), a `Ufunc` when it is one call, or else None.
    """
    if isinstance(rule, NumberByNumber):
        return None
    operands = [_Probe() for _ in range(operand_count)]
    out = _Probe()
    places = {id(operand): place for place, operand in enumerate([*operands, out])}
    try:
        result = rule(*operands, out=out) if with_out else rule(*operands)
    except TypeError:
        return None
    if isinstance(result, int | float):
        return float(result)
    if id(result) in places:
        return places[id(result)]
    function, inputs = result.call
    if not all(id(operand) in places or isinstance(operand, int | float) for operand in inputs):
        return None
    return Ufunc(function, tuple(places[id(k)] if isinstance(k, _Probe) else float(k) for k in inputs))
