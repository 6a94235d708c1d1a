"""Softmax with cross-entropy: L = -1/m Σ Y ⊙ log softmax(Z), over m rows.

The gradient by the logits is (softmax(Z) - Y)/m where each row of Y sums to 1: C. M. Bishop, "Pattern Recognition and
Machine Learning" (2006), section 4.3.4. It is found by what follows a log_softmax: nothing but products with numbers
that are given, sums, means, signs and picked entries, down to one number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ...array_formulas.functions import called, defined, put_back
from ...array_formulas.pullback import PullbackSite
from ...array_formulas.shapes import shape_of
from ...arrays import Floats
from ...graph.array_record import ABSENT
from ...rules.formula import Formula, Number, Origin
from ..array_graph import Group
from .candidate import Candidate, same
from .compound import Compound
from .records import Records

_LINEAR = frozenset(
    {"negative", "sum", "mean", "index", "take", "take_along_axis", "reshape", "squeeze", "expand_dims"}
)
_WITH_GIVEN = frozenset({"multiply", "divide"})


def _found(records: Records, groups: Mapping[int, Group]) -> Iterator[Group]:
    for result, group in groups.items():
        if group.operation == "log_softmax" and (found := _ending_in_one_number(records, group, result)) is not None:
            yield found


def _ending_in_one_number(records: Records, group: Group, result: int) -> Group | None:
    members, place = [*group.members], result
    while len(records.consumers[place]) == 1 and not records.is_used_elsewhere(place):
        (consumer,) = records.consumers[place]
        if not _is_linear(records, consumer, place):
            break
        members.append(consumer)
        place = consumer
        candidate = Candidate(records, tuple(members))
        is_number = records.arrays[place].shape == ()
        if is_number and candidate.is_sound() and (found := _read(candidate, group, result)) is not None:
            return found
    return None


def _is_linear(records: Records, consumer: int, place: int) -> bool:
    node = records.arrays[consumer]
    if node.operation in _LINEAR:
        return True
    if node.operation not in _WITH_GIVEN or ABSENT in node.operands or node.operands.count(place) != 1:
        return False
    other = next(operand for operand in node.operands if operand != place)
    return not records.arrays[other].operation and (node.operation == "multiply" or node.operands[1] == other)


def _read(candidate: Candidate, group: Group, result: int) -> Group | None:
    """Read the weights of the logarithms, which the scalar walk has: of a cross-entropy they are -Y/m."""
    records = candidate.records
    graph, backward = records.trace.graph, records.trace.backward
    upstream = backward.gradients.item(int(records.arrays[candidate.result].entries))
    if not upstream or not np.isfinite(upstream) or not graph.carries_gradient[graph.output]:
        return None
    entries = records.arrays[result].entries
    weights = np.where(entries >= 0, backward.gradients[entries], 0.0) / upstream
    axis = int(group.parameters["axis"]) % weights.ndim
    totals = -weights.sum(axis=axis)
    if (
        weights.ndim < 1
        or not np.isfinite(totals).all()
        or (totals <= 0).any()
        or not same(totals, totals.max() + 0 * totals)
    ):
        return None
    count = 1 / float(totals.max())
    count = float(round(count)) if abs(count - round(count)) < 1e-9 * count else count
    targets = -weights * count
    logits = group.operands[0]
    if logits not in candidate.operands:
        return None
    given = next(
        (
            place
            for place, values in enumerate(candidate.values)
            if candidate.operands[place] != logits and same(values, targets)
        ),
        None,
    )
    rest = {place for place in range(len(candidate.operands)) if candidate.operands[place] != logits and place != given}
    if rest or (given is None and not _is_one_hot(targets)):
        return None
    labels = None if given is not None else tuple(np.nonzero(np.round(targets)))
    operands = (logits,) if given is None else (logits, candidate.operands[given])
    return candidate.group("cross_entropy", operands, axis=axis, count=count, labels=labels)


def _is_one_hot(targets: Floats) -> bool:
    return same(targets, np.round(targets)) and bool(((np.round(targets) == 0) | (np.round(targets) == 1)).all())


def _pullback(at: PullbackSite) -> Formula | None:
    logits, axis, count = at.operands[0], at.parameters["axis"], at.parameters["count"]
    if at.position == 1:
        found = -(at.upstream * called("log_softmax", logits, axis=axis))
    elif len(at.operands) == 2:
        found = at.upstream * (defined("P", called("softmax", logits, axis=axis)) - at.operands[1])
    else:
        one = Number(1.0, Origin.LITERAL)
        targets = defined("Y", put_back(one, at.parameters["labels"], shape_of(logits)))
        found = at.upstream * (defined("P", called("softmax", logits, axis=axis)) - targets)
    return found if count == 1 else found / count


COMPOUNDS = (
    Compound(
        "cross_entropy",
        _pullback,
        "Of a cross-entropy of a softmax nearly everything cancels: what is left is the distance of the probabilities "
        "from the targets, over the number of rows.",
        structure=_found,
    ),
)
