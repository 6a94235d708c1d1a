"""The circuit of graphs that are too large to be shown whole: what is near, and what is counted instead."""

from __future__ import annotations

import numpy as np
import pytest
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.library import load
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk import opened
from gradwalk.tui.walk.circuit.opening import Opening
from gradwalk.tui.walk.circuit.picture import NEIGHBOURHOOD, WHOLE, Picture
from gradwalk.tui.walk.circuit.wiring import Wiring
from gradwalk.tui.walk.moment import Moment
from gradwalk.tui.walk.opened import OpenedWalk, open_walk

from .pilots import text, walk
from .test_circuit import circuit, in_view
from .training import until

WIDTH = 30


def irregular(nodes: int, seed: int = 0) -> Graph:
    """Return a graph of operations on random pairs, all of them named and used."""
    chance = np.random.default_rng(seed)
    tape = Tape()
    layer = np.array([tape.leaf(float(value), Leaf.INPUT, f"x{value}") for value in range(1, WIDTH + 1)])
    for depth in range(nodes // WIDTH):
        pairs = chance.permutation(layer), chance.permutation(layer)
        layer = np.array([
            tape.operation(CODES[("add", "mul", "sub")[depth % 3]], list(pair), f"n{depth}_{place}x")
            for place, pair in enumerate(zip(*map(np.ndarray.tolist, pairs), strict=True))
        ])  # fmt: skip
    return tape.graph(tape.operation(CODES["sum"], layer.tolist(), "out"))


@pytest.mark.parametrize("label", ["out", "n3_7x", "n20_0x", "x4"])
def test_a_neighbourhood_counts_all_operands_and_consumers_that_it_leaves_out(label: str) -> None:
    graph = irregular(900)
    wiring = Wiring(graph)
    picture = Picture(wiring, Opening(wiring), graph.find(label))
    assert not picture.is_whole
    shown = {box.unit for box in picture.boxes if box.unit >= 0}
    assert graph.find(label) in shown
    assert len(shown) == NEIGHBOURHOOD
    consumers = graph.consumers()
    for place, box in enumerate(picture.boxes):
        if box.unit < 0:
            assert box.towards not in shown
            continue
        operands = {*graph.operands_of(box.unit).tolist()}
        before = [picture.boxes[pin.source] for pin in box.pins]
        assert {each.unit for each in before if each.unit >= 0} == operands & shown
        assert sum(each.more for each in before) == len(operands - shown)
        users = {*consumers[graph.operands == box.unit].tolist()}
        after = [picture.boxes[target] for source, target, _ in picture.edges if source == place]
        assert {each.unit for each in after if each.unit >= 0} == users & shown
        assert sum(each.more for each in after) == len(users - shown)


def test_a_sum_of_very_many_terms_is_joined_to_those_that_are_shown_and_counts_the_others() -> None:
    tape = Tape()
    leaves = [tape.leaf(float(place), Leaf.INPUT, f"x{place}y") for place in range(1000)]
    terms = [tape.operation(CODES["square"], [leaf], f"s{place}y") for place, leaf in enumerate(leaves)]
    graph = tape.graph(tape.operation(CODES["sum"], terms, "out"))
    wiring = Wiring(graph)
    picture = Picture(wiring, Opening(wiring), graph.find("s777y"))
    out = picture.boxes[picture.box(graph.output)]
    shown = {picture.boxes[pin.source].unit for pin in out.pins}
    assert graph.find("s777y") in shown
    more = next(picture.boxes[pin.source] for pin in out.pins if picture.boxes[pin.source].unit < 0)
    assert more.more == 1000 - (len(shown) - 1)
    assert more.towards not in shown


@pytest.mark.parametrize("samples", [300, 3000])
def test_the_samples_of_a_large_loss_are_one_box_beside_the_one_in_play(samples: int) -> None:
    tape = Tape()
    weight = tape.leaf(2.0, Leaf.INPUT, "w")
    x = tape.leaves(np.arange(samples, dtype=np.float64), Leaf.DATA, "x")
    squares = tape.operations(CODES["square"], tape.operations(CODES["mul"], x, weight), name="q")
    graph = tape.graph(tape.operation(CODES["mean"], squares, "cost"))
    wiring = Wiring(graph)
    opening = Opening(wiring)
    for sample in (1, samples // 2, samples):
        opening.follow([graph.find(f"q[{sample}]")])
        picture = Picture(wiring, opening, graph.output)
        assert picture.is_whole
        boxes = [picture.box(graph.find(name)) for name in ("w", "cost", f"q[{sample}]", f"x[{sample}]")]
        other = picture.box(graph.find("x[2]"))
        assert sorted([*boxes, other]) == [0, 1, 2, 3, 4]
        cost = picture.boxes[picture.box(graph.output)]
        of_sample = next(pin for pin in cost.pins if pin.source == boxes[2])
        assert of_sample.positions == (sample - 1,)
        assert len(cost.pins) == 2


async def test_every_step_of_a_large_walk_is_in_view_and_a_click_on_what_is_left_out_goes_there() -> None:
    graph = irregular(900)
    assert len(graph) > WHOLE
    shown = OpenedWalk(load("fabc"), Trace(graph), "irregular")
    async with GradwalkApp().run_test(size=(120, 40)) as pilot:
        await pilot.app.push_screen(WalkScreen(shown, moment=Moment(shown.trace, view="circuit")))
        await pilot.pause()
        for step in (1, 2, 300, 1200, shown.trace.total):
            walk(pilot).moment = walk(pilot).moment.at(step)
            await pilot.pause()
            assert in_view(pilot, graph.label(shown.trace.node_of(step)))
            assert "near " in text(pilot)
        view = circuit(pilot)
        more = next(box for box in view.picture.boxes if box.unit < 0)
        place = view.picture.boxes.index(more)
        view.window.left, view.window.top = view.drawing.layout.x[place] - 5, view.drawing.layout.y[place] - 5
        view._patch()
        await pilot.click(type(view), offset=(6, 6))
        await pilot.pause()
        assert walk(pilot).moment.selected == more.towards
        assert in_view(pilot, graph.label(more.towards))


async def test_a_large_walk_s_circuit_is_laid_out_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "LARGE", 5)
    async with GradwalkApp().run_test(size=(120, 40)) as pilot:
        shown = open_walk(load("fabc"))
        await pilot.app.push_screen(WalkScreen(shown))
        await pilot.press("v", "right", "slash", *"1/c", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen) and bool(walk(pilot).query("CircuitGraph")))
        await pilot.pause()
        assert "8 nodes" in text(pilot)
        await pilot.press("right", "k", "v", "v")
        await pilot.pause()
        assert walk(pilot).moment.cursor == 2
        assert circuit(pilot).has_focus
