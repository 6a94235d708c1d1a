"""`Limits`: how many may come to a server, how long they may stay, and how much each may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a server bounds.

    `sessions` is how many may be logged in, and `per_address` how many of them from one address, those included that
    are still logging in, of which there may be `logins`. Times are in seconds: `grace` to log in, and then to ask for
    a session; `idle` without a key, and `time` in all, where 0 is without end. `memory` is in bytes for each session,
    `processor` the seconds that it may compute.
    """

    sessions: int = 100
    per_address: int = 50
    logins: int = 100
    grace: float = 30.0
    idle: float = 3600.0
    time: float = 14400.0
    memory: int = 256 * 2**20
    processor: int = 900
