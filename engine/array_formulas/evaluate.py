"""`evaluate`: the numbers of a formula of arrays, with an array put in for each name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..arrays import Floats
from ..rules.formula import Constant, Formula, Name, Number, Operation
from ..rules.ops import CODES, OPS
from .formula import ArrayOperation, DefinedName, Shape


def _put_back(entries: Floats, *, key: Any, shape: Shape) -> Floats:
    made = np.zeros(shape)
    np.add.at(made, key, entries)
    return made


def _softmax(x: Floats, *, axis: int = -1) -> Floats:
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def _log_softmax(x: Floats, *, axis: int = -1) -> Floats:
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _logsumexp(x: Floats, *, axis: Any = None, keepdims: bool = False) -> Floats:
    largest = x.max(axis=axis, keepdims=True)
    logarithm = largest + np.log(np.exp(x - largest).sum(axis=axis, keepdims=True))
    return logarithm if keepdims else np.squeeze(logarithm, axis=axis)


def _picked(x: Floats, *, key: Any) -> Floats:
    return x[key]


def _equal(left: Floats, right: Floats) -> Floats:
    return np.equal(left, right).astype(np.float64)


def _einsum(*operands: Floats, subscripts: str) -> Floats:
    return np.einsum(subscripts, *operands)


def _concatenated(*operands: Floats, axis: int = 0) -> Floats:
    return np.concatenate(operands, axis=axis)


def _stacked(*operands: Floats, axis: int = 0) -> Floats:
    return np.stack(operands, axis=axis)


def _one_hot(*, labels: Any, count: int, axis: int = -1) -> Floats:
    places = np.expand_dims(np.asarray(labels), axis)
    along = np.arange(count).reshape([-1 if at == axis % places.ndim else 1 for at in range(places.ndim)])
    return (places == along).astype(np.float64)


def _reshaped(x: Floats, *, shape: tuple[int, ...]) -> Floats:
    return np.reshape(x, shape)  # by its name only since NumPy 2.1


def _where(left: Floats, right: Floats, *, condition: Any) -> Floats:
    return np.where(condition, left, right)


def _running_sum(x: Floats, *, axis: int = 0, reverse: bool = False) -> Floats:
    return np.flip(np.cumsum(np.flip(x, axis), axis), axis) if reverse else np.cumsum(x, axis)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "matmul": np.matmul,
    "outer": np.outer,
    "einsum": _einsum,
    "transpose": np.transpose,
    "reshape": _reshaped,
    "broadcast_to": np.broadcast_to,
    "sum": np.sum,
    "mean": np.mean,
    "max": np.max,
    "min": np.min,
    "prod": np.prod,
    "var": np.var,
    "std": np.std,
    "cumulative_sum": _running_sum,
    "flip": np.flip,
    "roll": np.roll,
    "index": _picked,
    "put_back": _put_back,
    "equal": _equal,
    "one_hot": _one_hot,
    "where": _where,
    "concat": _concatenated,
    "stack": _stacked,
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "logsumexp": _logsumexp,
}
"""What acts on whole arrays, by its name in formulas: operands, then parameters by name, to an array."""


_CONSTANTS = {"π": math.pi, "e": math.e}


def evaluate(formula: Formula, values: Mapping[str, Floats]) -> Floats:
    """Return the numbers of a formula; KeyError for a name that has none. Undefined numbers are nan or infinite."""
    with np.errstate(all="ignore"):
        return np.asarray(_evaluated(formula, values), dtype=np.float64)


def _evaluated(formula: Formula, values: Mapping[str, Floats]) -> Any:
    match formula:
        case DefinedName():
            return _evaluated(formula.definition, values)
        case Name():
            return values[formula.label]
        case Number():
            return np.float64(formula.value)
        case Constant():
            return np.float64(_CONSTANTS[formula.sign])
        case ArrayOperation():
            operands = [_evaluated(operand, values) for operand in formula.operands]
            return FUNCTIONS[formula.function](*operands, **formula.parameters)
        case Operation():
            operands = [_evaluated(operand, values) for operand in formula.operands]
            return OPS[CODES[formula.function]].forward(*operands)
        case _:
            raise TypeError(f"{formula} is no formula of arrays")
