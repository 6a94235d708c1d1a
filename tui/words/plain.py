"""How a walk reads where there is no screen: whole sentences, at most three lines a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...engine.rules.notation import Notation
from ...engine.rules.number_text import format_number
from ...engine.walk.phase import Phase
from ...engine.walk.trace import State, Trace
from .lines import Line, line
from .walk import number

if TYPE_CHECKING:
    from ...engine.training.moment import TrainingMoment
    from ...engine.walk.equation import Equation
    from ...engine.walk.exact_value import ExactValue
    from ...engine.walk.step import Corner, Factor, Step, TangentSum, TangentTerm
    from ...engine.walk.update import Update

MOST_NUMBERS = 12
"""So many numbers are said in one sentence; how many more there are is said after them."""

_MOST_NODES = 50
"""Of a large graph so many inputs and operations are looked at."""

_ORDINALS = {1: "first", 2: "second", 3: "third"}


def step_sentences(trace: Trace, cursor: int, digits: int = 0, *, note: bool = True) -> list[Line]:
    """Say step number `cursor` of a walk: what it is, what comes of it, and its note; at most three lines.

    Numbers have so many significant `digits`; with 0 they are written for reading.
    """
    step, notation = trace.step(cursor, digits), trace.numbers.notation
    if step.phase is Phase.FORWARD:
        lines, further = _forward(step, notation), ""
    elif step.tangent is not None:
        lines, further = _tangent(step, step.tangent, notation, digits)
    elif step.update is not None:
        lines, further = _update(step, step.update, notation, digits), ""
    elif step.factor is not None:
        lines, further = _backward(step, step.factor, notation, digits)
    else:
        lines, further = (
            [f"{_where(step)}, the seed: {step.expression}{notation.equals}{notation.number(step.substituted.right)}."],
            "",
        )
    from .reasons import undefined_words

    remarks = [further, _sentence(undefined_words(step)), _origin(trace, step)]
    if note:
        remarks.append(" ".join(without_keys(step.note).split()))
    return [line(text) for text in (*lines, " ".join(filter(None, remarks))) if text]


def start_sentences(trace: Trace, title: str, summary: str) -> list[Line]:
    """Say what a walk is about, how long it is and how to begin."""
    summary = " ".join(summary.split())
    parts = [f"{_many(trace.forward_steps, 'step')} forward"]
    if trace.tangents is not None:
        parts.append("the tangents after them")
    else:
        parts += ["the seed", f"{_many(trace.backward_steps, 'step')} backward"]
    if trace.updates is not None:
        parts.append(_many(len(trace.updates), "update"))
    said = f"{', '.join(parts[:-1])} and {parts[-1]}"
    return [
        line((_sentence(title), "heading")),
        *([line(_sentence(summary))] if summary else []),
        line(f"The walk has {_many(trace.total, 'step')}: {said}. Enter takes the next one; help says what else."),
    ]


def intro_sentences(title: str, intro: str) -> list[Line]:
    """Say a title and what is written below it, a paragraph on a line."""
    paragraphs = (" ".join(part.split()) for part in without_keys(intro).split("\n\n"))
    return [line((_sentence(title), "heading")), *(line(part) for part in paragraphs if part)]


def position_sentence(trace: Trace, cursor: int) -> str:
    """Say where a walk stands, without what the step says."""
    if not cursor:
        return f"This is the start of the walk, before step 1 of {trace.total}."
    return f"This is step {cursor} of {trace.total}, {trace.phase(cursor)}."


def result_sentences(trace: Trace, digits: int = 0) -> list[Line]:
    """Say what the whole walk found: the output, and its derivative by each input."""
    graph, end, notation = trace.graph, trace.state(trace.total), trace.numbers.notation
    output = notation.label(graph.label(graph.output))
    value = _result(trace, trace.values.item(graph.output), end.value_undefined(graph.output), digits, graph.output)
    lines = [line(f"The walk is complete: {output}{notation.equals}{value}.")]
    if trace.tangent_of is not None:
        by = trace.tangent_of
        found = end.tangent(graph.output) or 0.0
        slope = _number(notation, found, end.tangent_undefined(graph.output), digits)
        if not end.tangent_undefined(graph.output):
            slope += exact(trace.numbers.exact_value(trace.numbers.closed.tangent(by, graph.output), found, digits),
                           notation)  # fmt: skip
        return [*lines, line(f"{_first_up(_gradient_name(trace, by))}{notation.equals}{slope}.")]
    inputs: list[int] = np.flatnonzero(graph.carries_gradient[: graph.leaf_count]).tolist()
    said = [_gradient(trace, end, leaf, digits) for leaf in inputs[:MOST_NUMBERS]]
    return [*lines, line(f"{_first_up(_series(said, len(inputs)))}.")] if said else lines


def value_sentences(state: State, digits: int = 0, nodes: Sequence[int] = ()) -> list[Line]:
    """Say the values of some nodes, or of all that have a name; what is not known yet has a sentence of its own."""
    graph, notation = state.trace.graph, state.trace.numbers.notation
    chosen, left_out = (nodes, "") if nodes else _named(state.trace)
    known = [node for node in chosen if state.value(node) is not None]
    said = [
        f"{notation.label(graph.label(node))}{notation.equals}"
        f"{_number(notation, state.value(node) or 0.0, state.value_undefined(node), digits)}"
        for node in known[:MOST_NUMBERS]
    ]
    return _known_and_unknown(state.trace, said, known, chosen, left_out, "value")


def gradient_sentences(state: State, digits: int = 0, nodes: Sequence[int] = ()) -> list[Line]:
    """Say the gradients of some nodes, or of all that have a name, as accumulated so far."""
    trace = state.trace
    some, left_out = (nodes, "") if nodes else _named(trace)
    chosen = [node for node in some if trace.graph.carries_gradient[node]]
    if not chosen:
        return [line("A constant carries no gradient." if nodes else "Nothing here carries a gradient.")]
    read = state.tangent if trace.tangents is not None else state.gradient
    known = [node for node in chosen if read(node) is not None]
    said = [_gradient(trace, state, node, digits) for node in known[:MOST_NUMBERS]]
    what = "gradient" if trace.tangents is None else "tangent"
    return _known_and_unknown(trace, said, known, chosen, left_out, what)


def without_keys(text: str) -> str:
    """Return a text of a scenario with words for the arrow keys that it names, which do nothing here."""
    return text.replace("Press →", "Press enter").replace("Press ←", "Type back")


def note_sentences(trace: Trace, cursor: int) -> list[Line]:
    """Say the note of the step at the cursor."""
    note = trace.step(cursor).note if cursor else ""
    return [line(" ".join(without_keys(note).split()))] if note else [line("This step has no note.")]


def epoch_sentences(moment: TrainingMoment, digits: int = 0) -> list[Line]:
    """Say what is known at an epoch of a training: the loss, the learning rate, and the parameters."""
    now, formulas = moment.now, moment.scenario.model.formulas
    said = [f"{formulas.loss_name} = {number(now.loss, digits=digits)}", f"learning rate η = {number(moment.rate)}"]
    if moment.accuracy is not None:
        said.append(f"{moment.accuracy:.0%} of the samples are on the right side")
    names = formulas.parameters[:MOST_NUMBERS]
    values = (
        f"{name} = {number(value, digits=digits)}" for name, value in zip(names, now.parameters.tolist(), strict=False)
    )
    return [
        line(f"Epoch {moment.epoch} of {moment.epochs}: {', '.join(said)}."),
        line(f"The parameters: {_series(list(values), len(formulas.parameters))}."),
    ]


def exact(value: ExactValue | None, notation: Notation) -> str:
    """Write the closed form of a number, to stand after its decimal."""
    if value is None:
        return ""
    return (
        _again(notation, notation.equals) + value.form if value.relation == "=" else f", {value.relation} {value.form}"
    )


def _forward(step: Step, notation: Notation) -> list[str]:
    name = notation.label(step.name)
    return [
        f"{_where(step)}, forward: {name}{notation.equals}{_worked_out(step.expression, step.substituted, notation)}."
    ]


def _backward(step: Step, factor: Factor, notation: Notation, digits: int) -> tuple[list[str], str]:
    name, consumer = notation.label(step.name), notation.label(factor.consumer_name)
    upstream_name = _derivative(notation, step.output_name, factor.consumer_name)
    upstream = _number(notation, factor.upstream, factor.upstream_undefined, digits)
    upstream += exact(factor.upstream_exact, notation)
    local = _worked_out(factor.local_formula, factor.local_substituted, notation)
    product, accumulation = factor.product, factor.accumulation
    left = _number(notation, factor.upstream, factor.upstream_undefined, product.digits)
    right = notation.wrapped(_number(notation, factor.local, factor.local_undefined, product.digits))
    contribution = f"{left}{notation.times}{right}{_again(notation, notation.relation(product.relation))}"
    contribution += product.right + exact(product.exact, notation)
    target = _derivative(notation, step.output_name, step.name)
    result = f"{notation.relation(accumulation.relation)}{accumulation.right}{exact(accumulation.exact, notation)}"
    if factor.contribution_count == 1:
        which = f"It is the only one, so {target}{result}"
    else:
        is_last = factor.contribution_number == factor.contribution_count
        summed = f"{notation.equals}{accumulation.left}{_again(notation, result)}"
        which = f"It is {_place(factor)}, so {target}{summed}{'' if is_last else ' so far'}"
    lines = [
        f"{_where(step)}, backward from {consumer} to {name}, where "
        f"{consumer}{notation.equals}{factor.consumer_expression}: "
        f"{_called('the upstream gradient', upstream_name, notation)}{notation.equals}{upstream}; "
        f"{_called('the local derivative', factor.local_name, notation)}{notation.equals}{local}.",
        f"The contribution is {contribution}. {which}.",
    ]
    return lines, _corner(factor.corner, step.name, factor.local, digits)


def _tangent(step: Step, found: TangentSum, notation: Notation, digits: int) -> tuple[list[str], str]:
    name = notation.label(step.name)
    terms = [f"{term.local_name}{notation.times}{term.tangent_name}" for term in found.terms]
    if found.term_count > len(found.terms):
        terms.insert(len(terms) - 1, "…")
    total = _worked_out(notation.plus.join(terms), step.substituted, notation)
    locals_said = "; ".join(_local_of(term, notation, digits) for term in found.terms)
    corners = [_corner(term.corner, term.operand_name, term.local, digits) for term in found.terms]
    lines = [
        f"{_where(step)}, the tangent of {name}, where {name}{notation.equals}{found.node_expression}: "
        f"{found.name}{notation.equals}{total}.",
        f"There {locals_said}.",
    ]
    return lines, " ".join(filter(None, corners))


def _local_of(term: TangentTerm, notation: Notation, digits: int) -> str:
    local = _worked_out(term.local_formula, term.local_substituted, notation)
    tangent = _number(notation, term.tangent, term.tangent_undefined, digits) + exact(term.tangent_exact, notation)
    return f"{term.local_name}{notation.equals}{local} and {term.tangent_name}{notation.equals}{tangent}"


def _update(step: Step, update: Update, notation: Notation, digits: int) -> list[str]:
    name = notation.label(step.name)
    gradient = _called("the gradient", _derivative(notation, step.output_name, step.name), notation)
    terms = "".join(
        f" {symbol}{notation.equals}{formula}{_again(notation, notation.equals)}{format_number(value, digits)}."
        for symbol, formula, value in update.terms
    )
    put_in = step.substituted
    return [
        f"{_where(step)}, the update of {name}: {name}{notation.becomes}{name}{notation.minus}{update.formula}, "
        f"where {gradient}{notation.equals}{_number(notation, update.gradient, False, digits)} "
        f"is g and the learning rate is η{notation.equals}{_number(notation, update.rate, False, digits)}.",
        f"{terms} The decrease is {update.formula}{notation.equals}"
        f"{_number(notation, update.decrease, False, digits)}, so {name}{notation.equals}{put_in.left}"
        f"{_again(notation, notation.relation(put_in.relation))}{put_in.right}.".strip(),
    ]


def _origin(trace: Trace, step: Step) -> str:
    """Say what the node of a derivative's graph comes from."""
    if trace.graph.provenance is None:
        return ""
    from .derivative import origin_lines

    said = origin_lines(trace.graph, step.node, trace.numbers.notation, named=step.phase is not Phase.FORWARD)
    words = "; ".join("".join(text for text, _ in each.pieces).strip() for each in said)
    return f"Comes from {words}." if words else ""


