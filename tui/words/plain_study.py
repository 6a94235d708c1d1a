"""What is said to somebody who answers without a screen: a sentence or two each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...engine.language.step_key import derivative
from ...engine.study.attempt import Attempt, Outcome
from ...engine.study.level import Level
from ...engine.study.skills import skill_words
from ...engine.study.task import TaskKind
from .lines import Line, line
from .plain_parts import MOST_NUMBERS, first_letter_up, many, sentence
from .walk import number

if TYPE_CHECKING:
    from ...engine.errors import ExpressionError
    from ...engine.study.predicting import AskedStep
    from ...engine.study.tally import Tally
    from ...engine.walk.trace import Trace

CHOICE_SENTENCES = {
    "fading": "Steps are asked for before they are shown, as much as you are ready for; a new rule is shown first.",
    Level.WORKED_EXAMPLE: "Every step is shown.",
    Level.LAST_FACTOR: "The last of each step is asked for before it is shown: forward the value, backward the "
    "local derivative.",
    Level.STEP: "Each step is asked for before it is shown.",
    Level.RESULT: "Only the results are asked for: the output, and each gradient when it is complete.",
}
"""What is said when somebody chooses how much of a walk is asked for."""


def verdict_sentences(attempt: Attempt) -> list[Line]:
    """Say what is said of the last answer, in at most two lines."""
    verdict = attempt.verdicts[-1]
    if verdict.right:
        return [line((" ".join(filter(None, (verdict.sentence, verdict.remark))), "value"))]
    lines = [line((" ".join(verdict.sentence.split()), "undefined"))]
    return lines if len(attempt.verdicts) > 1 else [*lines, line("Try again; hint helps, skip leaves it out.")]


def hint_sentence(attempt: Attempt) -> Line:
    """Say the hint that was shown last."""
    shown, count = attempt.hints_shown, len(attempt.task.hints)
    after = " After it comes the answer." if shown == count and attempt.task.solution else ""
    return line(f"Hint {shown} of {count}: {sentence(attempt.task.hints[shown - 1])}{after}")


def closed_sentences(attempt: Attempt) -> list[Line]:
    """Say the answer where it was not found, or that it is not known here."""
    task = attempt.task
    first = "Skipped." if attempt.is_skipped else "This is the answer."
    if not task.solution:
        return [line(f"{first} Only a fingerprint of the answer is known here, so it cannot be shown.")]
    if task.kind is TaskKind.MISTAKE:
        return [line(f"{first} It is this: {sentence(task.solution)}")]
    return [line(f"{first} {task.ask} = {sentence(task.solution)}")]


def unread_sentences(error: ExpressionError) -> list[Line]:
    """Say why an answer cannot be read, and where: in words, for who cannot see a caret."""
    marked = error.text[error.position : error.position + error.length].strip()
    where = f', at "{marked}"' if marked and marked not in error.message and marked != error.text.strip() else ""
    hint = f" {first_letter_up(error.hint)}." if error.hint else ""
    return [line(f"This cannot be read: {error.message}{where}.{hint}")]


def tally_sentences(tally: Tally) -> list[Line]:
    """Say what came of some questions, and what there is to practise; nothing where none was asked."""
    counted = [
        f"{tally.count(outcome)} {words}"
        for outcome, words in (
            (Outcome.RIGHT, "right at once"),
            (Outcome.HELPED, "right with help"),
            (Outcome.WRONG, "shown"),
            (Outcome.SKIPPED, "skipped"),
        )
        if tally.count(outcome)
    ]
    if not counted:
        return []
    lines = [line(f"Of {many(len(tally.attempts), 'question')}: {', '.join(counted)}.")]
    practise = [skill_words(skill) for skill in tally.to_practise[:MOST_NUMBERS]]
    return [*lines, line(f"To practise: {'; '.join(practise)}.")] if practise else lines


def problem_sentences(problem: str) -> list[Line]:
    """Say what there is to be said of the store of progress, a sentence on a line; mostly nothing."""
    return [line(sentence(first_letter_up(text))) for text in problem.split("\n") if text]


def asked_sentence(trace: Trace, asked: AskedStep, seen: int, digits: int = 0) -> Line:
    """Say what is given for the questions of a step: the operation, the numbers put in, the upstream gradient."""
    graph = trace.graph
    if asked.level is Level.RESULT and asked.step > seen + 1:
        passed = asked.step - seen - 1
        way = "the step before it is yours" if passed == 1 else f"the {passed:,} steps before it are yours"
        return line(f"Step {asked.step} of {trace.total}, a result; {way}.")
    key = trace.key(asked.step)
    where = f"Step {asked.step} of {trace.total}, {trace.phase(asked.step)}"
    step = trace.step(asked.step, digits)
    node = key.node
    formula = step.expression if step.factor is None else step.factor.consumer_expression
    operands = dict.fromkeys(graph.operands_of(node)[:MOST_NUMBERS].tolist())
    known = [
        f"{graph.label(operand)} = {number(trace.values.item(operand), digits=digits)}"
        for operand in operands
        if operand in graph.names or operand >= graph.leaf_count
    ]
    given = f"{graph.label(node)} = {formula}{', where ' if known else ''}{', '.join(known)}"
    if step.factor is None:
        return line(f"{where}: {given}.")
    upstream = derivative(graph.label(graph.output), graph.label(node))
    upstream = f"{upstream} = {number(step.factor.upstream, step.factor.upstream_undefined, digits)}"
    return line(f"{where} from {graph.label(node)} to {step.name}: {given}; the upstream gradient is {upstream}.")
