"""What the pages of the pocket player say around a walk: their buttons, titles and hints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...engine.study.question import NO_FINDING
from .study import NO_ANSWER
from .walk import number

if TYPE_CHECKING:
    from ...engine.training.moment import TrainingMoment

_WORDS = {
    "start": "Start",
    "back": "Back",
    "forward": "Step",
    "end": "End",
    "play": "Play",
    "pause": "Pause",
    "step": "step",
    "tree": "Tree",
    "circuit": "Circuit",
    "digits": "All digits",
    "predict": "Predict",
    "dark": "Dark",
    "light": "Light",
    "keys": "Keys",
    "close": "Close",
    "graph": "The graph",
    "panel": "The step",
    "numbers": "The numbers of this step, with all digits",
    "moving": "Moving through the walk",
    "showing": "What is shown",
    "node": "node",
    "value": "value",
    "gradient": "gradient",
    "before": "accumulated before",
    "upstream": "upstream gradient",
    "local": "local derivative",
    "contribution": "contribution",
    "after": "accumulated after",
    "undefined": "undefined",
    "selected": "Selected",
    "reference": "expands elsewhere",
    "gather": "Gather",
    "spread": "All nodes",
    "smaller": "Smaller",
    "larger": "Larger",
    "level": "How much is asked",
    "asks": "Asked for:",
    "predictOn": "Predict mode: → asks for the next step before it is shown.",
    "answer": "Answer",
    "hint": "Hint",
    "skip": "Skip",
    "right": "Right",
    "exists": "That is not it: there is such a number here.",
    "unexplained": NO_FINDING,
    "notIt": "That is not it. Try again, or ask for a hint.",
    "several": "More than one mistake gives this number.",
    "or": "Or",
    "more": "Or something else: more explanations fit.",
    "unreadable": NO_ANSWER,
    "theAnswer": "the answer",
    "skipped": "skipped",
    "training": "The training run",
    "train": "Train on",
    "epoch": "epoch",
    "epochs": "Moving through the epochs",
    "loss": "loss",
    "epochNumbers": "The numbers of this epoch, with all digits",
    "predicted": "What you predicted in this walk:",
}


def page_words() -> Mapping[str, str]:
    """Return the words of a page by what they are for."""
    return {**_WORDS, **{f"key {keys}": what for keys, what in KEYS.items()}}


KEYS = {
    "→ or l": "take one step",
    "← or h": "take one step back",
    "n, p": "all steps of the next node at once; take them back",
    "] and [": "on to the seed or the end; back to the seed or the start",
    "home, end": "to the start, to the end",
    "space": "play, or pause",
    "↓ ↑ or j k": "select the node below, or above",
    "⏎ or w": "to the next step that writes the selected node",
    "o": "fold the selected branch of the tree, or unfold it; in the circuit: all nodes, or layers as boxes",
    "v": "the graph as a circuit, or as a tree",
    "i, I": "the circuit larger, or smaller",
    "D": "numbers with all digits, or as they are read with ease",
    "P": "ask for each step before it is shown, or no longer",
    "?": "this list",
}
"""The keys of a page, as on the terminal, and what they do."""


def loss_aloud(moment: TrainingMoment) -> str:
    """Say, in words alone, where a training stands."""
    accuracy = moment.accuracy
    right = f", and {accuracy:.0%} of the samples are right" if accuracy is not None else ""
    return f"after {moment.epoch} of {moment.epochs} epochs the loss is {number(moment.now.loss)}{right}"


def too_large(name: str, steps: int, most: int) -> str:
    """Say that a walk is too large for a page."""
    return (
        f"{name} has {steps:,} steps, and a page at most {most:,}; `gradwalk {name}` walks them, and "
        f"`gradwalk trace {name} --json` prints them all"
    )


def walk_left_out(name: str) -> str:
    """Say that the page of a training has no walk."""
    return f"The walk of this training is too large for a page; `gradwalk {name}` opens it."


def without_script(name: str) -> str:
    """Say what to do where a browser runs no scripts."""
    return (
        f"This page walks through a computation step by step, which needs JavaScript. "
        f"`gradwalk trace {name}` prints the same steps as text."
    )


TOO_OLD = "This browser is too old for this page: it cannot unpack what is in it. Any of the last years can."
"""Said where a browser has no DecompressionStream."""
