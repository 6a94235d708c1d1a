"""The command line. What a command needs is imported inside it, so that each starts as fast as it can."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..engine.errors import GradwalkError, did_you_mean, quoted
from .output import writing

if TYPE_CHECKING:
    from .session import Session

SCENARIO_HELP = "SCENARIO is the name of a built-in scenario (see `gradwalk list`) or the path of a scenario file."

_OPENING = ("--step", "--view", "--panel", "--digits", "--theme")
"""The options that say how a screen is opened."""


def opening_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say where a walk is opened, and what it looks like."""
    for option in (
        click.option("--theme", default="", metavar="NAME", help="The theme, for this run only."),
        click.option("--digits", type=click.IntRange(1, 17), default=None, help="Significant digits of all numbers."),
        click.option("--panel", default="", metavar="NAME", help="What stands beside the graph, such as paths."),
        click.option("--view", default="", metavar="NAME", help="What draws the graph, such as circuit."),
        click.option(
            "--step", default="", help="The step to begin at: a number, or a name such as s or ∂f/∂s; of a training,"
            " the epoch."
        ),
    ):  # fmt: skip
        command = option(command)
    return command


class _ScenarioGroup(click.Group):
    """Commands, of which `walk` may be left out; gradwalk's errors become one message and exit status 2."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take options that say how a screen is opened as those of a walk, wherever they stand."""
        own = next((place for place, word in enumerate(args) if word != "--guest"), len(args))
        if args[own:] and args[own].partition("=")[0] in _OPENING:
            args = [*args[:own], "walk", *args[own:]]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take a first word that is no command as the scenario to walk."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            self._refuse_a_misspelt_command(args)
            args = ["walk", *args]
        return super().resolve_command(ctx, args)

    def _refuse_a_misspelt_command(self, args: Sequence[str]) -> None:
        """Raise GradwalkError where the first of some words is no scenario but nearly a command."""
        from ..engine.library import built_in_names

        word = args[0]
        known = built_in_names()
        several = len(args) > 1 and not args[1].startswith("-")
        if several and word not in known and not Path(word).exists() and not word.endswith(".toml"):
            hint = did_you_mean(word, [*self.commands, *known], f"the commands are {', '.join(self.commands)}")
            raise GradwalkError(f"there is no command {quoted(word)}; {hint}")
        hint = did_you_mean(word, self.commands)
        if hint and not Path(word).exists() and word not in known and not did_you_mean(word, known):
            raise GradwalkError(f"there is no scenario and no command {quoted(word)}; {hint}")

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a "?" for a character that the output cannot hold
        gc.disable()  # loading modules makes many objects and no garbage; the app enables it after its first paint
        try:
            return super().invoke(ctx)
        except GradwalkError as error:
            click.echo(f"gradwalk: {error}", err=True)
            ctx.exit(2)
        except click.MissingParameter:
            raise
        except click.BadParameter as error:
            click.echo(f"gradwalk: {error.format_message()}", err=True)
            ctx.exit(2)
        except OSError as error:
            click.echo(f"gradwalk: the system says: {error.strerror or error}", err=True)
            ctx.exit(2)


