"""The op table: what each operation computes and how it differentiates.

A rule is plain arithmetic, written once. It serves Python floats, NumPy arrays, recorded `Scalar`s (so a
backward pass can itself be differentiated) and printable `Formula`s (so the formula on the screen is the
rule that made the number). Adding an operation is adding one entry to `OPS`; one that needs a function
Python does not have gets it as an `Elementary` in `functions`.

Where a function has a corner it has no derivative, and the rules choose one between the two slopes, as
PyTorch does: 0 for `relu` and `abs` at 0; a half for each operand where those of `min` or `max` are equal and
both carry a gradient; 0 for `step` and `sign` everywhere, their jump included. Where only one operand of `min` or
`max` carries a gradient its slope there is 0, so that `max(x, 0)` is `relu(x)`. `Op.corner` tells where a corner
lies and the slopes on its two sides.

The derivatives are those of any calculus book. They are computed so that nothing overflows or vanishes on the way to
a result that a float can hold, such as -a/b² where b² alone is too large; only 1 - out² of `tanh` and out·(1 - out)
of `sigmoid` are left as they stand, and are 0 where `out` has become 1.
"""

# A rule takes whatever kind of operand it is applied to, so its lambda has no types to state:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .functions import (
    Rule,
    absolute,
    added,
    averaged,
    cos,
    erf,
    erf_slope,
    exp,
    exponent_slope,
    ln,
    maximum,
    minimum,
    n_ary,
    power,
    power_slope,
    quotient_slope,
    relu,
    sigmoid,
    sign,
    sin,
    softplus,
    sqrt,
    step,
    tan,
    tanh,
)

N_ARY = None
"""The arity of an operation that takes one operand or more."""


def everywhere(*operands: float) -> bool:
    """Say that an operation is defined at every point."""
    return True


@dataclass(frozen=True)
class CornerRule:
    """Where an operation has a corner or a jump, and its slope on either side.

    `side` of the operands is 0 where they lie on it; else its sign tells on which side of it they are. `left` is the
    limit of (f(x) - f(x - h))/h for a small step h > 0 of any one operand, the others held fixed, and `right` that of
    (f(x + h) - f(x))/h. An infinite one means that the operation jumps there; where both are finite it is continuous
    and has a corner.
    """

    side: Rule
    left: float
    right: float

    def at(self, *operands: Any) -> Any:
        """Tell whether the operands, floats or columns of them, lie on it."""
        return self.side(*operands) == 0

    @property
    def is_jump(self) -> bool:
        """Whether the operation itself jumps there, and not its slope alone."""
        return math.isinf(self.left) or math.isinf(self.right)


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
    points where the slopes on the two sides differ. `partial_rounding` is the part of a partial's rounding error that
    does not shrink with it, in units of the last place of 1: that of 1 - out² where `out` is near 1. `rule` is what
    calculus books call the rule of its derivative; see `rule_name`.
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
    corners: CornerRule | None = None
    partial_rounding: float = 0.0
    rule: str = ""

    @property
    def rule_name(self) -> str:
        """What the rule of its derivative is called: "the product rule", "the derivative of sin"."""
        return f"the {self.rule}" if self.rule else f"the derivative of {self.name}"

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
    Op("add", "+", 2, lambda a, b: a + b, (lambda a, b, out: 1, lambda a, b, out: 1), infix=True, rule="sum rule"),
    Op(
        "sub", "-", 2, lambda a, b: a - b, (lambda a, b, out: 1, lambda a, b, out: -1), infix=True,
        rule="difference rule",
    ),
    Op("mul", "·", 2, lambda a, b: a * b, (lambda a, b, out: b, lambda a, b, out: a), infix=True, rule="product rule"),
    Op(
        "div", "/", 2, lambda a, b: a / b, (lambda a, b, out: 1 / b, quotient_slope), infix=True,
        defined_at=lambda a, b: b != 0, domain="a denominator other than 0", rule="quotient rule",
    ),
    Op("neg", "-x", 1, lambda x: -x, (lambda x, out: -1,), infix=True, rule="rule for a factor -1"),
    Op(
        "reciprocal", "1/x", 1, lambda x: 1 / x, (lambda x, out: -1 / x / x,),
        defined_at=lambda x: x != 0, domain="numbers other than 0", rule="reciprocal rule",
    ),
    Op(
        "pow", "xⁿ", 2, power, (power_slope, exponent_slope),
        defined_at=lambda x, n: x > 0 or (float(n).is_integer() and (x < 0 or n >= 0)) or (x == 0 and n > 0),
        domain="a positive base, a negative base with a whole exponent, or 0 with an exponent of at least 0",
        rule="power rule",
    ),
    Op("square", "x²", 1, lambda x: x * x, (lambda x, out: 2 * x,), rule="power rule"),
    Op(
        "sqrt", "√", 1, sqrt, (lambda x, out: 1 / (2 * out),),
        defined_at=lambda x: x >= 0, domain="numbers of at least 0",
    ),
    Op("exp", "exp", 1, exp, (lambda x, out: out,)),
    Op("ln", "ln", 1, ln, (lambda x, out: 1 / x,), defined_at=lambda x: x > 0, domain="positive numbers"),
    Op("sin", "sin", 1, sin, (lambda x, out: cos(x),)),
    Op("cos", "cos", 1, cos, (lambda x, out: -sin(x),)),
    Op("tan", "tan", 1, tan, (lambda x, out: 1 + out * out,)),
    Op("tanh", "tanh", 1, tanh, (lambda x, out: 1 - out * out,), partial_rounding=4),
    Op("sigmoid", "σ", 1, sigmoid, (lambda x, out: out * (1 - out),), partial_rounding=4),
    Op("relu", "relu", 1, relu, (lambda x, out: step(x),), corners=CornerRule(lambda x: x, 0.0, 1.0)),
    Op("softplus", "softplus", 1, softplus, (lambda x, out: sigmoid(x),)),
    Op("erf", "erf", 1, erf, (erf_slope,)),
    Op("abs", "|x|", 1, absolute, (lambda x, out: sign(x),), corners=CornerRule(lambda x: x, -1.0, 1.0)),
    Op(
        "min", "min", 2, minimum,
        (lambda a, b, out: (1 - sign(a - b)) / 2, lambda a, b, out: (1 + sign(a - b)) / 2),
        partials_alone=(lambda a, b, out: step(b - a), lambda a, b, out: step(a - b)),
        corners=CornerRule(lambda a, b: a - b, 1.0, 0.0),
    ),
    Op(
        "max", "max", 2, maximum,
        (lambda a, b, out: (1 + sign(a - b)) / 2, lambda a, b, out: (1 - sign(a - b)) / 2),
        partials_alone=(lambda a, b, out: step(a - b), lambda a, b, out: step(b - a)),
        corners=CornerRule(lambda a, b: a - b, 0.0, 1.0),
    ),
    Op("sum", "Σ", N_ARY, n_ary("sum", added), (lambda *operands, out: 1,), on_rows=added, rule="sum rule"),
    Op(
        "mean", "mean", N_ARY, n_ary("mean", averaged), (lambda *operands, out: 1 / len(operands),),
        on_rows=averaged, rule="rule for a mean, a sum over n",
    ),
    Op("step", "step", 1, step, (lambda x, out: 0,), corners=CornerRule(lambda x: x, 0.0, math.inf)),
    Op("sign", "sign", 1, sign, (lambda x, out: 0,), corners=CornerRule(lambda x: x, math.inf, math.inf)),
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