def _worked_out(formula: str, put_in: Equation, notation: Notation) -> str:
    """Write a formula, the same with numbers put in, and the result; what is the same is said once."""
    parts = [formula] if put_in.left == formula else [formula, put_in.left]
    if parts[-1] == put_in.right:
        parts.pop()
    said = parts[0] if parts else ""
    for part in parts[1:]:
        said += _again(notation, notation.equals) + part
    relation = notation.relation(put_in.relation)
    said = f"{said}{_again(notation, relation)}{put_in.right}" if parts else put_in.right
    return said + exact(put_in.exact, notation)


def _again(notation: Notation, relation: str) -> str:
    """Return a relation as it goes on in a chain: what is read out has a comma there, and is heard with a pause."""
    return f",{relation}" if notation.equals.strip().isalpha() else relation


def _called(what: str, name: str, notation: Notation) -> str:
    """Return what something is with its name: between commas where that is read out as words."""
    return f"{what}, {name}," if notation.equals.strip().isalpha() else f"{what} {name}"


def _where(step: Step) -> str:
    return f"Step {step.number} of {step.total}"


def _place(factor: Factor) -> str:
    number, count = factor.contribution_number, factor.contribution_count
    if number == count:
        return f"the last of {count}"
    ordinal = _ORDINALS.get(number)
    return f"the {ordinal} of {count}" if ordinal else f"number {number} of {count}"


