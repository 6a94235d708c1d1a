"""`Mark`: a step that somebody has marked while speaking, with a note of their own or without one."""

from __future__ import annotations

from dataclasses import dataclass

from ...engine.language.step_key import StepKey


@dataclass(frozen=True, slots=True)
class Mark:
    """A step of a walk, and what somebody has written at it; the `note` may be empty, or `saved` in a file."""

    key: StepKey
    note: str = ""
    saved: bool = False
