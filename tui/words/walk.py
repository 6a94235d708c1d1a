"""How a step, a node and a result read as text: the same words on the screen and in headless output.

Lines are `rich.text.Text` whose styles are names (`upstream`, `local`, ...). The widgets look the names
up in the theme, a console in `CONSOLE_THEME`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from rich.console import Console
from rich.text import Text
from rich.theme import Theme

from ...engine.language.step_key import derivative
from ...engine.rules.symbolic import format_number
from ...engine.scenario import Scenario
from ...engine.walk.step import Factor, Phase, Step
from ...engine.walk.trace import State, Trace
from ...engine.walk.update import Update, Updates
from .reasons import corner_words, undefined_words

STYLES: dict[str, str] = {
    "heading": "bold",
    "label": "dim",
    "name": "bold",
    "value": "bold green",
    "upstream": "bold cyan",
    "local": "bold yellow",
    "contribution": "bold magenta",
    "note": "italic",
    "undefined": "bold red",
    "unknown": "dim",
    "active": "bold magenta",
    "guide": "dim",
    "edge": "bold yellow",
    "selected": "underline",
}
"""Every style name that a text may use, and how a plain console shows it."""

CONSOLE_THEME = Theme({f"gradwalk.{name}": style for name, style in STYLES.items()})

Piece = tuple[str, str]
"""Some text and its style name; an empty name is no style."""

UNKNOWN = "?"
NO_GRADIENT = "–"
UNDEFINED = "undefined"
_MOST_RESULTS = 12


def text(*parts: str | Piece) -> Text:
    """Join plain pieces and (piece, style name) pairs into one line."""
    line = Text()
    for part in parts:
        if isinstance(part, str):
            line.append(part)
        else:
            line.append(part[0], f"gradwalk.{part[1]}" if part[1] else None)
    return line


def hanging_indent(line: Text) -> int:
    """Return how far a wrapped line's continuation is indented: as the line itself, or past its label."""
    indent = len(line.plain) - len(line.plain.lstrip(" "))
    label = next((span.end for span in line.spans if span.start == 0 and span.style == "gradwalk.label"), 0)
    return label if 0 < label < len(line) else indent


def number(value: float, undefined: bool = False) -> str:
    """Write a number for reading; one that does not exist is `undefined`."""
    return UNDEFINED if undefined else format_number(value)


def position_words(trace: Trace, cursor: int) -> str:
    """Say where a walk is: the phase and the step of how many."""
    if cursor == 0:
        return f"start · {trace.total} steps"
    return f"{trace.phase(cursor)} · step {cursor} of {trace.total}"


def step_lines(trace: Trace, number: int) -> list[Text]:
    """Say step `number` of a walk in full, its note last."""
    step = trace.step(number)
    if step.phase is Phase.FORWARD:
        lines = _forward_lines(step)
    elif step.update is not None:
        lines = _update_lines(step, step.update)
    elif step.factor is None:
        lines = _seed_lines(step)
    else:
        lines = _backward_lines(step, step.factor)
    if step.undefined:
        lines += [Text(), text((f"⚠ {undefined_words(step)}", "undefined"))]
    if step.note:
        lines += [Text(), text((step.note.strip(), "note"))]
    return lines


def start_lines(scenario: Scenario) -> list[Text]:
    """Say what a scenario is about, before the first step."""
    lines = [text((scenario.title, "heading")), Text()]
    lines.append(Text((scenario.intro or scenario.summary or "Press → to begin.").strip()))
    if scenario.exercises:
        lines += [Text(), text(("Try it on paper first:", "label"))]
        for exercise in scenario.exercises:
            lines.append(text("  ", (f"{exercise.ask} = ?", "name")))
            if exercise.hint:
                lines.append(text("    ", (exercise.hint, "note")))
    return lines


def result_lines(trace: Trace) -> list[Text]:
    """Say what the whole walk found: the output and its partial by each input."""
    graph, end = trace.graph, trace.state(trace.total)
    output = graph.label(graph.output)
    value = number(float(trace.values[graph.output]), end.value_undefined(graph.output))
    lines = [text(("The walk is complete:", "label")), text("  ", (f"{output} = {value}", "value"))]
    inputs: list[int] = np.flatnonzero(graph.carries_gradient[: graph.leaf_count]).tolist()
    for leaf in inputs[:_MOST_RESULTS]:
        gradient = number(end.gradient(leaf) or 0.0, end.gradient_undefined(leaf))
        lines.append(text("  ", (f"{derivative(output, graph.label(leaf))} = {gradient}", "contribution")))
    if len(inputs) > _MOST_RESULTS:
        lines.append(text(f"  and {len(inputs) - _MOST_RESULTS} more"))
    return lines


def moment_lines(scenario: Scenario, state: State) -> list[Text]:
    """Say everything about a moment of a walk: what it is about, the step just taken, at the end the result."""
    trace = state.trace
    if not state.cursor:
        return start_lines(scenario) if trace.updates is None else _update_start_lines(scenario, trace.updates)
    lines = step_lines(trace, state.cursor)
    return [*lines, Text(), *result_lines(trace)] if state.cursor == trace.total else lines


def trace_lines(scenario: Scenario, trace: Trace) -> Iterator[Text]:
    """Say a whole walk, step after step, as `gradwalk trace` prints it."""
    for cursor in range(trace.total + 1):
        yield text((position_words(trace, cursor), "label"))
        for line in moment_lines(scenario, trace.state(cursor)):
            line.pad_left(2 if line.plain else 0)
            yield line
        yield Text()


