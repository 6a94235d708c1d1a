"""An epoch opened as a walk: forward, backward, update, with the very numbers that training used."""

import numpy as np
import pytest
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.library import load
from gradwalk.engine.training.scenario import TrainingScenario
from gradwalk.engine.training.trainer import Trainer
from gradwalk.engine.walk.step import Phase
from gradwalk.engine.walk.trace import Trace

from .training_files import fit, net, opened

TRAINED = ("regression", "polynomial", "logistic", "xor", "moons")
BATCHES = fit(
    ("x = [1, 2, 3]\ny = [3, 5, 8]", "x = [1, 2, 3, 4, 5]\ny = [3, 5, 8, 9, 9]"),
    ("epochs = 5", "epochs = 5\nbatch_size = 2"),
    ("0.1", "0.02"),
)


def after(scenario: object, epochs: int) -> Trainer:
    assert isinstance(scenario, TrainingScenario)
    trainer = scenario.trainer()
    while trainer.history.last < epochs and trainer.train_epoch():
        pass
    return trainer


def adam(text: str = fit()) -> str:
    return text.replace("epochs = 5", 'epochs = 5\noptimizer = "adam"')


def parameters_at_the_end(walk: Trace, trainer: Trainer) -> list[float | None]:
    end = walk.state(walk.total)
    return [end.value(walk.graph.find(name)) for name in trainer.model.formulas.parameters]


@pytest.mark.parametrize("name", TRAINED)
class TestEveryBuiltIn:
    def test_a_walk_has_the_numbers_that_training_used_to_the_last_bit(self, name: str):
        trainer = after(load(name), 6)
        for epoch in (0, 3, 5):
            walk = trainer.trace(epoch)
            known = trainer.history[epoch]
            places = [walk.graph.find(parameter) for parameter in trainer.model.formulas.parameters]
            assert np.array_equal(walk.values[places], known.parameters)
            assert walk.values[walk.graph.output] == known.loss
            assert np.array_equal(walk.backward.gradients[places], known.gradient)
            assert parameters_at_the_end(walk, trainer) == trainer.history[epoch + 1].parameters.tolist()

    def test_looking_into_an_epoch_changes_nothing(self, name: str):
        looked, plain = after(load(name), 3), after(load(name), 3)
        looked.trace(1)
        looked.train_epoch()
        plain.train_epoch()
        assert np.array_equal(looked.history.parameters(), plain.history.parameters())


@pytest.mark.parametrize(
    "text",
    [fit(), fit().replace("epochs = 5", 'epochs = 5\noptimizer = "momentum"'), adam(), adam(BATCHES), net()],
    ids=["sgd", "momentum", "adam", "batches", "layers"],
)
class TestSteps:
    def test_go_forward_then_back_then_update(self, text: str):
        trainer = after(opened(text), 2)
        walk = trainer.trace(1)
        phases = [walk.step(number).phase for number in range(1, walk.total + 1)]
        order = [Phase.FORWARD, Phase.SEED, Phase.BACKWARD, Phase.UPDATE]
        assert phases == sorted(phases, key=order.index)
        assert phases.count(Phase.SEED) == 1
        assert phases.count(Phase.UPDATE) == len(trainer.model.parameters)

    def test_say_what_the_state_then_holds(self, text: str):
        """Every step writes one number; no other number changes."""
        walk = after(opened(text), 2).trace(1)
        nodes = range(len(walk.graph))
        before = self.numbers(walk, 0)
        assert [before[node][0] is not None for node in nodes] == [node < walk.graph.leaf_count for node in nodes]
        for number in range(1, walk.total + 1):
            step, now = walk.step(number), self.numbers(walk, number)
            writes_gradient = step.phase in (Phase.SEED, Phase.BACKWARD)
            assert now[step.node][writes_gradient] == step.value
            now_before = dict(enumerate(before))
            now_before[step.node] = now[step.node]
            assert list(now_before.values()) == now
            assert now[step.node][not writes_gradient] == before[step.node][not writes_gradient]
            before = now

    @staticmethod
    def numbers(walk: Trace, cursor: int) -> list[tuple[float | None, float | None]]:
        state = walk.state(cursor)
        return [(state.value(node), state.gradient(node)) for node in range(len(walk.graph))]

    def test_of_the_update_have_the_gradient_that_the_walk_has_summed(self, text: str):
        trainer = after(opened(text), 2)
        walk = trainer.trace(1)
        end = walk.state(walk.last_backward_step)
        for number in range(walk.last_backward_step + 1, walk.total + 1):
            step = walk.step(number)
            assert step.update is not None
            assert step.update.gradient == end.gradient(step.node)
            assert step.update.before == end.value(step.node)
            assert step.update.after == step.update.before - step.update.decrease == step.value
            assert step.update.rate == trainer.rate(1)
            assert walk.graph.codes[step.node] == Leaf.INPUT


