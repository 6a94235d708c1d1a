"""A training run on a page: its losses, and at chosen epochs the parameters, what is said, and how the model fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np

from ...engine.arrays import Floats
from ...engine.training.moment import TrainingMoment
from ...engine.training.scenario import TrainingScenario
from ..plots.plot import Plot
from ..training.plots import ModelPlots, log_axis_suits, parameters_plot
from ..words.pocket import loss_aloud
from ..words.training import ended_lines, epoch_lines, epoch_words, loss_words
from .picture import PagePlot, PageSeries, Pictures
from .shown import ShownLine, shown_lines

MOST_EPOCHS = 60
"""So many epochs at most are shown, the first and the last among them; early ones, where more happens, more densely."""

MOST_LOSSES = 1_001
"""A run of more epochs has a loss at so many of them only, evenly chosen."""

MOST_PARAMETERS = 40
"""A model with more parameters has none of their numbers on the page."""


class PageEpoch(msgspec.Struct, frozen=True):
    """An epoch that can be shown: `loss` and `parameters` are those of `gradwalk train --json`."""

    epoch: int
    loss: float
    parameters: Mapping[str, float]
    position: str
    aloud: str
    lines: Sequence[ShownLine]
    plot: PagePlot


class PageTraining(msgspec.Struct, frozen=True):
    """A run: `losses` are pairs of an epoch and its loss; `series` are those that the plots name by their place.

    `log` says that the axis of the loss is logarithmic.
    """

    loss_title: str
    plot_title: str
    log: bool
    losses: Sequence[tuple[int, float]]
    epochs: Sequence[PageEpoch]
    series: Sequence[PageSeries]


def page_training(scenario: TrainingScenario) -> PageTraining:
    """Train a scenario to its end, and put the run together."""
    trainer = scenario.trainer()
    while trainer.train_epoch():
        pass
    history, pictures = trainer.history, Pictures()
    losses = np.array([epoch.loss for epoch in history.epochs])
    way = np.array([epoch.parameters for epoch in history.epochs])
    plot_title, drawn = _model_plot(scenario, way, losses)
    log = log_axis_suits(losses)
    moments = [TrainingMoment(scenario, trainer, epoch) for epoch in chosen_epochs(history.last)]
    kept = np.unique(np.linspace(0, history.last, min(MOST_LOSSES, history.last + 1)).round().astype(int)).tolist()
    return PageTraining(
        loss_title=loss_words(moments[0], log=log),
        plot_title=plot_title,
        log=log,
        losses=[(epoch, losses.item(epoch)) for epoch in kept],
        epochs=[_epoch(moment, pictures.plot(drawn(moment.epoch))) for moment in moments],
        series=pictures.series,
    )


def chosen_epochs(last: int) -> list[int]:
    """Return the epochs that are shown of a run to the epoch `last`, in order."""
    if last < MOST_EPOCHS:
        return list(range(last + 1))
    half = MOST_EPOCHS // 2
    spread = np.concatenate([np.geomspace(1, last, half), np.linspace(0, last, half)])
    return np.unique(spread.round().astype(int)).tolist()


def _epoch(moment: TrainingMoment, plot: PagePlot) -> PageEpoch:
    now, scenario = moment.now, moment.scenario
    return PageEpoch(
        epoch=moment.epoch,
        loss=now.loss,
        parameters=scenario.named(now.parameters) if len(now.parameters) <= MOST_PARAMETERS else {},
        position=epoch_words(moment),
        aloud=loss_aloud(moment),
        lines=shown_lines([*epoch_lines(moment), *ended_lines(moment)]),
        plot=plot,
    )


def _model_plot(scenario: TrainingScenario, way: Floats, losses: Floats) -> tuple[str, Callable[[int], Plot]]:
    """Return what is drawn beside the loss, its title first: the fit or, where there are no data, the way down."""
    plots, names = ModelPlots(scenario), scenario.model.formulas.parameters
    if scenario.data:
        return plots.title, lambda epoch: plots.fit(way[epoch])
    if len(names) == 2:
        return "surface of the loss, and the way down", lambda epoch: plots.surface(way, losses, epoch)
    if len(names) == 1:
        return "the loss by its parameter, and the way down", lambda epoch: plots.loss_curve(way, losses, epoch)
    return "parameters by epoch", lambda epoch: parameters_plot(names, way, epoch)
