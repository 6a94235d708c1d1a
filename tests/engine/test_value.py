"""`Value` in the place of micrograd's: a follower's script runs by one changed import, and its graph can be walked."""

from __future__ import annotations

import copy
import inspect
import math
import random
import types

import numpy as np
import pytest
from gradwalk.engine.errors import CutGraphError, GradwalkError, GraphError
from gradwalk.engine.value import Value
from gradwalk.engine.walk.trace import Trace
from hypothesis import given
from hypothesis import strategies as st


def gradients_of_the_walk(output: Value) -> dict[str, float]:
    trace = Trace(output.graph())
    end = trace.state(trace.total)
    leaves = range(trace.graph.leaf_count)
    return {trace.graph.label(leaf): end.gradient(leaf) for leaf in leaves if trace.graph.carries_gradient[leaf]}


def neuron() -> tuple[dict[str, Value], Value]:
    """The neuron that everybody begins with: tanh(x1·w1 + x2·w2 + b)."""
    start = {"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432}
    leaves = {name: Value(number, label=name) for name, number in start.items()}
    x1, x2, w1, w2, b = leaves.values()
    return leaves, (x1 * w1 + x2 * w2 + b).tanh()


class TestAFollowersScript:
    def test_has_the_published_gradients_of_the_first_neuron(self):
        leaves, output = neuron()
        output.backward()
        assert output.data == pytest.approx(0.7071, abs=1e-4)
        published = {"x1": -1.5, "w1": 1.0, "x2": 0.5, "w2": 0.0, "b": 0.5}
        assert {name: leaf.grad for name, leaf in leaves.items()} == pytest.approx(published)
        assert gradients_of_the_walk(output) == pytest.approx(published)

    def test_may_take_the_chain_rule_step_by_step_itself(self):
        a, b = Value(2.0), Value(-3.0)
        product = a * b
        output = product.exp()
        output.grad = 1.0
        output._backward()
        product._backward()
        assert (a.grad, b.grad) == pytest.approx((-3 * math.exp(-6), 2 * math.exp(-6)))

    def test_may_draw_its_graph(self):
        a, b = Value(2.0, label="a"), Value(3.0)
        made = (a * b - 1) / 4
        seen: set[Value] = set()
        operations: list[str] = []

        def build(value: Value):
            if value not in seen:
                seen.add(value)
                operations.append(value._op)
                for child in value._prev:
                    build(child)

        build(made)
        assert sorted(operations) == ["", "", "", "", "*", "*", "+"]  # as micrograd's: 4**-1 and -1 are numbers
        assert sorted((b**3).relu().tanh()._op + (b**3)._op + (a + 1).relu()._op) == sorted("tanh**3ReLU")
        assert repr(a) == "Value(data=2.0, grad=0)"
        assert (a.label, b.label) == ("a", "")

    def test_may_bring_an_operation_of_its_own_which_is_walked_where_the_table_has_it(self):
        def tanh(x: Value) -> Value:
            t = (math.exp(2 * x.data) - 1) / (math.exp(2 * x.data) + 1)
            out = Value(t, (x,), "tanh")

            def backward():
                x.grad += (1 - t**2) * out.grad

            out._backward = backward
            return out

        x = Value(0.8, label="x")
        loss = tanh(x) * 3
        loss.backward()
        assert x.grad == pytest.approx(3 * (1 - math.tanh(0.8) ** 2))
        assert gradients_of_the_walk(loss) == pytest.approx({"x": x.grad})
        cube = Value(x.data**3, (x,), "**3")
        assert gradients_of_the_walk(cube) == pytest.approx({"x": 3 * 0.8**2})

    @pytest.mark.parametrize(("number", "name"), [(0.8, "softsign"), (0.9, "tanh"), (0.5, "+")])
    def test_is_told_of_an_operation_that_cannot_be_walked(self, number: float, name: str):
        made = Value(number, (Value(0.8),), name) + 1
        with pytest.raises(GraphError, match=rf'the operation "{name}" was written by hand'.replace("+", r"\+")):
            made.graph()

    def test_trains_and_the_last_loss_is_walked_with_the_numbers_that_it_had(self):
        w, b = Value(0.0, label="w"), Value(0.0, label="b")
        points = [(-1.0, -1.0), (0.0, 1.0), (2.0, 5.0)]
        losses: list[float] = []
        loss, gradients = w, {}
        for _ in range(200):
            loss = sum((w * x + b - y) ** 2 for x, y in points) / len(points)
            assert isinstance(loss, Value)
            w.grad = b.grad = 0
            loss.backward()
            gradients = {"w": w.grad, "b": b.grad}
            for parameter in (w, b):
                parameter.data -= 0.1 * parameter.grad
            losses.append(loss.data)
        assert losses[0] == pytest.approx(9.0)
        assert (w.data, b.data) == pytest.approx((2.0, 1.0), abs=1e-6)
        trace = Trace(loss.graph())
        assert trace.values[-1] == pytest.approx(losses[-1], rel=1e-9)
        assert gradients_of_the_walk(loss) == pytest.approx(gradients)

    def test_adds_to_the_gradients_until_they_are_set_to_0(self):
        w = Value(3.0)
        (w * 2).backward()
        (w**2).backward()
        assert w.grad == 2 + 6
        w.grad = 0
        (w * 5).backward()
        assert w.grad == 5

    def test_may_be_deeper_than_python_calls(self):
        x = Value(1.0, label="x")
        y = x
        for _ in range(20_000):
            y = y + x
        y.backward()
        assert x.grad == 20_001
        assert len(y.graph()) == 20_001


class TestNumbers:
    def test_are_kept_as_they_came(self):
        assert type((Value(2) * 3).data) is int
        assert (Value(7) / 2).data == 3.5
        assert [(3 - Value(1)).data, (2 / Value(4)).data, (2 ** Value(3)).data, (Value(2) ** Value(3)).data] == [
            2, 0.5, 8, 8
        ]  # fmt: skip

    @pytest.mark.parametrize("number", [np.float64(2), np.int64(2), np.float32(2), True])
    def test_of_numpy_go_on_either_side(self, number: float):
        x = Value(3.0, label="x")
        result = number * x + x * number - number + (x - number) / number
        assert isinstance(result, Value)
        result.backward()
        assert x.grad == 2 * number + 1 / number
        assert np.exp(Value(0.0)).data == 1.0

    def test_that_do_not_exist_are_infinite_or_nan(self):
        assert (1 / Value(0.0)).data == math.inf
        assert math.isnan((Value(-8.0) ** 0.5).data)
        assert math.isnan(Value(-1.0).log().data)

    @pytest.mark.parametrize("what", ["2", [1.0], None, np.array([1.0, 2.0])])
    def test_are_all_that_a_value_is_made_of(self, what: object):
        with pytest.raises(GradwalkError, match="a Value is made of one number, and this is a "):
            Value(what)

    def test_are_never_taken_unasked(self):
        x = Value(2.0, label="x")
        for use, said in (
            (lambda: math.log(x), r"write x.ln\(\) or numpy.log\(x\); math.log\(x.data\) is"),
            (lambda: float(x), r"write float\(x.data\)"),
            (lambda: 1 if x else 0, "a Value is neither true nor false"),
            (lambda: Value(x), r"write Value\(x.data\)"),
        ):
            with pytest.raises(CutGraphError, match=said):
                use()
        assert f"{x:.2f}" == "2.00"
        assert x > 1
        assert x == 2
        assert x != Value(2.0)

    def test_names_of_other_libraries_are_answered(self):
        with pytest.raises(AttributeError, match=r"a Value has no \.value: x\.data is the number"):
            _ = Value(2.0).value
        assert Value(2.0).item() == 2.0
        assert Value(0.5).erf().data == pytest.approx(math.erf(0.5))

    def test_are_copied_with_a_model(self):
        x = Value(2.0, label="x")
        y = copy.deepcopy([x])[0]
        y.data = 5.0
        assert x.data == 2.0
        assert (y * x).data == 10.0


class TestTheWalk:
    def test_calls_leaves_and_operations_by_their_labels(self):
        a = Value(2.0, label="a")
        b = a * a
        b.label = "b"
        graph = (b + 1).graph()
        assert graph.expression(graph.output) == "b + 1"

    def test_leaves_out_the_0_that_a_sum_begins_with(self):
        a, b = Value(2.0, label="a"), Value(3.0, label="b")
        total = sum([a, b, a])
        assert isinstance(total, Value)
        graph = total.graph()
        assert [graph.expression(node) for node in range(graph.leaf_count, len(graph))] == ["a + b", "t1 + a"]
        assert len((a + 0.0).graph()) == 3

    def test_has_unnamed_leaves_under_the_key_that_it_shows(self):
        loss = Value(2.0) * Value(3.0, label="w")
        assert gradients_of_the_walk(loss) == {"tleaf1": 3.0, "w": 2.0}

    def test_is_of_the_numbers_at_the_time(self):
        w = Value(2.0, label="w")
        loss = w * w
        w.data = 100.0
        assert Trace(loss.graph()).values.tolist() == [2.0, 4.0]

    def test_refuses_one_label_for_two_values(self):
        with pytest.raises(GraphError, match='2 nodes are called "w"'):
            (Value(2.0, label="w") + Value(3.0, label="w")).graph()
        w = Value(2.0, label="w")
        before = w * 1
        w.data = 3.0
        with pytest.raises(GraphError, match=r'2 nodes are called "w", with the values 2\.0, 3\.0'):
            (before + w).graph()

    def test_refuses_data_of_an_operation_that_was_set_by_hand(self):
        p = Value(2.0) * 3
        p.label = "p"
        p.data = 7.0
        for output in (p, p + 1):
            with pytest.raises(GraphError, match=r'the data of "p" was set to 7\.0, and it is 6\.0 by its operation'):
                output.graph()


# ---- against micrograd itself


@st.composite
def programs(draw: st.DrawFn) -> list[tuple[str, int, int, float]]:
    """Operations on earlier numbers: which one, of which, and a number with it."""
    names = st.sampled_from(
        ["+", "-", "*", "/", "neg", "relu", "square", "cube", "inverse", "add number", "from number"]
    )
    step = st.tuples(names, st.integers(0, 99), st.integers(0, 99), st.sampled_from([-2.0, 0.5, 3.0]))
    return draw(st.lists(step, min_size=1, max_size=12))


def run(kind, program, leaves):
    values = [kind(number) for number in leaves]
    for name, i, j, number in program:
        a, b = values[i % len(values)], values[j % len(values)]
        if name in ("/", "inverse") and abs(b.data) < 1e-3:
            continue
        result = {
            "+": lambda a, b, n: a + b,
            "-": lambda a, b, n: a - b,
            "*": lambda a, b, n: a * b,
            "/": lambda a, b, n: a / b,
            "neg": lambda a, b, n: -a,
            "relu": lambda a, b, n: a.relu(),
            "square": lambda a, b, n: a**2,
            "cube": lambda a, b, n: a**3,
            "inverse": lambda a, b, n: n / b,
            "add number": lambda a, b, n: a * n - n,
            "from number": lambda a, b, n: n - a,
        }[name](a, b, number)
        if abs(result.data) > 1e6:
            continue
        values.append(result)
    return values


@given(programs(), st.lists(st.sampled_from([-1.5, -0.25, 0.75, 2.0]), min_size=2, max_size=3), st.integers(1, 3))
def test_every_gradient_is_micrograds_after_any_number_of_backward_calls(program, leaves, calls):
    engine = pytest.importorskip("micrograd.engine")
    ours, theirs = run(Value, program, leaves), run(engine.Value, program, leaves)
    for call in range(calls):
        ours[-1 - call % len(ours)].backward()
        theirs[-1 - call % len(theirs)].backward()
    assert [value.data for value in ours] == [value.data for value in theirs]
    assert [value.grad for value in ours] == pytest.approx([value.grad for value in theirs], rel=1e-9, abs=1e-9)


def networks_of(kind: type) -> types.ModuleType:
    """Run micrograd's own nn.py with the one import changed."""
    nn = pytest.importorskip("micrograd.nn")
    source = inspect.getsource(nn).replace("from micrograd.engine import Value", f"from {kind.__module__} import Value")
    module = types.ModuleType("nn")
    exec(source, module.__dict__)
    assert module.Value is kind
    return module


def test_micrograds_own_networks_train_alike():
    """Its demo: hinge loss and weight decay on batches, parameters updated through `.data`."""
    engine = pytest.importorskip("micrograd.engine")
    chance = np.random.default_rng(1)
    inputs, labels = chance.normal(size=(6, 2)), chance.integers(0, 2, 6) * 2 - 1

    def train(kind):
        random.seed(1337)
        model = networks_of(kind).MLP(2, [4, 4, 1])
        history, total = [], None
        for k in range(3):
            scores = list(map(model, [list(map(kind, row)) for row in inputs]))
            losses = [(1 + -label * score).relu() for label, score in zip(labels, scores, strict=True)]
            total = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
            model.zero_grad()
            total.backward()
            history.append((total.data, [p.grad for p in model.parameters()]))
            for p in model.parameters():
                p.data -= (1.0 - 0.9 * k / 100) * p.grad
        return history, total

    (ours, total), (theirs, _) = train(Value), train(engine.Value)
    for (loss, gradients), (their_loss, their_gradients) in zip(ours, theirs, strict=True):
        assert loss == pytest.approx(their_loss, rel=1e-12)
        assert gradients == pytest.approx(their_gradients, rel=1e-9, abs=1e-12)
    assert isinstance(total, Value)
    trace = Trace(total.graph())
    assert trace.values[-1] == pytest.approx(ours[-1][0], rel=1e-12)
    walked = sorted(abs(number) for number in gradients_of_the_walk(total).values())
    assert walked[-1] >= max(map(abs, ours[-1][1])) * (1 - 1e-9)
