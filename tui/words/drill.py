"""What a drill says: the function of an exercise, the numbers that are told with it, and what came of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...engine.rules.closed_form_formula import closed_formula
from ...engine.rules.number_text import format_number
from ...engine.study.attempt import Outcome
from .exact import exact_words
from .lines import Line, line

if TYPE_CHECKING:
    from ...engine.study.drill import Exercise
    from ...engine.study.drill_round import DrillRound

_SPACE = "     "
"""Stands between numbers on one line."""


def round_words(round_: DrillRound) -> str:
    """Say where a round is, and what came of it so far: `exercise 3 of 10 · 1 right · 1 helped`."""
    tally = round_.tally
    counts = [(tally.count(outcome), outcome) for outcome in (Outcome.RIGHT, Outcome.HELPED, Outcome.WRONG)]
    parts = [
        f"exercise {round_.number} of {round_.drill.count}",
        *(f"{count} {name}" for count, name in counts if count),
    ]
    return " · ".join(parts)


def exercise_lines(exercise: Exercise) -> list[Line]:
    """Say what an exercise is about: the function, where it is looked at, and the numbers that are told."""
    graph, notation, closed = exercise.trace.graph, exercise.trace.numbers.notation, exercise.trace.numbers.closed
    inputs: list[tuple[str, str]] = []
    for name in exercise.definition.inputs:
        form = closed.value(graph.find(name))
        assert form is not None, "the inputs of a fair function have a closed form"
        inputs += [(_SPACE, ""), (name, "name"), (f"{notation.equals}{notation.formula(closed_formula(form))}", "")]
    lines = [line(("at", "label"), " ", *inputs[1:])]
    for name in exercise.definition.nodes:
        lines.append(line("   ", (name, "name"), f"{notation.equals}{graph.expression(graph.find(name))}"))
    if not exercise.given:
        return lines
    told: list[tuple[str, str]] = []
    for given in exercise.given:
        number = format_number(given.number) + exact_words(given.exact, notation)
        style = "contribution" if given.is_so_far else "upstream" if given.name.startswith("∂") else "value"
        so_far = " so far" if given.is_so_far else ""
        told += [(_SPACE, ""), (f"{given.name}{so_far}{notation.equals}{number}", style)]
    return [*lines, line(("known", "label"), " ", *told[1:])]
