"""How a step, a node and a result read as text: the same words on the screen and in headless output."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len

from ...engine.language.step_key import derivative
from ...engine.rules.notation import Notation
from ...engine.rules.number_text import format_number
from ...engine.scenario import Scenario
from ...engine.walk.phase import Phase
from ...engine.walk.trace import State, Trace
from .exact import exact_words
from .lines import Line, Piece, labelled, line, paragraphs

if TYPE_CHECKING:
    from ...engine.walk.exact_value import ExactValue
    from ...engine.walk.step import Factor, Step
    from ...engine.walk.update import Update, Updates

UNKNOWN = "?"
NO_GRADIENT = "–"
UNDEFINED = "undefined"
CHANGED = "Δ"
"""Stands beside a number that is another one since the last edit."""
HIDDEN = "Hidden while you predict, since it tells of steps to come; {walk.predict} ends predicting."
"""With the id of the binding whose key stands there."""
_MOST_RESULTS = 12
_LABEL = 19
"""Cells of the first column of a step."""


def number(value: float, undefined: bool = False, digits: int = 0) -> str:
    """Write a number as `format_number` does, with so many significant digits; one that is undefined is called so."""
    return UNDEFINED if undefined else format_number(value, digits)


DIGITS = (0, 4, 8, 17)
"""The digits that a key chooses from, in its order; 0 is as many as are read with ease."""


def next_digits(digits: int) -> int:
    """Return the choice after one; after the last one comes the first."""
    return next((choice for choice in DIGITS if choice > digits), DIGITS[0])


def digits_words(digits: int) -> str:
    """Say how numbers are shown; `digits` are as in `number`."""
    return f"numbers with {digits} significant digits" if digits else "numbers as they are read with ease"


def position_words(trace: Trace, cursor: int) -> str:
    """Say where a walk is: the phase and the step of how many."""
    if cursor == 0:
        return f"start · {trace.total} step{'s' * (trace.total != 1)}"
    return f"{trace.phase(cursor)} · step {cursor} of {trace.total}"


def step_lines(trace: Trace, number: int, digits: int = 0) -> list[Line]:
    """Say step `number` of a walk in full, its note last; `digits` are as in `number`."""
    step, notation = trace.step(number, digits), trace.numbers.notation
    if step.phase is Phase.FORWARD:
        lines = _forward_lines(step, notation)
    elif step.tangent_of:
        from .tangent import tangent_lines  # only where forward mode was asked for

        lines = tangent_lines(trace, step, digits)
    elif step.update is not None:
        lines = _update_lines(step, step.update, digits)
    elif step.factor is None:
        lines = _seed_lines(step, notation)
    else:
        lines = _backward_lines(step, step.factor, notation, digits)
    if trace.graph.provenance is not None:
        from .derivative import origin_lines  # only in the walk of a derivative

        lines += [Line(), *origin_lines(trace.graph, step.node, notation, named=step.phase is not Phase.FORWARD)]
    if step.source is not None:
        from .source import source_rows  # only where a function was read from code

        lines += [Line(), *source_rows(step.source)]
    if step.undefined:
        from .reasons import undefined_words

        lines += [Line(), line((f"⚠ {undefined_words(step)}", "undefined"))]
    if step.note:
        lines += [Line(), *paragraphs(step.note, "note")]
    return lines


def start_lines(scenario: Scenario, *, hints: bool = True) -> list[Line]:
    """Say what a scenario is about, before the first step; `hints` says whether those of its exercises too."""
    lines = [line((scenario.title, "heading"))]
    about = scenario.intro or scenario.summary
    if about:
        lines += [Line(), *paragraphs(about)]
    if scenario.exercises:
        lines += [Line(), line(("Try it on paper first:", "label"))]
        for exercise in scenario.exercises:
            lines.append(line("  ", (f"{exercise.ask} = ?", "name")))
            if exercise.hint and hints:
                lines.append(line("    ", (exercise.hint, "note")))
    return lines


def begin_lines(scenario: Scenario, *, epoch: bool, forward: str, leave: str) -> list[Line]:
    """Say, on a screen, which keys lead on from the start of a walk that does not say it in words of its own.

    `epoch` says that the walk is an epoch of a training; `forward` and `leave` are the keys, empty where there is none.
    """
    if not epoch and (scenario.intro or scenario.summary):
        return []
    ways = [f"Press {forward} to begin"] if forward else []
    if epoch and leave:
        ways.append(f"{leave} leads back to the training")
    return [Line(), line(f"{'; '.join(ways)}.")] if ways else []


def result_lines(trace: Trace, digits: int = 0) -> list[Line]:
    """Say what the whole walk found: the output and its partial by each input, or by that of forward mode.

    `digits` are as in `number`.
    """
    if trace.tangent_of is not None:
        from .tangent import tangent_result_lines

        return tangent_result_lines(trace, digits)

    graph, end, notation = trace.graph, trace.state(trace.total), trace.numbers.notation
    output = graph.label(graph.output)

    numbers, closed = trace.numbers, trace.numbers.closed

    def result(value: float, undefined: bool, exact: ExactValue | None) -> str:
        words = "" if undefined else exact_words(exact, notation)
        return notation.number(number(value, undefined, digits)) + words

    value = trace.values.item(graph.output)
    exact = numbers.exact_value(closed.value(graph.output), value, digits)
    found = f"{notation.label(output)}{notation.equals}{result(value, end.value_undefined(graph.output), exact)}"
    lines = [line(("The walk is complete:", "label")), line("  ", (found, "value"))]
    inputs: list[int] = np.flatnonzero(graph.carries_gradient[: graph.leaf_count]).tolist()
    for leaf in inputs[:_MOST_RESULTS]:
        slope = end.gradient(leaf) or 0.0
        exact = numbers.exact_value(closed.gradient(leaf), slope, digits)
        gradient = result(slope, end.gradient_undefined(leaf), exact)
        unused = "" if end.contribution_count(leaf) or leaf == graph.output else f"  {output} does not use it"
        found = f"{_derivative(notation, output, graph.label(leaf))}{notation.equals}{gradient}"
        lines.append(line("  ", (found, "contribution"), (unused, "label")))
    if len(inputs) > _MOST_RESULTS:
        lines.append(line(f"  and {len(inputs) - _MOST_RESULTS} more"))
    return lines


def moment_lines(scenario: Scenario, state: State, digits: int = 0, *, hints: bool = True) -> list[Line]:
    """Say everything about a moment of a walk: what it is about, the step just taken, at the end the result.

    `digits` are as in `number`, `hints` as in `start_lines`.
    """
    trace = state.trace
    if not state.cursor:
        return (
            start_lines(scenario, hints=hints)
            if trace.updates is None
            else _update_start_lines(scenario, trace.updates, digits)
        )
    lines = step_lines(trace, state.cursor, digits)
    return [*lines, Line(), *result_lines(trace, digits)] if state.cursor == trace.total else lines


def trace_lines(scenario: Scenario, trace: Trace, digits: int = 0) -> Iterator[Line]:
    """Say a whole walk, step after step, as `gradwalk trace` prints it; `digits` are as in `number`."""
    for cursor in range(trace.total + 1):
        yield line((position_words(trace, cursor), "label"))
        yield from (said.indented(2) for said in moment_lines(scenario, trace.state(cursor), digits))
        yield Line()


def value_cell(state: State, node: int, digits: int = 0) -> Piece:
    """Return a node's value at this moment and its style name; `digits` are as in `number`."""
    value = state.value(node)
    if value is None:
        return UNKNOWN, "unknown"
    return (UNDEFINED, "undefined") if state.value_undefined(node) else (number(value, digits=digits), "value")


