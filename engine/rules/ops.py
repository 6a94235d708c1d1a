"""The op table: what each operation computes and how it differentiates.

A rule is plain arithmetic, written once. It serves Python floats, NumPy arrays, recorded `Scalar`s (so a
backward pass can itself be differentiated) and printable `Symbol`s (so the formula on the screen is the
rule that made the number). Adding an operation is adding one entry to `OPS`; one that needs a function
Python does not have gets it from `elementary`, above the table.

Where a function has a corner it has no derivative, and the rules choose one between the two slopes, as
PyTorch does: 0 for `relu` and `abs` at 0; a half for each operand where those of `min` or `max` are equal and
both carry a gradient; 0 for `step` and `sign` everywhere, their jump included. Where only one operand of `min` or
`max` carries a gradient its slope there is 0, so that `max(x, 0)` is `relu(x)`. `Op.corner` tells where a corner
lies and the slopes on its two sides. The derivatives are those of any calculus book. They
are written so that nothing overflows or vanishes on the way to a result that a float can hold: `-a / b / b`
rather than `-a / (b * b)`, which prints the same.
"""

# A rule takes whatever kind of operand it is applied to, so its lambda has no types to state:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Rule = Callable[..., Any]
"""Operands (and, for a partial, `out=` the result) to a value of the same kind."""

N_ARY = None
"""The arity of an operation that takes one operand or more."""


def elementary(name: str, on_float: Rule, on_array: Rule) -> Rule:
    """Make a function that works on whatever a rule is applied to.

    `on_float` may raise `ValueError` or `ArithmeticError` outside its domain; `on_array` answers with
    nan or inf there. `Scalar` and `Symbol` operands answer through their own `apply(name, ...)`.
    """

    def function(*operands: Any) -> Any:
        if all(type(operand) is float or type(operand) is int for operand in operands):
            return on_float(*operands)
        recorder = _recorder(operands)
        return recorder(name, *operands) if recorder else on_array(*operands)

    function.__name__ = name
    return function


def _recorder(operands: tuple[Any, ...]) -> Rule | None:
    """Find the operand that records or prints functions rather than computing them."""
    return next((operand.apply for operand in operands if hasattr(operand, "apply")), None)


def _float_sigmoid(x: float) -> float:
    decay = math.exp(-abs(x))
    return (1.0 if x >= 0 else decay) / (1.0 + decay)


def _array_sigmoid(x: Any) -> Any:
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, decay) / (1.0 + decay)


def _float_sign(x: float) -> float:
    return math.nan if math.isnan(x) else float((x > 0) - (x < 0))


def _float_step(x: float) -> float:
    return math.nan if math.isnan(x) else float(x > 0)


def _float_min(a: float, b: float) -> float:
    return b if b < a or math.isnan(b) else a


def _float_max(a: float, b: float) -> float:
    return b if b > a or math.isnan(b) else a


def _float_times(factor: float, other: float) -> float:
    return 0.0 if factor == 0 and math.isinf(other) else factor * other


def _array_times(factor: Any, other: Any) -> Any:
    with np.errstate(invalid="ignore"):
        return np.where((factor == 0) & np.isinf(other), 0.0, factor * other)


power = elementary("pow", math.pow, np.power)
sqrt = elementary("sqrt", math.sqrt, np.sqrt)
exp = elementary("exp", math.exp, np.exp)
ln = elementary("ln", math.log, np.log)
sin = elementary("sin", math.sin, np.sin)
cos = elementary("cos", math.cos, np.cos)
tan = elementary("tan", math.tan, np.tan)
tanh = elementary("tanh", math.tanh, np.tanh)
sigmoid = elementary("sigmoid", _float_sigmoid, _array_sigmoid)
softplus = elementary("softplus", lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))), lambda x: np.logaddexp(0.0, x))
relu = elementary("relu", lambda x: _float_max(0.0, x), lambda x: np.maximum(x, 0.0))
step = elementary("step", _float_step, lambda x: np.heaviside(x, 0.0))
sign = elementary("sign", _float_sign, np.sign)
absolute = elementary("abs", abs, np.abs)
minimum = elementary("min", _float_min, np.minimum)
maximum = elementary("max", _float_max, np.maximum)
times = elementary("mul", _float_times, _array_times)
"""A product in which a first factor of exactly 0 wins over an infinite second one: the limit of n·xⁿ⁻¹ for
n = 0 and of xⁿ·ln(x) for n > 0, both at x = 0. A `Scalar` records it as an ordinary product."""


