"""Formulas of arrays in each notation; a module is called as the notation is that it extends, and has a `NOTATION`."""

from __future__ import annotations

import importlib
import pkgutil

from ...rules.notation import Notation


def notations() -> list[str]:
    """Return the names of the notations."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "signs")


def notation(name: str) -> Notation:
    """Return the notation of that name, one of `notations()`."""
    return importlib.import_module(f"{__name__}.{name}").NOTATION
