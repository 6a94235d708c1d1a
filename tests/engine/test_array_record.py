"""What a graph remembers of the arrays that its nodes were made as."""

from __future__ import annotations

import numpy as np
import pytest
from gradwalk.engine.array_ops.recording import applied, given
from gradwalk.engine.graph.array_record import ABSENT, SourceLine
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.language.by_hand import parse_by_hand
from gradwalk.engine.language.step_key import StepName
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.rules.printers.latex import NOTATION as LATEX
from gradwalk.engine.rules.printers.spoken import NOTATION as SPOKEN

LINE = SourceLine("net.py", 3, "y = W * x", "net")


def test_the_graph_of_one_entry_keeps_the_arrays_that_it_is_made_of() -> None:
    tape = Tape()
    w = given(tape, np.array([[1.0, 2.0], [3.0, 4.0]]), Leaf.INPUT, "W")
    x = given(tape, np.array([5.0, 6.0]), Leaf.DATA, "x")
    applied(tape, "transpose", [w])
    y = applied(tape, "multiply", [w, x], source=LINE)
    applied(tape, "exp", [w])
    graph = tape.graph(int(tape.arrays[y].entries[1, 0]))
    given_w, given_x, product = graph.arrays
    assert (given_w.name, given_x.name, product.operation) == ("W", "x", "multiply")
    assert product.operands == (0, 1)
    assert product.entries.tolist() == [[ABSENT, ABSENT], [graph.output, ABSENT]]
    assert [graph.label(int(node)) for node in given_w.entries[given_w.entries >= 0]] == ["W[1,0]"]
    assert graph.source(graph.output) == LINE
    assert [graph.array_of(node) for node in range(len(graph))] == [0, 1, 2]


def test_a_variable_that_is_given_twice_is_one_node_in_both_arrays() -> None:
    tape = Tape()
    first, again = (given(tape, np.array([2.0]), Leaf.INPUT, "w") for _ in range(2))
    applied(tape, "multiply", [first, again])
    graph = tape.graph(len(tape) - 1)
    assert [array.entries.tolist() for array in graph.arrays] == [[0], [0], [1]]


def test_a_graph_of_scalars_has_no_arrays() -> None:
    tape = Tape()
    tape.leaf(1.0, Leaf.INPUT, "x")
    graph = tape.graph(0)
    assert graph.arrays == ()
    assert (graph.array_of(0), graph.source(0)) == (-1, None)


class TestNamesOfEntries:
    def test_an_entry_is_found_by_its_indices(self) -> None:
        tape = Tape()
        given(tape, np.zeros((2, 3, 4)), Leaf.INPUT, "W")
        given(tape, np.zeros(3), Leaf.INPUT, "b")
        given(tape, np.zeros(()), Leaf.INPUT, "c")
        tape.operation(CODES["sum"], range(len(tape)))
        graph = tape.graph(len(tape) - 1)
        names = [*(f"W[{i},{j},{k}]" for i, j, k in np.ndindex(2, 3, 4)), "b[0]", "b[1]", "b[2]", "c"]
        assert [graph.label(node) for node in range(graph.leaf_count)] == names
        assert [graph.find(name) for name in names] == [*range(graph.leaf_count)]
        assert [tape.name_of(node) for node in range(len(tape))] == [*names, None]
        for unknown in ("W[0,1]", "W[0,0,4]", "W[2,0,0]", "W[0]", "b[3]", "b[0,0]", "W"):
            with pytest.raises(KeyError):
                graph.find(unknown)

    def test_the_entries_that_a_graph_has_keep_their_indices(self) -> None:
        tape = Tape()
        w = tape.arrays[given(tape, np.zeros((2, 3)), Leaf.INPUT, "W")].entries
        graph = tape.graph(tape.operation(CODES["sum"], w[:, 1:].ravel().tolist()))
        assert [graph.label(node) for node in range(4)] == ["W[0,1]", "W[0,2]", "W[1,1]", "W[1,2]"]
        assert graph.find("W[1,1]") == 2

    def test_notations_and_step_names_know_them(self) -> None:
        assert StepName.read("∂f/∂W[0,1]") == StepName("W[0,1]", "f")
        assert StepName.read("∂h[2]/∂W[0,1]").of_all_samples() == StepName("W", "h")
        assert LATEX.label("W1[0,1]") == "W_{1,0,1}"
        assert SPOKEN.label("w[0,1]") == "w at 0, 1"
        assert [use.name for use in parse_by_hand("2 W[0,1]", {"W[0,1]"}).expression.names()] == ["W[0,1]"]
