"""How a training run reads as text: the same words on the screen and in headless output."""

from __future__ import annotations

import numpy as np
from rich.text import Text

from ...engine.language.step_key import derivative
from ...engine.rules.symbolic import format_number
from ..training.player import TrainingPlayer
from .walk import text

_MOST_PARAMETERS = 6
_LABEL = 15
"""Cells of the first column."""


def epoch_words(player: TrainingPlayer) -> str:
    """Say where a training run is."""
    return f"epoch {player.epoch} of {player.epochs}"


def loss_words(player: TrainingPlayer, *, log: bool) -> str:
    """Say what the plot of the loss shows."""
    return f"{player.scenario.model.formulas.loss_name} by epoch, {'logarithmic' if log else 'linear'} axis"


def epoch_lines(player: TrainingPlayer) -> list[Text]:
    """Say what is known at the epoch on show: the loss, the learning rate, the parameters and their gradients."""
    now, model = player.now, player.scenario.model
    loss_name = model.formulas.loss_name
    accuracy = player.scenario.accuracy(now.parameters)
    options = player.trainer.options
    lines = [
        text(
            ("loss           ", "label"),
            (f"{loss_name} = {format_number(now.loss)}", "value"),
            f"   {accuracy:.0%} of the samples are right" if accuracy is not None else "",
        ),
        text(
            ("learning rate  ", "label"),
            f"η = {format_number(player.trainer.rate(player.epoch))}",
            (f"   {options.optimizer.name}: w ← w - {options.optimizer.decrease}", "label"),
        ),
    ]
    names = model.formulas.parameters
    if len(names) <= _MOST_PARAMETERS:
        values = [
            f"{name} = {format_number(value)}" for name, value in zip(names, now.parameters.tolist(), strict=True)
        ]
        longest = max(map(len, values))
        for name, value, gradient in zip(names, values, now.gradient.tolist(), strict=True):
            lines.append(
                text(
                    (f"{name:<{_LABEL}}", "label"),
                    (f"{value:<{longest}}", "name"),
                    "   ",
                    (f"{derivative(loss_name, name)} = {format_number(gradient)}", "contribution"),
                )
            )
    else:
        with np.errstate(all="ignore"):
            length = float(np.sqrt(np.sum(now.gradient**2)))
        lines.append(
            text(
                ("parameters     ", "label"),
                f"{len(names)} of them; the length of the gradient is ",
                (format_number(length), "contribution"),
            )
        )
    if player.trainer.batches > 1:
        words = f"the gradient is that of batch 1 of {player.trainer.batches}, which the next epoch begins with"
        lines.append(text(("batches        ", "label"), words))
    return lines


def ended_lines(player: TrainingPlayer) -> list[Text]:
    """Say why training has ended, where it has."""
    if not player.ended:
        return []
    return [text((f"⚠ {player.ended}", "undefined") if player.trainer.diverged else (player.ended, "note"))]
