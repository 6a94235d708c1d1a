"""What commands share: who calls, options and arguments of several of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from ..engine.errors import GradwalkError
from . import completing

if TYPE_CHECKING:
    from .session import Session

SCENARIO_HELP = "SCENARIO is the name of a built-in scenario (see `gradwalk list`) or the path of a scenario file."


def plain_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options `plain` and `spoken`; a pipe and a dumb terminal are plain by themselves."""
    for option in (
        click.option(
            "--spoken", is_flag=True, envvar="GRADWALK_SPOKEN", help="Without a screen, with formulas in words."
        ),
        click.option(
            "--plain", is_flag=True, envvar="GRADWALK_PLAIN", help="Without a screen: plain questions and answers."
        ),
    ):
        command = option(command)
    return command


def theme_option(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option `theme`."""
    option = click.option(
        "--theme", default="", metavar="NAME", help="The theme, for this run only.", shell_complete=completing.themes
    )
    return option(command)


def opening_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say where a walk is opened, and what it looks like, or that nothing is drawn."""
    for option in (
        plain_options,
        click.option(
            "--level", default="", metavar="NAME", help="How much --predict asks: fading, last-factor, step, result.",
            shell_complete=completing.levels,
        ),
        click.option(
            "--predict", is_flag=True, flag_value="yes", default="", help="Ask for each step before it is shown."
        ),
        theme_option,
        click.option("--digits", type=click.IntRange(1, 17), default=None, help="Significant digits of all numbers."),
        click.option(
            "--arrays", "as_arrays", is_flag=True, flag_value="yes", default="",
            help="Walk whole arrays, where numbers were made as such.",
        ),
        click.option("--panel", default="", metavar="NAME", help="What stands beside the graph, such as paths."),
        click.option("--view", default="", metavar="NAME", help="What draws the graph, such as circuit."),
        click.option(
            "--step", default="", help="The step to begin at: a number, or a name such as s or ∂f/∂s; of a training,"
            " the epoch."
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def printing_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that have every step printed instead."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print JSON instead of opening the walk."),
        click.option("--trace", "as_text", is_flag=True, help="Print every step instead of opening the walk."),
    ):
        command = option(command)
    return command


def named_values(values: Sequence[str]) -> dict[str, str]:
    """Read arguments such as `x=2`; GradwalkError for what is none, or is given twice."""
    named: dict[str, str] = {}
    for value in values:
        name, equals, number = value.partition("=")
        if not equals:
            raise GradwalkError(f'"{value}" is not a value; write each as name=number, such as x=2')
        if name.strip() in named:
            raise GradwalkError(f"{name.strip()} is given twice")
        named[name.strip()] = number
    return named


def session_of(ctx: click.Context) -> Session:
    """Return the session of whoever called the command."""
    from .session import Session

    return Session.here(guest=ctx.find_root().obj)
