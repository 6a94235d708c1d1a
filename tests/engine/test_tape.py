"""A tape records blocks as it records node by node, and names a million nodes without a million strings."""

import sys
import tracemalloc

import numpy as np
import pytest
from gradwalk.engine.errors import GraphError
from gradwalk.engine.graph.graph import Graph, Leaf, led_to
from gradwalk.engine.graph.names import NameBlock, Names
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.run.loop import forward, input_gradients
from gradwalk.engine.scalar import Scalar
from hypothesis import given
from hypothesis import strategies as st

ADD, MUL, SQUARE, MEAN = CODES["add"], CODES["mul"], CODES["square"], CODES["mean"]


def columns(tape: Tape) -> tuple[list[int], list[int], list[float], dict[int, int]]:
    return tape.codes.tolist(), tape.operands.tolist(), tape.values.tolist(), tape.n_ary_operand_counts


class TestBlocks:
    def test_they_are_what_one_node_after_another_is(self):
        numbers = [0.5, -1.25, 3.0, 8.0]
        blocks, single = Tape(), Tape()
        x, w = blocks.leaves(numbers, Leaf.DATA), blocks.leaf(1.5, Leaf.INPUT)
        products = blocks.operations(MUL, x, w)
        means = blocks.operations(MEAN, products, x, products)
        blocks.fold(blocks.operations(SQUARE, means))

        y = [single.leaf(number, Leaf.DATA) for number in numbers]
        v = single.leaf(1.5, Leaf.INPUT)
        scaled = [single.operation(MUL, [node, v]) for node in y]
        averages = [single.operation(MEAN, [p, q, p]) for p, q in zip(scaled, y, strict=True)]
        total, *others = [single.operation(SQUARE, [node]) for node in averages]
        for node in others:
            total = single.operation(ADD, [total, node])
        assert columns(blocks) == columns(single)
        assert total == len(blocks) - 1

    def test_a_column_is_a_range_an_array_a_list_or_one_node(self):
        tape = Tape()
        x = tape.leaves([1.0, 2.0, 3.0], Leaf.INPUT)
        for column in (x, np.array(x, dtype=np.int32), list(x), range(2, -1, -1)):
            made = tape.operations(MUL, column, x[1])
            assert [tape.values[k] for k in made] == [2.0 * tape.values[k] for k in column]

    def test_a_sum_of_one_term_is_that_term(self):
        tape = Tape()
        x = tape.leaf(2.0, Leaf.INPUT)
        assert tape.fold([x]) == x
        assert len(tape) == 1

    def test_undefined_values_are_recorded_without_a_warning(self):
        tape = Tape()
        x = tape.leaves([0.0, -1.0, 1e308], Leaf.INPUT)
        logarithms = tape.operations(CODES["ln"], x)
        assert [str(tape.values[k]) for k in logarithms][:2] == ["-inf", "nan"]
        assert tape.values[tape.fold([x[2], x[2], x[2]])] == np.inf

    @pytest.mark.parametrize(
        ("code", "operands"),
        [(MUL, ([0, 1],)), (SQUARE, ([0], [1])), (MEAN, ()), (MUL, ([0, 9], [1, 0])), (MUL, ([-1], [0]))],
    )
    def test_operands_that_do_not_fit_are_refused_and_leave_the_tape_as_it_was(self, code: int, operands):
        tape = Tape()
        tape.leaves([1.0, 2.0], Leaf.INPUT, "x")
        with pytest.raises(GraphError):
            tape.operations(code, *operands)
        assert len(tape) == 2
        tape.leaf(3.0, Leaf.INPUT)
        assert tape.values.tolist() == [1.0, 2.0, 3.0]

    @pytest.mark.parametrize("terms", [[], [5], [0, 7, 1], [-1, 0]])
    def test_so_are_terms(self, terms: list[int]):
        tape = Tape()
        tape.leaves([1.0, 2.0], Leaf.INPUT)
        with pytest.raises(GraphError):
            tape.fold(terms)
        assert len(tape) == 2

    def test_a_node_takes_seventeen_bytes_and_its_operands(self):
        tape = Tape()
        x = tape.leaves(np.zeros(100_000), Leaf.INPUT, "x")
        tape.operations(SQUARE, x)
        held = sum(len(column) * column.itemsize for column in (tape.codes, tape.operands, tape.values))
        assert held == 2 * 100_000 * (1 + 8) + 100_000 * 4


