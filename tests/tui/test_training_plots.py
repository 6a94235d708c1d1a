"""What the plots of a training run hold, and the arrays behind them."""

from __future__ import annotations

import numpy as np
import pytest
from gradwalk.engine.library import load
from gradwalk.engine.training.scenario import TrainingScenario
from gradwalk.tui.plots.plot import Plot
from gradwalk.tui.plots.plotting import draw
from gradwalk.tui.training.epoch_column import EpochColumn
from gradwalk.tui.training.player import TrainingPlayer
from gradwalk.tui.training.plots import ModelPlots, log_axis_suits, loss_plot, parameters_plot

from .training import scenario


def trained(name: str, epochs: int) -> TrainingPlayer:
    built_in = load(name)
    assert isinstance(built_in, TrainingScenario)
    player = TrainingPlayer(built_in)
    player.forward(epochs)
    return player


def test_the_loss_has_a_point_for_each_epoch_and_a_mark_at_the_one_on_show() -> None:
    player = trained("regression", 30)
    line, below, mark = loss_plot(player.losses, 12, log=True).series
    assert not len(np.asarray(below.x))
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


def test_the_curve_is_the_answer_where_the_loss_is_one_of_logits() -> None:
    """ln(1 + eᶻ) - y·z is the cross entropy of p = sigmoid(z), written so that no logarithm is taken of 0."""
    made = scenario(
        data="x = [-2, -1, 0.5, 1, 3]\ny = [0, 0, 1, 0, 1]",
        parameters="w = 0\nb = 0",
        prediction='z = "w*x + b"\np = "sigmoid(z)"',
        loss='cost = "mean(ln(1 + exp(z)) - y*z)"',
    )
    player = TrainingPlayer(made)
    player.forward(50)
    w, b = player.now.parameters
    line, data = ModelPlots(made).fit(player.now.parameters).series
    assert np.asarray(line.y) == pytest.approx(1 / (1 + np.exp(-(w * np.asarray(line.x) + b))))
    assert np.asarray(data.y).tolist() == [0, 0, 1, 0, 1]


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
    plot = plots.surface(way, player.losses, 200)
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
    assert plots.surface(way, player.losses, 3).field is plot.field, (
        "the surface is computed anew only where its limits change"
    )


def test_the_surface_of_a_diverged_run_is_drawn_from_what_is_finite() -> None:
    player = trained("regression", 3)
    way = np.vstack([player.trainer.history.parameters(), [[1e200, -1e200], [np.inf, np.nan]]])
    losses = np.append(player.losses, [1e308, np.nan])
    plot = ModelPlots(player.scenario).surface(way, losses, 5)
    assert plot.x_limits is not None
    assert np.isfinite(plot.x_limits).all()
    assert plot.field is not None


def test_a_way_that_is_lost_leaves_the_frame_of_the_surface_and_the_valley_stays_in_it() -> None:
    player = trained("regression", 10)
    before = ModelPlots(player.scenario).surface(player.trainer.history.parameters(), player.losses, 10)
    player.scale_rate(10)
    player.forward(20)
    assert player.losses[-1] > 1e9
    plot = ModelPlots(player.scenario).surface(player.trainer.history.parameters(), player.losses, 30)
    assert before.x_limits is not None
    assert plot.x_limits is not None
    assert plot.x_limits[0] < 5.1 < plot.x_limits[1] < 10 * before.x_limits[1]
    assert any(arrow in draw(plot, 80, 30).plain for arrow in "←→↓↑")


def test_the_surface_follows_its_limits() -> None:
    player = trained("regression", 200)
    way, losses = player.trainer.history.parameters(), player.losses
    plots = ModelPlots(player.scenario)
    for until in (2, 50, 200):
        plot = plots.surface(way[: until + 1], losses[: until + 1], until)
        again = ModelPlots(player.scenario).surface(way[: until + 1], losses[: until + 1], until)
        assert plot.field is not None
        assert again.field is not None
        assert (plot.field.x_limits, plot.field.y_limits) == (plot.x_limits, plot.y_limits)
        assert np.array_equal(plot.field.values, again.field.values)
        assert plot.legend == again.legend
        assert plots.surface(way[: until + 1], losses[: until + 1], 1).field is plot.field, "nothing is computed again"


