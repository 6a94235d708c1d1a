"""Draws only the rows of the widgets that have changed.

Where one row of one widget has changed, Textual asks every widget that lies between the first and the last change for
all of its lines, cuts each of them wherever any widget begins or ends, and throws nearly all of it away: most of the
time that a step takes. `PartialCompositor` asks the widget that is seen there, for the rows that have changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

Span = tuple[int, int]
"""The column where something begins, and the one after it."""

Patch = tuple[int, int, Strip]
"""A row, the column it begins at, and what to draw there."""


class PatchUpdate(CompositorUpdate):
    """What has changed on a screen, as patches that do not overlap."""

    def __init__(self, patches: Sequence[Patch]) -> None:
        """Paint these patches."""
        self.patches = patches

    def render_segments(self, console: Console) -> str:
        """Return the bytes that paint the patches."""
        return "".join(
            f"{Control.move_to(column, row).segment.text}{strip.render(console)}" for row, column, strip in self.patches
        )


class PartialCompositor(Compositor):
    """Textual's compositor, but for how it paints what has changed."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return what has changed, as a `PatchUpdate`; None where nothing has."""
        screen = self.size.region
        changed = [region.intersection(screen) for region in self._dirty_regions]
        self._dirty_regions.clear()
        patches = self._patches(changed)
        update: Any = PatchUpdate(patches) if patches else None  # all that is asked of it is to be written
        return update

    def _patches(self, changed: Sequence[Region]) -> list[Patch]:
        """Draw regions of the screen, from the widgets in front to those behind, and nothing twice."""
        wanted: dict[int, list[Span]] = {}
        for row, left, right in self._regions_to_spans(changed):
            wanted.setdefault(row, []).append((left, right))
        patches: list[Patch] = []
        for widget, (region, clip) in self.visible_widgets.items():
            if not wanted:
                break
            left, top, width, height = area = region.intersection(clip)
            rows = [row for row in wanted if top <= row < top + height and _meets(wanted[row], area)]
            text = region.shrink(widget.styles.gutter).shrink(widget.scrollbar_gutter) if rows else region
            for row in rows:
                wanted[row] = self._widened(row, wanted[row], area, text)
            for first, last in _runs(rows):
                spans = [span for row in range(first, last + 1) for span in wanted[row] if _meets([span], area)]
                begin = max(left, min(span[0] for span in spans))
                end = min(left + width, max(span[1] for span in spans))
                crop = Region(begin - region.x, first - region.y, end - begin, last - first + 1)
                for row, strip in enumerate(widget.render_lines(crop), first):
                    rest = _without(wanted[row], begin, end)
                    for here, until in _within(wanted[row], begin, end):
                        whole = (here, until) == (begin, end)
                        patches.append((row, here, strip if whole else strip.crop(here - begin, until - begin)))
                    if rest:
                        wanted[row] = rest
                    else:
                        del wanted[row]
        return patches

    def _widened(self, row: int, spans: Sequence[Span], area: Region, text: Region) -> list[Span]:
        """Return spans of a row with those that begin or end amid the `text` of a widget widened to where it is seen.

        Else half of a character of two cells could be drawn there, of which the other half is seen too.
        """
        edges = text.x, text.right
        widened: list[Span] = []
        for begin, end in spans:
            if area.x < begin < area.right and begin not in edges:
                begin = max(cut for cut in self.cuts[row] if cut <= begin)
            if area.x < end < area.right and end not in edges:
                end = min(cut for cut in self.cuts[row] if cut >= end)
            if widened and begin < widened[-1][1]:
                begin = widened.pop()[0]
            widened.append((begin, end))
        return widened


def paint_partially(screen: Screen[Any]) -> None:
    """Have a screen's changes painted by a `PartialCompositor`, where it has the one that Textual gave it."""
    compositor = screen._compositor  # pyright: ignore[reportPrivateUsage]
    if type(compositor) is Compositor:
        compositor.__class__ = PartialCompositor


def _meets(spans: Sequence[Span], area: Region) -> bool:
    return any(begin < area.right and end > area.x for begin, end in spans)


def _within(spans: Sequence[Span], begin: int, end: int) -> list[Span]:
    """Return what spans have between two columns."""
    return [(max(a, begin), min(b, end)) for a, b in spans if a < end and b > begin]


def _without(spans: Sequence[Span], begin: int, end: int) -> list[Span]:
    """Return what spans have elsewhere than between two columns."""
    parts = [part for a, b in spans for part in ((a, min(b, begin)), (max(a, end), b))]
    return [(a, b) for a, b in parts if a < b]


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return rows, which ascend, as runs of neighbours: the first and the last of each."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
