"""Training as a user sees it: epochs come and go, batches are drawn, and it ends for a reason."""

import dataclasses
import math
import sys

import numpy as np
import pytest
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.training.ending import EpochsDone, LossGrows, LossSettled, NotFinite, TargetReached
from gradwalk.engine.training.scenario import TrainingScenario
from gradwalk.engine.training.trainer import Trainer

from .training_files import changed, fit, net, opened

DATA = "x = [1, 2, 3]\ny = [3, 5, 8]"
LOSS = 'cost = "mean((h - y)^2)"'
MODEL = 'h = "b + w*x"'
OPTIMIZERS = ("sgd", "momentum", "adam")


def trained(text: str, epochs: int | None = None) -> Trainer:
    """Trained to its end, or for some epochs."""
    trainer = opened(text).trainer()
    while trainer.history.last != epochs and trainer.train_epoch():
        pass
    return trainer


def seen(trainer: Trainer) -> list[tuple[object, ...]]:
    """All that a history holds, to the last bit."""
    return [
        (epoch.parameters.tobytes(), epoch.loss, epoch.gradient.tobytes(), epoch.memory.tobytes(), epoch.updates)
        for epoch in trainer.history.epochs
    ]


class TestHistory:
    def test_begins_with_the_loss_before_any_training(self):
        trainer = opened(fit()).trainer()
        assert trainer.history.last == 0
        assert trainer.history[0].parameters.tolist() == [0, 0]
        assert trainer.history[0].loss == pytest.approx((9 + 25 + 64) / 3)
        assert trainer.history[0].gradient == pytest.approx([-2 * (3 + 10 + 24) / 3, -2 * (3 + 5 + 8) / 3])

    def test_holds_every_epoch_until_all_are_done(self):
        trainer = trained(fit())
        assert trainer.history.last == 5
        assert len(trainer.history) == 6
        assert trainer.ended == EpochsDone(5)
        assert not trainer.diverged
        assert trainer.history.losses().tolist() == [epoch.loss for epoch in trainer.history.epochs]
        assert trainer.history.parameters().shape == (6, 2)

    def test_does_not_change_when_training_has_ended(self):
        trainer = trained(fit())
        before = seen(trainer)
        assert trainer.train_epoch() is False
        assert seen(trainer) == before

    def test_of_a_hundred_thousand_samples_has_the_gradient_of_all_of_them(self):
        text = fit((DATA, 'samples = 100000\nx = "uniform(-1, 1)"\ny = "10 + 5*x + normal()"'), ("w = 0", "w = 1"))
        scenario = opened(text)
        gradient = scenario.trainer().history[0].gradient
        x, y = scenario.data["x"], scenario.data["y"]
        assert gradient == pytest.approx([np.mean(2 * (x - y) * x), np.mean(2 * (x - y))], rel=1e-9)

    def test_of_one_sample_is_like_any_other(self):
        trainer = trained(fit((DATA, "x = [2]\ny = [7]"), ("epochs = 5", "epochs = 200"), ("0.1", "0.05")))
        w, b = trainer.history[-1].parameters
        assert b + 2 * w == pytest.approx(7)
        assert w == pytest.approx(2 * b), "both start at 0, and the slope of w is twice that of b"


class TestGoingBack:
    @pytest.mark.parametrize("optimizer", OPTIMIZERS)
    @pytest.mark.parametrize("batches", ["", "\nbatch_size = 2"], ids=["all at once", "batches"])
    def test_the_same_epochs_come_again(self, optimizer: str, batches: str):
        trainer = trained(net(("epochs = 5", f'epochs = 12\noptimizer = "{optimizer}"{batches}')))
        first = seen(trainer)
        for epoch in (7, 11, 0):
            trainer.go_back(epoch)
            assert trainer.history.last == epoch
            assert trainer.ended is None
            while trainer.train_epoch():
                pass
            assert seen(trainer) == first

    def test_to_where_one_is_changes_nothing(self):
        trainer = trained(fit())
        before = seen(trainer)
        trainer.go_back(5)
        assert seen(trainer) == before
        assert trainer.ended == EpochsDone(5)

    @pytest.mark.parametrize("epoch", [-1, 4])
    def test_to_an_epoch_that_was_not_trained_is_refused(self, epoch: int):
        trainer = trained(fit(), epochs=3)
        with pytest.raises(IndexError, match=f"3 epochs have been trained, and {epoch} is not among them"):
            trainer.go_back(epoch)
        with pytest.raises(IndexError, match=f"{epoch} is not among them"):
            trainer.trace(epoch)
        assert trainer.history.last == 3


