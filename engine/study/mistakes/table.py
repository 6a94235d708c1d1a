"""`MISTAKES`: the table of all mistakes that are known. A new one is an entry in the module of its family."""

from __future__ import annotations

from . import confused, derivatives, forgotten, sums
from .alteration import Mistake

MISTAKES: dict[str, Mistake] = {
    mistake.id: mistake
    for family in (forgotten.MISTAKES, sums.MISTAKES, derivatives.MISTAKES, confused.MISTAKES)
    for mistake in family
}
"""By id; of mistakes that are as near to what is asked, the likelier ones come first."""
