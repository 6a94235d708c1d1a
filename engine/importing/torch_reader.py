"""`TorchReader`: reads the nodes of a traced function one after the other, and records those that carry numbers on."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np

from ..arrays import Floats, Indices
from ..graph.graph import Leaf
from .errors import UnknownOperation
from .reader import Reader, Recorded
from .recording import Recording
from .torch_sources import CallOrigin
from .torch_tracing import NOTED, Noted
from .torch_views import functional_name, is_in_place, needed_nodes

Rule = Callable[..., Any]
"""Records an operation: `rule(reader, **arguments)`, called as in the operation's schema, gives its result.

An argument or a result is Recorded or concrete; of several results, a tuple, the later ones may be missing."""

_UNNOTED = Noted(CallOrigin(), True, "")


class TorchReader(Reader):
    """Reads a traced function and records it; PyTorch itself calculates what is concrete."""

    def __init__(self, torch: Any, recording: Recording, rules: Mapping[str, Rule]) -> None:
        self.torch = torch
        super().__init__(recording)
        self._rules = rules
        self._node: Any = None
        self.known: dict[Any, Any] = {}
        """What each node that was read is: Recorded or concrete, or a tuple of these."""

    # ---- what rules use

    def concrete(self, operand: Any) -> Floats:
        """The numbers of a concrete operand, which may be a tensor."""
        if isinstance(operand, self.torch.Tensor):
            operand = operand.detach().to(self.torch.float64).numpy()
        return super().concrete(operand)

    def within(self, name: str) -> Within:
        """Name what is recorded in a with statement: the parts of one function of PyTorch."""
        return Within(self.recording, name)

    def result(self) -> Any:
        """What PyTorch has calculated for the operation that is being read: a tensor or a tuple of them."""
        return self._calculated(self._node.meta.get(NOTED, _UNNOTED))

    def moved(self, *sources: Any, filling: float = 0.0) -> Recorded:
        """Record what only moves entries: PyTorch itself moves their numbers, which tells where each one goes.

        `sources` are those arguments of the operation that hold entries, in its order. Where an entry comes from none
        of them, it is the literal number `filling`, which the operation itself calls `value` where it is not 0.
        """
        codes: dict[int, Any] = {}
        first, flat = 1, list[Recorded]()
        for source in sources:
            shape = self.shape(source)
            size = int(np.prod(shape, dtype=np.int64))
            codes[id(source)] = self.torch.arange(first, first + size, dtype=self.torch.float64).reshape(shape)
            flat.append(self.record("reshape", source, shape=(size,)))
            first += size
        args, kwargs = self._concrete_arguments(codes)
        for place, argument in enumerate(self._node.target._schema.arguments[: len(args)]):
            if argument.name == "value" and not isinstance(args[place], self.torch.Tensor):
                args[place] = 0
        places: Indices = self._node.target(*args, **kwargs).numpy().astype(np.int64) - 1
        if (places < 0).any():
            flat.append(Recorded(self.recording.constant(np.array([filling]))))
            places = np.where(places < 0, first - 1, places)
        joined = flat[0] if len(flat) == 1 else self.record("concat", *flat, axis=0)
        return self.record("take", joined, indices=places)

    def targets(self, into: Any, source: Any) -> Indices:
        """Return which entry of `into` each entry of `source` is added to by the operation that is being read.

        They are counted through; -1 for none. PyTorch tells it by the slope of each sum.
        """
        torch = self.torch
        shape = self.shape(into)
        with torch.enable_grad():
            given = torch.zeros(self.shape(source), dtype=torch.float64, requires_grad=True)
            args, kwargs = self._concrete_arguments(
                {id(into): torch.zeros(shape, dtype=torch.float64), id(source): given}
            )
            codes = torch.arange(1, int(np.prod(shape, dtype=np.int64)) + 1, dtype=torch.float64).reshape(shape)
            (slopes,) = torch.autograd.grad((self._node.target(*args, **kwargs) * codes).sum(), given)
        return slopes.numpy().reshape(-1).astype(np.int64) - 1

    def unknown(self, operation: str) -> UnknownOperation:
        """Make the error for an operation, of the line that is being read, that has no expansion."""
        return UnknownOperation("PyTorch", operation, self.recording.source)

    # ---- reading

    def read(
        self, graph_module: Any, given: Sequence[Any], captured: Mapping[int, Any], share: Callable[[Any], None]
    ) -> Any:
        """Read a traced function; return its result, Recorded or concrete.

        `given` are its arguments, and `captured` what the tensors are that it found outside of them, by their id.
        `share` is called with each node that was read, as `Sharing.share`.
        """
        graph = graph_module.graph
        waiting = iter(given)
        needed = needed_nodes(graph)
        variables = _variables([node for node in graph.nodes if node in needed and NOTED in node.meta])
        for node in graph.nodes:
            if node.op == "placeholder":
                self.known[node] = next(waiting)
            elif node.op == "output":
                return self.argument(node.args[0])
            elif node in needed and node.op == "get_attr":
                tensor = getattr(graph_module, node.target)
                self.known[node] = captured.get(id(tensor), tensor)
            elif node in needed:
                self._node = node
                first = len(self.recording.tape.arrays)
                self.known[node] = self._read(node)
                share(node)
                if (variable := variables.get(node)) is not None:
                    self._name(self.known[node], variable, first)
        return None

    def _name(self, result: Any, variable: str, first: int) -> None:
        """Call an array that was just made, from the place `first` on, as the variable that it is assigned to."""
        arrays = self.recording.tape.arrays
        if isinstance(result, Recorded) and result.place >= first and arrays[result.place].operation:
            arrays[result.place] = replace(arrays[result.place], name=variable)

    def _read(self, node: Any) -> Any:
        if node.target is operator.getitem:
            return self.known[node.args[0]][node.args[1]]
        noted: Noted = node.meta.get(NOTED, _UNNOTED)
        self.recording.source, self.recording.scope = noted.origin.source, noted.origin.scope
        if not any(isinstance(self.known[each], Recorded) for each in node.all_input_nodes):
            return self._calculated(noted)
        if not _gives_floats(noted.result):
            return noted.result
        if not noted.has_gradient:
            changed = noted.origin.is_changing or is_in_place(node.target)
            return self._without_gradient(self._calculated(noted), changed=changed)
        name = functional_name(node.target)
        rule = self._rules.get(name)
        if rule is not None:
            return rule(self, **self._arguments(node))
        if not self._may_give_floats(node):
            return self._calculated(noted)
        raise self.unknown(noted.operation or name)

    def _arguments(self, node: Any) -> dict[str, Any]:
        """Return the arguments of an operation by their names in its schema, those that were left out too."""
        arguments: dict[str, Any] = {}
        for place, argument in enumerate(node.target._schema.arguments):
            if place < len(node.args):
                value = node.args[place]
            else:
                value = node.kwargs.get(argument.name, argument.default_value if argument.has_default_value() else None)
            arguments["input" if argument.name == "self" else argument.name] = self.argument(value)
        return arguments

    def argument(self, value: Any) -> Any:
        """Return what is known of an argument of a node, which may be a node or a list of them."""
        if isinstance(value, list | tuple):
            return [self.argument(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
        return self.known.get(value, value) if isinstance(value, self.torch.fx.Node) else value

    def _calculated(self, noted: Noted) -> Any:
        """Return what PyTorch finds for the node that is being read."""
        if noted.result is not None:
            return noted.result
        args, kwargs = self._concrete_arguments({})
        return self._node.target(*args, **kwargs)

    def _concrete_arguments(self, replaced: Mapping[int, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments of the node that is being read, as tensors; some of them, by their id, replaced."""

        def concrete(value: Any) -> Any:
            if isinstance(value, list | tuple):
                return [concrete(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
            value = self.known.get(value, value) if isinstance(value, self.torch.fx.Node) else value
            if id(value) in replaced:
                return replaced[id(value)]
            return self.torch.from_numpy(self.numbers(value)) if isinstance(value, Recorded) else value

        return [concrete(each) for each in self._node.args], {k: concrete(v) for k, v in self._node.kwargs.items()}

    def _without_gradient(self, result: Any, *, changed: bool = False) -> Any:
        """Return a result that no gradient flows through: floats are data.

        Where an array was `changed` in place it has other numbers, and its gradient flows as before.
        """
        if isinstance(result, tuple | list):
            return tuple(self._without_gradient(each) for each in cast("tuple[Any, ...]", result))
        if isinstance(result, self.torch.Tensor) and result.is_floating_point():
            before = self.known.get(self._node.args[0]) if self._node.args else None
            if changed and isinstance(before, Recorded) and self.shape(before) == tuple(result.shape):
                step = self.numbers(result) - self.numbers(before)
                return self.record("add", before, step) if step.any() else before
            return Recorded(self.recording.given(self.numbers(result), Leaf.DATA, ""))
        return result

    def _may_give_floats(self, node: Any) -> bool:
        found = node.meta.get("tensor_meta") or node.meta.get("val")
        dtype = getattr(found, "dtype", None)
        return dtype is None or bool(dtype.is_floating_point or dtype.is_complex)


class Within:
    """A scope that is entered: what is recorded is within it, once."""

    def __init__(self, recording: Recording, name: str) -> None:
        self._recording, self._name = recording, name
        self._before = recording.scope

    def __enter__(self) -> None:
        if self._name not in self._before[-1:]:
            self._recording.scope = (*self._before, self._name)

    def __exit__(self, *_: object) -> None:
        self._recording.scope = self._before


def _gives_floats(result: Any) -> bool:
    """Say whether a result may hold floats, or complex numbers, through which a gradient flows; an unknown one may."""
    if isinstance(result, tuple | list):
        return any(map(_gives_floats, result))  # pyright: ignore[reportUnknownArgumentType]
    dtype = getattr(result, "dtype", None)
    return result is None or (dtype is not None and bool(dtype.is_floating_point or dtype.is_complex))


def _variables(nodes: Sequence[Any]) -> dict[Any, str]:
    """Return the variables that results are assigned to, by the node that gives them: the last one of its line."""
    origins: list[CallOrigin] = [node.meta[NOTED].origin for node in nodes]
    return {
        node: origin.variable
        for node, origin, following in itertools.zip_longest(nodes, origins, origins[1:])
        if origin.variable and (following is None or _line_of(origin) != _line_of(following))
    }


def _line_of(origin: CallOrigin) -> tuple[Any, str]:
    return origin.source, origin.variable
