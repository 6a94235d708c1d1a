"""How a training run reads as text: the same words on the screen and in headless output."""

from __future__ import annotations

import math

import numpy as np
from rich.cells import cell_len

from ...engine.language.step_key import derivative
from ...engine.rules.number_text import format_number
from ...engine.training.ending import EpochsDone, LossGrows, LossSettled, NotFinite, TargetReached
from ...engine.training.moment import TrainingMoment
from .lines import Line, labelled, line, padded

_MOST_PARAMETERS = 6
_LABEL = 15
"""Cells of the first column, at the least."""


def epoch_words(moment: TrainingMoment) -> str:
    """Say where a training run is."""
    return f"epoch {moment.epoch} of {moment.epochs}"


def pace_words(speed: float, remaining: int) -> str:
    """Say how fast training goes, in epochs a second (0: not known yet), and how long the remaining epochs take."""
    if speed <= 0:
        return "training"
    seconds = remaining / speed
    left = f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
    return f"{speed:,.0f} epochs/s · {left} left"


def epoch_title(moment: TrainingMoment) -> str:
    """Name the walk that an epoch is."""
    batches = moment.trainer.batches
    return f"epoch {moment.epoch}{f', batch 1 of {batches}' if batches > 1 else ''} · {moment.scenario.title}"


def forgotten_words(epochs: int) -> str:
    """Say that a change of the learning rate has cost the epochs that were trained after the one on show."""
    which = "The epoch after this one is" if epochs == 1 else f"The {epochs} epochs after this one are"
    return f"{which} forgotten: another learning rate makes others."


def loss_words(moment: TrainingMoment, *, log: bool) -> str:
    """Say what the plot of the loss shows."""
    return f"{moment.scenario.model.formulas.loss_name} by epoch, {'logarithmic' if log else 'linear'} axis"


def epoch_lines(moment: TrainingMoment) -> list[Line]:
    """Say what is known at the epoch on show: the loss, the learning rate, the parameters and their gradients."""
    now, model = moment.now, moment.scenario.model
    loss_name = model.formulas.loss_name
    accuracy = moment.accuracy
    options = moment.trainer.options
    names = model.formulas.parameters
    room = max([_LABEL, *(cell_len(name) + 1 for name in names)]) if len(names) <= _MOST_PARAMETERS else _LABEL
    lines = [
        labelled(
            "loss",
            room,
            (f"{loss_name} = {format_number(now.loss)}", "value"),
            f"   {accuracy:.0%} of the samples are right" if accuracy is not None else "",
        ),
        labelled(
            "learning rate",
            room,
            f"η = {format_number(moment.rate)}",
            (f"   {options.optimizer.name}: w ← w - {options.optimizer.decrease}", "label"),
        ),
    ]
    if len(names) <= _MOST_PARAMETERS:
        values = [
            f"{name} = {format_number(value)}" for name, value in zip(names, now.parameters.tolist(), strict=True)
        ]
        longest = max(map(cell_len, values))
        for name, value, gradient in zip(names, values, now.gradient.tolist(), strict=True):
            lines.append(
                labelled(
                    name,
                    room,
                    (padded(value, longest), "name"),
                    "   ",
                    (f"{derivative(loss_name, name)} = {format_number(gradient)}", "contribution"),
                )
            )
    else:
        with np.errstate(all="ignore"):
            length = float(np.sqrt(np.sum(now.gradient**2)))
        lines.append(
            labelled(
                "parameters",
                room,
                f"{len(names)} of them; the length of the gradient is ",
                (format_number(length), "contribution"),
            )
        )
    if moment.trainer.batches > 1:
        words = f"the gradient is that of batch 1 of {moment.trainer.batches}, which the next epoch begins with"
        lines.append(labelled("batches", room, words))
    return lines


def ended_lines(moment: TrainingMoment) -> list[Line]:
    """Say what there is to be warned of at the epoch on show, and why training has ended, where it has."""
    lines: list[Line] = []
    growing = moment.growing
    if growing is not None:
        lines.append(line((f"⚠ {_growing_words(growing)}", "undefined")))
    if isinstance(moment.ended, NotFinite):
        lines.append(
            line((f"⚠ {_not_finite_words(moment.ended, moment.scenario.model.formulas.loss_name)}", "undefined"))
        )
    elif moment.ended is not None:
        lines.append(line((_goal_words(moment.ended), "note")))
    return lines


def ways_on(moment: TrainingMoment) -> dict[str, str]:
    """Say what leads on from where training has ended or goes badly, by the ids of the key bindings that do it."""
    if isinstance(moment.ended, NotFinite) and not moment.epoch:
        return {"train.dive": "shows where it comes from"}
    if isinstance(moment.ended, NotFinite) or (moment.growing and not moment.ended):
        return {"train.back": "goes back", "train.rate-down": "lowers η from there on", "train.reset": "starts again"}
    if moment.ended is not None:
        return {"train.longer": "trains on", "train.back": "goes back", "train.reset": "starts again"}
    return {}


def _goal_words(ended: EpochsDone | TargetReached | LossSettled) -> str:
    match ended:
        case EpochsDone(epoch):
            return "The epoch is done." if epoch == 1 else f"All {epoch} epochs are done."
        case TargetReached(epoch, target):
            when = f"after epoch {epoch}" if epoch else "at the start"
            return f"The loss has reached its target, {format_number(target)}, {when}."
        case LossSettled(epoch):
            return f"The loss hardly changes any more after epoch {epoch}."


def _not_finite_words(ended: NotFinite, loss_name: str) -> str:
    """Say which number does not exist, and what to do about it."""
    what = {"loss": "the loss", "parameter": ended.name, "derivative": derivative(loss_name, ended.name)}[ended.of]
    value = "infinite" if math.isinf(ended.value) else "not a number (nan)"
    if not ended.epoch:
        return f"At the start {what} is {value}. There is no gradient to follow."
    return f"After epoch {ended.epoch} {what} is {value}. {_cure(ended.rate)} Start again with a smaller one."


def _growing_words(growing: LossGrows) -> str:
    start, now = format_number(growing.start), format_number(growing.now)
    grown = (
        f"The loss grows: it has for the last {growing.epochs} epochs on end, and is {now}, after {start} at the start."
    )
    return f"{grown} {_cure(growing.rate)}"


def _cure(rate: float) -> str:
    return f"The learning rate {format_number(rate)} is probably too large: each step overshoots."