def added(operands: Any) -> Any:
    """Add a sequence of operands, or the rows of an array, from left to right."""
    if isinstance(operands, np.ndarray):
        return np.add.accumulate(operands, axis=0)[-1]  # np.sum would add in another order
    return functools.reduce(operator.add, operands)


def averaged(operands: Any) -> Any:
    """Add a sequence of operands, or the rows of an array, from left to right, and divide by how many they are."""
    return added(operands) / len(operands)


def n_ary(name: str, on_sequence: Rule) -> Rule:
    """Make a rule of any number of operands out of one that takes them as a sequence."""

    def function(*operands: Any) -> Any:
        recorder = _recorder(operands)
        return recorder(name, *operands) if recorder else on_sequence(operands)

    function.__name__ = name
    return function


def everywhere(*operands: float) -> bool:
    """Say that an operation is defined at every point."""
    return True


@dataclass(frozen=True)
class Corner:
    """Where an operation has a corner or a jump, and its slope on either side.

    `at` tells whether the operands lie on it. `left` is the limit of (f(x) - f(x - h))/h for a small step h > 0 of any
    one operand, the others held fixed, and `right` that of (f(x + h) - f(x))/h. An infinite one means that the
    operation jumps there; where both are finite it is continuous and has a corner.
    """

    at: Callable[..., bool]
    left: float
    right: float


@dataclass(frozen=True)
class Op:
    """One operation.

    `name` is also its function name in expressions, unless it is written as an operator. `symbol` is its
    short form in a tree row. `forward` is called with the operands; each rule in `partials` is called with
    the operands and `out=`, the result, and gives the local derivative by that operand (an n-ary
    operation has one partial for all its operands). `partials_alone`, where there are any, are those for an
    operand that is the only one to carry a gradient. `defined_at` tells whether the operands lie in the
    domain and `domain` says what the domain is, as the end of the sentence "name is defined for ...". At
    the edge of a domain the value can exist where the derivative does not (`sqrt` at 0): it is infinite there.
    `on_rows` is the forward rule of an n-ary operation for an array that has one operand a row. `corners` are the
    points where the slopes on the two sides differ.
    """

    name: str
    symbol: str
    arity: int | None
    forward: Rule
    partials: tuple[Rule, ...]
    defined_at: Callable[..., bool] = everywhere
    domain: str = ""
    infix: bool = False
    on_rows: Rule | None = None
    partials_alone: tuple[Rule, ...] = ()
    corners: Corner | None = None

    def rules(self, *, alone: bool) -> tuple[Rule, ...]:
        """Return the partials; `alone` says that a single operand carries a gradient."""
        return (alone and self.partials_alone) or self.partials

    def partial(self, position: int, *, alone: bool = False) -> Rule:
        """Return the rule of the local derivative by the operand at `position`.

        `alone` says that no other operand carries a gradient.
        """
        return self.rules(alone=alone)[0 if self.arity is N_ARY else position]

    def corner(self, position: int, operands: Sequence[float]) -> tuple[float, float] | None:
        """Return the slopes left and right of a corner as the operand at `position` moves; None where there is none.

        An infinite slope means that the operation jumps (`step` and `sign` at 0). What the walk takes is the local
        derivative as ever, which lies between finite slopes and is 0 in a jump.
        """
        if not 0 <= position < len(operands):
            raise IndexError(f"{self.name} of {len(operands)} operands has none at {position}")
        if self.corners is None or not self.corners.at(*operands):
            return None
        return self.corners.left, self.corners.right


