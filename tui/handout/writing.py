"""A scenario as a file to hand out."""

from __future__ import annotations

from collections.abc import Sequence

from ...engine.errors import GradwalkError, did_you_mean, listing, quoted
from ...engine.rules import printers
from ...engine.scenario import Scenario
from ...engine.walk.trace import Trace
from .content import handout
from .formats import format_named, formats


def unknown_format(name: str, known: Sequence[str]) -> GradwalkError:
    """Return the error that says that a walk is written in no such format, and which one may be meant."""
    return GradwalkError(f"{quoted(name)} is no format; {did_you_mean(name, known, f'there are {listing(known)}')}")


def written(
    scenario: Scenario, name: str, notation: str | None = None, *, worksheet: bool = False, digits: int = 0
) -> str:
    """Write the walk of a scenario in the format of that name, one of `formats()`, formulas in a notation it knows.

    A worksheet has blanks, and its answers after them. GradwalkError where there is no such format or notation, or the
    walk has too many steps.
    """
    if name not in formats():
        raise unknown_format(name, formats())
    written_as = format_named(name)
    notation = notation or written_as.notations[0]
    if notation not in written_as.notations:
        known = listing(written_as.notations)
        raise GradwalkError(f"formulas in {name} cannot be written as {quoted(notation)}; they can be as {known}")
    trace = Trace(scenario.graph, scenario.notes, notation=printers.notation(notation))
    blocks = handout(scenario, trace, worksheet=worksheet, digits=digits)
    return written_as.document(scenario.title, blocks, trace.numbers.notation)
