"""`ExactValue`: a number's short closed form, such as -1/(9e), beside its decimal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExactValue:
    """A number in closed form: `form` is its text.

    `relation` is = where the decimal beside it is this number rounded to the last digit shown. It is "exactly" where
    the decimal is not, because a float has no more digits, and where the decimal after a ≈ is the number itself.
    """

    form: str
    relation: str
