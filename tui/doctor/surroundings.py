"""The terminal that somebody sits at, and the language and the characters of their system."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from ..session import Session
from ..themes import theme_name
from ..widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH
from ..words import doctor as words
from ..words.terminal import no_screen_words
from .findings import Findings

SAMPLE = "∂f/∂s = -1/s² · π √ → ▶ ● ↗ ▾ ├─ ┃ ⣿"
"""Characters of every kind that the screens use."""

_TOLD_BY = ("TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "NO_COLOR", "WT_SESSION", "TMUX", "STY")
"""What the environment says of a terminal; of the last three only that they are set, which is all they mean."""


def terminal(session: Session, environment: Mapping[str, str], size: os.terminal_size | None) -> Findings:
    """Say what the terminal is taken for; its `size` is None where there is none."""
    here = session.terminal
    settings, _ = session.store.load()
    told = [
        f"{name}={environment[name]}" if name not in _TOLD_BY[-3:] else f"{name} is set"
        for name in _TOLD_BY
        if name in environment
    ]
    facts = {
        "environment": ", ".join(told) or "says nothing",
        "window": f"{size.columns}x{size.lines}" if size else "there is none",
        "colours": words.colours(here.colours),
        "theme": theme_name(settings.theme, here),
        "clipboard": words.CLIPBOARD[here.clipboard],
        "ssh": "yes" if here.ssh else "no",
    }
    problems: list[str] = []
    if size and (size.columns < LEAST_WIDTH or size.lines < LEAST_HEIGHT):
        problems.append(words.small_window(size.columns, size.lines, LEAST_WIDTH, LEAST_HEIGHT))
    if size and not here.places_text:
        problems.append(no_screen_words(here) or words.no_placing(here.kind))
    return Findings("terminal", facts, tuple(problems))


def size_here() -> os.terminal_size | None:
    """Return the size of this process's terminal, also where the output goes to a file; None where there is none."""
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            if stream is not None and stream.isatty():
                return os.get_terminal_size(stream.fileno())
        except (OSError, ValueError):
            continue
    return None


def language(environment: Mapping[str, str], encoding: str) -> Findings:
    """Say what the locale is, and whether an output of this `encoding` holds the characters of the screens."""
    names = ("LC_ALL", "LC_CTYPE", "LANG", "PYTHONUTF8", "PYTHONIOENCODING")
    told = [f"{name}={environment[name]}" for name in names if environment.get(name)]
    facts = {"locale": ", ".join(told) or "not set", "output": encoding, "sample": SAMPLE}
    try:
        SAMPLE.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return Findings("text", facts, (words.narrow_encoding(encoding, windows=sys.platform == "win32"),))
    return Findings("text", facts)
