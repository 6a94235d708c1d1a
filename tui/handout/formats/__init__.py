"""What handouts are written as, one a module: each has a `FORMAT`, and its name is that of the module."""

from __future__ import annotations

import importlib
import pkgutil

from ..format import Format


def formats() -> list[str]:
    """Return the names of the formats."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def format_named(name: str) -> Format:
    """Return the format of that name, one of `formats()`."""
    return importlib.import_module(f"{__name__}.{name}").FORMAT
