"""What makes one thing in a graph: checked against what is reached without it, node by node."""

from __future__ import annotations

import numpy as np
import pytest
from gradwalk.engine.definition import Definition
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.scalar_array.array import scalars
from gradwalk.tui.walk.gathering import Gathering, Kind
from hypothesis import given, settings

from ..engine.random_graphs import RandomGraph, random_graphs


def graph_of(name: str) -> Graph:
    return load(name).graph


def labels(gathering: Gathering, kind: Kind) -> list[str]:
    return [gathering.label(group) for group in np.flatnonzero(gathering.kind == kind).tolist()]


def users(graph: Graph, node: int) -> set[int]:
    return set(graph.consumers()[graph.operands == node].tolist())


@settings(max_examples=60, deadline=None)
@given(random_graphs())
def test_a_group_with_a_head_is_used_by_its_head_alone_and_every_node_is_once_in_the_groups(made: RandomGraph) -> None:
    graph = made.graph()
    gathering = Gathering(graph)
    seen = [*gathering.own_nodes(-1).tolist()]
    for group in range(len(gathering)):
        nodes = set(gathering.nodes(group).tolist())
        seen += gathering.own_nodes(group).tolist()
        assert gathering.nodes(group).tolist() == sorted(nodes)
        assert all(gathering.parent[child] == group for child in gathering.children(group).tolist())
        head = int(gathering.head[group])
        if head >= 0:
            assert head in nodes
            assert all(users(graph, node) <= nodes for node in nodes - {head})
            assert not users(graph, head) & nodes
        if gathering.kind[group] in (Kind.EXPRESSION, Kind.SUM):
            inner = nodes - {head}
            assert not any(node in graph.names for node in inner if not gathering.terms[node])
            assert all((graph.operands == node).sum() == 1 for node in inner)
        if gathering.kind[group] == Kind.SAMPLE:
            assert gathering.kind[gathering.parent[group]] == Kind.SAMPLES
        assert gathering.label(group)
    assert sorted(seen) == list(range(len(graph)))


def test_a_walk_of_single_named_operations_has_nothing_to_gather() -> None:
    assert len(Gathering(graph_of("fabc"))) == len(Gathering(graph_of("ehg"))) == 0


def test_a_regression_has_its_samples() -> None:
    graph = graph_of("regression")
    gathering = Gathering(graph)
    assert labels(gathering, Kind.SAMPLES) == ["samples"]
    assert labels(gathering, Kind.SAMPLE) == [f"sample {number}" for number in range(1, 11)]
    third = labels(gathering, Kind.SAMPLE).index("sample 3") + int(np.argmax(gathering.kind == Kind.SAMPLE))
    names = {graph.label(node) for node in gathering.nodes(third).tolist()}
    assert names == {"x[3]", "y[3]", "p[3]", "h[3]", "r[3]", "q[3]"}
    assert {graph.label(node) for node in gathering.own_nodes(-1).tolist()} == {"w", "b", "cost"}


def test_a_neuron_of_the_moons_is_one_thing_in_its_layer_in_its_sample() -> None:
    graph = graph_of("moons")
    gathering = Gathering(graph)
    around = gathering.around(graph.find("h2_5[7]"))
    kinds = [Kind(gathering.kind[group]) for group in around]
    assert kinds == [Kind.SAMPLES, Kind.SAMPLE, Kind.LAYER, Kind.SUM]
    assert [gathering.label(group) for group in around] == ["samples", "sample 7", "h2", "h2_5[7]"]
    assert gathering.count[around].tolist() == [100, 646, 16, 17]
    neuron = gathering.nodes(around[-1]).tolist()
    assert [graph.op(node).name for node in neuron].count("mul") == 16  # type: ignore[union-attr]
    given_to = {graph.label(node) for node in graph.operands if node not in neuron}
    assert "h1_3[7]" in given_to, "what comes in is no part of it"
    assert "parameters of h2" in labels(gathering, Kind.LEAVES)


def test_neurons_that_lead_to_each_other_are_no_layer() -> None:
    def layers(*expressions: str) -> int:
        nodes = dict(zip(("h1", "h2", "y"), expressions, strict=True))
        graph = Definition(dict.fromkeys("abcde", 1.0), nodes).build().graph
        return int((Gathering(graph).kind == Kind.LAYER).sum())

    assert layers("tanh(a*b + c*d + e)", "tanh(a*c + b*d + e)", "h1*h2") == 1
    assert layers("tanh(a*b + c*d + e)", "tanh(a*h1 + b*d + e)", "h1*h2") == 0


