"""The keys of a walk that come first: in the key bar, and in the help."""

from __future__ import annotations

IMPORTANT_KEYS = (
    "question.answer",
    "question.hint",
    "question.skip",
    "question.leave",
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
    "walk.predict",
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


def important_keys(*, has_arrays: bool) -> tuple[str, ...]:
    """Return what the key bar of a walk shows; where numbers were made as arrays, the key of those stands early."""
    place = IMPORTANT_KEYS.index("walk.view") if has_arrays else 0
    return (*IMPORTANT_KEYS[:place], "walk.arrays", *IMPORTANT_KEYS[place:]) if has_arrays else IMPORTANT_KEYS


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
