"""Functions written for NumPy, or for plain numbers: called with scalars that record what is done with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

import numpy as np

from ..errors import RoomError
from ..graph.graph import Leaf
from ..graph.tape import Tape
from ..scalar import Scalar
from ..scalar_array.array import ScalarArray, scalars
from .errors import UntraceableFunction
from .limit import Shapes, by_few_rows, check_count
from .names import function_name, kinds_of, leaf_names, parameter_names
from .traced import Traced


def trace(fn: Callable[..., Any], args: Sequence[Any], names: Sequence[str] | None, data: Collection[str]) -> Traced:
    """Call a function of numbers or of NumPy's arrays, as `Tracer` says; NumPy finds no gradients to compare with."""
    parameters = parameter_names(fn, len(args), names)
    given = dict(zip(parameters, args, strict=True))
    found = [(path, value) for name, arg in given.items() for path, value in _arrays(arg, (name,))]
    paths = [path for path, _ in found]
    called = dict(zip(paths, leaf_names(paths), strict=True))
    floats = [path for path, value in found if _kind(value) == "f"]
    kinds = kinds_of([called[path] for path in floats], floats, data, [*paths, *((name,) for name in given)])
    shapes = {called[path]: np.shape(value) for path, value in found}
    recorded: list[tuple[Tape, Any]] = []

    def count(of_shapes: Shapes) -> int:
        """Call the function with the first rows of its arrays, and return how many scalars that makes."""
        tape = Tape()

        def replaced(value: Any, path: tuple[str, ...]) -> Any:
            if isinstance(value, Mapping):
                items = cast("Mapping[Any, Any]", value).items()
                return {key: replaced(each, (*path, str(key))) for key, each in items}
            if isinstance(value, list | tuple):
                parts = [replaced(each, (*path, str(k))) for k, each in enumerate(cast("Sequence[Any]", value))]
                return tuple(parts) if isinstance(value, tuple) else parts
            name = called.get(path)
            if name is None:
                return value
            rows = value if of_shapes[name] == shapes[name] else value[: of_shapes[name][0]]
            return _recorded(name, rows, kinds[name], tape) if name in kinds else rows

        try:
            recorded[:] = [(tape, fn(*(replaced(arg, (name,)) for name, arg in given.items())))]
        except RoomError as error:
            return len(tape) + error.count
        return len(tape)

    few = by_few_rows(shapes, count)
    check_count(shapes, lambda of_shapes: count(of_shapes) if of_shapes is shapes else few(of_shapes))
    tape, result = recorded[0]
    return Traced(tape, _node_of(result, tape, function_name(fn)))


def _arrays(value: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    """Return all floats and arrays of numbers within an argument, each with the path to it."""
    if isinstance(value, Mapping):
        items = cast("Mapping[Any, Any]", value).items()
        return [found for key, each in items for found in _arrays(each, (*path, str(key)))]
    if isinstance(value, list | tuple):
        parts = enumerate(cast("Sequence[Any]", value))
        return [found for place, each in parts for found in _arrays(each, (*path, str(place)))]
    return [(path, value)] if _kind(value) in "fiub" else []


def _kind(value: Any) -> str:
    """Return NumPy's letter for the kind of a float or an array, "-" for anything else."""
    if isinstance(value, float):
        return "f"
    return cast("Any", value).dtype.kind if isinstance(value, np.ndarray) else "-"


def _recorded(name: str, value: Any, kind: Leaf, tape: Tape) -> Any:
    """Return what stands in the place of a number or an array; an array of data stays as it is."""
    if isinstance(value, float):
        return Scalar.of(tape, tape.leaf(value, kind, name))
    return scalars(name, value, tape=tape) if kind is Leaf.INPUT else value


def _node_of(result: Any, tape: Tape, name: str) -> int:
    """Return the node of the one number that a function has returned."""
    if isinstance(result, np.ndarray) and result.size == 1:
        result = result.reshape(-1)[0]
    if isinstance(result, Scalar) or (isinstance(result, ScalarArray) and result.size == 1):
        if result.tape is not tape:
            raise UntraceableFunction(
                f"{name} returns a {type(result).__name__} that was not made of what it was called with"
            )
        return result.node
    shape = _shape(cast("object", result))
    if shape:
        raise UntraceableFunction(
            f"{name} returns an array of the shape {shape}, and a walk needs one number: "
            "return its mean or its sum, or one of its entries"
        )
    kind = type(cast("object", result)).__name__
    raise UntraceableFunction(
        f"{name} returns a {kind} that does not depend on what it is called with: "
        "calculate with its arguments, which must be floats or arrays of floats, and return the result"
    )


def _shape(result: object) -> tuple[int, ...]:
    if isinstance(result, ScalarArray):
        return result.shape
    return np.shape(cast("Any", result)) if isinstance(result, np.ndarray | list | tuple) else ()
