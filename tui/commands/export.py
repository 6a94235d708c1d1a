"""`gradwalk export`: a walk as a page for a browser, a handout or worksheet, a picture of a step, a recording."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import completing
from ..command_line import SCENARIO_HELP, session_of
from ..output import writing

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ...engine.scenario import Scenario

SECTION = "Teach"

_FORMATS = """\
md (Markdown), tex (LaTeX) or handout (HTML), to be read and printed; html, a page that walks, in one file, for a \
browser or a course's site; svg, the picture of a step; cast, a recording of the walk for asciinema. Without it, what \
the ending of --output says, else md."""


_SEEN = ("step", "view", "panel", "theme", "size")
_OPTIONS_OF = {"html": (), "svg": _SEEN, "cast": (*_SEEN, "seconds")}
"""What may be said of the formats that are no handouts, besides the digits; of handouts, all that is left."""


def _offered(ctx: click.Context, parameter: click.Parameter | None, incomplete: str) -> list[CompletionItem[str]]:
    return completing.beginning(incomplete, _known())


def _known() -> list[str]:
    from ..handout.formats import formats

    return sorted([*formats(), *_OPTIONS_OF])


@click.command(epilog=SCENARIO_HELP)
@click.argument("scenario", shell_complete=completing.scenarios)
@click.option("--format", "name", default="", shell_complete=_offered, help=_FORMATS)
@click.option("--worksheet", is_flag=True, help="With blanks to fill in, and the answers on a page of their own.")
@click.option(
    "--notation",
    shell_complete=completing.notations,
    help="How formulas are written in Markdown: unicode, text or latex.",
)
@click.option("--digits", type=click.IntRange(1, 17), help="Significant digits of numbers; without it, for reading.")
@click.option("--step", default="", help="svg, cast: the step to show, or to begin with, by its number or its name.")
@click.option("--view", default="", help="svg, cast: tree or circuit.")
@click.option("--panel", default="", help="svg, cast: what is beside the graph, as in gradwalk SCENARIO --panel.")
@click.option("--theme", default="", shell_complete=completing.themes, help="svg, cast: the colours.")
@click.option(
    "--size", default="", metavar="COLUMNSxROWS", help="svg, cast: the size of the window; 100x30 without it."
)
@click.option("--seconds", type=click.FloatRange(0.05, 60), help="cast: how long each step is shown; 1 without it.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write to this file, which must not exist yet.")
@click.pass_context
def command(
    ctx: click.Context, scenario: str, name: str, output: Path | None, digits: int | None, **options: Any
) -> None:
    """Write a walk as a page for a browser, as a handout or worksheet, a picture or a recording."""
    session = session_of(ctx)
    if output is not None:
        session.need_files("--output")
    text = _written(session.load(scenario), name or _format_of(output), digits or 0, options)
    if output is None:
        with writing():
            click.echo(text, nl=False)
        return
    from ..saving import write_new

    write_new(output, text)
    click.echo(f"written to {output}", err=True)


_INSTEAD = {
    "worksheet": "write --format handout, md or tex for paper",
    "notation": "write --format md for another notation",
    "seconds": "it is for cast",
}
"""Where an option says something; any other one is for svg and cast."""


def _format_of(output: Path | None) -> str:
    """Return the format that the ending of a file says, where none was named: `html` of fabc.html."""
    ending = "" if output is None else output.suffix.removeprefix(".")
    return ending if ending in ("html", "svg", "cast", "tex") else "md"


def _written(scenario: Scenario, name: str, digits: int, options: Mapping[str, Any]) -> str:
    """Write a scenario in a format; GradwalkError where that is none, or has no such notation, blanks or step."""
    from ...engine.errors import GradwalkError
    from ..handout.writing import unknown_format, written

    if name not in _known():
        raise unknown_format(name, _known())
    given = {option: value for option, value in options.items() if value}
    for option in given:
        if option not in _OPTIONS_OF.get(name, ("worksheet", "notation")):
            instead = _INSTEAD.get(option, "it is for svg and cast")
            raise GradwalkError(f"--{option} says nothing of --format {name}; {instead}")
    match name:
        case "html":
            return _page(scenario, digits=digits)
        case "svg" | "cast":
            return _seen(scenario, name, digits=digits, **given)
        case _:
            return written(scenario, name, digits=digits, **given)


def _page(scenario: Scenario, *, digits: int) -> str:
    from ..pocket.page import page

    return page(scenario, digits=digits)


def _seen(scenario: Scenario, name: str, *, digits: int, seconds: float = 1.0, **given: str) -> str:
    from ..pictures.cast import recording
    from ..pictures.staged import Look, size_of
    from ..pictures.svg import picture
    from ..start import Start, theme_named

    start = Start(given.get("step", "").strip(), given.get("view", ""), given.get("panel", ""), digits)
    start.check()
    size = size_of(given["size"]) if "size" in given else Look.size
    look = Look(size, start, theme_named(given.get("theme", Look.theme)))
    return picture(scenario, look) if name == "svg" else recording(scenario, look, seconds)