def derivative_title(trace: Trace) -> str:
    """Return the title of the column of gradients, or in forward mode of tangents: `∂·/∂a`."""
    if trace.tangent_of is None:
        return "gradient"
    by = trace.numbers.notation.label(trace.graph.label(trace.tangent_of))
    return trace.numbers.notation.derivative("·", by)


def gradient_cell(state: State, node: int, digits: int = 0) -> Piece:
    """Return a node's gradient at this moment, with `(1/3)` while contributions are missing, and its style name.

    In forward mode it is the node's tangent; `digits` are as in `number`.
    """
    if not state.trace.graph.carries_gradient[node]:
        return NO_GRADIENT, "unknown"
    if state.trace.tangents is not None:
        tangent = state.tangent(node)
        if tangent is None:
            return UNKNOWN, "unknown"
        return (format_number(tangent, digits), "contribution") if math.isfinite(tangent) else (UNDEFINED, "undefined")
    gradient = state.gradient(node)
    if gradient is None:
        return UNKNOWN, "unknown"
    if state.gradient_undefined(node):
        return UNDEFINED, "undefined"
    taken, count = state.contributions_taken(node), state.contribution_count(node)
    return number(gradient, digits=digits) + (f" ({taken}/{count})" if taken < count else ""), "contribution"


def _update_start_lines(scenario: Scenario, updates: Updates, digits: int) -> list[Line]:
    """Say what the walk of a training's update is about."""
    many = f"{len(updates)} parameters" if len(updates) > 1 else "parameter"
    about = (
        f"One update of this training as a walk: forward to the loss, back to the gradients, and at the end each "
        f"of the {many} moves against its gradient, with the learning rate η = {number(updates.rate, digits=digits)}."
    )
    return [line((scenario.title, "heading")), Line(), line(about)]


