"""The functions that the op table's rules are made of, each on floats, arrays, recorded and printed operands alike.

What Python has as an operator is not here, but for `times`, a product that takes care of 0 times infinity. They come in
two forms, one for Python's floats and one for NumPy's arrays, that compute the same number and lose none on the way
that a float can hold.
"""

# A rule takes whatever kind of operand it is applied to, so it has no types to state:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import functools
import math
import operator
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from . import continued
from .continued import COMPLEX

Rule = Callable[..., Any]
"""Operands (and, for a partial, `out=` the result) to a value of the same kind."""

TINY = sys.float_info.min
"""Closer to 0 than this a float has the fewer digits the closer it is."""

ROUNDED_ALIKE = frozenset({"sqrt", "relu", "step", "sign", "abs", "min", "max", "mul"})
"""The functions that floats and arrays compute alike, to the last bit; the others differ by an ulp or two at times."""

ALGEBRAIC = frozenset(
    {"add", "sub", "mul", "div", "neg", "pow", "sqrt", "relu", "step", "sign", "abs", "min", "max", "sum", "mean"}
)
"""What makes numbers of few digits of numbers of few digits again and again; exp, say, does so of 0 alone."""

ALL_EVEN = 2.0**53
"""From here on floats are even numbers all, and n - 1 is n."""


class Elementary:
    """A function that works on whatever a rule is applied to.

    `on_float` may raise `ValueError` or `ArithmeticError` outside its domain; `on_array` answers with
    nan or inf there. `on_complex` is what `continued` has for complex numbers close to the real ones; without it,
    `on_array` serves them too. `Scalar`, `Formula` and `Precise` operands answer through their own `apply(name, ...)`.
    """

    def __init__(self, name: str, on_float: Rule, on_array: Rule, on_complex: Rule | None = None) -> None:
        self.name, self.on_float, self.on_array = name, on_float, on_array
        self.on_complex = on_complex or on_array

    def __call__(self, *operands: Any) -> Any:
        """Compute, record or print, whatever the operands are made for."""
        for operand in operands:
            if type(operand) is not float and type(operand) is not int:
                break
        else:
            return self.on_float(*operands)
        function = self.on_array
        for operand in operands:
            kind = type(operand)
            if kind is complex or (kind in _ARRAYS and operand.dtype is COMPLEX):
                function = self.on_complex
            elif kind is not np.ndarray and hasattr(operand, "apply"):
                return operand.apply(self.name, *operands)
        return function(*operands)


_ARRAYS = frozenset({np.ndarray, np.complex128})
"""What may hold complex numbers."""


def _recorder(operands: tuple[Any, ...]) -> Rule | None:
    """Find the operand that records or prints functions rather than computing them."""
    return next((operand.apply for operand in operands if hasattr(operand, "apply")), None)


def _float_sigmoid(x: float) -> float:
    decay = math.exp(-abs(x))
    return (1.0 if x >= 0 else decay) / (1.0 + decay)


def _array_sigmoid(x: Any) -> Any:
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, decay) / (1.0 + decay)


def _array_erf(x: Any) -> Any:
    return np.asarray(_each_erf(x), dtype=np.float64)[()]  # NumPy has none of its own


_each_erf = np.frompyfunc(math.erf, 1, 1)


def _float_sign(x: float) -> float:
    return math.nan if math.isnan(x) else float((x > 0) - (x < 0))


def _float_step(x: float) -> float:
    return math.nan if math.isnan(x) else float(x > 0)


def _float_min(a: float, b: float) -> float:
    return b if b < a or math.isnan(b) else a


def _float_max(a: float, b: float) -> float:
    return b if b > a or math.isnan(b) else a


def _array_min(a: Any, b: Any) -> Any:
    return np.where((b < a) | np.isnan(b), b, a)  # np.minimum may take either of two zeros


def _array_max(a: Any, b: Any) -> Any:
    return np.where((b > a) | np.isnan(b), b, a)


def _float_times(factor: float, other: float) -> float:
    return 0.0 if factor == 0 and math.isinf(other) else factor * other


