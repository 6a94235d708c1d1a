"""Write the README's tables of keys anew, from the bindings themselves: `python docs/keys.py`."""

from __future__ import annotations

from pathlib import Path

from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.keymap import bindings
from textual.binding import Binding

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- keys -->\n", "<!-- /keys -->\n"
TITLES = {"walk": "In a walk", "train": "In a training", "library": "In the library", "app": "Everywhere"}
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


def with_tables(readme: str) -> str:
    """Return the README with its tables as they should be."""
    before, _, rest = readme.partition(BEGIN)
    return f"{before}{BEGIN}\n{tables()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
