"""Functions and modules written for PyTorch: traced with `make_fx`, their operations recorded on a tape."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from ..arrays import Floats
from ..graph.graph import Leaf
from .comparison import LibraryResult
from .errors import UntraceableFunction
from .limit import MAX_SCALARS, Shapes, check_count
from .names import function_name, kinds_of, leaf_names, parameter_names
from .recording import Recording
from .torch_captured import Captured, captured_by
from .torch_count import rounds, scalars_of
from .torch_reader import Recorded, TorchReader, needed_nodes
from .torch_rules import RULES
from .torch_tracing import drawing_again, random_results, traced
from .traced import Traced


@dataclass(frozen=True, eq=False)
class _Arguments:
    """The arguments of a function, taken apart.

    `leaves` are all that is in them, `places` which of those are tensors, and `paths` leads to each of these.
    """

    torch: Any
    fn: Callable[..., Any]
    leaves: list[Any]
    structure: Any
    places: list[int]
    paths: list[tuple[str, ...]]

    @property
    def tensors(self) -> list[Any]:
        """The tensors, in order."""
        return [self.leaves[place] for place in self.places]

    def call(self, *tensors: Any) -> Any:
        """Call the function with these tensors in the places of its own; return what it returns, taken apart."""
        trees: Any = importlib.import_module("torch.utils._pytree")
        leaves = [*self.leaves]
        for place, tensor in zip(self.places, tensors, strict=True):
            leaves[place] = tensor
        return trees.tree_leaves(self.fn(*trees.tree_unflatten(leaves, self.structure)))


@dataclass(frozen=True, eq=False)
class _Given:
    """A tensor that a function is given, or finds outside of it: what it is called, and whether it has a gradient."""

    name: str
    tensor: Any
    kind: Leaf


def trace(fn: Callable[..., Any], args: Sequence[Any], names: Sequence[str] | None, data: Collection[str]) -> Traced:
    """Read a function or a module that is written for PyTorch, as `Tracer` says.

    It is calculated with float64, whatever the tensors hold, and so is PyTorch's own gradient; tensors and modules are
    left as they were, and so are random numbers. Where any tensor requires a gradient, an argument or a parameter,
    those that do not are data.
    """
    torch: Any = importlib.import_module("torch")
    fn = _not_compiled(fn)
    arguments = _taken_apart(torch, fn, args, names)
    captured = captured_by(torch, fn)
    with torch.random.fork_rng(devices=[]), _in_double_precision(torch, [*captured.tensors, *arguments.tensors]):
        state = torch.get_rng_state()
        graph_module = _traced(arguments, captured, arguments.tensors)
        given = _given(arguments, captured, graph_module, data)
        _check_count(arguments, captured, graph_module, given, state)
        recording = Recording()
        places = {id(each.tensor): _recorded(recording, each) for each in given}
        reader = TorchReader(torch, recording, RULES)
        inputs = [places.get(id(tensor), tensor) for tensor in arguments.tensors]
        output = reader.read(graph_module, inputs, places)
        if not isinstance(output, Recorded):
            raise UntraceableFunction(
                f"{function_name(fn)} depends on no tensor of floats that it is called with or that requires a gradient"
            )
        node = int(recording.tape.arrays[output.place].entries.reshape(-1)[0])
        with drawing_again(torch, random_results(graph_module)):
            result = _own_result(arguments, given, rounds=rounds(graph_module.graph))
    return Traced(recording.tape, node, result)


def _recorded(recording: Recording, given: _Given) -> Recorded:
    return Recorded(recording.given(given.tensor.detach().to(given.tensor.dtype).numpy(), given.kind, given.name))


def _not_compiled(fn: Any) -> Any:
    """Return what `torch.compile` was given: it is traced itself."""
    fn = getattr(fn, "_orig_mod", fn)
    return getattr(fn, "_torchdynamo_orig_callable", fn)


# ---- what the function is called with


def _taken_apart(torch: Any, fn: Callable[..., Any], args: Sequence[Any], names: Sequence[str] | None) -> _Arguments:
    trees: Any = importlib.import_module("torch.utils._pytree")
    called: Any = getattr(fn, "forward") if isinstance(fn, torch.nn.Module) else fn  # noqa: B009
    parameters = parameter_names(called, len(args), names)
    with_paths, structure = trees.tree_flatten_with_path(tuple(args))
    leaves: list[Any] = []
    paths: list[tuple[str, ...]] = []
    has_tensors = any(isinstance(leaf, torch.Tensor | np.ndarray | np.generic) for _, leaf in with_paths)
    for path, leaf in with_paths:
        first, *rest = cast("Sequence[Any]", path)
        paths.append((parameters[int(first.idx)], *map(_key, rest)))
        if isinstance(leaf, np.ndarray | np.generic) or (isinstance(leaf, float) and not has_tensors):
            leaves.append(torch.as_tensor(np.array(leaf)))
        else:
            leaves.append(leaf)
    places = [place for place, leaf in enumerate(leaves) if isinstance(leaf, torch.Tensor)]
    return _Arguments(torch, fn, leaves, structure, places, [paths[place] for place in places])


def _key(key: Any) -> str:
    return str(next(getattr(key, name) for name in ("key", "idx", "name") if hasattr(key, name)))


@contextmanager
def _in_double_precision(torch: Any, tensors: Iterable[Any]) -> Generator[None]:
    """Let tensors hold copies of their numbers, floats as float64, in the block; afterwards they are as before."""
    before = {id(tensor): (tensor, tensor.data) for tensor in tensors}
    default = torch.get_default_dtype()
    try:
        for tensor, numbers in before.values():
            is_float = numbers.is_floating_point()
            tensor.data = numbers.to("cpu", torch.float64 if is_float else numbers.dtype, copy=True)
        torch.set_default_dtype(torch.float64)
        yield
    finally:
        torch.set_default_dtype(default)
        for tensor, numbers in before.values():
            tensor.data = numbers


def _given(arguments: _Arguments, captured: Captured, graph_module: Any, data: Collection[str]) -> list[_Given]:
    """Return the tensors of floats that the function is given, and those that it finds, each with a name."""
    found = [
        (path, tensor)
        for path, tensor in zip(arguments.paths, arguments.tensors, strict=True)
        if tensor.is_floating_point()
    ]
    own = {id(tensor) for _, tensor in found}
    unnamed = 0
    for tensor in _constants(graph_module):
        if id(tensor) in own or not tensor.is_floating_point():
            continue
        path = captured.paths.get(id(tensor))
        if path is None and tensor.requires_grad:
            unnamed += 1
            path = (f"parameter{unnamed}",)
        if path is not None:
            found.append((path, tensor))
            own.add(id(tensor))
    paths = [path for path, _ in found]
    names = _different(leaf_names(paths))
    kinds = kinds_of(names, paths, data)
    arrays = {id(tensor) for tensor in arguments.tensors}
    with_gradient = {id(tensor) for _, tensor in found if tensor.requires_grad} or arrays
    has_gradient = {name for name, (_, tensor) in zip(names, found, strict=True) if id(tensor) in with_gradient}
    if not any(kinds[name] is Leaf.INPUT for name in has_gradient):
        raise UntraceableFunction(
            f"{function_name(arguments.fn)} is called with no tensor of floats, and uses none that requires a "
            "gradient, so nothing carries one: write torch.tensor(2.0, requires_grad=True)"
        )
    return [
        _Given(name, tensor, kinds[name] if name in has_gradient else Leaf.DATA)
        for name, (_, tensor) in zip(names, found, strict=True)
    ]


def _different(names: Sequence[str]) -> list[str]:
    """Return names of which no two are the same: a later one gets a number."""
    found: list[str] = []
    for name in names:
        number, different = 1, name
        while different in found:
            number += 1
            different = f"{name}_{number}"
        found.append(different)
    return found


def _constants(graph_module: Any) -> list[Any]:
    """Return the tensors that a traced function has found outside of it and needs."""
    needed = needed_nodes(graph_module.graph)
    nodes = [node for node in graph_module.graph.nodes if node.op == "get_attr" and node in needed]
    found = [getattr(graph_module, node.target) for node in nodes]
    return [each for each in found if hasattr(each, "is_floating_point")]


# ---- tracing


def _traced(arguments: _Arguments, captured: Captured, tensors: Sequence[Any]) -> Any:
    """Trace the function; UntraceableFunction where it does not return one number."""
    name = function_name(arguments.fn)
    shapes: list[tuple[int, ...]] = []

    def number(*given: Any) -> Any:
        found = arguments.call(*given)
        shapes.extend(tuple(each.shape) if isinstance(each, arguments.torch.Tensor) else () for each in found)
        return found[0] if len(found) == 1 and isinstance(found[0], arguments.torch.Tensor) else None

    graph_module = traced(arguments.torch, number, tensors, captured.module_names, RULES)
    if len(shapes) != 1:
        raise UntraceableFunction(
            f"{name} returns {len(shapes)} results, and a walk needs one number: return the loss alone"
        )
    if math.prod(shapes[0]) != 1:
        raise UntraceableFunction(
            f"{name} returns a tensor of the shape {shapes[0]}, and a walk needs one number: "
            "return its mean or its sum, a loss, or one of its entries"
        )
    return graph_module


def _check_count(
    arguments: _Arguments, captured: Captured, graph_module: Any, given: Sequence[_Given], state: Any
) -> None:
    """Raise TooManyScalars where the function makes too many, with the slice of the arguments that does not."""
    own = {id(tensor) for tensor in arguments.tensors}
    shapes = {each.name: tuple(each.tensor.shape) for each in given if id(each.tensor) in own}
    names = {id(each.tensor): each.name for each in given}

    def count(of_shapes: Shapes) -> int:
        if of_shapes is shapes:
            return scalars_of(graph_module)
        lengths = {
            shapes[name][0]: shape[0] for name, shape in of_shapes.items() if shape and shape[0] != shapes[name][0]
        }
        arguments.torch.set_rng_state(state)
        sliced = [
            tensor[: lengths[tensor.shape[0]]]
            if tensor.dim()
            and tensor.shape[0] in lengths
            and (id(tensor) not in names or names[id(tensor)] in of_shapes)
            else tensor
            for tensor in arguments.tensors
        ]
        return scalars_of(_traced(arguments, captured, sliced))

    check_count(shapes, count, MAX_SCALARS)


# ---- what PyTorch finds itself


def _own_result(arguments: _Arguments, given: Sequence[_Given], *, rounds: bool) -> LibraryResult | None:
    """Ask PyTorch for the value and the gradients; None where it has none by one of the inputs."""
    try:
        return _asked(arguments, given, rounds=rounds)
    except RuntimeError as error:
        if "not differentiable" in str(error) or "does not require grad" in str(error):
            return None  # by a running mean, say
        raise


def _asked(arguments: _Arguments, given: Sequence[_Given], *, rounds: bool) -> LibraryResult:
    torch = arguments.torch
    own = {id(tensor): tensor for tensor in arguments.tensors}
    with torch.enable_grad():
        asked: Mapping[int, Any] = {
            id(each.tensor): each.tensor.detach().clone().requires_grad_() if id(each.tensor) in own else each.tensor
            for each in given
            if each.kind is Leaf.INPUT
        }
        (value,) = arguments.call(*(asked.get(id(tensor), tensor.detach()) for tensor in arguments.tensors))
        gradients = [None] * len(asked)
        if value.requires_grad:
            gradients = torch.autograd.grad(value.sum(), [*asked.values()], allow_unused=True)
    by_id = dict(zip(asked, gradients, strict=True))
    found: dict[str, Floats] = {}
    for each in given:
        if id(each.tensor) in by_id:
            gradient = by_id[id(each.tensor)]
            shape = tuple(each.tensor.shape)
            found[each.name] = np.zeros(shape) if gradient is None else gradient.detach().to(torch.float64).numpy()
    return LibraryResult(float(value.detach().sum()), found, "torch.autograd.grad", rounds)