class TestLearningRate:
    def test_follows_its_schedule(self):
        trainer = opened(fit(("0.1", '"0.1*(1 - epoch/epochs)"'))).trainer()
        assert [trainer.rate(epoch) for epoch in range(5)] == pytest.approx([0.1, 0.08, 0.06, 0.04, 0.02])

    def test_stays_where_the_schedule_ends(self):
        trainer = trained(fit(("0.1", '"0.1*(1 - epoch/epochs)"')))
        trainer.train_longer(20)
        while trainer.train_epoch():
            pass
        assert trainer.history.last == 25
        assert [trainer.rate(epoch) for epoch in (4, 5, 24, 100)] == pytest.approx([0.02] * 4)
        assert (np.diff(trainer.history.losses()) < 0).all()

    def test_is_scaled_from_here_on(self):
        trainer = trained(fit(), epochs=2)
        trainer.scale_rate(0.5)
        trainer.train_epoch()
        trainer.scale_rate(4)
        trainer.train_epoch()
        assert [trainer.rate(epoch) for epoch in range(5)] == pytest.approx([0.1, 0.1, 0.05, 0.2, 0.2])
        for epoch in range(4):
            now, following = trainer.history[epoch], trainer.history[epoch + 1]
            assert following.parameters == pytest.approx(now.parameters - trainer.rate(epoch) * now.gradient, rel=1e-15)

    def test_scaled_after_going_back_makes_another_history(self):
        trainer = trained(fit())
        first = seen(trainer)
        trainer.go_back(2)
        trainer.scale_rate(0.1)
        while trainer.train_epoch():
            pass
        assert trainer.history[2].loss > trainer.history[3].loss
        assert seen(trainer)[:3] == first[:3]
        assert trainer.history[3].loss != pytest.approx(first[3][1])
        trainer.go_back(1)
        assert trainer.rate(1) == pytest.approx(0.1), "what was scaled from epoch 2 on is forgotten with it"


BY_SUM = fit(
    (DATA, "x = [1, 2, 4, 8, 16, 32, 64]"),
    ("w = 0\n", ""),
    (MODEL, 'h = "b*x"'),
    (LOSS, 'cost = "sum(h)"'),
    ("0.1", "1"),
    ("epochs = 5", "epochs = 3\nbatch_size = 3"),
)
"""The slope of its loss is the sum of x over a batch; each sum of powers of two tells which they were."""


