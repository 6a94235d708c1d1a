"""Softmax, cross-entropy, norms and attention as one step each, where they were made so."""

from __future__ import annotations

import numpy as np
import pytest
from gradwalk.engine.array_formulas.printers import notation
from gradwalk.engine.arrays import Floats
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.lens.numbers import EXACT
from gradwalk.engine.lens.walk import ArrayWalk

from .lens_networks import Recorder, gradients

UNICODE = notation("unicode")


def softmax(make: Recorder, z: int, scope: tuple[str, ...] = ("softmax",), *, logarithm: bool = False) -> int:
    largest = make("stop_gradient", make("max", z, axis=-1, keepdims=True, scope=scope), scope=scope)
    shifted = make("subtract", z, largest, scope=scope)
    powers = make("exp", shifted, scope=scope)
    total = make("sum", powers, axis=-1, keepdims=True, scope=scope)
    if logarithm:
        return make("subtract", shifted, make("log", total, scope=scope), scope=scope)
    return make("divide", powers, total, scope=scope)


def cross_entropy(make: Recorder, z: int, y: int) -> int:
    logarithms = softmax(make, z, ("log_softmax",), logarithm=True)
    return make("negative", make("mean", make("sum", make("multiply", y, logarithms), axis=1)))


def labelled(make: Recorder, z: int, labels: list[int]) -> int:
    logarithms = softmax(make, z, ("nn", "LogSoftmax"), logarithm=True)
    picked = make("index", logarithms, key=(np.arange(len(labels)), np.array(labels)))
    return make("negative", make("mean", picked))


def of_logarithm(make: Recorder, z: int, y: int) -> int:
    """-mean(sum(y·log(softmax(z)), axis=1)), as it is often written in NumPy."""
    products = make("multiply", y, make("log", softmax(make, z)))
    return make("negative", make("mean", make("sum", products, axis=1)))


def picked(make: Recorder, z: int, labels: list[int]) -> int:
    """-mean(log(p[range(m), labels]))."""
    probabilities = make("index", softmax(make, z), key=(np.arange(len(labels)), np.array(labels)))
    return make("negative", make("mean", make("log", probabilities)))


def norm(make: Recorder, x: int, axis: int, scope: str, *affine: int) -> int:
    within = (scope,)
    centred = make("subtract", x, make("mean", x, axis=axis, keepdims=True, scope=within), scope=within)
    variance = make("mean", make("square", centred, scope=within), axis=axis, keepdims=True, scope=within)
    deviation = make("sqrt", make("add", variance, make.literal(1e-5), scope=within), scope=within)
    made = make("divide", centred, deviation, scope=within)
    for operation, operand in zip(("multiply", "add"), affine, strict=False):
        made = make(operation, made, operand, scope=within)
    return made


def variance(make: Recorder, x: int, scope: str = "var") -> int:
    within = (scope,)
    centred = make("subtract", x, make("mean", x, axis=0, keepdims=True, scope=within), scope=within)
    made = make("mean", make("square", centred, scope=within), axis=0, scope=within)
    return made if scope == "var" else make("sqrt", made, scope=within)


def log_sum(make: Recorder, x: int) -> int:
    within = ("logsumexp",)
    return make("log", make("sum", make("exp", x, scope=within), axis=1, keepdims=True, scope=within), scope=within)


def attention(make: Recorder, q: int, k: int, v: int, mask: int | None = None, *, causal: bool = False) -> int:
    scores = make("divide", make("matmul", q, make("transpose", k)), make.literal(np.sqrt(3)))
    if causal:
        scores = make("where", scores, make.literal(-1e9), condition=np.tri(4, dtype=bool))
    scores = scores if mask is None else make("add", scores, mask)
    return make("matmul", softmax(make, scores), v)


def parameters(make: Recorder, **shapes: tuple[int, ...]) -> list[int]:
    return [make.parameter(name, *shape) for name, shape in shapes.items()]


def one_hot(make: Recorder) -> int:
    return make.given("Y", np.eye(3)[[0, 2, 1, 1]], Leaf.DATA)


MADE = {
    "softmax": lambda make: make.weighted_sum(softmax(make, *parameters(make, Z=(4, 3)))),
    "log_softmax": lambda make: make.weighted_sum(
        softmax(make, *parameters(make, Z=(4, 3)), ("log_softmax",), logarithm=True)
    ),
    "cross_entropy": lambda make: cross_entropy(make, *parameters(make, Z=(4, 3)), one_hot(make)),
    "cross_entropy of labels": lambda make: labelled(make, *parameters(make, Z=(4, 3)), [0, 2, 1, 1]),
    "cross_entropy of soft targets": lambda make: cross_entropy(
        make, *parameters(make, Z=(2, 2)), make.given("Y", np.array([[0.3, 0.7], [0.9, 0.1]]))
    ),
    "cross_entropy of a logarithm": lambda make: of_logarithm(make, *parameters(make, Z=(4, 3)), one_hot(make)),
    "cross_entropy of picked probabilities": lambda make: picked(make, *parameters(make, Z=(4, 3)), [0, 2, 1, 1]),
    "layer_norm": lambda make: make.weighted_sum(
        norm(make, make.parameter("x", 4, 3), -1, "layer_norm", *parameters(make, g=(3,), b=(3,)))
    ),
    "layer_norm without a factor": lambda make: make.weighted_sum(
        norm(make, make.parameter("x", 4, 3), 1, "LayerNorm")
    ),
    "batch_norm": lambda make: make.weighted_sum(
        norm(make, make.parameter("x", 4, 3), 0, "BatchNorm1d", *parameters(make, g=(3,), b=(3,)))
    ),
    "var": lambda make: make.weighted_sum(variance(make, make.parameter("x", 4, 3))),
    "std": lambda make: make.weighted_sum(variance(make, make.parameter("x", 4, 3), "std")),
    "logsumexp": lambda make: make.weighted_sum(log_sum(make, make.parameter("x", 4, 3))),
    "attention": lambda make: make.weighted_sum(attention(make, *parameters(make, Q=(4, 3), K=(5, 3), V=(5, 2)))),
    "attention that looks back": lambda make: make.weighted_sum(
        attention(make, *parameters(make, Q=(4, 3), K=(4, 3), V=(4, 2)), causal=True)
    ),
    "attention with a mask": lambda make: make.weighted_sum(
        attention(make, *parameters(make, Q=(4, 3), K=(4, 3), V=(4, 2)), make.data("mask", 4, 4))
    ),
}


