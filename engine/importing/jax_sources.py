"""Where an equation of a jaxpr comes from: a line of somebody's code, and the functions it was made within."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from ..graph.array_record import SourceLine
from ..scalar_array.source import assigned_at
from .source_lines import Frame, is_installed, source_line

_HERE = str(Path(__file__).parent)

_COMPOUND = frozenset({"var", "std", "norm", "average", "cov", "corrcoef", "logsumexp"})
"""Functions of `jax.numpy` and `jax.scipy` that are more than one operation to somebody who reads their name."""


@dataclass(frozen=True, slots=True)
class EquationOrigin:
    """Where an equation comes from.

    `source` is the user's line, None where it is not known. `scope` are the functions that it was made within, the
    outermost first, without the one that is traced: those of the user, and the one of an installed package that the
    line calls, such as softmax. `variable` is what the result of the line is assigned to, "" where it is nothing.
    """

    source: SourceLine | None = None
    scope: tuple[str, ...] = ()
    variable: str = ""


def origins_of(jaxpr: Any) -> list[EquationOrigin]:
    """Return where each equation of a jaxpr comes from; of those that make one result the last has the variable."""
    root = str(getattr(getattr(jaxpr, "debug_info", None), "func_name", "") or "")
    found = [_origin(getattr(equation.source_info, "traceback", None), root) for equation in jaxpr.eqns]
    return [
        replace(origin, variable="") if origin.variable and origin == following else origin
        for origin, following in itertools.zip_longest(found, found[1:])
    ]


@functools.lru_cache(maxsize=65_536)
def _origin(traceback: Any, root: str) -> EquationOrigin:
    """Read the frames of an equation, up to the function `root` that its jaxpr is made of."""
    if traceback is None:
        return EquationOrigin()
    codes, instructions = traceback.raw_frames()
    lines = [Frame(frame.file_name, frame.line_num, frame.function_name) for frame in traceback.frames]
    own: list[int] = []
    for place, frame in enumerate(lines):
        if frame.path.startswith(_HERE):
            break
        if not is_installed(frame.path):
            own.append(place)
            if _called(frame.function.rpartition(".")[2]) == root:
                break
    if not own:
        return EquationOrigin()
    line = lines[own[0]]
    called = next((name for frame in reversed(lines[: own[0]]) if (name := _compound(frame))), "")
    within = [name for place in reversed(own[:-1]) if (name := _called(lines[place].function))]
    source = source_line(line._replace(function=line.function.rpartition(".")[2]))
    return EquationOrigin(source, (*within, called) if called else tuple(within), _variable(codes, instructions, own))


def _variable(codes: Sequence[Any], instructions: Sequence[int], own: Sequence[int]) -> str:
    """Return what the result is assigned to, in the function itself or in the one that it is returned to."""
    for place in own:
        name = assigned_at(codes[place], instructions[place])
        if name is not None:
            return name
    return ""


def scope_name(name: str) -> str:
    """Return what a function that JAX has compiled is called in a scope: `_var` is var, and `_where` nothing."""
    plain = name.strip("_")
    return plain if plain in _COMPOUND or not name.startswith("_") else ""


def is_of_jax(jaxpr: Any) -> bool:
    """Say whether a jaxpr inside another one was made from a function of an installed package, not of the user's."""
    path = getattr(getattr(jaxpr, "debug_info", None), "func_filename", None)
    return isinstance(path, str) and is_installed(path)


def _compound(frame: Frame) -> str:
    """Return the name of an installed function, "" for what makes or passes on a single operation."""
    parts = PurePath(frame.path).parts
    name = _called(frame.function)
    if "jax" not in parts:
        return name
    if "nn" in parts:
        return name if not name.startswith("_") else ""
    return name if name in _COMPOUND else ""


def _called(function: str) -> str:
    """Return what a function is called by who uses it: `Dense.__call__` is Dense."""
    owner, _, name = function.rpartition("<locals>.")[2].rpartition(".")
    if name.startswith("__") and owner:
        return owner.rpartition(".")[2]
    return "" if name.startswith(("<", "__")) else name
