"""What the plots of a training run show: the loss, the fit or the regions, and the surface of the loss."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...engine.arrays import Flags, Floats
from ...engine.training.scenario import TrainingScenario
from ...engine.training.trainer import GROWN
from ..plots.plot import Field, Limits, Plot, Series, Sign
from ..plots.plotting import LARGEST, SMALLEST

MARGIN = 0.08
"""Part of the data's extent that is left free around it."""

BELOW = "▾"
"""Marks, on a logarithmic axis, a loss that has no place there."""

_COLUMNS, _ROWS = 72, 36
_MOST_SURFACE_SAMPLES = 500


def loss_plot(losses: Floats, epoch: int, *, log: bool) -> Plot:
    """Plot the loss by epoch, with a mark at the epoch on show.

    A logarithmic axis has no place for a loss of 0 or below: the line goes to its lower edge there, and a mark says so.
    """
    epochs, limits, legend = np.arange(len(losses)), None, list[Sign]()
    below = losses <= 0 if log else np.zeros(len(losses), np.bool_)
    lost = losses
    if below.any():
        positive = losses[(losses > 0) & (losses <= LARGEST)]
        if not len(positive):
            return Plot(empty="no positive loss to draw on a logarithmic axis")
        least = max(float(positive.min()), SMALLEST * 100)
        floor = 10.0 ** (math.ceil(math.log10(least)) - 1)
        limits = (floor, max(float(positive.max()), 10 * floor))
        lost = np.where(below, floor, losses)
        legend = [Sign(f"the loss is {'0' if losses[below].min() == 0 else '0 or below'}", "fit", BELOW)]
    return Plot(
        [
            Series(epochs, lost, "line"),
            Series(epochs[below], lost[below], "fit", BELOW, line=False),
            Series([epoch], [lost[epoch]], "path", "●", line=False),
        ],
        x_label="epoch",
        log_y=log,
        x_limits=(0.0, max(1.0, len(losses) - 1.0)),
        y_limits=limits,
        empty="the loss has no finite value yet",
        legend=legend,
    )


def log_axis_suits(losses: Floats) -> bool:
    """Whether losses are better read on a logarithmic axis: none is negative, and they span two powers of ten."""
    finite = losses[np.isfinite(losses)]
    positive = finite[finite > 0]
    return bool(len(positive)) and bool((finite >= 0).all()) and float(positive.max()) > 100 * float(positive.min())


def parameters_plot(names: Sequence[str], way: Floats, epoch: int) -> Plot:
    """Plot parameters, float64[epochs + 1, p], by epoch, with marks at the epoch on show; the first few have names."""
    epochs, colours = np.arange(len(way)), itertools.cycle(("line", "fit", "data"))
    series: list[Series] = []
    legend: list[Sign] = []
    for name, column, colour, marker in zip(names, way.T, colours, itertools.cycle("●▲■◆"), strict=False):
        series += [Series(epochs, column, colour), Series([epoch], [column[epoch]], colour, marker, line=False)]
        legend.append(Sign(name, colour, marker))
    return Plot(series, x_label="epoch", x_limits=(0.0, max(1.0, len(way) - 1.0)), legend=legend)


