"""What a function for PyTorch uses besides its arguments, modules and tensors, and what these are called."""

from __future__ import annotations

import contextlib
import functools
import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, cast

from .source_lines import contents_of_own_module, is_installed

_MOST = 2_000
"""So many things that a function refers to are looked at."""

_DEEPEST = 4
"""So far into lists and dicts."""


@dataclass(frozen=True)
class Captured:
    """The modules and the tensors that a function refers to.

    `tensors` are all of them, those of the modules too; `paths` leads to each one, by its id: the variable, then keys
    and attributes within it. `module_names` is what modules are called, by their id; `modules` are the outermost ones.
    """

    paths: dict[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])
    module_names: dict[int, str] = field(default_factory=dict[int, str])
    modules: list[Any] = field(default_factory=list[Any])
    tensors: list[Any] = field(default_factory=list[Any])


def captured_by(torch: Any, fn: Callable[..., Any], given: Sequence[tuple[tuple[str, ...], Any]] = ()) -> Captured:
    """Find what a function refers to: a module that it is, or what its variables hold, in the functions it calls too.

    `given` are arguments other than tensors, each with the path to it: a module among them is found as well.
    Where there is one outermost module its parameters go by their names within it, as in `named_parameters()`.
    """
    found = Captured()
    roots: list[tuple[str, Any]] = []
    seen: set[int] = set()
    waiting: list[tuple[tuple[str, ...], Any]] = [((), fn), *given]
    while waiting and len(seen) < _MOST:
        path, value = waiting.pop(0)
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, torch.nn.Module):
            roots.append((path[-1] if path else "", value))
        elif isinstance(value, torch.Tensor):
            found.paths.setdefault(id(value), path or ("tensor",))
            found.tensors.append(value)
        else:
            waiting.extend(_within(path, value))
    outermost = [(name, each) for name, each in roots if not any(_holds(other, each) for _, other in roots)]
    for name, module in outermost:
        _name_parts(found, module, name, alone=len(outermost) == 1)
    return found


def _holds(module: Any, other: Any) -> bool:
    return module is not other and any(part is other for part in module.modules())


def _name_parts(found: Captured, module: Any, variable: str, *, alone: bool) -> None:
    variable = variable or type(module).__name__.lower()
    found.modules.append(module)
    found.module_names[id(module)] = "" if alone else variable
    for name, part in module.named_modules():
        if name:
            found.module_names.setdefault(id(part), name if alone else f"{variable}.{name}")
    for name, tensor in (*module.named_parameters(), *module.named_buffers()):
        keys = tuple(name.split("."))
        is_within = not alone or keys[0].isdecimal()
        found.tensors.append(tensor)
        found.paths[id(tensor)] = (variable, *keys) if is_within else keys


def _within(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield what a value that is no tensor and no module refers to, with the path to it."""
    if isinstance(value, type | ModuleType):
        return
    if isinstance(value, functools.partial):
        yield from _of_partial(cast("Any", value))
    elif isinstance(value, Mapping | list | tuple):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        if len(path) < _DEEPEST:
            shown = itertools.islice(items, _MOST)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            yield from (((*path, str(key)), each) for key, each in shown)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    elif isinstance(value, FunctionType):
        yield from _variables_of(value)
    elif isinstance(value, MethodType):
        yield path, value.__self__
        yield (), value.__func__
    elif callable(value) or len(path) == 1:
        if hasattr(value, "__dict__"):
            yield from (((*path[:1], name), each) for name, each in vars(value).items())
        yield (), getattr(cast("Any", type(value)), "__call__", None)  # noqa: B004


def _of_partial(partial: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield (), partial.func
    yield from (((key,), each) for key, each in partial.keywords.items())
    try:
        names = list(inspect.signature(partial.func).parameters)
    except (TypeError, ValueError):
        names = []
    names += [f"argument{place + 1}" for place in range(len(names), len(partial.args))]
    yield from (((name,), each) for name, each in zip(names, partial.args, strict=False))


def _variables_of(function: FunctionType) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield what the variables hold that a function finds outside of it; nothing of installed modules."""
    names = [*_names_in(function.__code__)]
    referred: list[tuple[str, Any]] = []
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        with contextlib.suppress(ValueError):  # not yet filled
            referred.append((name, cell.cell_contents))
    referred += [(name, function.__globals__.get(name)) for name in names]
    for name, value in referred:
        inside = contents_of_own_module(value)
        yield from (((each,), inside[each]) for each in names if _is_looked_into(inside.get(each)))
        if _is_looked_into(value):
            yield (name,), value


def _is_looked_into(value: Any) -> bool:
    if value is None or isinstance(value, ModuleType | type):
        return False
    return not isinstance(value, FunctionType) or not is_installed(value.__code__.co_filename)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)
