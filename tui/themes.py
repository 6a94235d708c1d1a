"""The themes a user can choose. A new one is one entry in `THEMES`.

The colours carry meaning: `success` is a value, `secondary` the upstream gradient, `warning` the local derivative
(and the edge it belongs to), `accent` the contribution and the gradient it makes. The variable `selected-row` is what
the row that keys are about stands on.
"""

from __future__ import annotations

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

from .terminal import FEW_COLOURS

THEMES: dict[str, Theme] = {
    "dark": Theme(
        name="gradwalk-dark",
        primary="#4C8FD6",
        secondary="#5CCFE0",
        warning="#F2C14E",
        accent="#E08CF5",
        success="#74D08A",
        error="#FF7080",
        foreground="#E6E8EC",
        background="#13151A",
        surface="#1F232B",
        panel="#262B35",
        variables={"selected-row": "#3B4F6B"},
    ),
    "light": Theme(
        name="gradwalk-light",
        primary="#2A66AD",
        secondary="#006D82",
        warning="#8A5300",
        accent="#8F1FB0",
        success="#17703A",
        error="#B01E2E",
        foreground="#1C1E22",
        background="#FBFBF8",
        surface="#ECECE7",
        panel="#E2E2DC",
        dark=False,
        variables={"footer-key-foreground": "#2A66AD", "selected-row": "#AFC6E3"},
    ),
    "terminal": replace(BUILTIN_THEMES["ansi-dark"], name="gradwalk-terminal", accent="ansi_magenta"),
}
"""Themes by the name that the program shows; `terminal` uses the sixteen colours of the terminal itself."""

DEFAULT = "dark"
"""The theme of who has chosen none, where the terminal has the colours for it."""

OF_THE_TERMINAL = "terminal"
"""The only theme that needs no shades of colours: greys of its own would all become the same few."""


def theme_name(chosen: str | None, colours: int) -> str:
    """Return the theme to use on a terminal with so many `colours`, 0 where none are wanted."""
    if not colours:
        return OF_THE_TERMINAL
    return chosen or (OF_THE_TERMINAL if colours <= FEW_COLOURS else DEFAULT)
