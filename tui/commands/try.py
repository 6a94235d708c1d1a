"""`gradwalk try`: the walk of an expression."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from ..command_line import named_values, opening_options, session_of

SECTION = "Walk"


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("expression")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--trace", "as_text", is_flag=True, help="Print every step instead of opening the walk.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of opening the walk.")
@opening_options
@click.pass_context
def command(
    ctx: click.Context,
    expression: str,
    values: Sequence[str],
    as_text: bool,
    as_json: bool,
    digits: int | None,
    plain: bool,
    spoken: bool,
    **options: str,
) -> None:
    """Walk an expression, such as: gradwalk try "x*y + sin(x)" x=2 y=5"""
    from ...engine.reading.arguments import from_expression
    from ..opening import open_scenario
    from ..trace_command import print_trace

    scenario = from_expression(expression, named_values(values))
    if as_text or as_json:
        print_trace(scenario, as_json=as_json, digits=digits or 0)
    else:
        session = session_of(ctx)
        sys.exit(open_scenario(scenario, session, digits=digits or 0, plain=plain, spoken=spoken, **options))
