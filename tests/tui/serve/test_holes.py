"""What is allocated after the holes were filled lies in none of them."""

from __future__ import annotations

import sys

import pytest
from gradwalk.tui.serve.holes import fill_holes

SIZES = [48, 96, 160, 240, 512]


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is forked there")
@pytest.mark.skipif(sys.implementation.name != "cpython", reason="this is about CPython's allocator")
def test_new_objects_lie_in_no_hole_that_was_left_before() -> None:
    overhead = sys.getsizeof(b"")
    for size in SIZES:
        made = [bytes(size - overhead) for _ in range(1_000)]
        holes = {id(block) for block in made[::2]}
        del made[::2]
        fill_holes(2**22)
        new = [bytes(size - overhead) for _ in range(1_000)]
        assert len(holes & {id(block) for block in new}) < 5  # of 500; the test itself frees some
