"""Operations entry by entry: arithmetic and functions, with broadcasting."""

from __future__ import annotations

import math

from ..array_formulas.pullbacks import elementwise as pullbacks
from ..arrays import Indices
from ..graph.tape import Tape
from .array_op import ArrayOp, Expand
from .entries import all_constant, broadcast, constant, entrywise


def _one_operation(operation: str) -> Expand:
    """Make the expansion of what is a single operation of the op table for each entry."""

    def expand(tape: Tape, *operands: Indices) -> Indices:
        return entrywise(tape, operation, *operands)

    return expand


def _divide(tape: Tape, x: Indices, y: Indices) -> Indices:
    if all_constant(tape, x, 1.0):
        return entrywise(tape, "reciprocal", *_spread(y, x))
    return entrywise(tape, "div", x, y)


def _power(tape: Tape, x: Indices, y: Indices) -> Indices:
    if all_constant(tape, y, 2.0):
        return entrywise(tape, "square", *_spread(x, y))
    return entrywise(tape, "pow", x, y)


def _spread(x: Indices, other: Indices) -> tuple[Indices]:
    """Bring x alone to the shape of both."""
    return (broadcast(x, other)[0],)


def _exp2(tape: Tape, x: Indices) -> Indices:
    return entrywise(tape, "pow", constant(tape, 2.0), x)


def _expm1(tape: Tape, x: Indices) -> Indices:
    return entrywise(tape, "sub", entrywise(tape, "exp", x), constant(tape, 1.0))


def _log1p(tape: Tape, x: Indices) -> Indices:
    return entrywise(tape, "ln", entrywise(tape, "add", constant(tape, 1.0), x))


def _log_to_base(base: float) -> Expand:
    def expand(tape: Tape, x: Indices) -> Indices:
        return entrywise(tape, "div", entrywise(tape, "ln", x), constant(tape, math.log(base)))

    return expand


def _hyperbolic(combined: str) -> Expand:
    """Make (eˣ ∘ e⁻ˣ)/2: sinh with -, cosh with +."""

    def expand(tape: Tape, x: Indices) -> Indices:
        grown = entrywise(tape, "exp", x)
        decayed = entrywise(tape, "exp", entrywise(tape, "neg", x))
        return entrywise(tape, "div", entrywise(tape, combined, grown, decayed), constant(tape, 2.0))

    return expand


def _logaddexp(tape: Tape, x: Indices, y: Indices) -> Indices:
    """ln(eˣ + eʸ) = x + softplus(y - x), which does not overflow."""
    return entrywise(tape, "add", x, entrywise(tape, "softplus", entrywise(tape, "sub", y, x)))


def _hypot(tape: Tape, x: Indices, y: Indices) -> Indices:
    squares = entrywise(tape, "square", x), entrywise(tape, "square", y)
    return entrywise(tape, "sqrt", entrywise(tape, "add", *squares))


def _cbrt(tape: Tape, x: Indices) -> Indices:
    """sign(x)·|x|^(1/3)."""
    root = entrywise(tape, "pow", entrywise(tape, "abs", x), constant(tape, 1 / 3))
    return entrywise(tape, "mul", entrywise(tape, "sign", x), root)


def _rsqrt(tape: Tape, x: Indices) -> Indices:
    return entrywise(tape, "reciprocal", entrywise(tape, "sqrt", x))


OF_THE_OP_TABLE = {
    "add": "add",
    "subtract": "sub",
    "multiply": "mul",
    "negative": "neg",
    "reciprocal": "reciprocal",
    "square": "square",
    "sqrt": "sqrt",
    "exp": "exp",
    "log": "ln",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "relu": "relu",
    "softplus": "softplus",
    "erf": "erf",
    "abs": "abs",
    "minimum": "min",
    "maximum": "max",
    "step": "step",
    "sign": "sign",
}
"""What is called by another name for arrays, or by the same, and is one scalar operation for each entry."""

OPERATIONS = (
    *(
        ArrayOp(name, _one_operation(operation), pullbacks.entrywise(operation))
        for name, operation in OF_THE_OP_TABLE.items()
    ),
    ArrayOp("divide", _divide, pullbacks.entrywise("div")),
    ArrayOp("power", _power, pullbacks.entrywise("pow")),
    ArrayOp("exp2", _exp2, pullbacks.exp2),
    ArrayOp("expm1", _expm1, pullbacks.expm1),
    ArrayOp("log1p", _log1p, pullbacks.log1p),
    ArrayOp("log2", _log_to_base(2.0), pullbacks.log2),
    ArrayOp("log10", _log_to_base(10.0), pullbacks.log10),
    ArrayOp("sinh", _hyperbolic("sub"), pullbacks.sinh),
    ArrayOp("cosh", _hyperbolic("add"), pullbacks.cosh),
    ArrayOp("logaddexp", _logaddexp, pullbacks.logaddexp),
    ArrayOp("hypot", _hypot, pullbacks.hypot),
    ArrayOp("cbrt", _cbrt, pullbacks.cbrt),
    ArrayOp("rsqrt", _rsqrt, pullbacks.rsqrt),
)
