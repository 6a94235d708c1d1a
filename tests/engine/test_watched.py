"""What stands beside the output: nodes that are watched, and inputs that it does not use."""

import hypothesis.strategies as st
import numpy as np
import pytest
from gradwalk.engine.definition import Definition, Exercise
from gradwalk.engine.errors import DefinitionErrors, ScenarioError
from gradwalk.engine.graph.graph import Graph
from gradwalk.engine.reading.scenario import read
from gradwalk.engine.run.loop import Loop
from gradwalk.engine.run.plan import Plan
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.walk.tree.layout import TreeLayout
from hypothesis import given

BESIDE = """
title = "T"
output = "f"
watch = ["p", "q"]
[inputs]
a = 2
b = 3
c = 5
[graph]
s = "a*b"
f = "s^2"
p = "1/(s - 6)"
q = "ln(a) + p"
"""


def scenario(content: str = BESIDE) -> Scenario:
    return read("t.toml", content.encode())


def gradients(graph: Graph, names: str) -> dict[str, float]:
    trace = Trace(graph)
    end = trace.state(trace.total)
    return {name: end.gradient(graph.find(name)) for name in names}


class TestWatched:
    def test_it_is_computed_and_the_output_stays_the_last(self):
        graph = scenario().graph
        values = dict(zip(map(graph.label, range(len(graph))), Trace(graph).values.tolist(), strict=True))
        assert values["f"] == 36
        assert graph.label(graph.output) == "f"
        assert {graph.label(node) for node in graph.other_ends.tolist()} == {"c", "q"}

    def test_the_backward_pass_is_that_of_the_output_alone(self):
        graph = scenario().graph
        assert gradients(graph, "abc") == {"a": 36, "b": 24, "c": 0}, "the slopes of p and q, infinite, do not disturb"
        trace = Trace(graph)
        assert trace.state(trace.total).gradient(graph.find("p")) is None
        written = {graph.label(trace.node_of(number)) for number in range(trace.seed_step, trace.total + 1)}
        assert written == {"f", "s", "a", "b"}

    @given(st.floats(-3, 3), st.floats(-3, 3))
    def test_watching_changes_no_number(self, a: float, b: float):
        nodes: dict[str, float | str] = {"s": "a*b + a", "p": "exp(s) + b", "f": "s*s - b"}
        watched = Definition({"a": a, "b": b}, nodes, "f", watch=("p",)).build().graph
        alone = Definition({"a": a, "b": b}, {"s": nodes["s"], "f": nodes["f"]}).build().graph
        assert gradients(watched, "abs") == gradients(alone, "abs")

    @pytest.mark.parametrize("kind", [Loop, Plan])
    def test_whatever_computes_it(self, kind):
        graph = scenario().graph
        run = kind(graph)
        assert run.run() == 36
        assert dict(zip("abc", run.leaf_gradients.tolist(), strict=False)) == {"a": 36, "b": 24, "c": 0}
        record, walked = run.record(), Trace(graph)
        assert np.array_equal(record.backward.locals, walked.backward.locals)
        assert np.array_equal(record.values, walked.values, equal_nan=True)

    def test_every_node_has_a_row_in_the_tree(self):
        graph = scenario().graph
        layout = TreeLayout(graph)
        assert (layout.home >= 0).all()
        assert layout.node[0] == graph.output
        roots = [graph.label(int(layout.node[row])) for row in range(len(layout)) if layout.parent[row] < 0]
        assert roots == ["f", "c", "q"]

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ('"q"]', '"qq"]', 'there is no node "qq"'),
            ('"ln(a) + p"', '"f + p"', "q is computed from the output, f"),
            ('["p", "q"]', "[1]", "this must be text in quotes, not a whole number"),
            ('["p", "q"]', '"p"', "this must be a list of names in quotes, not text"),
        ],
    )
    def test_what_cannot_be_watched(self, old: str, new: str, message: str):
        with pytest.raises(ScenarioError) as caught:
            scenario(BESIDE.replace(old, new))
        assert caught.value.message == message
        assert caught.value.line == 4

    def test_the_last_that_is_not_watched_is_the_output(self):
        graph = scenario(BESIDE.replace('output = "f"\n', "")).graph
        assert graph.label(graph.output) == "f"


class TestWhatIsSaidOfWatchedNodes:
    """The backward pass does not come to them; that makes them no constants."""

    def built(self, *, note: str = "", ask: str = "f"):
        nodes = {"k": "2*3", "w": "x*y", "v": "k*w", "f": "x^2 + y"}
        notes = {note: "N"} if note else {}
        definition = Definition({"x": 2, "y": 3}, nodes, notes=notes, exercises=(Exercise(ask),), watch=("w", "v", "k"))
        return definition.build()

    def complaint(self, **what: str) -> str:
        with pytest.raises(DefinitionErrors) as caught:
            self.built(**what)
        (error,) = caught.value.errors
        return error.message

    @pytest.mark.parametrize(
        ("note", "message"),
        [
            ("∂w/∂x", "w is only watched; the walk back does not pass it"),
            ("∂v/∂w", "v is only watched; the walk back does not pass it"),
            ("∂v/∂k", "k is a constant: there is no derivative by it"),
        ],
    )
    def test_a_note_at_a_derivative_that_no_step_has(self, note: str, message: str):
        assert self.complaint(note=note) == message

    def test_a_note_at_its_value_or_at_the_way_to_the_output(self):
        assert self.built(note="w").notes == {"w": "N"}
        assert self.built(note="df/df").notes == {"∂f/∂f": "N"}
        assert self.built(note="df/dy").notes == {"∂f/∂y": "N"}

    def test_an_exercise_about_one(self):
        assert self.complaint(ask="∂f/∂w") == "f does not use w, which is only watched"
        assert self.complaint(ask="∂f/∂k") == "k is a constant: there is no derivative by it"
        assert self.built(ask="w") and self.built(ask="∂f/∂x")


class TestAnInputThatTheOutputDoesNotUse:
    UNUSED = 'title = "T"\n[inputs]\na = 2\nb = 3\n[graph]\nf = "a^2"\n'

    def test_its_gradient_is_0_as_soon_as_the_backward_pass_has_begun(self):
        graph = scenario(self.UNUSED).graph
        trace, b = Trace(graph), graph.find("b")
        found = [trace.state(cursor).gradient(b) for cursor in range(trace.total + 1)]
        assert found == [None, None, 0, 0]
        assert str(found[-1]) == "0.0"
        assert [trace.state(cursor).gradients()[b] for cursor in (2, 3)] == [0, 0]

    @pytest.mark.parametrize("a", [1, 4])
    def test_it_has_none_where_the_output_has_no_value(self, a: int):
        graph = scenario(self.UNUSED.replace("a^2", "ln(a - 3)").replace("a = 2", f"a = {a}")).graph
        trace, b = Trace(graph), graph.find("b")
        end, is_undefined = trace.state(trace.total), a == 1
        assert end.gradient_undefined(b) == is_undefined
        assert np.isnan(end.gradient(b)) == is_undefined
        assert np.isnan(end.gradients()[b]) == is_undefined
