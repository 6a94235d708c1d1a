"""`Session`: who sits here, at which terminal, and what the program may do for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ..engine.errors import GradwalkError, did_you_mean
from .settings import MemoryStore, SettingsFile, SettingsStore

if TYPE_CHECKING:
    from ..engine.scenario import Scenario

FEW_COLOURS, MANY_COLOURS, ALL_COLOURS = 16, 256, 1 << 24

_ALL_COLOUR_TERMS = ("alacritty", "contour", "-direct", "foot", "foot-extra", "ghostty", "kitty", "rio", "wezterm")
"""How TERM ends where the terminal has all colours. It says so in COLORTERM, which does not come through ssh."""


class Role(StrEnum):
    """In which part somebody uses the program."""

    ALONE = "alone"
    """The user of the machine: has settings, and files."""
    GUEST = "guest"
    """Somebody who was let in from elsewhere, and shares the account with strangers: leaves no trace, sees no file."""


class ClipboardWay(StrEnum):
    """How a text gets from the program to the clipboard of whoever looks at it."""

    SENT = "sent"
    """The terminal is asked (OSC 52). Whether it does so, it does not say."""
    TMUX = "tmux"
    """tmux is asked; with its default setting it keeps that from the terminal."""
    SCREEN = "screen"
    """GNU screen stands between, and passes nothing on."""
    NONE = "none"
    """The Linux console has no clipboard."""


@dataclass(frozen=True)
class Terminal:
    """The terminal, as far as the environment tells.

    `colours` is how many it has, 0 where none are wanted; `kind` is its TERM; `ssh` says that it is at the other end
    of an ssh connection, and `ssh_terminal` that ssh made one for it; `interactive` that there is one at all.
    """

    colours: int
    kind: str
    clipboard: ClipboardWay
    ssh: bool
    ssh_terminal: bool
    interactive: bool

    @classmethod
    def of(cls, environment: Mapping[str, str], *, interactive: bool) -> Terminal:
        """Read what an environment tells."""
        kind = environment.get("TERM", "")
        return cls(
            colours=_colours(environment),
            kind=kind,
            clipboard=_clipboard(environment, kind),
            ssh="SSH_CONNECTION" in environment or "SSH_ORIGINAL_COMMAND" in environment,
            ssh_terminal="SSH_TTY" in environment,
            interactive=interactive,
        )

    @classmethod
    def here(cls) -> Terminal:
        """Return the terminal of this process."""
        streams = (sys.stdin, sys.stdout)
        interactive = all(stream is not None and stream.isatty() for stream in streams)  # pyright: ignore[reportUnnecessaryComparison]
        return cls.of(os.environ, interactive=interactive)

    @property
    def places_text(self) -> bool:
        """Whether a text can be put anywhere on it."""
        return self.kind not in ("dumb", "unknown")

    @property
    def has_all_colours(self) -> bool:
        """Whether it takes every colour there is."""
        return self.colours >= ALL_COLOURS


def _colours(environment: Mapping[str, str]) -> int:
    kind = environment.get("TERM", "")
    if "NO_COLOR" in environment:
        return 0
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit") or kind.endswith(_ALL_COLOUR_TERMS):
        return ALL_COLOURS
    if "256color" in kind or sys.platform == "win32":
        return MANY_COLOURS
    return FEW_COLOURS


def _clipboard(environment: Mapping[str, str], kind: str) -> ClipboardWay:
    if "TMUX" in environment:
        return ClipboardWay.TMUX
    if "STY" in environment:
        return ClipboardWay.SCREEN
    return ClipboardWay.NONE if kind == "linux" else ClipboardWay.SENT


@dataclass(frozen=True)
class Limits:
    """How much the program keeps for somebody: `kept_nodes` is the size of the walks that were left, all together."""

    kept_nodes: int


_LIMITS = {Role.ALONE: Limits(kept_nodes=2_000_000), Role.GUEST: Limits(kept_nodes=100_000)}


@dataclass(frozen=True)
class Session:
    """Who sits here. The app has one; whatever depends on the person or on the terminal asks it."""

    role: Role = Role.ALONE
    terminal: Terminal = field(default_factory=Terminal.here)
    store: SettingsStore = field(default_factory=SettingsFile)

    @classmethod
    def here(cls, *, guest: bool = False) -> Session:
        """Return the session of whoever started this process."""
        return cls(Role.GUEST, store=MemoryStore()) if guest else cls()

    @property
    def limits(self) -> Limits:
        """How much is kept for them."""
        return _LIMITS[self.role]

    @property
    def may_use_files(self) -> bool:
        """Whether they may name a file to be read or written."""
        return self.role is not Role.GUEST

    def load(self, name: str) -> Scenario:
        """Open a scenario: a built-in one by its name, or, for whom it is allowed, a file by its path.

        Raises GradwalkError where there is none, or it cannot be read.
        """
        from ..engine.library import built_in_names, load

        known = built_in_names()
        if not self.may_use_files and name not in known:
            hint = did_you_mean(name, known, f"they are {', '.join(known)}")
            raise GradwalkError(f"a guest walks the scenarios that are built in; {hint}")
        return load(name)

    def need_files(self, what: str) -> None:
        """Raise GradwalkError, which says `what` was asked for, where files are not for this person."""
        if not self.may_use_files:
            raise GradwalkError(f"a guest can read and write no files here, so {what} is not possible")