class TestBatches:
    def test_each_sample_is_used_once_an_epoch_in_batches_of_which_the_last_may_be_smaller(self):
        trainer = trained(BY_SUM)
        assert [epoch.parameters.item() for epoch in trainer.history.epochs] == [0, -127, -254, -381]
        assert [epoch.updates for epoch in trainer.history.epochs] == [0, 3, 6, 9]

    @pytest.mark.parametrize(("size", "batches"), [(1, 7), (2, 4), (3, 3), (6, 2), (7, 1), (1000, 1)])
    def test_are_counted(self, size: int, batches: int):
        assert opened(BY_SUM.replace("batch_size = 3", f"batch_size = {size}")).trainer().batches == batches
        assert opened(BY_SUM.replace("\nbatch_size = 3", "")).trainer().batches == 1

    def test_a_smaller_batch_has_a_mean_of_its_own(self):
        text = BY_SUM.replace('"sum(h)"', '"mean(h)"').replace("[1, 2, 4, 8, 16, 32, 64]", "[1, 2, 4]")
        change = -trained(text.replace("batch_size = 3", "batch_size = 2"), epochs=1).history[1].parameters.item()
        assert change in [(1 + 2) / 2 + 4, (1 + 4) / 2 + 2, (2 + 4) / 2 + 1]

    def test_the_first_one_is_what_the_gradient_and_the_walk_show(self):
        trainer = trained(BY_SUM)
        for epoch in range(3):
            batch = trainer.trace(epoch)
            samples = [batch.values[batch.graph.find(f"x[{place}]")] for place in (1, 2, 3)]
            assert sum(samples) == trainer.history[epoch].gradient.item()
            assert len(set(samples)) == 3
            assert set(samples) <= {1, 2, 4, 8, 16, 32, 64}

    def test_are_drawn_anew_every_epoch(self):
        trainer = trained(BY_SUM.replace("epochs = 3", "epochs = 9"))
        assert len({epoch.gradient.item() for epoch in trainer.history.epochs}) > 3

    def test_are_drawn_by_the_seed(self):
        one, same = trained(BY_SUM), trained(BY_SUM)
        other = trained(BY_SUM.replace("batch_size = 3", "batch_size = 3\nseed = 1"))
        assert seen(one) == seen(same)
        assert [epoch.gradient.item() for epoch in one.history.epochs] != [
            epoch.gradient.item() for epoch in other.history.epochs
        ]

    def test_the_loss_is_that_of_all_samples(self):
        trainer = trained(BY_SUM)
        assert trainer.history[1].loss == -127 * 127

    @pytest.mark.parametrize("size", [7, 8, 1000])
    def test_one_of_all_samples_is_the_same_as_none(self, size: int):
        whole = BY_SUM.replace("\nbatch_size = 3", "")
        assert seen(trained(BY_SUM.replace("batch_size = 3", f"batch_size = {size}"))) == seen(trained(whole))

    def test_of_one_sample_go_through_the_data_one_by_one(self):
        trainer = trained(BY_SUM.replace("batch_size = 3", "batch_size = 1"))
        assert trainer.history[1].updates == 7
        assert trainer.history[1].parameters.item() == -127


ONE_POINT = """\
title = "T"
[data]
s = [1]
[parameters]
x = 10
[prediction]
h = "s*x"
[loss]
f = "mean(h^2)"
[training]
learning_rate = 1.1
epochs = 10
"""
"""f = x², whose gradient is 2x: at the learning rate 1.1 every epoch multiplies x with -1.2."""


