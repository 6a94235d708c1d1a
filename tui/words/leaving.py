"""What is said before something would be lost."""

from __future__ import annotations

from collections.abc import Sequence

from ...engine.errors import listing


def quit_words(titles: Sequence[str]) -> str:
    """Say which walks have edits or notes that are in no file; the id of the binding stands for its key."""
    return f"Edits or notes are in no file yet ({listing(titles, 3)}). {{app.quit}} once more quits without them."
