"""Softmax with cross-entropy: L = -1/m Σ Y ⊙ log softmax(Z), over m rows.

The gradient by the logits is (softmax(Z) - Y)/m where each row of Y sums to 1: C. M. Bishop, "Pattern Recognition and
Machine Learning" (2006), section 4.3.4. It is found by what follows a log_softmax: nothing but products with numbers
that are given, sums, means, signs and picked entries, down to one number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ...array_formulas.functions import called, defined
from ...array_formulas.pullback import PullbackSite
from ...array_formulas.shapes import shape_of
from ...arrays import Floats
from ...graph.array_record import ABSENT
from ...rules.formula import Formula
from ..array_graph import Group
from .candidate import Candidate, same
from .compound import Compound
from .records import Records

_LINEAR = frozenset(
    {"negative", "sum", "mean", "index", "take", "take_along_axis", "reshape", "squeeze", "expand_dims"}
)
_PICKING = frozenset({"index", "take", "take_along_axis"})
_WITH_GIVEN = frozenset({"multiply", "divide"})


def _found(records: Records, groups: Mapping[int, Group]) -> Iterator[Group]:
    for result, group in groups.items():
        if group.operation in ("softmax", "log_softmax"):
            start = _logarithms(records, group, result)
            if start is not None and (found := _ending_in_one_number(records, group, start)) is not None:
                yield found


def _logarithms(records: Records, group: Group, result: int) -> list[int] | None:
    """Return the arrays from a softmax to the logarithms of its entries, or of those that are picked; None for none.

    Of a log_softmax that is itself.
    """
    start = [result]
    while group.operation == "softmax":
        consumers = records.consumers[start[-1]]
        if len(consumers) != 1 or records.is_used_elsewhere(start[-1]):
            return None
        start += consumers
        operation = records.arrays[start[-1]].operation
        if operation == "log":
            return start
        if operation not in _PICKING or len(start) > 2:
            return None
    return start


def _ending_in_one_number(records: Records, group: Group, start: list[int]) -> Group | None:
    members, place = [*group.members, *start[1:]], start[-1]
    while len(records.consumers[place]) == 1 and not records.is_used_elsewhere(place):
        (consumer,) = records.consumers[place]
        if not _is_linear(records, consumer, place):
            break
        members.append(consumer)
        place = consumer
        candidate = Candidate(records, tuple(members))
        is_number = records.arrays[place].shape == ()
        if is_number and candidate.is_sound() and (found := _read(candidate, group, start)) is not None:
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


def _weights(records: Records, start: list[int], upstream: float) -> Floats:
    """Return the weight of the logarithm of each entry of a softmax in the result, which the scalar walk has."""
    entries, logarithms = records.arrays[start[0]].entries, records.arrays[start[-1]].entries
    own = np.where(logarithms >= 0, records.trace.backward.gradients[logarithms], 0.0) / upstream
    if len(start) == 1:
        return own
    of = records.arrays[records.arrays[start[-1]].operands[0]].entries
    order = np.argsort(entries, axis=None)
    places = order[np.minimum(np.searchsorted(entries.ravel()[order], of.ravel()), entries.size - 1)]
    weights = np.zeros(entries.size)
    np.add.at(weights, places, np.where(entries.ravel()[places] == of.ravel(), own.ravel(), 0.0))
    return weights.reshape(entries.shape)


def _read(candidate: Candidate, group: Group, start: list[int]) -> Group | None:
    """Return what is a cross-entropy by the weights of its logarithms, which are -Y/m; None for anything else."""
    records = candidate.records
    upstream = records.trace.backward.gradients.item(int(records.arrays[candidate.result].entries))
    if not upstream or not np.isfinite(upstream):
        return None
    weights = _weights(records, start, upstream)
    axis = int(group.parameters["axis"]) % weights.ndim
    totals = -weights.sum(axis=axis)
    if not np.isfinite(totals).all() or not (totals > 0).all() or not same(totals, np.full_like(totals, totals.max())):
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
    labels = None if given is not None else np.argmax(targets, axis=axis)
    operands = (logits,) if given is None else (logits, candidate.operands[given])
    name = records.arrays[group.members[-1]].name if group.operation == "softmax" else ""
    return candidate.group("cross_entropy", operands, axis=axis, count=count, labels=labels, name=name or "P")


def _is_one_hot(targets: Floats) -> bool:
    return same(targets, np.round(targets)) and bool(((np.round(targets) == 0) | (np.round(targets) == 1)).all())


def _pullback(at: PullbackSite) -> Formula | None:
    logits, axis, count = at.operands[0], at.parameters["axis"], at.parameters["count"]
    name = str(at.parameters["name"])
    if at.position == 1:
        found = -(at.upstream * called("log_softmax", logits, axis=axis))
    elif len(at.operands) == 2:
        found = at.upstream * (defined(name, called("softmax", logits, axis=axis)) - at.operands[1])
    else:
        classes = shape_of(logits)[int(axis)]
        targets = defined("Y", called("one_hot", labels=at.parameters["labels"], count=classes, axis=axis))
        found = at.upstream * (defined(name, called("softmax", logits, axis=axis)) - targets)
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
