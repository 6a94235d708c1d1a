"""What is said to a learner who answers: the same words on the screen and in plain text."""

from __future__ import annotations

from collections.abc import Sequence

from ...engine.study.attempt import Attempt, Outcome
from ...engine.study.level import FADING, Level
from ...engine.study.predicting import AskedStep
from ...engine.study.skills import skill_words
from ...engine.study.tally import Tally
from ...engine.study.task import TaskKind
from ...engine.study.verdict import Verdict
from ...engine.walk.phase import Phase
from ...engine.walk.trace import Trace
from .exact import exact_words
from .lines import Line, Piece, labelled, line
from .walk import number

RIGHT_SIGN, WRONG_SIGN, HINT_SIGN = "✓", "✗", "?"

NO_ANSWER = "An answer is a number, such as -0.25, or an expression, such as -1/s^2."
NO_MORE_HINTS = "There are no more hints, and only a fingerprint of the answer is known here. Try again, or skip it."

_SIGN = 2
"""Cells of the sign before a line, and of the space after it."""


def verdict_lines(verdict: Verdict) -> list[Line]:
    """Say what is said of an answer."""
    sign, style = (RIGHT_SIGN, "value") if verdict.right else (WRONG_SIGN, "undefined")
    lines = [labelled((sign, style), _SIGN, (verdict.sentence, style if verdict.right else ""))]
    return [*lines, labelled("", _SIGN, verdict.remark)] if verdict.remark else lines


def hint_lines(attempt: Attempt) -> list[Line]:
    """Say the hints shown so far, the newest first, each with its number."""
    count = len(attempt.task.hints)
    return [
        labelled((HINT_SIGN, "local"), _SIGN, (f"hint {number} of {count}: ", "label"), hint)
        for number, hint in reversed([*enumerate(attempt.hints, 1)])
    ]


def solution_line(attempt: Attempt) -> Line:
    """Say the right answer."""
    task = attempt.task
    return line((f"{task.ask} = {task.solution}" if task.solution else "its answer is not known here", "contribution"))


def closed_lines(attempt: Attempt) -> list[Line]:
    """Say what has come of an attempt that is closed: the verdict, or the answer where it was not found."""
    if attempt.outcome in (Outcome.RIGHT, Outcome.HELPED):
        return verdict_lines(attempt.verdicts[-1])
    words = "skipped" if attempt.is_skipped else "the answer"
    pieces = solution_line(attempt).pieces
    return [labelled(("–", "label"), _SIGN, (f"{words}: ", "label"), *pieces)]


def attempt_lines(attempt: Attempt, *, hint_is_latest: bool = False) -> list[Line]:
    """Say what was said of an attempt so far, the latest first: the last verdict and the hints, or how it ended."""
    if not attempt.is_open:
        return closed_lines(attempt)
    verdicts = verdict_lines(attempt.verdicts[-1]) if attempt.verdicts else []
    hints = hint_lines(attempt)
    return [*hints, *verdicts] if hint_is_latest else [*verdicts, *hints]


CHOICE_WORDS = {
    FADING: "as much as you are ready for: a new rule is shown first, then more is asked each time it goes well",
    Level.WORKED_EXAMPLE: "nothing: every step is shown, as an example",
    Level.LAST_FACTOR: "what is last in each step: forward its value, backward its local derivative",
    Level.STEP: "each step: its local derivative, its contribution, and the sum",
    Level.RESULT: "the results alone: the output, and the gradient of each input",
}
"""What is asked, for each of the `level.CHOICES`."""

PREDICT_ON = "Predict mode: {walk.forward} asks for the next step before it is shown. You are asked for "
PREDICT_AGAIN = "Predict mode, from the start, since every step was shown. You are asked for "
PREDICT_OFF = "Predict mode is off: steps are shown as they are taken."
"""With the ids of the bindings whose keys stand there; the first two end with one of `CHOICE_WORDS`."""

QUESTION_WAITS = "The question waits: {walk.forward} or a click comes back to it."
EXAMPLE = "Shown as an example; the next of its kind is asked for."
LAST_STEP = "{walk.step} shows this last step."

GO_ON = "{walk.forward} goes on"
RESULT_ALONE = "Only the result is asked; the steps on the way are yours."