@click.group(cls=_ScenarioGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gradwalk", message="gradwalk %(version)s")
@click.option(
    "--guest",
    is_flag=True,
    envvar="GRADWALK_GUEST",
    help="For people who share an account over ssh: no files are read or written, and nothing is remembered.",
)
@click.pass_context
def main(ctx: click.Context, guest: bool) -> None:
    """Walk a computational graph forward and backward, one chain-rule factor at a time.

    `gradwalk` alone opens the library of scenarios; `gradwalk SCENARIO` walks one.
    """
    ctx.obj = guest
    if ctx.invoked_subcommand is None:
        from .opening import open_places

        sys.exit(open_places((), _session(ctx)))


@main.command(epilog=f"{SCENARIO_HELP} A folder, or several scenarios, open as a library of their own.")
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@opening_options
@click.pass_context
def walk(ctx: click.Context, scenarios: Sequence[str], digits: int | None, **options: str) -> None:
    """Walk a scenario on the screen, or choose from a folder of them (`walk` may be left out)."""
    from .opening import open_places

    sys.exit(open_places(scenarios, _session(ctx), digits=digits or 0, **options))


@main.command("list")
def list_scenarios() -> None:
    """List the built-in scenarios."""
    from ..engine.library import library
    from .words.console import console, write
    from .words.lines import labelled, line

    out = console()
    with writing():
        for scenario in library():
            title = labelled((scenario.name, "name"), 12, scenario.title)
            write([title, line(" " * 12, (scenario.summary, "label"))], out)


@main.command(epilog=SCENARIO_HELP)
@click.argument("scenario")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (`gradwalk schema trace` describes it).")
@click.option(
    "--notation", default="unicode", show_default=True, help="How formulas are written: unicode, latex, spoken or text."
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
@click.pass_context
def trace(
    ctx: click.Context,
    scenario: str,
    as_json: bool,
    notation: str,
    digits: int | None,
    forward: str | None,
    by: Sequence[str],
) -> None:
    """Print every step of a walk."""
    from .trace_command import print_trace

    loaded = _session(ctx).load(scenario)
    if by:
        from .walk.derivative import differentiated

        loaded = differentiated(loaded, by)
    print_trace(loaded, as_json=as_json, notation=notation, digits=digits or 0, forward=forward)


@main.command(epilog=SCENARIO_HELP)
@click.argument("scenario")
@click.option("--epochs", type=click.IntRange(1, 1_000_000), help="How many epochs, instead of the scenario's number.")
@click.option("--json", "as_json", is_flag=True, help="Print the history as JSON.")
@click.option("--csv", "csv_path", type=click.Path(dir_okay=False), help="Write the history to this file.")
@click.pass_context
def train(ctx: click.Context, scenario: str, epochs: int | None, as_json: bool, csv_path: str | None) -> None:
    """Train a scenario and print its loss curve and what it found; the exit status is 1 where it diverges."""
    from .train_command import run

    session = _session(ctx)
    if csv_path is not None:
        session.need_files("--csv")
    gc.enable()
    ctx.exit(run(session.load(scenario), epochs=epochs, as_json=as_json, csv_path=csv_path))


@main.command(epilog="FILE is a scenario file, a folder of them, or the name of a built-in scenario.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--epoch", type=click.IntRange(0, 1_000_000), help="Check trainings after so many epochs.")
@click.option("--most", type=click.IntRange(1, 1_000_000), help="Check at most so many gradients of a file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (`gradwalk schema check` describes it).")
@click.pass_context
def check(ctx: click.Context, files: Sequence[str], epoch: int | None, most: int | None, as_json: bool) -> None:
    """Check scenario files, without a screen: that they can be read, their gradients, and the answers they state.

    Each gradient is compared with a complex step and with a difference. The exit status is 1 where something differs,
    2 where a file is wrong.
    """
    from .check_command import run

    gc.enable()
    ctx.exit(run(files, _session(ctx), as_json=as_json, epoch=epoch, most=most))


@main.command("try", context_settings={"ignore_unknown_options": True})
@click.argument("expression")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--trace", "as_text", is_flag=True, help="Print every step instead of opening the walk.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of opening the walk.")
@opening_options
@click.pass_context
def try_expression(
    ctx: click.Context,
    expression: str,
    values: Sequence[str],
    as_text: bool,
    as_json: bool,
    digits: int | None,
    **options: str,
) -> None:
    """Walk an expression, such as: gradwalk try "x*y + sin(x)" x=2 y=5"""
    from ..engine.reading.arguments import from_expression
    from .opening import open_scenario
    from .trace_command import print_trace

    scenario = from_expression(expression, _named(values))
    if as_text or as_json:
        print_trace(scenario, as_json=as_json, digits=digits or 0)
    else:
        instead = "with --trace every step is printed as text"
        sys.exit(open_scenario(scenario, _session(ctx), digits=digits or 0, instead=instead, **options))


@main.command()
@click.argument("what", type=click.Choice(["scenario", "trace", "history", "check"]))
def schema(what: str) -> None:
    """Print the JSON Schema of scenario files, or of what `trace`, `train` or `check` prints with --json."""
    import json

    from ..engine.export import check_document, history_document, walk_document
    from ..engine.reading import schema

    documents = {"scenario": schema, "trace": walk_document, "history": history_document, "check": check_document}
    document = documents[what].schema()
    with writing():
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _named(values: Sequence[str]) -> dict[str, str]:
    named: dict[str, str] = {}
    for value in values:
        name, equals, number = value.partition("=")
        if not equals:
            raise GradwalkError(f'"{value}" is not a value; write each as name=number, such as x=2')
        if name.strip() in named:
            raise GradwalkError(f"{name.strip()} is given twice")
        named[name.strip()] = number
    return named


def _session(ctx: click.Context) -> Session:
    from .session import Session

    return Session.here(guest=ctx.find_root().obj)
