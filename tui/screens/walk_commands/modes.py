"""The keys of forward mode, and of the comparison with reverse mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ....engine.walk.trace import Trace
from ...walk.command import Command
from ...walk.opened import LARGE
from ...walk.stage import Stage
from .inputs import with_input

_MODE = " · forward mode for "
"""Stands between a walk's title and the input it goes forward for."""


def _change_mode(stage: Stage) -> None:
    """Walk in forward mode for the selected input; from there, for another selected one, or in reverse mode again."""
    trace, selected = stage.moment.trace, stage.moment.selected
    other_input = selected is not None and selected != trace.tangent_of and _is_input(trace, selected)
    if trace.tangent_of is not None and not other_input:
        _show(stage, trace.in_reverse_mode, "reverse mode again: one walk for all gradients")
        return

    def walk_forward(node: int) -> None:
        name = trace.graph.label(node)
        words = f"forward mode for {name}: every tangent is a derivative by {name}"
        _show(stage, lambda: trace.in_forward_mode(node), words)

    with_input(stage, "forward mode for which input?", walk_forward)


def forward_title(trace: Trace) -> str:
    """Return what the title of a walk in forward mode ends with; nothing in reverse mode."""
    return "" if trace.tangent_of is None else f"{_MODE}{trace.graph.label(trace.tangent_of)}"


def _is_input(trace: Trace, node: int) -> bool:
    graph = trace.graph
    return node < graph.leaf_count and bool(graph.carries_gradient[node])


def _show(stage: Stage, make: Callable[[], Trace], words: str) -> None:
    """Show the walk in the other mode, where it stands among the values, at the seed, or at the end."""

    def show(trace: Trace | None) -> None:
        if trace is None:
            return
        moment = stage.moment
        before = moment.trace
        cursor = moment.cursor if moment.cursor < before.seed_step else trace.seed_step
        if moment.at_end:
            cursor = trace.total
        moment = replace(moment, trace=trace, cursor=cursor, playing=False, change=None)
        if trace.tangent_of is not None:
            moment = moment.selecting(trace.tangent_of)
        title = f"{stage.opened.title.partition(_MODE)[0]}{forward_title(trace)}"
        stage.reopen(replace(stage.opened, trace=trace, title=title, moment=None), moment)
        stage.say(words)

    if len(stage.moment.trace.graph) < LARGE:
        show(make())
        return
    from ..working import WorkingScreen

    stage.ask(WorkingScreen("computing the tangents", lambda report: make()), show)


def _compare(stage: Stage) -> None:
    """Compare the passes of forward mode with the one of reverse mode."""
    from ....engine.walk.tangent_comparison import Comparison, compare
    from ..comparison import ComparisonScreen

    trace = stage.moment.trace

    def show(comparison: Comparison | None) -> None:
        if comparison is not None:
            stage.ask(ComparisonScreen(comparison, trace.numbers.notation, stage.moment.digits), lambda answer: None)

    if len(trace.graph.edges) * (1 + trace.graph.leaf_count // 64) < LARGE:
        show(compare(trace.numbers))
        return
    from ..working import WorkingScreen

    stage.ask(WorkingScreen("counting what both modes take", lambda report: compare(trace.numbers, report)), show)


COMMANDS = (
    Command(
        "walk.forward-mode", "F", "Forward mode", "Walk in forward mode for the selected input, or in reverse",
        _change_mode, "F", tells_ahead=True,
    ),
    Command(
        "walk.compare", "T", "Compare", "Compare the passes of forward and of reverse mode", _compare, "T",
        tells_ahead=True,
    ),
)  # fmt: skip