def test_the_legend_of_the_surface_says_which_loss_a_shade_is() -> None:
    player = trained("regression", 200)
    plot = ModelPlots(player.scenario).surface(player.trainer.history.parameters(), player.losses, 200)
    assert plot.field is not None
    assert plot.x_limits is not None
    assert plot.y_limits is not None
    heading, *signs = plot.legend
    assert (heading.meaning, [sign.level for sign in signs]) == ("cost:", [0, 1 / 3, 2 / 3, 1])
    values = np.asarray(plot.field.values)
    x, y = player.scenario.data["x"], player.scenario.data["y"]
    for sign in signs:
        row, column = np.unravel_index(np.argmin(np.abs(values - (sign.level or 0))), values.shape)
        w = np.linspace(*plot.x_limits, values.shape[1])[column]
        b = np.linspace(*plot.y_limits, values.shape[0])[row]
        assert float(np.mean((w * x + b - y) ** 2)) == pytest.approx(float(sign.meaning), rel=0.03)


class TestALogarithmicAxis:
    def test_has_no_place_for_a_loss_of_zero_and_marks_it(self) -> None:
        plot = loss_plot(np.array([64.0, 4.0, 0.0, 0.25, 0.0]), 2, log=True)
        drawn = draw(plot, 60, 16).plain
        assert drawn.split("\n")[-1].strip() == "▾ the loss is 0"
        assert drawn.count("▾") == 2, "one of the two is where the epoch on show is, and one is in the legend"
        assert "100┤" not in drawn
        assert "10┤" in drawn
        _, below, mark = plot.series
        assert np.asarray(below.x).tolist() == [2, 4]
        assert np.asarray(mark.y).item() == 0.1, "at the lower end, a power of ten below the least positive loss"

    def test_says_so_of_a_loss_below_zero(self) -> None:
        drawn = draw(loss_plot(np.array([64.0, 4.0, 0.0, -3.0]), 3, log=True), 60, 16).plain
        assert drawn.split("\n")[-1].strip() == "▾ the loss is 0 or below"

    @pytest.mark.parametrize("losses", [[-1.0, -2.0], [0.0], [-1.0, 0.0, np.nan]])
    def test_has_nothing_to_draw_where_no_loss_is_positive(self, losses: list[float]) -> None:
        plot = loss_plot(np.array(losses), 0, log=True)
        assert draw(plot, 60, 16).plain == "no positive loss to draw on a logarithmic axis"
        assert "┌" in draw(loss_plot(np.array(losses), 0, log=False), 60, 16).plain

    def test_of_one_positive_loss_has_round_ticks(self) -> None:
        drawn = draw(loss_plot(np.array([8.0]), 0, log=True), 60, 16).plain
        assert [label in drawn for label in ("5┤", "10┤", "20┤")] == [True] * 3

    @pytest.mark.parametrize("losses", [[np.nan, np.nan], [np.inf]])
    def test_says_when_there_is_no_finite_loss(self, losses: list[float]) -> None:
        for log in (True, False):
            plot = loss_plot(np.array(losses), 0, log=log)
            assert draw(plot, 60, 16).plain == "the loss has no finite value yet"

    @pytest.mark.parametrize(
        ("losses", "suits"),
        [
            ([1000.0, 1.0], True), ([100.0, 1.0], False), ([1000.0, 1.0, 0.0], True), ([1000.0, 1.0, -1.0], False),
            ([8.0, 0.0], False), ([0.0], False), ([-1.0], False), ([1.0, 1e9, np.inf, np.nan], True), ([np.nan], False),
        ],
    )  # fmt: skip
    def test_suits_losses_that_span_powers_of_ten(self, losses: list[float], suits: bool) -> None:
        assert log_axis_suits(np.array(losses)) is suits


class TestOneParameter:
    def test_the_loss_is_a_curve_and_the_way_goes_along_it(self) -> None:
        player = TrainingPlayer(scenario())
        player.forward(5)
        plot = ModelPlots(player.scenario).loss_curve(player.trainer.history.parameters(), player.losses, 3)
        curve, way, dots, here = plot.series
        x, y = player.scenario.data["x"], player.scenario.data["y"]
        expected = [np.mean((w * x - y) ** 2) for w in np.asarray(curve.x)]
        assert np.asarray(curve.y) == pytest.approx(expected)
        for series in (way, dots):
            assert np.asarray(series.y).tolist() == player.losses[:4].tolist()
            assert np.asarray(series.x).tolist() == player.trainer.history.parameters()[:4, 0].tolist()
        assert np.asarray(here.x).tolist() == [player.trainer.history[3].parameters.item()]
        assert (plot.x_label, plot.y_label) == ("w", "cost")


def test_parameters_by_epoch_are_a_line_each_under_their_names() -> None:
    way = np.array([[1.0, -1.0], [2.0, -3.0], [4.0, -5.0]])
    plot = parameters_plot(["w", "b"], way, 1)
    assert [np.asarray(series.y).tolist() for series in plot.series] == [[1, 2, 4], [2], [-1, -3, -5], [-3]]
    assert [sign.meaning for sign in plot.legend] == ["w", "b"]
    assert "● w  ▲ b" in draw(plot, 60, 16).plain


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
