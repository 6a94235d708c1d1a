"""Reads an answer as people write one by hand: what `parser` reads, and `-1/(9e)`, `√2`, `|x|`, `x[1]` as well.

A file says exactly what it means, and somebody who answers a question writes as on paper. What two readers would
read in two ways, such as 1/9e, is read in none: the error says what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from decimal import Decimal

from ..errors import ExpressionError, shortened
from ..rules.notation import INDEX
from .expression import Apply, Expression, NameUse
from .parser import ARGUMENT_COUNTS, PRODUCT_SIGNS, Parser, Token

LONGEST = 2_000
"""Characters that an answer has at most."""

ROUNDED = 3
"""A decimal number of so many significant digits may be a rounded one; one of less is taken as it is."""

_SAME = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—﹣－", "−"),
        **dict.fromkeys("∙•∗・", "·"),
        **dict.fromkeys("⁄∕", "/"),
        "＋": "+",
        "＝": "=",
    }
)
"""Signs that look like those of expressions, and what they are."""

_SAMPLE = re.compile(rf"[^\W\d]\w*{INDEX}")
_DERIVATIVE = re.compile(r"∂[^\W\d]\w*/∂[^\W\d]\w*")
_DECIMAL = re.compile(r"\d*\.\d*(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+")
_WITH_COMMA = re.compile(r"(?P<whole>[\d.]+),(?P<rest>\d+)")
_CONSTANTS = re.compile(r"(?:e|π)(?:e|π)+")


@dataclass(frozen=True, slots=True)
class WrittenByHand:
    """An expression as somebody wrote it.

    `has_decimals` says that a number in it has a decimal point or a power of ten, so that it may be rounded. `rounding`
    is how far those of at least three digits may be from what was rounded, as parts of it, all added up: 0.0015 for
    `0.333x`, and 0 for `0.5x`.
    """

    expression: Expression
    has_decimals: bool
    rounding: Decimal = Decimal(0)


def parse_by_hand(text: str, known: Container[str] = ()) -> WrittenByHand:
    """Read an answer; ExpressionError says where and why it cannot be read.

    `known` are the names that it may use, besides e and π; a name that is not among them is left in the expression.
    """
    if not text.strip():
        raise ExpressionError("the answer is empty", text, 0, 1, "write a number or an expression, such as -1/9")
    if len(text) > LONGEST:
        raise ExpressionError("the answer is too long", shortened(text), 0, 1, f"it has at most {LONGEST} characters")
    parser = _ByHand(with_plain_signs(text), known)
    return WrittenByHand(parser.parse(), parser.has_decimals, parser.rounding)


def with_plain_signs(text: str) -> str:
    """Put the signs of expressions in the place of those that look like them, character by character."""
    return text.translate(_SAME)


def _rounding(number: Decimal) -> Decimal:
    """Return half a unit of the last digit, as a part of a number; 0 for one of less than three digits, or of zeros."""
    digits = len(number.as_tuple().digits)
    return (
        Decimal("0.5").scaleb(number.adjusted() + 1 - digits) / abs(number)
        if number and digits >= ROUNDED
        else Decimal(0)
    )


class _ByHand(Parser):
    """A parser that knows products without a sign, roots and absolute values."""

    def __init__(self, text: str, known: Container[str]) -> None:
        self.known = known
        self.has_decimals = False
        self.rounding = Decimal(0)
        self.last = Token("start", "", 0)
        self.bars = 0
        """How many | are open."""
        self.unclosed = -1
        """Where an exponent or a root ended that has no parentheses: e^2x and √2x can be read in two ways."""
        super().__init__(text, ARGUMENT_COUNTS)

    def _read(self, position: int) -> Token:
        token = super()._read(position)
        derivative = _DERIVATIVE.match(self.text, token.position)
        if derivative and derivative[0] in self.known:  # a node of the walk of a derivative
            return Token("name", derivative[0], token.position)
        if token.kind == "name":
            sample = _SAMPLE.match(self.text, token.position)
            if sample and sample[0] in self.known:
                return Token("name", sample[0], token.position)
            if _CONSTANTS.fullmatch(token.text) and token.text not in self.known:
                return Token("name", token.text[0], token.position)
        return token

    def _advance(self) -> Token:
        self.last = self.token
        if self.token.kind == "number" and _DECIMAL.fullmatch(self.token.text):
            self.has_decimals = True
            self.rounding += _rounding(Decimal(self.token.text))
        return super()._advance()

    def _unexpected(self) -> ExpressionError:
        token = self.token
        if token.text == "," and self.last.kind == "number":
            found = _WITH_COMMA.match(self.text, self.last.position)
            hint = f"write {found['whole']}.{found['rest']}" if found else "write 1.5"
            if found and len(found["rest"]) == 3:
                hint += f", or {found['whole']}{found['rest']} where thousands are meant"
            return self._error("the decimal sign is a point, not a comma", token, hint)
        return super()._unexpected()

    # ---- grammar

    def _product(self) -> int:
        start = self._signed()
        divides = False
        while True:
            if self._at(PRODUCT_SIGNS):
                divides = PRODUCT_SIGNS[self.token.text] == "div"
                self._times(start)
            elif self._stands_beside_a_factor():
                if divides or self.token.position == self.unclosed:
                    raise self._ambiguous()
                self._power()
                self.items.append(Apply("mul", 2))
            else:
                return start

    def _stands_beside_a_factor(self) -> bool:
        """Say whether what comes next is multiplied by what stands before it, without a sign."""
        before, token = self.last, self.token
        if token.text == "|":
            return not self.bars and before.kind in ("number", "fraction", "superscript")
        if before.kind in ("number", "fraction", "superscript") or before.text == ")":
            return token.kind == "name" or token.text in ("(", "√")
        return before.kind == "name" and (token.text == "√" or self._is_split(before, token))

    @staticmethod
    def _is_split(before: Token, token: Token) -> bool:
        """Say whether two names are constants that are written together, as in eπ."""
        return token.kind == "name" and before.text in "eπ" and token.position == before.position + 1

    def _power(self) -> int:
        is_root = self.token.text == "√"
        start = self._operand()
        if is_root and self.token.position == self.unclosed and (self.token.kind == "superscript" or self._at("^")):
            raise self._ambiguous()
        return self._raised(start)

    def _exponent(self) -> None:
        super()._exponent()
        self._note_an_open_end()

    def _note_an_open_end(self) -> None:
        if self.last.text != ")":
            self.unclosed = self.token.position

    def _operand(self) -> int:
        start, opening = len(self.items), self.token
        if opening.text == "√":
            self._advance()
            with self._deeper(opening):
                self._operand()
            self.items.append(Apply("sqrt", 1))
            self._note_an_open_end()
        elif opening.text == "|":
            self._advance()
            self.bars += 1
            with self._deeper(opening):
                self._sum()
            self.bars -= 1
            if self.token.kind == "end":
                raise self._error("this | is never closed", opening)
            if self.token.text != "|":
                raise self._unexpected()
            self._advance()
            self.items.append(Apply("abs", 1))
        elif opening.kind == "name" and ("[" in opening.text or opening.text.startswith("∂")):
            self._advance()
            self.items.append(NameUse(opening.text, opening.position, len(opening.text)))
        else:
            return super()._operand()
        return start

    def _ambiguous(self) -> ExpressionError:
        hint = "write every product with * and use parentheses: 1/(2*x) or (1/2)*x"
        return self._error("this can be read in two ways", self.token, hint)
