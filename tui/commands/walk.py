"""`gradwalk walk`: a walk on the screen, or a choice of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from .. import completing
from ..command_line import SCENARIO_HELP, opening_options, session_of

SECTION = "Walk"


@click.command(
    short_help="Walk a scenario, or choose from a folder of them.",
    epilog=f"{SCENARIO_HELP} A folder, or several scenarios, open as a library of their own.",
)
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...", shell_complete=completing.scenarios)
@opening_options
@click.pass_context
def command(
    ctx: click.Context, scenarios: Sequence[str], digits: int | None, plain: bool, spoken: bool, **options: str
) -> None:
    """Walk a scenario on the screen, or choose from a folder of them (`walk` may be left out)."""
    from ..opening import open_places

    sys.exit(open_places(scenarios, session_of(ctx), digits=digits or 0, plain=plain, spoken=spoken, **options))