def test_the_parameters_of_a_layer_are_gathered_although_the_loss_uses_them_too() -> None:
    graph = graph_of("moons")
    gathering = Gathering(graph)
    counts = {
        gathering.label(group): int(gathering.count[group])
        for group in np.flatnonzero(gathering.kind == Kind.LEAVES).tolist()
    }
    assert counts == {"parameters of h1": 48, "parameters of h2": 272, "parameters of score": 17}
    weights = gathering.own_nodes(int(gathering.group[graph.find("b_h1_1")]))
    assert (graph.codes[weights] == Leaf.INPUT).all()


@pytest.mark.parametrize(("terms", "kind"), [(2, Kind.EXPRESSION), (3, Kind.SUM), (9, Kind.SUM)])
def test_an_unnamed_sum_of_three_terms_or_more_is_one_with_its_products(terms: int, kind: Kind) -> None:
    expression = "tanh(" + " + ".join(f"w{k}*x{k}" for k in range(terms)) + ")"
    values = {f"{letter}{k}": "1" for letter in "wx" for k in range(terms)}
    graph = from_expression(expression, values).graph
    gathering = Gathering(graph)
    group = int(gathering.group[graph.output])
    assert gathering.kind[group] == kind
    assert gathering.count[group] == (terms if kind == Kind.SUM else 2 * terms)
    assert len(gathering.own_nodes(group)) == 2 * terms


def test_it_tells_how_far_it_is_and_can_be_stopped() -> None:
    class Stopped(Exception):
        pass

    def stop(done: float) -> None:
        assert 0 <= done <= 1
        raise Stopped

    with pytest.raises(Stopped):
        Gathering(graph_of("moons"), stop)


class TestArrays:
    def gathered(self) -> tuple[Graph, Gathering]:
        x = np.array([[0.5, -1.0, 2.0], [1.5, 2.0, 0.1]])
        tape = Tape()
        w, b, v = (scalars(name, np.ones(shape), tape=tape) for name, shape in (("W", (3, 2)), ("b", 2), ("v", 2)))
        h = np.tanh(x @ w + b)
        loss = np.mean((h @ v) ** 2)
        graph = loss.graph()  # pyright: ignore
        return graph, Gathering(graph)

    def test_what_was_made_together_is_one_thing(self) -> None:
        graph, gathering = self.gathered()
        arrays = np.flatnonzero(gathering.kind == Kind.ARRAY).tolist()
        assert {gathering.label(group): gathering.shapes[group] for group in arrays} == {
            "W": (3, 2), "b": (2,), "v": (2,), "x": (2, 3), "h": (2, 2),
        }  # fmt: skip
        (layer,) = (group for group in arrays if gathering.label(group) == "h")
        assert [graph.label(int(gathering.head[child])) for child in gathering.children(layer)] == [
            "h[0,0]", "h[0,1]", "h[1,0]", "h[1,1]",
        ]  # fmt: skip
        around = [Kind(gathering.kind[group]) for group in gathering.around(graph.find("h[1,0]"))]
        assert around == [Kind.ARRAY, Kind.SUM]

    def test_every_node_is_once_in_the_groups(self) -> None:
        graph, gathering = self.gathered()
        seen = [node for group in range(-1, len(gathering)) for node in gathering.own_nodes(group).tolist()]
        assert sorted(seen) == list(range(len(graph)))
        assert all(gathering.label(group) for group in range(len(gathering)))

    def test_an_array_without_a_name_is_called_by_what_it_is_made_of(self) -> None:
        x, tape = np.array([[0.5, -1.0], [1.5, 2.0]]), Tape()
        w, b = scalars("W", np.eye(2), tape=tape), scalars("b", np.zeros(2), tape=tape)
        graph = np.sum(np.tanh((x @ w - b) * (b + 1)) * np.ones((3, 2, 2))).graph()  # pyright: ignore
        gathering = Gathering(graph)
        called = {gathering.label(group) for group in np.flatnonzero(gathering.kind == Kind.ARRAY).tolist()}
        assert "tanh((… - b) * (b + …))" in called
