"""Which array library a function is written for."""

from __future__ import annotations

import functools
import inspect
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

from .source_lines import contents_of_own_module, is_installed


class Library(StrEnum):
    """An array library, by the name that people know it by."""

    NUMPY = "NumPy"
    """Also plain Python: the function is called with scalars that record what is done with them."""
    JAX = "JAX"
    TORCH = "PyTorch"

    @property
    def module(self) -> str:
        """The name that it is imported by."""
        return {Library.NUMPY: "numpy", Library.JAX: "jax", Library.TORCH: "torch"}[self]


_TRACED = (Library.TORCH, Library.JAX)
"""Those that trace a function themselves."""

_ALSO_JAX = ("jax", "jaxlib", "flax", "equinox", "optax", "haiku")

_MOST_FUNCTIONS = 500
"""So many functions that a function calls are looked at."""

_MOST_LEAVES = 1_000
"""So many things in a list or a dict that it uses."""


def library_of(fn: Callable[..., Any], args: Sequence[Any] = ()) -> Library:
    """Find out which library a function is written for: by its arguments, else by what it is, else by what it uses.

    A function of JAX and one of PyTorch may both be given NumPy's arrays. What it uses are the modules that its code
    names, and those of the functions it calls which come from no installed package. Nothing is called.
    """
    for library in _TRACED:
        if any(_belongs(leaf, library) for leaf in _leaves(args)):
            return library
    for library in _TRACED:
        if _is_made_by(fn, library):
            return library
    used = _modules_used(fn)
    for library in _TRACED:
        if any(root in used for root in _roots(library)):
            return library
    return Library.NUMPY


def _roots(library: Library) -> tuple[str, ...]:
    return _ALSO_JAX if library is Library.JAX else (library.module,)


def _leaves(args: Any) -> Iterator[Any]:
    """Yield what is in nested lists, tuples and mappings."""
    waiting = [args]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mapping):
            waiting.extend(cast("Mapping[Any, Any]", each).values())
        elif isinstance(each, list | tuple):
            waiting.extend(cast("Sequence[Any]", each))
        else:
            yield each


def _belongs(value: Any, library: Library) -> bool:
    """Say whether a value is an array of a library, or a function or a module that it made."""
    if library.module not in sys.modules:
        return False
    return any(kind.__module__.partition(".")[0] in _roots(library) for kind in type(value).__mro__)


def _is_made_by(fn: Any, library: Library) -> bool:
    while isinstance(fn, functools.partial):
        if any(_belongs(leaf, library) for leaf in _leaves([fn.args, fn.keywords])):
            return True
        fn = cast("Any", fn).func
    owner = getattr(fn, "__self__", None)
    if _belongs(fn, library) or (owner is not None and not isinstance(owner, ModuleType) and _belongs(owner, library)):
        return True
    return isinstance(fn, FunctionType) and any(
        _belongs(leaf, library)
        for cell in fn.__closure__ or ()
        if _is_filled(cell)
        for leaf in _leaves(cell.cell_contents)
    )


def _is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False


def _modules_used(fn: Any) -> set[str]:
    """Return the roots of the modules that the code of a function names, and of what it calls in its author's files."""
    roots: set[str] = set()
    seen: set[Any] = set()
    waiting: list[Any] = [fn]
    while waiting and len(seen) < _MOST_FUNCTIONS:
        function = _plain_function(waiting.pop())
        if function is None or function in seen:
            continue
        seen.add(function)
        names = [*_names_in(function.__code__)]
        roots.update(names)  # of an import inside the function
        referred = [function.__globals__.get(name) for name in names]
        referred += [cell.cell_contents for cell in function.__closure__ or () if _is_filled(cell)]
        for found in referred:
            waiting += _looked_into(found, function.__globals__, roots)
            inside = contents_of_own_module(found)
            waiting += [each for name in names for each in _looked_into(inside.get(name), inside, roots)]
    return roots


def _looked_into(found: Any, names: dict[str, Any], roots: set[str]) -> list[Any]:
    """Add the root of the module that something comes from; return it where it is to be looked into itself."""
    if isinstance(found, ModuleType):
        roots.add(found.__name__.partition(".")[0])
        return []
    module = getattr(found, "__module__", None)
    for origin in (module, type(found).__module__):  # what a library wraps looks like the function in it
        if isinstance(origin, str):
            roots.add(origin.partition(".")[0])
    inside = itertools.islice(_leaves(found), _MOST_LEAVES)
    roots.update(type(each).__module__.partition(".")[0] for each in inside)
    is_own = isinstance(found, FunctionType) and not is_installed(found.__code__.co_filename)
    return [found] if is_own or (callable(found) and module == names.get("__name__")) else []


def _plain_function(fn: Any) -> FunctionType | None:
    """Return the function of Python that is behind a partial, a wrapper, a method or an object that can be called."""
    while isinstance(fn, functools.partial):
        fn = cast("Any", fn).func
    if callable(fn):
        fn = inspect.unwrap(fn)
    for found in (fn, getattr(fn, "__func__", None), type(fn).__dict__.get("__call__")):
        if isinstance(found, FunctionType):
            return found
    return None


def _names_in(code: CodeType) -> Iterator[str]:
    """Yield the global names that a code uses, and those of functions written within it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)
