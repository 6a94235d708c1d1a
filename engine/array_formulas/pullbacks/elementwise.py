"""Operations on each entry: the upstream gradient times the local derivative of the op table, entry by entry.

Where an operand was broadcast, one entry of it went into many, and gets the sum of what they bring.
"""

# A rule takes whatever kind of operand it is applied to, so its lambda has no types to state:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false

from __future__ import annotations

import numpy as np

from ...rules.formula import Formula, Number, Operation, Origin, formula_of
from ...rules.functions import Rule, exp
from ...rules.ops import CODES, OPS
from ..functions import broadcast, called, equals, summed_to
from ..pullback import Pullback, PullbackSite


def entrywise(name: str) -> Pullback:
    """Return the pullback of an operation of the op table that acts on each entry."""
    op = OPS[CODES[name]]

    def pullback(at: PullbackSite) -> Formula | None:
        return scaled_by(at, op.partial(at.position, alone=at.alone))

    return pullback


def scaled_by(at: PullbackSite, partial: Rule) -> Formula:
    """Return the upstream gradient times a local derivative; `partial` is a rule as those of the op table."""
    local = formula_of(partial(*at.operands, out=at.out))
    constant = local.constant
    if constant == 1:
        scaled: Formula = at.upstream
    elif constant == -1:
        scaled = -at.upstream
    elif constant is not None:
        scaled = local * at.upstream
    else:
        scaled = at.upstream * local
    return summed_to(broadcast(scaled, at.out_shape), at.shape)


def function(*partials: Rule) -> Pullback:
    """Return the pullback of a function of each entry that is no operation of the op table.

    `partials` are as those of the op table: called with the operands and `out=`, they give the local derivatives.
    """
    return lambda at: scaled_by(at, partials[at.position])


def _ln(number: float) -> Formula:
    return Operation("ln", (Number(float(number), Origin.RULE),))


exp2 = function(lambda x, out: out * _ln(2))
expm1 = function(lambda x, out: out + 1)
log1p = function(lambda x, out: 1 / (1 + x))
log2 = function(lambda x, out: 1 / (x * _ln(2)))
log10 = function(lambda x, out: 1 / (x * _ln(10)))
sinh = function(lambda x, out: (exp(x) + exp(-x)) / 2)
cosh = function(lambda x, out: (exp(x) - exp(-x)) / 2)
logaddexp = function(lambda x, y, out: exp(x - out), lambda x, y, out: exp(y - out))
hypot = function(lambda x, y, out: x / out, lambda x, y, out: y / out)
cbrt = function(lambda x, out: 1 / (3 * (out * out)))
rsqrt = function(lambda x, out: -(out**3) / 2)


def choice(at: PullbackSite) -> Formula | None:
    """Of `where`: each entry takes its gradient to where it came from; the other one gets nothing."""
    zero = formula_of(0)
    branches = (at.upstream, zero) if at.position == 0 else (zero, at.upstream)
    return summed_to(called("where", *branches, condition=at.parameters["condition"]), at.shape)


def clipped(at: PullbackSite) -> Formula | None:
    """Of `clip`: the gradient passes where the entry lies between the bounds."""
    return summed_to(at.upstream * equals(at.out, at.operand), at.shape) if at.position == 0 else None


def triangle(at: PullbackSite) -> Formula | None:
    """Of `triangle`: the gradient of the entries that stay."""
    rows, columns = np.indices(at.shape[-2:], dtype=np.int32)
    offset = int(at.parameters.get("offset", 0))
    kept = columns - rows <= offset if at.parameters["lower"] else columns - rows >= offset
    return called("where", at.upstream, formula_of(0), condition=kept)
