"""What a drill says: the function of an exercise, the numbers that are told with it, and what came of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...engine.rules.closed_form_formula import closed_formula
from ...engine.rules.number_text import format_number
from ...engine.study.attempt import Outcome
from ...engine.study.skills import skill_words
from .exact import exact_words
from .lines import Line, labelled, line

if TYPE_CHECKING:
    from ...engine.study.drill import Exercise
    from ...engine.study.drill_round import DrillRound

_SPACE = "     "
"""Stands between numbers on one line."""

_INDENT = "        "
_WORDS = 13
"""Cells of what came of an exercise."""

_OUTCOMES = {
    Outcome.RIGHT: ("✓", "right", "value"),
    Outcome.HELPED: ("✓", "with help", "local"),
    Outcome.WRONG: ("✗", "shown", "undefined"),
    Outcome.SKIPPED: ("–", "skipped", "label"),
}
"""The sign of an outcome, what it is called here, and its style."""


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
    lines: list[Line] = []
    for name in exercise.definition.nodes:
        lines.append(line(_INDENT, (name, "name"), f"{notation.equals}{graph.expression(graph.find(name))}"))
    inputs: list[tuple[str, str]] = []
    for name in exercise.definition.inputs:
        form = closed.value(graph.find(name))
        assert form is not None, "the inputs of a fair function have a closed form"
        inputs += [(_SPACE, ""), (name, "name"), (f"{notation.equals}{notation.formula(closed_formula(form))}", "")]
    lines += [Line(), labelled("at", len(_INDENT), *inputs[1:])]
    told: list[tuple[str, str]] = []
    for given in exercise.given:
        number = format_number(given.number) + exact_words(given.exact, notation)
        style = "contribution" if given.is_so_far else "upstream" if given.name.startswith("∂") else "value"
        so_far = " so far" if given.is_so_far else ""
        told += [(_SPACE, ""), (f"{given.name}{so_far}{notation.equals}{number}", style)]
    return [*lines, labelled("known", len(_INDENT), *told[1:])] if told else lines


def over_lines(round_: DrillRound) -> list[Line]:
    """Say what came of a round: each exercise, how many were right, and what to practise."""
    tally = round_.tally
    done = len(tally.attempts)
    lines = [line((f"This round: {done} exercise{'s' * (done != 1)}", "heading")), Line()]
    for attempt in tally.attempts:
        sign, words, style = _OUTCOMES[attempt.outcome]
        task = attempt.task
        answer = f"{task.ask}{' = ' if task.solution else ''}{task.solution}"
        lines.append(labelled((f"{sign} {words}", style), _WORDS, f"{skill_words(task.skills[0])}: {answer}"))
    counts = [f"{count} {_OUTCOMES[outcome][1]}" for outcome in _OUTCOMES if (count := tally.count(outcome))]
    lines += [Line(), line(", ".join(counts) + ".")]
    if tally.to_practise:
        lines.append(line("To practise: ", (", ".join(map(skill_words, tally.to_practise)), "local")))
    elif done and tally.count(Outcome.RIGHT) == done:
        lines.append(line(("All of them right at once.", "value")))
    return lines
