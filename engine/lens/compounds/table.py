"""`COMPOUNDS`: what is taken as one step where it was made so. A new one is an entry in the module of its family."""

from __future__ import annotations

from . import attention, cross_entropy, norms, softmax
from .compound import Compound

COMPOUNDS: dict[str, Compound] = {
    compound.name: compound for family in (softmax, norms, cross_entropy, attention) for compound in family.COMPOUNDS
}
"""By the name of the operation."""