def _array_times(factor: Any, other: Any) -> Any:
    with np.errstate(invalid="ignore"):
        return np.where((factor == 0) & np.isinf(other), 0.0, factor * other)


power = Elementary("pow", math.pow, np.power, continued.power)
sqrt = Elementary("sqrt", math.sqrt, np.sqrt, continued.sqrt)
exp = Elementary("exp", math.exp, np.exp)
ln = Elementary("ln", math.log, np.log, continued.ln)
sin = Elementary("sin", math.sin, np.sin)
cos = Elementary("cos", math.cos, np.cos)
tan = Elementary("tan", math.tan, np.tan)
tanh = Elementary("tanh", math.tanh, np.tanh)
sigmoid = Elementary("sigmoid", _float_sigmoid, _array_sigmoid, continued.sigmoid)
softplus = Elementary(
    "softplus",
    lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))),
    lambda x: np.logaddexp(0.0, x),
    continued.softplus,
)
erf = Elementary("erf", math.erf, _array_erf, continued.erf)
relu = Elementary("relu", lambda x: _float_max(0.0, x), lambda x: np.maximum(x, 0.0) + 0.0, continued.relu)
step = Elementary("step", _float_step, lambda x: np.heaviside(x, 0.0), continued.step)
sign = Elementary("sign", _float_sign, np.sign, continued.sign)
absolute = Elementary("abs", abs, np.abs, continued.absolute)
minimum = Elementary("min", _float_min, _array_min, continued.minimum)
maximum = Elementary("max", _float_max, _array_max, continued.maximum)
times = Elementary("mul", _float_times, _array_times)
"""A product in which a first factor of exactly 0 wins over an infinite second one: the limit of n·xⁿ⁻¹ for
n = 0 and of xⁿ·ln(x) for n > 0, both at x = 0. A `Scalar` records it as an ordinary product."""


def careful(rule: Rule, on_float: Rule, on_array: Rule) -> Rule:
    """Make a partial of two operands that prints and is recorded as `rule`, and is computed another way.

    The other way is the same where nothing of `rule` overflows or vanishes before the whole of it does.
    """

    def function(a: Any, b: Any, out: Any) -> Any:
        if all(type(operand) is float or type(operand) is int for operand in (a, b, out)):
            return on_float(a, b, out)
        return (rule if _recorder((a, b, out)) else on_array)(a, b, out)

    return function


def _float_quotient_slope(a: float, b: float, out: float) -> float:
    if 0 < abs(out) < TINY and abs(b) < 1:  # out has lost digits; b is at least 5e-324/TINY then, so b · b has not
        return -a / (b * b)
    return -a / b / b


def _array_quotient_slope(a: Any, b: Any, out: Any) -> Any:
    lossy = (out != 0) & (np.abs(out) < TINY) & (np.abs(b) < 1)
    return np.where(lossy, -a / (b * b), -a / b / b)


quotient_slope = careful(lambda a, b, out: -a / b / b, _float_quotient_slope, _array_quotient_slope)
"""∂(a/b)/∂b = -a/b²."""


def _float_power_slope(x: float, n: float, out: float) -> float:
    if math.isnan(out):
        return out
    try:
        lower = math.pow(x, n - 1)
    except OverflowError:
        lower = math.inf
    if x == 0 or (TINY <= abs(lower) < math.inf and abs(n) < ALL_EVEN):
        return _float_times(n, lower)
    root = math.pow(abs(x), (n - 1) / 2)
    return math.copysign(_float_times(abs(n), root) * root, out * math.copysign(1.0, x) * math.copysign(1.0, n))


def _array_power_slope(x: Any, n: Any, out: Any) -> Any:
    lower = np.power(x, n - 1)
    slope = _array_times(n, lower)
    plain = (x == 0) | ((np.abs(lower) >= TINY) & np.isfinite(lower) & (np.abs(n) < ALL_EVEN))
    if np.all(plain & ~np.isnan(out)):
        return slope
    root = np.power(np.abs(x), (n - 1) / 2)
    sign = np.copysign(1.0, out) * np.copysign(1.0, x) * np.copysign(1.0, n)
    split = np.copysign(_array_times(np.abs(n), root) * root, sign)
    return np.where(np.isnan(out), out, np.where(plain, slope, split))


