"""What a drill and a hunt say without a screen: an exercise in two lines, a step of a wrong backward pass in one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...engine.graph.graph import Leaf
from .drill import exercise_lines
from .hunt import product_words, sum_words
from .lines import Line, line
from .plain_parts import series
from .plain_study import tally_sentences
from .walk import number

if TYPE_CHECKING:
    from ...engine.study.drill import Exercise
    from ...engine.study.drill_round import DrillRound
    from ...engine.study.hunt import Hunt
    from ...engine.study.hunt_planting import WrongPass
    from ...engine.study.hunt_rows import HuntRow

_GAP = re.compile(r"\s{2,}")

ABOUT_DRILL = "A round of {exercises}, drawn at random, each about a small function; what it needs is given."
AFTER_ROUND = "Enter begins another round; quit ends the program."

ABOUT_HUNT = "This backward pass holds one mistake, and the steps after it go on with that. The values are right."
AFTER_HUNT = "Enter begins another hunt; walk opens the right walk at this step; quit ends the program."


def exercise_sentences(exercise: Exercise) -> list[Line]:
    """Say the function of an exercise, where it is looked at, and the numbers that are told with it."""
    functions: list[str] = []
    where = known = ""
    for each in exercise_lines(exercise):
        label, text = each.label[0].strip(), _listed("".join(part for part, _ in each.pieces))
        if label == "at":
            where = f", at {text}"
        elif label == "known":
            known = text
        elif text:
            functions.append(f"{label} {text}".strip())
    lines = [line(f"{'; '.join(functions)}{where}.")] if functions or where else []
    return [*lines, line(f"Known: {known}.")] if known else lines


def round_sentences(round_: DrillRound) -> list[Line]:
    """Say what came of a round."""
    return [*(tally_sentences(round_.tally) or [line("This round has ended.")]), line(AFTER_ROUND)]


def hunt_sentences(of: WrongPass) -> list[Line]:
    """Say what a hunt shows: the values, and the steps back, a line each."""
    return [line(ABOUT_HUNT), hunt_values_sentence(of), *(hunt_step_sentence(row) for row in of.rows)]


def hunt_values_sentence(of: WrongPass) -> Line:
    """Say the operations and the values of the forward pass."""
    graph = of.trace.graph
    said: list[str] = []
    for node in range(len(graph)):
        if graph.codes[node] == Leaf.CONSTANT and node not in graph.names:
            continue
        expression = f" = {graph.expression(node)}" if graph.op(node) else ""
        said.append(f"{graph.label(node)}{expression} = {number(of.trace.values.item(node))}")
    return line(f"The values: {series(said, len(said))}.")


def hunt_step_sentence(row: HuntRow) -> Line:
    """Say a step with the numbers that stand in it."""
    return line(
        f"Step {row.step}: {row.gradient_name} += {row.upstream_name} · {row.local_name}, "
        f"that is {product_words(row)}; so {row.gradient_name} = {sum_words(row)}."
    )


def choice_sentences(of: WrongPass) -> list[Line]:
    """Say the mistakes to choose from, a line each."""
    return [line(f"{place}. {choice.title}.") for place, choice in enumerate(of.choices, 1)]


def hunt_over_sentences(hunt: Hunt) -> list[Line]:
    """Say how the wrong step should be, and what comes now."""
    right = hunt_step_sentence(hunt.of.right_row(hunt.of.wrong)).plain
    return [line(f"This is how it should be. {right}"), line(AFTER_HUNT)]


def _listed(text: str) -> str:
    """Write what stands on one line with gaps as a list."""
    return _GAP.sub(", ", text.strip())
