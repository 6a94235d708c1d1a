"""Write the tables of keys anew, from the bindings themselves: `python docs/keys.py`."""

from __future__ import annotations

from pathlib import Path

from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.keymap import bindings
from textual.binding import Binding

PAGE = Path(__file__).with_name("keys.md")
HEAD = """\
# Keys

`?` shows the keys of the screen you are on, and the command palette finds every action by its name. The mouse works
too: a click selects a node, a second click goes to the step that writes it, and the keys at the bottom can be clicked.
A key is changed in `settings.json`, by its id: see [the settings](settings.md).

"""
TITLES = {
    "walk": "In a walk",
    "circuit": "In its circuit",
    "arrays": "In the walk of its arrays",
    "entries": "In a table of entries",
    "question": "Where an answer is typed",
    "train": "In a training",
    "library": "In the library",
    "app": "Everywhere",
    "lecture": "In a lecture that you follow",
}
"""The screens whose keys a reader wants to look up; what opens over them says its keys itself."""


def tables() -> str:
    """Return a Markdown table for each screen."""
    app = GradwalkApp()
    found: dict[str, list[str]] = {}
    for name, binding in bindings(GradwalkApp).items():
        keys = (app.get_key_display(Binding(key, binding.action)) for key in binding.key.split(","))
        shown = " ".join(f"`{key}`" for key in keys)
        row = f"| {shown} | {binding.tooltip or binding.description} | `{name}` |\n"
        found.setdefault(name.partition(".")[0], []).append(row)
    head = "| keys | what they do | id |\n|---|---|---|\n"
    return "\n".join(
        f"**{title}**\n\n{head}{''.join(found[scope])}" for scope, title in TITLES.items() if scope in found
    )


def page() -> str:
    """Return the page as it should be."""
    return HEAD + tables()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
