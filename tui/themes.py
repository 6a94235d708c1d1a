"""The themes a user can choose. A new one is one entry in `THEMES`.

The colours carry meaning: `success` is a value, `secondary` the upstream gradient, `warning` the local derivative
(and the edge it belongs to), `accent` the contribution and the gradient it makes. The variable `selected-row` is what
the row that keys are about stands on.
"""

from __future__ import annotations

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

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

WITHOUT_COLOUR = "terminal"
"""The theme under NO_COLOR: the only one whose greys are not colours of its own."""