power_slope = careful(lambda x, n, out: times(n, power(x, n - 1)), _float_power_slope, _array_power_slope)
"""∂xⁿ/∂x = n·xⁿ⁻¹; where xⁿ⁻¹ alone is too large or too small for a float, as (n·√xⁿ⁻¹)·√xⁿ⁻¹."""


def _float_exponent_slope(x: float, n: float, out: float) -> float:
    if abs(out) >= TINY or x <= 0:
        return _float_times(out, math.log(x))
    root = math.pow(x, n / 2)
    return root * math.log(x) * root


def _array_exponent_slope(x: Any, n: Any, out: Any) -> Any:
    slope = _array_times(out, np.log(x))
    plain = (np.abs(out) >= TINY) | (x <= 0) | np.isnan(slope)
    if np.all(plain):
        return slope
    root = np.power(x, n / 2)
    return np.where(plain, slope, root * np.log(x) * root)


exponent_slope = careful(lambda x, n, out: times(out, ln(x)), _float_exponent_slope, _array_exponent_slope)
"""∂xⁿ/∂n = xⁿ·ln(x), with xⁿ in two factors where it is too small for a float."""


_LN_STEEPEST = math.log(2 / math.sqrt(math.pi))
"""Of the slope of erf, which is steepest at 0."""


def erf_slope(x: Any, out: Any) -> Any:
    """∂erf(x)/∂x = 2/√π·e^(-x²); where e^(-x²) loses digits, as e^(ln(2/√π) - x²)."""
    if type(x) is float or type(x) is int:
        power = x * x
        return 2 / math.sqrt(math.pi) * math.exp(-power) if power < 700 else math.exp(_LN_STEEPEST - power)
    if hasattr(x, "apply"):
        return 2 / sqrt(getattr(x, "circle_number", math.pi)) * exp(-(x * x))
    power = x * x
    return np.where(np.real(power) < 700, 2 / math.sqrt(math.pi) * np.exp(-power), np.exp(_LN_STEEPEST - power))


def added(operands: Any) -> Any:
    """Add a sequence of numbers, or the rows of an array, from left to right."""
    return _sum(operands, 1)


def averaged(operands: Any) -> Any:
    """Add a sequence of numbers, or the rows of an array, from left to right, and divide by how many they are."""
    return _sum(operands, len(operands))


def _sum(operands: Any, divisor: int) -> Any:
    """Add from left to right and divide; where that overflows, once more with operands that are scaled down."""
    scale = 2.0 ** -len(operands).bit_length()
    if all(type(operand) is float or type(operand) is int for operand in operands):
        result = functools.reduce(operator.add, operands) / divisor
        if math.isfinite(result):
            return result
        result = functools.reduce(operator.add, [operand * scale for operand in operands]) / divisor / scale
        if divisor == 1 or math.isnan(result):
            return result
        return min(max(result, min(operands)), max(operands))  # rounding must not lift a mean over its operands
    rows = operands if isinstance(operands, np.ndarray) else np.stack(np.broadcast_arrays(*operands))
    results = np.add.accumulate(rows, axis=0)[-1] / divisor  # np.sum would add in another order
    if np.isfinite(results).all():
        return results
    scaled = np.add.accumulate(rows * scale, axis=0)[-1] / divisor / scale
    if divisor > 1:
        scaled = np.minimum(np.maximum(scaled, rows.min(axis=0)), rows.max(axis=0))
    return np.where(np.isfinite(results), results, scaled)


def n_ary(name: str, on_sequence: Rule) -> Rule:
    """Make a rule of any number of operands out of one that takes them as a sequence."""

    def function(*operands: Any) -> Any:
        recorder = _recorder(operands)
        return recorder(name, *operands) if recorder else on_sequence(operands)

    function.__name__ = name
    return function
