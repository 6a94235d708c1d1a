"""`gradwalk check`: scenario files checked without a screen."""

from __future__ import annotations

import gc
from collections.abc import Sequence

import click

from .. import completing
from ..command_line import session_of

SECTION = "Teach"


@click.command(
    short_help="Check files: their gradients, and the answers they state.",
    epilog="FILE is a scenario file, a folder of them, a course file, or the name of what is built in.",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", shell_complete=completing.scenarios_and_courses)
@click.option("--epoch", type=click.IntRange(0, 1_000_000), help="Check trainings after so many epochs.")
@click.option("--most", type=click.IntRange(1, 1_000_000), help="Check at most so many gradients of a file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (`gradwalk schema check` describes it).")
@click.pass_context
def command(ctx: click.Context, files: Sequence[str], epoch: int | None, most: int | None, as_json: bool) -> None:
    """Check scenario files, without a screen: that they can be read, their gradients, and the answers they state.

    Each gradient is compared with a complex step and with a difference. The exit status is 1 where something differs,
    2 where a file is wrong.
    """
    from ..check_command import run

    gc.enable()
    ctx.exit(run(files, session_of(ctx), as_json=as_json, epoch=epoch, most=most))
