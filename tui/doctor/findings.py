"""`Findings`: one part of what the doctor says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Findings:
    """What was found about something: facts by their label, and a sentence for each problem, with what to do."""

    title: str
    facts: Mapping[str, str]
    problems: tuple[str, ...] = ()


def from_home(path: Path) -> str:
    """Return a path as it is shown to others: the name of whose home it is in is nobody's business."""
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except (ValueError, RuntimeError):  # it is elsewhere, or there is no home
        return str(path)
