"""How a walk reads where there is no screen: whole sentences, at most three lines a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...engine.rules.notation import Notation
from ...engine.rules.number_text import format_number
from ...engine.walk.phase import Phase
from ...engine.walk.trace import Trace
from .lines import Line, line
from .plain_parts import (
    MOST_NUMBERS,
    again,
    called,
    derivative_name,
    exact,
    many,
    number_words,
    sentence,
    series,
    worked_out,
)
from .walk import number

if TYPE_CHECKING:
    from ...engine.training.moment import TrainingMoment
    from ...engine.walk.step import Corner, Factor, Step, TangentSum, TangentTerm
    from ...engine.walk.update import Update

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

    remarks = [further, sentence(undefined_words(step)), _origin(trace, step), _source(step)]
    if note:
        remarks.append(" ".join(without_keys(step.note).split()))
    return [line(text) for text in (*lines, " ".join(filter(None, remarks))) if text]


def start_sentences(trace: Trace, title: str, summary: str) -> list[Line]:
    """Say what a walk is about, how long it is and how to begin."""
    summary = " ".join(summary.split())
    parts = [f"{many(trace.forward_steps, 'step')} forward"]
    if trace.tangents is not None:
        parts.append("the tangents after them")
    else:
        parts += ["the seed", f"{many(trace.backward_steps, 'step')} backward"]
    if trace.updates is not None:
        parts.append(many(len(trace.updates), "update"))
    said = f"{', '.join(parts[:-1])} and {parts[-1]}"
    return [
        line((sentence(title), "heading")),
        *([line(sentence(summary))] if summary else []),
        line(f"The walk has {many(trace.total, 'step')}: {said}. Enter takes the next one; help says what else."),
    ]


def intro_sentences(title: str, intro: str) -> list[Line]:
    """Say a title and what is written below it, a paragraph on a line."""
    paragraphs = (" ".join(part.split()) for part in without_keys(intro).split("\n\n"))
    return [line((sentence(title), "heading")), *(line(part) for part in paragraphs if part)]


def position_sentence(trace: Trace, cursor: int) -> str:
    """Say where a walk stands, without what the step says."""
    if not cursor:
        return f"This is the start of the walk, before step 1 of {trace.total}."
    return f"This is step {cursor} of {trace.total}, {trace.phase(cursor)}."


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
        line(f"The parameters: {series(list(values), len(formulas.parameters))}."),
    ]


def _forward(step: Step, notation: Notation) -> list[str]:
    name = notation.label(step.name)
    return [
        f"{_where(step)}, forward: {name}{notation.equals}{worked_out(step.expression, step.substituted, notation)}."
    ]


def _backward(step: Step, factor: Factor, notation: Notation, digits: int) -> tuple[list[str], str]:
    name, consumer = notation.label(step.name), notation.label(factor.consumer_name)
    upstream_name = derivative_name(notation, step.output_name, factor.consumer_name)
    upstream = number_words(notation, factor.upstream, factor.upstream_undefined, digits)
    upstream += exact(factor.upstream_exact, notation)
    local = worked_out(factor.local_formula, factor.local_substituted, notation)
    product, accumulation = factor.product, factor.accumulation
    left = number_words(notation, factor.upstream, factor.upstream_undefined, product.digits)
    right = notation.wrapped(number_words(notation, factor.local, factor.local_undefined, product.digits))
    contribution = f"{left}{notation.times}{right}{again(notation, notation.relation(product.relation))}"
    contribution += product.right + exact(product.exact, notation)
    target = derivative_name(notation, step.output_name, step.name)
    result = f"{notation.relation(accumulation.relation)}{accumulation.right}{exact(accumulation.exact, notation)}"
    if factor.contribution_count == 1:
        which = f"It is the only one, so {target}{result}"
    else:
        is_last = factor.contribution_number == factor.contribution_count
        summed = f"{notation.equals}{accumulation.left}{again(notation, result)}"
        which = f"It is {_place(factor)}, so {target}{summed}{'' if is_last else ' so far'}"
    lines = [
        f"{_where(step)}, backward from {consumer} to {name}, where "
        f"{consumer}{notation.equals}{factor.consumer_expression}: "
        f"{called('the upstream gradient', upstream_name, notation)}{notation.equals}{upstream}; "
        f"{called('the local derivative', factor.local_name, notation)}{notation.equals}{local}.",
        f"The contribution is {contribution}. {which}.",
    ]
    return lines, _corner(factor.corner, step.name, factor.local, digits)


def _tangent(step: Step, found: TangentSum, notation: Notation, digits: int) -> tuple[list[str], str]:
    name = notation.label(step.name)
    terms = [f"{term.local_name}{notation.times}{term.tangent_name}" for term in found.terms]
    if found.term_count > len(found.terms):
        terms.insert(len(terms) - 1, "…")
    total = worked_out(notation.plus.join(terms), step.substituted, notation)
    locals_said = "; ".join(_local_of(term, notation, digits) for term in found.terms)
    corners = [_corner(term.corner, term.operand_name, term.local, digits) for term in found.terms]
    lines = [
        f"{_where(step)}, the tangent of {name}, where {name}{notation.equals}{found.node_expression}: "
        f"{found.name}{notation.equals}{total}.",
        f"There {locals_said}.",
    ]
    return lines, " ".join(filter(None, corners))


def _local_of(term: TangentTerm, notation: Notation, digits: int) -> str:
    local = worked_out(term.local_formula, term.local_substituted, notation)
    tangent = number_words(notation, term.tangent, term.tangent_undefined, digits) + exact(term.tangent_exact, notation)
    return f"{term.local_name}{notation.equals}{local} and {term.tangent_name}{notation.equals}{tangent}"


def _update(step: Step, update: Update, notation: Notation, digits: int) -> list[str]:
    name = notation.label(step.name)
    gradient = called("the gradient", derivative_name(notation, step.output_name, step.name), notation)
    terms = "".join(
        f" {symbol}{notation.equals}{formula}{again(notation, notation.equals)}{format_number(value, digits)}."
        for symbol, formula, value in update.terms
    )
    put_in = step.substituted
    return [
        f"{_where(step)}, the update of {name}: {name}{notation.becomes}{name}{notation.minus}{update.formula}, "
        f"where {gradient}{notation.equals}{number_words(notation, update.gradient, False, digits)} "
        f"is g and the learning rate is η{notation.equals}{number_words(notation, update.rate, False, digits)}.",
        f"{terms} The decrease is {update.formula}{notation.equals}"
        f"{number_words(notation, update.decrease, False, digits)}, so {name}{notation.equals}{put_in.left}"
        f"{again(notation, notation.relation(put_in.relation))}{put_in.right}.".strip(),
    ]


def _origin(trace: Trace, step: Step) -> str:
    """Say what the node of a derivative's graph comes from."""
    if trace.graph.provenance is None:
        return ""
    from .derivative import origin_lines

    said = origin_lines(trace.graph, step.node, trace.numbers.notation, named=step.phase is not Phase.FORWARD)
    words = "; ".join("".join(text for text, _ in each.pieces).strip() for each in said)
    return f"Comes from {words}." if words else ""


def _source(step: Step) -> str:
    """Say which line of code the step comes from."""
    if step.source is None:
        return ""
    from .source import source_sentence

    return source_sentence(step.source)


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

    return sentence(corner_words(corner, name, local, digits))
