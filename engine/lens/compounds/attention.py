"""Scaled dot-product attention: Y = A·V with A = softmax(Q·Kᵀ/√d + mask).

With ∂L/∂A = ∂L/∂Y·Vᵀ and the rule of a softmax, ∂L/∂S = A ⊙ (∂L/∂A - sum(∂L/∂A ⊙ A)), the rest are products of
matrices: A. Vaswani et al., "Attention is all you need" (2017), section 3.2.1, for the function.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from ...array_formulas.functions import called, defined, matmul, summed_to, total, transposed
from ...array_formulas.pullback import PullbackSite
from ...array_formulas.shapes import shape_of
from ...graph.array_record import ABSENT
from ...rules.derivative_name import DerivativeName
from ...rules.formula import Formula, Name, Number, Operation, Origin
from ..array_graph import Group
from .candidate import Candidate
from .compound import Compound
from .records import Records


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
    members, query, keys, number, function, mask = before
    transpose = records.arrays[keys]
    axes = tuple(transpose.parameters.get("axes") or reversed(range(len(transpose.shape))))
    count = len(transpose.shape)
    if transpose.operation != "transpose" or axes != (*range(count - 2), count - 1, count - 2):
        return None
    if records.consumers[keys] == [members[0]] and not records.is_used_elsewhere(keys):
        members.insert(0, keys)
        key = transpose.operands[0]
    else:
        return None
    candidate = Candidate(records, tuple(sorted({*members, *group.members, after[0]})))
    wanted = [query, key, product.operands[1]] + ([] if mask is None else [mask])
    if not candidate.is_sound() or set(wanted) != set(candidate.operands) or len(set(wanted)) < len(wanted):
        return None
    return candidate.group("attention", tuple(wanted), function=function, number=number)


def _scores(
    records: Records, place: int, own: set[int]
) -> tuple[list[int], int, int, float | None, str, int | None] | None:
    """Go back from what a softmax is taken of to Q·Kᵀ.

    Returns the members, Q, Kᵀ, the number that the product is multiplied with or divided by, which of the two, and what
    is added to it.
    """
    members: list[int] = []
    number, function, mask = None, "", None
    inside = own
    while True:
        node = records.arrays[place]
        if set(records.consumers[place]) - inside or records.is_used_elsewhere(place) or ABSENT in node.operands:
            return None
        members.insert(0, place)
        inside = {*inside, place}
        match node.operation:
            case "matmul":
                return members, node.operands[0], node.operands[1], number, function, mask
            case "divide" | "multiply" if number is None:
                literal = [operand for operand in node.operands if _is_number(records, operand)]
                if len(literal) != 1 or (node.operation == "divide" and node.operands[1] != literal[0]):
                    return None
                number = float(records.values(literal[0]).item())
                function = node.operation
                place = next(operand for operand in node.operands if operand != literal[0])
            case "add" if mask is None and number is None:
                given = [operand for operand in node.operands if not records.carries_gradient(operand)]
                if len(given) != 1:
                    return None
                (mask,) = given
                place = next(operand for operand in node.operands if operand != mask)
            case _:
                return None


def _is_number(records: Records, place: int) -> bool:
    return records.arrays[place].entries.size == 1 and records.is_literal(place)


def _pullback(at: PullbackSite) -> Formula | None:
    query, key, value, *mask = at.operands
    scores = _scaled(matmul(query, transposed(key)), at)
    if mask:
        scores = scores + mask[0]
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
    number = at.parameters["number"]
    if number is None:
        return formula
    size = number if at.parameters["function"] == "divide" else 1 / number
    root = round(size * size)
    written: Formula = Number(size, Origin.LITERAL)
    if root > 1 and math.isclose(math.sqrt(root), size, rel_tol=1e-15) and size != round(size):
        written = Operation("sqrt", (Number(float(root), Origin.LITERAL),))
    elif at.parameters["function"] == "multiply":
        return Number(number, Origin.LITERAL) * formula
    return formula / written


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
