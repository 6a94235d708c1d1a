"""How many scalars a jaxpr makes, told by its shapes alone, and whether it rounds on the way."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator, Sequence
from typing import Any, cast

from .jax_sources import is_of_jax

_NODES_OF_AN_ENTRY = {
    "sinh": 5, "cosh": 5, "log1p": 2, "expm1": 2, "erfc": 2, "rsqrt": 2, "cbrt": 3, "clamp": 2, "erf": 1,
}  # fmt: skip
"""How many nodes an entry of the result takes, where they are not one."""

_PICKED = frozenset(
    {
        "broadcast_in_dim", "reshape", "squeeze", "expand_dims", "transpose", "rev", "concatenate", "slice", "copy",
        "dynamic_slice", "dynamic_update_slice", "pad", "gather", "scatter", "select_n", "sort", "top_k", "split",
        "convert_element_type", "reduce_precision", "stack", "unstack", "tile", "cummax",
        "cummin", "copy_p", "device_put", "optimization_barrier", "name", "iota",
    }
)  # fmt: skip
"""What makes no node of its own."""


def scalars_of(closed: Any) -> int:
    """Return about how many nodes a jaxpr is expanded to, the arrays it is given included.

    Loops whose end is only known while they run count as one round.
    """
    jaxpr = closed.jaxpr
    return sum(map(_size, (*jaxpr.invars, *jaxpr.constvars))) + _operations(jaxpr)


def coarsest_unit(closed: Any) -> float:
    """Return the step from 1 to the next number in the type with the fewest digits that a jaxpr calculates with."""
    types = {
        variable.aval.dtype
        for equation in equations(closed.jaxpr)
        for variable in equation.outvars
        if _is_float(variable.aval)
    }
    return max((float(_finfo(dtype).eps) for dtype in types), default=2.0**-52)


def own_rules(closed: Any) -> tuple[str, ...]:
    """Name the functions in a jaxpr whose backward pass somebody has written otherwise, but for those of JAX itself."""
    named: dict[str, None] = {}
    for equation in equations(closed.jaxpr):
        inner = jaxprs_within(equation) if equation.primitive.name.startswith("custom_vjp") else []
        if inner and not is_of_jax(inner[0]):
            name = getattr(getattr(inner[0], "debug_info", None), "func_name", "") or "a function"
            named[str(name).rpartition(".")[2]] = None
    return tuple(named)


def _finfo(dtype: Any) -> Any:
    return importlib.import_module("jax.numpy").finfo(dtype)


def equations(jaxpr: Any) -> Iterator[Any]:
    """Yield all equations of a jaxpr, and of those within it."""
    for equation in jaxpr.eqns:
        yield equation
        for inner in jaxprs_within(equation):
            yield from equations(inner)


def jaxprs_within(equation: Any) -> list[Any]:
    """Return the jaxprs among the parameters of an equation, without their constants."""
    found: list[Any] = []
    for value in equation.params.values():
        several = cast("Sequence[Any]", value) if isinstance(value, list | tuple) else (value,)
        for each in several:
            inner = getattr(each, "jaxpr", each)
            if hasattr(inner, "eqns"):
                found.append(inner)
    return found


def _operations(jaxpr: Any) -> int:
    return sum(map(_nodes, jaxpr.eqns))


def _nodes(equation: Any) -> int:
    name, parameters = equation.primitive.name, equation.params
    inner = [_operations(each) for each in jaxprs_within(equation)]
    if name == "scan":
        return int(parameters["length"]) * sum(inner)
    if name == "cond":
        return max(inner, default=0)
    if inner and not name.startswith("scatter"):
        return sum(inner)
    floats = [variable for variable in equation.outvars if _is_float(variable.aval)]
    if name in _PICKED or not floats:
        return 0
    size = sum(map(_size, floats))
    if name == "dot_general":
        contracted = parameters["dimension_numbers"][0][0]
        return size * (math.prod(equation.invars[0].aval.shape[axis] for axis in contracted) + 1)
    if name == "conv_general_dilated":
        kernel = equation.invars[1].aval.shape
        return size * (math.prod(kernel) // max(1, kernel[parameters["dimension_numbers"].rhs_spec[0]]) + 1)
    if name in ("reduce_max", "reduce_min", "reduce_prod"):
        return _size(equation.invars[0])
    return size * _NODES_OF_AN_ENTRY.get(name, 1)


def _size(variable: Any) -> int:
    return math.prod(variable.aval.shape)


def _is_float(aval: Any) -> bool:
    return "float" in str(getattr(aval, "dtype", ""))
