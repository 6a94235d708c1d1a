"""What a page says at each moment of a walk: the words of the terminal, for the eye and for the ear."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ...engine.errors import printable
from ...engine.rules.printers.spoken import NOTATION as SPOKEN
from ...engine.scenario import Scenario
from ...engine.walk.phase import Phase
from ...engine.walk.trace import State, Trace
from ..words.aloud import read_aloud
from ..words.plain import step_sentences
from ..words.walk import gradient_cell, moment_lines, position_words, value_cell
from .questions import PageQuestions, StepQuestions
from .shown import ShownLine, shown_lines

MOST_ALOUD = 600
"""In a walk of more steps they are not written out for the ear too: the page would be too large."""


class ShownMoment(msgspec.Struct, frozen=True, array_like=True):
    """A moment of a walk: the start, or a step that was just taken.

    `lines` say it as the terminal does, `aloud` in words alone. `cell` is the number that the step writes as it stands
    in the graph: a value, or a gradient with `(1/2)` after it while contributions are missing. `asked` is what is asked
    before the step is shown.
    """

    position: str
    lines: Sequence[ShownLine]
    aloud: Sequence[str]
    cell: str = ""
    asked: StepQuestions | None = None


def shown_moments(scenario: Scenario, trace: Trace, digits: int = 0) -> list[ShownMoment]:
    """Write every moment of a walk; `digits` are as in `words.walk.number`."""
    aloud = trace.written_in(SPOKEN) if trace.total <= MOST_ALOUD else None
    questions = PageQuestions(trace, digits)
    return [_moment(scenario, trace.state(cursor), aloud, digits, questions) for cursor in range(trace.total + 1)]


def _moment(
    scenario: Scenario, state: State, aloud: Trace | None, digits: int, questions: PageQuestions
) -> ShownMoment:
    cursor, trace = state.cursor, state.trace
    position = position_words(trace, cursor)
    lines = shown_lines(moment_lines(scenario, state, digits))
    if not cursor:
        return ShownMoment(position, _without_title(lines, scenario), [position])
    sentences = [] if aloud is None else [read_aloud(said.plain) for said in step_sentences(aloud, cursor, digits)]
    return ShownMoment(position, lines, sentences, _cell(state, digits), questions.of_step(cursor, lines))


def _without_title(lines: list[ShownLine], scenario: Scenario) -> list[ShownLine]:
    """Leave out the title, which stands over the page, with the empty line below it."""
    is_title = bool(lines) and "".join(text for text, _ in lines[0][1]) == printable(scenario.title)
    return lines[2:] if is_title else lines


def _cell(state: State, digits: int) -> str:
    trace, cursor = state.trace, state.cursor
    cell = value_cell if trace.phase(cursor) in (Phase.FORWARD, Phase.UPDATE) else gradient_cell
    return cell(state, trace.node_of(cursor), digits)[0]
