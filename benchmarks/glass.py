"""What a terminal shows, as text: a `Glass` takes what a program writes, a hundred of them in one process.

It knows what gradwalk writes and no more: text, moves of the cursor, and erasing; colours and modes are passed over.
"""

from __future__ import annotations

import codecs
import re

_PIECE = re.compile(
    "\x1b\\[(?P<numbers>[0-9;:?<>=$ ]*)(?P<final>[@-~])"
    "|\x1b[\\]P_^][^\x07\x1b]*(?:\x07|\x1b\\\\)"
    "|\x1b[()][0-9A-Z]|\x1b[^\\[\\]P_^()]"
    "|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])"
    "|(?P<text>[^\x00-\x1f\x7f]+)"
)


class Glass:
    """The characters on a screen of `width` columns and `height` rows."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._cells = [[" "] * width for _ in range(height)]
        self._row = self._column = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""

    @property
    def rows(self) -> list[str]:
        """What is shown, row by row, the spaces at their ends included."""
        return ["".join(cells) for cells in self._cells]

    def feed(self, data: bytes) -> None:
        """Take in what was written; it may end in the middle of a character or of a sequence."""
        text = self._pending + self._decoder.decode(data)
        place = 0
        while found := _PIECE.match(text, place):
            place = found.end()
            if found["text"]:
                self._write(found["text"])
            elif found["control"]:
                self._control(found["control"])
            elif found["final"]:
                self._sequence(found["numbers"], found["final"])
        self._pending = text[place:]

    def _write(self, text: str) -> None:
        cells = self._cells[self._row]
        column = min(self._column, self.width - 1)
        text = text[: self.width - column]
        cells[column : column + len(text)] = text
        self._column = column + len(text)

    def _control(self, character: str) -> None:
        if character == "\r":
            self._column = 0
        elif character == "\b":
            self._column = max(self._column - 1, 0)
        elif character == "\n" and self._row < self.height - 1:
            self._row += 1
        elif character == "\n":
            self._cells = [*self._cells[1:], [" "] * self.width]

    def _sequence(self, numbers: str, final: str) -> None:
        if final in "mhlpun" or not re.fullmatch("[0-9;]*", numbers):
            return
        first, second = ([int(number or 0) for number in numbers.split(";")] + [0])[:2]
        if final == "H":
            self._row, self._column = min(max(first, 1), self.height) - 1, min(max(second, 1), self.width) - 1
        elif final == "C":
            self._column = min(self._column + max(first, 1), self.width - 1)
        elif final == "K" and first == 0:
            self._cells[self._row][self._column :] = [" "] * (self.width - self._column)
        elif final == "J":
            kept = self._row if first == 0 else 0
            self._cells[kept:] = [[" "] * self.width for _ in range(self.height - kept)]
        else:
            raise ValueError(f"a sequence that this screen does not know: {numbers!r} {final!r}")
