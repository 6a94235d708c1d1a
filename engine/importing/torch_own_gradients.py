"""What PyTorch finds for a function itself: its value, and its gradients by `torch.autograd.grad`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..arrays import Floats
from ..graph.graph import Leaf
from .comparison import LibraryResult
from .errors import UntraceableFunction
from .names import function_name
from .torch_arguments import Arguments, Given


def own_result(
    arguments: Arguments, given: Sequence[Given], unit: float, own_rules: Sequence[str]
) -> LibraryResult | None:
    """Ask PyTorch for the value and the gradients; None where it has none by one of the inputs."""
    try:
        return _asked(arguments, given, unit, own_rules)
    except RuntimeError as error:
        if any(said in str(error) for said in ("not differentiable", "does not require grad", "is not implemented")):
            return None  # by a running mean, say, or of a function that it has no rule for
        if "backward through the graph a second time" in str(error):
            raise UntraceableFunction(
                f"{function_name(arguments.fn)} goes backward itself: walk the function that returns the loss, without "
                "its backward() and the step of the optimizer"
            ) from error
        raise


def _asked(arguments: Arguments, given: Sequence[Given], unit: float, own_rules: Sequence[str]) -> LibraryResult:
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
    return LibraryResult(
        float(value.detach().sum()), found, "torch.autograd.grad", unit > 2.0**-52, unit, tuple(own_rules)
    )
