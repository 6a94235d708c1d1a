"""What the arrays that a function takes are called: by its parameters, and by the keys within them."""

from __future__ import annotations

import inspect
import itertools
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any

from ..errors import GradwalkError, did_you_mean, listing, quoted
from ..graph.graph import Leaf


def parameter_names(fn: Callable[..., Any], count: int, names: Sequence[str] | None = None) -> list[str]:
    """Return a name for each of `count` arguments of a function: its parameters, or the `names` given instead.

    Raises GradwalkError where those are not as many as the arguments, or the function does not take so many.
    """
    if names is not None:
        if len(names) != count or len(set(names)) != count:
            raise GradwalkError(f"{count} arguments need {count} different names, and these are: {', '.join(names)}")
        return list(names)
    try:
        signature = inspect.signature(fn)
    except (TypeError, ValueError):
        return [f"x{place + 1}" for place in range(count)] if count > 1 else ["x"] * count
    found: list[str] = []
    for parameter in signature.parameters.values():
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            found.append(parameter.name)
        elif parameter.kind is parameter.VAR_POSITIONAL:
            found += [f"{parameter.name}.{place}" for place in range(count - len(found))]
    if len(found) < count:
        raise GradwalkError(f"{function_name(fn)} takes {len(found)} arguments, and {count} were given")
    return found[:count]


def function_name(fn: Callable[..., Any]) -> str:
    """Return what a function is called; `f` where it has no name of its own."""
    while hasattr(fn, "func"):  # functools.partial
        fn = fn.func  # pyright: ignore[reportFunctionMemberAccess]
    name = getattr(fn, "__name__", "") or type(fn).__name__
    return name if name.isidentifier() else "f"


def leaf_names(paths: Sequence[Sequence[str]]) -> list[str]:
    """Return a short name for each array, given the path that leads to it: the parameter, then keys within it.

    It is the end of the path that no other path has, from a word on: the last key alone where that suffices. Where keys
    have dots themselves two may still be the same, and the later one gets a number.

    >>> leaf_names([("params", "W"), ("params", "b"), ("x",)]), leaf_names([("layers", "0", "W"), ("layers", "1", "W")])
    (['W', 'b', 'x'], ['layers.0.W', 'layers.1.W'])
    >>> leaf_names([("params", "first", "kernel"), ("params", "second", "kernel")])
    ['first.kernel', 'second.kernel']
    """
    ends = Counter(tuple(path[start:]) for path in paths for start in range(len(path)))
    return _different([".".join(_short_end(path, ends)) for path in paths])


def _different(names: Sequence[str]) -> list[str]:
    taken = {*names}
    found: list[str] = []
    for name in names:
        if name in found:
            name = next(other for n in itertools.count(2) if (other := f"{name}_{n}") not in taken)
            taken.add(name)
        found.append(name)
    return found


def _short_end(path: Sequence[str], ends: Counter[tuple[str, ...]]) -> Sequence[str]:
    for start in reversed(range(len(path))):
        if ends[tuple(path[start:])] == 1 and path[start].isidentifier():
            return path[start:]
    return path


def kinds_of(
    names: Sequence[str],
    paths: Sequence[Sequence[str]],
    data: Collection[str],
    without: Sequence[Sequence[str]] = (),
) -> dict[str, Leaf]:
    """Return whether each array carries a gradient, by its name: what `data` names does not, nor what is within it.

    `without` are the paths to what never carries one, such as labels: these may be named as data as well. Raises
    GradwalkError where `data` names something that there is not.
    """
    kinds = {
        name: Leaf.DATA if name in data or ".".join(path) in data or path[0] in data else Leaf.INPUT
        for name, path in zip(names, paths, strict=True)
    }
    known = {*names, *(path[0] for path in paths), *map(".".join, paths)}
    known |= {name for path in without for name in (path[0], path[-1], ".".join(path))}
    for each in data:
        if each not in known:
            hint = did_you_mean(each, known, f"there are {listing(names)}")
            raise GradwalkError(f"data names {quoted(each)}, which the function is not called with; {hint}")
    return kinds
