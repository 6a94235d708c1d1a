"""The functions of the rules, continued from the real numbers to complex ones that lie close to them.

This is what a complex step needs: f'(x) = Im f(x + ih)/h to the last digits, for a tiny h, where f is analytic (Squire
and Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40, 1998). So each of these
is analytic wherever its function has a derivative. One that is made of pieces (`relu`, `abs`, `min`) takes the piece
that the real part lies in, as Martins, Sturdza and Alonso have it ("The complex-step derivative approximation", ACM
TOMS 29, 2003): the modulus |z| has no imaginary part. Where the pieces meet there is no derivative, and nothing here
is to be relied on. Outside the domain of real numbers the result is nan, though complex numbers go on.

Operands are arrays or numbers, of which at least one is complex.
"""

# A rule takes whatever kind of operand it is applied to, so it has no types to state:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import math
from typing import Any

import numpy as np

COMPLEX = np.dtype(np.complex128)
"""What arrays of complex numbers hold."""


def power(x: Any, n: Any) -> Any:
    """Continue xⁿ, made of a power of real numbers, which is the size, and an angle: n·arg(x) + Im(n)·ln|x|."""
    x, n = np.asarray(x, COMPLEX), np.asarray(n, COMPLEX)
    is_whole, is_odd = (n.imag == 0) & (n.real % 1 == 0), n.real % 2 == 1
    negative = x.real < 0
    facing = np.where(negative, -x, x)  # a whole power needs the sign of its base alone; its angle stays small
    size, angle = np.abs(facing), np.angle(facing)
    with np.errstate(all="ignore"):
        turn = n.real * angle + n.imag * np.log(np.where(size > 0, size, 1.0))
        grown = np.power(size, n.real) * np.exp(-n.imag * angle)
        result = np.where(negative & is_odd, -grown, grown) * (np.cos(turn) + 1j * np.sin(turn))
    return np.where(negative & ~is_whole, np.nan, result)


def sqrt(x: Any) -> Any:
    """Continue √x."""
    with np.errstate(all="ignore"):
        return np.where(np.real(x) >= 0, np.sqrt(x), np.nan)


def ln(x: Any) -> Any:
    """Continue ln(x)."""
    with np.errstate(all="ignore"):
        return np.where(np.real(x) >= 0, np.log(x), np.nan)


def sigmoid(x: Any) -> Any:
    """Continue 1/(1 + e⁻ˣ)."""
    positive, decay = np.real(x) >= 0, _decay(x)
    return np.where(positive, 1.0, decay) / (1.0 + decay)


def softplus(x: Any) -> Any:
    """Continue ln(1 + eˣ)."""
    decay = _decay(x)
    size = decay.real * (2 + decay.real) + decay.imag**2  # |1 + decay|² - 1; np.log1p would lose a small one
    grown = np.log1p(size) / 2 + 1j * np.arctan2(decay.imag, 1 + decay.real)
    return np.where(np.real(x) >= 0, x, 0.0) + grown


def _decay(x: Any) -> Any:
    """Return e to the power of -x or x, whichever is the smaller."""
    return np.exp(np.where(np.real(x) >= 0, -x, x))


def erf(x: Any) -> Any:
    """Continue erf(x) from the real axis: its slope 2/√π·e^(-z²), halfway, times the way to x."""
    x = np.asarray(x, COMPLEX)
    real = np.asarray(_each_erf(x.real), dtype=np.float64)
    return real + 2 / math.sqrt(math.pi) * np.exp(-((x.real + 0.5j * x.imag) ** 2)) * 1j * x.imag


_each_erf = np.frompyfunc(math.erf, 1, 1)


def relu(x: Any) -> Any:
    """Continue the piece of `relu` that x lies in."""
    return np.where(np.real(x) <= 0, 0.0, x)


def absolute(x: Any) -> Any:
    """Continue the piece of |x| that x lies in."""
    return np.where(np.real(x) < 0, -x, x)


def minimum(a: Any, b: Any) -> Any:
    """Continue the smaller of two operands."""
    return np.where((np.real(b) < np.real(a)) | np.isnan(b), b, a)


def maximum(a: Any, b: Any) -> Any:
    """Continue the larger of two operands."""
    return np.where((np.real(b) > np.real(a)) | np.isnan(b), b, a)


def step(x: Any) -> Any:
    """Continue `step`, which is constant between its jumps."""
    return np.heaviside(np.real(x), 0.0) + 0j


def sign(x: Any) -> Any:
    """Continue `sign`, which is constant between its jumps."""
    return np.sign(np.real(x)) + 0j
