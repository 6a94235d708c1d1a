"""`gradwalk trace`: every step as text or JSON."""

from __future__ import annotations

from collections.abc import Sequence

import click

from .. import completing
from ..command_line import SCENARIO_HELP, session_of

SECTION = "Walk"


@click.command(epilog=SCENARIO_HELP)
@click.argument("scenario", shell_complete=completing.scenarios)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (`gradwalk schema trace` describes it).")
@click.option(
    "--notation",
    shell_complete=completing.notations,
    default="unicode",
    show_default=True,
    help="How formulas are written: unicode, latex, spoken or text.",
)
@click.option("--digits", type=click.IntRange(1, 17), help="Significant digits of numbers; without it, for reading.")
@click.option("--forward", metavar="INPUT", help="Walk in forward mode: the tangents for this input.")
@click.option(
    "--derivative",
    "by",
    multiple=True,
    metavar="INPUT",
    help="Walk the derivative by this input; given again, the derivative of that.",
)
@click.option("--arrays", "as_arrays", is_flag=True, help="Walk whole arrays, where numbers were made as such.")
@click.pass_context
def command(
    ctx: click.Context,
    scenario: str,
    as_json: bool,
    notation: str,
    digits: int | None,
    forward: str | None,
    by: Sequence[str],
    as_arrays: bool,
) -> None:
    """Print every step of a walk."""
    from ..trace_command import print_trace

    loaded = session_of(ctx).load(scenario)
    if by:
        from ..walk.derivative import differentiated

        loaded = differentiated(loaded, by)
    print_trace(loaded, as_json=as_json, notation=notation, digits=digits or 0, forward=forward, as_arrays=as_arrays)
