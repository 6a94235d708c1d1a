"""The walk at the level of arrays of functions and modules written for PyTorch: its layers are one step each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gradwalk.engine.importing.imported import imported
from gradwalk.engine.lens.numbers import EXACT
from gradwalk.engine.lens.walk import ArrayWalk
from gradwalk.engine.walk.trace import Trace

from .lens_networks import gradients

torch = pytest.importorskip("torch")
functional = torch.nn.functional

pytestmark = [pytest.mark.torch, pytest.mark.thorough]

random = np.random.default_rng(5)

CASES: dict[str, tuple[Callable[..., Any], tuple[tuple[int, ...], ...], str]] = {
    "cross_entropy": (lambda z: functional.cross_entropy(z, torch.tensor([0, 2, 1, 1])), ((4, 3),), "cross_entropy"),
    "layer_norm": (
        lambda x, g, b: (functional.layer_norm(x, (3,), g, b) ** 3).sum(),
        ((4, 3), (3,), (3,)),
        "layer_norm",
    ),
    "batch_norm": (
        lambda x, g, b: (functional.batch_norm(x, None, None, g, b, training=True) ** 3).sum(),
        ((4, 3), (3,), (3,)),
        "batch_norm",
    ),
    "attention": (
        lambda q, k, v: (functional.scaled_dot_product_attention(q, k, v) ** 3).sum(),
        ((2, 4, 3), (2, 5, 3), (2, 5, 3)),
        "attention",
    ),
    "softmax": (lambda z: (torch.softmax(z, 0) ** 2).sum(), ((4, 3),), "softmax"),
}


@pytest.mark.parametrize("name", CASES)
def test_gradients_of_arrays_are_those_of_pytorch(name: str) -> None:
    function, shapes, compound = CASES[name]
    arguments = [torch.tensor(random.normal(size=shape), requires_grad=True) for shape in shapes]
    function(*arguments).backward()
    walk = ArrayWalk(Trace(imported(function, *(argument.detach() for argument in arguments)).scenario.graph))
    assert compound in {array.operation for array in walk.arrays}
    for number in range(walk.seed_step + 1, walk.total + 1):
        step = walk.step(number)
        assert step.formula is not None
        assert step.difference is not None and step.difference <= EXACT
    for found, argument in zip(gradients(walk).values(), arguments, strict=True):
        expected = argument.grad.numpy()
        assert np.abs(found - expected).max() <= EXACT * np.abs(expected).max()


def test_the_layers_of_a_module_are_one_step_each() -> None:
    torch.manual_seed(0)
    layers = [torch.nn.Linear(3, 4), torch.nn.LayerNorm(4), torch.nn.ReLU(), torch.nn.Linear(4, 2)]
    net = torch.nn.Sequential(*layers).double()

    class Loss(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, x: Any) -> Any:
            return functional.cross_entropy(self.net(x), torch.tensor([0, 1, 1, 0]))

    walk = ArrayWalk(Trace(imported(Loss(), torch.tensor(random.normal(size=(4, 3)))).scenario.graph))
    made = [array.operation for array in walk.arrays if not array.is_given]
    assert made == ["transpose", "matmul", "add", "layer_norm", "relu", "transpose", "matmul", "add", "cross_entropy"]
