"""Training against PyTorch: the same data, first parameters and optimizer, epoch by epoch."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gradwalk.engine.library import load
from gradwalk.engine.rules.optimizers import OPTIMIZERS
from gradwalk.engine.training.scenario import TrainingScenario
from gradwalk.engine.training.trainer import Trainer

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
pytestmark = pytest.mark.torch

EPOCHS = 50
TRAINED = ("regression", "polynomial", "logistic", "xor", "moons")
RATES = {"sgd": 1.0, "momentum": 0.1, "adam": 0.1}
"""What the scenario's own learning rate is multiplied with, so that each optimizer gets somewhere."""

Tensors = dict[str, Any]
Loss = Callable[[Tensors, Tensors], Any]


def regression(p: Tensors, d: Tensors) -> Any:
    return torch.nn.functional.mse_loss(p["b"] + d["x"] * p["w"], d["y"])


def polynomial(p: Tensors, d: Tensors) -> Any:
    return torch.nn.functional.mse_loss(sum(p[f"c{k}"] * d["x"] ** k for k in range(4)), d["y"])


def logistic(p: Tensors, d: Tensors) -> Any:
    score = p["b"] + p["w1"] * d["x1"] + p["w2"] * d["x2"]
    return torch.nn.functional.binary_cross_entropy_with_logits(score, d["y"])


def linear(p: Tensors, layer: str, units: int, inputs: Any, sources: list[str]) -> Any:
    names = [layer] if units == 1 else [f"{layer}_{k}" for k in range(1, units + 1)]
    weights = torch.stack([torch.stack([p[f"w_{name}_{source}"] for source in sources]) for name in names])
    return torch.nn.functional.linear(inputs, weights, torch.stack([p[f"b_{name}"] for name in names]))


def points(d: Tensors) -> Any:
    return torch.stack([d["x1"], d["x2"]], dim=1)


def xor(p: Tensors, d: Tensors) -> Any:
    hidden = torch.tanh(linear(p, "h", 4, points(d), ["x1", "x2"]))
    score = linear(p, "out", 1, hidden, [f"h_{k}" for k in range(1, 5)])
    return torch.nn.functional.binary_cross_entropy_with_logits(score[:, 0], d["y"])


def moons(p: Tensors, d: Tensors) -> Any:
    first = torch.relu(linear(p, "h1", 16, points(d), ["x1", "x2"]))
    second = torch.relu(linear(p, "h2", 16, first, [f"h1_{k}" for k in range(1, 17)]))
    score = linear(p, "score", 1, second, [f"h2_{k}" for k in range(1, 17)])[:, 0]
    l2 = sum(parameter**2 for parameter in p.values())
    return torch.relu(1 - d["y"] * score).mean() + 1e-4 * l2


LOSSES: dict[str, Loss] = {
    "regression": regression,
    "polynomial": polynomial,
    "logistic": logistic,
    "xor": xor,
    "moons": moons,
}


def optimizer_of(name: str, parameters: list[Any]) -> Any:
    if name == "adam":
        return torch.optim.Adam(parameters, lr=1.0, betas=(0.9, 0.999), eps=1e-8)
    return torch.optim.SGD(parameters, lr=1.0, momentum=0.9 if name == "momentum" else 0.0)


def opened(name: str, optimizer: str) -> tuple[TrainingScenario, Trainer]:
    scenario = load(name)
    assert isinstance(scenario, TrainingScenario)
    rate = scenario.options.rate
    options = dataclasses.replace(
        scenario.options,
        epochs=EPOCHS,
        optimizer=OPTIMIZERS[optimizer],
        rate=lambda epoch: RATES[optimizer] * rate(epoch),
    )
    return scenario, dataclasses.replace(scenario, options=options).trainer()


def relative_error(ours: Any, theirs: Any) -> float:
    """The largest difference, relative to the largest number if that is not 0."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    return float(np.abs(ours - theirs).max() / (np.abs(theirs).max() or 1.0))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", TRAINED)
def test_every_epoch_is_that_of_pytorch(name: str, optimizer: str):
    scenario, trainer = opened(name, optimizer)
    columns = {column: torch.tensor(values) for column, values in scenario.data.items()}
    start = scenario.named(trainer.history[0].parameters)
    parameters = {key: torch.tensor(value, dtype=torch.float64, requires_grad=True) for key, value in start.items()}
    torch_optimizer = optimizer_of(optimizer, list(parameters.values()))
    for epoch in range(EPOCHS + 1):
        torch_optimizer.zero_grad()
        loss = LOSSES[name](parameters, columns)
        loss.backward()
        known = trainer.history[epoch]
        assert relative_error(known.loss, loss.detach()) <= 1e-9, f"the loss after {epoch} epochs"
        theirs = [float(parameter.detach()) for parameter in parameters.values()]
        assert relative_error(known.parameters, theirs) <= 1e-9, f"the parameters after {epoch} epochs"
        gradient = [0.0 if parameter.grad is None else float(parameter.grad) for parameter in parameters.values()]
        assert relative_error(known.gradient, gradient) <= 1e-9 or max(map(abs, gradient)) < 1e-9
        if epoch < EPOCHS:
            torch_optimizer.param_groups[0]["lr"] = trainer.rate(epoch)
            torch_optimizer.step()
            assert trainer.train_epoch()
    assert trainer.history[EPOCHS].loss < trainer.history[0].loss


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_batches_are_trained_as_pytorch_trains_them(optimizer: str):
    """Two samples a batch, and a smaller last one: which they are is read from the walk of each epoch."""
    from .training_files import fit
    from .training_files import opened as opened_text

    change = ("epochs = 5", f'epochs = 20\nbatch_size = 2\noptimizer = "{optimizer}"')
    scenario = opened_text(fit(change, ("0.1", "0.02")))
    trainer = scenario.trainer()
    while trainer.train_epoch():
        pass
    x, y = scenario.data["x"], scenario.data["y"]
    w, b = (torch.tensor(0.0, dtype=torch.float64, requires_grad=True) for _ in range(2))
    torch_optimizer = optimizer_of(optimizer, [w, b])
    torch_optimizer.param_groups[0]["lr"] = 0.02
    for epoch in range(20):
        walk = trainer.trace(epoch)
        seen = [float(walk.values[walk.graph.find(f"x[{place}]")]) for place in (1, 2)]
        first = [int(np.flatnonzero(x == value)[0]) for value in seen]
        for batch in (first, [place for place in range(3) if place not in first]):
            torch_optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(b + w * torch.tensor(x[batch]), torch.tensor(y[batch]))
            loss.backward()
            torch_optimizer.step()
        assert relative_error(trainer.history[epoch + 1].parameters, [float(w.detach()), float(b.detach())]) <= 1e-9
