"""What the plots of a training run hold, and the arrays behind them."""

from __future__ import annotations

import numpy as np
import pytest
from gradwalk.engine.library import load
from gradwalk.engine.training.scenario import TrainingScenario
from gradwalk.tui.training.epoch_column import EpochColumn
from gradwalk.tui.training.player import TrainingPlayer
from gradwalk.tui.training.plots import ModelPlots, loss_plot
from gradwalk.tui.training.plotting import Plot

from .training import scenario


def trained(name: str, epochs: int) -> TrainingPlayer:
    built_in = load(name)
    assert isinstance(built_in, TrainingScenario)
    player = TrainingPlayer(built_in)
    player.forward(epochs)
    return player


def test_the_loss_has_a_point_for_each_epoch_and_a_mark_at_the_one_on_show() -> None:
    player = trained("regression", 30)
    line, mark = loss_plot(player.losses, 12, log=True).series
    assert np.asarray(line.x).tolist() == list(range(31))
    assert np.asarray(line.y).tolist() == [epoch.loss for epoch in player.trainer.history.epochs]
    assert (list(mark.x), list(mark.y)) == ([12], [player.trainer.history[12].loss])


def test_the_line_of_the_regression_is_its_prediction() -> None:
    player = trained("regression", 200)
    line, data = ModelPlots(player.scenario).fit(player.now.parameters).series
    named = player.scenario.named(player.now.parameters)
    assert np.allclose(line.y, named["b"] + named["w"] * np.asarray(line.x), equal_nan=False)
    assert np.array_equal(data.x, player.scenario.data["x"])
    assert np.array_equal(data.y, player.scenario.data["y"])


@pytest.mark.parametrize("name", ["moons", "xor"])
def test_the_regions_of_a_trained_classifier_hold_the_samples_of_their_class(name: str) -> None:
    player = trained(name, 400)
    plots = ModelPlots(player.scenario)
    plot = plots.fit(player.now.parameters)
    assert plots.title == "data and decision regions"
    assert plot.field is not None
    values = np.asarray(plot.field.values)
    right, (lower, upper) = 0, plot.series
    for series, is_upper in ((lower, False), (upper, True)):
        for x, y in zip(np.asarray(series.x), np.asarray(series.y), strict=True):
            row, column = (
                round((at - limits[0]) / (limits[1] - limits[0]) * (size - 1))
                for at, limits, size in (
                    (y, plot.field.y_limits, values.shape[0]),
                    (x, plot.field.x_limits, values.shape[1]),
                )
            )
            right += bool(values[row, column] > 0.5) == is_upper
    assert right >= 0.97 * len(player.scenario.data["y"])


def test_the_way_on_the_surface_goes_down_to_its_lowest_place() -> None:
    player = trained("regression", 200)
    way = player.trainer.history.parameters()
    plots = ModelPlots(player.scenario)
    plot = plots.surface(way, 200)
    assert plot.field is not None
    line, here = plot.series
    assert np.array_equal(np.column_stack([line.x, line.y]), way)
    assert (list(here.x), list(here.y)) == ([way[-1, 0]], [way[-1, 1]])
    values = np.asarray(plot.field.values)
    assert values.min() == 0
    assert values.max() == 1
    row, column = np.unravel_index(np.argmin(values), values.shape)
    x = np.linspace(*plot.field.x_limits, values.shape[1])[column]
    y = np.linspace(*plot.field.y_limits, values.shape[0])[row]
    width, height = np.ptp(plot.field.x_limits), np.ptp(plot.field.y_limits)
    assert abs(x - way[-1, 0]) < 0.05 * width
    assert abs(y - way[-1, 1]) < 0.2 * height
    assert plots.surface(way, 3).field is plot.field, "the surface is computed anew only where its limits change"


def test_the_surface_of_a_diverged_run_is_drawn_from_what_is_finite() -> None:
    player = trained("regression", 3)
    way = np.vstack([player.trainer.history.parameters(), [[1e200, -1e200], [np.inf, np.nan]]])
    plot = ModelPlots(player.scenario).surface(way, 5)
    assert plot.x_limits is not None
    assert np.isfinite(plot.x_limits).all()
    assert plot.field is not None


@pytest.mark.parametrize(
    ("data", "prediction", "loss", "title"),
    [
        ("a = [1, 2, 3]\nb = [0, 1, 0]\nc = [2, 2, 5]\ny = [1, 2, 3]", "w*a + w*b + c", "h - y",
         "prediction by measured value"),
        ("a = [1, 2, 3]", "w*a", "h - 1", "prediction by sample"),
        ("a = [1, 2, 3]\nb = [0, 1, 0]", "w*a + b", "h - 1", "prediction by sample"),
        ("a = [2]\ny = [4]", "w*a", "h - y", "data and model"),
        ("a = [2, 2, 2]\ny = [4, 4, 4]", "w*a", "h - y", "data and model"),
    ],
    ids=["three inputs", "no target", "two inputs and no target", "one sample", "constant data"],
)  # fmt: skip
def test_every_shape_of_data_has_a_plot(data: str, prediction: str, loss: str, title: str) -> None:
    made = scenario(data=data, prediction=f'h = "{prediction}"', loss=f'cost = "mean(({loss})^2)"')
    plots = ModelPlots(made)
    assert plots.title == title
    for parameters in (np.array([2.0]), np.array([np.nan]), np.array([1e300])):
        plot = plots.fit(parameters)
        assert isinstance(plot, Plot)
        assert plot.series


class TestEpochColumn:
    def test_it_follows_a_history_that_grows_is_cut_off_and_grows_anew(self) -> None:
        player = TrainingPlayer(scenario(training="learning_rate = 0.001\nepochs = 1000"))
        history = player.trainer.history
        column = EpochColumn(history, lambda epoch: epoch.parameters)
        for step in range(400):
            player.forward(step % 3)
            if not step % 50:
                player.seek(player.last - step // 40)
                player.scale_rate(0.9)
            assert np.array_equal(column.until(player.last), history.parameters())
            assert np.array_equal(player.losses, history.losses())
        assert player.last > 256, "it had to make room"
        player.reset()
        assert len(column.until(player.last)) == 1

    def test_only_epochs_that_are_new_are_read(self) -> None:
        player = trained("regression", 100)
        read: list[int] = []
        column = EpochColumn(player.trainer.history, lambda epoch: read.append(epoch.updates) or epoch.loss)
        column.until(100)
        read.clear()
        player.forward(5)
        assert len(column.until(105)) == 106
        assert read == [101, 102, 103, 104, 105]
