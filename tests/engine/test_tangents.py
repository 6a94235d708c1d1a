"""Forward mode: its numbers against autograd, PyTorch and reverse mode, its steps against a plain loop."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from autograd import make_jvp
from gradwalk.engine.errors import GraphError
from gradwalk.engine.export.walk_document import encode
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.language.step_key import StepKey, StepKind, StepName
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.rules.ops import OPS
from gradwalk.engine.walk.reason import Why
from gradwalk.engine.walk.step import Phase, Step
from gradwalk.engine.walk.tangents import input_called
from gradwalk.engine.walk.trace import Trace
from hypothesis import assume, given

from .random_functions import RandomFunction, random_functions
from .random_graphs import RandomGraph, random_graphs

FABC = load("fabc")


def inputs_of(graph: Graph) -> list[int]:
    return np.flatnonzero(graph.codes[: graph.leaf_count] == Leaf.INPUT).tolist()


def forward(expression: str, by: str, **values: str) -> Trace:
    graph = from_expression(expression, values).graph
    return Trace(graph, tangent_of=graph.find(by))


def tangent_steps(trace: Trace) -> list[Step]:
    return [trace.step(number) for number in range(trace.seed_step + 1, trace.total + 1)]


class TestNumbers:
    def test_fabc_by_hand(self):
        walk = Trace(FABC.graph, tangent_of=FABC.graph.find("b"))
        found = {step.name: step.value for step in tangent_steps(walk)}
        by_b = 1 / math.e
        assert found == pytest.approx({"l": by_b, "s": by_b, "r": -by_b / 9, "f": -by_b / 9}, rel=1e-15)
        assert [walk.state(walk.total).tangent(FABC.graph.find(name)) for name in "acq"] == [0, 0, 0]

    @given(random_functions())
    def test_every_input_agrees_with_autograd(self, function: RandomFunction):
        graph = function.recorded().graph()
        jvp = make_jvp(lambda inputs: function.judged(inputs))(np.array(function.inputs))
        for place in range(len(function.inputs)):
            node = graph.names.find(f"x{place}")
            if node is None:
                continue
            _, expected = jvp(np.eye(len(function.inputs))[place])
            walk = Trace(graph, tangent_of=node)
            found = walk.state(walk.total).tangent(graph.output)
            assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-12)

    @given(random_graphs(numbers=(0.0, 0.5, -1.5, 2.0, 3.25, 0.1)))
    def test_forward_and_reverse_mode_find_the_same(self, random: RandomGraph):
        graph = random.graph()
        reverse = Trace(graph)
        assume(np.isfinite(reverse.values).all() and np.isfinite(reverse.backward.contributions).all())
        assume(float(np.abs(reverse.backward.contributions).max(initial=0.0)) < 1e100)
        for node in inputs_of(graph):
            walk = reverse.in_forward_mode(node)
            found = walk.state(walk.total).tangent(graph.output)
            gradient = reverse.state(reverse.total).gradient(node)
            # terms that cancel leave the rounding of the largest behind
            largest = float(np.abs(reverse.backward.contributions).max(initial=0.0))
            assert found == pytest.approx(gradient, rel=1e-9, abs=1e-12 * max(1.0, largest))

    def test_what_is_only_multiplied_by_zero_does_not_spoil_it(self):
        walk = forward("x + y*sqrt(y)/sqrt(y + 0*y)", "x", x="2", y="0")
        assert walk.tangents is not None
        assert walk.undefined_values[walk.graph.output], "0/0"
        walk = forward("x*1 + sqrt(y)", "x", x="2", y="0")
        assert walk.state(walk.total).tangent(walk.graph.output) == 1.0, "∂√y/∂y is infinite, and y does not move"


@pytest.mark.torch
class TestTorch:
    @pytest.mark.parametrize("name", ["fabc", "ehg", "xyz", "chain", "ab1", "square", "sum"])
    def test_every_tangent_agrees_with_jvp(self, name: str):
        torch = pytest.importorskip("torch", reason="PyTorch is not installed")
        from .test_torch import JUDGES

        graph = load(name).graph
        inputs = inputs_of(graph)
        leaves = tuple(torch.tensor(value, dtype=torch.float64) for value in graph.leaf_values[inputs].tolist())

        def nodes(*leaves: Any) -> tuple[Any, ...]:
            found: list[Any] = graph.leaf_values.tolist()
            for node, leaf in zip(inputs, leaves, strict=True):
                found[node] = leaf
            for node in range(graph.leaf_count, len(graph)):
                op = graph.op(node)
                assert op is not None
                found.append(JUDGES[op.name](*(found[k] for k in graph.operands_of(node).tolist())))
            return tuple(torch.as_tensor(value) for value in found[graph.leaf_count :])

        for place, node in enumerate(inputs):
            seeds = tuple(torch.tensor(float(other == place), dtype=torch.float64) for other in range(len(inputs)))
            _, expected = torch.func.jvp(nodes, leaves, seeds)
            end = (walk := Trace(graph, tangent_of=node)).state(walk.total)
            for operation, tangent in enumerate(expected, graph.leaf_count):
                found = end.tangent(operation)
                assert (found or 0.0) == pytest.approx(float(tangent), rel=1e-12, abs=1e-15)


class TestSteps:
    def test_a_step_says_the_whole_sum(self):
        walk = forward("x*y + sin(x)", "x", x="2", y="5")
        step = walk.step(walk.total)
        assert (step.phase, step.tangent_of, step.expression) == (Phase.TANGENT, "x", "∂f/∂t1 · ṫ1 + ∂f/∂t2 · ṫ2")
        assert (step.substituted.left, step.substituted.right) == ("1·5 + 1·(-0.4161)", "4.5839")
        first = walk.step(walk.seed_step + 1)
        assert first.tangent is not None
        assert [(term.local_name, term.local, term.tangent) for term in first.tangent.terms] == [
            ("∂t1/∂x", 5.0, 1.0),
            ("∂t1/∂y", 2.0, 0.0),
        ]
        assert [term.depends for term in first.tangent.terms] == [True, False]
        assert first.tangent.multiplications == 1

    def test_the_same_operand_twice_is_two_products(self):
        walk = forward("x*x", "x", x="3")
        step = walk.step(walk.total)
        assert step.tangent is not None
        assert step.expression == "∂(x·x)/∂x · ẋ + ∂(x·x)/∂x · ẋ", "∂f/∂x is the whole of it"
        assert (step.value, step.tangent.multiplications) == (6.0, 2)

    def test_a_long_sum_shows_four_products_and_says_how_many_there_are(self):
        names = [f"x{place}" for place in range(9)]
        walk = forward(f"sum({', '.join(names)})", "x4", **dict.fromkeys(names, "1"))
        found = walk.step(walk.total).tangent
        assert found is not None
        assert ([term.operand_name for term in found.terms], found.term_count) == (["x0", "x1", "x2", "x8"], 9)
        assert (found.multiplications, walk.step(walk.total).value) == (1, 1.0)

    @given(random_graphs())
    def test_a_walk_has_a_step_for_what_depends_on_the_input_and_for_nothing_else(self, random: RandomGraph):
        graph = random.graph()
        for node in inputs_of(graph)[:3]:
            walk = Trace(graph, tangent_of=node)
            keys = [walk.key(number) for number in range(1, walk.total + 1)]
            assert [walk.number(key) for key in keys] == list(range(1, walk.total + 1))
            depends = {node}
            for other in range(graph.leaf_count, len(graph)):
                if depends & set(graph.operands_of(other).tolist()):
                    depends.add(other)
            with_step = {key.node for key in keys if key.kind is StepKind.TANGENT}
            assert with_step == {other for other in depends if graph.carries_gradient[other]}
            assert walk.number(StepKey(StepKind.SEED, graph.output)) is None

    @given(random_graphs())
    def test_a_step_writes_what_its_products_add_up_to(self, random: RandomGraph):
        graph = random.graph()
        for node in inputs_of(graph)[:2]:
            walk = Trace(graph, tangent_of=node)
            for step in tangent_steps(walk):
                assert step.tangent is not None
                if len(step.tangent.terms) == step.tangent.term_count and step.undefined is None:
                    assert step.value == pytest.approx(sum(term.product for term in step.tangent.terms), rel=1e-12)
                assert (step.undefined is None) == math.isfinite(step.value)


class TestState:
    @given(random_graphs())
    def test_a_tangent_is_unknown_before_its_step_and_zero_from_the_seed_on_where_there_is_none(
        self, random: RandomGraph
    ):
        graph = random.graph()
        for node in inputs_of(graph)[:2]:
            walk = Trace(graph, tangent_of=node)
            moments = sorted({0, walk.seed_step - 1, walk.seed_step, (walk.seed_step + walk.total) // 2, walk.total})
            for cursor in moments:
                state = walk.state(cursor)
                written = {walk.node_of(k): walk.step(k).value for k in range(walk.seed_step, cursor + 1)}
                known = state.tangents()
                for other in range(len(graph)):
                    found = state.tangent(other)
                    if not graph.carries_gradient[other]:
                        assert found is None
                    elif other in written:
                        assert found == written[other] or (math.isnan(found or 0) and math.isnan(written[other]))
                    elif found is not None:
                        assert cursor >= walk.seed_step
                        assert found == 0 or walk.undefined_values[other]
                    assert (known[other] == found) or math.isnan(known[other])

    def test_there_are_no_gradients_in_forward_mode_and_no_tangents_in_reverse_mode(self):
        reverse = Trace(FABC.graph, FABC.notes)
        walk = reverse.in_forward_mode(0)
        assert walk.state(walk.total).gradient(0) is None
        assert np.isnan(walk.state(walk.total).gradients()).all()
        assert reverse.state(reverse.total).tangent(0) is None
        back = walk.in_reverse_mode()
        assert [back.step(k) for k in range(1, back.total + 1)] == [reverse.step(k) for k in range(1, back.total + 1)]

    def test_the_values_are_those_of_reverse_mode_step_by_step(self):
        reverse = Trace(FABC.graph, FABC.notes)
        walk = reverse.in_forward_mode(0)
        assert walk.seed_step == reverse.seed_step
        for number in range(1, walk.seed_step):
            assert walk.step(number).value == reverse.step(number).value


class TestExact:
    def test_a_tangent_has_its_closed_form(self):
        walk = Trace(FABC.graph, tangent_of=FABC.graph.find("b"))
        found = {step.name: step.substituted.exact for step in tangent_steps(walk)}
        assert {name: exact.form if exact else None for name, exact in found.items()} == {
            "l": "1/e", "s": "1/e", "r": "-1/(9e)", "f": "-1/(9e)",
        }  # fmt: skip
        last = walk.step(walk.total).tangent
        assert last is not None
        assert [term.tangent_exact.form if term.tangent_exact else "" for term in last.terms] == ["-1/(9e)", ""]


class TestUndefined:
    @pytest.mark.parametrize(
        ("expression", "values", "why", "name"),
        [
            ("ln(x)*y", {"x": "-1", "y": "2"}, Why.VALUE_UNDEFINED, "t1"),
            ("sqrt(x)*y", {"x": "0", "y": "2"}, Why.LOCAL_UNDEFINED, "t1"),
            ("x*1e308*10", {"x": "0"}, Why.SUM_TOO_LARGE, ""),
        ],
    )
    def test_a_step_says_why_there_is_no_tangent(self, expression: str, values: dict[str, str], why: Why, name: str):
        walk = forward(expression, "x", **values)
        reasons = [step.undefined for step in tangent_steps(walk) if step.undefined]
        if name:
            assert (reasons[0].why, reasons[0].name) == (why, name)
        else:
            assert [reason.why for reason in reasons] == [Why.PRODUCT_TOO_LARGE]

    def test_what_follows_names_the_tangent_before_it(self):
        walk = forward("sqrt(x)*y", "x", x="0", y="2")
        last = walk.step(walk.total).undefined
        assert last is not None
        assert (last.why, last.name) == (Why.TANGENT_UNDEFINED, "t1")


class TestNames:
    def test_a_tangent_step_has_a_name_that_is_read_again(self):
        name = StepName("s", is_tangent=True)
        assert str(name) == "tangent s"
        assert StepName.read("tangent  s") == name
        assert name.keys(FABC.graph) == (StepKey(StepKind.TANGENT, FABC.graph.find("s")),)
        assert StepKey(StepKind.TANGENT, FABC.graph.find("s")).name(FABC.graph) == name
        assert StepName.read("tangent") == StepName("tangent"), "a node may be called so"

    def test_a_note_stands_at_a_tangent(self):
        walk = Trace(FABC.graph, {"tangent s": "as fast as a"}, tangent_of=FABC.graph.find("a"))
        assert [step.note for step in tangent_steps(walk) if step.name == "s"] == ["as fast as a"]

    def test_what_is_no_input_is_refused_with_the_inputs(self):
        with pytest.raises(GraphError, match=r"s is not an input; the inputs are a, b, c"):
            Trace(FABC.graph, tangent_of=FABC.graph.find("s"))
        with pytest.raises(GraphError, match='there is no input "z"; the inputs are a, b, c'):
            input_called(FABC.graph, "z")


def test_json_has_the_tangents():
    walk = Trace(FABC.graph, FABC.notes, tangent_of=FABC.graph.find("a"))
    document = json.loads(encode(FABC, walk))
    assert (document["tangent_of"], document["gradients"]) == ("a", {"a": pytest.approx(-1 / 9)})
    tangents = {node["name"]: node["tangent"] for node in document["nodes"]}
    assert (tangents["s"], tangents["q"], tangents["b"]) == (1.0, 0.0, 0.0)
    assert {node["gradient"] for node in document["nodes"]} == {None}
    assert [step["phase"] for step in document["steps"]] == ["forward"] * 5 + ["seed"] + ["tangent"] * 3
    assert json.loads(encode(FABC, Trace(FABC.graph)))["tangent_of"] is None


def test_every_op_is_differentiated_forward_as_backward():
    for op in OPS:
        operands = ", ".join("xy"[: op.arity or 2])
        expression = {"add": "x + y", "sub": "x - y", "mul": "x*y", "div": "x/y", "neg": "-x"}.get(op.name)
        graph = from_expression(expression or f"{op.name}({operands})", _named(op.arity or 2)).graph
        reverse = Trace(graph)
        for node in inputs_of(graph):
            walk = reverse.in_forward_mode(node)
            assert walk.state(walk.total).tangent(graph.output) == reverse.state(reverse.total).gradient(node), op.name


def _named(count: int) -> dict[str, str]:
    return dict(zip("xy"[:count], ("0.7", "1.3"), strict=False))
