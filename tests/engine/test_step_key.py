"""The names of steps: one grammar that writes what it reads."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from gradwalk.engine.definition import Definition
from gradwalk.engine.graph.graph import Graph
from gradwalk.engine.language.step_key import StepKey, StepKind, StepName
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.walk.trace import Trace
from hypothesis import given

from .random_graphs import RandomGraph, random_graphs

LABELS = st.from_regex(r"[a-zA-Zα-ω_][a-zA-Zα-ω_0-9]{0,5}(\[[1-9][0-9]{0,3}\])?", fullmatch=True)


def graph(expression: str, **values: str) -> Graph:
    return from_expression(expression, values).graph


class TestReading:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("f", StepName("f")),
            ("h[3]", StepName("h[3]")),
            ("∂f/∂s", StepName("s", of="f")),
            ("df/ds", StepName("s", of="f")),
            ("∂f/ds", StepName("s", of="f")),
            ("∂h[3]/∂w", StepName("w", of="h[3]")),
            ("∂loss/∂h[12]", StepName("h[12]", of="loss")),
            ("w ←", StepName("w", is_update=True)),
            ("w<-", StepName("w", is_update=True)),
            ("d", StepName("d")),
            ("dd/dd", StepName("d", of="d")),
            ("f/s", StepName("f/s")),
        ],
    )
    def test_a_name_is_read_as_what_it_says(self, text: str, name: StepName):
        assert StepName.read(text) == name

    @given(LABELS, LABELS)
    def test_what_is_written_is_read_again(self, of: str, by: str):
        for name in (StepName(by), StepName.derivative(of, by), StepName(by, is_update=True)):
            assert StepName.read(str(name)) == name

    def test_it_is_written_with_the_signs_of_the_field(self):
        assert [str(StepName.read(text)) for text in ("df/ds", "w <-", "h[3]")] == ["∂f/∂s", "w ←", "h[3]"]

    def test_all_samples_have_one_name(self):
        assert str(StepName.read("∂h[3]/∂z[3]").of_all_samples()) == "∂h/∂z"
        assert StepName.read("∂h[3]/∂w").labels == ("h[3]", "w")


class TestResolving:
    def test_the_value_of_a_node(self):
        function = graph("x*y + 2", x="1", y="2")
        assert StepName.read("t1").keys(function) == (StepKey(StepKind.VALUE, function.find("t1")),)

    def test_the_seed(self):
        function = graph("x*y + 2", x="1", y="2")
        assert StepName.read("df/df").keys(function) == (StepKey(StepKind.SEED, function.output),)

    def test_an_edge_is_that_of_the_operand(self):
        function = graph("x - y", x="1", y="2")
        assert StepName.read("∂f/∂y").keys(function) == (StepKey(StepKind.ALONG, function.output, 1),)

    def test_two_edges_between_two_nodes_have_one_name(self):
        function = graph("x*x", x="3")
        keys = StepName.read("∂f/∂x").keys(function)
        assert keys == (StepKey(StepKind.ALONG, 1, 0), StepKey(StepKind.ALONG, 1, 1))
        assert {str(key.name(function)) for key in keys} == {"∂f/∂x"}

    def test_where_no_edge_that_carries_a_gradient_leads_there_is_no_step(self):
        function = graph("x*y + e", x="1", y="2")
        assert StepName.read("∂f/∂x").keys(function) == (), "x is an operand of t1"
        assert StepName.read("∂f/∂e").keys(function) == (), "a constant carries no gradient"

    def test_over_a_node_that_is_only_watched_the_walk_back_does_not_come(self):
        function = Definition({"x": 2, "y": 3}, {"w": "x*y", "f": "x^2 + y"}, "f", watch=("w",)).build().graph
        assert StepName.read("∂w/∂x").keys(function) == ()
        assert StepName.read("w").keys(function) == (StepKey(StepKind.VALUE, function.find("w")),)

    def test_a_name_that_no_node_has_is_said(self):
        with pytest.raises(KeyError, match="z"):
            StepName.read("∂f/∂z").keys(graph("x + y", x="1", y="2"))

    def test_the_name_of_a_key_leads_back_to_it(self):
        function = graph("(x + y)*x + ln(x)", x="1", y="2")
        for name in (StepName("x"), StepName("f"), StepName.derivative("f", "f"), StepName("x", is_update=True)):
            (key,) = name.keys(function)
            assert key.name(function) == name


class TestWhereAStepIs:
    @staticmethod
    def check(graph: Graph) -> None:
        trace = Trace(graph)
        taken = [trace.key(number) for number in range(1, trace.total + 1)]
        assert [trace.number(key) for key in taken] == list(range(1, trace.total + 1))
        for consumer in range(len(graph)):
            for position in range(len(graph.operands_of(consumer)) + 1):
                key = StepKey(StepKind.ALONG, consumer, position)
                assert (trace.number(key) is None) == (key not in taken), key

    @given(random_graphs())
    def test_a_walk_has_a_number_for_its_own_steps_and_for_no_others(self, random: RandomGraph):
        self.check(random.graph())

    @pytest.mark.parametrize("watched", ["x*y", "f0 + x", "exp(x)*2 - x*x"])
    def test_the_operands_of_a_node_that_is_only_watched_have_none(self, watched: str):
        nodes: dict[str, str | float] = {"w": watched, "f0": "x^2 + y", "f": "f0 + x*x*y"}
        self.check(Definition({"x": 2, "y": 3}, nodes, "f", watch=("w",)).build().graph)
