"""The themes a user can choose. A new one is one entry in `THEMES`.

The colours carry meaning: `success` is a value, `secondary` the upstream gradient, `warning` the local derivative
(and the edge it belongs to), `accent` the contribution and the gradient it makes, `error` what is undefined. Any two
can be told apart by people who see colours as somebody without one of the three kinds of cones does, and all are
readable on every ground; `tests/tui/test_colour_vision.py` computes it. The variable `selected-row` is what the row
that keys are about stands on. On a terminal with 256 colours all stay what they are, or as near as it has them.
"""

from __future__ import annotations

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

from .terminal import FEW_COLOURS, Terminal

THEMES: dict[str, Theme] = {
    "dark": Theme(
        name="gradwalk-dark",
        primary="#4C8FD6",
        secondary="#87FFFF",
        warning="#FFD700",
        accent="#D7AFFF",
        success="#87D787",
        error="#FF87AF",
        foreground="#E6E8EC",
        background="#13151A",
        surface="#1F232B",
        panel="#282C33",
        variables={"selected-row": "#3A414A"},
    ),
    "light": Theme(
        name="gradwalk-light",
        primary="#2A66AD",
        secondary="#0000FF",
        warning="#AF0000",
        accent="#870087",
        success="#005F5F",
        error="#5F0000",
        foreground="#16181C",
        background="#FBFBF8",
        surface="#ECECE7",
        panel="#E2E2DC",
        dark=False,
        variables={"footer-key-foreground": "#2A66AD", "selected-row": "#C4CEDA"},
    ),
    "terminal": replace(
        BUILTIN_THEMES["ansi-dark"],
        name="gradwalk-terminal",
        secondary="ansi_bright_cyan",
        warning="ansi_bright_yellow",
        accent="ansi_bright_magenta",
        success="ansi_green",
        error="ansi_default",
    ),
    "terminal-light": replace(
        BUILTIN_THEMES["ansi-light"],
        name="gradwalk-terminal-light",
        secondary="ansi_bright_black",
        warning="ansi_red",
        accent="ansi_magenta",
        success="ansi_default",
        error="ansi_default",
    ),
}
"""Themes by the name that the program shows; those of the `terminal` use its own sixteen colours.

Of sixteen colours no fifth can be told apart from the other four, so what is undefined is underlined there.
"""

DEFAULT = "dark"
"""The theme of who has chosen none, where the terminal has the colours for it."""

OF_THE_TERMINAL, OF_A_LIGHT_TERMINAL = "terminal", "terminal-light"
"""The themes that need no shades of colours: greys of its own would all become the same few."""

DIM = 0.68
"""How far dim text is from its ground, 1 being all the way to the colour of other text: it stays readable."""


def theme_name(chosen: str | None, terminal: Terminal) -> str:
    """Return the theme to use on a terminal: the `chosen` one where it has colours, else one that it can show."""
    own = OF_A_LIGHT_TERMINAL if terminal.is_light else OF_THE_TERMINAL
    if not terminal.colours:
        return own
    return chosen or (own if terminal.colours <= FEW_COLOURS else DEFAULT)