def _corner(corner: Corner | None, name: str, local: float, digits: int) -> str:
    if corner is None:
        return ""
    from .reasons import corner_words

    return _sentence(corner_words(corner, name, local, digits))


def _derivative(notation: Notation, of: str, by: str) -> str:
    return notation.derivative(notation.label(of), notation.label(by))


def _gradient_name(trace: Trace, node: int) -> str:
    graph, notation = trace.graph, trace.numbers.notation
    if trace.tangents is not None and node != trace.tangent_of:
        return notation.tangent(notation.label(graph.label(node)))
    return _derivative(notation, graph.label(graph.output), graph.label(node))


def _gradient(trace: Trace, state: State, node: int, digits: int) -> str:
    """Say a gradient as accumulated so far, or in forward mode a tangent."""
    graph, notation, closed = trace.graph, trace.numbers.notation, trace.numbers.closed
    if trace.tangents is not None:
        name = notation.tangent(notation.label(graph.label(node)))
        number = _number(notation, state.tangent(node) or 0.0, state.tangent_undefined(node), digits)
        return f"{name}{notation.equals}{number}"
    name = _derivative(notation, graph.label(graph.output), graph.label(node))
    found, undefined = state.gradient(node) or 0.0, state.gradient_undefined(node)
    number = _number(notation, found, undefined, digits)
    taken, count = state.contributions_taken(node), state.contribution_count(node)
    if taken < count:
        return f"{name}{notation.equals}{number} after {taken} of {count} contributions"
    if not undefined:
        number += exact(trace.numbers.exact_value(closed.gradient(node), found, digits), notation)
    return f"{name}{notation.equals}{number}"


