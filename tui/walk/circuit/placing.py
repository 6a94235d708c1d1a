"""In which row each item of a circuit's layers stands: near what it is joined to, in order, without touching."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

ROUNDS = 3
"""Times that the rows are found from the left, and again from the right."""

STRAIGHT = 6.0
"""How much more a wire on its way counts than a wire into a box: the long ones run straight."""

Link = tuple[int, int, int, float]
"""The other item, the row of the pin there and of the pin here (counted from the items' tops), and what it counts."""


def rows_of(
    order: Sequence[Sequence[int]],
    heights: Sequence[int],
    left: Sequence[Sequence[Link]],
    right: Sequence[Sequence[Link]],
    gap: Callable[[int, int], int],
) -> list[int]:
    """Return the top row of each item, 0 or more; `gap(a, b)` is the rows that stay free between two neighbours."""
    row = [0.0] * len(heights)
    offsets: list[list[int]] = []
    for own in order:
        offset, of_own = 0, [0]
        for above, below in pairwise(own):
            offset += heights[above] + gap(above, below)
            of_own.append(offset)
        offsets.append(of_own)
        for item, offset in zip(own, of_own, strict=True):
            row[item] = float(offset)
    for turn in range(2 * ROUNDS):
        links = left if turn % 2 == 0 else right
        numbered = list(zip(order, offsets, strict=True))
        for own, of_own in numbered if turn % 2 == 0 else reversed(numbered):
            _settle(own, of_own, row, links)
    top = min((row[own[0]] for own in order if own), default=0.0)
    rounded = [0] * len(heights)
    for own, of_own in zip(order, offsets, strict=True):
        for item, offset in zip(own, of_own, strict=True):
            rounded[item] = int(row[item] - offset - top + 0.5 + 1e6) - 1_000_000 + offset
    lowest = min(rounded, default=0)
    return [each - lowest for each in rounded]


def _settle(own: Sequence[int], offsets: Sequence[int], row: list[float], links: Sequence[Sequence[Link]]) -> None:
    """Move the items of a layer as near as they get to where their links would have them, keeping order and room.

    Without its offset every item must be at least where the one above it is: the nearest such numbers, by least
    squares, are found by pooling neighbours that are in each other's way.
    """
    pools: list[tuple[float, float, int]] = []
    for item, offset in zip(own, offsets, strict=True):
        wanted, weight = 0.0, 0.0
        for other, there, here, counts in links[item]:
            wanted += counts * (row[other] + there - here)
            weight += counts
        if not weight:
            wanted, weight = 0.01 * row[item], 0.01
        total, number = wanted - weight * offset, 1
        while pools and pools[-1][0] * weight >= total * pools[-1][1]:
            before = pools.pop()
            total, weight, number = total + before[0], weight + before[1], number + before[2]
        pools.append((total, weight, number))
    place = 0
    for total, weight, number in pools:
        for _ in range(number):
            row[own[place]] = total / weight + offsets[place]
            place += 1
