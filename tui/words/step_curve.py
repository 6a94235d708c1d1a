"""What the V of the errors means, in sentences."""

from __future__ import annotations

from ...engine.checking.step_curve import StepCurve
from ...engine.language.step_key import derivative
from ...engine.rules.number_text import format_number
from .lines import Line, line


def curve_title(curve: StepCurve, output: str, key: str = "") -> list[Line]:
    """Say what the plot below shows; with a `key`, that it is that of the first input, and how to see the others."""
    gradient = derivative(output, curve.name)
    what = "relative error" if curve.is_relative else "error"
    lines = [line(("The V", "heading"), f" · {what} of a difference for {gradient}, by its step h")]
    return [*lines, _other_inputs(f"This is that of {curve.name}", key)] if key else lines


def no_curve_lines(name: str, key: str) -> list[Line]:
    """Say why there is no plot, and which key shows that of another input, if there is one."""
    lines = [line(f"For {name} there is no V: there is no derivative that a difference could be off from.")]
    return [*lines, _other_inputs("Select another input to see its own", key)] if key else lines


def _other_inputs(words: str, key: str) -> Line:
    return line((f"{words}; {key} selects the next input.", "label"))


def curve_lines(curve: StepCurve, digits: int = 0) -> list[Line]:
    """Explain the plot: where the error is least, and why it grows on both sides."""
    lines: list[Line] = []
    if curve.best is not None:
        step, error = curve.best
        best = f"off by {format_number(error, digits or 2)} at most" if error else "with no error at all"
        lines.append(
            line("Around h = ", (format_number(step, 2), "value"), f" the central difference is best: {best}.")
        )
    lines.append(
        line(
            "Towards a large h the function bends within the step: the error grows as h² for a central difference "
            "(slope 2), as h for a forward one (slope 1)."
        )
    )
    lines.append(
        line(
            "Towards a small h the two values have nearly all their digits in common, and what rounding leaves of the "
            "difference is divided by h: the error grows as 1/h (slope -1)."
        )
    )
    lines.append(
        line(("A complex step subtracts nothing. It has no V, and is what these errors are measured by.", "note"))
    )
    return lines
