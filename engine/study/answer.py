"""What somebody answers: read as an expression of numbers and names, and how near it has to be.

The rules of precision:

- An expression such as `-1/9` is right where it equals the number to nine digits.
- A number written with digits is right where it is the number rounded to its own last digit and no coarser than three
  significant digits: -0.111 and -0.1111 for -1/9, but neither -0.11 nor -0.112. A whole number below 10⁹ has no
  rounded form: it has to be exact.
- An expression with such numbers in it, `-0.111*0.368`, is right where it is right to three significant digits.
- What rounding alone can have made of the walk's own number counts for nothing: where the walk has 6e-17 for
  cos(π/2), 0 is right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from decimal import Decimal

from ..errors import ExpressionError
from ..language.by_hand import parse_by_hand, with_plain_signs
from ..language.expression import Expression, NameUse
from ..language.names import CONSTANTS
from ..rules.ops import CODES, OPS, evaluate
from ..rules.precise import precision

EXACT = Decimal("1e-9")
"""How far an exact expression may be from the number, as a part of it."""

SIGNIFICANT = 3
"""How many significant digits a rounded answer has at least."""

LARGEST_WHOLE = 10**9
"""A whole number from here on may be rounded as any other: the screen does not show it in full either."""

_NONE = frozenset({"undefined", "none", "nan", "does not exist", "not defined", "doesn't exist", "dne"})
"""What stands for a number that does not exist."""

_NUMBER = re.compile(r"\s*(?P<sign>[-+−]?)\s*(?P<digits>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*")

_WORKING_DIGITS = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that has been read: `text` as it was written, and the number that it stands for at this walk.

    `value` is None where it says that there is no number. `typed` are the digits of a plain number, None for any
    other expression. `has_decimals` says that there may be rounded numbers in it, and `rounding` how far they may be
    off (see `WrittenByHand`); `names` are those of the walk that are in it.
    """

    text: str
    value: float | None
    expression: Expression | None = None
    typed: Decimal | None = None
    has_decimals: bool = False
    rounding: Decimal = Decimal(0)
    names: tuple[str, ...] = ()

    @property
    def says_none(self) -> bool:
        """Whether it says that the number does not exist."""
        return self.value is None

    @property
    def unit(self) -> float:
        """The unit of the last digit that counts: 0.001 for -0.041, and 0 where nothing is rounded."""
        if self.typed is not None:
            exponent = self.typed.as_tuple().exponent
            return float(Decimal(1).scaleb(exponent)) if isinstance(exponent, int) else 0.0
        if self.value and self.has_decimals:
            return float(_unit_of_three_digits(Decimal(self.value)))
        return 0.0


def read_answer(text: str, known: Container[str], value_of: Callable[[NameUse, Expression], float]) -> Answer:
    """Read an answer; ExpressionError says where and why it cannot be read.

    `known` are the names that the parser may meet; `value_of` gives the number that a name stands for, or raises
    ExpressionError where it stands for none that may be used.
    """
    word = " ".join(text.casefold().replace("’", "'").split()).rstrip(".")
    if word in _NONE and word not in known:
        return Answer(text, None)
    written = parse_by_hand(text, known)
    expression = written.expression
    value = expression.fold(
        lambda number: number,
        lambda used: value_of(used, expression),
        lambda _, op, operands: evaluate(OPS[CODES[op]].forward, *operands),
    )
    if not math.isfinite(value):
        hint = "where the number that is asked for does not exist, answer: undefined"
        raise ExpressionError("this has no value here", text, 0, len(text), hint)
    names = tuple(dict.fromkeys(used.name for used in expression.names() if used.name in known))
    return Answer(text, value, expression, _typed(text), written.has_decimals, written.rounding, names)


def constant_of(used: NameUse, expression: Expression, known: list[str]) -> float:
    """Return e or π; ExpressionError for any other name, which suggests one of those known."""
    if used.name in CONSTANTS:
        return CONSTANTS[used.name]
    raise expression.unknown(used, known)


def is_right(answer: Answer, right: Decimal | float, noise: float = 0.0, value: Decimal | None = None) -> bool:
    """Say whether an answer is the number `right`, which exists, by the rules of precision.

    `noise` is how far rounding may have taken `right` from the number that mathematics has. `value` is what the answer
    stands for, where that is known to more digits than a float has.
    """
    if answer.value is None:
        return False
    with precision(_WORKING_DIGITS):
        exact = Decimal(right)
        given = answer.typed if answer.typed is not None else Decimal(answer.value) if value is None else value
        distance = abs(given - exact)
        if distance <= EXACT * abs(exact) + Decimal(noise):
            return True
        if not exact or (not answer.has_decimals and answer.typed is None):
            return False
        allowed = _unit_of_three_digits(exact) / 2
        if answer.typed is not None:
            if _is_whole(exact):
                return False
            exponent = answer.typed.as_tuple().exponent
            assert isinstance(exponent, int), "a number of digits has an exponent"
            allowed = min(allowed, Decimal(1).scaleb(exponent) / 2)
        return distance <= allowed * (1 + EXACT) + Decimal(noise)


def _unit_of_three_digits(number: Decimal) -> Decimal:
    return Decimal(1).scaleb(number.adjusted() + 1 - SIGNIFICANT)


def _is_whole(number: Decimal) -> bool:
    whole = number.to_integral_value()
    return abs(number) < LARGEST_WHOLE and abs(number - whole) <= EXACT * abs(number)


def _typed(text: str) -> Decimal | None:
    found = _NUMBER.fullmatch(with_plain_signs(text))
    if found is None:
        return None
    number = Decimal(found["digits"])
    return -number if found["sign"] in ("-", "−") else number
