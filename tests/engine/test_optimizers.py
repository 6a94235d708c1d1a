"""The optimizers, against the formulas of their papers written again in plain Python, one number at a time."""

import math

import hypothesis.strategies as st
import numpy as np
import pytest
from gradwalk.engine.rules.optimizers import OPTIMIZERS, Hyperparameters
from hypothesis import given

from .training_files import fit, opened

GRADIENTS = st.lists(
    st.tuples(*[st.floats(-1e3, 1e3).filter(lambda number: number == 0 or abs(number) > 1e-100)] * 3),
    min_size=1,
    max_size=12,
)
RATES = st.floats(1e-6, 10)
DECAYS = st.floats(0, 0.999)


def decreases(name: str, gradients, rate: float, hyper: Hyperparameters) -> list[list[float]]:
    """What gradwalk subtracts, update after update."""
    optimizer = OPTIMIZERS[name]
    memory = np.zeros((optimizer.memory_rows, len(gradients[0])))
    result = []
    for number, gradient in enumerate(gradients, start=1):
        moved = optimizer.rule(np.array(gradient), rate, memory, number, hyper)
        memory = moved.memory
        assert memory.shape == (optimizer.memory_rows, len(gradient))
        result.append(moved.decrease.tolist())
    return result


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_row_that_is_remembered_is_written(name: str):
    optimizer = OPTIMIZERS[name]
    moved = optimizer.rule(np.ones(3), 0.1, np.zeros((optimizer.memory_rows, 3)), 1, Hyperparameters())
    assert moved.memory.all(axis=1).sum() == optimizer.memory_rows


@given(GRADIENTS, RATES)
def test_sgd_goes_along_the_gradient(gradients, rate: float):
    for got, gradient in zip(decreases("sgd", gradients, rate, Hyperparameters()), gradients, strict=True):
        assert got == [rate * g for g in gradient]


@given(GRADIENTS, RATES, DECAYS)
def test_momentum_is_a_heavy_ball(gradients, rate: float, mu: float):
    """Polyak's method in Sutskever's form without damping: v_t = μ·v_{t-1} + g_t, so v_t = Σ μ^(t-k)·g_k."""
    for t, got in enumerate(decreases("momentum", gradients, rate, Hyperparameters(momentum=mu))):
        for place, number in enumerate(got):
            terms = [mu ** (t - k) * gradients[k][place] for k in range(t + 1)]
            assert number == pytest.approx(rate * math.fsum(terms), rel=1e-9, abs=1e-12 * rate * max(map(abs, terms)))


@given(GRADIENTS, RATES, DECAYS, DECAYS)
def test_adam_is_algorithm_1_of_kingma_and_ba(gradients, rate: float, beta1: float, beta2: float):
    epsilon = 1e-8
    hyper = Hyperparameters(beta1=beta1, beta2=beta2, epsilon=epsilon)
    got = decreases("adam", gradients, rate, hyper)
    for place in range(3):
        m = v = 0.0
        for t, gradient in enumerate(gradients, start=1):
            g = gradient[place]
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g**2
            m_hat = m / (1 - beta1**t)
            v_hat = v / (1 - beta2**t)
            expected = rate * m_hat / (math.sqrt(v_hat) + epsilon)
            assert got[t - 1][place] == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_adam_begins_with_steps_of_the_learning_rate():
    """The bias corrections cancel at first: the step is η·g/(|g| + ε), whatever the size of g."""
    [first] = decreases("adam", [(3.0, -0.001, 1e6)], 0.01, Hyperparameters())
    assert first == pytest.approx([0.01, -0.01, 0.01], rel=1e-4)


@pytest.mark.parametrize("name", OPTIMIZERS)
class TestInTraining:
    """A whole run again, with the gradient of the mean squared error written by hand."""

    def test_every_epoch_is_the_rule_applied_to_the_gradient(self, name: str):
        scenario = opened(fit(("epochs = 5", f'epochs = 20\noptimizer = "{name}"'), ("0.1", '"0.05/(1 + epoch)"')))
        trainer = scenario.trainer()
        while trainer.train_epoch():
            pass
        x, y = [1.0, 2.0, 3.0], [3.0, 5.0, 8.0]
        w = b = 0.0
        memory = {"w": [0.0, 0.0], "b": [0.0, 0.0]}
        for epoch in range(21):
            assert trainer.history[epoch].parameters == pytest.approx([w, b], rel=1e-12)
            errors = [b + w * xi - yi for xi, yi in zip(x, y, strict=True)]
            assert trainer.history[epoch].loss == pytest.approx(sum(e * e for e in errors) / 3, rel=1e-12)
            slopes = {
                "w": sum(2 * e * xi for e, xi in zip(errors, x, strict=True)) / 3,
                "b": sum(2 * e for e in errors) / 3,
            }
            rate = 0.05 / (1 + epoch)
            w -= self.step(name, memory["w"], slopes["w"], rate, epoch + 1)
            b -= self.step(name, memory["b"], slopes["b"], rate, epoch + 1)

    @staticmethod
    def step(name: str, memory: list[float], g: float, rate: float, t: int) -> float:
        if name == "sgd":
            return rate * g
        if name == "momentum":
            memory[0] = 0.9 * memory[0] + g
            return rate * memory[0]
        memory[:] = 0.9 * memory[0] + 0.1 * g, 0.999 * memory[1] + 0.001 * g * g
        return rate * (memory[0] / (1 - 0.9**t)) / (math.sqrt(memory[1] / (1 - 0.999**t)) + 1e-8)
