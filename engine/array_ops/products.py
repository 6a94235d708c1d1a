"""Products of matrices, and what einsum writes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..array_formulas.pullbacks import products as pullbacks
from ..arrays import Indices
from ..errors import GraphError
from ..graph.tape import Tape
from .array_op import ArrayOp
from .entries import broadcast, entrywise, need_room, reduced, summed_products

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _matmul(tape: Tape, x: Indices, y: Indices) -> Indices:
    """x[..., i, :] times y[..., :, j]; a vector is a row on the left and a column on the right."""
    if not x.ndim or not y.ndim:
        raise GraphError("a product of matrices takes no single numbers: write * instead of @")
    left = x if x.ndim > 1 else x[np.newaxis, :]
    right = y if y.ndim > 1 else y[:, np.newaxis]
    if left.shape[-1] != right.shape[-2]:
        raise GraphError(
            f"a product of the shapes {x.shape} @ {y.shape} does not exist: the left has {left.shape[-1]} columns, "
            f"the right {right.shape[-2]} rows"
        )
    columns = np.swapaxes(right, -1, -2)
    sums = summed_products(tape, *broadcast(left[..., :, np.newaxis, :], columns[..., np.newaxis, :, :]))
    if x.ndim == 1:
        sums = sums[..., 0, :]
    return sums[..., 0] if y.ndim == 1 else sums


@dataclass(frozen=True)
class Subscripts:
    """The subscripts of an einsum, ellipses spelt out: the letters of each operand and of the result."""

    operands: tuple[str, ...]
    result: str

    @classmethod
    def read(cls, text: str, dimensions: tuple[int, ...]) -> Subscripts:
        """Read subscripts for operands of so many dimensions; raises GraphError where they do not fit."""
        left, arrow, result = text.replace(" ", "").partition("->")
        parts = left.split(",")
        if len(parts) != len(dimensions):
            raise GraphError(f"einsum({text!r}) is for {len(parts)} arrays, and {len(dimensions)} are given")
        free = [letter for letter in _LETTERS if letter not in text]
        most = max(
            (ndim - len(part) + 3 for part, ndim in zip(parts, dimensions, strict=True) if "..." in part), default=0
        )
        spread = "".join(free[:most])
        spelt: list[str] = []
        for part, ndim in zip(parts, dimensions, strict=True):
            own = max(ndim - len(part) + 3, 0)
            letters = part.replace("...", spread[most - own :])
            if len(letters) != ndim or (not letters.isalpha() and letters):
                raise GraphError(f"einsum({text!r}): {part!r} does not fit an array of {ndim} dimensions")
            spelt.append(letters)
        if not arrow:
            every = "".join(spelt)
            single = sorted(letter for letter in set(every) if every.count(letter) == 1 and letter not in spread)
            result = "..." + "".join(single)
        result = result.replace("...", spread)
        if len(set(result)) < len(result) or not set(result) <= set("".join(spelt)):
            raise GraphError(f"einsum({text!r}): the result has a letter twice, or one that no array has")
        return cls(tuple(spelt), result)


def _einsum(tape: Tape, *operands: Indices, subscripts: str) -> Indices:
    """Multiply the entries at equal letters and add over the letters that the result does not have."""
    read = Subscripts.read(subscripts, tuple(operand.ndim for operand in operands))
    summed = "".join(dict.fromkeys(letter for part in read.operands for letter in part if letter not in read.result))
    order = read.result + summed
    laid_out = broadcast(*(_laid_out(x, part, order) for x, part in zip(operands, read.operands, strict=True)))
    need_room(laid_out[0].size)
    sums = math.prod(laid_out[0].shape[len(read.result) :])
    laid_out = [x.reshape((*x.shape[: len(read.result)], sums)) for x in laid_out]
    if len(laid_out) == 2 and summed:
        return summed_products(tape, *laid_out)
    product = laid_out[0]
    for factor in laid_out[1:]:
        product = entrywise(tape, "mul", product, factor)
    return reduced(tape, "sum", product)


def _laid_out(x: Indices, letters: str, order: str) -> Indices:
    """Give x one axis for each letter of `order`, of length 1 for letters that it does not have."""
    own = "".join(dict.fromkeys(letters))
    try:
        diagonal = np.einsum(f"{letters}->{''.join(sorted(own, key=order.index))}", x)
    except ValueError:
        raise GraphError(f"the axes {letters!r} of an array of the shape {x.shape} are not equally long") from None
    return diagonal[tuple(slice(None) if letter in own else np.newaxis for letter in order)]


OPERATIONS = (ArrayOp("matmul", _matmul, pullbacks.product), ArrayOp("einsum", _einsum, pullbacks.einsum))
