"""`groups_of`: which arrays of a graph were made as one compound operation."""

from __future__ import annotations

from ...walk.trace import Trace
from ..array_graph import Group


def groups_of(trace: Trace) -> tuple[Group, ...]:
    """Return the arrays that belong together; nothing where none do."""
    return ()
