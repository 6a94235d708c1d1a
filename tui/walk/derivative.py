"""The walk of a derivative, as something to open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...engine.differentiate.derivative import derivative
from ...engine.scenario import Scenario
from ...engine.walk.trace import Trace
from ..words.derivative import derivative_intro, derivative_title
from .opened import OpenedWalk, Report, open_walk, silent


def derivative_scenario(
    scenario: Scenario,
    by: str | int,
    trace: Trace | None = None,
    report: Callable[[float], None] = lambda done: None,
) -> Scenario:
    """Return the derivative of a scenario's output by an input, its name or its node, as a scenario of its own.

    `trace` is a walk of the scenario's graph, or of an epoch of its training, whose graph and numbers are taken then.
    Raises GraphError where `by` is no input, or the graph is too large.
    """
    before = scenario.graph if trace is None else trace.graph
    graph = derivative(before, by, None if trace is None else trace.values, report)
    assert graph.provenance is not None, "the graph of a derivative says what it comes from"
    base = scenario.name.removeprefix(f"{before.label(before.output)} of ")
    title = derivative_title(base, graph)
    return Scenario(
        name=title,
        title=title,
        summary="",
        intro=derivative_intro(graph, graph.provenance),
        graph=graph,
        notes={},
    )


def differentiated(scenario: Scenario, inputs: Sequence[str]) -> Scenario:
    """Return the derivative of a scenario by one input after the other, in order; GraphError as above."""
    for name in inputs:
        scenario = derivative_scenario(scenario, name)
    return scenario


def open_derivative(opened: OpenedWalk, by: int, report: Report = silent) -> OpenedWalk:
    """Make the walk of the derivative of a walk's output by one of its inputs."""

    def recording(done: float) -> None:
        report("recording the backward pass", done)

    return open_walk(derivative_scenario(opened.scenario, by, opened.trace, recording), report=report)
