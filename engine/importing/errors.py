"""What can stand in the way of walking a function that was written for an array library."""

from __future__ import annotations

from ..errors import GradwalkError, shortened
from ..graph.array_record import SourceLine


class UnknownOperation(GradwalkError):
    """An operation of a library that has no expansion to scalars; `operation` is the library's own name for it."""

    def __init__(self, library: str, operation: str, source: SourceLine | None, instead: str = "") -> None:
        self.operation = operation
        instead = instead or (
            "write it with operations that have one (+, @, exp, tanh, sum, where, ...), or compute it before and hand "
            "over the result as an argument"
        )
        super().__init__(at_line(source, f"{library}'s operation {operation} has no expansion to scalars; {instead}"))


class TooManyScalars(GradwalkError):
    """A function that would make a larger graph than can be walked.

    `count` is how many scalars it makes, or has made when they were too many; `most` is how many there may be.
    """

    def __init__(self, count: int, most: int, smaller: str = "", *, at_least: bool = False) -> None:
        self.count, self.most = count, most
        about = "at least" if at_least else "about"
        hint = smaller or "hand over smaller arrays, such as a few rows of the data"
        super().__init__(f"this makes {about} {count:,} scalars, and a walk has room for {most:,}: {hint}")


class UntraceableFunction(GradwalkError):
    """A function that its library cannot trace, or that returns something else than one number."""


def at_line(source: SourceLine | None, message: str) -> str:
    """Put the place before a message, and the line itself below it, where they are known."""
    if source is None:
        return message
    excerpt = f"\n    {shortened(source.text, 100)}" if source.text else ""
    return f"{source.path}:{source.number}: {message}{excerpt}"
