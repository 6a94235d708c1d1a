"""NumPy's universal functions on recorded arrays: which operation each one is."""

# NumPy's functions take anything, and so do these:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownMemberType=false

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from ..errors import CutGraphError
from ..scalar import Scalar
from .recorded_array import RecordedArray

_OPERATIONS: Mapping[str, str] = {
    **{
        name: name
        for name in (
            *("add", "subtract", "multiply", "divide", "power", "minimum", "maximum", "logaddexp", "hypot"),
            *("negative", "reciprocal", "square", "sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p"),
            *("sin", "cos", "tan", "sinh", "cosh", "tanh", "sign", "cbrt", "matmul", "erf"),
        )
    },
    "absolute": "abs",
    "fabs": "abs",
    "float_power": "power",
    "fmax": "maximum",
    "fmin": "minimum",
    "expit": "sigmoid",
}
"""By the name of a function of NumPy, or of scipy.special, the operation that it is."""

_COMPOSED: Mapping[str, Callable[..., Any]] = {
    "positive": lambda record, x: x,
    "conjugate": lambda record, x: x,
    "degrees": lambda record, x: record("multiply", x, 180 / math.pi),
    "rad2deg": lambda record, x: record("multiply", x, 180 / math.pi),
    "radians": lambda record, x: record("multiply", x, math.pi / 180),
    "deg2rad": lambda record, x: record("multiply", x, math.pi / 180),
    "vecdot": lambda record, x, y: record("einsum", x, y, subscripts="...i,...i->..."),
    "matvec": lambda record, x, y: record("einsum", x, y, subscripts="...ij,...j->...i"),
    "vecmat": lambda record, x, y: record("einsum", x, y, subscripts="...i,...ij->...j"),
    "clip": lambda record, x, low, high: record("clip", x, low, high),
}

_ON_VALUES = frozenset(
    {"greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "isnan", "isinf", "isfinite", "signbit"}
)
"""What gives yes or no, so nothing to go on with: it is asked of the numbers."""

_REDUCED: Mapping[str, str] = {
    "add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min", "fmax": "max", "fmin": "min",
}  # fmt: skip
_ACCUMULATED: Mapping[str, str] = {"add": "cumulative_sum", "multiply": "cumulative_prod"}

_NOTHING: Any = np._NoValue  # pyright: ignore

_JUMPS = frozenset({"floor", "ceil", "rint", "trunc", "floor_divide", "remainder", "fmod", "mod", "divmod", "modf"})


def apply(array: RecordedArray, ufunc: np.ufunc, method: str, inputs: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """Apply a ufunc to inputs of which at least one is recorded.

    Comparisons give plain booleans. Raises CutGraphError for what has no rule.
    """
    name, options = ufunc.__name__, dict(options)
    _refuse_targets(array, options.pop("out", None), inputs)
    if name in _ON_VALUES and method == "__call__":
        return ufunc(*map(plain, inputs), **options)
    if options.pop("where", True) not in (True, None, _NOTHING):
        raise CutGraphError("where= leaves entries without a value here: write numpy.where(condition, x, y)")
    options.pop("dtype", None)
    if method == "__call__":
        return _called(array, name, inputs)
    if method == "reduce" and name in _REDUCED:
        start, keepdims = (options.pop(key, None) for key in ("initial", "keepdims"))
        given = {"axis": options.pop("axis", 0), "keepdims": keepdims is True}
        result = array.record(_REDUCED[name], *inputs, **given)
        return result if start is None or start is _NOTHING else array.record(name, result, start)
    if method == "accumulate" and name in _ACCUMULATED:
        return array.record(_ACCUMULATED[name], *inputs, axis=options.get("axis", 0))
    if method == "outer" and (name in _OPERATIONS) and ufunc.nin == 2:
        left, right = (array.at(array.lift(each)) for each in inputs)
        spread = array.record("reshape", left, shape=(*left.shape, *(1 for _ in right.shape)))
        return array.record(_OPERATIONS[name], spread, right)
    return _refuse(array, f"{name}.{method}", inputs)


def _called(array: RecordedArray, name: str, inputs: Sequence[Any]) -> Any:
    if name == "add" and type(inputs[0]) is int and inputs[0] == 0:
        return inputs[1]  # so that Python's sum() adds nothing for its start
    if name == "heaviside":
        if plain(inputs[1]).any():
            raise CutGraphError("gradwalk has a rule for numpy.heaviside(x, 0) alone, which is 0 at 0")
        return array.record("step", inputs[0])
    if name in _OPERATIONS:
        return array.record(_OPERATIONS[name], *inputs)
    if name in _COMPOSED:
        return _COMPOSED[name](array.record, *inputs)
    return _refuse(array, name, inputs)


def plain(operand: Any) -> Any:
    """Return the plain numbers of an operand, which may be plain already."""
    if isinstance(operand, RecordedArray | Scalar):
        return np.asarray(operand.value)
    return np.asarray(operand)


def _refuse_targets(array: RecordedArray, targets: Any, inputs: Sequence[Any]) -> None:
    for target in targets or ():
        if target is None or (isinstance(target, RecordedArray) and target is inputs[0]):
            continue  # x += y makes a new x
        raise CutGraphError(
            "an array that is there already cannot hold what is recorded: write a = a + x in place of a += x, and "
            "a = numpy.exp(x) in place of out="
        )


def _refuse(array: RecordedArray, name: str, inputs: Sequence[Any]) -> NoReturn:
    hint = "it jumps, and is flat between the jumps; " if name in _JUMPS else ""
    raise CutGraphError(
        f"gradwalk has no rule for numpy.{name}: {hint}write x.value for the plain numbers of x, "
        "which carry no gradient"
    )