def value_cell(state: State, node: int) -> Piece:
    """Return a node's value at this moment and its style name."""
    value = state.value(node)
    if value is None:
        return UNKNOWN, "unknown"
    return (UNDEFINED, "undefined") if state.value_undefined(node) else (format_number(value), "value")


def gradient_cell(state: State, node: int) -> Piece:
    """Return a node's gradient at this moment, with `(1/3)` while contributions are missing, and its style name."""
    if not state.contribution_count(node):
        return NO_GRADIENT, "unknown"
    gradient = state.gradient(node)
    if gradient is None:
        return UNKNOWN, "unknown"
    if state.gradient_undefined(node):
        return UNDEFINED, "undefined"
    taken, count = state.contributions_taken(node), state.contribution_count(node)
    return format_number(gradient) + (f" ({taken}/{count})" if taken < count else ""), "contribution"


def plain(lines: list[Text]) -> str:
    """Return lines as text without styles."""
    return "\n".join(line.plain for line in lines)


def console(*, stderr: bool = False) -> Console:
    """Return a console that knows the style names: coloured on a terminal, plain when piped."""
    return Console(theme=CONSOLE_THEME, stderr=stderr, highlight=False, soft_wrap=True)


def _update_start_lines(scenario: Scenario, updates: Updates) -> list[Text]:
    """Say what the walk of a training's update is about."""
    many = f"{len(updates)} parameters" if len(updates) > 1 else "parameter"
    about = (
        f"One update of this training as a walk: forward to the loss, back to the gradients, and at the end each "
        f"of the {many} moves against its gradient, with the learning rate η = {format_number(updates.rate)}. "
        "Press → to begin; Esc leads back to the training."
    )
    return [text((scenario.title, "heading")), Text(), Text(about)]


def _forward_lines(step: Step) -> list[Text]:
    indent = " " * len(step.name)
    lines = [text((step.name, "name"), f" = {step.expression}")]
    if step.substituted != step.expression:
        lines.append(text(f"{indent} = {step.substituted}"))
    undefined = bool(step.undefined)
    lines.append(text(f"{indent} = ", (number(step.value, undefined), "undefined" if undefined else "value")))
    return lines


def _seed_lines(step: Step) -> list[Text]:
    seed = number(step.value, bool(step.undefined))
    return [text((step.expression, "contribution"), " = ", (seed, "contribution"), ("   the seed", "label"))]


def _update_lines(step: Step, update: Update) -> list[Text]:
    gradient = derivative(step.output_name, step.name)
    decrease, after = format_number(update.decrease), number(update.after, bool(step.undefined))
    return [
        text(
            (step.name, "name"), " ← ", (f"{step.name} - {update.formula}", "value"), ("   g is the gradient", "label")
        ),
        Text(),
        text(("gradient           ", "label"), (gradient, "contribution"), " = ", format_number(update.gradient)),
        text(("learning rate      ", "label"), f"η = {format_number(update.rate)}"),
        *(
            text((f"{symbol:<19}", "label"), f"{symbol} = {formula} = ", (format_number(value), "local"))
            for symbol, formula, value in update.terms
        ),
        text(("decrease           ", "label"), f"{update.formula} = ", (decrease, "upstream")),
        text(
            ("updated            ", "label"),
            (step.name, "name"),
            f" = {format_number(update.before)} - {_wrapped(decrease)} = ",
            (after, "value"),
        ),
    ]


def _backward_lines(step: Step, factor: Factor) -> list[Text]:
    target = derivative(step.output_name, step.name)
    upstream_name = derivative(step.output_name, factor.consumer_name)
    local_name = factor.local_name
    upstream = number(factor.upstream, factor.upstream_undefined)
    local = number(factor.local, factor.local_undefined)
    contribution = number(factor.contribution, factor.contribution_undefined)
    before, after = number(factor.before, factor.before_undefined), number(factor.after, step.undefined is not None)
    formula = list(dict.fromkeys((factor.local_formula, factor.local_substituted, local)))
    rule = text((target, "contribution"), " += ", (upstream_name, "upstream"), " · ", (local_name, "local"))
    return [
        text((f"{factor.consumer_name} = {factor.consumer_expression}", "label")),
        rule,
        Text(),
        text(
            ("local derivative   ", "label"),
            (local_name, "local"),
            *(part for f in formula[:-1] for part in (" = ", f)),
            " = ",
            (local, "local"),
        ),
        *(
            [
                text(
                    ("jump               " if factor.corner.is_jump else "corner             ", "label"),
                    corner_words(factor.corner, step.name, factor.local),
                )
            ]
            if factor.corner
            else []
        ),
        text(("upstream gradient  ", "label"), (upstream_name, "upstream"), " = ", (upstream, "upstream")),
        text(
            ("contribution       ", "label"),
            (upstream, "upstream"),
            " · ",
            (_wrapped(local), "local"),
            " = ",
            (contribution, "contribution"),
        ),
        text(
            ("accumulated        ", "label"),
            (target, "contribution"),
            f" = {before} + {_wrapped(contribution)} = ",
            (after, "contribution"),
        ),
        *(
            [text((f"{'':19}contribution {factor.contribution_number} of {factor.contribution_count}", "label"))]
            if factor.contribution_count > 1
            else []
        ),
    ]


def _wrapped(shown: str) -> str:
    return f"({shown})" if shown.startswith("-") else shown
