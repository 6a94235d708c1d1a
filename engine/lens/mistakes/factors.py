"""Factors that are not multiplied, signs that are lost, and terms of a compound's rule that are left out."""

from __future__ import annotations

from collections.abc import Iterator

from ...array_formulas.formula import ArrayName, parts, replaced
from ...array_formulas.functions import broadcast
from ...array_formulas.printers.unicode import NOTATION as UNICODE
from ...rules.formula import Formula, Number, Operation, Origin
from .mistake import ArrayMistake, Made, StepSite


def _upstream_forgotten(at: StepSite) -> Iterator[Made]:
    ones = broadcast(Number(1.0, Origin.LITERAL), at.upstream.shape) if at.upstream.shape else Number(1.0)
    without = _replaced(at.right, at.upstream.label, ones)
    if without is not None and at.right is not at.upstream:
        yield (
            without,
            f"This is the local derivative alone: the upstream gradient {at.upstream.label} is not multiplied.",
        )


def _local_forgotten(at: StepSite) -> Iterator[Made]:
    if at.right is at.upstream or at.upstream.shape != at.shape or at.operation in ("transpose", "reshape"):
        return
    yield (
        at.upstream,
        f"{at.upstream.label} is the upstream gradient: it has to be multiplied by the local derivative of "
        f"{at.operation}.",
    )


def _sign(at: StepSite) -> Iterator[Made]:
    yield -at.right, f"The sign is wrong: {at.name} = {UNICODE.formula(at.right)}."


def _targets_forgotten(at: StepSite) -> Iterator[Made]:
    if at.operation != "cross_entropy" or at.position != 0:
        return
    difference = next(
        (part for part in parts(at.right) if isinstance(part, Operation) and part.function == "sub"), None
    )
    if difference is None:
        return
    probabilities, targets = difference.operands
    for one, why in (
        (probabilities, f"the targets {UNICODE.formula(targets)} are not subtracted from the probabilities"),
        (
            -targets,
            "the probabilities are missing beside the targets",
        ),
    ):
        without = _with(at.right, difference, one)
        yield without, f"Here {why}: {at.name} = {UNICODE.formula(at.right)}."


def _statistics_forgotten(at: StepSite) -> Iterator[Made]:
    if at.operation not in ("layer_norm", "batch_norm") or at.position != 0:
        return
    if not isinstance(at.right, Operation) or at.right.function != "div":
        return
    inner, deviation = at.right.operands
    if not isinstance(inner, Operation) or not isinstance(inner.operands[0], Operation):
        return
    upstream, mean = inner.operands[0].operands
    spread = inner.operands[1]
    for made, what in (
        (upstream, "the mean and the deviation hang on x too"),
        (upstream - mean, "the deviation hangs on x too"),
        (upstream - spread, "the mean hangs on x too"),
    ):
        yield made / deviation, f"Here a term is missing, for {what}: {at.name} = {UNICODE.formula(at.right)}."


def _softmax_diagonal(at: StepSite) -> Iterator[Made]:
    if at.operation == "softmax":
        out: Formula = at.out
        yield (
            at.upstream * out * (1 - out),
            f"Y ⊙ (1 - Y) is how each entry changes with its own operand; each of {at.out.label} changes with all "
            "operands of its row, so a sum over the row is subtracted.",
        )


def _replaced(formula: Formula, label: str, other: Formula) -> Formula | None:
    """Return a formula with another part in the place of a name; None where the name does not occur."""
    names = [part for part in parts(formula) if isinstance(part, ArrayName) and part.label == label]
    return _with(formula, names[0], other) if names else None


def _with(formula: Formula, part: Formula, other: Formula) -> Formula:
    """Return a formula with another part in the place of one, of a name wherever it stands."""

    def is_it(each: Formula) -> bool:
        return each is part or (
            isinstance(each, ArrayName) and isinstance(part, ArrayName) and each.label == part.label
        )

    return replaced(formula, lambda each: other if is_it(each) else None)


MISTAKES = (
    ArrayMistake("targets-forgotten", "P or Y is left out of P - Y", _targets_forgotten),
    ArrayMistake("statistics-forgotten", "the mean and the deviation are taken for constants", _statistics_forgotten),
    ArrayMistake("softmax-diagonal", "a softmax is taken for a function of each entry", _softmax_diagonal),
    ArrayMistake("sign", "a sign is lost", _sign),
    ArrayMistake("upstream-forgotten", "the upstream gradient is not multiplied", _upstream_forgotten),
    ArrayMistake("local-forgotten", "the local derivative is not multiplied", _local_forgotten),
)
"""The entries of the table."""
