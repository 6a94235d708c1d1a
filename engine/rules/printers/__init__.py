"""Notations, one a module: each has a `NOTATION`, and its name is that of the module."""

from __future__ import annotations

import importlib
import pkgutil

from ..notation import Notation


def notations() -> list[str]:
    """Return the names of the notations."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def notation(name: str) -> Notation:
    """Return the notation of that name, one of `notations()`."""
    return importlib.import_module(f"{__name__}.{name}").NOTATION
