"""Operations of PyTorch that act on each entry alone. Where a function has a corner, the slope is PyTorch's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .reader import Recorded
from .torch_reader import Rule, TorchReader

_SAME = {
    "neg": "negative", "exp": "exp", "exp2": "exp2", "expm1": "expm1", "log": "log", "log2": "log2", "log10": "log10",
    "log1p": "log1p", "sqrt": "sqrt", "rsqrt": "rsqrt", "reciprocal": "reciprocal", "square": "square", "sin": "sin",
    "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "sigmoid": "sigmoid", "relu": "relu",
    "abs": "abs", "sign": "sign", "sgn": "sign", "erf": "erf",
}  # fmt: skip
"""Functions of one number that gradwalk has too, by its name for them."""

_SAME_OF_TWO = {
    "mul": "multiply", "maximum": "maximum", "minimum": "minimum", "fmax": "maximum", "fmin": "minimum",
    "logaddexp": "logaddexp", "hypot": "hypot",
}  # fmt: skip

_PASSED_ON = ("alias", "clone", "contiguous", "lift_fresh_copy", "_to_copy", "positive", "lift_fresh", "view_as")
"""What gives the same numbers."""


_NEW = tuple(
    f"aten.{name}"
    for name in (
        "zeros_like", "ones_like", "full_like", "empty_like", "rand_like", "randn_like", "new_zeros", "new_ones",
        "new_full", "new_empty", "new_empty_strided", "bernoulli", "multinomial", "randint_like", "normal", "uniform",
    )
)  # fmt: skip
"""What makes an array that a gradient does not flow through."""


def _of_one(operation: str) -> Rule:
    def rule(reader: TorchReader, input: Any, **_: Any) -> Recorded:
        return reader.record(operation, input)

    return rule


def _of_two(operation: str) -> Rule:
    def rule(reader: TorchReader, input: Any, other: Any, **_: Any) -> Recorded:
        return reader.record(operation, input, other)

    return rule


def _passed_on(reader: TorchReader, input: Any, **_: Any) -> Any:
    return input


def _detach(reader: TorchReader, input: Any, **_: Any) -> Recorded:
    return reader.record("stop_gradient", input)


def _add(reader: TorchReader, input: Any, other: Any, alpha: Any = 1, **_: Any) -> Recorded:
    return reader.record("add", input, other if alpha == 1 else reader.record("multiply", alpha, other))


def _subtract(reader: TorchReader, input: Any, other: Any, alpha: Any = 1, **_: Any) -> Recorded:
    return reader.record("subtract", input, other if alpha == 1 else reader.record("multiply", alpha, other))


def _subtract_from(reader: TorchReader, input: Any, other: Any, alpha: Any = 1, **_: Any) -> Recorded:
    return _subtract(reader, other, input, alpha)


def _divide(reader: TorchReader, input: Any, other: Any, rounding_mode: str | None = None, **_: Any) -> Any:
    if rounding_mode is not None:
        return reader.result()  # a number of steps: it has no slope
    return reader.record("divide", input, other)


def _power(reader: TorchReader, input: Any, exponent: Any, **_: Any) -> Any:
    number = float(exponent) if isinstance(exponent, int | float) else None
    if number == 1:
        return input
    if number in (-1, 0.5, -0.5):
        return reader.record({-1: "reciprocal", 0.5: "sqrt", -0.5: "rsqrt"}[number], input)
    return reader.record("power", input, exponent)


def _clamp(reader: TorchReader, input: Any, min: Any = None, max: Any = None, **_: Any) -> Any:
    """max(min(x, upper), lower); on a bound x itself counts, as in PyTorch."""
    result = input
    for bound, operation in ((min, "maximum"), (max, "minimum")):
        if bound is None:
            continue
        on_bound = reader.numbers(result) == reader.numbers(bound)
        extreme = reader.record(operation, result, bound)
        result = reader.record("where", result, extreme, condition=on_bound) if on_bound.any() else extreme
    return result


def _clamp_min(reader: TorchReader, input: Any, min: Any, **_: Any) -> Any:
    return _clamp(reader, input, min)


def _clamp_max(reader: TorchReader, input: Any, max: Any, **_: Any) -> Any:
    return _clamp(reader, input, None, max)


def _hardtanh(reader: TorchReader, input: Any, min_val: float = -1.0, max_val: float = 1.0, **_: Any) -> Recorded:
    numbers = reader.numbers(input)
    inside = (numbers > min_val) & (numbers < max_val)
    return reader.record("where", input, np.clip(numbers, min_val, max_val), condition=inside)


def _where(reader: TorchReader, condition: Any, input: Any, other: Any, **_: Any) -> Recorded:
    return reader.record("where", input, other, condition=reader.numbers(condition) != 0)


def _masked_fill(reader: TorchReader, input: Any, mask: Any, value: Any, **_: Any) -> Recorded:
    return reader.record("where", value, input, condition=reader.numbers(mask) != 0)


def _leaky_relu(reader: TorchReader, input: Any, negative_slope: float = 0.01, **_: Any) -> Recorded:
    flat = reader.record("multiply", negative_slope, input)
    return reader.record("where", input, flat, condition=reader.numbers(input) > 0)


def _elu(
    reader: TorchReader, input: Any, alpha: float = 1.0, scale: float = 1.0, input_scale: float = 1.0, **_: Any
) -> Recorded:
    """scale·x above 0, scale·alpha·(e^(input_scale·x) - 1) below."""
    inner = input if input_scale == 1 else reader.record("multiply", input_scale, input)
    below = reader.record("subtract", reader.record("exp", inner), 1.0)
    below = below if alpha == 1 else reader.record("multiply", alpha, below)
    result = reader.record("where", input, below, condition=reader.numbers(input) > 0)
    return result if scale == 1 else reader.record("multiply", scale, result)


def _gelu(reader: TorchReader, input: Any, approximate: str = "none", **_: Any) -> Recorded:
    """x·Φ(x), with Φ(x) = (1 + erf(x/√2))/2, or by tanh (Hendrycks and Gimpel, arXiv:1606.08415)."""
    with reader.within("gelu"):
        if approximate == "tanh":
            cube = reader.record("multiply", 0.044715, reader.record("power", input, 3.0))
            inner = reader.record("multiply", math.sqrt(2 / math.pi), reader.record("add", input, cube))
            curve = reader.record("tanh", inner)
        else:
            curve = reader.record("erf", reader.record("divide", input, math.sqrt(2)))
        part = reader.record("multiply", 0.5, reader.record("add", 1.0, curve))
        return reader.record("multiply", input, part)


def _silu(reader: TorchReader, input: Any, **_: Any) -> Recorded:
    with reader.within("silu"):
        return reader.record("multiply", input, reader.record("sigmoid", input))


def _mish(reader: TorchReader, input: Any, **_: Any) -> Recorded:
    with reader.within("mish"):
        return reader.record("multiply", input, reader.record("tanh", reader.record("softplus", input)))


def _softplus(reader: TorchReader, input: Any, beta: float = 1, threshold: float = 20, **_: Any) -> Recorded:
    """ln(1 + e^(beta·x))/beta; where beta·x is above the threshold, PyTorch takes x itself."""
    inner = input if beta == 1 else reader.record("multiply", beta, input)
    result = reader.record("softplus", inner)
    result = result if beta == 1 else reader.record("divide", result, beta)
    straight = reader.numbers(input) * float(beta) > threshold
    return reader.record("where", input, result, condition=straight) if straight.any() else result


def _log_sigmoid(reader: TorchReader, input: Any, **_: Any) -> tuple[Recorded]:
    with reader.within("logsigmoid"):
        return (reader.record("negative", reader.record("softplus", reader.record("negative", input))),)


def _erfc(reader: TorchReader, input: Any, **_: Any) -> Recorded:
    return reader.record("subtract", 1.0, reader.record("erf", input))


def _prelu(reader: TorchReader, input: Any, weight: Any, **_: Any) -> Recorded:
    steep = reader.record("multiply", weight, input)
    return reader.record("where", input, steep, condition=reader.numbers(input) > 0)


def _leaky_by_mean(
    reader: TorchReader, input: Any, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False, **_: Any
) -> Recorded:
    """A leaky relu by the mean of the slopes that are drawn in training."""
    if training:
        raise reader.unknown("rrelu with slopes drawn at random")
    return _leaky_relu(reader, input, (float(lower) + float(upper)) / 2)


def _arsinh(reader: TorchReader, input: Any, **_: Any) -> Recorded:
    """s·ln(s·x + √(x² + 1)), with s = -1 where x is negative, else 1."""
    sign = np.where(reader.numbers(input) < 0, -1.0, 1.0)
    root = reader.record("sqrt", reader.record("add", reader.record("square", input), 1.0))
    total = reader.record("add", reader.record("multiply", sign, input), root)
    return reader.record("multiply", sign, reader.record("log", total))


def _arcosh(reader: TorchReader, input: Any, **_: Any) -> Recorded:
    """ln(x + √(x² - 1))."""
    root = reader.record("sqrt", reader.record("subtract", reader.record("square", input), 1.0))
    return reader.record("log", reader.record("add", input, root))


def _artanh(reader: TorchReader, input: Any, **_: Any) -> Recorded:
    """½·ln((1 + x)/(1 - x))."""
    ratio = reader.record("divide", reader.record("add", 1.0, input), reader.record("subtract", 1.0, input))
    return reader.record("multiply", 0.5, reader.record("log", ratio))


def _remainder(reader: TorchReader, input: Any, other: Any, **_: Any) -> Recorded:
    """x less the whole number of times that `other` goes into it."""
    times = np.round((reader.numbers(input) - reader.numbers(reader.result())) / reader.numbers(other))
    return reader.record("subtract", input, reader.record("multiply", times, other))


def _without_slope(reader: TorchReader, **_: Any) -> Any:
    return reader.result()


RULES: dict[str, Rule] = {
    **{f"aten.{name}": _of_one(operation) for name, operation in _SAME.items()},
    **{f"aten.{name}": _of_two(operation) for name, operation in _SAME_OF_TWO.items()},
    **{f"aten.{name}": _passed_on for name in _PASSED_ON},
    **{f"aten.{name}": _without_slope for name in ("floor", "ceil", "round", "trunc", "floor_divide", "heaviside")},
    "aten.detach": _detach,
    "aten.add": _add,
    "aten.sub": _subtract,
    "aten.rsub": _subtract_from,
    "aten.div": _divide,
    "aten.pow": _power,
    "aten.clamp": _clamp,
    "aten.clamp_min": _clamp_min,
    "aten.clamp_max": _clamp_max,
    "aten.hardtanh": _hardtanh,
    "aten.where": _where,
    "aten.masked_fill": _masked_fill,
    "aten.leaky_relu": _leaky_relu,
    "aten._prelu_kernel": _prelu,
    "aten.rrelu_with_noise": _leaky_by_mean,
    "aten.elu": _elu,
    "aten.gelu": _gelu,
    "aten.silu": _silu,
    "aten.mish": _mish,
    "aten.softplus": _softplus,
    "aten.log_sigmoid_forward": _log_sigmoid,
    "aten.erfc": _erfc,
    "aten.special_erfc": _erfc,
    "aten.asinh": _arsinh,
    "aten.acosh": _arcosh,
    "aten.atanh": _artanh,
    **dict.fromkeys(("aten.remainder", "aten.fmod"), _remainder),
    **dict.fromkeys(_NEW, _without_slope),
}
