"""Primitives of JAX that call other functions: compiled ones, those with rules of their own, branches and loops.

What decides which branch is taken, or whether a loop goes on, is concrete: it is the number at this point.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .jax_reader import JaxReader, Rule
from .jax_sources import is_of_jax
from .reader import Recorded

_KNOWN = {"relu": "relu", "softplus": "softplus", "logaddexp": "logaddexp"}
"""Functions of JAX that are one operation here, by their names there."""


def _call(key: str) -> Rule:
    """Make the rule of a primitive that calls the jaxpr in its parameter `key`."""

    def rule(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
        closed = _closed(parameters[key])
        name = str(parameters.get("name") or "")
        if name in _KNOWN and is_of_jax(closed.jaxpr) and not _is_of_two(name, operands):
            return reader.record(_KNOWN[name], *operands)
        return reader.reread(closed, operands, name)

    return rule


def _is_of_two(name: str, operands: Sequence[Any]) -> bool:
    return (len(operands) != 2) if name == "logaddexp" else (len(operands) != 1)


def _closed(jaxpr: Any) -> Any:
    """Return a jaxpr with its constants; one that is open has none."""
    if hasattr(jaxpr, "consts"):
        return jaxpr
    return importlib.import_module("jax.extend.core").ClosedJaxpr(jaxpr, ())


def _cond(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    index, *rest = operands
    branches = parameters["branches"]
    number = min(max(int(np.asarray(index)), 0), len(branches) - 1)
    return reader.reread(branches[number], rest)


def _while(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    condition, body = parameters["cond_jaxpr"], parameters["body_jaxpr"]
    asked, used = int(parameters["cond_nconsts"]), int(parameters["body_nconsts"])
    of_condition, of_body, state = operands[:asked], operands[asked : asked + used], [*operands[asked + used :]]
    while bool(reader.reread(condition, [*of_condition, *state])[0]):
        state = reader.reread(body, [*of_body, *state])
    return state


def _scan(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    body, length = parameters["jaxpr"], int(parameters["length"])
    constants, carried = int(parameters["num_consts"]), int(parameters["num_carry"])
    fixed, state, rows = (
        operands[:constants],
        operands[constants : constants + carried],
        operands[constants + carried :],
    )
    order = range(length)[:: -1 if parameters["reverse"] else 1]
    made: list[list[Any]] = []
    for place in order:
        results = reader.reread(body, [*fixed, *state, *(_row(reader, array, place) for array in rows)])
        state = results[:carried]
        made.append(results[carried:])
    if parameters["reverse"]:
        made.reverse()
    outs = len(body.jaxpr.outvars) - carried
    return [*state, *(_stacked(reader, [each[k] for each in made], body, carried + k) for k in range(outs))]


def _row(reader: JaxReader, array: Any, place: int) -> Any:
    return reader.record("index", array, key=place) if isinstance(array, Recorded) else array[place]


def _stacked(reader: JaxReader, rows: list[Any], body: Any, out: int) -> Any:
    if any(isinstance(row, Recorded) for row in rows):
        return reader.record("stack", *rows, axis=0)
    aval = body.jaxpr.outvars[out].aval
    return reader.jax.numpy.asarray(rows, dtype=aval.dtype).reshape((len(rows), *aval.shape))


RULES: dict[str, Rule] = {
    **dict.fromkeys(("jit", "pjit", "remat", "remat2", "checkpoint", "closed_call", "composite"), _call("jaxpr")),
    **dict.fromkeys(("call", "core_call"), _call("call_jaxpr")),
    "custom_jvp_call": _call("call_jaxpr"),
    "custom_vjp_call": _call("call_jaxpr"),
    "custom_vjp_call_jaxpr": _call("fun_jaxpr"),
    "cond": _cond,
    "while": _while,
    "scan": _scan,
}
