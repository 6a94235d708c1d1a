"""`TreeLayout`: the graph as rows."""

from __future__ import annotations

import functools
import operator

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


def flattened(graph: Graph, node: int) -> list[int]:
    """Return the terms of an addition, in order, by asking what the reader of the expression would ask."""
    terms: list[int] = []
    for operand in graph.operands_of(node).tolist():
        addition = graph.op(operand) is not None and graph.op(operand) is graph.op(node)
        unnamed, once = operand not in graph.names, graph.operands.tolist().count(operand) == 1
        terms += flattened(graph, operand) if addition and unnamed and once else [operand]
    return terms


def chain_of(terms: list[Scalar]) -> Scalar:
    return functools.reduce(operator.add, terms)


class TestLongSums:
    def layout(self, count: int) -> tuple[TreeLayout, Graph]:
        graph = (chain_of([Scalar(float(k), f"x{k}").exp() for k in range(count)]) * 2.0).graph()
        return TreeLayout(graph), graph

    def test_the_terms_stand_beside_one_another_each_followed_by_the_sum_up_to_there(self) -> None:
        layout, graph = self.layout(7)
        top = layout.child(graph.output, 0)
        below = [row for row in range(len(layout)) if layout.parent[row] == top]
        assert {int(layout.depth[row]) for row in below} == {2}
        symbols = ["exp" if graph.op(int(layout.node[row])).symbol == "exp" else "+" for row in below]  # type: ignore[union-attr]
        assert symbols == ["exp", "exp", "+", "exp", "+", "exp", "+", "exp", "+", "exp", "+", "exp"]
        assert layout.sums.tops == {int(layout.node[top]): 7}
        exponentials = [int(layout.node[row]) for row in below if layout.is_branch(row)]
        assert layout.terms(int(layout.node[top])) == [*exponentials[:3], exponentials[-1]]

    def test_a_short_sum_is_the_tree_that_it_is_written_as(self) -> None:
        layout, _ = self.layout(6)
        assert not layout.sums.tops
        assert layout.deepest == 1 + 5 + 1

    def test_it_is_gathered_into_one_line_unless_it_is_all_there_is(self) -> None:
        layout, graph = self.layout(7)
        layout.gather_sums(opening=True)
        assert len(layout.sight) == 3
        layout.open_for(int(layout.home[graph.find("x3")]))
        assert len(layout.sight) == len(layout)
        layout.open_for(0)
        assert len(layout.sight) == 3
        alone = TreeLayout(chain_of([Scalar(1.0, f"x{k}") for k in range(9)]).graph())
        alone.gather_sums(opening=True)
        assert len(alone.sight) == len(alone)

    def test_a_name_or_a_second_use_ends_it(self) -> None:
        terms = [Scalar(1.0, f"x{k}") for k in range(12)]
        part = chain_of(terms[:6])
        for graph in ((chain_of([part, *terms[6:]]) * part).graph(), chain_of([part.named("s"), *terms[6:]]).graph()):
            layout = TreeLayout(graph)
            assert list(layout.sums.tops.values()) == [7]

    def test_a_hundred_thousand_terms_are_no_hundred_thousand_levels(self) -> None:
        layout, graph = self.layout(100_000)
        assert layout.deepest == 3
        assert list(layout.sums.tops.values()) == [100_000]
        assert len(layout) == len(graph.operands) + 1


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


@st.composite
def sums(draw: st.DrawFn) -> Graph:
    """Draw additions in any order and nesting, a few of them named, used twice, or within a product."""
    nodes = [Scalar(float(k), f"x{k}") for k in range(draw(st.integers(2, 6)))]
    for _ in range(draw(st.integers(6, 30))):
        left = nodes.pop(draw(st.integers(0, len(nodes) - 1))) if len(nodes) > 2 else nodes[0]
        right = nodes[draw(st.integers(0, len(nodes) - 1))]
        made = left * right if draw(st.integers(0, 9)) == 0 else left + right
        nodes.append(made.named(f"n{len(nodes)}_{draw(st.uuids())}") if draw(st.integers(0, 9)) == 0 else made)
        nodes.append(Scalar(1.0))
    return chain_of(nodes).graph()


@given(sums())
def test_a_layout_has_a_row_for_each_operand_and_long_sums_have_the_terms_that_reading_finds(graph: Graph) -> None:
    layout = TreeLayout(graph)
    assert layout.node[layout.edge_row].tolist() == graph.operands.tolist()
    assert sorted([0, *layout.edge_row.tolist()]) == list(range(len(layout)))
    assert sorted(set(layout.home.tolist())) == sorted(layout.home.tolist())
    assert layout.node[layout.home].tolist() == list(range(len(graph)))
    for row in range(1, len(layout)):
        parent = int(layout.parent[row])
        assert parent < row < layout.end[row] <= layout.end[parent]
        assert layout.depth[row] == layout.depth[parent] + 1
    tops = {
        node: terms
        for node in range(len(graph))
        if graph.op(node) is not None and graph.op(node).name == "add" and not layout.sums.partial[node]  # type: ignore[union-attr]
        for terms in [flattened(graph, node)]
    }
    assert layout.sums.tops == {node: len(terms) for node, terms in tops.items() if len(terms) > 6}
    for node in layout.sums.tops:
        assert layout.terms(node) == [*tops[node][:3], tops[node][-1]]
        row, inside = int(layout.home[node]), []
        for below in range(row + 1, int(layout.end[row])):
            if layout.parent[below] == row and not layout.sums.partial[layout.node[below]]:
                inside.append(int(layout.node[below]))
        assert inside == tops[node]


@given(graphs() | sums(), st.data())
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
