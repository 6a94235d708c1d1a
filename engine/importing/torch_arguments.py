"""What a function for PyTorch is called with: its tensors, their names, and which of them carry a gradient."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from ..graph.graph import Leaf
from .errors import UntraceableFunction
from .names import function_name, kinds_of, leaf_names, parameter_names
from .torch_captured import Captured
from .torch_views import needed_nodes


@dataclass(frozen=True, eq=False)
class Arguments:
    """The arguments of a function, taken apart.

    `leaves` are all that is in them, `leaf_paths` leads to each of these, and `places` says which are tensors.
    """

    torch: Any
    fn: Callable[..., Any]
    leaves: list[Any]
    structure: Any
    places: list[int]
    leaf_paths: list[tuple[str, ...]]

    @property
    def paths(self) -> list[tuple[str, ...]]:
        """The path to each tensor."""
        return [self.leaf_paths[place] for place in self.places]

    @property
    def others(self) -> list[tuple[tuple[str, ...], Any]]:
        """What is among the arguments besides tensors, such as a module, with the path to it."""
        tensors = {*self.places}
        return [(self.leaf_paths[place], leaf) for place, leaf in enumerate(self.leaves) if place not in tensors]

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
class Given:
    """A tensor that a function is given, or finds outside of it: what it is called, and whether it has a gradient."""

    name: str
    tensor: Any
    kind: Leaf


def not_compiled(fn: Any) -> Any:
    """Return what `torch.compile` was given, which is traced itself, and the module of an exported program."""
    if type(fn).__name__ == "ExportedProgram":
        return fn.module()
    fn = getattr(fn, "_orig_mod", fn)
    return getattr(fn, "_torchdynamo_orig_callable", fn)


def taken_apart(torch: Any, fn: Callable[..., Any], args: Sequence[Any], names: Sequence[str] | None) -> Arguments:
    """Take the arguments apart; NumPy's arrays become tensors, and floats where there is no array at all."""
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
        elif isinstance(leaf, torch.Tensor):
            leaves.append(_own_tensor(leaf))
        else:
            leaves.append(leaf)
    places = [place for place, leaf in enumerate(leaves) if isinstance(leaf, torch.Tensor)]
    return Arguments(torch, fn, leaves, structure, places, paths)


def _own_tensor(tensor: Any) -> Any:
    """Return a tensor of the same numbers that stands for one argument alone.

    The function may find the tensor itself outside of its arguments too, or be given it twice.
    """
    return tensor.detach().requires_grad_(tensor.requires_grad)


def _key(key: Any) -> str:
    return str(next(getattr(key, name) for name in ("key", "idx", "name") if hasattr(key, name)))


@contextmanager
def in_double_precision(torch: Any, tensors: Iterable[Any]) -> Generator[None]:
    """Let tensors hold copies of their numbers, floats as float64, in the block; afterwards they are as before."""
    before = {id(tensor): (tensor, tensor.data, tensor.grad if tensor.is_leaf else None) for tensor in tensors}
    default = torch.get_default_dtype()
    try:
        for tensor, numbers, gradient in before.values():
            if gradient is not None:
                tensor.grad = None
            is_float = numbers.is_floating_point()
            tensor.data = numbers.to("cpu", torch.float64 if is_float else numbers.dtype, copy=True)
        torch.set_default_dtype(torch.float64)
        yield
    finally:
        torch.set_default_dtype(default)
        for tensor, numbers, gradient in before.values():
            if tensor.is_leaf:
                tensor.grad = None
            tensor.data = numbers
            if gradient is not None:
                tensor.grad = gradient


def given_tensors(arguments: Arguments, captured: Captured, graph_module: Any, data: Collection[str]) -> list[Given]:
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
    names = leaf_names(paths)
    kinds = kinds_of(names, paths, data, arguments.leaf_paths)
    arrays = {id(tensor) for tensor in arguments.tensors}
    with_gradient = {id(tensor) for _, tensor in found if tensor.requires_grad} or arrays
    has_gradient = {name for name, (_, tensor) in zip(names, found, strict=True) if id(tensor) in with_gradient}
    if not any(kinds[name] is Leaf.INPUT for name in has_gradient):
        raise UntraceableFunction(
            f"{function_name(arguments.fn)} is called with no tensor of floats, and uses none that requires a "
            "gradient, so nothing carries one: write torch.tensor(2.0, requires_grad=True)"
        )
    return [
        Given(name, tensor, kinds[name] if name in has_gradient else Leaf.DATA)
        for name, (_, tensor) in zip(names, found, strict=True)
    ]


def _constants(graph_module: Any) -> list[Any]:
    """Return the tensors that a traced function has found outside of it and needs."""
    needed = needed_nodes(graph_module.graph)
    nodes = [node for node in graph_module.graph.nodes if node.op == "get_attr" and node in needed]
    found = [getattr(graph_module, node.target) for node in nodes]
    return [each for each in found if hasattr(each, "is_floating_point")]