class TestGrowth:
    def test_a_loss_that_grows_and_grows_is_warned_of_and_trained_on(self):
        """x = 10, f = x², rate 1.1: a course prints 61.917364 after ten epochs, which is 10 · 1.2¹⁰."""
        trainer = trained(ONE_POINT)
        assert trainer.history[10].parameters.item() == pytest.approx(61.917364, abs=5e-7)
        assert trainer.ended == EpochsDone(10)
        assert not trainer.diverged
        assert [epoch for epoch in range(11) if trainer.growing(epoch)] == [7, 8, 9, 10], "1.44⁷ is the first over 10"
        assert trainer.growing(10) == LossGrows(5, 100, trainer.history[10].loss, 1.1)

    def test_training_longer_goes_on_growing_until_a_number_is_not_finite(self):
        trainer = trained(ONE_POINT)
        trainer.train_longer(10_000)
        assert trainer.ended is None
        while trainer.train_epoch():
            pass
        last = trainer.history.last
        assert math.isclose(abs(trainer.history[last - 1].parameters.item()), 10 * 1.2 ** (last - 1), rel_tol=1e-9)
        assert trainer.ended == NotFinite(last, "loss", "f", math.inf, 1.1)
        assert last == math.ceil(math.log(sys.float_info.max / 100) / math.log(1.44))
        assert trainer.growing(last - 1)
        assert trainer.growing(last) is None, "why it has ended says it all"

    def test_momentum_that_first_overshoots_and_then_converges_is_let_train(self):
        """With μ = 0.9 the rate of x²/2 may be anything below 2(1 + μ) = 3.8 (Polyak, 1964): 3.79 converges."""
        text = changed(
            ONE_POINT, ("x = 10", "x = 1"), ("mean(h^2)", "mean(h^2)/2"), ("= 1.1", '= 3.79\noptimizer = "momentum"'),
            ("epochs = 10", "epochs = 1000"),
        )  # fmt: skip
        trainer = trained(text)
        losses = trainer.history.losses()
        velocity, x = 0.0, 1.0
        for epoch in trainer.history.epochs:
            assert epoch.parameters.item() == pytest.approx(x, rel=1e-9)
            velocity = 0.9 * velocity + x
            x -= 3.79 * velocity
        assert losses.max() > 10 * losses[0]
        assert trainer.ended == EpochsDone(1000)
        assert losses[-1] < 1e-30

    def test_a_loss_that_grows_for_a_while_is_not_warned_of(self):
        text = fit(("0.1", '"0.1 + 0.2*step(epoch - 0.5)*step(4.5 - epoch)"'), ("epochs = 5", "epochs = 100"))
        trainer = trained(text)
        assert (np.diff(trainer.history.losses()) > 0).any()
        assert trainer.history.last == 100
        assert not any(map(trainer.growing, range(101)))

    def test_a_loss_that_explodes_is_warned_of_when_it_has_grown_five_times(self):
        trainer = trained(changed(ONE_POINT, ("= 1.1", "= 3")))
        assert trainer.history[1].loss == pytest.approx(2500), "x becomes -5x"
        assert [epoch for epoch in range(11) if trainer.growing(epoch)] == [5, 6, 7, 8, 9, 10]

    def test_only_epochs_that_were_trained_can_grow(self):
        trainer = trained(ONE_POINT)
        for epoch in (-1, 11):
            with pytest.raises(IndexError, match=f"10 epochs have been trained, and {epoch} is not among them"):
                trainer.growing(epoch)


class TestNotFinite:
    def test_an_overflow_ends_training_with_the_history_so_far(self):
        trainer = trained(fit((MODEL, 'h = "exp(b + w*x)"'), ("0.1", "100")))
        assert trainer.diverged
        assert trainer.history.last == 1
        assert trainer.ended == NotFinite(1, "loss", "cost", math.inf, 100)
        assert math.isfinite(trainer.history[0].loss)
        assert trainer.train_epoch() is False

    def test_what_is_not_finite_stays_so_until_one_goes_back(self):
        trainer = trained(fit(("0.1", "1e200"), ("epochs = 5", "epochs = 100")))
        assert trainer.diverged
        trainer.train_longer(10)
        assert trainer.diverged
        trainer.go_back(0)
        trainer.scale_rate(1e-201)
        assert trainer.ended is None
        for _ in range(5):
            assert trainer.train_epoch()
        assert trainer.history[5].loss < trainer.history[0].loss

    @pytest.mark.parametrize(
        ("loss", "of", "name", "value"),
        [
            ("mean((h - y)^2) + ln(w - 1)", "loss", "cost", "nan"),
            ("mean((h - y)^2) - 1/w", "loss", "cost", "inf"),
            ("mean((h - y)^2) + sqrt(w)", "derivative", "w", "inf"),
            ("mean((h - y)^2) + sqrt(b)", "derivative", "b", "inf"),
        ],
    )
    def test_training_that_cannot_begin_says_where(self, loss: str, of: str, name: str, value: str):
        trainer = opened(fit((LOSS, f'cost = "{loss}"'))).trainer()
        assert trainer.diverged
        assert isinstance(trainer.ended, NotFinite)
        assert (trainer.ended.epoch, trainer.ended.of, trainer.ended.name) == (0, of, name)
        assert str(abs(trainer.ended.value)) == value
        assert trainer.train_epoch() is False

    def test_a_gradient_that_does_not_exist_ends_training_before_it_spoils_the_parameters(self):
        text = fit((DATA, "x = [1, 2]\ny = [2, 4]"), (LOSS, 'cost = "sqrt(mean((h - y)^2))"'), ("w = 0", "w = 2"))
        trainer = opened(text).trainer()
        assert trainer.history[0].loss == 0
        assert isinstance(trainer.ended, NotFinite)
        assert (trainer.ended.of, trainer.ended.name) == ("derivative", "w")

    def test_a_diverged_epoch_can_be_walked(self):
        trainer = trained(fit((MODEL, 'h = "exp(b + w*x)"'), ("0.1", "100")))
        walk = trainer.trace(trainer.history.last)
        for number in range(1, walk.total + 1):
            step = walk.step(number)
            assert math.isfinite(step.value) or step.undefined


