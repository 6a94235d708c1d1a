"""Products of matrices.

For Y = X · W the rules are ∂L/∂X = ∂L/∂Y · Wᵀ and ∂L/∂W = Xᵀ · ∂L/∂Y: see M. B. Giles, "Collected matrix derivative
results for forward and reverse mode algorithmic differentiation" (2008), section 2.2.
"""

from __future__ import annotations

import string

from ...rules.formula import Formula
from ..functions import called, matmul, outer, summed_to, transposed
from ..pullback import PullbackSite
from ..shapes import shape_of


def product(at: PullbackSite) -> Formula | None:
    """Of `matmul(X, W)`, of matrices, stacks of matrices, and vectors; of `dot` where that is the same."""
    left, right = at.operands
    upstream = at.upstream
    match len(shape_of(left)), len(shape_of(right)):
        case 1, 1:
            return upstream * (right if at.position == 0 else left)
        case (_, 0) | (0, _):
            return summed_to(upstream * (right if at.position == 0 else left), at.shape)
        case 1, 2:
            return matmul(right, upstream) if at.position == 0 else outer(left, upstream)
        case 2, 1:
            return outer(upstream, right) if at.position == 0 else matmul(transposed(left), upstream)
        case (1, _) | (_, 1):
            return None
        case _:
            if at.position == 0:
                return summed_to(matmul(upstream, transposed(right)), at.shape)
            return summed_to(matmul(transposed(left), upstream), at.shape)


def outer_product(at: PullbackSite) -> Formula | None:
    """Of `outer(a, b)` of two vectors."""
    left, right = at.operands
    if len(shape_of(left)) != 1 or len(shape_of(right)) != 1:
        return None
    return matmul(at.upstream, right) if at.position == 0 else matmul(transposed(at.upstream), left)


def einsum(at: PullbackSite) -> Formula | None:
    """Of `einsum(subscripts, ...)`: the upstream gradient takes the place of the operand among the others.

    The letters of the result are those of the operand. None where the operand repeats a letter, or has one that
    neither the result nor another operand has, which is summed over alone.
    """
    inputs, output = subscripts_of(at)
    if inputs is None or len(inputs) != len(at.operands):
        return None
    own = inputs[at.position]
    others = [place for place in range(len(inputs)) if place != at.position]
    known = set(output).union(*(inputs[place] for place in others))
    if len(set(own)) != len(own) or not set(own) <= known or len(set(output)) != len(output):
        return None
    taken = [output, *(inputs[place] for place in others)]
    operands = [at.upstream, *(at.operands[place] for place in others)]
    return called("einsum", *operands, subscripts=f"{','.join(taken)}->{own}")


def subscripts_of(at: PullbackSite) -> tuple[list[str] | None, str]:
    """Return the letters of each operand and those of the result, ellipses spelt out; None where they do not fit."""
    text = str(at.parameters.get("subscripts", "")).replace(" ", "")
    left, arrow, output = text.partition("->")
    inputs = left.split(",")
    if not text or len(inputs) != len(at.operands):
        return None, ""
    more = [
        len(shape_of(operand)) - len(own.replace("...", "")) for operand, own in zip(at.operands, inputs, strict=True)
    ]
    spread = "".join([letter for letter in string.ascii_letters if letter not in text][: max(0, *more)])
    if not arrow:
        once = sorted(letter for letter in set(left) - {",", "."} if left.count(letter) == 1)
        output = "..." * ("." in left) + "".join(once)
    spelt = [own.replace("...", spread[len(spread) - count :]) for own, count in zip(inputs, more, strict=True)]
    return spelt, output.replace("...", spread)
