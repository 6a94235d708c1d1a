"""`gradwalk export`: a walk as a page to take it in a browser, as a handout, or as a worksheet with its answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import completing
from ..command_line import SCENARIO_HELP, session_of
from ..output import writing

if TYPE_CHECKING:
    from ...engine.scenario import Scenario

SECTION = "Teach"

_FORMATS = """\
md (Markdown), tex (LaTeX) or handout (HTML), to be read and printed; html, a page that walks, in one file, for a \
browser or a course's site."""


@click.command(epilog=SCENARIO_HELP)
@click.argument("scenario", shell_complete=completing.scenarios)
@click.option("--format", "name", default="md", show_default=True, help=_FORMATS)
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
    """Write a walk as a page for a browser, as a handout or as a worksheet."""
    session = session_of(ctx)
    if output is not None:
        session.need_files("--output")
    text = _written(session.load(scenario), name, notation, worksheet=worksheet, digits=digits or 0)
    if output is None:
        with writing():
            click.echo(text, nl=False)
        return
    from ..saving import write_new

    write_new(output, text)
    click.echo(f"written to {output}", err=True)


def _written(scenario: Scenario, name: str, notation: str | None, *, worksheet: bool, digits: int) -> str:
    """Write a scenario in a format; GradwalkError where that is none, or has no such notation or blanks."""
    from ..handout.formats import formats
    from ..handout.writing import unknown_format, written

    if name == "html":
        return _page(scenario, notation, worksheet=worksheet, digits=digits)
    if name not in formats():
        raise unknown_format(name, sorted([*formats(), "html"]))
    return written(scenario, name, notation, worksheet=worksheet, digits=digits)


def _page(scenario: Scenario, notation: str | None, *, worksheet: bool, digits: int) -> str:
    from ...engine.errors import GradwalkError
    from ..pocket.page import page

    if worksheet:
        raise GradwalkError("a page that walks has no blanks; write --format handout --worksheet for paper")
    if notation not in (None, "unicode"):
        raise GradwalkError("formulas in html are as on the screen; write --format md for another notation")
    return page(scenario, digits=digits)
