"""NumPy's functions on recorded numbers, and on arrays of them: entry by entry, each entry recorded."""

# An entry may be of any kind that a rule takes, and NumPy's objects have no type either:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

import numpy as np

from ..errors import CutGraphError
from ..rules import functions as rules
from ..rules.ops import CODES, OPS

_BY_METHOD = ("log2", "log10", "log1p", "exp2", "expm1", "sinh", "cosh", "cbrt")

_RECORDED: Mapping[str, Callable[..., Any]] = {
    "log": rules.ln,
    "absolute": rules.absolute,
    "fabs": rules.absolute,
    "maximum": rules.maximum,
    "minimum": rules.minimum,
    "float_power": operator.pow,
    "clip": lambda x, low, high: rules.minimum(rules.maximum(x, low), high),
    "logaddexp": lambda a, b: rules.maximum(a, b) + rules.softplus(-rules.absolute(a - b)),
    "hypot": lambda a, b: rules.sqrt(a * a + b * b),
    "degrees": lambda x: x * (180 / np.pi),
    "rad2deg": lambda x: x * (180 / np.pi),
    "radians": lambda x: x * (np.pi / 180),
    "deg2rad": lambda x: x * (np.pi / 180),
    **{name: operator.methodcaller(name) for name in _BY_METHOD},
}
"""By name of the ufunc, where that is no operation's: what is done with the entries, of which some may be plain."""

_AS_PYTHON_DOES = frozenset(
    {
        "add", "subtract", "multiply", "divide", "true_divide", "negative", "positive", "power", "square", "reciprocal",
        "matmul", "vecdot", "greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "conjugate",
    }
)  # fmt: skip
"""What NumPy does with objects by their operators, which is right."""

_TESTS = frozenset({"isnan", "isinf", "isfinite", "signbit"})


class Named(Protocol):
    """A recorded number, as far as it is needed here: what it is called, and the attribute with its plain number."""

    plain_name: ClassVar[str]

    def called(self) -> str:
        """Return its name."""
        ...


def recorded(asked: Named, ufunc: np.ufunc, method: str, inputs: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """Apply a ufunc of NumPy to recorded numbers and arrays; CutGraphError for one that gradwalk has no rule for.

    NotImplemented where another kind of array stands among the inputs, which has to answer then.
    """
    if any(_is_foreign(each) for each in inputs):
        return NotImplemented
    name, number = ufunc.__name__, f"{asked.called()}.{asked.plain_name}"
    targets = inputs[:1] if method == "at" else options.get("out") or ()
    for target in targets:
        if isinstance(target, np.ndarray) and target.dtype != object:
            raise CutGraphError(
                f"an array of plain numbers cannot hold {asked.called()}, which is recorded: write a = a + x in place "
                f"of a += x, or {number} for the plain number"
            )
    objects = [_as_objects(each) for each in inputs]
    if method == "at":
        objects[0] = inputs[0]  # which is written into
    if name in _AS_PYTHON_DOES:
        return getattr(ufunc, method)(*objects, **options)
    entrywise = _entrywise(name, ufunc.nin)
    if entrywise is None or (method != "__call__" and ufunc.nin != 2):
        hint = f"numpy.{name}({number})" if ufunc.nin == 1 else number
        problem = f"numpy.{name} makes no number" if name in _TESTS else f"gradwalk has no rule for numpy.{name}"
        raise CutGraphError(f"{problem}: write {hint} for what is plain")
    if method == "__call__":
        allowed = {key: value for key, value in options.items() if key in ("out", "where")}
        return entrywise(*objects, **allowed)
    return getattr(entrywise, method)(*objects, **options)


@functools.cache
def _entrywise(name: str, operand_count: int) -> Any:
    rule = _RECORDED.get(name)
    if rule is None and name in CODES and OPS[CODES[name]].arity == operand_count == 1:
        rule = OPS[CODES[name]].forward
    return None if rule is None else np.frompyfunc(rule, operand_count, 1)


def _as_objects(operand: Any) -> Any:
    if _is_recorded(operand):
        held = np.empty((), dtype=object)
        held[()] = operand
        return held
    if isinstance(operand, np.ndarray | np.generic):
        return np.asarray(operand).astype(object)
    return operand


def _is_foreign(operand: Any) -> bool:
    known = _is_recorded(operand) or isinstance(operand, np.ndarray | np.generic)
    return not known and hasattr(type(operand), "__array_ufunc__")


def _is_recorded(operand: Any) -> bool:
    return hasattr(type(operand), "plain_name")