def predicting_words(choice: str, *, again: bool = False) -> str:
    """Say that steps are asked for, and how much of each; `again` from the start of a walk that was seen."""
    return f"{PREDICT_AGAIN if again else PREDICT_ON}{CHOICE_WORDS[choice]}."


def asked_lines(trace: Trace, asked: AskedStep, done: Sequence[Attempt], digits: int = 0) -> list[Line]:
    """Say a step that is asked for in its symbols, with the numbers that its level gives, and what was found already.

    `digits` are as in `words.walk.number`.
    """
    step, notation = trace.step(asked.step, digits), trace.numbers.notation
    equals = notation.equals
    if step.phase is Phase.FORWARD:
        pieces: list[str | Piece] = [(notation.label(step.name), "name"), f"{equals}{step.expression}"]
        left = step.substituted.left
        if asked.level is Level.LAST_FACTOR and left != step.expression:
            pieces.append(f"{equals}{left}")
        lines = [line(*pieces)]
    elif step.factor is not None:
        factor = step.factor
        of = notation.label(step.output_name)
        target = notation.derivative(of, notation.label(step.name))
        upstream = notation.derivative(of, notation.label(factor.consumer_name))
        lines = [
            line((f"{notation.label(factor.consumer_name)}{equals}{factor.consumer_expression}", "label")),
            line((target, "contribution"), notation.adds, (upstream, "upstream"), notation.times,
                 (factor.local_name, "local")),
        ]  # fmt: skip
        if asked.level is Level.LAST_FACTOR:
            known = number(factor.upstream, factor.upstream_undefined, digits)
            exact = exact_words(factor.upstream_exact, notation)
            lines.append(line((upstream, "upstream"), equals, (notation.number(known) + exact, "upstream")))
    else:
        lines = []
    if asked.level is Level.RESULT:
        lines = [line((RESULT_ALONE, "label"))]
    return [*lines, *(found_line(attempt) for attempt in done)]


def found_line(attempt: Attempt) -> Line:
    """Say, in one line, a part of a step that was asked for: its number, and how it was found."""
    found = attempt.outcome in (Outcome.RIGHT, Outcome.HELPED)
    sign: Piece = (f"{RIGHT_SIGN} ", "value") if found else ("– ", "label")
    style = "local" if attempt.task.kind is TaskKind.LOCAL_DERIVATIVE else "contribution"
    return line(sign, (solution_line(attempt).plain, style))


def tally_lines(tally: Tally, not_asked: int) -> list[Line]:
    """Say what came of all that was asked in a walk, which rules to practise, and what can be done next.

    `not_asked` counts the steps that were shown without being asked for.
    """
    lines = [line(("What you predicted in this walk:", "heading"))]
    if not tally.attempts:
        return [*lines, line("  nothing was asked: every step was shown"), *_next_lines(tally)]
    parts: list[Piece] = []
    for outcome, style in _OUTCOMES.items():
        count = tally.count(outcome)
        parts += [(" · ", "label")] * bool(parts) + [(f"{count} {outcome}", style if count else "label")]
    lines.append(line("  ", *parts))
    if not_asked:
        lines.append(line((f"  {not_asked} step{'s' * (not_asked != 1)} shown without a question", "label")))
    to_practise = tally.to_practise
    if to_practise:
        skills = " · ".join(map(skill_words, to_practise[:_MOST_SKILLS]))
        more = f" · and {len(to_practise) - _MOST_SKILLS} more" if len(to_practise) > _MOST_SKILLS else ""
        lines.append(labelled("  to practise: ", 15, (skills, "name"), (more, "label")))
    return [*lines, *_next_lines(tally)]


_OUTCOMES = {
    Outcome.RIGHT: "value",
    Outcome.HELPED: "local",
    Outcome.WRONG: "undefined",
    Outcome.SKIPPED: "label",
}
_MOST_SKILLS = 6


def _next_lines(tally: Tally) -> list[Line]:
    if tally.to_practise:
        words = "Next: {walk.predict} twice predicts this walk again; `gradwalk drill` asks for these rules, mixed."
    elif tally.count(Outcome.SKIPPED):
        words = "Next: {walk.predict} twice predicts this walk again, from the start."
    elif tally.attempts:
        words = "All of it right, without help. Next: another walk, or {walk.predict-level} for more at once."
    else:
        words = "Next: {walk.predict-level} chooses how much is asked."
    return [line(words), line((LAST_STEP, "label"))]
