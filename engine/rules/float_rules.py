"""The op table's rules as plain functions of floats that never raise: what a loop over the nodes calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .functions import Elementary
from .ops import N_ARY, OPS, Op, Rule, evaluate

FloatRule = Callable[..., float]


class _Ring:
    """An operand that knows + - * and nothing else."""

    def __add__(self, other: object) -> _Ring:
        return self

    __sub__ = __mul__ = __radd__ = __rsub__ = __rmul__ = __add__

    def __neg__(self) -> _Ring:
        return self


def _cannot_raise(rule: Rule, operand_count: int) -> bool:
    """Say that a rule uses + - * alone: on floats these overflow to infinity, where 1/0 or exp(1000) raise."""
    try:
        rule(*[_Ring()] * operand_count)
    except TypeError:
        return False
    return True


def _float_forward(op: Op) -> FloatRule:
    rule = bare(op.forward)
    if op.arity is not N_ARY and _cannot_raise(op.forward, op.arity or 0):
        return rule

    def unary(x: float) -> float:
        try:
            return rule(x)
        except (ArithmeticError, ValueError):
            return evaluate(op.forward, x)

    def forward(*operands: float) -> float:
        try:
            return rule(*operands)
        except (ArithmeticError, ValueError):
            return evaluate(op.forward, *operands)

    return unary if op.arity == 1 else forward


def bare(rule: Rule) -> FloatRule:
    """Return what a rule is on floats, which may raise: one that is a function and no more needs not look at them."""
    return rule.on_float if isinstance(rule, Elementary) else rule


def _float_partial(op: Op, rule: Rule) -> FloatRule:
    if op.arity is not N_ARY and _cannot_raise(rule, (op.arity or 0) + 1):
        return rule

    def partial(*operands_and_out: Any) -> float:
        *operands, out = operands_and_out
        try:
            return rule(*operands, out=out)
        except (ArithmeticError, ValueError):
            return evaluate(rule, *operands, out=out)

    return partial


FORWARD: tuple[FloatRule, ...] = tuple(map(_float_forward, OPS))
"""By code: operands to value; nan or infinite, as IEEE 754 has it, where an operation is undefined."""

PARTIALS: tuple[tuple[FloatRule, ...], ...] = tuple(
    tuple(_float_partial(op, rule) for rule in op.partials) for op in OPS
)
"""By code: one rule an operand (one in all for an n-ary operation), called with the operands and the result."""

PARTIALS_ALONE: tuple[tuple[FloatRule, ...], ...] = tuple(
    tuple(_float_partial(op, rule) for rule in op.partials_alone) or partials
    for op, partials in zip(OPS, PARTIALS, strict=True)
)
"""The same for an operand that is the only one to carry a gradient."""


def _constants(op: Op) -> tuple[float, ...]:
    if op.arity != 2 or not all(_cannot_raise(rule, 3) for rule in op.partials):
        return ()
    results = [rule(*[_Ring()] * 3) for rule in op.partials]
    numbers = [float(result) for result in results if isinstance(result, int | float)]
    return tuple(numbers) if len(numbers) == len(results) else ()


CONSTANT_PARTIALS: tuple[tuple[float, ...], ...] = tuple(map(_constants, OPS))
"""By code: the two local derivatives where they are the same for all operands, as those of + are; or nothing."""
