"""What a graph remembers of the arrays that its nodes were made as."""

from __future__ import annotations

import numpy as np
from gradwalk.engine.array_ops.recording import applied, given
from gradwalk.engine.graph.array_record import ABSENT, SourceLine
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape

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
