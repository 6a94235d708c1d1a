"""A walk at the level of arrays: its steps, its numbers, and the way to the scalar walk and back."""

from __future__ import annotations

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from gradwalk.engine.array_formulas.printers import notation
from gradwalk.engine.errors import GraphError
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.lens.array_graph import Kind
from gradwalk.engine.lens.numbers import EXACT
from gradwalk.engine.lens.walk import ArrayWalk
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.scalar_array.array import scalars
from gradwalk.engine.walk.phase import Phase
from gradwalk.engine.walk.trace import Trace

from .lens_networks import Recorder, gradients, two_layers

UNICODE = notation("unicode")


def equations(walk: ArrayWalk) -> list[str]:
    return [walk.step(number).equation(UNICODE) for number in range(1, walk.total + 1)]


def test_the_steps_of_two_layers_are_those_of_a_textbook() -> None:
    make = Recorder()
    assert equations(make.walk(two_layers(make))) == [
        "T1 = W1ᵀ",
        "T2 = X · T1",
        "T3 = T2 + b1",
        "T4 = tanh(T3)",
        "T5 = T4 · W2",
        "T6 = T5 - Y",
        "T7 = square(T6)",
        "L = mean(T7)",
        "∂L/∂L = 1",
        "∂L/∂T7 = broadcast_to(∂L/∂L, shape=(4, 2))/8",
        "∂L/∂T6 = ∂L/∂T7 ⊙ 2·T6",
        "∂L/∂T5 = ∂L/∂T6",
        "∂L/∂T4 = ∂L/∂T5 · W2ᵀ",
        "∂L/∂W2 = T4ᵀ · ∂L/∂T5",
        "∂L/∂T3 = ∂L/∂T4 ⊙ (1 - T4²)",
        "∂L/∂T2 = ∂L/∂T3",
        "∂L/∂b1 = sum(∂L/∂T3, axis=0)",
        "∂L/∂T1 = Xᵀ · ∂L/∂T2",
        "∂L/∂W1 = (∂L/∂T1)ᵀ",
    ]


def test_the_gradients_of_two_layers_are_those_of_autograd() -> None:
    make = Recorder(1)
    walk = make.walk(two_layers(make))
    given = make.values

    def loss(w1, b1, w2):
        return anp.mean((anp.dot(anp.tanh(anp.dot(given["X"], w1.T) + b1), w2) - given["Y"]) ** 2)

    expected = grad(loss, (0, 1, 2))(given["W1"], given["b1"], given["W2"])
    found = gradients(walk)
    for name, gradient in zip(("W1", "b1", "W2"), expected, strict=True):
        np.testing.assert_allclose(found[name], gradient, rtol=1e-12, atol=1e-14)


def test_every_step_of_the_scalar_walk_belongs_to_one_step_and_every_entry_leads_to_its_own() -> None:
    make = Recorder()
    walk = make.walk(two_layers(make, samples=2, inputs=2, hidden=2, outputs=1))
    for scalar in range(1, walk.trace.total + 1):
        assert scalar in walk.scalar_steps(walk.array_step_of(scalar))
    for number in range(1, walk.total + 1):
        step = walk.step(number)
        for index in np.ndindex(step.array.shape):
            scalar = walk.entry_step(number, index)
            if scalar is None:
                assert walk.graph.arrays[step.array.place].entries[index] < walk.trace.graph.leaf_count
            else:
                assert walk.trace.node_of(scalar) == step.array.entries[index]
                if step.phase is not Phase.FORWARD:
                    assert walk.trace.step(scalar).value == pytest.approx(step.written[index], rel=1e-12)


def test_a_gradient_grows_by_its_contributions_and_is_unknown_before_the_first() -> None:
    make = Recorder()
    w = make.parameter("W", 3, 2)
    loss = make("add", make("sum", make("square", w)), make("sum", make("exp", w)))
    walk = make.walk(loss)
    place = next(array.place for array in walk.arrays if array.label == "W")
    first, second = walk.gradient_steps(place)
    assert walk.state(first - 1).gradient(place) is None
    half = walk.state(first).gradient(place)
    whole = walk.state(second).gradient(place)
    assert half is not None and whole is not None
    np.testing.assert_allclose(half, np.exp(make.values["W"]))
    np.testing.assert_allclose(whole, np.exp(make.values["W"]) + 2 * make.values["W"])
    step = walk.step(second)
    assert (step.contribution_number, step.contribution_count) == (2, 2)
    np.testing.assert_array_equal(step.before, half)
    np.testing.assert_allclose(step.before + step.contribution, step.after)


def test_a_transpose_has_only_the_gradient_that_came_through_it() -> None:
    make = Recorder()
    w, x = make.parameter("W", 2, 2), make.data("X", 2, 2)
    through = make("sum", make("multiply", make("transpose", w), x))
    walk = make.walk(make("add", through, make("sum", w)))
    transposed = next(array for array in walk.arrays if array.operation == "transpose")
    found = walk.state(walk.total)
    np.testing.assert_allclose(found.gradient(transposed.place), make.values["X"])
    np.testing.assert_allclose(gradients(walk)["W"], make.values["X"].T + 1)


