"""What training computes, against others that know: least squares, NumPy by hand, finite differences, autograd."""

import dataclasses

import autograd
import autograd.numpy as anp
import hypothesis.strategies as st
import numpy as np
import pytest
from gradwalk.engine.library import load
from gradwalk.engine.training.scenario import TrainingScenario
from gradwalk.engine.training.trainer import Trainer
from hypothesis import given

from .training_files import opened


def trained(scenario: TrainingScenario, epochs: int) -> Trainer:
    trainer = dataclasses.replace(scenario, options=dataclasses.replace(scenario.options, epochs=epochs)).trainer()
    while trainer.train_epoch():
        pass
    return trainer


def built_in(name: str) -> TrainingScenario:
    scenario = load(name)
    assert isinstance(scenario, TrainingScenario)
    return scenario


class TestLeastSquares:
    @pytest.mark.parametrize(
        ("name", "powers", "epochs"), [("regression", (1, 0), 2000), ("polynomial", (0, 1, 2, 3), 20000)]
    )
    def test_training_comes_to_the_closed_form(self, name: str, powers: tuple[int, ...], epochs: int):
        scenario = built_in(name)
        design = np.stack([scenario.data["x"] ** power for power in powers], axis=1)
        solution, (residual,), _, _ = np.linalg.lstsq(design, scenario.data["y"], rcond=None)
        end = trained(scenario, epochs).history[-1]
        assert end.parameters == pytest.approx(solution, rel=1e-9)
        assert end.loss == pytest.approx(residual / len(design), rel=1e-12)


PREDICTIONS = {
    "u*x1 + v*x2 + c": lambda u, v, c, x1, x2: u * x1 + v * x2 + c,
    "tanh(u*x1 + c)*v + x2": lambda u, v, c, x1, x2: np.tanh(u * x1 + c) * v + x2,
    "sin(u*x1)/(2 + cos(v*x2)) - c^3": lambda u, v, c, x1, x2: np.sin(u * x1) / (2 + np.cos(v * x2)) - c**3,
    "mean(u*x1, v*x2, c, 1)": lambda u, v, c, x1, x2: (u * x1 + v * x2 + c + 1) / 4,
    "sum(exp(u - x1), sigmoid(v*x2), c)": lambda u, v, c, x1, x2: np.exp(u - x1) + 1 / (1 + np.exp(-v * x2)) + c,
}
LOSSES = {
    'cost = "mean((h - y)^2)"': lambda h, y, l2: np.mean((h - y) ** 2),
    'cost = "sum((h - y)^2)/7"': lambda h, y, l2: np.sum((h - y) ** 2) / 7,
    'cost = "mean((h - mean(h))^2) + (mean(h) - mean(y))^2"': lambda h, y, l2: np.var(h) + (h.mean() - y.mean()) ** 2,
    'cost = "mean((h - y)^2) + 0.3*l2"': lambda h, y, l2: np.mean((h - y) ** 2) + 0.3 * l2,
    'cost = "sqrt(1 + l2)*mean(softplus(-y*h))"': lambda h, y, l2: np.sqrt(1 + l2) * np.mean(np.log1p(np.exp(-y * h))),
    'r = "h - y"\nq = "r^2"\ncost = "sqrt(mean(q) + 1)"': lambda h, y, l2: np.sqrt(np.mean((h - y) ** 2) + 1),
    'cost = "ln(sum(exp(h - y)))"': lambda h, y, l2: np.log(np.sum(np.exp(h - y))),
    'q = "mean(h, y, 1)"\ncost = "mean(q^2) - mean(mean(q))/2"': lambda h, y, l2: (
        np.mean(((h + y + 1) / 3) ** 2) - np.mean((h + y + 1) / 3) / 2
    ),
}
NUMBER = st.floats(-2, 2).map(lambda number: round(number, 3))


@st.composite
def models(draw: st.DrawFn):
    """A file, and its loss as a function of (u, v, c) by NumPy."""
    samples = draw(st.integers(1, 6))
    columns = [draw(st.lists(NUMBER, min_size=samples, max_size=samples)) for _ in range(3)]
    start = [draw(NUMBER) for _ in range(3)]
    formula, loss = draw(st.sampled_from(list(PREDICTIONS))), draw(st.sampled_from(list(LOSSES)))
    x1, x2, y = map(np.array, columns)
    spare = "spare = 0.5\n" if "l2" in loss else ""
    text = f"""
title = "T"
[data]
x1 = {columns[0]}
x2 = {columns[1]}
y = {columns[2]}
[parameters]
u = {start[0]}
v = {start[1]}
c = {start[2]}
{spare}[prediction]
h = "{formula}"
[loss]
{loss}
[training]
learning_rate = 0.01
epochs = 1
"""

    def by_hand(u: float, v: float, c: float, spare: float = 0.0) -> float:
        l2 = u * u + v * v + c * c + spare * spare
        return LOSSES[loss](PREDICTIONS[formula](u, v, c, x1, x2) + np.zeros(samples), y, l2)

    return text, by_hand