class TestNames:
    def graph(self) -> Graph:
        """x[1] to x[5], a leaf without a name, w, h[1] to h[5], a nameless sum of four additions, then cost."""
        tape = Tape()
        x = tape.leaves(range(5), Leaf.DATA, "x")
        nameless = tape.leaf(2.0, Leaf.INPUT)
        w = tape.leaf(3.0, Leaf.INPUT, "w")
        h = tape.operations(MUL, x, w, name="h")
        total = tape.fold(h)
        return tape.graph(tape.operation(MUL, [total, tape.operation(MUL, [nameless, w])], "cost"))

    def test_every_label_leads_back_to_its_node(self):
        graph = self.graph()
        labels = [graph.label(node) for node in range(len(graph))]
        assert labels == [
            *(f"x[{k}]" for k in range(1, 6)),
            "tleaf6",
            "w",
            *(f"h[{k}]" for k in range(1, 6)),
            "t1",
            "t2",
            "t3",
            "t4",
            "t5",
            "cost",
        ]
        assert [graph.find(label) for label in labels] == list(range(len(graph)))

    @pytest.mark.parametrize(
        "label",
        ["x[0]", "x[6]", "x[01]", "x[-1]", "x[]", "x", "h[6]", "t0", "t6", "tt1", "tleaf1", "tleaf99", "y[1]", ""],
    )
    def test_what_nothing_is_called_is_not_found(self, label: str):
        with pytest.raises(KeyError):
            self.graph().find(label)

    def test_a_name_of_its_own_wins_over_that_of_the_block(self):
        tape = Tape()
        x = tape.leaves([1.0, 2.0, 3.0], Leaf.INPUT, "x")
        tape.names[x[1]] = "middle"
        graph = tape.graph(tape.fold(x))
        assert [graph.label(node) for node in range(3)] == ["x[1]", "middle", "x[3]"]
        assert graph.find("middle") == 1
        with pytest.raises(KeyError):
            graph.find("x[2]")
        assert dict(graph.names) == {0: "x[1]", 1: "middle", 2: "x[3]"}
        assert len(graph.names) == 3

    def test_names_alone_know_that_too(self):
        names = Names({1: "middle", 7: "end"}, [NameBlock("x", 0, range(1, 4)), NameBlock("y", 4, [2, 5])])
        assert [names.find(name) for name in ("x[1]", "x[2]", "middle", "y[5]", "y[1]", "end")] == [
            0,
            None,
            1,
            5,
            None,
            7,
        ]
        assert [names.count_before(node) for node in range(9)] == [0, 1, 2, 3, 3, 4, 5, 5, 6]

    def test_names_like_those_of_the_nameless_make_these_longer(self):
        tape = Tape()
        x = tape.leaf(1.0, Leaf.INPUT, "t1")
        graph = tape.graph(tape.operation(SQUARE, [tape.operation(SQUARE, [x])]))
        assert [graph.label(node) for node in range(3)] == ["t1", "tt1", "tt2"]
        assert [graph.find(label) for label in ("t1", "tt1", "tt2")] == [0, 1, 2]

    @given(st.data())
    def test_the_graph_of_a_part_keeps_the_numbers_in_the_names(self, data: st.DataObject):
        """Whatever is cut out, each node is called what it is called on the whole tape."""
        tape = Tape()
        x = tape.leaves(range(8), Leaf.INPUT, "x")
        y = tape.operations(SQUARE, x, name="y")
        z = tape.leaves(range(8), Leaf.DATA, "z")
        p = tape.operations(MUL, y, z, name="p")
        picked = data.draw(st.lists(st.sampled_from([*x, *y, *z, *p]), min_size=1, max_size=6))
        whole = {node: f"{block}[{k + 1}]" for block, nodes in (("x", x), ("y", y), ("z", z), ("p", p))
                 for k, node in enumerate(nodes)}  # fmt: skip
        graph = tape.graph(tape.operation(CODES["sum"], picked, "total"))
        needed = {whole[node] for node in picked}
        for k in range(1, 9):
            if f"p[{k}]" in needed:
                needed |= {f"y[{k}]", f"z[{k}]"}
            if f"y[{k}]" in needed:
                needed.add(f"x[{k}]")
        labels = [graph.label(node) for node in range(len(graph))]
        assert set(labels) == {*needed, "total"}
        assert len(labels) == len(set(labels))
        assert [graph.find(label) for label in labels] == list(range(len(graph)))
        assert sorted(graph.names) == list(range(len(graph)))
        for node, label in enumerate(labels[: graph.leaf_count]):
            assert graph.leaf_values[node] == int(label[2:-1]) - 1

    def test_a_million_names_cost_next_to_nothing(self):
        tracemalloc.start()
        tape = Tape()
        x = tape.leaves(np.zeros(1_000_000), Leaf.DATA, "x")
        columns_alone = tracemalloc.get_traced_memory()[0]
        graph = tape.graph(tape.fold(x))
        held = tracemalloc.get_traced_memory()[0] - columns_alone
        tracemalloc.stop()
        assert sys.getsizeof("x[500000]") * 1_000_000 > held
        assert graph.find("x[765432]") == 765_431
        assert graph.label(765_431) == "x[765432]"
        assert graph.find("t999999") == graph.output