def test_an_array_with_itself_is_told_apart_by_the_rules() -> None:
    make = Recorder()
    x = make.parameter("X", 3, 2)
    walk = make.walk(make("sum", make("matmul", x, make("transpose", x))))
    steps = [walk.step(number) for number in range(walk.seed_step + 1, walk.total + 1)]
    assert not any(step.is_together for step in steps)
    total = make.values["X"].sum(axis=0)
    np.testing.assert_allclose(gradients(walk)["X"], 2 * np.broadcast_to(total, (3, 2)))


def test_the_shapes_say_why_a_transpose_stands_there() -> None:
    make = Recorder()
    walk = make.walk(two_layers(make))
    (step,) = [walk.step(number) for number in walk.gradient_steps(4)]
    assert walk.arrays[4].label == "W2"
    assert [(named.label, named.shape) for named in step.shapes] == [
        ("∂L/∂W2", (5, 2)),
        ("T4", (4, 5)),
        ("∂L/∂T5", (4, 2)),
    ]
    assert "T4ᵀ · ∂L/∂T5 is the only one with the shape of W2, (5, 2)." in step.why[0]
    assert step.of_entry == "∂L/∂W2[k,j] = Σᵢ T4[i,k] · ∂L/∂T5[i,j]"


def test_among_squares_the_shapes_do_not_decide_and_nothing_else_is_said() -> None:
    make = Recorder()
    walk = make.walk(two_layers(make, samples=3, inputs=3, hidden=3, outputs=3))
    step = next(walk.step(number) for number in walk.gradient_steps(4))
    assert step.why[0].startswith("The shapes alone do not decide here")


def test_in_a_stack_the_shapes_of_its_matrices_say_why() -> None:
    make = Recorder()
    x, w = make.parameter("X", 2, 4, 3), make.parameter("W", 2, 3, 5)
    walk = make.walk(make("sum", make("matmul", x, w)))
    step = walk.step(walk.gradient_steps(1)[0])
    assert step.why == (
        "In each matrix of the stack: of all products of ∂L/∂T1 (4, 5) and X (4, 3), transposed or not, Xᵀ · ∂L/∂T1 is "
        "the only one with the shape of W, (3, 5).",
    )


def test_entries_that_the_graph_does_not_have_are_shown_as_missing() -> None:
    make = Recorder()
    w, x = make.parameter("W", 3, 2), make.data("X", 4, 3)
    product = make("matmul", x, w)
    walk = make.walk(make("sum", make("index", product, key=(0,))))
    gradient = gradients(walk)["W"]
    np.testing.assert_allclose(gradient, np.repeat(make.values["X"][0][:, np.newaxis], 2, axis=1))
    values = walk.state(walk.total).values(next(a.place for a in walk.arrays if a.operation == "matmul"))
    assert values is not None and np.isnan(values[1:]).all() and np.isfinite(values[0]).all()


def test_single_numbers_between_arrays_are_a_step_of_their_own() -> None:
    make = Recorder()
    w = make.parameter("W", 2, 2)
    total = make("sum", make("square", w))
    entry = int(make.tape.arrays[total].entries)
    a = make.tape.leaf(3.0, Leaf.INPUT, "a")
    loss = make.tape.binary(CODES["mul"], entry, a)
    walk = ArrayWalk(Trace(make.tape.graph(loss)))
    np.testing.assert_allclose(gradients(walk)["W"], 6 * make.values["W"])
    np.testing.assert_allclose(gradients(walk)["a"], (make.values["W"] ** 2).sum())


def test_what_is_inside_of_single_numbers_has_no_gradient_of_its_own_in_a_step() -> None:
    make = Recorder(4)
    w = Scalar.of(make.tape, int(make.tape.arrays[make.parameter("w")].entries))
    inside = (w * w).sin() * w
    walk = ArrayWalk(Trace((inside + np.sum(scalars("x", [1.0, 2.0], tape=make.tape)) * inside).graph()))
    between = [array for array in walk.arrays if array.kind is Kind.SCALARS]
    assert between
    for array in between:
        last = [step for number in range(1, walk.total + 1) if (step := walk.step(number)).array is array][-1]
        np.testing.assert_allclose(last.after, walk.numbers.gradient(array.place), rtol=1e-12)  # pyright: ignore


def test_a_sum_that_cancels_out_is_no_fault_of_its_rule() -> None:
    make = Recorder(5)
    x = make.parameter("x", 4, 3)
    distance = make("subtract", x, make("mean", x, axis=0, keepdims=True))
    walk = make.walk(make.weighted_sum(make("sum", make("square", distance), axis=0)), compounds=False)
    for number in range(walk.seed_step + 1, walk.total + 1):
        step = walk.step(number)
        assert step.formula is not None
        assert step.difference is not None and step.difference <= EXACT


def test_a_walk_of_single_numbers_has_no_arrays() -> None:
    tape = Tape()
    tape.leaf(2.0, Leaf.INPUT, "a")
    trace = Trace(tape.graph(tape.unary(CODES["exp"], 0)))
    assert not ArrayWalk.is_possible(trace)
    with pytest.raises(GraphError, match="nothing here was made as arrays"):
        ArrayWalk(trace)


def test_where_the_output_is_undefined_there_are_no_gradients() -> None:
    make = Recorder()
    w = make.given("W", np.array([-1.0, 2.0]))
    walk = make.walk(make("sum", make("log", w)))
    assert np.isnan(gradients(walk)["W"]).all()