class TestGoals:
    def test_training_ends_when_the_loss_is_small_enough(self):
        trainer = trained(fit(("epochs = 5", "epochs = 500\ntarget_loss = 0.25")))
        losses = trainer.history.losses()
        assert losses[-1] <= 0.25 < losses[-2]
        assert trainer.ended == TargetReached(trainer.history.last, 0.25)
        assert not trainer.diverged

    def test_the_start_may_be_good_enough(self):
        trainer = opened(fit(("epochs = 5", "epochs = 5\ntarget_loss = 100"))).trainer()
        assert trainer.ended == TargetReached(0, 100)

    def test_training_ends_when_the_loss_hardly_changes(self):
        trainer = trained(fit(("epochs = 5", "epochs = 5000\ntolerance = 1e-3"), ("0.1", "0.05")))
        changes = -np.diff(trainer.history.losses()) / trainer.history.losses()[:-1]
        assert changes[-1] <= 1e-3
        assert (changes[:-1] > 1e-3).all()
        assert trainer.ended == LossSettled(trainer.history.last)

    @pytest.mark.parametrize("goal", ["target_loss = 0.25", "tolerance = 1e-3"])
    def test_training_longer_gives_a_reached_goal_up(self, goal: str):
        trainer = trained(fit(("epochs = 5", f"epochs = 500\n{goal}")))
        reached = trainer.history.last
        trainer.train_longer(7)
        while trainer.train_epoch():
            pass
        assert trainer.history.last == reached + 7
        assert trainer.ended == EpochsDone(reached + 7)

    def test_training_longer_counts_from_here(self):
        trainer = trained(fit(), epochs=2)
        trainer.train_longer(1)
        assert trainer.train_epoch() is True
        assert trainer.train_epoch() is False
        assert trainer.ended == EpochsDone(3)


class TestPrediction:
    def test_is_computed_for_any_inputs(self):
        scenario = opened(fit())
        assert scenario.inputs == ("x",)
        assert scenario.targets == ("y",)
        assert scenario.predict(np.array([2.0, 1.0]), {"x": np.array([0.0, 10.0])}).tolist() == [1, 21]
        assert scenario.named(np.array([2.0, 1.0])) == {"w": 2, "b": 1}

    def test_has_no_accuracy_without_a_threshold(self):
        assert opened(fit()).accuracy(np.array([2.0, 1.0])) is None

    @pytest.mark.parametrize(("w", "accuracy"), [(1, 1), (-1, 0), (0, 1 / 3), (math.nan, 0)])
    def test_is_right_on_the_right_side_of_the_threshold(self, w: float, accuracy: float):
        text = fit((DATA, "x = [-2, 1, 3]\ny = [-1, 1, 1]"), ("epochs = 5", "epochs = 5\nthreshold = 0"))
        assert opened(text).accuracy(np.array([w, 0.0])) == pytest.approx(accuracy)

    def test_is_read_as_the_graph_s_nodes(self):
        scenario = opened(net())
        trainer = scenario.trainer()
        walk = trainer.trace(0)
        predicted = scenario.predict(trainer.history[0].parameters, {"x": scenario.data["x"]})
        assert walk.values[scenario.model.predictions] == pytest.approx(predicted, rel=1e-14)


