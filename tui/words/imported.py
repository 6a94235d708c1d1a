"""What is said of a function that was written for an array library: what it became, and whether the numbers agree."""

from __future__ import annotations

import math
from dataclasses import replace

from ...engine.errors import listing
from ...engine.importing.comparison import ArrayDifference, Comparison
from ...engine.importing.imported import Imported
from ...engine.importing.libraries import Library
from ...engine.rules.number_text import format_number
from ...engine.scenario import Scenario
from .plain_parts import many


def presented(imported: Imported, source: str = "") -> Scenario:
    """Return the scenario of a function with words that say whether its gradients are the library's own.

    `source` is where the function stands, such as `model.py:loss`, and its title then.
    """
    summary = "" if imported.comparison is None else comparison_words(imported.comparison)
    return replace(
        imported.scenario,
        title=source or imported.scenario.title,
        summary=summary,
        intro=introduction(imported),
    )


def introduction(imported: Imported) -> str:
    """Say what a function was made into, and how its gradients compare."""
    graph = imported.scenario.graph
    given = sum(1 for array in graph.arrays if not array.operation and array.name)
    made = sum(1 for array in graph.arrays if array.operation)
    written = "" if imported.library is Library.NUMPY else f", which was written for {imported.library},"
    arrays = f": {many(given, 'array')} given and {many(made, 'operation')} on arrays" if given else ""
    said = [f"{imported.function}{written} is a graph of {many(len(graph), 'scalar')}{arrays}."]
    if imported.comparison is not None:
        said.append(comparison_words(imported.comparison))
    return "\n\n".join(said)


def comparison_words(comparison: Comparison) -> str:
    """Say whether the gradients of a walk are those that a library finds itself, and by how much they differ."""
    worst = comparison.worst
    if worst is None:
        return f"No array carries a gradient, so there is nothing to compare with {comparison.function}."
    if comparison.agrees:
        if not worst.largest:
            return f"Its gradients are those of {comparison.function}, to the last bit."
        apart = f"the largest difference, for {_entry(worst)}, is {format_number(worst.largest, 2)}"
        why = "for it rounds to fewer digits than the walk" if comparison.rounds else "which is rounding"
        return f"Its gradients are those of {comparison.function}: {apart}, {why}."
    if comparison.gradients_agree:
        return (
            f"⚠ Its value is not that of {comparison.function}: the walk has {_number(comparison.value)} and "
            f"{comparison.function} {_number(comparison.their_value)}."
        )
    said = (
        f"⚠ Its gradients are not those of {comparison.function}: for {_entry(worst)} the walk has "
        f"{_number(worst.own)} and {comparison.function} {_number(worst.theirs)}."
    )
    if comparison.at_corner:
        said += (
            " The function has a corner at this point, where there is no derivative: each takes a slope of its own "
            "choice there."
        )
    if comparison.own_rules:
        rules = listing(comparison.own_rules)
        said += f" A backward pass of its own is written for {rules}; the walk differentiates what is computed there."
    return said


def _entry(worst: ArrayDifference) -> str:
    return f"{worst.name}[{','.join(map(str, worst.entry))}]" if worst.entry else worst.name


def _number(value: float) -> str:
    return format_number(value, 6) if math.isfinite(value) else "no number"