OPS: tuple[Op, ...] = (
    Op("add", "+", 2, lambda a, b: a + b, (lambda a, b, out: 1, lambda a, b, out: 1), infix=True),
    Op("sub", "-", 2, lambda a, b: a - b, (lambda a, b, out: 1, lambda a, b, out: -1), infix=True),
    Op("mul", "·", 2, lambda a, b: a * b, (lambda a, b, out: b, lambda a, b, out: a), infix=True),
    Op(
        "div", "/", 2, lambda a, b: a / b, (lambda a, b, out: 1 / b, lambda a, b, out: -a / b / b), infix=True,
        defined_at=lambda a, b: b != 0, domain="a denominator other than 0",
    ),
    Op("neg", "-x", 1, lambda x: -x, (lambda x, out: -1,), infix=True),
    Op(
        "reciprocal", "1/x", 1, lambda x: 1 / x, (lambda x, out: -1 / x / x,),
        defined_at=lambda x: x != 0, domain="numbers other than 0",
    ),
    Op(
        "pow", "xⁿ", 2, power, (lambda x, n, out: times(n, power(x, n - 1)), lambda x, n, out: times(out, ln(x))),
        defined_at=lambda x, n: x > 0 or (float(n).is_integer() and (x < 0 or n >= 0)) or (x == 0 and n > 0),
        domain="a positive base, a negative base with a whole exponent, or 0 with an exponent of at least 0",
    ),
    Op("square", "x²", 1, lambda x: x * x, (lambda x, out: 2 * x,)),
    Op(
        "sqrt", "√", 1, sqrt, (lambda x, out: 1 / (2 * out),),
        defined_at=lambda x: x >= 0, domain="numbers of at least 0",
    ),
    Op("exp", "exp", 1, exp, (lambda x, out: out,)),
    Op("ln", "ln", 1, ln, (lambda x, out: 1 / x,), defined_at=lambda x: x > 0, domain="positive numbers"),
    Op("sin", "sin", 1, sin, (lambda x, out: cos(x),)),
    Op("cos", "cos", 1, cos, (lambda x, out: -sin(x),)),
    Op("tan", "tan", 1, tan, (lambda x, out: 1 + out * out,)),
    Op("tanh", "tanh", 1, tanh, (lambda x, out: 1 - out * out,)),
    Op("sigmoid", "σ", 1, sigmoid, (lambda x, out: out * (1 - out),)),
    Op("relu", "relu", 1, relu, (lambda x, out: step(x),), corners=Corner(lambda x: x == 0, 0.0, 1.0)),
    Op("softplus", "softplus", 1, softplus, (lambda x, out: sigmoid(x),)),
    Op("abs", "|x|", 1, absolute, (lambda x, out: sign(x),), corners=Corner(lambda x: x == 0, -1.0, 1.0)),
    Op(
        "min", "min", 2, minimum,
        (lambda a, b, out: (1 - sign(a - b)) / 2, lambda a, b, out: (1 + sign(a - b)) / 2),
        partials_alone=(lambda a, b, out: step(b - a), lambda a, b, out: step(a - b)),
        corners=Corner(lambda a, b: a == b, 1.0, 0.0),
    ),
    Op(
        "max", "max", 2, maximum,
        (lambda a, b, out: (1 + sign(a - b)) / 2, lambda a, b, out: (1 - sign(a - b)) / 2),
        partials_alone=(lambda a, b, out: step(a - b), lambda a, b, out: step(b - a)),
        corners=Corner(lambda a, b: a == b, 0.0, 1.0),
    ),
    Op("sum", "Σ", N_ARY, n_ary("sum", added), (lambda *operands, out: 1,), on_rows=added),
    Op(
        "mean", "mean", N_ARY, n_ary("mean", averaged), (lambda *operands, out: 1 / len(operands),),
        on_rows=averaged,
    ),
    Op("step", "step", 1, step, (lambda x, out: 0,), corners=Corner(lambda x: x == 0, 0.0, math.inf)),
    Op("sign", "sign", 1, sign, (lambda x, out: 0,), corners=Corner(lambda x: x == 0, math.inf, math.inf)),
)  # fmt: skip

CODES: dict[str, int] = {op.name: code for code, op in enumerate(OPS)}
"""The place of each operation in `OPS`: what a graph stores for a node."""


def evaluate(rule: Rule, *operands: float, **out: float) -> float:
    """Apply a rule to floats; where Python raises (1/0, ln of a negative), answer as IEEE 754 does."""
    try:
        return float(rule(*operands, **out))
    except (ArithmeticError, ValueError):
        with np.errstate(all="ignore"):
            wrapped = {name: np.float64(value) for name, value in out.items()}
            return float(rule(*(np.float64(operand) for operand in operands), **wrapped))
