"""What the boxes of a circuit and the line above it say."""

from __future__ import annotations

from collections.abc import Sequence


def count_words(count: int, thing: str) -> str:
    """Say how many things there are: `1 sample`, `99 samples`."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def entries_words(shape: Sequence[int]) -> str:
    """Say how many entries an array has: `3×2 entries`."""
    return f"{'×'.join(map(str, shape))} entries"


def left_out_words(count: int) -> str:
    """Say that boxes are left out, and how many where that is known (-1: not known)."""
    return f"+ {count} more" if count >= 0 else "+ more"


def scope_words(boxes: int, neighbourhood_of: str, nodes: int) -> str:
    """Say how much of a graph a circuit shows: all of it, or what is near a node."""
    if neighbourhood_of:
        return f"near {neighbourhood_of}, of {nodes:,} nodes"
    return f"{nodes:,} nodes" if boxes == nodes else f"{nodes:,} nodes in {boxes} boxes"


def beyond_words(left: bool, up: bool, down: bool, right: bool) -> str:
    """Say on which sides a circuit goes on outside of the view."""
    sides = "".join(sign for sign, goes_on in zip("◂▴▾▸", (left, up, down, right), strict=True) if goes_on)
    return f"more {sides}" if sides else ""
