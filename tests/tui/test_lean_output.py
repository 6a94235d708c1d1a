"""What is written in few bytes paints what Textual's own bytes paint."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pyte
import pytest
from gradwalk.tui.lean_output import TerminalCopy
from gradwalk.tui.partial_paint import Patch, PatchUpdate
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from .pilots import opened

WIDTH, HEIGHT = 12, 3

COLOURS = st.sampled_from([None, "red", "bright_blue", "#0a141e", "#f0c040"])
STYLES = st.builds(
    Style, color=COLOURS, bgcolor=COLOURS, bold=st.booleans(), italic=st.booleans(), underline=st.booleans(),
    reverse=st.booleans(), strike=st.booleans(),
)  # fmt: skip
CHARACTERS = st.sampled_from(["a", "b", "é", "∂", "e\u0301", " ", " ", " "])
TEXTS = st.lists(CHARACTERS, min_size=1, max_size=WIDTH).map("".join)


def cut(pieces: list[tuple[str, Style]]) -> list[Segment]:
    """Return segments of pieces that fill a row at most."""
    strip = Strip([Segment(text, style) for text, style in pieces])
    return list(strip.crop(0, WIDTH))


ROWS = st.lists(st.tuples(TEXTS, STYLES), min_size=1, max_size=5).map(cut)
UPDATES = st.lists(st.dictionaries(st.integers(0, HEIGHT - 1), ROWS, min_size=1), min_size=1, max_size=6)


class Shown:
    """A terminal that shows what it is sent."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.Stream(self._screen)
        self.send("\x1b[?7l")  # lines do not wrap, as Textual has it

    def send(self, written: str) -> None:
        self._stream.feed(written)

    @property
    def cells(self) -> list[tuple[Any, ...]]:
        """What a person sees of each cell: of a blank, not the colour that its character would have."""
        cells: list[tuple[Any, ...]] = []
        for row in range(HEIGHT):
            for column in range(WIDTH):
                cell = self._screen.buffer[row][column]
                lines = (cell.underscore, cell.strikethrough, cell.reverse)
                seen = cell.data != " " or any(lines)
                cells.append((cell.data, cell.bg, *lines, *((cell.fg, cell.bold, cell.italics) if seen else ())))
        return cells


def in_full(patches: Sequence[Patch]) -> str:
    """Return Rich's bytes for patches, each place and colour set anew."""
    console = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=WIDTH)
    return "".join(f"\x1b[{row + 1};{column + 1}H{strip.render(console)}" for row, column, strip in patches)


@given(UPDATES)
def test_any_updates_paint_the_same_as_in_full(updates: list[dict[int, list[Segment]]]) -> None:
    copy, lean, full = TerminalCopy(), Shown(), Shown()
    for update in updates:
        patches = [(row, 0, Strip(segments)) for row, segments in update.items()]
        lean.send(copy.sequence(patches, ColorSystem.TRUECOLOR))
        full.send(in_full(patches))
        assert lean.cells == full.cells


@pytest.mark.parametrize("text", ["e\u0301x", "x\u0302 = 2", "a\u0308\u0323"])
def test_an_accent_is_written_with_the_character_that_it_belongs_to(text: str) -> None:
    written = TerminalCopy().sequence([(0, 0, Strip([Segment(text)]))], ColorSystem.TRUECOLOR)
    assert text in written


def test_only_a_colour_may_change() -> None:
    copy = TerminalCopy()
    patches = [[(0, 0, Strip([Segment("x = 2", Style(color=colour))]))] for colour in ("red", "blue")]
    copy.sequence(patches[0], ColorSystem.TRUECOLOR)
    assert copy.sequence(patches[1], ColorSystem.TRUECOLOR) == "\x1b[34m\x1b[1Hx = 2\x1b[m"


def test_what_is_there_already_is_not_written_again() -> None:
    copy = TerminalCopy()
    patches = [(0, 0, Strip([Segment("漢字 = 2", Style(color="red"))]))]
    assert "漢字" in copy.sequence(patches, ColorSystem.TRUECOLOR)
    assert copy.sequence(patches, ColorSystem.TRUECOLOR) == ""


def test_no_half_of_a_wide_character_is_written() -> None:
    copy = TerminalCopy()
    for text, written in (("漢a", "漢a"), ("字a", "字"), ("xya", "xy"), ("漢a", "漢")):
        assert written in copy.sequence([(0, 0, Strip([Segment(text)]))], ColorSystem.TRUECOLOR)


class TestWhereItFails:
    """Textual's own bytes are written, and the next update takes nothing for granted."""

    def update(self, text: str) -> LayoutUpdate:
        return LayoutUpdate([[Strip([Segment(text)])]], Region(0, 0, len(text), 1))

    def written(self, update: CompositorUpdate) -> str:
        return update.render_segments(Console(force_terminal=True, color_system="truecolor"))

    @pytest.mark.parametrize("error", [AttributeError, IndexError, RuntimeError])
    @pytest.mark.parametrize("part", ["_layout_patches", "TerminalCopy._cells", "Pen.sequence"])
    def test_in_collecting_or_in_writing(
        self, part: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise error("a bug of ours")

        copy = TerminalCopy()
        self.written(copy.lean(self.update("one")))
        with monkeypatch.context() as patched:
            patched.setattr(f"gradwalk.tui.lean_output.{part}", fail)
            failing = self.update("two")
            assert "two" in self.written(failing)
            assert self.written(copy.lean(failing)) == self.written(failing)
        assert "two" in self.written(copy.lean(self.update("two")))


class TestTextual:
    @pytest.mark.parametrize(("act", "kind"), [("right", PatchUpdate), ("question_mark", LayoutUpdate)])
    async def test_it_still_has_its_updates_made_small(
        self, act: str, kind: type[CompositorUpdate], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[tuple[Any, Any]] = []
        lean: Callable[[TerminalCopy, Any], Any] = TerminalCopy.lean
        monkeypatch.setattr(TerminalCopy, "lean", lambda copy, update: made.append((update, lean(copy, update))))
        async with opened("fabc") as pilot:
            made.clear()
            await pilot.press(act)
            await pilot.pause()
        updates = [(update, small) for update, small in made if update is not None]
        assert any(isinstance(update, kind) for update, _ in updates)
        assert all(small is not update for update, small in updates)