def _forward_lines(step: Step, notation: Notation) -> list[Line]:
    name, equals = notation.label(step.name), notation.equals
    width = cell_len(name)
    undefined = step.undefined is not None
    lines = [labelled((name, "name"), width, f"{equals}{step.expression}")]
    put_in = step.substituted
    if put_in.left != step.expression:
        lines.append(labelled(("", ""), width, f"{equals}{put_in.left}"))
    value = (put_in.right, "undefined" if undefined else "value")
    exact = (exact_words(put_in.exact, notation), "value")
    return [*lines, labelled(("", ""), width, notation.relation(put_in.relation), value, exact)]


def _seed_lines(step: Step, notation: Notation) -> list[Line]:
    seed = step.substituted.right
    return [line((step.expression, "contribution"), notation.equals, (seed, "contribution"), ("   the seed", "label"))]


def _update_lines(step: Step, update: Update, digits: int) -> list[Line]:
    gradient = derivative(step.output_name, step.name)
    decrease, updated = number(update.decrease, digits=digits), step.substituted
    return [
        line(
            (step.name, "name"), " ← ", (f"{step.name} - {update.formula}", "value"), ("   g is the gradient", "label")
        ),
        Line(),
        _row("gradient", (gradient, "contribution"), " = ", number(update.gradient, digits=digits)),
        _row("learning rate", f"η = {number(update.rate, digits=digits)}"),
        *(
            _row(symbol, f"{symbol} = {formula} = ", (number(value, digits=digits), "local"))
            for symbol, formula, value in update.terms
        ),
        _row("decrease", f"{update.formula} = ", (decrease, "upstream")),
        _row(
            "updated",
            (step.name, "name"),
            f" = {updated.left} {updated.relation} ",
            (updated.right, "value"),
        ),
        _row("", ("the nodes that are computed from it keep the values they had before", "label")),
    ]


def _backward_lines(step: Step, factor: Factor, notation: Notation, digits: int) -> list[Line]:
    target = _derivative(notation, step.output_name, step.name)
    upstream_name = _derivative(notation, step.output_name, factor.consumer_name)
    local_name = factor.local_name
    put_in, product, accumulation = factor.local_substituted, factor.product, factor.accumulation
    upstream = notation.number(number(factor.upstream, factor.upstream_undefined, product.digits))
    local = notation.number(number(factor.local, factor.local_undefined, product.digits))
    formulas = [factor.local_formula, put_in.left] if put_in.left != factor.local_formula else [put_in.left]
    if formulas[-1] == put_in.right:
        formulas.pop()
    known = notation.number(number(factor.upstream, factor.upstream_undefined, digits))
    lines = [
        line((f"{notation.label(factor.consumer_name)}{notation.equals}{factor.consumer_expression}", "label")),
        line(
            (target, "contribution"), notation.adds, (upstream_name, "upstream"), notation.times, (local_name, "local")
        ),
        Line(),
        _row(
            "local derivative",
            (local_name, "local"),
            *(f"{notation.equals}{printed}" for printed in formulas),
            notation.relation(put_in.relation),
            (put_in.right, "local"),
            (exact_words(put_in.exact, notation), "local"),
        ),
    ]
    if factor.corner:
        kind = "jump" if factor.corner.is_jump else "corner"
        from .reasons import corner_words

        lines.append(_row(kind, corner_words(factor.corner, step.name, factor.local, digits)))
    lines += [
        _row(
            "upstream gradient",
            (upstream_name, "upstream"),
            notation.equals,
            (known + exact_words(factor.upstream_exact, notation), "upstream"),
        ),
        _row(
            "contribution",
            (upstream, "upstream"),
            notation.times,
            (notation.wrapped(local), "local"),
            notation.relation(product.relation),
            (product.right, "contribution"),
            (exact_words(product.exact, notation), "contribution"),
        ),
        _row(
            "accumulated",
            (target, "contribution"),
            f"{notation.equals}{accumulation.left}{notation.relation(accumulation.relation)}",
            (accumulation.right, "contribution"),
            (exact_words(accumulation.exact, notation), "contribution"),
        ),
    ]
    if factor.contribution_count > 1:
        many = f"contribution {factor.contribution_number} of {factor.contribution_count}"
        lines.append(_row("", (many, "label")))
    return lines


def _row(label: str, *parts: str | Piece) -> Line:
    return labelled(label, _LABEL, *parts)


def _derivative(notation: Notation, of: str, by: str) -> str:
    return notation.derivative(notation.label(of), notation.label(by))
