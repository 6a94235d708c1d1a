"""`TreeLayout`: the graph as rows."""

from __future__ import annotations

from gradwalk.engine.graph.graph import Graph
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.scalar import Scalar
from gradwalk.tui.walk.tree.layout import TreeLayout
from hypothesis import given
from hypothesis import strategies as st


def in_sight(layout: TreeLayout) -> list[int]:
    return layout.sight.rows(0, len(layout)).tolist()


def labels(layout: TreeLayout, graph: Graph) -> list[str]:
    return [graph.label(int(layout.node[row])) for row in in_sight(layout)]


def layout_of(name: str) -> tuple[TreeLayout, Graph]:
    graph = load(name).graph
    return TreeLayout(graph), graph


class TestOrder:
    def test_the_output_comes_first_and_operands_stand_below_in_order(self) -> None:
        layout, graph = layout_of("fabc")
        assert labels(layout, graph) == ["f", "r", "s", "a", "l", "b", "q", "c"]
        assert layout.depth.tolist() == [0, 1, 2, 3, 3, 4, 1, 2]
        assert layout.parent.tolist() == [-1, 0, 1, 2, 2, 4, 0, 6]

    def test_a_shared_node_expands_once_and_is_a_reference_elsewhere(self) -> None:
        graph = from_expression("exp(x)*y + exp(x)", {"x": "1", "y": "2"}).graph
        layout = TreeLayout(graph)
        shown = labels(layout, graph)
        references = [layout.is_reference(row) for row in range(len(layout))]
        assert shown.count("x") == 2
        assert references.count(True) == 1
        assert references.index(True) > shown.index("x")

    def test_an_operand_used_twice_by_one_node_has_two_rows(self) -> None:
        layout, graph = layout_of("square")
        k = graph.find("k")
        assert layout.child(k, 0) + 1 == layout.child(k, 1)
        assert layout.node[layout.child(k, 0)] == layout.node[layout.child(k, 1)] == graph.find("b")
        assert layout.last_child(k) == layout.child(k, 1)
        assert layout.last_child(graph.find("b")) == -1

    def test_last_children_have_no_sibling_below(self) -> None:
        layout, graph = layout_of("fabc")
        last = {graph.label(int(layout.node[row])) for row in range(len(layout)) if layout.is_last_child(row)}
        assert last == {"f", "s", "l", "b", "q", "c"}


class TestFolding:
    def test_a_folded_branch_hides_all_below_it(self) -> None:
        layout, graph = layout_of("fabc")
        layout.toggle_fold(1)
        assert labels(layout, graph) == ["f", "r", "q", "c"]
        layout.toggle_fold(1)
        assert len(layout.sight) == len(layout)

    def test_a_leaf_has_nothing_to_fold(self) -> None:
        layout, _ = layout_of("fabc")
        layout.toggle_fold(3)
        assert not layout.folded.any()
        assert len(layout.sight) == len(layout)

    def test_folding_all_leaves_the_root_and_its_operands(self) -> None:
        layout, graph = layout_of("fabc")
        layout.fold_all()
        assert labels(layout, graph) == ["f", "r", "q"]
        layout.unfold_all()
        assert len(layout.sight) == len(layout)

    def test_revealing_a_row_opens_just_what_hides_it(self) -> None:
        layout, _ = layout_of("fabc")
        layout.fold_all()
        layout.reveal(5)
        assert 5 in in_sight(layout)
        assert layout.folded.nonzero()[0].tolist() == [6]

    def test_a_hidden_row_stands_at_the_place_of_what_hides_it(self) -> None:
        layout, _ = layout_of("fabc")
        layout.toggle_fold(1)
        assert layout.sight.position(5) == layout.sight.position(1) == 1
        assert layout.sight.position(6) == 2


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Draw a graph in which nodes are shared freely."""
    nodes = [Scalar(float(k), f"x{k}") for k in range(draw(st.integers(1, 3)))]
    for _ in range(draw(st.integers(1, 12))):
        left, right = (nodes[draw(st.integers(0, len(nodes) - 1))] for _ in range(2))
        nodes.append(left + right if draw(st.booleans()) else left * right)
    return nodes[-1].graph()


@given(graphs(), st.data())
def test_whatever_is_folded_the_visible_rows_are_those_without_a_folded_ancestor(
    graph: Graph, data: st.DataObject
) -> None:
    layout = TreeLayout(graph)
    assert sorted(set(layout.node.tolist())) == list(range(len(graph)))
    for row in data.draw(st.lists(st.integers(0, len(layout) - 1), max_size=6)):
        layout.toggle_fold(row)

    def hidden(row: int) -> bool:
        parent = int(layout.parent[row])
        return parent >= 0 and (bool(layout.folded[parent]) or hidden(parent))

    assert in_sight(layout) == [row for row in range(len(layout)) if not hidden(row)]
    for row in range(len(layout)):
        visible = row
        while hidden(visible):
            visible = int(layout.parent[visible])
        assert layout.sight.row(layout.sight.position(row)) == visible
