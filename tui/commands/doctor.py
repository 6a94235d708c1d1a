"""`gradwalk doctor`: what is installed and at which terminal, for who looks for a fault or reports one."""

from __future__ import annotations

import click

from ..command_line import session_of
from ..output import writing

SECTION = "Look up"

_LABEL = 20
"""The width of the labels."""


@click.command(short_help="Check the installation and the terminal, for a bug report.")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Print versions, terminal, colours, clipboard, locale and files, and what is wrong with them.

    The exit status is 1 where something is wrong. Nothing is written and nothing is sent.
    """
    import os
    import sys

    from ..doctor import installed, remembered, surroundings
    from ..words import doctor as words
    from ..words.console import console, write
    from ..words.lines import Line, labelled, line

    session = session_of(ctx)
    parts = [
        installed.program(show_paths=session.may_use_files),
        installed.libraries(),
        surroundings.terminal(session, os.environ, surroundings.size_here()),
        surroundings.language(os.environ, sys.stdout.encoding),
        *([remembered.files()] if session.may_use_files else []),
    ]
    lines: list[Line] = []
    for part in parts:
        lines.append(line((part.title, "heading")))
        lines += [labelled(f"  {label}", _LABEL, fact) for label, fact in part.facts.items()]
        lines.append(line())
    problems = [problem for part in parts for problem in part.problems]
    lines += [line(("✗ ", "undefined"), problem) for problem in problems] or [line(words.ALL_IS_WELL)]
    lines += [line((words.FOR_A_REPORT, "label"))]
    with writing():
        write(lines, console())
    ctx.exit(1 if problems else 0)
