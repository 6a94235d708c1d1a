"""What both modes take: counted against a plain walk of each mode."""

from __future__ import annotations

import math

import numpy as np
import pytest
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.walk import tangent_comparison
from gradwalk.engine.walk.tangent_comparison import compare
from gradwalk.engine.walk.trace import Trace
from hypothesis import given

from .random_graphs import RandomGraph, random_graphs


def test_fabc_by_hand():
    found = compare(Trace(load("fabc").graph).numbers)
    assert [(each.name, each.multiplications) for each in found.passes] == [("a", 3), ("b", 4), ("c", 2)]
    assert (found.forward_multiplications, found.reverse_multiplications, found.input_count) == (9, 7, 3)
    assert found.is_complete


@given(random_graphs())
def test_every_pass_is_that_of_a_walk(random: RandomGraph):
    reverse = Trace(random.graph())
    found = compare(reverse.numbers)
    inputs = np.flatnonzero(reverse.graph.codes[: reverse.graph.leaf_count] == Leaf.INPUT).tolist()
    assert [each.input for each in found.passes] == inputs
    assert found.reverse_multiplications == reverse.backward_steps
    for each in found.passes:
        walk = reverse.in_forward_mode(each.input)
        steps = [walk.step(number).tangent for number in range(walk.seed_step + 1, walk.total + 1)]
        assert each.multiplications == sum(step.multiplications for step in steps if step)
        tangent = walk.state(walk.total).tangent(walk.graph.output)
        if reverse.numbers.output_undefined or tangent is None or not math.isfinite(tangent):
            assert math.isnan(each.derivative)
        else:
            assert each.derivative == tangent


def test_many_inputs_go_together_and_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch):
    names = [f"x{place}" for place in range(150)]
    graph = from_expression(" + ".join(f"{name}*{name}" for name in names), dict.fromkeys(names, "0.5")).graph
    found = compare(Trace(graph).numbers)
    assert (found.is_complete, len(found.passes), found.largest_difference) == (True, 150, 0.0)
    monkeypatch.setattr(tangent_comparison, "MOST_WORK", 2 * len(graph.edges))
    found = compare(Trace(graph).numbers)
    assert (found.is_complete, len(found.passes), found.input_count) == (False, 128, 150)


def test_progress_goes_on_and_may_stop_it():
    told: list[float] = []
    compare(Trace(load("fabc").graph).numbers, told.append)
    assert told == sorted(told)

    def stop(done: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        compare(Trace(load("fabc").graph).numbers, stop)