class ModelPlots:
    """The plots of what a scenario's model answers, for any parameters (float64[p])."""

    def __init__(self, scenario: TrainingScenario) -> None:
        self.scenario = scenario
        self.target = scenario.targets[0] if len(scenario.targets) == 1 else ""
        self._surface: tuple[Limits, Limits, Field, _LossScale] | None = None

    @property
    def title(self) -> str:
        """What `fit` shows."""
        if self._has_regions:
            return "data and decision regions"
        if self._has_curve:
            return "data and model"
        return "prediction by measured value" if self.target else "prediction by sample"

    def fit(self, parameters: Floats) -> Plot:
        """Plot the data and the model: a curve for one input, regions for two, else prediction by target."""
        if self._has_curve:
            return self._curve(parameters)
        return self._regions(parameters) if self._has_regions else self._by_target(parameters)

    @property
    def _has_curve(self) -> bool:
        return len(self.scenario.inputs) == 1 and bool(self.target)

    @property
    def _has_regions(self) -> bool:
        return len(self.scenario.inputs) == 2 and bool(self.target) and self.scenario.threshold is not None

    def surface(self, way: Floats, losses: Floats, epoch: int) -> Plot:
        """Plot the loss over the two parameters and the way that training took to `epoch`.

        `way` is float64[epochs + 1, 2], `losses` float64[epochs + 1]. The frame holds what `_framed` says; where the
        way leaves it there is a mark.
        """
        first, second = self.scenario.model.formulas.parameters
        framed = way[_framed(way, losses)]
        x_limits, y_limits = _around(framed[:, 0], 0.25), _around(framed[:, 1], 0.25)
        field, scale = self._loss_field(x_limits, y_limits)
        gone, here = way[: epoch + 1], way[epoch : epoch + 1]
        return Plot(
            [Series(gone[:, 0], gone[:, 1], "path"), Series(here[:, 0], here[:, 1], "path", "●", line=False)],
            field=field,
            x_label=first,
            y_label=second,
            x_limits=x_limits,
            y_limits=y_limits,
            legend=scale.legend(self.scenario.model.formulas.loss_name),
        )

    def loss_curve(self, way: Floats, losses: Floats, epoch: int) -> Plot:
        """Plot the loss over the one parameter and the way that training took to `epoch`, as in `surface`."""
        (name,) = self.scenario.model.formulas.parameters
        framed = _framed(way, losses)
        x_limits = _around(way[framed, 0], 0.25)
        x = np.linspace(*x_limits, 200)
        y = self._losses({name: x.reshape(-1, 1)}).ravel()
        known = np.concatenate([y[np.isfinite(y)], losses[framed]])
        gone = way[: epoch + 1, 0]
        return Plot(
            [
                Series(x, y, "line"),
                Series(gone, losses[: epoch + 1], "path"),
                Series(gone, losses[: epoch + 1], "path", "•", line=False),
                Series(gone[-1:], losses[epoch : epoch + 1], "path", "●", line=False),
            ],
            x_label=name,
            y_label=self.scenario.model.formulas.loss_name,
            x_limits=x_limits,
            y_limits=_around(known, MARGIN),
        )

    def _curve(self, parameters: Floats) -> Plot:
        name = self.scenario.inputs[0]
        x, y = self.scenario.data[name], self._targets
        x_limits, y_limits = _around(x, MARGIN), _around(y, 0.25)
        line_x = np.linspace(*x_limits, 200)
        line_y = self.scenario.predict(parameters, {name: line_x})
        return Plot(
            [Series(line_x, line_y, "fit"), Series(x, y, "data", "●", line=False)],
            x_label=name,
            y_label=self.target,
            x_limits=x_limits,
            y_limits=y_limits,
        )

    def _regions(self, parameters: Floats) -> Plot:
        scenario, threshold = self.scenario, self.scenario.threshold or 0.0
        first, second = scenario.inputs
        x, y = scenario.data[first], scenario.data[second]
        x_limits, y_limits = _around(x, MARGIN), _around(y, MARGIN)
        grid_x, grid_y = np.meshgrid(np.linspace(*x_limits, _COLUMNS), np.linspace(*y_limits, _ROWS))
        predicted = scenario.predict(parameters, {first: grid_x.ravel(), second: grid_y.ravel()}) - threshold
        with np.errstate(all="ignore"):
            sureness = np.tanh(2 * predicted / (np.nanmean(np.abs(predicted)) or 1.0))
        upper = self._targets > threshold
        return Plot(
            [
                Series(x[~upper], y[~upper], "class0", "●", line=False),
                Series(x[upper], y[upper], "class1", "▲", line=False),
            ],
            field=Field((0.5 + 0.5 * sureness).reshape(grid_x.shape), x_limits, y_limits, "region0", "region1"),
            x_label=first,
            y_label=second,
            x_limits=x_limits,
            y_limits=y_limits,
        )

    def _by_target(self, parameters: Floats) -> Plot:
        scenario = self.scenario
        predicted = scenario.predict(parameters, {name: scenario.data[name] for name in scenario.inputs})
        if not self.target:
            samples = np.arange(1, len(predicted) + 1)
            return Plot([Series(samples, predicted, "data", "●", line=False)], x_label="sample", y_label="prediction")
        limits = _around(self._targets, MARGIN)
        return Plot(
            [Series(limits, limits, "fit"), Series(self._targets, predicted, "data", "●", line=False)],
            x_label=self.target,
            y_label="prediction",
            x_limits=limits,
        )

    def _loss_field(self, x_limits: Limits, y_limits: Limits) -> tuple[Field, _LossScale]:
        """Compute the loss on a grid, on a logarithmic scale so that the valley shows; kept while the limits stay."""
        if self._surface is None or self._surface[:2] != (x_limits, y_limits):
            grid_x, grid_y = np.meshgrid(np.linspace(*x_limits, _COLUMNS), np.linspace(*y_limits, _ROWS))
            names = self.scenario.model.formulas.parameters
            parameters = dict(zip(names, (grid_x.reshape(-1, 1), grid_y.reshape(-1, 1)), strict=True))
            loss = self._losses(parameters).reshape(grid_x.shape)
            scale = _LossScale.of(loss)
            self._surface = x_limits, y_limits, Field(scale.levels(loss), x_limits, y_limits), scale
        return self._surface[2:]

    def _losses(self, parameters: Mapping[str, Floats]) -> Floats:
        """Compute the loss for parameters, float64[n, 1] each: float64[n, 1]."""
        losses = self.scenario.model.formulas.cost(parameters, self._some_samples)
        return np.broadcast_to(losses, (len(next(iter(parameters.values()))), 1))

    @property
    def surface_samples(self) -> int:
        """The number of samples that the loss is computed from where it is drawn over parameters."""
        return len(next(iter(self._some_samples.values()), ()))

    @functools.cached_property
    def _some_samples(self) -> dict[str, Floats]:
        """The samples, or evenly chosen ones of very many."""
        step = max(1, math.ceil(len(next(iter(self.scenario.data.values()), ())) / _MOST_SURFACE_SAMPLES))
        return {name: column[::step] for name, column in self.scenario.data.items()}

    @functools.cached_property
    def _targets(self) -> Floats:
        return self.scenario.data[self.target]


