"""`imported`: a function written for an array library becomes a scenario."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from ..errors import GradwalkError
from ..scenario import Scenario
from .comparison import Comparison, compared
from .errors import TooManyScalars
from .libraries import Library, library_of
from .limit import MAX_SCALARS
from .names import function_name
from .traced import Traced

_MODULES = {
    Library.NUMPY: "numpy_functions",
    Library.JAX: "jax_functions",
    Library.TORCH: "torch_functions",
}
"""The module of each library, with its `trace`."""


class Tracer(Protocol):
    """Reads a function with the library that it is written for.

    `args` are the arguments as they were given, `names` what they are to be called, None for what the parameters are
    called. `data` are the names of those arrays that carry no gradient. Raises GradwalkError for what cannot be read.
    """

    def __call__(
        self, fn: Callable[..., Any], args: Sequence[Any], names: Sequence[str] | None, data: Collection[str]
    ) -> Traced:
        """Trace the function for these arguments."""
        ...


@dataclass(frozen=True, eq=False)
class Imported:
    """A function that somebody wrote for an array library, as a scenario.

    `function` is its name. `comparison` is what came out where the walk's gradients were compared with the library's
    own; None where the library finds none.
    """

    scenario: Scenario
    library: Library
    function: str
    comparison: Comparison | None = None


def imported(
    fn: Callable[..., Any], *args: Any, names: Sequence[str] | None = None, data: Collection[str] = ()
) -> Imported:
    """Trace a function of arrays that returns one number, with the library that it is written for.

    All arrays of floats among the arguments, and within lists, tuples and dicts, carry a gradient, but those called in
    `data`. They are named by the function's parameters, or by `names`, one for each argument.

    >>> imported(lambda x, y: x * y + 1, 2.0, 3.0).scenario.graph.expression(4)
    't1 + 1'

    Raises GradwalkError for a function that cannot be traced, or makes too many scalars, and whatever the function
    raises itself.
    """
    if not callable(fn):
        raise GradwalkError(f"walk takes a function and what it is called with, and this is a {type(fn).__name__}")
    library = library_of(fn, args)
    traced = _tracer(library)(fn, args, names, (data,) if isinstance(data, str) else data)
    name = function_name(fn)
    tape, output = traced.tape, traced.output
    if tape.codes[output] >= 0 and output not in tape.names and name not in tape.names.values():
        tape.names[output] = name
    graph = tape.graph(output)
    if len(graph) > MAX_SCALARS:
        raise TooManyScalars(len(graph), MAX_SCALARS)
    if not graph.carries_gradient.any():
        raise GradwalkError(
            f"no gradient comes back through {name}: at these numbers it depends on no array that carries one"
        )
    comparison = None if traced.result is None else compared(graph, traced.result)
    scenario = Scenario(
        "python", f"{name}, from {'Python' if library is Library.NUMPY else library}", "", "", graph, {}
    )
    return Imported(scenario, library, name, comparison)


def _tracer(library: Library) -> Tracer:
    try:
        module = importlib.import_module(f".{_MODULES[library]}", __package__)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != library.module:
            raise
        raise GradwalkError(
            f"this is written for {library}, which is not installed: pip install 'gradwalk[{library.module}]'"
        ) from None
    return cast("Tracer", module.trace)
