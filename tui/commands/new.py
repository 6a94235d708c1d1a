"""`gradwalk new`: a commented starting point of a file of somebody's own."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from ...engine.errors import GradwalkError, quoted
from ..command_line import session_of
from ..output import writing

SECTION = "Teach"


@click.command(short_help="Write a scenario, a training or a course to begin with.")
@click.argument("file")
@click.option("--training", is_flag=True, help="A training: samples, a model and a loss.")
@click.option("--course", is_flag=True, help="A course: lessons in an order.")
@click.option("--force", is_flag=True, help="Replace the file if there is one.")
@click.pass_context
def command(ctx: click.Context, file: str, *, training: bool, course: bool, force: bool) -> None:
    """Write a file to begin with: a scenario that can be walked at once, with comments that explain each part.

    FILE ends in .toml, which may be left out.
    """
    from ...engine.templates import Template
    from ..saving import replace_file, write_new

    session_of(ctx).need_files("a file of your own")
    if training and course:
        raise GradwalkError("a file is a training or a course, not both")
    template = Template.TRAINING if training else Template.COURSE if course else Template.SCENARIO
    path = _path(file)
    if path.exists() and not force:
        raise GradwalkError(f"{path} exists already; choose another name, or add --force to replace it")
    if path.exists():
        replace_file(path, template.text())
    else:
        write_new(path, template.text())
    with writing():
        click.echo(f"{path} is a {template} that works as it is; its comments say how to change it.")
        for what, how in _NEXT[template]:
            click.echo(f"  gradwalk {how}{shlex.quote(_argument(path))}".ljust(40) + f"  {what}")


_NEXT = {
    "scenario": (("walk it", ""), ("check its gradients and answers", "check ")),
    "training": (("train it", ""), ("check its gradients", "check ")),
    "course": (("learn it", "learn "), ("check its lessons", "check ")),
}
"""What can be done with each kind of file, and the beginning of the command."""


def _path(file: str) -> Path:
    """Return where the file is written; GradwalkError where none can be."""
    path = Path(file if Path(file).suffix else f"{file}.toml")
    if folder := next((place for place in (Path(file), path) if file.strip() and place.is_dir()), None):
        raise GradwalkError(f"{folder} is a folder; name a file in it, such as {folder / 'lesson.toml'}")
    if not file.strip() or path.suffix != ".toml":
        raise GradwalkError(f"{quoted(file)} is no name for it; the file ends in .toml, such as lesson.toml")
    if not path.parent.is_dir():
        raise GradwalkError(f"there is no folder {quoted(str(path.parent))}; make it first, or name another one")
    return path


def _argument(path: Path) -> str:
    """Return the path as an argument that is no option."""
    return f"./{path}" if str(path).startswith("-") else str(path)
