"""A notebook: whether the program runs in one, and how something is shown there."""

from __future__ import annotations

import sys
from typing import Any


def in_a_notebook() -> bool:
    """Say whether this runs in the kernel of a notebook, which shows pages and has no terminal."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    return getattr(shell, "kernel", None) is not None


def display(what: object) -> None:
    """Show something below the cell of a notebook that runs."""
    from IPython.display import display as show_below  # pyright: ignore

    show_below(what)
