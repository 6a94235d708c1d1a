"""Tracing with `make_fx`: a function of tensors becomes a graph of PyTorch's basic operations.

The function runs once, with the tensors themselves. So a branch that it takes, and a number that it reads out of a
tensor, are those of this point, as they are when PyTorch finds the gradient. Each operation is noted with the line that
called it, the modules and functions of `torch.nn` that this happened in, and what came out.
"""

from __future__ import annotations

import importlib
import itertools
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .torch_sources import CallOrigin, Origins
from .torch_views import functional_name, is_in_place

NOTED = "gradwalk"
"""Under this key the `Noted` of a node stands in its `meta`."""

_NAMED_FUNCTIONS = frozenset({"scaled_dot_product_attention", "einsum", "cosine_similarity", "normalize"})
"""Functions of PyTorch that are no Python and yet more than one operation."""


_TAKEN_APART_WRONGLY = ("aten.multilabel_margin_loss_forward",)
"""Operations whose parts, in PyTorch 2.13, give another number than the whole."""


@dataclass(frozen=True, eq=False)
class Noted:
    """What is known of an operation beside its operands.

    `has_gradient` is false within `torch.no_grad()`. `operation` is the operation that was called, of which the node
    may be a part, and `result` what came out where the node is all of it; `is_random` says that it was drawn at random.
    """

    origin: CallOrigin
    has_gradient: bool
    operation: str
    result: Any = None
    is_random: bool = False


def traced(
    torch: Any,
    function: Callable[..., Any],
    tensors: Sequence[Any],
    module_names: Mapping[int, str],
    kept: Collection[str],
) -> Any:
    """Trace a function of tensors; return the `torch.fx.GraphModule`, its nodes with their `Noted`.

    `module_names` says what modules are called, by their id. Operations called in `kept`, such as `aten.gelu`, stay
    whole; of the others those that PyTorch can take apart are taken apart. What is written in place becomes a tensor of
    its own, where PyTorch can do that.
    """
    proxies: Any = importlib.import_module("torch.fx.experimental.proxy_tensor")
    recorder, calls = _recorder_class(torch), _calls_class(torch)()

    def recorded(*given: Any) -> Any:
        graph = proxies.get_proxy_mode().tracer.graph
        with calls, recorder(graph, calls, Origins(torch, recorded.__code__, module_names)):
            return function(*given)

    def graph_module(called: Callable[..., Any]) -> Any:
        table = _decompositions(torch, kept)
        return proxies.make_fx(called, decomposition_table=table, _error_on_data_dependent_ops=False)(*tensors)

    try:
        return graph_module(torch.func.functionalize(recorded, remove="mutations"))
    except (RuntimeError, NotImplementedError):  # a tolist(), or a function with a backward pass of its own
        return graph_module(recorded)


def _decompositions(torch: Any, kept: Collection[str]) -> dict[Any, Any]:
    """Return how PyTorch takes operations apart, but for those that are kept, and those that draw random numbers."""
    table: Mapping[Any, Any] = importlib.import_module("torch._decomp").decomposition_table
    random, whole = torch.Tag.nondeterministic_seeded, {*kept, *_TAKEN_APART_WRONGLY}
    return {
        operation: parts
        for operation, parts in table.items()
        if functional_name(operation) not in whole and random not in getattr(operation, "tags", ())
    }


def random_results(graph_module: Any) -> list[Any]:
    """Return what was drawn at random while a function was traced, in order."""
    found: list[Any] = []
    for node in graph_module.graph.nodes:
        noted = node.meta.get(NOTED)
        if node.op == "call_function" and noted is not None and noted.is_random and noted.result is not None:
            found.append(noted.result)
    return found


