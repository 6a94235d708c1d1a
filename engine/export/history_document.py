"""A training run as JSON or CSV: every epoch, every number in full float64 precision."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from ..training.ending import Ending, EpochsDone, LossSettled, NotFinite, TargetReached
from ..training.scenario import TrainingScenario
from ..training.trainer import Trainer
from .json_schema import printed

VERSION = 2
"""Raised when a key changes its meaning or goes away."""


class EpochRecord(msgspec.Struct, frozen=True):
    """What is known after `epoch` epochs: the loss, the parameters, and the gradient of the update that follows.

    With batches that is the gradient of the first batch. A number that is undefined or infinite is null.
    """

    epoch: int
    loss: float
    learning_rate: float
    parameters: dict[str, float]
    gradient: dict[str, float]


class EndingRecord(msgspec.Struct, frozen=True):
    """Why training ended after `epoch` epochs.

    For "not_finite", `of` says what is infinite or nan, the loss, a parameter or the derivative of the loss with
    respect to a parameter, and `name` which; else they are null.
    """

    reason: Literal["epochs_done", "target_reached", "loss_settled", "not_finite"]
    epoch: int
    of: Literal["loss", "parameter", "derivative"] | None = None
    name: str | None = None


class HistoryDocument(msgspec.Struct, frozen=True):
    """A whole training run: what `gradwalk train --json` prints.

    `ended` says why training ended, `diverged` whether that is a number that is not finite, `growing` whether the loss
    has grown far above its start and still grows at the end. `accuracy` is the part of the samples that a classifier
    gets right at the end, null for what is no classifier.
    """

    version: int
    scenario: str
    title: str
    loss: str
    optimizer: str
    ended: EndingRecord | None
    diverged: bool
    growing: bool
    accuracy: float | None
    epochs: Sequence[EpochRecord]


def document(scenario: TrainingScenario, trainer: Trainer) -> HistoryDocument:
    """Put a run together for export."""
    history = trainer.history
    return HistoryDocument(
        version=VERSION,
        scenario=scenario.name,
        title=scenario.title,
        loss=scenario.model.formulas.loss_name,
        optimizer=trainer.options.optimizer.name,
        ended=_ending_record(trainer.ended),
        diverged=trainer.diverged,
        growing=trainer.growing(history.last) is not None,
        accuracy=scenario.accuracy(history[history.last].parameters),
        epochs=[
            EpochRecord(
                number,
                epoch.loss,
                trainer.rate(number),
                scenario.named(epoch.parameters),
                scenario.named(epoch.gradient),
            )
            for number, epoch in enumerate(history.epochs)
        ],
    )


def _ending_record(ended: Ending | None) -> EndingRecord | None:
    match ended:
        case None:
            return None
        case EpochsDone(epoch):
            return EndingRecord("epochs_done", epoch)
        case TargetReached(epoch):
            return EndingRecord("target_reached", epoch)
        case LossSettled(epoch):
            return EndingRecord("loss_settled", epoch)
        case NotFinite(epoch, of, name):
            return EndingRecord("not_finite", epoch, of, name)


def as_json(scenario: TrainingScenario, trainer: Trainer) -> bytes:
    """Return a run as JSON text in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(document(scenario, trainer)))


def as_csv(scenario: TrainingScenario, trainer: Trainer) -> str:
    """Return a run as CSV: a header, then an epoch a line with its loss, its learning rate and its parameters."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["epoch", "loss", "learning_rate", *scenario.model.formulas.parameters])
    for number, epoch in enumerate(trainer.history.epochs):
        rows.writerow([number, repr(epoch.loss), repr(trainer.rate(number)), *map(repr, epoch.parameters.tolist())])
    return text.getvalue()


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return printed(HistoryDocument)
