"""A training of the presenter's, trained here again: the same epochs come out, by the same learning rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...engine.errors import GradwalkError
from ...engine.training.history import most_epochs
from ...engine.training.trainer import Trainer
from ..lecture.messages import Shown
from ..training.player import TrainingPlayer
from ..walk.opened import Report
from ..words.lecture import TOO_LARGE

MOST_RATES = 500
"""So many changes of the learning rate are told."""


def rates_of(trainer: Trainer) -> tuple[tuple[int, float], ...]:
    """Return from which epochs on the learning rate is multiplied, and by what.

    GradwalkError where it was changed more often than can be told.
    """
    found: list[tuple[int, float]] = []
    scale = 1.0
    for epoch, known in enumerate(trainer.history.epochs):
        if known.rate_scale != scale:
            scale = known.rate_scale
            found.append((epoch, scale))
    if len(found) > MOST_RATES:
        raise GradwalkError(TOO_LARGE)
    return tuple(found)


def has_trained(player: TrainingPlayer, epoch: int, shown: Shown) -> bool:
    """Say whether so many epochs have been trained, all by the rates of the presenter."""
    return player.last >= epoch and _agreed(player, shown.rates, epoch) >= epoch


def can_go_on(player: TrainingPlayer, epoch: int, shown: Shown) -> bool:
    """Say whether a player can be trained up to an epoch without another change of the rate on the way there.

    What it has trained by other rates is forgotten then (see `take_rate`).
    """
    agreed = _agreed(player, shown.rates, player.last)
    return all(first <= agreed or first > epoch for first, _ in shown.rates)


def take_rate(player: TrainingPlayer, shown: Shown, last: int) -> None:
    """Forget what was trained by other rates than the presenter's, or beyond their `last`, and go on by their rate."""
    trainer = player.trainer
    _allow(trainer, player, shown.epochs)
    agreed = min(last, _agreed(player, shown.rates, player.last))
    if agreed < player.last:
        trainer.go_back(agreed)
        player.seek(min(player.epoch, agreed))
    _scale(trainer, shown.rates)


def train(player: TrainingPlayer, shown: Shown, epoch: int, report: Report) -> None:
    """Train a player up to an epoch, by the presenter's rates; GradwalkError where that is more than may be kept."""
    trainer = player.trainer
    most = most_epochs(max(1, len(trainer.model.parameters)))
    if max(epoch, shown.epochs or 0) > most or len(shown.rates) > MOST_RATES:
        raise GradwalkError(TOO_LARGE)
    take_rate(player, shown, player.last)
    while player.last < epoch:
        report("training", player.last / epoch)
        if not player.train_after(player.last):
            return
        _scale(trainer, shown.rates)


def _allow(trainer: Trainer, player: TrainingPlayer, epochs: int | None) -> None:
    """Let a training have so many epochs, None for as many as its scenario has.

    No goal ends one that has more: the presenter's has gone on.
    """
    before = options = trainer.options
    if epochs is None:
        options = player.scenario.options
    elif epochs != options.epochs:
        options = replace(options, epochs=epochs, target_loss=None, tolerance=None)
    if options != before:
        trainer.options = options
        trainer.go_back(trainer.history.last)  # what ended it may end it no longer


def _agreed(player: TrainingPlayer, rates: Sequence[tuple[int, float]], most: int) -> int:
    """Return the last epoch, up to `most`, before which all were trained by these rates."""
    changes = dict(rates)
    scale = 1.0
    last = min(most, player.last)
    for epoch in range(last):
        scale = changes.get(epoch, scale)
        if player.trainer.history[epoch].rate_scale != scale:
            return epoch
    return last


def _scale(trainer: Trainer, rates: Sequence[tuple[int, float]]) -> None:
    """Have the next epoch trained by its rate."""
    epochs, last = trainer.history.epochs, trainer.history.last
    scale = next((scale for first, scale in reversed(rates) if first <= last), 1.0)
    if epochs[-1].rate_scale != scale:
        epochs[-1] = replace(epochs[-1], rate_scale=scale)
