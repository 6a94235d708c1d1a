"""Scaled dot-product attention: Y = A·V with A = softmax(Q·Kᵀ/√d + mask).

With ∂L/∂A = ∂L/∂Y·Vᵀ and the rule of a softmax, ∂L/∂S = A ⊙ (∂L/∂A - sum(∂L/∂A ⊙ A)), the rest are products of
matrices: A. Vaswani et al., "Attention is all you need" (2017), section 3.2.1, for the function.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from ...array_formulas.functions import called, defined, matmul, summed_to, total, transposed
from ...array_formulas.pullback import PullbackSite
from ...array_formulas.shapes import shape_of
from ...arrays import Flags
from ...graph.array_record import ABSENT
from ...rules.derivative_name import DerivativeName
from ...rules.formula import Formula, Name, Number, Operation, Origin
from ..array_graph import Group
from .candidate import Candidate
from .compound import Compound
from .records import Records

_Scores = tuple[list[int], int, int, float, int | None, Flags | None]

HIDDEN = -1e8
"""A score of no more than this is given where nothing is to be attended to."""


def _found(records: Records, groups: Mapping[int, Group]) -> Iterator[Group]:
    for result, group in groups.items():
        if group.operation == "softmax" and (found := _around(records, group, result)) is not None:
            yield found


def _around(records: Records, group: Group, result: int) -> Group | None:
    """Return the attention that a softmax is a part of; None where it is of none."""
    scores_last = group.operands[0]
    if group.parameters["axis"] != len(records.arrays[result].shape) - 1 or records.is_used_elsewhere(result):
        return None
    after = records.consumers[result]
    if len(after) != 1 or records.arrays[after[0]].operation != "matmul":
        return None
    product = records.arrays[after[0]]
    if product.operands[0] != result or product.operands[1] == result or product.operands[1] == ABSENT:
        return None
    before = _scores(records, scores_last, set(group.members))
    if before is None:
        return None
    members, query, keys, divisor, mask, hidden = before
    query, scale = _unscaled(records, query, members)
    divisor *= scale
    keys, scale = _unscaled(records, keys, members)
    divisor *= scale
    transpose = records.arrays[keys]
    axes = tuple(transpose.parameters.get("axes") or reversed(range(len(transpose.shape))))
    count = len(transpose.shape)
    if transpose.operation != "transpose" or axes != (*range(count - 2), count - 1, count - 2):
        return None
    if not _is_used_once(records, keys) or transpose.operands[0] == ABSENT:
        return None
    members.append(keys)
    key, scale = _unscaled(records, transpose.operands[0], members)
    divisor *= scale
    candidate = Candidate(records, tuple(sorted({*members, *group.members, after[0]})))
    wanted = [query, key, product.operands[1]] + ([] if mask is None else [mask])
    if not candidate.is_sound() or set(wanted) != set(candidate.operands) or len(set(wanted)) < len(wanted):
        return None
    return candidate.group("attention", tuple(wanted), divisor=divisor, hidden=hidden)


def _scores(records: Records, place: int, own: set[int]) -> _Scores | None:
    """Go back from what a softmax is taken of to Q·Kᵀ.

    Returns the members, Q, Kᵀ, the number that the product is divided by, what is added to it, and which scores a very
    negative number hides.
    """
    members: list[int] = []
    mask, hidden = None, None
    inside = own
    while True:
        node = records.arrays[place]
        if set(records.consumers[place]) - inside or records.is_used_elsewhere(place) or ABSENT in node.operands:
            return None
        inside = {*inside, place}
        if node.operation == "where" and hidden is None and _hides(records, node.operands[1]):
            members.append(place)
            hidden = ~np.asarray(node.parameters["condition"], dtype=np.bool_)
            place = node.operands[0]
            continue
        if node.operation == "add" and mask is None:
            given = [operand for operand in node.operands if not records.carries_gradient(operand)]
            if len(given) != 1:
                return None
            members.append(place)
            (mask,) = given
            place = next(operand for operand in node.operands if operand != mask)
            continue
        place, divisor = _unscaled(records, place, members)
        node = records.arrays[place]
        if node.operation != "matmul" or ABSENT in node.operands or not _is_used_once(records, place):
            return None
        members.append(place)
        return members, node.operands[0], node.operands[1], divisor, mask, hidden


def _unscaled(records: Records, place: int, members: list[int]) -> tuple[int, float]:
    """Go back over a product with a literal number, or a quotient, that is used once, and add it to the members.

    Returns the array that is multiplied, and the number that it is divided by; the array itself and 1 where it is none.
    """
    node = records.arrays[place]
    if node.operation not in ("divide", "multiply") or ABSENT in node.operands or records.is_used_elsewhere(place):
        return place, 1.0
    literal = [operand for operand in node.operands if _is_number(records, operand)]
    if len(literal) != 1 or (node.operation == "divide" and node.operands[1] != literal[0]):
        return place, 1.0
    number = float(records.values(literal[0]).item())
    if not number:
        return place, 1.0
    members.append(place)
    inner = next(operand for operand in node.operands if operand != literal[0])
    return inner, number if node.operation == "divide" else 1 / number


def _is_used_once(records: Records, place: int) -> bool:
    return len(records.consumers[place]) == 1 and not records.is_used_elsewhere(place)


def _hides(records: Records, place: int) -> bool:
    """Say whether an array is a number of which the softmax makes 0 beside any score."""
    return records.is_literal(place) and bool((records.values(place) <= HIDDEN).all())


def _is_number(records: Records, place: int) -> bool:
    return records.arrays[place].entries.size == 1 and records.is_literal(place)


def _pullback(at: PullbackSite) -> Formula | None:
    query, key, value, *mask = at.operands
    scores = _scaled(matmul(query, transposed(key)), at)
    if mask:
        scores = scores + mask[0]
    if (hidden := at.parameters["hidden"]) is not None:
        scores = called("where", scores, Number(-math.inf, Origin.LITERAL), condition=~hidden)
    weights = defined("A", called("softmax", scores, axis=len(shape_of(scores)) - 1))
    if at.position == 2:
        return summed_to(matmul(transposed(weights), at.upstream), at.shape)
    by_weights = defined(_by(at, "A"), matmul(at.upstream, transposed(value)))
    axis = len(shape_of(weights)) - 1
    by_scores = defined(_by(at, "S"), weights * (by_weights - total(by_weights * weights, (axis,), keepdims=True)))
    if at.position == 3:
        return summed_to(by_scores, at.shape)
    if at.position == 0:
        return summed_to(_scaled(matmul(by_scores, key), at), at.shape)
    return summed_to(_scaled(matmul(transposed(by_scores), query), at), at.shape)


def _scaled(formula: Formula, at: PullbackSite) -> Formula:
    """Return a formula over the number that the scores are divided by, as a root where it is one."""
    divisor = float(at.parameters["divisor"])
    if divisor == 1:
        return formula
    square = round(divisor * divisor)
    if square > 1 and math.isclose(math.sqrt(square), divisor, rel_tol=1e-14) and divisor != round(divisor):
        return formula / Operation("sqrt", (Number(float(square), Origin.LITERAL),))
    return formula / Number(divisor, Origin.LITERAL)


def _by(at: PullbackSite, label: str) -> str:
    upstream = at.upstream.label if isinstance(at.upstream, Name) else ""
    name = DerivativeName.read(upstream)
    return str(DerivativeName("L" if name is None else name.of, ((label, 1),)))


COMPOUNDS = (
    Compound(
        "attention",
        _pullback,
        "An attention is two products of matrices with a softmax between them: their rules, one after the other.",
        structure=_found,
    ),
)
