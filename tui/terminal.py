"""`Terminal`: what the environment tells of the terminal that somebody sits at."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

FEW_COLOURS, MANY_COLOURS, ALL_COLOURS = 16, 256, 1 << 24
"""How many colours terminals have; one with few of them has no shades."""

_ALL_COLOUR_TERMS = ("alacritty", "contour", "-direct", "foot", "foot-extra", "ghostty", "kitty", "rio", "wezterm")
"""How TERM ends where the terminal has all colours. It says so in COLORTERM, which does not come through ssh."""


THEME = "GRADWALK_THEME"
"""The variable that names the theme to begin with."""

_LIGHT_GROUNDS = ("7", *map(str, range(9, 16)))
"""The last number of COLORFGBG, which some terminals set, where it is one of the light ones of sixteen colours."""


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
    of an ssh connection, and `ssh_terminal` that ssh made one for it; `interactive` that there is one at all;
    `is_light` that it says of its ground that it is a light one; `theme` is the one that is wanted on it, or empty.
    """

    colours: int
    kind: str
    clipboard: ClipboardWay
    ssh: bool
    ssh_terminal: bool
    interactive: bool
    is_light: bool = False
    theme: str = ""

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
            is_light=environment.get("COLORFGBG", "").rpartition(";")[2] in _LIGHT_GROUNDS,
            theme=environment.get(THEME, ""),
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
    def holds_a_screen(self) -> bool:
        """Whether a program can fill it: there is one, and a text can be put anywhere on it."""
        return self.interactive and self.places_text

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
