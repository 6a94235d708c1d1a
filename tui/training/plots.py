"""What the plots of a training run show: the loss, the fit or the regions, and the surface of the loss."""

from __future__ import annotations

import functools
import math

import numpy as np

from ...engine.arrays import Floats
from ...engine.training.scenario import TrainingScenario
from .plotting import LARGEST, Field, Limits, Plot, Series

MARGIN = 0.08
"""Part of the data's extent that is left free around it."""

_COLUMNS, _ROWS = 72, 36
_MOST_SURFACE_SAMPLES = 500


def loss_plot(losses: Floats, epoch: int, *, log: bool) -> Plot:
    """Plot the loss by epoch, with a mark at the epoch on show."""
    lost = Series(np.arange(len(losses)), losses, "line")
    shown = Series([epoch], [losses[epoch]], "path", "●", line=False)
    return Plot(
        [lost, shown],
        x_label="epoch",
        log_y=log,
        x_limits=(0.0, max(1.0, len(losses) - 1.0)),
        empty="the loss has no finite value yet",
    )


class ModelPlots:
    """The plots of what a scenario's model answers, for any parameters (float64[p])."""

    def __init__(self, scenario: TrainingScenario) -> None:
        self.scenario = scenario
        self.target = scenario.targets[0] if len(scenario.targets) == 1 else ""
        self._surface: tuple[Limits, Limits, Field] | None = None

    @property
    def has_surface(self) -> bool:
        """Whether the loss is a function of two parameters, so that it can be drawn."""
        return len(self.scenario.model.parameters) == 2

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

    def surface(self, path: Floats, epoch: int) -> Plot:
        """Plot the loss over the two parameters, float64[epochs + 1, 2], and the way that training took to `epoch`."""
        first, second = self.scenario.model.formulas.parameters
        finite = path[np.isfinite(path).all(axis=1)]
        x_limits, y_limits = (_around(finite[:, k] if len(finite) else np.zeros(1), 0.25) for k in (0, 1))
        way, here = path[: epoch + 1], path[epoch : epoch + 1]
        return Plot(
            [Series(way[:, 0], way[:, 1], "path"), Series(here[:, 0], here[:, 1], "path", "●", line=False)],
            field=self._loss_field(x_limits, y_limits),
            x_label=first,
            y_label=second,
            x_limits=x_limits,
            y_limits=y_limits,
        )

    def _curve(self, parameters: Floats) -> Plot:
        name = self.scenario.inputs[0]
        x, y = self.scenario.data[name], self._targets
        x_limits, y_limits = _around(x, MARGIN), _around(y, 0.25)
        line_x = np.linspace(*x_limits, 200)
        line_y = self.scenario.predict(parameters, {name: line_x})
        outside = (line_y < y_limits[0]) | (line_y > y_limits[1])
        return Plot(
            [Series(line_x, np.where(outside, np.nan, line_y), "fit"), Series(x, y, "data", "●", line=False)],
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

    def _loss_field(self, x_limits: Limits, y_limits: Limits) -> Field:
        """Compute the loss on a grid, on a logarithmic scale so that the valley shows; kept while the limits stay."""
        if self._surface is None or self._surface[:2] != (x_limits, y_limits):
            grid_x, grid_y = np.meshgrid(np.linspace(*x_limits, _COLUMNS), np.linspace(*y_limits, _ROWS))
            names = self.scenario.model.formulas.parameters
            parameters = dict(zip(names, (grid_x.reshape(-1, 1), grid_y.reshape(-1, 1)), strict=True))
            loss = self.scenario.model.formulas.cost(parameters, self._some_samples).reshape(grid_x.shape)
            self._surface = x_limits, y_limits, Field(_normalised(loss), x_limits, y_limits)
        return self._surface[2]

    @functools.cached_property
    def _some_samples(self) -> dict[str, Floats]:
        """The samples, or evenly chosen ones of very many."""
        step = math.ceil(len(next(iter(self.scenario.data.values()))) / _MOST_SURFACE_SAMPLES)
        return {name: column[::step] for name, column in self.scenario.data.items()}

    @functools.cached_property
    def _targets(self) -> Floats:
        return self.scenario.data[self.target]


def _around(values: Floats, margin: float) -> Limits:
    low, high = (float(np.clip(end, -LARGEST / 4, LARGEST / 4)) for end in (values.min(), values.max()))
    room = (high - low) * margin or abs(high) * margin or 1.0
    return low - room, high + room


def _normalised(loss: Floats) -> Floats:
    """Bring losses to 0 (the least) to 1 on a logarithmic scale; what is undefined stays so."""
    with np.errstate(all="ignore"):
        finite = loss[np.isfinite(loss)]
        if not len(finite):
            return np.full_like(loss, np.nan)
        height = loss - finite.min()
        scale = float(np.median(height[np.isfinite(height)])) / 20 or 1.0
        logarithm = np.log1p(height / scale)
        return logarithm / (np.nanmax(logarithm[np.isfinite(logarithm)]) or 1.0)
