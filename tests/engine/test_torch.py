"""The same numbers from PyTorch: every op, and every built-in scenario."""

from collections.abc import Callable
from typing import Any

import pytest
from gradwalk.engine.checking.differences import Difference
from gradwalk.engine.checking.gradients import check_gradients
from gradwalk.engine.library import built_in_names, load
from gradwalk.engine.rules.ops import OPS, Op, evaluate
from gradwalk.engine.walk.trace import Trace

from .test_ops import local_derivatives, points

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
pytestmark = pytest.mark.torch

JUDGES: dict[str, Callable[..., Any]] = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "neg": torch.neg,
    "reciprocal": torch.reciprocal,
    "pow": torch.pow,
    "square": torch.square,
    "sqrt": torch.sqrt,
    "exp": torch.exp,
    "ln": torch.log,
    "sin": torch.sin,
    "cos": torch.cos,
    "tan": torch.tan,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "softplus": torch.nn.functional.softplus,
    "erf": torch.erf,
    "abs": torch.abs,
    "min": torch.minimum,
    "max": torch.maximum,
    "sum": lambda *xs: torch.stack(xs).sum(),
    "mean": lambda *xs: torch.stack(xs).mean(),
    "sign": torch.sign,
}
JUDGED = [op for op in OPS if op.name in JUDGES]
CORNERS = {
    "relu": [(0.0,)],
    "abs": [(0.0,)],
    "min": [(2.0, 2.0)],
    "max": [(2.0, 2.0)],
    "sqrt": [(0.0,)],
    "sign": [(0.0,)],
    "pow": [(0.0, 1.0), (0.0, 2.0), (0.0, 3.0)],
}
"""The points where a derivative is a choice or a limit: we choose as PyTorch does."""


def derivatives(judge: Callable[..., Any], point: tuple[float, ...]) -> tuple[float, list[float]]:
    operands = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in point]
    out = judge(*operands)
    out.backward()
    return float(out.detach()), [0.0 if x.grad is None else float(x.grad) for x in operands]


@pytest.mark.parametrize("op", JUDGED, ids=lambda op: op.name)
def test_every_op_agrees(op: Op):
    for point in [*points(op), *CORNERS.get(op.name, [])]:
        value, expected = derivatives(JUDGES[op.name], point)
        assert evaluate(op.forward, *point) == pytest.approx(value, rel=1e-12)
        for derivative, other in zip(local_derivatives(op, point), expected, strict=True):
            assert derivative == pytest.approx(other, rel=1e-9, abs=1e-14, nan_ok=True)


@pytest.mark.parametrize("name", built_in_names())
def test_every_built_in_scenario_agrees(name: str):
    graph = load(name).graph
    nodes: list[Any] = []
    for node in range(len(graph)):
        op = graph.op(node)
        if op is None:
            value = torch.tensor(float(graph.leaf_values[node]), dtype=torch.float64)
            nodes.append(value.requires_grad_(bool(graph.carries_gradient[node])))
        else:
            nodes.append(JUDGES[op.name](*(nodes[k] for k in graph.operands_of(node).tolist())))
            if graph.carries_gradient[node]:
                nodes[-1].retain_grad()
    nodes[-1].backward()
    for row in check_gradients(graph).rows:
        derivative = float(nodes[row.leaf].grad)
        assert row.complex_step == pytest.approx(derivative, rel=1e-12, abs=1e-16)
        assert isinstance(row.difference, Difference)
        assert abs(row.difference.derivative - derivative) <= row.difference.error + 1e-12 * abs(derivative)
    trace = Trace(graph)
    end = trace.state(trace.total)
    for node, tensor in enumerate(nodes):
        assert end.value(node) == pytest.approx(float(tensor.detach()), rel=1e-12)
        if graph.carries_gradient[node]:
            assert end.gradient(node) == pytest.approx(float(tensor.grad), rel=1e-12)
