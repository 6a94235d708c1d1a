"""Where an equation of a jaxpr comes from: a line of somebody's code, and the functions it was made within."""

from __future__ import annotations

import functools
from pathlib import PurePath
from typing import Any

from ..graph.array_record import SourceLine
from .source_lines import Frame, is_installed, source_line

_COMPOUND = frozenset({"var", "std", "norm", "average", "cov", "corrcoef", "logsumexp"})
"""Functions of `jax.numpy` and `jax.scipy` that are more than one operation to somebody who reads their name."""


def origin_of(equation: Any) -> tuple[SourceLine | None, tuple[str, ...]]:
    """Return the user's line that an equation comes from, None where it is not known, and what it was made within.

    That is the function of an installed package that this line calls, such as softmax, where it is not just the name of
    the operation.
    """
    traceback = getattr(equation.source_info, "traceback", None)
    if traceback is None:
        return None, ()
    return _origin(traceback)


@functools.lru_cache(maxsize=65_536)
def _origin(traceback: Any) -> tuple[SourceLine | None, tuple[str, ...]]:
    frames = [Frame(frame.file_name, frame.line_num, frame.function_name) for frame in traceback.frames]
    place = next((place for place, frame in enumerate(frames) if not is_installed(frame.path)), None)
    if place is None:
        return None, ()
    called = next((name for frame in reversed(frames[:place]) if (name := _compound(frame))), "")
    own = frames[place]
    return source_line(own._replace(function=own.function.rpartition(".")[2])), (called,) if called else ()


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
    owner, _, name = function.replace(".<locals>", "").rpartition(".")
    if name.startswith("__") and owner:
        return owner.rpartition(".")[2]
    return "" if name.startswith(("<", "__")) else name
