"""`gradwalk export`: a walk as a handout, or as a worksheet with its answers."""

from __future__ import annotations

from pathlib import Path

import click

from .. import completing
from ..command_line import SCENARIO_HELP, session_of
from ..output import writing

SECTION = "Teach"


@click.command(epilog=SCENARIO_HELP)
@click.argument("scenario", shell_complete=completing.scenarios)
@click.option("--format", "name", default="md", show_default=True, help="md (Markdown), tex (LaTeX) or html.")
@click.option("--worksheet", is_flag=True, help="With blanks to fill in, and the answers on a page of their own.")
@click.option(
    "--notation",
    shell_complete=completing.notations,
    help="How formulas are written in Markdown: unicode, text or latex.",
)
@click.option("--digits", type=click.IntRange(1, 17), help="Significant digits of numbers; without it, for reading.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write to this file, which must not exist yet.")
@click.pass_context
def command(
    ctx: click.Context,
    scenario: str,
    name: str,
    worksheet: bool,
    notation: str | None,
    digits: int | None,
    output: Path | None,
) -> None:
    """Write a walk as a handout or as a worksheet."""
    from ..handout.writing import written

    session = session_of(ctx)
    if output is not None:
        session.need_files("--output")
    text = written(session.load(scenario), name, notation, worksheet=worksheet, digits=digits or 0)
    if output is None:
        with writing():
            click.echo(text, nl=False)
        return
    from ..saving import write_new

    write_new(output, text)
    click.echo(f"written to {output}", err=True)
