"""The tree of a network: a neuron is one line, and rows say names."""

from __future__ import annotations

import pytest
from gradwalk.engine.graph.graph import Graph
from gradwalk.engine.library import load
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.walk.tree.labels import Labels
from gradwalk.tui.walk.tree.layout import TreeLayout
from gradwalk.tui.walk.tree.row import TreeRow
from gradwalk.tui.walk.tree.view import lay_out


def laid_out(name: str) -> tuple[TreeLayout, Graph, Trace]:
    trace = Trace(load(name).graph)
    return lay_out(trace, lambda done: None), trace.graph, trace


def below(layout: TreeLayout, graph: Graph, name: str) -> list[int]:
    """Return the rows one level below the place where a node expands."""
    row = int(layout.home[graph.find(name)])
    return [child for child in range(row, int(layout.end[row])) if layout.parent[child] == row]


@pytest.fixture(scope="module", name="moons")
def moons_() -> tuple[TreeLayout, Graph, Trace]:
    return laid_out("moons")


class TestANeuron:
    def test_its_terms_stand_below_it_each_but_the_first_followed_by_the_sum_up_to_there(
        self, moons: tuple[TreeLayout, Graph, Trace]
    ) -> None:
        layout, graph, _ = moons
        for neuron, inputs in (("h1_3[7]", 2), ("h2_16[100]", 16)):
            rows = below(layout, graph, neuron)
            symbols = [op.symbol if (op := graph.op(int(layout.node[row]))) else "leaf" for row in rows]
            assert symbols == ["leaf", *["·", "+"] * inputs]
            assert graph.label(int(layout.node[rows[-1]])) == f"z_{neuron}"

    def test_it_is_one_line_until_it_is_opened(self, moons: tuple[TreeLayout, Graph, Trace]) -> None:
        layout, graph, _ = moons
        for neuron in ("h1_1[1]", "h2_1[1]", "score[1]"):
            assert layout.folded[layout.home[graph.find(neuron)]]

    def test_its_label_is_its_sum_in_names(self, moons: tuple[TreeLayout, Graph, Trace]) -> None:
        layout, graph, _ = moons
        labels = Labels(graph, layout)
        assert labels.expression(graph.find("h1_1[1]")) == "relu(b_h1_1 + w_h1_1_x1·x1[1] + w_h1_1_x2·x2[1])"
        many = labels.expression(graph.find("h2_1[1]"))
        assert many.startswith("relu of 17 terms: b_h2_1 + w_h2_1_h1_1·h1_1[1] + ")
        assert many.endswith("+ … + w_h2_1_h1_16·h1_16[1]")
        assert labels.expression(graph.find("hinge[1]")) == "relu(1 - margin[1])"

    def test_no_row_is_deeper_than_guide_lines_go_at_80_columns(self, moons: tuple[TreeLayout, Graph, Trace]) -> None:
        layout, _, trace = moons
        assert not any(
            "⋯" in text for text, _ in TreeRow(layout, trace.state(0)).pieces(int(layout.depth.argmax()), 79)
        )

    def test_what_a_folded_sample_hides_is_named_with_the_neuron_that_it_is_in(
        self, moons: tuple[TreeLayout, Graph, Trace]
    ) -> None:
        layout, graph, trace = moons
        row = TreeRow(layout, trace.state(1))
        drawn = "".join(text for text, _ in row.pieces(int(layout.home[graph.find("hinge[1]")]), 90))
        assert "hinge[1] ▷ h1_1[1] ▷ t1 = w_h1_1_x1·x1[1]" in drawn


@pytest.mark.parametrize("name", ["xor", "moons", "regression", "fabc"])
def test_the_operands_of_each_step_are_marked_where_they_stand(name: str) -> None:
    layout, graph, trace = laid_out(name)
    for cursor in range(1, trace.total + 1, max(1, trace.total // 300)):
        play = TreeRow(layout, trace.state(cursor)).in_play
        assert layout.node[play.row] == trace.node_of(cursor) == play.active
        if play.operands and play.consumer < 0:
            operands = sorted(int(layout.node[row]) for row in play.operands)
            assert operands == sorted(graph.operands_of(play.active).tolist())
