"""`LargeStepView`: the numbers of the step just taken, over the whole window."""

from __future__ import annotations

from textual.screen import Screen

from ...bindings import active_keys
from ...widgets.lines import LinesView
from ...words.large import LargeNumber, LargeStep, large_step
from ...words.lines import Line, line
from ..moment import Moment
from ..opened import OpenedWalk
from ..tree.cells import fit_pieces
from .drawing import Size, can_be_drawn, drawn, fitting

SIGN = "≈"
"""The sign for which there is room at the left of each number."""


class LargeStepView(LinesView):
    """What the step writes, and the numbers of its equation one below the other, as large as they fit."""

    HELP = """\
The numbers of the current step, to be read from the back of a room. In the backward pass they are the upstream \
gradient, the local derivative and, below the =, their product: the contribution. The keys that take steps go on."""

    DEFAULT_CSS = """
    LargeStepView { padding: 0 1; height: 1fr; }
    """

    def __init__(self, opened: OpenedWalk, id: str | None = None) -> None:
        super().__init__(id=id)
        self._opened = opened
        self._moment: Moment | None = None

    def on_mount(self) -> None:
        """Follow the bindings, which the last line names."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow_bindings)

    def follow(self, moment: Moment) -> None:
        """Draw the moment's step."""
        self._moment = moment
        self.show(self._lines)

    def reopen(self, opened: OpenedWalk) -> None:
        """Be about another walk from now on."""
        self._opened = opened

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.show(self._lines)

    def _follow_bindings(self, screen: Screen[object]) -> None:
        self.show(self._lines)

    def _lines(self, width: int) -> list[Line]:
        if self._moment is None or not width:
            return []
        moment, height = self._moment, self.size.height
        if moment.cursor:
            said = large_step(moment.trace, moment.cursor, moment.digits)
        else:
            said = LargeStep([line((self._opened.title, "heading"))], [], [self._begin_line()])
        numbers = _number_lines(said.numbers, width, height - len(said.above) - len(said.below) - 1)
        lines = [*said.above, *numbers, *said.below]
        lines = [Line(tuple(fit_pieces(list(row.styled), width))) for row in lines]
        return [*lines, *[Line()] * (height - len(lines) - 1), self._way_back()]

    def _begin_line(self) -> Line:
        bound = active_keys(self.screen).get("walk.forward")
        return line(f"{bound.keys[0]} takes the first step" if bound else "")

    def _way_back(self) -> Line:
        bound = active_keys(self.screen).get("walk.large")
        return line((f"{bound.shown} leads back" if bound else "", "label"))


def _number_lines(numbers: list[LargeNumber], width: int, height: int) -> list[Line]:
    """Draw the numbers, each below its name, in the largest size in which all of them fit."""
    drawable = [number.number for number in numbers if can_be_drawn(number.number)]
    signs = any(number.sign for number in numbers)
    rows = height // max(1, len(numbers)) - 1
    size = fitting([SIGN + text if signs else text for text in drawable], width, rows) if drawable else None
    lines: list[Line] = []
    for number in numbers:
        lines.append(line((number.name, number.style)))
        if size is None or number.number not in drawable:
            lines.append(line("  ", (f"{number.sign} {number.number}".strip(), number.style)))
        else:
            lines += _drawn(number, size, signs)
    return lines


def _drawn(number: LargeNumber, size: Size, signs: bool) -> list[Line]:
    rows = drawn(number.number, size)
    if signs:
        room = size.width(SIGN) + size.columns
        sign = drawn(number.sign, size) if number.sign else [""] * len(rows)
        rows = [mark.ljust(room) + row for mark, row in zip(sign, rows, strict=True)]
    return [line((row, number.style)) for row in rows]
