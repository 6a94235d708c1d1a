"""Writing to standard output, whose reader may go away and whose disk may be full."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress

from ..engine.errors import GradwalkError


@contextmanager
def writing() -> Generator[None]:
    """See to it that what the block prints has been written.

    Whoever reads may have seen enough and gone away: the rest is dropped then, which is no error. Raises GradwalkError
    where it cannot be written for another reason, and before the block where there is no standard output at all.
    """
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]  # it is where it was closed before
        raise GradwalkError("standard output is closed, so nothing can be written")
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_the_rest()
    except OSError as error:
        _drop_the_rest()
        raise GradwalkError(f"what was asked for cannot be written: {error.strerror or error}") from None


def _drop_the_rest() -> None:
    """Let nothing more be written: Python tries again at its end, and would complain."""
    with suppress(OSError):  # what stands for standard output need not be a file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
