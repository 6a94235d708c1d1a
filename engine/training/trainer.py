"""Training: gradient descent over one compiled graph, and the `History` in which every epoch stays.

An epoch is a number into the history, as a step is a number into a walk: `History` holds the parameters, the
optimizer's memory and the loss of every epoch, so going back, starting again from there and opening an epoch as
a walk need nothing else.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ..arrays import Floats, Indices
from ..errors import GradwalkError
from ..rules.optimizers import OPTIMIZERS, Hyperparameters, Optimizer
from ..run.loop import Loop
from ..run.plan import Plan, compiled
from ..walk.trace import Trace
from ..walk.update import Updates
from .ending import Ending, EpochsDone, LossGrows, LossSettled, NotFinite, TargetReached
from .history import Epoch, History, most_epochs
from .model import Model

RateSchedule = Callable[[int], float]
"""The learning rate of an epoch, counted from 0."""

GROWING_EPOCHS = 5
GROWN = 10.0
"""A loss that has grown for `GROWING_EPOCHS` epochs on end, to more than `GROWN` times its start, is warned of."""


def never() -> bool:
    """Say that training goes on."""
    return False


@dataclass(frozen=True)
class TrainingOptions:
    """How a model is trained.

    `rate` gives the learning rate of an epoch. `batch_size` is None for the whole data at once; batches are drawn
    anew every epoch from `seed`. Training ends after `epochs`, or when the loss is at most `target_loss`, or when it
    changes by at most `tolerance` times itself in an epoch.
    """

    rate: RateSchedule
    epochs: int
    optimizer: Optimizer = OPTIMIZERS["sgd"]
    hyperparameters: Hyperparameters = field(default_factory=Hyperparameters)
    batch_size: int | None = None
    seed: int = 0
    target_loss: float | None = None
    tolerance: float | None = None


class Trainer:
    """Trains a model epoch by epoch on `data`, float64[m] a column, or none; what it has done is in `history`.

    `ended` says why training has ended, and is None while it can go on. The graph is compiled once; batches have a
    graph of their own, whose leaves are filled anew for each.

    One thread may train while others open epochs as walks; all else belongs to one thread.
    """

    def __init__(
        self, model: Model, data: Mapping[str, Floats], options: TrainingOptions, notes: Mapping[str, str] | None = None
    ) -> None:
        self.notes = notes or {}
        self.model = model
        self.data = data
        self.options = options
        self.samples = len(next(iter(data.values()), ()))
        self._plan = compiled(model.graph)
        self._batch_plans: dict[int, tuple[Model, Plan | Loop]] = {}
        self.ended: Ending | None = None
        self._running = threading.RLock()
        """Whoever runs a compiled graph, which has room for the numbers of one run, holds it."""
        start = model.graph.leaf_values[model.parameters]
        memory = np.zeros((options.optimizer.memory_rows, len(start)))
        self.history = History(self._look(0, start, memory, updates=0, rate_scale=1.0))
        self._end_or_go_on()

    @property
    def diverged(self) -> bool:
        """Whether training has ended in a number that is not finite."""
        return isinstance(self.ended, NotFinite)

    # ---- going on

    def train_epoch(self, stopped: Callable[[], bool] = never) -> bool:
        """Train one more epoch; return False, and change nothing, when training has ended (`ended` says why).

        `stopped` is asked before each batch, since an epoch of many takes its time; True gives the epoch up.
        """
        with self._running:
            return self._train_epoch(stopped)

    def _train_epoch(self, stopped: Callable[[], bool]) -> bool:
        if self.ended is not None:
            return False
        epoch = self.history.last
        now = self.history[epoch]
        parameters, memory, count, gradient = now.parameters, now.memory, now.updates, now.gradient
        rate, options = self.rate(epoch), self.options
        for number, batch in enumerate(self._batches(epoch)):
            if stopped():
                return False
            if number:
                gradient = self._gradient(batch, parameters)
            count += 1
            moved = options.optimizer.rule(gradient, rate, memory, count, options.hyperparameters)
            parameters, memory = parameters - moved.decrease, moved.memory
        self.history.epochs.append(self._look(epoch + 1, parameters, memory, count, now.rate_scale))
        self._end_or_go_on()
        return True

    def rate(self, epoch: int) -> float:
        """Return the learning rate of an epoch, counted from 0; of one to come, as it is without further scaling."""
        return self.options.rate(epoch) * self.history[min(epoch, self.history.last)].rate_scale

    def go_back(self, epoch: int) -> None:
        """Forget all that came after `epoch` epochs, to train on from there; IndexError where that is not in `history`.

        Trained again, the same epochs come out: to the last bit, unless the learning rate is scaled.
        """
        self._check(epoch)
        del self.history.epochs[epoch + 1 :]
        self._end_or_go_on()

    def scale_rate(self, factor: float) -> None:
        """Multiply the learning rate with a positive factor, from the last epoch of `history` on."""
        now = self.history.epochs[-1]
        self.history.epochs[-1] = replace(now, rate_scale=now.rate_scale * factor)

    def train_longer(self, epochs: int) -> None:
        """Move the end of training so many epochs away from here; a goal that was reached is given up.

        Where a number is not finite there is no way on but back. Raises GradwalkError where there would be too many
        epochs to keep.
        """
        most = most_epochs(len(self.model.parameters))
        if self.history.last + epochs > most:
            raise GradwalkError(f"with {len(self.model.parameters):,} parameters there can be at most {most:,} epochs")
        goals = self.options.target_loss, self.options.tolerance
        target_loss, tolerance = (None, None) if self._goal() else goals
        options = replace(self.options, target_loss=target_loss, tolerance=tolerance)
        self.options = replace(options, epochs=self.history.last + epochs)
        self._end_or_go_on()

    # ---- looking into an epoch

    def trace(self, epoch: int) -> Trace:
        """Open the update that follows after `epoch` epochs as a walk: forward, backward, update.

        With batches it is the epoch's first one. Its gradients are bit-equal to those that training uses. Raises
        IndexError for an epoch that is not in `history`.
        """
        self._check(epoch)
        known = self.history[epoch]
        with self._running:
            model, plan = self._run(self._batches(epoch)[0], known.parameters)
            run = plan.record()
        following = Updates(
            parameters=tuple(model.parameters.tolist()),
            before=known.parameters,
            gradients=known.gradient,
            rate=self.rate(epoch),
            memory=known.memory,
            number=known.updates + 1,
            optimizer=self.options.optimizer,
            hyperparameters=self.options.hyperparameters,
        )
        return Trace(model.graph, self.notes, run=run, updates=following)

    def growing(self, epoch: int) -> LossGrows | None:
        """Return what is to be warned of after `epoch` epochs; IndexError for one that is not in `history`."""
        self._check(epoch)
        losses = [known.loss for known in self.history.epochs[max(0, epoch - GROWING_EPOCHS) : epoch + 1]]
        start = self.history[0].loss
        grows = len(losses) > GROWING_EPOCHS and all(after > before for before, after in itertools.pairwise(losses))
        if grows and GROWN * abs(start) < losses[-1] < math.inf:
            return LossGrows(GROWING_EPOCHS, start, losses[-1], self.rate(epoch - 1))
        return None

    def _check(self, epoch: int) -> None:
        if not 0 <= epoch <= self.history.last:
            raise IndexError(f"{self.history.last} epochs have been trained, and {epoch} is not among them")

    # ---- the parts of an epoch

    def _look(self, epoch: int, parameters: Floats, memory: Floats, updates: int, rate_scale: float) -> Epoch:
        """Run the loss of all samples, and the gradient of the update that follows."""
        loss = self._plan.run(self.model.leaf_values(parameters))
        if self._in_batches:
            gradient = self._gradient(self._batches(epoch)[0], parameters)
        else:
            gradient = self._plan.leaf_gradients[self.model.parameters]
        return Epoch(parameters, loss, gradient, memory, updates, rate_scale)

    def _gradient(self, batch: Indices, parameters: Floats) -> Floats:
        model, plan = self._run(batch, parameters)
        return plan.leaf_gradients[model.parameters]

    def _run(self, batch: Indices, parameters: Floats) -> tuple[Model, Plan | Loop]:
        """Run the samples of a batch."""
        model, plan = self._plan_of(len(batch))
        columns = {name: column[batch] for name, column in self.data.items()}
        plan.run(model.leaf_values(parameters, columns))
        return model, plan

    def _plan_of(self, samples: int) -> tuple[Model, Plan | Loop]:
        """Return the graph of so many samples, ready to run; the last batch of an epoch may be a smaller one."""
        if samples == self.samples:
            return self.model, self._plan
        if samples not in self._batch_plans:
            model = self.model.of_first(samples)
            self._batch_plans[samples] = model, compiled(model.graph)
        return self._batch_plans[samples]

    def _batches(self, epoch: int) -> list[Indices]:
        """Return the samples of each batch of an epoch; one and the same draw however often it is asked for."""
        everything = np.arange(self.samples, dtype=np.int32)
        if not self._in_batches:
            return [everything]
        size = self.options.batch_size or self.samples
        shuffled = np.random.default_rng([self.options.seed, 1, epoch]).permutation(everything)
        return [shuffled[first : first + size] for first in range(0, self.samples, size)]

    @property
    def batches(self) -> int:
        """How many updates an epoch has: one for each batch."""
        return math.ceil(self.samples / (self.options.batch_size or self.samples)) if self.samples else 1

    @property
    def _in_batches(self) -> bool:
        return self.options.batch_size is not None and self.options.batch_size < self.samples

    def _end_or_go_on(self) -> None:
        self.ended = self._not_finite() or self._goal()
        if self.ended is None and self.history.last >= self.options.epochs:
            self.ended = EpochsDone(self.history.last)

    def _not_finite(self) -> NotFinite | None:
        """Return the first number of the last epoch that training cannot go on with."""
        epoch = self.history.last
        now, formulas, rate = self.history[epoch], self.model.formulas, self.rate(max(0, epoch - 1))
        if not math.isfinite(now.loss):
            return NotFinite(epoch, "loss", formulas.loss_name, now.loss, rate)
        for number in np.flatnonzero(~np.isfinite(now.parameters)).tolist():
            return NotFinite(epoch, "parameter", formulas.parameters[number], float(now.parameters[number]), rate)
        for number in np.flatnonzero(~np.isfinite(now.gradient)).tolist():
            return NotFinite(epoch, "derivative", formulas.parameters[number], float(now.gradient[number]), rate)
        return None

    def _goal(self) -> TargetReached | LossSettled | None:
        """Return the goal that has been reached."""
        last, options = self.history.last, self.options
        loss = self.history[last].loss
        if options.target_loss is not None and loss <= options.target_loss:
            return TargetReached(last, options.target_loss)
        if options.tolerance is not None and last > 0:
            before = self.history[last - 1].loss
            if abs(before - loss) <= options.tolerance * abs(before):
                return LossSettled(last)
        return None
