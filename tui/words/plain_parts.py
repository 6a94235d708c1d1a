"""What sentences without a screen are made of: chains of equations, numbers, names and full stops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...engine.rules.notation import Notation
from ...engine.rules.number_text import format_number

if TYPE_CHECKING:
    from ...engine.walk.equation import Equation
    from ...engine.walk.exact_value import ExactValue

MOST_NUMBERS = 12
"""So many numbers are said in one sentence; how many more there are is said after them."""

_BEGINNINGS = frozenset({"the", "undefined", "undefined:", "undefined,"})
"""Words that may begin a sentence; anything else could be a name."""


def exact(value: ExactValue | None, notation: Notation) -> str:
    """Write the closed form of a number, to stand after its decimal."""
    if value is None:
        return ""
    return (
        again(notation, notation.equals) + value.form if value.relation == "=" else f", {value.relation} {value.form}"
    )


def worked_out(formula: str, put_in: Equation, notation: Notation) -> str:
    """Write a formula, the same with numbers put in, and the result; what is the same is said once."""
    parts = [formula] if put_in.left == formula else [formula, put_in.left]
    if parts[-1] == put_in.right:
        parts.pop()
    said = parts[0] if parts else ""
    for part in parts[1:]:
        said += again(notation, notation.equals) + part
    relation = notation.relation(put_in.relation)
    said = f"{said}{again(notation, relation)}{put_in.right}" if parts else put_in.right
    return said + exact(put_in.exact, notation)


def again(notation: Notation, relation: str) -> str:
    """Return a relation as it goes on in a chain: what is read out has a comma there, and is heard with a pause."""
    return f",{relation}" if notation.equals.strip().isalpha() else relation


def called(what: str, name: str, notation: Notation) -> str:
    """Return what something is with its name: between commas where that is read out as words."""
    return f"{what}, {name}," if notation.equals.strip().isalpha() else f"{what} {name}"


def number_words(notation: Notation, value: float, undefined: bool, digits: int) -> str:
    """Write a number in a notation; one that is undefined is called so."""
    return notation.number("undefined" if undefined else format_number(value, digits))


def derivative_name(notation: Notation, of: str, by: str) -> str:
    """Write the derivative of one name by another."""
    return notation.derivative(notation.label(of), notation.label(by))


def sentence(text: str) -> str:
    """Return a text as a sentence, with a full stop where it has no end."""
    text = text.strip()
    if not text:
        return ""
    text = first_up(text)
    return text if text.endswith((".", "?", "!", ":", "…")) else f"{text}."


def first_up(text: str) -> str:
    """Begin a sentence with a large letter; a name that begins it stays what it is."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first in _BEGINNINGS else text


def first_letter_up(text: str) -> str:
    """Return words that begin with no name as the beginning of a sentence that goes on."""
    text = text.strip().removesuffix(".")
    return text[:1].upper() + text[1:]


def many(number: int, what: str) -> str:
    """Say how many of something there are."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def series(said: Sequence[str], count: int) -> str:
    """Join what is said with commas; `count` is how many there are in all."""
    more = f" and {count - len(said)} more" if count > len(said) else ""
    between = "; " if any("," in each for each in said) else ", "
    return between.join(said) + more
