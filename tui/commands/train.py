"""`gradwalk train`: a training without a screen."""

from __future__ import annotations

import gc

import click

from .. import completing
from ..command_line import SCENARIO_HELP, session_of

SECTION = "Walk"


@click.command(short_help="Train a scenario, and print what it found.", epilog=SCENARIO_HELP)
@click.argument("scenario", shell_complete=completing.scenarios)
@click.option("--epochs", type=click.IntRange(1, 1_000_000), help="How many epochs, instead of the scenario's number.")
@click.option("--json", "as_json", is_flag=True, help="Print the history as JSON.")
@click.option("--csv", "csv_path", type=click.Path(dir_okay=False), help="Write the history to this file.")
@click.pass_context
def command(ctx: click.Context, scenario: str, epochs: int | None, as_json: bool, csv_path: str | None) -> None:
    """Train a scenario and print its loss curve and what it found; the exit status is 1 where it diverges."""
    from ..train_command import run

    session = session_of(ctx)
    if csv_path is not None:
        session.need_files("--csv")
    gc.enable()
    ctx.exit(run(session.load(scenario), epochs=epochs, as_json=as_json, csv_path=csv_path))
