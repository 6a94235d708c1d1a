"""NumPy's functions on recorded arrays: what each one records. A new one is an entry in the module of its family."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import asking, choosing, joining, products, reductions, shapes
from .taking import Function, Functions

_FAMILIES = (reductions, products, choosing, joining, shapes, asking)

_TABLE: Functions = {function: rule for family in _FAMILIES for function, rule in family.FUNCTIONS.items()}


def find(function: Callable[..., Any]) -> Function | None:
    """Return what a function of NumPy is here; None for one that has no rule."""
    return _TABLE.get(function)