def compound_of(walk: ArrayWalk, name: str) -> int:
    (found,) = [array.place for array in walk.arrays if array.operation == name]
    return found


@pytest.mark.parametrize("name", MADE)
def test_a_compound_is_one_step_with_the_gradients_of_its_parts(name: str) -> None:
    make = Recorder(7)
    loss = MADE[name](make)
    walk, parts = make.walk(loss), make.walk(loss, compounds=False)
    place = compound_of(walk, name.split(" ")[0])
    assert len(walk.arrays[place].members) > 2
    steps = [
        step
        for number in range(walk.seed_step + 1, walk.total + 1)
        if (step := walk.step(number)).consumer is walk.arrays[place]
    ]
    assert steps
    for step in steps:
        assert step.formula is not None
        assert step.difference is not None and step.difference <= EXACT
    expected = gradients(parts)
    for label, gradient in gradients(walk).items():
        np.testing.assert_allclose(gradient, expected[label], rtol=1e-10, atol=1e-12)
    for scalar in range(1, walk.trace.total + 1):
        assert scalar in walk.scalar_steps(walk.array_step_of(scalar))


def test_the_formula_of_a_cross_entropy_is_the_distance_of_probabilities_and_targets() -> None:
    make = Recorder()
    walk = make.walk(MADE["cross_entropy"](make))
    step = walk.step(walk.total)
    assert step.equation(UNICODE) == "∂L/∂Z = ∂L/∂L·(P - Y)/4"
    assert [(name.label, UNICODE.formula(name.definition)) for name in step.definitions] == [
        ("P", "softmax(Z, axis=1)")
    ]
    z = make.values["Z"]
    powers = np.exp(z)
    expected = (powers / powers.sum(axis=1, keepdims=True) - make.values["Y"]) / 4
    np.testing.assert_allclose(gradients(walk)["Z"], expected)


def test_a_function_that_is_only_called_like_a_compound_is_none() -> None:
    make = Recorder()
    z = make.parameter("Z", 4, 3)
    powers = make("exp", z, scope=("softmax",))
    halved = make("divide", powers, make("mean", powers, axis=1, keepdims=True, scope=("softmax",)), scope=("softmax",))
    walk = make.walk(make.weighted_sum(halved))
    assert "softmax" not in {array.operation for array in walk.arrays}


def test_a_compound_within_a_function_that_is_none_is_found() -> None:
    make = Recorder()
    z = make.parameter("Z", 4, 3)
    scope = ("layer_norm", "softmax")
    made = make("exp", softmax(make, make("tanh", z, scope=scope[:1]), scope), scope=scope[:1])
    operations = [array.operation for array in make.walk(make.weighted_sum(made)).arrays]
    assert "softmax" in operations and "layer_norm" not in operations


def test_a_softmax_that_is_called_twice_in_a_row_is_two_steps() -> None:
    make = Recorder()
    a, b = softmax(make, make.parameter("A", 2, 3)), softmax(make, make.parameter("B", 2, 3))
    walk = make.walk(make.weighted_sum(make("multiply", a, b)))
    assert [array.operation for array in walk.arrays].count("softmax") == 2


def test_a_cross_entropy_whose_rows_do_not_count_alike_is_no_mean_over_rows() -> None:
    make = Recorder()
    weights = make.given("Y", np.array([[1.0, 0.0, 0.0], [0.0, 3.0, 0.0]]), Leaf.DATA)
    walk = make.walk(cross_entropy(make, make.parameter("Z", 2, 3), weights))
    operations = {array.operation for array in walk.arrays}
    assert "cross_entropy" not in operations and "log_softmax" in operations


def test_a_name_that_a_rule_defines_is_none_of_an_array() -> None:
    make = Recorder()
    loss = labelled(make, make.parameter("Z", 4, 3), [0, 2, 1, 1])
    walk = make.walk(make("add", loss, make("sum", make("square", make.parameter("Y", 2)))))
    step = next(
        walk.step(number) for number in range(walk.seed_step, walk.total + 1) if walk.step(number).name == "∂L/∂Z"
    )
    assert [name.label for name in step.definitions] == ["P", "Y′"]
    assert step.difference is not None and step.difference <= EXACT


def moments(x: Floats) -> Floats:
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)


def test_the_gradient_through_a_batch_norm_sums_to_nothing_over_the_batch() -> None:
    make = Recorder()
    walk = make.walk(MADE["batch_norm"](make))
    gradient = gradients(walk)["x"]
    np.testing.assert_allclose(gradient.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose((gradient * moments(make.values["x"])).sum(axis=0), 0, atol=1e-3)