def by_finite_differences(function, point: np.ndarray) -> list[float]:
    """Central differences, extrapolated (Richardson), which leaves an error of the order of 1e-10."""

    def slope(place: int, step: float) -> float:
        moved = np.eye(len(point))[place] * step
        return (function(*(point + moved)) - function(*(point - moved))) / (2 * step)

    return [(4 * slope(place, 5e-4) - slope(place, 1e-3)) / 3 for place in range(len(point))]


class TestRandomModels:
    @given(models())
    def test_the_loss_and_the_gradient_are_those_of_numpy_by_hand(self, model):
        text, by_hand = model
        scenario = opened(text)
        start = scenario.trainer().history[0]
        assert start.loss == pytest.approx(by_hand(*start.parameters), rel=1e-12, abs=1e-12)
        assert start.gradient == pytest.approx(by_finite_differences(by_hand, start.parameters), rel=1e-6, abs=1e-6)

    @given(models())
    def test_the_loss_is_that_of_the_formulas_on_any_grid_of_parameters(self, model):
        text, by_hand = model
        scenario = opened(text)
        formulas = scenario.model.formulas
        start = scenario.trainer().history[0]
        assert formulas.cost(scenario.named(start.parameters), scenario.data).item() == pytest.approx(
            start.loss, rel=1e-12, abs=1e-12
        )
        grid = np.linspace(-1, 1, 5).reshape(-1, 1)
        others = {name: value for name, value in scenario.named(start.parameters).items() if name != "u"}
        surface = formulas.cost({"u": grid, **others}, scenario.data)
        assert surface.shape == (5, 1)
        for u, loss in zip(grid.ravel(), surface.ravel(), strict=True):
            assert loss == pytest.approx(by_hand(u, *list(others.values())), rel=1e-11, abs=1e-12)


NETWORK = """
title = "T"
[data]
samples = 12
seed = 3
x1 = "normal()"
x2 = "uniform(-1, 1)"
y = "step(x1*x2)"
[layers]
h = {inputs = ["x1", "x2"], units = 5, activation = "tanh", bias = "normal()"}
g = {inputs = "h", units = 4, activation = "sigmoid", weights = "normal()"}
out = {inputs = ["g", "x1"], activation = "sigmoid"}
[loss]
cost = "mean(-(y*ln(out) + (1 - y)*ln(1 - out))) + 0.01*l2"
[training]
learning_rate = 0.3
epochs = 25
seed = 9
"""


class TestNetwork:
    """Its gradients at every epoch, against HIPS autograd on matrices."""

    def test_every_epoch_has_the_gradient_that_autograd_finds(self):
        scenario = opened(NETWORK)
        names = scenario.model.formulas.parameters
        data = scenario.data
        x = np.stack([data["x1"], data["x2"]], axis=1)

        def matrix(parameters, rows: list[str], columns: list[str]):
            places = [names.index(f"w_{row}_{column}") for row in rows for column in columns]
            return parameters[np.array(places)].reshape(len(rows), len(columns))

        def bias(parameters, rows: list[str]):
            return parameters[np.array([names.index(f"b_{row}") for row in rows])]

        def loss(parameters):
            h, g = [f"h_{k}" for k in range(1, 6)], [f"g_{k}" for k in range(1, 5)]
            first = anp.tanh(x @ matrix(parameters, h, ["x1", "x2"]).T + bias(parameters, h))
            second = 1 / (1 + anp.exp(-(first @ matrix(parameters, g, h).T + bias(parameters, g))))
            joined = anp.concatenate([second, x[:, :1]], axis=1)
            total = (joined @ matrix(parameters, ["out"], [*g, "x1"]).T + bias(parameters, ["out"])).ravel()
            out = 1 / (1 + anp.exp(-total))
            cross_entropy = -(data["y"] * anp.log(out) + (1 - data["y"]) * anp.log(1 - out))
            return anp.mean(cross_entropy) + 0.01 * anp.sum(parameters**2)

        trainer = trained(scenario, 25)
        for epoch in trainer.history.epochs:
            assert epoch.loss == pytest.approx(float(loss(epoch.parameters)), rel=1e-12)
            assert epoch.gradient == pytest.approx(autograd.grad(loss)(epoch.parameters), rel=1e-9, abs=1e-14)
        assert trainer.history[-1].loss < trainer.history[0].loss

    def test_a_layer_without_activation_is_linear(self):
        text = NETWORK.replace('activation = "tanh", ', "").replace('activation = "sigmoid", weights', "weights")
        scenario = opened(text)
        named = scenario.named(scenario.trainer().history[0].parameters)
        nodes = {"x1": 0.5, "x2": -2.0}
        for layer in scenario.model.formulas.layers:
            for unit in layer.units:
                total = named[f"b_{unit}"] + sum(named[f"w_{unit}_{source}"] * nodes[source] for source in layer.inputs)
                nodes[unit] = 1 / (1 + np.exp(-total)) if unit == "out" else total
        predicted = scenario.predict(
            scenario.trainer().history[0].parameters, {"x1": np.array([0.5]), "x2": np.array([-2.0])}
        )
        assert predicted.item() == pytest.approx(nodes["out"], rel=1e-12)
