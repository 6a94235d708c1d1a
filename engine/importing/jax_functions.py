"""Functions written for JAX: traced to a jaxpr, whose equations are recorded on a tape."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import Floats
from ..graph.graph import Leaf
from .comparison import LibraryResult
from .errors import UntraceableFunction, at_line
from .jax_count import coarsest_unit, own_rules, scalars_of
from .jax_reader import JaxReader
from .jax_rules import CALLS, RULES
from .limit import Shapes, check_count
from .names import function_name, kinds_of, leaf_names, parameter_names
from .reader import Recorded
from .recording import Recording
from .source_lines import frames_of, source_line, users_frame
from .traced import Traced


@dataclass(frozen=True, eq=False)
class _Arguments:
    """The arguments of a function, taken apart: which of them are arrays of floats, and what these are called."""

    fn: Callable[..., Any]
    leaves: list[Any]
    structure: Any
    floats: dict[str, int]
    """The place among the leaves of each array of floats, by its name."""
    kinds: dict[str, Leaf]
    """Which of these carry a gradient."""
    others: dict[str, int]
    """The place of each other array, such as labels, by its name."""

    def cut(self, shapes: Shapes) -> _Arguments:
        """Return the same with only so many rows of the other arrays as their shapes say."""
        leaves = [*self.leaves]
        for name, place in self.others.items():
            if shapes[name] != np.shape(leaves[place]):
                leaves[place] = leaves[place][: shapes[name][0]]
        return replace(self, leaves=leaves)

    def call(self, jax: Any, arrays: Sequence[Any]) -> Any:
        """Call the function with other arrays in the places of its arrays of floats."""
        leaves = [*self.leaves]
        for place, array in zip(self.floats.values(), arrays, strict=True):
            leaves[place] = array
        return self.fn(*jax.tree_util.tree_unflatten(self.structure, leaves))


def trace(fn: Callable[..., Any], args: Sequence[Any], names: Sequence[str] | None, data: Collection[str]) -> Traced:
    """Read a function that is written for JAX, as `Tracer` says.

    It is calculated with float64, whatever the arrays hold, and so is JAX's own gradient.
    """
    jax: Any = importlib.import_module("jax")
    with _double_precision(jax):
        arguments = _taken_apart(jax, fn, args, names, data)
        arrays = [_as_double(jax, arguments.leaves[place]) for place in arguments.floats.values()]
        places = {**arguments.floats, **arguments.others}
        shapes = {name: tuple(np.shape(arguments.leaves[place])) for name, place in places.items()}

        def count(of_shapes: Shapes) -> int:
            structs = [jax.ShapeDtypeStruct(of_shapes[name], np.float64) for name in arguments.floats]
            return scalars_of(_jaxpr(jax, arguments.cut(of_shapes), structs))

        if sum(map(math.prod, shapes.values())) > _QUICK:
            check_count(shapes, count)
        closed = _jaxpr(jax, arguments, arrays)
        check_count(shapes, lambda of_shapes: scalars_of(closed) if of_shapes is shapes else count(of_shapes))
        recording = Recording()
        given = [
            Recorded(recording.given(array, arguments.kinds[name], name))
            for name, array in zip(arguments.floats, arrays, strict=True)
        ]
        output = JaxReader(jax, recording, RULES, CALLS).read(closed, given)[0]
        if not isinstance(output, Recorded):
            raise UntraceableFunction(f"{function_name(fn)} depends on no array of floats that it is called with")
        node = int(recording.tape.arrays[output.place].entries.reshape(-1)[0])
        result = _own_result(jax, arguments, arrays, closed)
    return Traced(recording.tape, node, result)


def _double_precision(jax: Any) -> Any:
    """Return the context in which JAX calculates with float64; before 0.8 it stands elsewhere."""
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    return importlib.import_module("jax.experimental").enable_x64(True)


_QUICK = 100_000
"""With fewer numbers in the arguments a function is traced at once with the numbers themselves."""


def _taken_apart(
    jax: Any, fn: Callable[..., Any], args: Sequence[Any], names: Sequence[str] | None, data: Collection[str]
) -> _Arguments:
    parameters = parameter_names(fn, len(args), names)
    paths, leaves = list[list[str]](), list[Any]()
    for path, leaf in jax.tree_util.tree_flatten_with_path(tuple(args))[0]:
        leaves.append(leaf)
        paths.append([parameters[path[0].idx], *(_key(key) for key in path[1:])])
    structure = jax.tree_util.tree_structure(tuple(args))
    places = [place for place, leaf in enumerate(leaves) if _is_float(leaf)]
    others = [place for place, leaf in enumerate(leaves) if place not in places and np.ndim(_array(leaf))]
    every = sorted([*places, *others])
    called = dict(zip(every, leaf_names([paths[place] for place in every]), strict=True))
    if not places:
        raise UntraceableFunction(
            f"{function_name(fn)} is called with no array of floats, so nothing carries a gradient: "
            "hand over the arrays by which it is to be differentiated as arguments, and write 2.0 instead of 2"
        )
    for place, leaf in enumerate(leaves):
        if isinstance(leaf, np.ndarray) and place not in places:
            leaves[place] = jax.numpy.asarray(leaf)
    floats = {called[place]: place for place in places}
    kinds = kinds_of([*floats], [paths[place] for place in places], data, paths)
    return _Arguments(fn, leaves, structure, floats, kinds, {called[place]: place for place in others})


def _array(leaf: Any) -> Any:
    """Return an array, () for what is none."""
    return leaf if hasattr(leaf, "shape") else ()


def _key(key: Any) -> str:
    return str(next(getattr(key, name) for name in ("key", "idx", "name") if hasattr(key, name)))


def _is_float(leaf: Any) -> bool:
    if isinstance(leaf, float):
        return True
    dtype = getattr(leaf, "dtype", None)
    return dtype is not None and getattr(dtype, "kind", "") in "fV" and "float" in str(dtype)


def _as_double(jax: Any, leaf: Any) -> Any:
    return jax.numpy.asarray(np.asarray(leaf, dtype=np.float64))


def _jaxpr(jax: Any, arguments: _Arguments, arrays: Sequence[Any]) -> Any:
    """Trace the function; UntraceableFunction where JAX cannot, or where it does not return one number."""
    name = function_name(arguments.fn)

    def called(*given: Any) -> Any:
        return arguments.call(jax, given)

    try:
        closed, shapes = jax.make_jaxpr(called, return_shape=True)(*arrays)
    except (
        jax.errors.ConcretizationTypeError,
        jax.errors.TracerArrayConversionError,
        jax.errors.TracerIntegerConversionError,
        jax.errors.NonConcreteBooleanIndexError,
    ) as error:
        frame = users_frame(frames_of(error))
        source = None if frame is None else source_line(frame)
        message = (
            f"JAX cannot trace this line of {name}, which needs the numbers in an array (in an if, a loop, a mask or "
            "a function of NumPy): write it with jax.numpy, as jnp.where instead of if"
        )
        raise UntraceableFunction(at_line(source, message)) from error
    found = jax.tree_util.tree_leaves(shapes)
    if len(found) != 1:
        raise UntraceableFunction(
            f"{name} returns {len(found)} arrays, and a walk needs one number: return the loss alone"
        )
    if math.prod(found[0].shape) != 1:
        raise UntraceableFunction(
            f"{name} returns an array of the shape {found[0].shape}, and a walk needs one number: "
            "return its mean or its sum, or one of its entries"
        )
    return closed


def _own_result(jax: Any, arguments: _Arguments, arrays: Sequence[Any], closed: Any) -> LibraryResult | None:
    """Ask JAX for the value and the gradients; None where it has no way back through the function."""
    try:
        return _asked(jax, arguments, arrays, closed)
    except (ValueError, NotImplementedError) as error:
        if "Reverse-mode differentiation does not work" in str(error) or isinstance(error, NotImplementedError):
            return None  # through a while loop, say
        raise


def _asked(jax: Any, arguments: _Arguments, arrays: Sequence[Any], closed: Any) -> LibraryResult:
    names = [*arguments.floats]
    inputs = [place for place, name in enumerate(names) if arguments.kinds[name] is Leaf.INPUT]

    def number(*given: Any) -> Any:
        every = [*arrays]
        for place, array in zip(inputs, given, strict=True):
            every[place] = array
        (result,) = jax.tree_util.tree_leaves(arguments.call(jax, every))
        return result.reshape(())

    if not inputs:
        return LibraryResult(float(number()), {}, "jax.grad")
    both = jax.value_and_grad(number, argnums=tuple(range(len(inputs))))
    quickly = {"xla_backend_optimization_level": 0}  # it is called once, and compiling is what takes time
    value, gradients = jax.jit(both, compiler_options=quickly)(*[arrays[place] for place in inputs])
    found: dict[str, Floats] = {
        names[place]: np.asarray(gradient, dtype=np.float64) for place, gradient in zip(inputs, gradients, strict=True)
    }
    unit = coarsest_unit(closed)
    return LibraryResult(float(value), found, "jax.grad", unit > 2.0**-52, unit, own_rules(closed))
