"""What can be a name in expressions."""

from __future__ import annotations

from dataclasses import dataclass

from .expression import FUNCTIONS, NAME, PYTHON_WORDS


@dataclass(frozen=True, slots=True)
class NameProblem:
    """Why something cannot be a name, and what could be."""

    message: str
    hint: str


def name_problem(name: str) -> NameProblem | None:
    """Say why something cannot be the name of an input, a parameter or a node; None where it can."""
    if not NAME.fullmatch(name):
        return NameProblem("this is not a name", "a name has letters, digits and _, and starts with a letter")
    if name in FUNCTIONS or name in PYTHON_WORDS:
        reason = "a function" if name in FUNCTIONS else "a word of Python"
        return NameProblem(f"this name is taken: it is {reason}", f"{name}_1 is free")
    return None