def _framed(way: Floats, losses: Floats) -> Flags:
    """Say which epochs, of a way float64[epochs + 1, p], a plot over the parameters has room for.

    They are those whose loss is finite and has not grown far above its start: one that is lost at 1e9 would make
    the frame so wide that nothing is seen of the valley.
    """
    finite = np.isfinite(way).all(axis=1) & np.isfinite(losses)
    if not finite.any():
        return np.arange(len(way)) == 0
    start = float(losses[0]) if finite[0] else float(losses[finite][0])
    scale = max(abs(start), start - float(losses[finite].min()))
    with np.errstate(all="ignore"):
        return finite & (losses <= start + GROWN * scale)


def _around(values: Floats, margin: float) -> Limits:
    low, high = (float(np.clip(end, -LARGEST / 4, LARGEST / 4)) for end in (values.min(), values.max()))
    room = (high - low) * margin or abs(high) * margin or 1.0
    return low - room, high + room


@dataclass(frozen=True)
class _LossScale:
    """A logarithmic scale of losses: 0 is the least one, 1 the largest; heights above the least count from `unit`."""

    least: float
    unit: float
    largest: float

    @classmethod
    def of(cls, losses: Floats) -> _LossScale:
        """Make the scale for all finite ones of these losses."""
        finite = losses[np.abs(losses) <= LARGEST]
        if not len(finite):
            return cls(math.nan, 1.0, 1.0)
        least = float(finite.min())
        heights = finite - least
        unit = float(np.median(heights)) / 20 or 1.0
        return cls(least, unit, float(np.log1p(heights.max() / unit)) or 1.0)

    def levels(self, losses: Floats) -> Floats:
        """Return the place of each loss on the scale; what is undefined stays so."""
        with np.errstate(all="ignore"):
            return np.log1p((losses - self.least) / self.unit) / self.largest

    def legend(self, name: str) -> list[Sign]:
        """Return shades with the losses they stand for."""
        if math.isnan(self.least):
            return [Sign(f"{name} has no finite value here")]
        levels = (0.0, 1 / 3, 2 / 3, 1.0)
        losses = [self.least + self.unit * math.expm1(level * self.largest) for level in levels]
        shades = (Sign(f"{float(f'{loss:.3g}'):g}", level=level) for level, loss in zip(levels, losses, strict=True))
        return [Sign(f"{name}:"), *shades]
