"""`gradwalk hunt`: find the mistake in a backward pass."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from .. import completing
from ..command_line import SCENARIO_HELP, plain_options, session_of, theme_option

if TYPE_CHECKING:
    from textual.screen import Screen

SECTION = "Study"


@click.command(epilog=f"{SCENARIO_HELP} Without one, small functions are drawn at random.")
@click.argument("scenario", required=False, default="", shell_complete=completing.scenarios)
@click.option("--seed", type=click.IntRange(0, 2**62), metavar="N", help="Plant the mistake of this number.")
@theme_option
@plain_options
@click.pass_context
def command(ctx: click.Context, scenario: str, seed: int | None, theme: str, plain: bool, spoken: bool) -> None:
    """Find the one mistake in a backward pass, and say what is wrong."""
    from ..opening import is_plain, open_first
    from ..study.hunt_start import hunts

    session = session_of(ctx)
    next_hunt = hunts(session.load(scenario) if scenario else None, seed)
    begun = next_hunt()
    if is_plain(session, plain=plain, spoken=spoken):
        from ..plain.conversation import converse
        from ..plain.hunt import HuntDialogue

        sys.exit(converse(HuntDialogue(begun, next_hunt, session.progress, spoken=spoken), spoken=spoken))

    def first(classes: str) -> Screen[None]:
        from ..screens.hunt import HuntScreen

        return HuntScreen(begun, next_hunt, session.progress, classes)

    sys.exit(open_first(first, session, theme=theme))
