"""Which numbers are fair to ask for: those that a person works out in the head, or on a scrap of paper."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..rules.closed_form import ClosedForm, Powers
from ..walk.closed_forms import agrees
from ..walk.trace import Trace

_LARGEST = 200
_SMALLEST = Fraction(1, 200)
_MOST_DIGITS = 4
"""Digits of a fraction, above and below the line together."""


def is_fair_number(form: ClosedForm | None) -> bool:
    """Say whether a number is short: a fraction of four digits at most, or one with a power of e, π or a root.

    A sum such as e + 2 has two terms, each with a factor of one digit. None is a number without a closed form.
    """
    if form is None:
        return False
    if not form.terms:
        return True
    if len(form.terms) > 2 or not _SMALLEST <= abs(float(form)) <= _LARGEST:
        return False
    if len(form.terms) == 2:
        return all(
            factor.denominator == 1 and abs(factor) < 10 and _is_short(powers) for powers, factor in form.terms.items()
        )
    ((powers, factor),) = form.terms.items()
    digits = len(str(abs(factor.numerator))) + (len(str(factor.denominator)) if factor.denominator > 1 else 0)
    return _is_short(powers) and digits <= (_MOST_DIGITS if powers == Powers() else _MOST_DIGITS - 1)


def is_fair_walk(trace: Trace) -> bool:
    """Say whether every number of a walk is fair, forward and backward, and none of its steps lies at a corner.

    The floats of the walk are these numbers too: sin(π) is 0, and its float is not.
    """
    fair = all(is_fair_number(form) and form is not None and agrees(form, number) for form, number in _numbers(trace))
    return fair and not _corners(trace)


def _numbers(trace: Trace) -> Iterator[tuple[ClosedForm | None, float]]:
    graph, closed, backward = trace.graph, trace.numbers.closed, trace.backward
    yield from ((closed.value(node), trace.values.item(node)) for node in range(len(graph)))
    for edge in range(len(graph.edges)):
        key = trace.key(trace.seed_step + 1 + edge)
        yield closed.local(key.node, key.position), backward.locals.item(edge)
        yield closed.contribution(edge), backward.contributions.item(edge)
        yield closed.accumulated(edge), backward.accumulated.item(edge)


def _corners(trace: Trace) -> bool:
    graph, values = trace.graph, trace.values
    for node in range(graph.leaf_count, len(graph)):
        op = graph.op(node)
        if op is not None and op.corners is not None and op.corners.at(*values[graph.operands_of(node)].tolist()):
            return True
    return False


def _is_short(powers: Powers) -> bool:
    return (
        abs(powers.e) <= 3
        and powers.e.denominator == 1
        and abs(powers.pi) <= 1
        and powers.pi.denominator == 1
        and powers.radicand <= 10
        and bool(powers.e) + bool(powers.pi) + (powers.radicand > 1) <= 1
    )
