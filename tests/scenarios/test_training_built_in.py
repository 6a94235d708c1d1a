"""The built-in training scenarios as lessons: what their words claim is what training does."""

import dataclasses
import functools
import math
import re

import numpy as np
import pytest
from click.testing import CliRunner
from gradwalk.engine.errors import ScenarioError
from gradwalk.engine.library import load
from gradwalk.engine.reading.scenario import read
from gradwalk.engine.rules.optimizers import OPTIMIZERS
from gradwalk.engine.run.plan import run
from gradwalk.engine.study.exercise_task import exercise_tasks
from gradwalk.engine.study.stated_answers import check_answers
from gradwalk.engine.templates import Template
from gradwalk.engine.training.ending import EpochsDone
from gradwalk.engine.training.scenario import TrainingScenario
from gradwalk.engine.training.trainer import Trainer
from gradwalk.engine.walk.step import Phase, Step
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.cli import main

TRAINED = ("regression", "polynomial", "logistic", "xor", "moons")
CLASSIFIERS = ("logistic", "xor", "moons")


def opened(name: str) -> TrainingScenario:
    scenario = load(name)
    assert isinstance(scenario, TrainingScenario)
    return scenario


@functools.cache
def trained(name: str) -> Trainer:
    """Trained as its file says; not to be changed."""
    trainer = opened(name).trainer()
    while trainer.train_epoch():
        pass
    return trainer


@functools.cache
def first_steps(name: str) -> list[Step]:
    """The steps of the walk before the first epoch; of a large one every 50th, and the end of the forward pass."""
    walk = opened(name).trainer().trace(0)
    numbers = range(1, walk.total + 1)
    if walk.total > 20_000:
        numbers = [*numbers[::50], *range(walk.seed_step - 1000, walk.seed_step)]
    return [walk.step(number) for number in numbers]


def with_options(name: str, **options: object) -> Trainer:
    scenario = opened(name)
    trainer = dataclasses.replace(scenario, options=dataclasses.replace(scenario.options, **options)).trainer()
    while trainer.train_epoch():
        pass
    return trainer


@pytest.mark.parametrize("name", TRAINED)
class TestEveryOne:
    def test_trains_to_its_end_without_diverging(self, name: str):
        trainer = trained(name)
        assert not trainer.diverged
        assert trainer.ended == EpochsDone(opened(name).options.epochs)
        assert trainer.history[-1].loss < trainer.history[0].loss / 2

    def test_begins_with_words(self, name: str):
        assert len(opened(name).intro) > 100

    def test_has_notes_that_all_stand_at_a_step(self, name: str):
        notes = opened(name).notes
        assert len(notes) >= 2
        assert {step.note for step in first_steps(name)} - {""} == set(notes.values())

    def test_says_each_thing_at_one_kind_of_step(self, name: str):
        """A note that repeats is that of another sample, or of another unit of a layer."""
        said: dict[str, set[str]] = {}
        for step in first_steps(name):
            if step.note:
                node = re.sub(r"\[\d+\]|_\d+", "", f"{step.name} {step.factor.consumer_name if step.factor else ''}")
                said.setdefault(step.note, set()).add(f"{step.phase} {node}")
        assert all(len(places) == 1 for places in said.values()), said


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_every_classifier_gets_all_samples_right(name: str):
    scenario, history = opened(name), trained(name).history
    assert scenario.accuracy(history[0].parameters) < 1
    assert scenario.accuracy(history[-1].parameters) == 1


class TestRegression:
    """The notebook's: m = 10, x uniform in [-10, 10], y = 10 + 5x + 3·N(0, 1)."""

    def test_has_the_notebook_s_data(self):
        data = opened("regression").data
        assert len(data["x"]) == 10
        assert np.abs(data["x"]).max() <= 10
        assert np.abs(data["y"] - 10 - 5 * data["x"]).max() < 3 * 3.5

    def test_starts_at_0_and_finds_the_line(self):
        history = trained("regression").history
        assert history[0].parameters.tolist() == [0, 0]
        assert history[-1].parameters == pytest.approx([5, 10], abs=1)

    def test_the_cost_is_the_mean_of_the_squared_errors(self):
        assert trained("regression").history[0].loss == pytest.approx(np.mean(opened("regression").data["y"] ** 2))

    def test_the_notes_on_the_way_back_are_true(self):
        data = opened("regression").data
        factors = {
            (step.factor.consumer_name, step.name): (step.factor, step.note)
            for step in first_steps("regression")
            if step.factor
        }
        for sample in range(1, 11):
            x, y = data["x"][sample - 1], data["y"][sample - 1]
            part, note = factors["cost", f"q[{sample}]"]
            assert "one over the number of samples" in note
            assert part.local == 1 / 10
            slope, note = factors[f"q[{sample}]", f"r[{sample}]"]
            assert "twice the error" in note
            assert slope.local == pytest.approx(2 * (0 - y))
            into_h, note = factors[f"r[{sample}]", f"h[{sample}]"]
            assert "all of it goes on" in note
            assert into_h.contribution == into_h.upstream
            into_b, note = factors[f"h[{sample}]", "b"]
            assert "b is used by every sample: one contribution each" in note
            assert (into_b.local, into_b.contribution_count) == (1, 10)
            into_p, note = factors[f"h[{sample}]", f"p[{sample}]"]
            assert "same upstream gradient" in note
            assert into_p.contribution == into_b.contribution
            into_w, note = factors[f"p[{sample}]", "w"]
            assert "multiplied with this sample's x" in note
            assert into_w.local == x


