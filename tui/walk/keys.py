"""The keys of a walk that stand in the key bar."""

from __future__ import annotations

IMPORTANT_KEYS = (
    "walk.forward",
    "walk.back",
    "app.quit",
    "walk.library",
    "walk.play",
    "app.help",
    "walk.go-to",
    "walk.go-to-write",
    "walk.view",
    "walk.next-node",
    "walk.next-phase",
    "walk.fold",
    "walk.find",
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
"""What the key bar shows, as far as there is room."""