class TestUpdateSteps:
    def test_of_plain_descent_subtract_the_rate_times_the_gradient(self):
        walk = after(opened(fit()), 1).trace(0)
        steps = [walk.step(number) for number in range(walk.last_backward_step + 1, walk.total + 1)]
        assert [step.name for step in steps] == ["w", "b"]
        for step, gradient in zip(steps, (-74 / 3, -32 / 3), strict=True):
            update = step.update
            assert update is not None
            assert update.gradient == pytest.approx(gradient)
            assert update.decrease == pytest.approx(0.1 * gradient)
            assert update.formula == "η·g"
            assert update.terms == ()
            assert step.expression == f"{step.name} - η·g"

    def test_of_momentum_show_the_velocity(self):
        trainer = after(opened(fit().replace("epochs = 5", 'epochs = 5\noptimizer = "momentum"\nmomentum = 0.5')), 3)
        for epoch in range(3):
            gradients = [trainer.history[k].gradient[0] for k in range(epoch + 1)]
            velocity = sum(0.5 ** (epoch - k) * gradient for k, gradient in enumerate(gradients))
            walk = trainer.trace(epoch)
            update = walk.step(walk.last_backward_step + 1).update
            assert update is not None
            assert update.terms == (("v", "μ·v + g", pytest.approx(velocity)),)
            assert update.decrease == pytest.approx(0.1 * velocity)

    def test_of_adam_show_both_moments(self):
        trainer = after(opened(adam()), 3)
        for epoch in range(3):
            gradients = [trainer.history[k].gradient[1] for k in range(epoch + 1)]
            mean = sum(0.1 * 0.9 ** (epoch - k) * gradient for k, gradient in enumerate(gradients))
            square = sum(0.001 * 0.999 ** (epoch - k) * gradient**2 for k, gradient in enumerate(gradients))
            walk = trainer.trace(epoch)
            update = walk.step(walk.total).update
            assert update is not None
            assert update.terms == (
                ("m", "β₁·m + (1 - β₁)·g", pytest.approx(mean)),
                ("v", "β₂·v + (1 - β₂)·g²", pytest.approx(square)),
            )
            t = epoch + 1
            step = 0.1 / (1 - 0.9**t) * mean / ((square / (1 - 0.999**t)) ** 0.5 + 1e-8)
            assert update.decrease == pytest.approx(step)

    def test_of_the_last_epoch_show_what_would_come_next(self):
        trainer = after(opened(fit()), 5)
        assert trainer.ended
        walk = trainer.trace(5)
        ahead = parameters_at_the_end(walk, trainer)
        trainer.train_longer(1)
        trainer.train_epoch()
        assert ahead == trainer.history[6].parameters.tolist()

    def test_follow_a_scaled_learning_rate(self):
        trainer = after(opened(fit()), 2)
        trainer.scale_rate(0.25)
        trainer.train_epoch()
        for epoch, rate in ((1, 0.1), (2, 0.025)):
            walk = trainer.trace(epoch)
            update = walk.step(walk.total).update
            assert update is not None
            assert update.rate == pytest.approx(rate)
            assert parameters_at_the_end(walk, trainer) == trainer.history[epoch + 1].parameters.tolist()


class TestBatches:
    def test_the_walk_is_that_of_the_first_batch(self):
        trainer = after(opened(BATCHES), 2)
        walk = trainer.trace(1)
        labels = {walk.graph.label(node) for node in range(len(walk.graph))}
        assert {"h[1]", "h[2]"} <= labels
        assert "h[3]" not in labels
        places = [walk.graph.find(name) for name in ("w", "b")]
        assert np.array_equal(walk.backward.gradients[places], trainer.history[1].gradient)
        pairs = {(1, 3), (2, 5), (3, 8), (4, 9), (5, 9)}
        for place in (1, 2):
            assert tuple(walk.values[[walk.graph.find(f"{name}[{place}]") for name in ("x", "y")]]) in pairs

    def test_one_batch_an_epoch_after_another_is_what_training_did(self):
        """With as many samples as a batch has, the walk's end is the next epoch."""
        trainer = after(opened(BATCHES.replace("batch_size = 2", "batch_size = 5")), 2)
        assert parameters_at_the_end(trainer.trace(1), trainer) == trainer.history[2].parameters.tolist()


class TestNotes:
    TEXT = (
        fit(('h = "b + w*x"', 'p = "w*x"\nh = "b + p"'))
        + """
[notes]
h = "at h"
"h[2]" = "at the second h"
"∂p/∂w" = "by w"
w = "at w"
"w <-" = "w moves"
"""
    )

    def walked(self) -> list[tuple[str, str, str]]:
        walk = after(opened(self.TEXT), 1).trace(0)
        steps = [walk.step(number) for number in range(1, walk.total + 1)]
        return [(step.phase, step.name, step.note) for step in steps]

    def test_at_a_node_stand_at_its_step_in_every_sample(self):
        forward = {name: note for phase, name, note in self.walked() if phase == Phase.FORWARD}
        assert [forward[f"h[{place}]"] for place in (1, 2, 3)] == ["at h", "at the second h", "at h"]
        assert forward["p[1]"] == ""

    def test_at_a_local_derivative_stand_at_its_step_in_every_sample(self):
        backward = [note for phase, name, note in self.walked() if phase == Phase.BACKWARD and name == "w"]
        assert backward == ["by w"] * 3

    def test_at_an_update_stand_at_it(self):
        assert [(name, note) for phase, name, note in self.walked() if phase == Phase.UPDATE] == [
            ("w", "w moves"),
            ("b", ""),
        ]

    def test_at_a_layer_stand_at_each_of_its_units(self):
        walk = after(opened(net() + '[notes]\nh = "a neuron"\n'), 1).trace(0)
        noted = {walk.step(number).name for number in range(1, walk.seed_step) if walk.step(number).note == "a neuron"}
        assert noted == {f"h_{unit}[{sample}]" for unit in (1, 2, 3) for sample in (1, 2, 3)}