class TestPolynomial:
    def test_has_one_lowest_point_in_a_long_and_narrow_valley(self):
        x = opened("polynomial").data["x"]
        powers = np.stack([x**k for k in range(4)], axis=1)
        curvatures = np.linalg.eigvalsh(2 * powers.T @ powers / len(x))
        assert curvatures.min() > 0
        assert curvatures.max() > 25 * curvatures.min()

    def test_50_epochs_with_momentum_come_further_than_300_without(self):
        without = with_options("polynomial", optimizer=OPTIMIZERS["sgd"])
        assert without.history.last == 300
        assert trained("polynomial").history[50].loss < without.history[300].loss

    def test_first_the_curve_rises_then_it_falls_in_the_middle(self):
        scenario, history = opened("polynomial"), trained("polynomial").history
        ends, middle = {"x": np.array([-1.5, 1.5])}, {"x": np.array([-0.2, 0.2])}
        early, late = history[10].parameters, history[-1].parameters
        assert np.diff(scenario.predict(early, ends)) > 0
        assert np.diff(scenario.predict(early, middle)) > 0
        assert np.diff(scenario.predict(late, ends)) > 0
        assert np.diff(scenario.predict(late, middle)) < 0


class TestLogistic:
    def test_the_cost_at_the_start_is_ln_2(self):
        assert trained("logistic").history[0].loss == pytest.approx(math.log(2), rel=1e-14)

    def test_the_prediction_at_the_start_is_one_half(self):
        scenario = opened("logistic")
        columns = {name: scenario.data[name] for name in scenario.inputs}
        assert scenario.predict(trained("logistic").history[0].parameters, columns).tolist() == [0.5] * 40

    def test_the_line_where_p_is_one_half_is_where_the_weighted_sum_is_0(self):
        scenario = opened("logistic")
        parameters = trained("logistic").history[-1].parameters
        named = scenario.named(parameters)
        x1 = np.linspace(-3, 3, 7)
        x2 = -(named["b"] + named["w1"] * x1) / named["w2"]
        assert scenario.predict(parameters, {"x1": x1, "x2": x2}) == pytest.approx(np.full(7, 0.5))

    def test_the_cross_entropy_is_that_of_the_class(self):
        scenario = opened("logistic")
        trainer = trained("logistic")
        walk = trainer.trace(40)
        p = scenario.predict(trainer.history[40].parameters, {name: scenario.data[name] for name in scenario.inputs})
        for sample, (y, probability) in enumerate(zip(scenario.data["y"], p, strict=True), start=1):
            value = walk.values[walk.graph.find(f"entropy[{sample}]")]
            assert value == pytest.approx(-math.log(probability if y == 1 else 1 - probability))


class TestXor:
    def test_is_the_truth_table(self):
        data = opened("xor").data
        assert {(x1, x2): y for x1, x2, y in zip(data["x1"], data["x2"], data["y"], strict=True)} == {
            (0, 0): 0,
            (0, 1): 1,
            (1, 0): 1,
            (1, 1): 0,
        }

    def test_is_solved_from_the_given_seed(self):
        scenario = opened("xor")
        columns = {name: scenario.data[name] for name in scenario.inputs}
        predicted = scenario.predict(trained("xor").history[-1].parameters, columns)
        assert np.abs(predicted - scenario.data["y"]).max() < 0.1

    def test_no_line_separates_it(self):
        """Of all lines of a fine grid, none has both ones on one side and both zeros on the other."""
        x = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
        grid = np.linspace(-1, 1, 41)
        weights = np.stack(np.meshgrid(grid, grid, grid), axis=-1).reshape(-1, 3)
        ones = (weights @ x.T) > 0
        assert not (ones == [False, True, True, False]).all(axis=1).any()
        assert (ones == [False, True, True, True]).all(axis=1).any(), "the grid does find a line for or"

    def test_has_two_layers_of_4_and_1_neurons(self):
        hidden, out = opened("xor").model.formulas.layers
        assert (len(hidden.units), hidden.activation) == (4, "tanh")
        assert len(out.units) == 1


