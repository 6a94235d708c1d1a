"""What the library says."""

from __future__ import annotations

from collections.abc import Sequence

from ..done import Done

_DONE = {Done.OPENED: "opened", Done.WALKED: "✓ walked", Done.TRAINED: "✓ trained"}

COURSE = "New here? A course in short lessons that answer back: gradwalk learn"
"""What is said of the course above the scenarios."""

OPENED_FROM_ELSEWHERE = "Opened from elsewhere"
"""The heading above what is neither built in nor of the shelf."""


def done_words(done: Done | None) -> str:
    """Say what was done with a scenario; nothing of one that was never opened."""
    return _DONE[done] if done is not None else ""


def shelf_title(places: Sequence[str]) -> str:
    """Say whose scenarios these are."""
    return f"choose a scenario of {places[0]}" if len(places) == 1 else f"choose one of {len(places)} scenarios"


def nothing_words(typed: str) -> str:
    """Say that a search has found nothing."""
    return f'nothing here has "{typed}" in its title, name, summary or section; esc shows all'
