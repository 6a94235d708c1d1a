"""Sentences about the bounds of a session that is served to somebody."""

from __future__ import annotations

OUT_OF_TIME = "gradwalk: this session has used the {} seconds of processor time that it may. Log in again to go on."

OUT_OF_MEMORY = "gradwalk: this session has used the memory that it may. Log in again to go on."

FAULT = "gradwalk: this session has ended by a fault of the program's own, which its keepers are told of. Log in again."


def running_out(seconds: int) -> str:
    """Say that `seconds` of processor time are left."""
    return (
        f"This session has used nearly all of its processor time; {seconds} seconds of computing are left. "
        "Log in again to have more."
    )
