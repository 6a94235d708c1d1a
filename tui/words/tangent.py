"""How forward mode reads: the seed, the tangent of a node, and what the whole walk found."""

from __future__ import annotations

from ...engine.rules.notation import Notation
from ...engine.rules.number_text import format_number
from ...engine.walk.step import Step, TangentSum, TangentTerm
from ...engine.walk.trace import Trace
from .exact import exact_words
from .lines import Line, Piece, labelled, line
from .reasons import corner_words

_LABEL = 19
"""Cells of the first column of a step."""
_MOST_OTHERS = 5


def tangent_lines(trace: Trace, step: Step, digits: int = 0) -> list[Line]:
    """Say a step of forward mode after the values: the seed, or the tangent of a node."""
    notation = trace.numbers.notation
    return _seed_lines(trace, step) if step.tangent is None else _sum_lines(step, step.tangent, notation, digits)


def tangent_result_lines(trace: Trace, digits: int = 0) -> list[Line]:
    """Say what a walk in forward mode found: one derivative, that of the output by the chosen input."""
    assert trace.tangent_of is not None, "reverse mode has words of its own"
    graph, notation, end = trace.graph, trace.numbers.notation, trace.state(trace.total)
    output, by = notation.label(graph.label(graph.output)), notation.label(graph.label(trace.tangent_of))
    closed, exact_value = trace.numbers.closed, trace.numbers.exact_value
    result = trace.values.item(graph.output)
    value = _number(notation, result, end.value_undefined(graph.output), digits)
    value += exact_words(exact_value(closed.value(graph.output), result, digits), notation)
    result = end.tangent(graph.output) or 0.0
    tangent = _number(notation, result, end.tangent_undefined(graph.output), digits)
    if not end.tangent_undefined(graph.output):
        tangent += exact_words(exact_value(closed.tangent(trace.tangent_of, graph.output), result, digits), notation)
    found = f"{notation.derivative(output, by)}{notation.equals}{notation.tangent(output)}{notation.equals}{tangent}"
    lines = [
        line(("The walk is complete:", "label")),
        line("  ", (f"{output}{notation.equals}{value}", "value")),
        line("  ", (found, "contribution")),
    ]
    inputs = int((graph.carries_gradient[: graph.leaf_count]).sum())
    if inputs > 1:
        more = f"forward mode needs a walk for each of the {inputs} inputs; reverse mode gives all of them in one"
        lines.append(line("  ", (more, "label")))
    return lines


def _seed_lines(trace: Trace, step: Step) -> list[Line]:
    graph, notation = trace.graph, trace.numbers.notation
    seed, name = step.substituted.right, notation.label(step.name)
    by = notation.derivative(name, name)
    lines = [
        line(
            (step.expression, "contribution"),
            notation.equals,
            (by, "contribution"),
            notation.equals,
            (seed, "contribution"),
            ("   the seed", "label"),
        ),
        Line(),
    ]
    others = [leaf for leaf in range(graph.leaf_count) if graph.carries_gradient[leaf] and leaf != step.node]
    if others:
        zeros = ", ".join(
            f"{notation.tangent(notation.label(graph.label(leaf)))}{notation.equals}0" for leaf in others[:_MOST_OTHERS]
        )
        more = f" and {len(others) - _MOST_OTHERS} more" if len(others) > _MOST_OTHERS else ""
        lines.append(_row("other inputs", f"{zeros}{more}", (f"   {name} alone moves", "label")))
    tangent = notation.tangent(notation.label(graph.label(graph.output)))
    about = f"A tangent is a derivative by {name}, carried along with the values: the last one, {tangent}, is "
    gradient = notation.derivative(notation.label(graph.label(graph.output)), name)
    return [*lines, Line(), line((about, "label"), (gradient, "label"), (".", "label"))]


def _sum_lines(step: Step, found: TangentSum, notation: Notation, digits: int) -> list[Line]:
    equals, times = notation.equals, notation.times
    terms: list[str | Piece] = []
    for number, term in enumerate(found.terms):
        if number:
            terms.append(notation.plus)
        if number == len(found.terms) - 1 and found.term_count > len(found.terms):
            terms.append(f"…{notation.plus}")
        terms += [(term.local_name, "local"), times, (term.tangent_name, "upstream")]
    put_in = step.substituted
    result = (put_in.right, "undefined" if step.undefined else "contribution")
    lines = [
        line((f"{notation.label(step.name)}{equals}{found.node_expression}", "label")),
        line((found.name, "contribution"), equals, *terms),
        Line(),
    ]
    for number, term in enumerate(found.terms):
        lines += _local_lines(term, notation, "" if number else "local derivative")
    for number, term in enumerate(found.terms):
        lines.append(_operand_line(step, term, notation, "" if number else "tangent there", digits))
    sum_of_numbers = f"{equals}{put_in.left}{notation.relation(put_in.relation)}"
    exact = (exact_words(put_in.exact, notation), "contribution")
    lines.append(_row("tangent", (found.name, "contribution"), sum_of_numbers, result, exact))
    if found.term_count > len(found.terms):
        lines.append(_row("", (f"a sum of {found.term_count} products, of which four are shown", "label")))
    return lines


def _local_lines(term: TangentTerm, notation: Notation, label: str) -> list[Line]:
    put_in = term.local_substituted
    formulas = [term.local_formula, put_in.left] if put_in.left != term.local_formula else [put_in.left]
    if formulas[-1] == put_in.right:
        formulas.pop()
    lines = [
        _row(
            label,
            (term.local_name, "local"),
            *(f"{notation.equals}{printed}" for printed in formulas),
            notation.relation(put_in.relation),
            (put_in.right, "local"),
            (exact_words(put_in.exact, notation), "local"),
        )
    ]
    if term.corner:
        kind = "jump" if term.corner.is_jump else "corner"
        lines.append(_row(kind, corner_words(term.corner, term.operand_name, term.local)))
    return lines


def _operand_line(step: Step, term: TangentTerm, notation: Notation, label: str, digits: int) -> Line:
    tangent = _number(notation, term.tangent, term.tangent_undefined, digits)
    tangent += exact_words(term.tangent_exact, notation)
    known = (term.tangent_name, "upstream"), notation.equals, (tangent, "upstream")
    if not term.depends:
        about = f"   {notation.label(term.operand_name)} does not depend on {notation.label(step.tangent_of)}"
        return _row(label, *known, (about, "label"))
    return _row(label, *known, ("   the seed" if term.operand_name == step.tangent_of else "", "label"))


def _number(notation: Notation, number: float, undefined: bool, digits: int) -> str:
    return notation.number("undefined" if undefined else format_number(number, digits))


def _row(label: str, *parts: str | Piece) -> Line:
    return labelled(label, _LABEL, *parts)
