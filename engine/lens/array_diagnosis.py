"""`diagnose_array`: which mistakes give a wrong contribution, by its shape and by its numbers.

A formula, and an array of numbers, are compared with what each mistake makes of the right rule, shape and all. One
entry is compared only where it has at least three significant digits, or is exactly what the mistake gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from ..array_formulas.evaluate import evaluate
from ..array_formulas.formula import ArrayName, Shape
from ..array_formulas.functions import axes_of
from ..array_formulas.shapes import ShapesDoNotFit, shape_of
from ..arrays import Flags, Floats
from ..graph.array_record import ABSENT
from ..rules.formula import Formula
from ..study.verdict import Finding
from .array_graph import ArrayGraph, WalkedArray
from .mistakes.mistake import StepSite
from .mistakes.table import ARRAY_MISTAKES
from .rules import derivative_label, site_of
from .step import ArrayStep
from .walk import ArrayWalk

EXACT = 1e-9
"""Numbers that differ by no more than this part of them are the same."""

SIGNIFICANT = 100
"""A rounded number has at least three significant digits: it is at least so many units of its last one."""


@dataclass(frozen=True, eq=False)
class Written:
    """Numbers as they were written, in their shape; `units` are those of their last digits, 0 where none is rounded."""

    numbers: Floats
    units: Floats

    @classmethod
    def of_rows(cls, rows: Sequence[Sequence[Decimal]]) -> Written:
        """Return rows of numbers: an array of two axes."""
        numbers = np.array([[float(number) for number in row] for row in rows])
        units = np.array([[_unit(number) for number in row] for row in rows])
        return cls(numbers, units)

    def in_shape(self, shape: Shape) -> Written | None:
        """Return the same numbers in a shape; None where they are not meant so.

        A single row stands for an array of one axis, and a single number for one of none; rows of the right length
        follow one another through an array of more than two axes.
        """
        own = self.numbers.shape
        if own == shape:
            return self
        is_row = len(own) == 2 and own[0] == 1
        fits = (len(shape) == 1 and is_row and own[1] == shape[0]) or (shape == () and own == (1, 1))
        is_deep = len(shape) > 2 and self.numbers.size == np.prod(shape) and own[-1] == shape[-1]
        if not fits and not is_deep:
            return None
        return Written(self.numbers.reshape(shape), self.units.reshape(shape))

    def fits(self, numbers: Floats) -> Flags:
        """Tell which of these numbers are those, rounded to their own last digit, which is the third at least."""
        exact = np.abs(self.numbers - numbers) <= EXACT * np.maximum(np.abs(self.numbers), np.abs(numbers))
        has_digits = np.abs(self.numbers) >= SIGNIFICANT * self.units * (1 - EXACT)
        is_whole = np.abs(numbers - np.round(numbers)) <= EXACT * np.abs(numbers)
        near = np.abs(self.numbers - numbers) <= self.units / 2 * (1 + EXACT)
        return exact | (has_digits & near & ~is_whole)


def _unit(number: Decimal) -> float:
    exponent = number.as_tuple().exponent
    return float(Decimal(1).scaleb(exponent)) if isinstance(exponent, int) else 0.0


def diagnose_array(
    walk: ArrayWalk, step: ArrayStep, written: Written, entry: tuple[int, ...] | None = None
) -> tuple[Finding, ...]:
    """Return which mistakes give wrong numbers of the contribution of a backward step, likelier ones first.

    `entry` is the index of a single number that was asked for, None where the whole array was. Nothing where the step
    has no rule in matrix form, or the numbers are the right ones.
    """
    if step.consumer is None or step.formula is None or step.contribution is None:
        return ()
    site = mistake_site(walk.graph, step)
    if site is None:
        return ()
    values = _values(walk, step)
    present = np.isfinite(step.contribution)
    findings: dict[str, Finding] = {}
    for identity, formula, sentence in wrong_rules(site):
        if identity in findings:
            continue
        try:
            made = evaluate(formula, values)
        except (ValueError, KeyError):
            continue
        if _is_given(made, written, entry, present, step.contribution):
            findings[identity] = Finding((identity,), float(made.flat[0]) if made.size else 0.0, sentence)
    return tuple(findings.values())


def _is_given(made: Floats, written: Written, entry: tuple[int, ...] | None, present: Flags, right: Floats) -> bool:
    if entry is not None:
        if made.shape != right.shape or not np.isfinite(made[entry]):
            return False
        is_right = abs(made[entry] - right[entry]) <= EXACT * abs(right[entry])
        return not is_right and bool(written.fits(made[entry]).all())
    given = written.in_shape(made.shape)
    if given is None:
        return False
    if made.shape != right.shape:
        return bool(given.fits(made).all())
    size = float(np.abs(right[present]).max(initial=0.0))
    if bool((np.abs(made[present] - right[present]) <= EXACT * size).all()):
        return False
    near = given.fits(made) | (
        (given.units == 0) & (np.abs(given.numbers - made) <= EXACT * np.abs(made).max(initial=0))
    )
    return bool(near[present].all())


def wrong_rules(site: StepSite) -> Iterator[tuple[str, Formula, str]]:
    """Give what each mistake makes of a rule: its id, the wrong rule, and the sentence that explains it."""
    for mistake in ARRAY_MISTAKES.values():
        for formula, sentence in mistake.of_step(site):
            try:
                shape_of(formula)
            except ShapesDoNotFit:
                continue
            yield mistake.id, formula, sentence


def mistake_site(graph: ArrayGraph, step: ArrayStep) -> StepSite | None:
    """Return where a mistake may be made in a backward step that has a rule; None where an operand is unknown."""
    assert step.consumer is not None and step.formula is not None, "a rule is that of a backward step"
    site = site_of(graph, step.consumer.place, step.position)
    if site is None or not isinstance(site.upstream, ArrayName) or not isinstance(site.out, ArrayName):
        return None
    return StepSite(
        operation=step.consumer.operation,
        right=step.formula,
        upstream=site.upstream,
        operands=site.operands,
        out=site.out,
        position=step.position,
        name=step.name,
        parameters=site.parameters,
        means=means_above(graph, step.consumer),
        output=graph.arrays[graph.output].label,
    )


def means_above(graph: ArrayGraph, array: WalkedArray) -> Mapping[str, int]:
    """Return how many entries each mean takes together that an array leads through: itself, and those behind it."""
    leads = {array.place}
    found: dict[str, int] = {}
    for each in graph.arrays[array.place :]:
        if each.place == array.place or not leads.isdisjoint(each.operands):
            leads.add(each.place)
            if each.operation == "mean" and each.operands[0] != ABSENT:
                operand = graph.arrays[each.operands[0]]
                axes = axes_of(each.parameters.get("axis"), len(operand.shape))
                found[each.label] = int(np.prod([operand.shape[axis] for axis in axes], dtype=np.int64))
            elif each.operation == "cross_entropy":
                found[each.label] = round(each.parameters["count"])
    return found


def _values(walk: ArrayWalk, step: ArrayStep) -> Mapping[str, Floats]:
    assert step.consumer is not None, "a rule is that of a backward step"
    arrays = [step.consumer.place, *(operand for operand in step.consumer.operands if operand != ABSENT)]
    values = {walk.arrays[place].label: walk.numbers.filled(place) for place in arrays}
    upstream = np.nan_to_num(walk.numbers.gradient(step.consumer.place))
    return {**values, derivative_label(walk.graph, step.consumer.place): upstream}