def drawing_again(torch: Any, results: Sequence[Any]) -> Any:
    """Return a context in which what is drawn at random are these results again, one after the other."""
    base: Any = importlib.import_module("torch.utils._python_dispatch").TorchDispatchMode
    waiting = iter(results)

    class Again(base):
        def __torch_dispatch__(self, operation: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            result = operation(*args, **(kwargs or {}))
            if torch.Tag.nondeterministic_seeded in operation.tags:
                _copy(torch, result, next(waiting, None))
            return result

    return Again()


def _copy(torch: Any, result: Any, drawn: Any) -> None:
    if isinstance(result, tuple | list):
        for each, other in zip(result, drawn if isinstance(drawn, tuple | list) else (), strict=False):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            _copy(torch, each, other)
    elif isinstance(drawn, torch.Tensor) and isinstance(result, torch.Tensor) and drawn.shape == result.shape:
        result.copy_(drawn)


def _recorder_class(torch: Any) -> Any:
    """Make the class of what notes each operation as it runs; its base is PyTorch's."""
    base: Any = importlib.import_module("torch.utils._python_dispatch").TorchDispatchMode

    class Recorder(base):
        def __init__(self, graph: Any, calls: Any, origins: Origins) -> None:
            super().__init__()
            self.graph, self.calls, self.origins = graph, calls, origins
            self.stored: defaultdict[int, list[Any]] = defaultdict(list)

        def __torch_dispatch__(self, operation: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if is_in_place(operation):
                self.keep(args[0])
            before = len(self.graph.nodes)
            result = operation(*args, **(kwargs or {}))
            made = list(itertools.islice(reversed(self.graph.nodes), len(self.graph.nodes) - before))
            if made:
                caller = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
                origin = self.origins.of(caller)
                if self.calls.scope and self.calls.scope not in origin.scope[-1:]:
                    origin = replace(origin, scope=(*origin.scope, self.calls.scope))
                noted = Noted(origin, torch.is_grad_enabled() or origin.is_own_rule, str(operation.overloadpacket))
                is_random = torch.Tag.nondeterministic_seeded in operation.tags
                whole = replace(noted, result=result, is_random=is_random)
                for node in made:
                    node.meta[NOTED] = whole if node.target is operation else noted
                    if node.target is operation and isinstance(result, torch.Tensor):
                        self.stored[result.untyped_storage().data_ptr()].append(node)
            return result

        def keep(self, tensor: Any) -> None:
            """Let results that are about to be changed in place be noted as they are."""
            for node in self.stored.pop(tensor.untyped_storage().data_ptr(), ()):
                noted = node.meta[NOTED]
                node.meta[NOTED] = replace(noted, result=_copied(torch, noted.result))

    return Recorder


def _copied(torch: Any, result: Any) -> Any:
    """Return a copy of a tensor, which is not traced."""
    modes: Any = importlib.import_module("torch.utils._python_dispatch")
    with modes._disable_current_modes():
        return result.clone()


def _cross_entropy_of_logits(
    input: Any, target: Any, weight: Any = None, size_average: Any = None, reduce: Any = None,
    reduction: str = "mean", pos_weight: Any = None,
) -> Any:  # fmt: skip
    """(1 - y)·z + ln(1 + e^-z), which PyTorch calculates in many more steps; `pos_weight` is for y = 1."""
    functional: Any = importlib.import_module("torch.nn.functional")
    positive = functional.softplus(-input, threshold=float("inf"))
    if pos_weight is not None:
        positive = (1 + (pos_weight - 1) * target) * positive
    losses = (1 - target) * input + positive
    if weight is not None:
        losses = losses * weight
    if size_average is not None or reduce is not None:
        reduction = importlib.import_module("torch.nn._reduction").legacy_get_string(size_average, reduce, False)
    return losses if reduction == "none" else losses.mean() if reduction == "mean" else losses.sum()


def _calls_class(torch: Any) -> Any:
    """Make the class of what knows the function of PyTorch that the user's code, or `torch.nn`, has called."""
    base: Any = importlib.import_module("torch.overrides").TorchFunctionMode

    class Calls(base):
        def __init__(self) -> None:
            super().__init__()
            self.scope = ""

        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            before = self.scope
            if function is torch.nn.functional.binary_cross_entropy_with_logits:
                function = _cross_entropy_of_logits
            name = getattr(function, "__name__", "")
            self.scope = name if name in _NAMED_FUNCTIONS else self.scope
            try:
                return function(*args, **(kwargs or {}))
            finally:
                self.scope = before

    return Calls
