"""The command line: which command is meant, and how an error ends it. What a command needs is loaded with it."""

from __future__ import annotations

import gc
import importlib
import io
import os
import pkgutil
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click

from ..engine.errors import GradwalkError, did_you_mean, quoted
from . import commands
from .command_line import session_of

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_OPENING = ("--step", "--view", "--panel", "--digits", "--theme", "--predict", "--level", "--plain", "--spoken")
"""The options that say how a screen is opened."""

_FLAGS = ("--plain", "--spoken")
"""Those of them that other commands have too, and that take no value."""


class _Gradwalk(click.Group):
    """The commands of `commands/`, of which `walk` may be left out; an error becomes one message and status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands."""
        return list(_command_names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        return _module(cmd_name).command if cmd_name in _command_names() else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, those of one section together."""
        modules = {name: _module(name) for name in _command_names()}
        width = formatter.width - 6 - max(map(len, modules))
        for section in commands.SECTIONS:
            of_it = [(name, each.command) for name, each in modules.items() if section == each.SECTION]
            if of_it:
                with formatter.section(section):
                    formatter.write_dl([(name, command.get_short_help_str(width)) for name, command in of_it])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take options that say how a screen is opened as those of a walk, wherever they stand."""
        own = next((place for place, word in enumerate(args) if word != "--guest"), len(args))
        if args[own:] and args[own].partition("=")[0] in _OPENING:
            first = next((place for place in range(own, len(args)) if args[place] not in _FLAGS), len(args))
            if args[first:] and args[first] in _command_names():
                args = [*args[:own], args[first], *args[own:first], *args[first + 1 :]]  # --plain learn
            else:
                args = [*args[:own], "walk", *args[own:]]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer commands, and the scenarios to walk."""
        from .completing import scenarios

        found = scenarios(ctx, None, incomplete) if incomplete[:1] != "-" else []
        return [*found, *super().shell_complete(ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take a first word that is no command as the scenario to walk."""
        if args and not args[0].startswith("-") and args[0] not in _command_names():
            if not ctx.resilient_parsing:  # a shell that asks what could come next wants no refusal
                _refuse_a_misspelt_command(args)
            args = ["walk", *args]
        return super().resolve_command(ctx, args)

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


def _refuse_a_misspelt_command(args: Sequence[str]) -> None:
    """Raise GradwalkError where the first of some words is no scenario but nearly a command."""
    from ..engine.library import built_in_names

    word = args[0]
    known, names = built_in_names(), _command_names()
    several = len(args) > 1 and not args[1].startswith("-")
    if several and word not in known and not Path(word).exists() and not word.endswith(".toml"):
        hint = did_you_mean(word, [*names, *known], f"the commands are {', '.join(names)}")
        raise GradwalkError(f"there is no command {quoted(word)}; {hint}")
    hint = did_you_mean(word, names)
    if hint and not Path(word).exists() and word not in known and not did_you_mean(word, known):
        raise GradwalkError(f"there is no scenario and no command {quoted(word)}; {hint}")


@cache
def _command_names() -> tuple[str, ...]:
    """Name the modules of `commands/`."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(commands.__path__)))


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"{commands.__name__}.{command}")


@click.group(cls=_Gradwalk, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
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
        from .opening import asked_over_ssh, open_places

        session = session_of(ctx)
        sys.exit(open_places(asked_over_ssh(session, os.environ), session))
