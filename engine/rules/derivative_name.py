"""`DerivativeName`: how a derivative is called that is a node itself, `∂f/∂s` or `∂²f/∂a²`, and read again."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from .number_text import SUPERSCRIPTS

_SUPERSCRIPT = str.maketrans("0123456789", SUPERSCRIPTS)
_DIGITS = str.maketrans(SUPERSCRIPTS, "0123456789")


@dataclass(frozen=True, slots=True)
class DerivativeName:
    """The derivative of `of` by `by`: pairs of a name and how many times it is taken by it, the last one first.

    Whatever of these is a derivative itself stands in parentheses: `∂(∂f/∂a)/∂s`.
    """

    of: str
    by: tuple[tuple[str, int], ...]

    @classmethod
    def of_order(cls, of: str, variables: Sequence[str]) -> DerivativeName:
        """Name the derivative of `of` by one variable after the other: by x, then by y, then by y is ∂³f/∂y²∂x."""
        runs = itertools.groupby(reversed(variables))
        return cls(of, tuple((name, len(list(run))) for name, run in runs))

    @classmethod
    def read(cls, text: str) -> DerivativeName | None:
        """Read a name; None where it is no derivative."""
        return _read(text)

    @property
    def order(self) -> int:
        """How many derivatives are taken."""
        return sum(times for _, times in self.by)

    def __str__(self) -> str:
        below = "".join(f"∂{wrapped(name)}{_power(times)}" for name, times in self.by)
        return f"∂{_power(self.order)}{wrapped(self.of)}/{below}"


def is_derivative(label: str) -> bool:
    """Say whether a label is that of a derivative: no name in an expression begins with ∂."""
    return label.startswith("∂")


def wrapped(label: str) -> str:
    """Put a label in parentheses where it is that of a derivative."""
    return f"({label})" if is_derivative(label) else label


def _power(times: int) -> str:
    return "" if times == 1 else str(times).translate(_SUPERSCRIPT)


@functools.lru_cache(maxsize=1024)
def _read(text: str) -> DerivativeName | None:
    parts = _split(text)
    if parts is None or len(parts[0]) != 1 or not parts[1]:
        return None
    (of, order), by = parts[0][0], parts[1]
    found = DerivativeName(of, tuple(by))
    return found if found.order == order and str(found) == text else None


def _split(text: str) -> tuple[list[tuple[str, int]], list[tuple[str, int]]] | None:
    """Return what stands above and below the line, each as names with their powers."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "/" and not depth:
            above, below = _terms(text[:place], leading=True), _terms(text[place + 1 :], leading=False)
            return (above, below) if above is not None and below is not None else None
    return None


def _terms(text: str, *, leading: bool) -> list[tuple[str, int]] | None:
    """Read ∂a²∂b (the power behind a name), or ∂²f, `leading`, with the power before it."""
    starts, depth = list[int](), 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "∂" and not depth:
            starts.append(place)
    if not starts or starts[0] != 0 or depth:
        return None
    terms: list[tuple[str, int]] = []
    for start, stop in itertools.pairwise([*starts, len(text)]):
        term = text[start + 1 : stop]
        name = term.lstrip(SUPERSCRIPTS) if leading else term.rstrip(SUPERSCRIPTS)
        power = term.removesuffix(name) if leading else term[len(name) :]
        name = name[1:-1] if name.startswith("(") and name.endswith(")") else name
        if not name:
            return None
        terms.append((name, int(power.translate(_DIGITS)) if power else 1))
    return terms
