"""Fills the holes that loading leaves in memory, so that sessions share more of it.

Python puts a new object where an old one was, into a page that is in use already. In a session, which shares its pages
with all others until it writes to them, each such object costs a page of its own. Where the holes are filled before
sessions are forked, the objects of a session lie together, in pages that nobody shares.
"""

from __future__ import annotations

import sys

_CLASSES = range(48, 513, 16)
"""Sizes of the blocks that Python's allocator deals in (Objects/obmalloc.c), without those too small for a `bytes`."""

_POOL, _HEADER = 2**14, 48
"""The size of what blocks of one size are cut from, and where in it the first block lies."""

_filling: list[bytes] = []


def fill_holes(most: int = 2**18) -> None:
    """Allocate blocks of every size until they have filled a pool that nothing was in, from its first to its last.

    Of each size it is no more than so many bytes: where another allocator is at work there would be no end.
    """
    overhead = sys.getsizeof(b"")
    for size in _CLASSES:
        last = run = 0
        for _ in range(most // size):
            block = bytes(size - overhead)
            _filling.append(block)
            place = id(block)
            run = run + 1 if place - last == size else int(place % _POOL == _HEADER)
            if run == (_POOL - _HEADER) // size:
                break
            last = place
