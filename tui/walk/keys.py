"""The keys of a walk that come first: in the key bar, and in the help."""

from __future__ import annotations

IMPORTANT_KEYS = (
    "walk.forward",
    "walk.back",
    "app.quit",
    "walk.library",
    "walk.play",
    "app.help",
    "walk.view",
    "walk.edit",
    "walk.zoom",
    "walk.go-to",
    "walk.go-to-write",
    "walk.next-node",
    "walk.next-phase",
    "walk.fold",
    "circuit.open",
    "walk.find",
    "walk.large",
    "walk.forward-mode",
    "walk.differentiate",
    "walk.mark",
    "walk.digits",
    "walk.copy",
    "walk.previous-node",
    "walk.previous-phase",
    "walk.faster",
    "walk.slower",
    "walk.end",
    "walk.start",
    "walk.rank",
    "walk.break",
    "walk.run",
    "app.theme",
)  # fmt: skip
"""What the key bar shows, as far as there is room. The panels have their keys in their own title."""

FIRST_KEYS = (
    "walk.forward",
    "walk.back",
    "walk.play",
    "walk.down",
    "walk.up",
    "walk.go-to-write",
    "walk.view",
    "walk.step",
    "walk.contributions",
    "walk.paths",
    "walk.why",
    "walk.slope",
    "walk.check",
    "walk.edit",
    "walk.zoom",
    "walk.library",
)  # fmt: skip
"""What the help lists before all others: what a first lesson needs."""
