"""`PageDocument`: all that a page knows: the walk as `gradwalk trace --json` prints it, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ...engine.export.walk_document import TraceDocument, document
from ...engine.scenario import Scenario
from ...engine.walk.trace import Trace
from ..words.pocket import page_words
from ..words.walk import gradient_cell, value_cell
from .circuit_plan import CircuitPlan, circuit_plan
from .columns import columns
from .moments import ShownMoment, shown_moments
from .questions import level_words
from .tree_rows import PageRow, tree_rows

VERSION = 1
"""Raised when a key changes its meaning or goes away."""


class PageWalk(msgspec.Struct, frozen=True):
    """A walk on a page.

    `trace` is what `gradwalk trace --json` prints, but for its `steps`, which stand here as `columns` of them; step k
    leads to moment k. `leaves` are the values of the leaves as they are shown, and `unused` the gradients of those that
    the output does not use, by the number of the node: they are known from the seed on.
    """

    trace: TraceDocument
    steps: Any
    moments: Sequence[ShownMoment]
    leaves: Sequence[str]
    unused: Mapping[str, str]
    rows: Sequence[PageRow]
    circuit: CircuitPlan


class PageDocument(msgspec.Struct, frozen=True):
    """What stands in a page; `words` are those of its buttons and titles, `levels` how much can be asked, in words."""

    version: int
    words: Mapping[str, str]
    levels: Mapping[str, str]
    walk: PageWalk | None


def page_document(scenario: Scenario, trace: Trace | None, digits: int = 0) -> PageDocument:
    """Put a page together; `digits` are as in `words.walk.number`, and without a `trace` there is no walk."""
    walk = None if trace is None else _walk(scenario, trace, digits)
    return PageDocument(VERSION, page_words(), level_words(), walk)


def _walk(scenario: Scenario, trace: Trace, digits: int) -> PageWalk:
    graph, end = trace.graph, trace.state(trace.total)
    whole = document(scenario, trace, digits)
    unused = [node for node in range(len(graph)) if graph.carries_gradient[node] and not end.contribution_count(node)]
    return PageWalk(
        trace=msgspec.structs.replace(whole, steps=()),
        steps=columns(whole.steps),
        moments=shown_moments(scenario, trace, digits),
        leaves=[value_cell(end, leaf, digits)[0] for leaf in range(graph.leaf_count)],
        unused={str(node): gradient_cell(end, node, digits)[0] for node in unused},
        rows=tree_rows(graph),
        circuit=circuit_plan(graph),
    )
