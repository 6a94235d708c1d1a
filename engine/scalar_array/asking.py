"""NumPy's functions that give nothing to go on with: they are asked of the plain numbers."""

# NumPy's functions take anything, and so do these:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..scalar import Scalar
from .recorded_array import RecordedArray
from .taking import Function, Functions
from .ufuncs import plain


def _on_values(function: Callable[..., Any]) -> Function:
    """Make a function that gives nothing to go on with, such as where the maximum stands, of the numbers."""

    def ask(_: RecordedArray, *arguments: Any, **options: Any) -> Any:
        return function(*map(_all_plain, arguments), **{key: _all_plain(value) for key, value in options.items()})

    return ask


def _all_plain(operand: Any) -> Any:
    if isinstance(operand, RecordedArray | Scalar):
        return plain(operand)
    return [*map(_all_plain, operand)] if isinstance(operand, list | tuple) else operand


FUNCTIONS: Functions = {
    **{
        function: _on_values(function)
        for function in (
            *(np.argmax, np.argmin, np.argsort, np.nonzero, np.flatnonzero, np.argwhere, np.count_nonzero, np.all),
            *(np.any, np.isclose, np.allclose, np.array_equal, np.array_equiv, np.searchsorted, np.shape, np.ndim),
            *(np.size, np.array2string, np.array_repr, np.array_str, np.iscomplexobj, np.isrealobj, np.result_type),
            *(np.isreal, np.iscomplex, np.may_share_memory, np.shares_memory),
        )
    },
}
