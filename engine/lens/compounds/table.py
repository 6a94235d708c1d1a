"""`COMPOUNDS`: what is taken as one step where it was made so. A new one is an entry in the module of its family."""

from __future__ import annotations

from . import attention, cross_entropy, norms, softmax, statistics
from .compound import Compound

_FAMILIES = (softmax, norms, statistics, cross_entropy, attention)

COMPOUNDS: dict[str, Compound] = {
    compound.name: compound
    for family in (softmax, norms, statistics, cross_entropy, attention)
    for compound in family.COMPOUNDS
}
"""By the name of the operation."""