class TestCuttingOut:
    def test_what_the_output_does_not_need_is_left_behind(self):
        tape = Tape()
        a, b = tape.leaf(2.0, Leaf.INPUT, "a"), tape.leaf(5.0, Leaf.INPUT, "b")
        node = b
        for _ in range(50):  # deeper than the rounds in which dead parts are usually found
            node = tape.unary(SQUARE, node)
        graph = tape.graph(tape.operation(MUL, [a, a], "f"))
        assert [graph.label(node) for node in range(len(graph))] == ["a", "f"]
        assert forward(graph).tolist() == [2.0, 4.0]

    def test_constants_may_be_computed_with_at_any_depth_and_carry_nothing(self):
        tape = Tape()
        node = tape.leaf(1.0, Leaf.CONSTANT)
        for _ in range(50):
            node = tape.unary(SQUARE, node)
        x = tape.leaf(3.0, Leaf.INPUT, "x")
        graph = tape.graph(tape.operation(MUL, [node, x]))
        assert np.flatnonzero(graph.carries_gradient).tolist() == [graph.find("x"), graph.output]

    @given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60), st.sets(st.integers(0, 30)))
    def test_all_that_is_led_to_is_marked(self, pairs: list[tuple[int, int]], roots: set[int]):
        edges = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
        marked = set(roots)
        for _ in range(31):
            marked |= {target for source, target in edges if source in marked}
        found = led_to(
            np.isin(np.arange(31), list(roots)),
            np.array([source for source, _ in edges], dtype=np.int32),
            np.array([target for _, target in edges], dtype=np.int32),
        )
        assert set(np.flatnonzero(found).tolist()) == marked


class TestGradientsStraightFromTheTape:
    def expression(self, tape: Tape) -> Scalar:
        x, y = Scalar(0.7, "x", tape=tape), Scalar(-1.3, "y", tape=tape)
        return (x * y + 2.0).square() / (x.exp() + 1) - x.apply("mean", x, y, 3.0) ** 3

    def test_they_are_those_of_the_graph_that_is_cut_out(self):
        f = self.expression(Tape())
        assert f.tape.is_one_graph()
        alone = f.grad()
        Scalar(1.0, "unused", tape=f.tape)
        assert not f.tape.is_one_graph()
        assert f.grad() == alone

    def test_a_name_that_is_not_needed_is_left_out(self):
        f = self.expression(Tape())
        g = f * Scalar(2.0, "z", tape=f.tape)
        assert set(f.grad()) == {"x", "y"}
        assert set(g.grad()) == {"x", "y", "z"}

    @pytest.mark.parametrize("unused", [False, True])
    def test_a_block_of_inputs_has_a_partial_for_each(self, unused: bool):
        tape = Tape()
        w = tape.leaves([2.0, 3.0], Leaf.INPUT, "w")
        x = tape.leaves([5.0, 7.0], Leaf.DATA, "x")
        if unused:
            tape.leaf(1.0, Leaf.INPUT, "unused")
        cost = tape.fold(tape.operations(MUL, w, x, name="p"))
        assert input_gradients(tape, cost) == {"w[1]": 5.0, "w[2]": 7.0}
