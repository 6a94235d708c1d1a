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
) -> None:
    """Print every step of a scenario's walk, numbers with so many significant `digits`, 0 for as they are best read.

    `forward` is the input of a walk in forward mode. GradwalkError where there is no such notation or input, or it
    cannot be written.
    """
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
