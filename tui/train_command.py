"""`gradwalk train`: training without a screen."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

import click
from rich.text import Text

from ..engine.errors import GradwalkError
from ..engine.export import history_document
from ..engine.scenario import Scenario
from ..engine.training.history import most_epochs
from ..engine.training.scenario import TrainingScenario
from .output import writing
from .plots.plotting import draw
from .training.player import TrainingPlayer
from .training.plots import log_axis_suits, loss_plot
from .words.console import console, write
from .words.lines import Line, line
from .words.training import ended_lines, epoch_lines, epoch_words, loss_words

_PLOT_HEIGHT = 16
_SECONDS_BETWEEN_WORDS = 0.2
DIVERGED = 1
"""The exit status of a run that diverges."""


def run(scenario: Scenario, *, epochs: int | None, as_json: bool, csv_path: str | None) -> int:
    """Train, print what was found, and return the exit status. Raises GradwalkError for what cannot be trained."""
    if not isinstance(scenario, TrainingScenario):
        raise GradwalkError(f"{scenario.name} has nothing to train; `gradwalk {scenario.name}` walks it")
    if epochs is not None:
        most = most_epochs(len(scenario.model.parameters))
        if epochs > most:
            raise GradwalkError(
                f"with {len(scenario.model.parameters):,} parameters there can be at most {most:,} epochs"
            )
        scenario = replace(scenario, options=replace(scenario.options, epochs=epochs))
    if csv_path is not None:
        _write(csv_path, "")  # an hour of training should not end at a file that cannot be written
    player = TrainingPlayer(scenario)
    _train(player)
    if csv_path is not None:
        _write(csv_path, history_document.as_csv(scenario, player.trainer))
    with writing():
        if as_json:
            click.echo(history_document.as_json(scenario, player.trainer))
        else:
            out = console()
            write(outcome_lines(player, shutil.get_terminal_size((80, 24)).columns if out.is_terminal else 80), out)
    return DIVERGED if player.trainer.diverged else 0


def outcome_lines(player: TrainingPlayer, width: int) -> list[Line | Text]:
    """Say what training has found: the loss curve, `width` cells wide, and the numbers of the last epoch."""
    losses = player.losses
    log = log_axis_suits(losses)
    plot = draw(loss_plot(losses, player.last, log=log), min(width, 100), _PLOT_HEIGHT).split("\n")
    for row in plot:
        row.rstrip()
    return [
        line((player.scenario.title, "heading")),
        Line(),
        line((loss_words(player.moment, log=log), "label")),
        *plot,
        Line(),
        line((epoch_words(player.moment), "name")),
        *epoch_lines(player.moment),
        *ended_lines(player.moment),
    ]


def _train(player: TrainingPlayer) -> None:
    """Train to the end; on a terminal, say now and then how far it is."""
    terminal = console(stderr=True)
    shown = terminal.is_terminal and not terminal.is_dumb_terminal
    said = time.monotonic()
    while player.forward():
        if shown and time.monotonic() - said >= _SECONDS_BETWEEN_WORDS:
            said = time.monotonic()
            _say(f"{epoch_words(player.moment)}: loss {player.now.loss:.6g}")
    if shown:
        _say("")


def _say(words: str) -> None:
    """Write over what the line says."""
    click.echo(f"\r{words}\x1b[K", nl=False, err=True)


def _write(path: str, content: str) -> None:
    try:
        Path(path).write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        raise GradwalkError(f"{path} cannot be written: {error.strerror}") from None
