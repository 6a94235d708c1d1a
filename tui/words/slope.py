"""What the panel of a slope says beside its curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...engine.editing.curve import Kink
from ...engine.errors import listing
from ...engine.language.step_key import derivative
from ...engine.rules.number_text import format_number
from ...engine.walk.trace import Trace
from .lines import Line, line

NO_INPUT = "This walk has no input, so there is nothing to slide."


def slope_lines(trace: Trace, node: int, kinks: Sequence[Kink], digits: int = 0) -> list[Line]:
    """Say the value and the gradient where an input stands, and where there is no one slope."""
    graph = trace.graph
    name, output = graph.label(node), graph.label(graph.output)
    at = f"{name} = {format_number(float(trace.values[node]), digits)}"
    slope = derivative(output, name)
    if trace.undefined_values[graph.output]:
        return [line((f"{output} is undefined at {at}, so it has no slope there", "undefined"))]
    value = format_number(float(trace.values[graph.output]), digits)
    gradient = float(trace.backward.gradients[node])
    lines = [line((output, "name"), f" = {value} at {at}")]
    if not np.isfinite(gradient):
        return [*lines, line((f"{slope} is undefined there: the curve has no finite slope", "undefined"))]
    lines.append(
        line((f"{slope} = {format_number(gradient, digits)}", "contribution"), ("  the slope of ···", "label"))
    )
    if kinks:
        jumps = [kink.label for kink in kinks if kink.is_jump]
        corners = [kink.label for kink in kinks if not kink.is_jump]
        said = [f"{listing(names)} {verb}" for names, verb in ((corners, "has a corner"), (jumps, "jumps")) if names]
        lines.append(line((f"⚠ {' and '.join(said)} here: the slopes left and right may differ", "undefined")))
    return lines


def gap_words(name: str, output: str) -> str:
    """Say why the curve has gaps."""
    return f"{output} has no value where the curve has a gap"


def other_input_words(name: str) -> str:
    """Say how to slide another input."""
    return f"select another input than {name} to slide that"
