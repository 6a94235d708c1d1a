"""`PageDocument`: all that stands in a page, which its scripts show."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ...engine.scenario import Scenario
from ...engine.training.scenario import TrainingScenario
from ...engine.walk.trace import Trace
from ..words.pocket import page_words, walk_left_out
from .page_walk import PageWalk, page_walk
from .questions import level_words
from .training_run import PageTraining, page_training


class PageDocument(msgspec.Struct, frozen=True):
    """What stands in a page; `words` are those of its buttons and titles, `levels` how much can be asked, in words.

    `no_walk` says why there is none, and is empty where there is one.
    """

    words: Mapping[str, str]
    levels: Mapping[str, str]
    walk: PageWalk | None
    training: PageTraining | None
    no_walk: str


def page_document(scenario: Scenario, trace: Trace | None, digits: int = 0) -> PageDocument:
    """Put a page together; `digits` are as in `words.walk.number`, and without a `trace` there is no walk."""
    return PageDocument(
        words=page_words(),
        levels=level_words(),
        walk=None if trace is None else page_walk(scenario, trace, digits),
        training=page_training(scenario) if isinstance(scenario, TrainingScenario) else None,
        no_walk=walk_left_out(scenario.name) if trace is None else "",
    )
