"""Wrong products of matrices: a transpose too many or too few, the other order, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator

from ...array_formulas.formula import ArrayName, ArrayOperation
from ...array_formulas.functions import matmul, transposed
from ...array_formulas.printers.unicode import NOTATION as UNICODE
from ...array_formulas.shapes import ShapesDoNotFit, shape_of
from ...rules.formula import Operation
from ..fitting import products
from .mistake import ArrayMistake, Made, StepSite


def _transposes(at: StepSite) -> Iterator[Made]:
    written = UNICODE.formula(at.right)
    if len(at.shape) == 2 and at.operation != "transpose":
        turned = f"This is {at.name} transposed: {at.name} has the shape of {at.label}, {at.shape}"
        turned += ", and its entries in the same places." if at.shape[0] == at.shape[1] else "."
        yield transposed(at.right), turned
    if at.operation != "matmul" or len(at.operands) != 2:
        return
    other = at.operands[1 - at.position]
    if not isinstance(other, ArrayName) or len(other.shape) != 2 or len(at.upstream.shape) != 2:
        return
    for product in products(at.upstream, other):
        text = UNICODE.formula(product.formula)
        if text == written:
            continue
        if product.shape != at.shape:
            why = f"{text} has the shape {product.shape}; {at.name} has that of {at.label}, {at.shape}: {written}."
        else:
            why = f"{text} has the right shape, but other entries meet in it: the rule is {written}."
        yield product.formula, why


def _forgotten_transpose(at: StepSite) -> Iterator[Made]:
    if at.operation == "transpose" and isinstance(at.right, ArrayOperation) and at.right.function == "transpose":
        yield (
            at.upstream,
            f"{at.out.label} is {at.label} transposed, so its gradient {at.upstream.label} "
            f"{at.upstream.shape} has to be transposed back to {at.shape}.",
        )


def _entry_by_entry(at: StepSite) -> Iterator[Made]:
    if at.operation == "matmul" and len(at.operands) == 2:
        other = at.operands[1 - at.position]
        for factor in (other, transposed(other)):
            product = Operation("mul", (at.upstream, factor))
            try:
                shape_of(product)
            except ShapesDoNotFit:
                continue
            yield (
                product,
                f"{at.out.label} is a product of matrices, so each entry of {at.label} goes into a whole row or column "
                f"of it: {UNICODE.formula(at.right)} adds over them, and ⊙ does not.",
            )
    elif isinstance(at.right, Operation) and not isinstance(at.right, ArrayOperation) and at.right.function == "mul":
        left, right = at.right.operands
        if len(shape_of(left)) == len(shape_of(right)) == 2:
            product = matmul(left, right)
            try:
                shape_of(product)
            except ShapesDoNotFit:
                return
            yield (
                product,
                f"{at.operation} acts on each entry alone: the product is taken entry by entry, ⊙, and not ·.",
            )


MISTAKES = (
    ArrayMistake("wrong-transpose", "a transpose too many, too few, or the other order", _transposes),
    ArrayMistake("transpose-forgotten", "the gradient of a transpose is not transposed back", _forgotten_transpose),
    ArrayMistake(
        "matrix-product", "entry by entry in place of a product of matrices, or the other way", _entry_by_entry
    ),
)
"""The entries of the table."""
