"""Answers that are published as hashes alone: they can be judged and not read.

The course notebook's `round_and_hash` publishes the MD5 of the bytes of a NumPy array of one 32-bit float, rounded to 4
decimals. Whether a number is rounded before it becomes such a float or after now and then makes another last bit, and
authors do both: a hash is that of a number where either is. What rounding makes of a number hangs on its last bits if
it lies between two: a hash is therefore that of a number where it is that of one which float arithmetic cannot tell
from it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator

import numpy as np

_APART = 1e-9
"""Numbers that differ by no more than this part of them are one number, as everywhere an answer is judged."""


def round_and_hash(value: float, decimals: int) -> str:
    """Return the hash of a number that is rounded and then a 32-bit float: 32 hexadecimal digits."""
    with np.errstate(over="ignore"):
        return _md5(np.array([round(value, decimals)], dtype="<f4").tobytes())


def hash_of_rounded_float(value: float, decimals: int) -> str:
    """Return the hash of a number that is a 32-bit float and then rounded, as in the notebook."""
    with np.errstate(over="ignore", invalid="ignore"):
        return _md5(np.array([value], dtype="<f4").round(decimals).tobytes())


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def is_hash_of(published: str, value: float, decimals: int, noise: float = 0.0) -> bool:
    """Say whether a published hash is that of a number, or of one that is the same but for rounding.

    `noise` is how far rounding may have taken the number itself. -0.0 and 0.0 are one number here, though they have
    other bytes.
    """
    return any(
        published.lower() in (round_and_hash(each, decimals), hash_of_rounded_float(each, decimals))
        for each in _indistinguishable(value, decimals, noise)
    )


def _indistinguishable(value: float, decimals: int, noise: float) -> Iterator[float]:
    if not math.isfinite(value):
        return
    apart = min(_APART * abs(value) + noise, 0.01 * 10.0**-decimals)
    for near in (value, value - apart, value + apart):
        yield near
        if round(near, decimals) == 0:
            yield from (0.0, -0.0)
