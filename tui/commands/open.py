"""`gradwalk open`: the walk of a function that was written for NumPy, JAX or PyTorch."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from .. import completing
from ..command_line import named_values, opening_options, printing_options, session_of

SECTION = "Walk"


@click.command(
    short_help="Walk a function of yours for NumPy, JAX or PyTorch.",
    epilog="It runs the file. An argument that is not given is what the file defines by its name, or its default.",
)
@click.argument("function", metavar="FILE:FUNCTION", shell_complete=completing.files)
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@click.option(
    "--args", "arrays", type=click.Path(path_type=Path), metavar="DATA.npz", help="The arguments, by their names."
)
@click.option("--data", multiple=True, metavar="NAME", help="An argument that gets no gradient; may be given again.")
@printing_options
@opening_options
@click.pass_context
def command(
    ctx: click.Context,
    function: str,
    values: Sequence[str],
    arrays: Path | None,
    data: Sequence[str],
    digits: int | None,
    **options: Any,
) -> None:
    """Walk a function that is written for NumPy, JAX or PyTorch, such as: gradwalk open model.py:loss --args data.npz

    It returns one number, its loss. The arguments are arrays of floats, which carry a gradient unless --data names
    them; a value is a number or a list, such as x=2 or "x=[1, 2, 3]".
    """
    session = session_of(ctx)
    session.need_files("opening a function of your own")
    from ...engine.importing.files import arrays_in_file, function_in_file, number_or_array, users_errors
    from ...engine.importing.imported import imported
    from ..opening import open_or_print
    from ..words.imported import presented

    written = {name: number_or_array(name, text) for name, text in named_values(values).items()}
    given = {**(arrays_in_file(arrays) if arrays is not None else {}), **written}
    with contextlib.redirect_stdout(sys.stderr):  # what the user's code prints is no part of the walk
        found = function_in_file(function)
        found.check_names(written)
        with users_errors(found.path):
            walked = imported(found.function, *found.arguments(given), data=data)
    scenario = presented(walked, f"{found.path.name}:{found.name}")
    sys.exit(open_or_print(scenario, session, digits=digits or 0, **options))
