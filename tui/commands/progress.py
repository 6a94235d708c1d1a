"""`gradwalk progress`: what somebody has practised, and what to practise next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...engine.errors import GradwalkError
from ..command_line import session_of

if TYPE_CHECKING:
    from ..progress.progress import Progress

SECTION = "Study"


@click.command(short_help="Show what you have practised, and what to do next.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (`gradwalk schema progress` describes it).")
@click.option("--plain", is_flag=True, envvar="GRADWALK_PLAIN", help="Print sentences, without bars.")
@click.option("--export", "file", metavar="FILE", help='Write everything to a file as JSON, "-" for standard output.')
@click.option("--force", is_flag=True, help="With --export: replace the file if there is one.")
@click.option("--reset", is_flag=True, help="Forget everything that was practised; asks first.")
@click.option("--yes", is_flag=True, help="With --reset: do not ask.")
@click.pass_context
def command(
    ctx: click.Context, *, as_json: bool, plain: bool, file: str | None, force: bool, reset: bool, yes: bool
) -> None:
    """Show what you have practised: which skills are mastered, due or weak, and what to do next.

    A skill is mastered when it was right, without help, on three different days (those of your calendar), mixed with
    others. What was practised is kept in the folder for the state of your programs.
    """
    session = session_of(ctx)
    _refuse_options(json_and_reset=as_json and reset, yes=yes and not reset, force=force and file is None)
    if file is not None:
        session.need_files("--export")
    progress = session.progress
    standings = progress.skills()
    problem = progress.problem()
    if progress.has_failed:
        raise GradwalkError(problem)
    if problem:
        click.echo(f"gradwalk: {problem}", err=True)
    if file is not None:
        _export(progress, file, force=force, quiet=as_json)
    if reset:
        ctx.exit(_reset(progress, yes=yes))
    if as_json:
        _print_json(progress)
    elif file is None:
        _print(progress, plain=plain or (session.terminal.kind == "dumb" and bool(standings)))


def _refuse_options(*, json_and_reset: bool, yes: bool, force: bool) -> None:
    """Raise GradwalkError for options that say nothing together, or without another one."""
    if json_and_reset:
        raise GradwalkError("--json shows progress and --reset forgets it; use one of them")
    if yes:
        raise GradwalkError("--yes answers what --reset asks; without --reset nothing is asked")
    if force:
        raise GradwalkError("--force replaces the file of --export; without --export nothing is written")


def _print(progress: Progress, *, plain: bool) -> None:
    from ..output import writing
    from ..progress.report import report_lines
    from ..words.console import console, write
    from ..words.progress import marks_for

    out = console()
    with writing():
        write(report_lines(progress, marks_for(out.encoding), plain=plain), out)


def _print_json(progress: Progress, *, with_attempts: bool = False) -> None:
    from ...engine.export.progress_document import as_json
    from ..output import writing
    from ..progress.report import document

    with writing():
        click.echo(as_json(document(progress, with_attempts=with_attempts)))


def _export(progress: Progress, file: str, *, force: bool, quiet: bool) -> None:
    if file == "-":
        if quiet:
            raise GradwalkError('--export "-" and --json both print JSON; use one of them')
        _print_json(progress, with_attempts=True)
        return
    from pathlib import Path

    from ...engine.export.progress_document import as_json
    from ..progress.report import document
    from ..saving import replace_file, write_new

    path = Path(file)
    if path.exists() and not force:
        raise GradwalkError(f"{path} exists already; choose another name, or add --force to replace it")
    save = replace_file if path.exists() else write_new
    save(path, as_json(document(progress, with_attempts=True)).decode() + "\n")
    if not quiet:
        attempts = len(progress.noted)
        click.echo(f"{attempts:,} {'attempt' if attempts == 1 else 'attempts'} written to {file}")


def _reset(progress: Progress, *, yes: bool) -> int:
    import sys

    attempts, lessons = len(progress.noted), len(progress.lessons)
    if not (attempts or lessons or progress.places):
        click.echo("There is nothing to forget.")
        return 0
    what = f"{attempts:,} {'attempt' if attempts == 1 else 'attempts'} and {lessons:,} finished "
    what += "lesson" if lessons == 1 else "lessons"
    if not yes:
        if not sys.stdin.isatty():
            raise GradwalkError("--reset asks first, and there is no terminal to ask at; with --yes it does not ask")
        click.echo(f"{what} are kept in {progress.kept_at}.")
        if not click.confirm("Forget them all?"):
            click.echo("Nothing was forgotten.")
            return 1
    progress.reset()
    click.echo(f"{what} forgotten.")
    return 0
