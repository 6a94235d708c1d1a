"""What a loss may be made of: any prediction, not the answer alone, and no data at all."""

import numpy as np
import pytest
from gradwalk.engine.library import load
from gradwalk.engine.training.scenario import TrainingScenario

from .training_files import fit, opened

CLASSES = (
    ("y = [3, 5, 8]", "y = [0, 1, 1]"),
    ('h = "b + w*x"', 'z = "b + w*x"\np = "sigmoid(z)"'),
    ("epochs = 5", "epochs = 5\nthreshold = 0.5"),
)
OF_LOGITS = fit(*CLASSES, ("mean((h - y)^2)", "mean(softplus(z) - y*z)"))
OF_PROBABILITIES = fit(*CLASSES, ("mean((h - y)^2)", "-mean(y*ln(p) + (1 - y)*ln(1 - p))"))


class TestALossOfLogits:
    """Cross-entropy of logits z is ln(1 + e^z) - y·z; the answer to look at is p = sigmoid(z)."""

    def test_it_trains_as_cross_entropy_of_the_probabilities_does(self):
        logits, probabilities = opened(OF_LOGITS).trainer(), opened(OF_PROBABILITIES).trainer()
        for _ in range(5):
            logits.train_epoch()
            probabilities.train_epoch()
        for epoch in range(6):
            one, other = logits.history[epoch], probabilities.history[epoch]
            assert one.loss == pytest.approx(other.loss, rel=1e-12)
            assert one.gradient == pytest.approx(other.gradient, rel=1e-9)

    def test_the_answer_is_predicted_and_judged(self):
        made = opened(OF_LOGITS)
        parameters = np.array([2.0, -3.0])
        predicted = made.predict(parameters, {"x": np.array([1.0, 2.0])})
        assert predicted == pytest.approx([1 / (1 + np.e), 1 / (1 + 1 / np.e)])
        assert made.accuracy(parameters) == 1
        assert (made.inputs, made.targets) == (("x",), ("y",))

    def test_the_answer_stands_in_the_walk_and_carries_no_gradient(self):
        made = opened(OF_LOGITS)
        graph, walk = made.graph, made.trainer().trace(0)
        assert [graph.label(node) for node in made.model.predictions.tolist()] == ["p[1]", "p[2]", "p[3]"]
        assert walk.values[made.model.predictions].tolist() == [0.5, 0.5, 0.5]
        assert not graph.carries_gradient[made.model.predictions].any()
        assert graph.label(graph.output) == "cost"

    def test_batches_have_it_too(self):
        made = opened(OF_LOGITS.replace("threshold", "batch_size = 2\nthreshold"))
        assert made.trainer().train_epoch()


class TestNoData:
    def test_the_valley_goes_down_as_the_formula_says(self):
        made = load("valley")
        assert isinstance(made, TrainingScenario)
        trainer = made.trainer()
        while trainer.train_epoch():
            pass
        assert trainer.history.last == 60
        for epoch in (0, 1, 7, 60):
            assert made.named(trainer.history[epoch].parameters) == pytest.approx(
                {"x": 10 * 0.82**epoch, "y": (-0.8) ** epoch}
            )

    def test_the_walk_of_an_update_has_every_kind_of_step(self):
        walk = load("valley").trainer().trace(0)  # type: ignore[attr-defined]
        assert [segment.phase.value for segment in walk.segments] == ["forward", "seed", "backward", "update"]
        assert walk.step(walk.total).note.startswith("The rate times the slope 10·y")

    def test_the_loss_is_computed_on_a_grid_of_parameters(self):
        made = load("valley")
        assert isinstance(made, TrainingScenario)
        grid = {"x": np.array([[1.0], [2.0]]), "y": np.array([[1.0], [0.0]])}
        assert made.model.formulas.cost(grid, {}).ravel().tolist() == [5.5, 2]

    def test_there_is_nothing_to_predict(self):
        made = load("valley")
        assert isinstance(made, TrainingScenario)
        assert (made.inputs, made.targets, dict(made.data), made.model.formulas.prediction) == ((), (), {}, "")


class TestEpochs:
    def test_without_a_number_there_are_a_hundred(self):
        made = opened(fit(("epochs = 5\n", "")))
        assert made.options.epochs == 100


class TestTheThreshold:
    """A prediction above it is the one class, one at it or below it the other, and so for the target."""

    def test_a_prediction_at_the_threshold_is_not_above_it(self):
        made = opened(fit(("y = [3, 5, 8]", "y = [0, 1, 1]"), ("epochs = 5", "epochs = 5\nthreshold = 0.5")))
        assert made.accuracy(np.array([0.0, 0.5])) == pytest.approx(1 / 3), "0.5 everywhere: the first is right"
        assert made.accuracy(np.array([0.0, 0.6])) == pytest.approx(2 / 3), "0.6 everywhere: the others are"

    def test_a_target_at_the_threshold_is_not_above_it(self):
        made = opened(fit(("y = [3, 5, 8]", "y = [0.5, 1, 1]"), ("epochs = 5", "epochs = 5\nthreshold = 0.5")))
        assert made.accuracy(np.array([0.0, 0.4])) == pytest.approx(1 / 3)

    def test_what_is_not_a_number_is_on_neither_side(self):
        made = opened(fit(("y = [3, 5, 8]", "y = [0, 1, 1]"), ("epochs = 5", "epochs = 5\nthreshold = 0.5")))
        assert made.accuracy(np.array([np.nan, 0.0])) == 0
