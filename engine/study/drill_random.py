"""`SeededRandom`: random numbers that are the same on every machine and in every Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

_BITS = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


class SplitMix64:
    """Whole numbers of 64 bits (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014)."""

    def __init__(self, state: int) -> None:
        """Begin at a state, a whole number of 64 bits."""
        self.state = state & _BITS

    def next(self) -> int:
        """Return the next number."""
        self.state = (self.state + _GOLDEN) & _BITS
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _BITS
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _BITS
        return mixed ^ (mixed >> 31)


class SeededRandom:
    """Draws with `SplitMix64`.

    Python promises the same sequence between versions for few of its own functions, and none of those that choose. What
    is drawn here hangs on whole numbers alone.
    """

    def __init__(self, *seeds: int) -> None:
        """Begin a sequence; each list of whole numbers has one of its own."""
        state = 0
        for seed in seeds:
            state = SplitMix64(state).next() ^ seed
        self._numbers = SplitMix64(state)

    def below(self, bound: int) -> int:
        """Return a whole number from 0 to `bound` - 1, each as likely as the others."""
        return (self._numbers.next() * bound) >> 64

    def choice(self, items: Sequence[T]) -> T:
        """Return one of some items, each equally likely; IndexError where there are none."""
        return items[self.below(len(items))]

    def weighted(self, items: Iterable[tuple[T, int]]) -> T:
        """Return one of some items, each as likely as its whole weight; IndexError where no weight is positive."""
        pairs = [(item, weight) for item, weight in items if weight > 0]
        drawn = self.below(sum(weight for _, weight in pairs))
        for item, weight in pairs:
            drawn -= weight
            if drawn < 0:
                return item
        raise IndexError("there is nothing to choose from")

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """Return some items in a random order."""
        mixed = [*items]
        for place in range(len(mixed) - 1, 0, -1):
            other = self.below(place + 1)
            mixed[place], mixed[other] = mixed[other], mixed[place]
        return mixed
