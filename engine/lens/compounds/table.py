"""`COMPOUNDS`: what is taken as one step where it was made so. A new one is an entry in the module of its family."""

from __future__ import annotations

from .compound import Compound

COMPOUNDS: dict[str, Compound] = {}
"""By the name of the operation."""
