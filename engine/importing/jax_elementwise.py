"""Primitives of JAX that act on each entry alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .jax_reader import JaxReader, Rule
from .reader import Recorded

_SAME = {
    "add": "add", "add_any": "add", "sub": "subtract", "mul": "multiply", "neg": "negative", "exp": "exp",
    "exp2": "exp2", "expm1": "expm1", "log": "log", "log1p": "log1p", "sqrt": "sqrt", "rsqrt": "rsqrt",
    "cbrt": "cbrt", "square": "square", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh",
    "tanh": "tanh", "logistic": "sigmoid", "abs": "abs", "sign": "sign", "max": "maximum", "min": "minimum",
    "erf": "erf", "stop_gradient": "stop_gradient",
}  # fmt: skip
"""Primitives that gradwalk has too, by its name for them."""

_ARRANGED = frozenset({"broadcast_to", "reshape", "expand_dims"})
"""What may stand between a sum and the division by its count, in a mean that keeps its axes."""


def _same(operation: str) -> Rule:
    def rule(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
        return reader.record(operation, *operands)

    return rule


def _passed_on(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    return operands[0] if len(operands) == 1 else [*operands]


def _without_slope(function: Any) -> Rule:
    """Make the rule of a function that is flat wherever it has a slope: its result is concrete."""

    def rule(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
        return function(reader.numbers(operands[0]))

    return rule


def _round(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    numbers = reader.numbers(operands[0])
    to_even = int(parameters["rounding_method"]) == 1
    return np.round(numbers) if to_even else np.trunc(numbers + np.copysign(0.5, numbers))


def _convert(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    kind = str(parameters["new_dtype"])
    if "float" in kind:
        return operands[0]
    if "complex" in kind:
        raise reader.unknown("convert_element_type to complex numbers")
    return reader.jax.numpy.asarray(reader.numbers(operands[0])).astype(parameters["new_dtype"])


def _integer_pow(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    exponent = int(parameters["y"])
    if exponent == 1:
        return operands[0]
    if exponent == -1:
        return reader.record("reciprocal", operands[0])
    return reader.record("power", operands[0], float(exponent))


def _power(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    return reader.record("power", *operands)


def _erfc(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    return reader.record("subtract", 1.0, reader.record("erf", operands[0]))


def _clamp(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    low, number, high = operands
    return reader.record("clip", number, low, high)


def _div(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    return _mean(reader, *operands) or reader.record("divide", *operands)


def _mean(reader: JaxReader, numerator: Any, denominator: Any) -> Recorded | None:
    """Record a sum that is divided by how many numbers it adds as the mean that it is; None for anything else."""
    if not isinstance(numerator, Recorded) or isinstance(denominator, Recorded) or np.size(denominator) != 1:
        return None
    arrays = reader.recording.tape.arrays
    arranged: list[int] = []
    node = arrays[numerator.place]
    while node.operation in _ARRANGED and arrays[node.operands[0]].entries.size == node.entries.size:
        arranged.append(node.operands[0])
        node = arrays[node.operands[0]]
    if node.operation != "sum" or not node.entries.size:
        return None
    count = arrays[node.operands[0]].entries.size // node.entries.size
    if count < 2 or float(np.reshape(denominator, ())) != count:
        return None
    axes, shape = node.parameters["axis"], reader.shape(numerator)
    lengths = enumerate(arrays[node.operands[0]].shape)
    is_kept = shape == tuple(1 if axis in axes else length for axis, length in lengths)
    mean = reader.record("mean", Recorded(node.operands[0]), axis=axes, keepdims=is_kept)
    return mean if reader.shape(mean) == shape else reader.record("reshape", mean, shape=shape)


def _select(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    which, *cases = operands
    which = np.asarray(which).astype(np.int64)
    if (which == which.flat[0]).all() if which.size else False:
        return cases[int(which.flat[0])]
    result = cases[0]
    for number, case in enumerate(cases[1:], 1):
        result = reader.record("where", case, result, condition=which == number)
    return result


def _rem(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    """x - y·trunc(x/y), whose last factor has no slope."""
    x, y = operands
    with np.errstate(all="ignore"):
        times = np.trunc(reader.numbers(x) / reader.numbers(y))
    return reader.record("subtract", x, reader.record("multiply", y, times))


def _asinh(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    """s·ln(s·x + √(x² + 1)), with s = -1 where x is negative, else 1."""
    (x,) = operands
    sign = np.where(reader.numbers(x) < 0, -1.0, 1.0)
    root = reader.record("sqrt", reader.record("add", reader.record("square", x), 1.0))
    total = reader.record("add", reader.record("multiply", sign, x), root)
    return reader.record("multiply", sign, reader.record("log", total))


def _acosh(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    """ln(x + √(x² - 1))."""
    (x,) = operands
    root = reader.record("sqrt", reader.record("subtract", reader.record("square", x), 1.0))
    return reader.record("log", reader.record("add", x, root))


def _atanh(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    """½·ln((1 + x)/(1 - x))."""
    (x,) = operands
    ratio = reader.record("divide", reader.record("add", 1.0, x), reader.record("subtract", 1.0, x))
    return reader.record("multiply", 0.5, reader.record("log", ratio))


RULES: dict[str, Rule] = {
    **{primitive: _same(operation) for primitive, operation in _SAME.items()},
    **dict.fromkeys(
        ("copy", "copy_p", "device_put", "reduce_precision", "optimization_barrier", "name", "sharding_constraint"),
        _passed_on,
    ),
    "convert_element_type": _convert,
    "floor": _without_slope(np.floor),
    "ceil": _without_slope(np.ceil),
    "round": _round,
    "integer_pow": _integer_pow,
    "pow": _power,
    "erfc": _erfc,
    "clamp": _clamp,
    "div": _div,
    "select_n": _select,
    "rem": _rem,
    "asinh": _asinh,
    "acosh": _acosh,
    "atanh": _atanh,
}
