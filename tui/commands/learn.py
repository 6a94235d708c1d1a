"""`gradwalk learn`: a course, from lesson to lesson."""

from __future__ import annotations

import sys

import click

from .. import completing
from ..command_line import plain_options, session_of, theme_option

SECTION = "Study"


@click.command(
    short_help="Learn in short lessons that ask, and answer back.",
    epilog="COURSE is the path of a course file (`gradwalk schema course` describes one).",
)
@click.argument("course", required=False, default="", metavar="[COURSE]", shell_complete=completing.files)
@theme_option
@plain_options
@click.pass_context
def command(ctx: click.Context, course: str, theme: str, plain: bool, spoken: bool) -> None:
    """Learn backpropagation in short lessons: walk a graph, then answer; go on where you stopped.

    Without COURSE it is the course that is built in. What was answered is remembered at once.
    """
    from ..opening import open_course

    session = session_of(ctx)
    sys.exit(open_course(session.load_course(course), session, theme=theme, plain=plain, spoken=spoken))
