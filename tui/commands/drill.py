"""`gradwalk drill`: random exercises."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ..command_line import plain_options, session_of, theme_option

if TYPE_CHECKING:
    from textual.screen import Screen

SECTION = "Study"


@click.command(
    short_help="Practise with random exercises, aimed at what went wrong.",
    epilog="KINDS are value, local, contribution, accumulated, gradient and equation, with commas between them. "
    "With a seed, everybody gets the same exercises; without one they are aimed at what went wrong before.",
)
@click.option("--seed", type=click.IntRange(0, 2**62), metavar="N", help="Draw the exercises of this number.")
@click.option("--count", type=click.IntRange(1, 100), default=10, show_default=True, help="Exercises in a round.")
@click.option("--kinds", default="", metavar="KINDS", help="Only exercises of these kinds.")
@theme_option
@plain_options
@click.pass_context
def command(
    ctx: click.Context, seed: int | None, count: int, kinds: str, theme: str, plain: bool, spoken: bool
) -> None:
    """Practise with random exercises: fair, mixed, and aimed at what went wrong before."""
    from ..opening import is_plain, open_first
    from ..study.drill_start import drills, kinds_named

    session = session_of(ctx)
    rounds = drills(session.progress, seed, count, kinds_named(kinds))
    if is_plain(session, plain=plain, spoken=spoken):
        from ..plain.conversation import converse
        from ..plain.drill import DrillDialogue

        sys.exit(converse(DrillDialogue(rounds, session.progress, spoken=spoken), spoken=spoken))

    def first(classes: str) -> Screen[None]:
        from ..screens.drill import DrillScreen

        return DrillScreen(rounds, session.progress, classes)

    sys.exit(open_first(first, session, theme=theme))