class TestOrder:
    """Named nodes may stand in any order; the last one in the file is the prediction, or the loss."""

    def test_of_the_prediction(self):
        nodes = 'double = "2*h"\nsquared = "double^2"\nh = "b + p"\np = "w*x"'
        for order in (nodes.split("\n"), nodes.split("\n")[::-1]):
            prediction = "\n".join([*(line for line in order if line[0] != "h"), 'h = "b + p"'])
            scenario = opened(
                fit((MODEL, prediction), (LOSS, 'cost = "mean((h - y)^2 + squared)"'), ("w = 0", "w = 1"))
            )
            x, y = np.array([1, 2, 3]), np.array([3, 5, 8])
            assert scenario.model.formulas.prediction == "h"
            assert scenario.trainer().history[0].loss == pytest.approx(np.mean((x - y) ** 2 + 4 * x**2))

    def test_of_the_loss(self):
        loss = 'r = "s - y"\ns = "2*h"\ncost = "mean(r^2)"'
        trainer = opened(fit((LOSS, loss), ("w = 0", "w = 1"))).trainer()
        assert trainer.history[0].loss == pytest.approx(np.mean((2 * np.array([1, 2, 3]) - np.array([3, 5, 8])) ** 2))


class TestStartingValues:
    def test_of_layers_are_drawn_by_the_seed_within_their_limits(self):
        def start(seed: int) -> dict[str, float]:
            units = ("units = 3", 'units = 40\nweights = "uniform(-0.5, 0.5)"')
            scenario = opened(net(units, ("epochs = 5", f"epochs = 5\nseed = {seed}")))
            return scenario.named(scenario.trainer().history[0].parameters)

        weights = [value for name, value in start(0).items() if name.startswith("w_h")]
        assert len(set(weights)) == 40
        assert all(-0.5 <= weight <= 0.5 for weight in weights)
        assert all(value == 0 for name, value in start(0).items() if name.startswith("b_"))
        assert start(0) == start(0) != start(1)

    def test_of_parameters_may_be_expressions(self):
        scenario = opened(fit(("w = 0", 'w = "1/4"'), ("b = 0", 'b = "sqrt(2)*normal()"')))
        parameters = scenario.named(scenario.trainer().history[0].parameters)
        assert parameters["w"] == 0.25
        assert parameters["b"] != 0


class TestNames:
    """What the nodes of the graph are called: no two the same."""

    @pytest.mark.parametrize(
        "loss",
        [
            'cost = "mean((h - y)^2)"',
            'cost = "mean((h - y)^2) + 0.1*mean(h^2)"',
            'cost = "mean((h - mean(h))^2)"',
            'cost = "mean(2*w) + mean((h - y)^2)"',
            'q = "mean(mean(h)*h, h)"\ncost = "mean(q) + sum(abs(h - y))"',
            'cost = "sum(h - y)^2 + l2"',
        ],
    )
    def test_are_unique(self, loss: str):
        graph = opened(fit((LOSS, loss))).graph
        labels = [graph.label(node) for node in range(len(graph)) if graph.codes[node] != Leaf.CONSTANT]
        assert len(set(labels)) == len(labels)
        assert all(graph.label(graph.find(label)) == label for label in labels)

    def test_of_samples_are_numbered(self):
        graph = opened(fit()).graph
        labels = {graph.label(node) for node in range(len(graph))}
        assert {"w", "b", "x[1]", "x[3]", "y[2]", "h[1]", "h[3]", "cost[3]", "cost"} <= labels


def test_options_can_be_replaced():
    """As the command line and the tests do it: the same model with other options."""
    scenario = opened(fit())
    options = dataclasses.replace(scenario.options, epochs=2)
    other = dataclasses.replace(scenario, options=options)
    assert isinstance(other, TrainingScenario)
    trainer = other.trainer()
    while trainer.train_epoch():
        pass
    assert trainer.history.last == 2
