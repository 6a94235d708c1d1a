"""Sums that are forgotten or too many: over the batch, and the 1/m of a mean."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...array_formulas.formula import ArrayOperation
from ...array_formulas.functions import axes_of, called, picked, reshaped
from ...array_formulas.printers.unicode import NOTATION as UNICODE
from ...array_formulas.shapes import shape_of
from ...rules.formula import Formula, Number, Origin
from .mistake import ArrayMistake, Made, StepSite


def _summed(formula: Formula) -> ArrayOperation | None:
    """Return the sum that a rule is, or that it reshapes; None where it is none."""
    while isinstance(formula, ArrayOperation) and formula.function == "reshape":
        (formula,) = formula.operands
    return formula if isinstance(formula, ArrayOperation) and formula.function == "sum" else None


def _batch_sum(at: StepSite) -> Iterator[Made]:
    found = _summed(at.right)
    if found is None:
        return
    (inner,) = found.operands
    shape = shape_of(inner)
    axes = axes_of(found.parameters["axis"], len(shape))
    times = math.prod(shape[axis] for axis in axes)
    along = f"axis {axes[0]}" if len(axes) == 1 else f"the axes {', '.join(map(str, axes))}"
    went = f"{at.label} {at.shape} was broadcast to {at.out.shape}, so each entry of it went into {times} entries"
    yield (
        inner,
        f"{went}: their contributions have to be added over {along}. {UNICODE.formula(inner)} still has the shape "
        f"{shape}.",
    )
    yield (
        called("mean", inner, axis=axes, keepdims=bool(found.parameters.get("keepdims", False))),
        f"{went}: their contributions are added over {along}; this is their mean.",
    )
    for row in (0, -1):
        index = tuple(row if axis in axes else slice(None) for axis in range(len(shape)))
        yield (
            reshaped(picked(inner, index), at.shape),
            f"{went}: their contributions have to be added over {along}, and this is the one of the "
            f"{'first' if row == 0 else 'last'} alone.",
        )


def _mean_forgotten(at: StepSite) -> Iterator[Made]:
    for label, count in at.means.items():
        if count > 1:
            yield (
                Number(float(count), Origin.RULE) * at.right,
                f"{label} is a mean of {count}: the factor 1/{count} is missing.",
            )


def _mean_too_many(at: StepSite) -> Iterator[Made]:
    rows = at.out.shape[0] if at.out.shape else 1
    if rows > 1 and _summed(at.right) is None:
        yield (
            at.right / rows,
            f"This is divided by {rows} once too often: {at.name} has no factor 1/{rows} beside that of the upstream "
            "gradient."
            if at.means
            else f"This is divided by {rows}, but no mean lies between {at.label} and {at.output}.",
        )


def _spread_forgotten(at: StepSite) -> Iterator[Made]:
    """The gradient of a sum or a mean goes to all entries; somebody may leave it as it is."""
    if at.operation in ("sum", "mean"):
        shared: Formula = at.upstream if at.operation == "sum" else at.upstream / at.means.get(at.out.label, 1)
        if at.upstream.shape != at.shape:
            yield (
                shared,
                f"{UNICODE.formula(shared)} has the shape {at.upstream.shape}; every entry of {at.label} "
                f"{at.shape} gets it, so it is broadcast to {at.shape}.",
            )


MISTAKES = (
    ArrayMistake("batch-sum-forgotten", "the sum over the batch is forgotten", _batch_sum),
    ArrayMistake("mean-forgotten", "the 1/m of a mean is forgotten", _mean_forgotten),
    ArrayMistake("mean-too-many", "divided by m where there is no mean, or once too often", _mean_too_many),
    ArrayMistake("spread-forgotten", "the gradient of a sum is not broadcast back", _spread_forgotten),
)
"""The entries of the table."""