def _result(trace: Trace, value: float, undefined: bool, digits: int, node: int) -> str:
    notation, numbers = trace.numbers.notation, trace.numbers
    words = _number(notation, value, undefined, digits)
    return (
        words if undefined else words + exact(numbers.exact_value(numbers.closed.value(node), value, digits), notation)
    )


def _number(notation: Notation, value: float, undefined: bool, digits: int) -> str:
    return notation.number("undefined" if undefined else format_number(value, digits))


def _named(trace: Trace) -> tuple[list[int], str]:
    """Return the nodes of a walk, inputs first, of a large one some of them; and a sentence about those left out."""
    graph = trace.graph
    leaves = [leaf for leaf in range(min(graph.leaf_count, _MOST_NODES)) if leaf in graph.names]
    operations = range(graph.leaf_count, min(len(graph), graph.leaf_count + _MOST_NODES))
    is_all = graph.leaf_count <= _MOST_NODES and len(graph) - graph.leaf_count <= _MOST_NODES
    left_out = "" if is_all else f"The graph has {len(graph):,} nodes: with a name behind it, this says any of them."
    return [*leaves, *operations], left_out


def _known_and_unknown(
    trace: Trace, said: Sequence[str], known: Sequence[int], chosen: Sequence[int], left_out: str, what: str
) -> list[Line]:
    """Say what is known, how many more there are, what is not known yet, and what else there is."""
    notation, graph = trace.numbers.notation, trace.graph
    lines = [line(f"{_first_up(_series(said, len(known)))}.")] if said else []
    unknown = [node for node in chosen if node not in frozenset(known)]
    if unknown:
        names = [notation.label(graph.label(node)) for node in unknown[:MOST_NUMBERS]]
        lines.append(line(f"No {what} yet: {_series(names, len(unknown))}."))
    return [*lines, *([line(left_out)] if left_out else [])]


def _series(said: Sequence[str], count: int) -> str:
    """Join what is said with commas; `count` is how many there are in all."""
    more = f" and {count - len(said)} more" if count > len(said) else ""
    between = "; " if any("," in each for each in said) else ", "
    return between.join(said) + more


def _sentence(text: str) -> str:
    """Return a text as a sentence, with a full stop where it has no end."""
    text = text.strip()
    if not text:
        return ""
    text = _first_up(text)
    return text if text.endswith((".", "?", "!", ":", "…")) else f"{text}."


def _first_up(text: str) -> str:
    """Begin a sentence with a large letter; a name that begins it stays what it is."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first in _BEGINNINGS else text


_BEGINNINGS = frozenset({"the", "undefined", "undefined:", "undefined,"})
"""Words that may begin a sentence; anything else could be a name."""


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"
