"""What a page says at each moment of a walk: the words of the terminal, for the eye and for the ear."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ...engine.rules.printers.spoken import NOTATION as SPOKEN
from ...engine.scenario import Scenario
from ...engine.walk.phase import Phase, Quantity
from ...engine.walk.trace import State, Trace
from ..words.lines import Line, Piece
from ..words.plain import step_sentences
from ..words.walk import gradient_cell, moment_lines, position_words, value_cell

ShownLine = tuple[Piece, Sequence[Piece]]
"""A line as a page has it: its label, and its pieces, each with the name of its style."""


class ShownMoment(msgspec.Struct, frozen=True):
    """A moment of a walk: the start, or a step that was just taken.

    `lines` say it as the terminal does, `aloud` in words alone. `cell` is the number that the step writes as it stands
    in the graph: a value, or a gradient with `(1/2)` after it while contributions are missing.
    """

    position: str
    lines: Sequence[ShownLine]
    aloud: Sequence[str]
    cell: str = ""


def shown_moments(scenario: Scenario, trace: Trace, digits: int = 0) -> list[ShownMoment]:
    """Write every moment of a walk; `digits` are as in `words.walk.number`."""
    aloud = trace.written_in(SPOKEN)
    return [_moment(scenario, trace.state(cursor), aloud, digits) for cursor in range(trace.total + 1)]


def shown_lines(lines: Sequence[Line]) -> list[ShownLine]:
    """Write lines as a page has them."""
    return [(line.label, line.pieces) for line in lines]


def _moment(scenario: Scenario, state: State, aloud: Trace, digits: int) -> ShownMoment:
    cursor, trace = state.cursor, state.trace
    position = position_words(trace, cursor)
    lines = shown_lines(moment_lines(scenario, state, digits))
    if not cursor:
        return ShownMoment(position, lines, [position])
    sentences = [said.plain for said in step_sentences(aloud, cursor, digits)]
    return ShownMoment(position, lines, sentences, _cell(state, digits))


def _cell(state: State, digits: int) -> str:
    trace, cursor = state.trace, state.cursor
    writes_value = trace.segment(cursor).quantity is Quantity.VALUE
    cell = value_cell if writes_value or trace.phase(cursor) is Phase.FORWARD else gradient_cell
    return cell(state, trace.node_of(cursor), digits)[0]