class TestMoons:
    def test_is_the_network_of_micrograd_s_demo(self):
        scenario = opened("moons")
        assert [len(layer.units) for layer in scenario.model.formulas.layers] == [16, 16, 1]
        assert len(scenario.model.parameters) == 337
        assert len(scenario.graph) == pytest.approx(65_800, rel=0.01)

    def test_has_a_hundred_points_on_two_half_circles_that_interlock(self):
        data = opened("moons").data
        x1, x2, y = data["x1"], data["x2"], data["y"]
        assert sorted(set(y)) == [-1, 1]
        assert np.count_nonzero(y == 1) == np.count_nonzero(y == -1) == 50
        upper, lower = y == 1, y == -1
        assert np.hypot(x1, x2)[upper] == pytest.approx(np.ones(50), abs=0.4)
        assert np.hypot(x1 - 1, x2 - 0.5)[lower] == pytest.approx(np.ones(50), abs=0.4)
        assert x1[upper].max() > x1[lower].min()
        assert x2[lower].max() > x2[upper].min()

    def test_reaches_100_percent_within_its_hundred_epochs(self):
        scenario, history = opened("moons"), trained("moons").history
        reached = [epoch for epoch in range(101) if scenario.accuracy(history[epoch].parameters) == 1]
        assert reached
        assert 10 < reached[0] < 90
        assert reached[-1] == 100

    def test_a_sample_is_right_when_y_times_its_score_is_positive(self):
        scenario = opened("moons")
        parameters = trained("moons").history[20].parameters
        score = scenario.predict(parameters, {name: scenario.data[name] for name in scenario.inputs})
        right = np.mean(scenario.data["y"] * score > 0)
        assert 0.5 < right < 1
        assert scenario.accuracy(parameters) == right

    def test_the_learning_rate_falls_from_1_to_a_tenth(self):
        trainer = trained("moons")
        rates = [trainer.rate(epoch) for epoch in range(100)]
        assert rates[0] == 1
        assert rates[-1] == pytest.approx(0.1, abs=0.01)
        assert (np.diff(rates) < 0).all()

    def test_the_loss_is_the_mean_hinge_and_a_small_part_of_l2(self):
        scenario, trainer = opened("moons"), trained("moons")
        known = trainer.history[50]
        score = scenario.predict(known.parameters, {name: scenario.data[name] for name in scenario.inputs})
        hinge = np.maximum(0, 1 - scenario.data["y"] * score)
        assert known.loss == pytest.approx(hinge.mean() + 1e-4 * np.sum(known.parameters**2))


def test_only_the_training_scenarios_are_trained():
    assert {step.phase for step in first_steps("regression")} == {
        Phase.FORWARD,
        Phase.SEED,
        Phase.BACKWARD,
        Phase.UPDATE,
    }
    assert not isinstance(load("fabc"), TrainingScenario)


class TestExercises:
    """What a training asks is about its walk before the first epoch."""

    @pytest.mark.parametrize("name", [*TRAINED, "valley"])
    def test_every_training_asks_something_and_states_what_is_right(self, name: str):
        scenario = opened(name)
        checks = check_answers(scenario.graph, run(scenario.graph), scenario.exercises)
        assert scenario.exercises
        assert [check.ask for check in checks if not check.agrees] == []

    def test_those_of_the_regression_follow_from_its_data(self):
        """The mean of ten, b added as it is, and w times the first x: by hand, from the data alone."""
        scenario = opened("regression")
        tasks = exercise_tasks(scenario, Trace(scenario.graph))
        x = scenario.data["x"][0]
        for task, right in zip(tasks, ("1/10", "1", f"{x:.4g}"), strict=True):
            assert task.judge(right).right
            assert not task.judge("3").right

    def test_a_question_that_the_walk_does_not_answer_is_said_with_its_place(self):
        text = Template.TRAINING.text().replace('ask    = "∂cost/∂q[1]"', 'ask    = "∂cost/∂q[5]"')
        with pytest.raises(ScenarioError, match=r'fit.toml:\d+:1: exercise.ask: there is no node "q\[5\]"'):
            read("fit.toml", text.encode())

    def test_after_some_epochs_the_answers_are_not_compared(self):
        done = CliRunner().invoke(main, ["check", "regression", "--epoch", "3"])
        assert done.exit_code == 0
        assert "as stated" not in done.output
