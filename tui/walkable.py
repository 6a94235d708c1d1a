"""What can be walked: a number with a graph, a function for an array library, an expression, a scenario."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import TYPE_CHECKING, Any

from ..engine.errors import GradwalkError
from ..engine.scenario import Scenario

if TYPE_CHECKING:
    from ..engine.graph.graph import Graph


def of_recorded(recorded: Any, title: str = "", variable: str = "") -> Scenario:
    """Make a scenario of a number with a graph, such as a `Scalar`; GradwalkError where it is no single number.

    Where it has no name it gets that of the `variable` that holds it, which is looked for at the caller's.
    """
    from ..engine.scalar_array.source import variable_of

    graph = _named(recorded.graph(), variable or variable_of(recorded))
    name = graph.names.get(graph.output, "the result")
    return Scenario("python", title or f"{name}, from Python", "", "", graph, {})


def _named(graph: Graph, name: str) -> Graph:
    """Return a graph with a name for its output; as it is where it has one, or the name is taken or cannot be one."""
    from ..engine.graph.names import UNNAMED, Names
    from ..engine.language.names import name_problem

    is_free = name_problem(name) is None and not UNNAMED.fullmatch(name) and graph.names.find(name) is None
    if not is_free or graph.output in graph.names or graph.op(graph.output) is None:
        return graph
    return replace(graph, names=Names({**graph.names.single, graph.output: name}, graph.names.blocks))


def recorded_in(what: Any) -> Any | None:
    """Return what has a graph: a `Scalar`, a `Value`, a `ScalarArray`, NumPy's array of one; None for anything else."""
    kind: Any = type(what)  # pyright: ignore[reportUnknownVariableType]
    if hasattr(kind, "called") and hasattr(kind, "graph"):
        return what
    if _holds_objects(what) and what.size == 1:
        return recorded_in(what.item())
    return None


def _holds_objects(array: Any) -> bool:
    """Tell whether something is an array of NumPy that holds Python's objects."""
    return getattr(getattr(array, "dtype", None), "kind", "") == "O"


def titled(scenario: Scenario, title: str) -> Scenario:
    """Return a scenario under another title, where there is one."""
    return replace(scenario, title=title) if title else scenario


def of_text(text: str, values: Mapping[str, Any]) -> Scenario:
    """Make a scenario of an expression and the values of its names, or open the one of that name or file.

    Raises GradwalkError for what is none of these.
    """
    from ..engine.language.names import is_name
    from ..engine.library import load
    from ..engine.reading.arguments import from_expression

    if not values and (is_name(text) or text.endswith(".toml")):
        return load(text)
    return from_expression(text, {name: _written_value(name, value) for name, value in values.items()})


def _written_value(name: str, value: Any) -> str:
    """Write a value as the language of expressions reads it."""
    if isinstance(value, str):
        return value
    if not isinstance(value, int | float | Real):
        raise GradwalkError(f"{name} is a number, or a constant expression such as '1/3', not a {type(value).__name__}")
    return repr(value) if type(value) is int else repr(float(value))


def of_function(fn: Any, args: Sequence[Any], names: Sequence[str] | None, data: Collection[str]) -> Scenario:
    """Make a scenario of a function for an array library and its arguments, or of what was imported already.

    Raises GradwalkError for what is no function, or cannot be traced.
    """
    from ..engine.importing.imported import Imported, imported
    from .words.imported import presented

    if isinstance(fn, Imported):
        refuse_arguments(args, "what was imported", "its arguments are those that it was traced for")
        return presented(fn)
    if not callable(fn):
        raise GradwalkError(f"walk takes {_TAKEN}, and this is a {kind_of(fn)}{instead_of(fn)}")
    return presented(imported(fn, *args, names=names, data=data))


_TAKEN = "a number calculated with Scalar, or a function and what it is called with"


def kind_of(what: Any) -> str:
    """Return what the type of something is called, an array of JAX by the name that its users know."""
    name = type(what).__name__
    return {"ArrayImpl": "JAX array"}.get(name, name)


def instead_of(what: Any) -> str:
    """Say what to write in place of what has no graph that could be read, behind what it is."""
    if hasattr(what, "dtype") or hasattr(what, "requires_grad"):
        if _holds_objects(what):
            return " of several numbers: take its sum, its mean or an entry"
        return " of plain numbers: write walk(f, x) with the function f that makes it and what that is called with"
    if type(what).__name__ == "Value" and hasattr(what, "data"):
        return (
            f" of {type(what).__module__}: write from gradwalk import Value in its place, and leave the rest as it is"
        )
    if isinstance(what, list | tuple) and any(recorded_in(each) is not None for each in what):  # pyright: ignore
        return " of several numbers: take their sum, their mean or one of them"
    return ': begin with Scalar(2.0, "x") and calculate with it'


def refuse_arguments(args: Sequence[Any], what: str, instead: str) -> None:
    """Raise GradwalkError where something that takes none has arguments; `instead` says what to write."""
    if args:
        raise GradwalkError(f"{what} is walked without further arguments; {instead}")
