"""`ARRAY_MISTAKES`: all mistakes of arrays that are known. A new one is an entry in the module of its family."""

from __future__ import annotations

from . import factors, products, sums
from .mistake import ArrayMistake

ARRAY_MISTAKES: dict[str, ArrayMistake] = {
    mistake.id: mistake for family in (products, sums, factors) for mistake in family.MISTAKES
}
"""By id, the likelier ones first."""
