"""The op table's rules as calls of NumPy: what a plan calls on whole groups of operations."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from .ops import Rule


@dataclass(frozen=True, eq=False)
class Ufunc:
    """A rule that is one call of a ufunc; `inputs` are its arguments: the place of an operand, or a number."""

    function: np.ufunc
    inputs: tuple[int | float, ...]


class _Probe(NDArrayOperatorsMixin):
    """An operand that writes down the first ufunc called on it and refuses to be anything but an array."""

    def __init__(self, call: tuple[np.ufunc, tuple[Any, ...]] | None = None) -> None:
        self.call = call

    def __array_ufunc__(self, function: np.ufunc, method: str, *inputs: Any, **options: Any) -> _Probe:
        if method != "__call__" or options:
            raise TypeError(f"{function} is not simply called")
        return _Probe((function, inputs))

    def __array_function__(self, *_: object) -> NoReturn:
        raise TypeError("this rule is more than ufuncs")

    def __bool__(self) -> NoReturn:
        raise TypeError("this rule is more than ufuncs")


@functools.cache
def probe(rule: Rule, operand_count: int, *, with_out: bool = False) -> float | int | Ufunc | None:
    """Find out how little work a rule is, by applying it to probes.

    Returns a float when the rule is that number whatever the operands, an int when it is just the operand
    at that place (the result counts as the last one), a `Ufunc` when it is one call, or else None.
    """
    operands = [_Probe() for _ in range(operand_count)]
    out = _Probe()
    places = {id(operand): place for place, operand in enumerate([*operands, out])}
    try:
        result = rule(*operands, out=out) if with_out else rule(*operands)
    except TypeError:
        return None
    if isinstance(result, int | float):
        return float(result)
    if id(result) in places:
        return places[id(result)]
    function, inputs = result.call
    if function in (np.maximum, np.minimum):  # these two take no `out` by position
        return None
    if not all(id(operand) in places or isinstance(operand, int | float) for operand in inputs):
        return None
    return Ufunc(function, tuple(places[id(k)] if isinstance(k, _Probe) else float(k) for k in inputs))
