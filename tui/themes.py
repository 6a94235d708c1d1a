"""The themes a user can choose, by the names the program shows."""

from __future__ import annotations

THEMES: dict[str, str] = {
    "dark": "textual-dark",
    "light": "textual-light",
    "terminal": "ansi-dark",
}
"""Shown name to Textual theme; `terminal` uses the sixteen colours of the terminal itself."""

WITHOUT_COLOUR = "terminal"
"""The theme under NO_COLOR: the only one whose greys are not colours of its own."""
