"""`FactorCause`: why a local derivative is as large or as small as it is, as data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from .contributions import step_of
from .trace import Trace


class Cause(StrEnum):
    """The kinds of causes; `because` is the node whose value is one, where there is one."""

    PASSED = "passed"
    """The operation passes the gradient on as it is, or with the other sign: the local derivative is 1 or -1."""
    OPERAND = "operand"
    """The local derivative is the other operand of a product: `because`."""
    NUMERATOR = "numerator"
    """The numerator of a quotient, `because`, is a factor of the local derivative by its denominator."""
    DENOMINATOR = "denominator"
    """The local derivative has the denominator, `because`, or its square, in its denominator."""
    SATURATED = "saturated"
    """The operand, `because`, is so far out that the function is nearly flat there."""
    OFF = "off"
    """A relu whose operand, `because`, is not above 0."""
    NOT_CHOSEN = "not-chosen"
    """A min or max that is the other operand: `because`."""
    CORNER = "corner"
    """The function has a corner at its operand, `because`, and a slope between those of its two sides is taken."""
    FLAT = "flat"
    """The function is flat everywhere, as `step` and `sign` are."""
    MEAN = "mean"
    """A mean takes one part in n of each of its n operands."""
    POWER = "power"
    """The local derivative of a power, at the base `because`."""
    ROOT = "root"
    """The local derivative of a root has the root in its denominator; `because` is what it is taken of."""
    EXPONENTIAL = "exponential"
    """The local derivative of exp is its value; `because` is the exponent."""
    LOGARITHM = "logarithm"
    """The local derivative of ln is one over the operand, `because`."""
    SLOPE = "slope"
    """The slope of the function at its operand, `because`."""


@dataclass(frozen=True, slots=True)
class FactorCause:
    """A local derivative, `local`, that of `consumer` by its operand at `position`, and its cause.

    `edge` is the edge of the backward pass, `step` the number of its step. `because` is a node, whose value is the
    cause, None where the cause is the operation itself.
    """

    edge: int
    step: int
    consumer: int
    position: int
    operand: int
    local: float
    cause: Cause
    because: int | None


NEARLY_FLAT = 0.1
"""A function is saturated where its slope is at most this part of its steepest one."""

_STEEPEST = {"tanh": 1.0, "sigmoid": 0.25, "softplus": 1.0}
"""The steepest slope of the functions that become flat far out."""

_PASSING = frozenset({"add", "sub", "neg", "sum"})
"""The operations whose local derivatives are 1 or -1 everywhere."""

_ALONE = {
    "reciprocal": Cause.DENOMINATOR,
    "square": Cause.POWER,
    "sqrt": Cause.ROOT,
    "exp": Cause.EXPONENTIAL,
    "ln": Cause.LOGARITHM,
}
"""The cause in functions of one operand where it is always the same one; of others it is found, or is the slope."""


def cause_of(trace: Trace, edge: int) -> FactorCause:
    """Say why the local derivative along an edge of the backward pass is what it is."""
    graph = trace.graph
    step = step_of(trace, edge)
    key = trace.key(step)
    consumer, position = key.node, key.position
    operands: list[int] = graph.operands_of(consumer).tolist()
    local = trace.backward.locals.item(edge)
    op = graph.op(consumer)
    assert op is not None, "a consumer is an operation"
    find = _FOUND.get(op.name)
    if find is not None:
        cause, because = find(position, operands, [trace.values.item(operand) for operand in operands], local)
    elif op.name in _ALONE:
        cause, because = _ALONE[op.name], operands[0]
    elif op.name in _STEEPEST and abs(local) <= NEARLY_FLAT * _STEEPEST[op.name]:
        cause, because = Cause.SATURATED, operands[0]
    else:
        cause, because = (Cause.PASSED, None) if op.name in _PASSING else (Cause.SLOPE, operands[position])
    return FactorCause(edge, step, consumer, position, operands[position], local, cause, because)


_Found = tuple[Cause, int | None]


def _product(position: int, operands: list[int], values: list[float], local: float) -> _Found:
    return Cause.OPERAND, operands[1 - position]


def _quotient(position: int, operands: list[int], values: list[float], local: float) -> _Found:
    """Say which of both makes -a/b² what it is: the one whose factor is further from 1."""
    above, below = map(abs, values)
    if position == 1 and (above == 0 or abs(math.log(above)) > abs(2 * math.log(below or math.inf))):
        return Cause.NUMERATOR, operands[0]
    return Cause.DENOMINATOR, operands[1]


def _power(position: int, operands: list[int], values: list[float], local: float) -> _Found:
    return Cause.POWER, operands[0]


def _one_side(position: int, operands: list[int], values: list[float], local: float) -> _Found:
    if local == 1:
        return Cause.PASSED, None
    return (Cause.NOT_CHOSEN, operands[1 - position]) if values[0] != values[1] else (Cause.CORNER, operands[position])


def _relu(position: int, operands: list[int], values: list[float], local: float) -> _Found:
    return (Cause.PASSED, None) if local == 1 else (Cause.OFF, operands[0])


def _absolute(position: int, operands: list[int], values: list[float], local: float) -> _Found:
    return (Cause.CORNER, operands[0]) if values[0] == 0 else (Cause.PASSED, None)


def _flat(position: int, operands: list[int], values: list[float], local: float) -> _Found:
    return Cause.FLAT, None


def _mean(position: int, operands: list[int], values: list[float], local: float) -> _Found:
    return Cause.MEAN, None


_FOUND: dict[str, Callable[[int, list[int], list[float], float], _Found]] = {
    "mul": _product,
    "div": _quotient,
    "pow": _power,
    "min": _one_side,
    "max": _one_side,
    "relu": _relu,
    "abs": _absolute,
    "step": _flat,
    "sign": _flat,
    "mean": _mean,
}
"""What finds the cause in an operation: given the place of the operand, all operands, their values and the local."""
