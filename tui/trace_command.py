"""Printing every step of a walk, without a screen."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import click

from ..engine.errors import GradwalkError
from .output import writing

if TYPE_CHECKING:
    from ..engine.scenario import Scenario


def print_trace(
    scenario: Scenario,
    *,
    as_json: bool = False,
    notation: str = "unicode",
    digits: int = 0,
    forward: str | None = None,
    as_arrays: bool = False,
) -> None:
    """Print every step of a scenario's walk, numbers with so many significant `digits`, 0 for as they are best read.

    `forward` is the input of a walk in forward mode; `as_arrays` walks whole arrays. GradwalkError where there is no
    such notation, input or array, or it cannot be written.
    """
    if as_arrays:
        _print_arrays(scenario, digits, others=as_json or forward is not None or notation != "unicode")
        return
    from ..engine.rules import printers
    from ..engine.walk.tangents import input_called
    from ..engine.walk.trace import Trace

    if notation not in printers.notations():
        raise GradwalkError(f'"{notation}" is no notation; there are {", ".join(printers.notations())}')
    gc.enable()
    written = printers.notation(notation)
    tangent_of = None if forward is None else input_called(scenario.graph, forward)
    walked = Trace(scenario.graph, scenario.notes, notation=written, tangent_of=tangent_of)
    if as_json:
        from ..engine.export.walk_document import encode

        with writing():
            click.echo(encode(scenario, walked, digits))
        return
    from .words.console import write
    from .words.walk import trace_lines

    with writing():
        write(trace_lines(scenario, walked, digits))


def _print_arrays(scenario: Scenario, digits: int, *, others: bool) -> None:
    from ..engine.lens.walk import ArrayWalk
    from ..engine.walk.trace import Trace
    from .walk.arrays.text import trace_text
    from .words.arrays import NO_ARRAYS
    from .words.console import write

    if others:
        raise GradwalkError("arrays are printed as text, in reverse mode and as on the screen: leave the other options")
    if not scenario.graph.arrays:
        raise GradwalkError(f"--arrays: {NO_ARRAYS[0].lower()}{NO_ARRAYS[1:]}")
    gc.enable()
    walk = ArrayWalk(Trace(scenario.graph, scenario.notes))
    with writing():
        write(trace_text(walk, scenario, digits))
