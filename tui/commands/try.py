"""`gradwalk try`: the walk of an expression."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from ..command_line import named_values, opening_options, printing_options, session_of

SECTION = "Walk"


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("expression")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@printing_options
@opening_options
@click.pass_context
def command(
    ctx: click.Context,
    expression: str,
    values: Sequence[str],
    digits: int | None,
    **options: Any,
) -> None:
    """Walk an expression, such as: gradwalk try "x*y + sin(x)" x=2 y=5"""
    from ...engine.reading.arguments import from_expression
    from ..opening import open_or_print

    scenario = from_expression(expression, named_values(values))
    sys.exit(open_or_print(scenario, session_of(ctx), digits=digits or 0, **options))
