"""`gradwalk list`: the built-in scenarios."""

from __future__ import annotations

import click

from ..output import writing

SECTION = "Look up"


@click.command()
def command() -> None:
    """List the built-in scenarios."""
    from ...engine.library import library
    from ..words.console import console, write
    from ..words.lines import labelled, line

    out = console()
    with writing():
        for scenario in library():
            title = labelled((scenario.name, "name"), 12, scenario.title)
            write([title, line(" " * 12, (scenario.summary, "label"))], out)
