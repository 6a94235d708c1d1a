"""`fitting_products`: which products of two matrices, transposed or not, have a shape: why a transpose stands there."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from ..array_formulas.formula import ArrayName, Shape
from ..array_formulas.functions import matmul, transposed
from ..rules.formula import Formula

_TRANSPOSED: tuple[tuple[bool, bool], ...] = ((False, False), (True, False), (False, True), (True, True))


@dataclass(frozen=True, eq=False)
class Product:
    """A product of two matrices: which of the two stands left, 0 or 1, and which of them are transposed."""

    formula: Formula
    left: int
    transposed: tuple[bool, bool]
    shape: Shape


def products(first: ArrayName, second: ArrayName) -> list[Product]:
    """Return the products of two matrices, in either order and transposed or not, whose inner lengths are equal.

    Of the eight there are at most those that NumPy would compute. Both have two axes.
    """
    found: list[Product] = []
    for left, flags in itertools.product((0, 1), _TRANSPOSED):
        factors = [transposed(name) if flag else name for name, flag in zip((first, second), flags, strict=True)]
        shapes = [name.shape[::-1] if flag else name.shape for name, flag in zip((first, second), flags, strict=True)]
        right = 1 - left
        if shapes[left][1] == shapes[right][0]:
            shape = shapes[left][0], shapes[right][1]
            found.append(Product(matmul(factors[left], factors[right]), left, flags, shape))
    return found


def fitting_products(first: ArrayName, second: ArrayName, shape: Shape) -> list[Product]:
    """Return those of the products that have a shape."""
    return [product for product in products(first, second) if product.shape == shape]
