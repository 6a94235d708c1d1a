"""Functions written for JAX: their values and gradients are those of jax.value_and_grad, line by line theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.importing.errors import TooManyScalars
from gradwalk.engine.importing.imported import Imported, imported
from gradwalk.engine.run.plan import run

jax = pytest.importorskip("jax")
jnp = jax.numpy
nn = jax.nn

pytestmark = [pytest.mark.jax, pytest.mark.thorough]

random = np.random.default_rng(7)


def double_precision(jax: Any) -> Any:
    return jax.enable_x64(True) if hasattr(jax, "enable_x64") else jax.experimental.enable_x64(True)


def numbers(*shape: int) -> Any:
    return random.normal(size=shape)


def own_gradients(fn: Callable[..., Any], *args: Any) -> tuple[float, list[Any]]:
    """Ask JAX itself, with float64."""
    with double_precision(jax):
        both = jax.jit(jax.value_and_grad(fn, argnums=tuple(range(len(args)))))
        value, gradients = both(*jax.tree_util.tree_map(jnp.asarray, args))
        return float(value), [np.asarray(leaf) for leaf in jax.tree_util.tree_leaves(gradients)]


def gradients_of(found: Imported) -> dict[str, Any]:
    """Return the gradients of a walk by the arrays that were given, in their shapes; 0 for what is not in it."""
    graph = found.scenario.graph
    gradients = run(graph).backward.gradients
    return {
        array.name: np.where(array.entries >= 0, gradients[array.entries], 0.0)
        for array in graph.arrays
        if not array.operation and array.name
    }


def two_layers(params, x, y):
    hidden = jnp.tanh(x @ params["W1"] + params["b1"])
    return jnp.mean((hidden @ params["W2"] + params["b2"] - y) ** 2)


def softmax_cross_entropy(W, x, labels):
    return -jnp.mean(jnp.sum(nn.one_hot(labels, 3) * nn.log_softmax(x @ W), axis=1))


def layer_norm(x, gain, bias):
    mean = x.mean(axis=-1, keepdims=True)
    variance = jnp.var(x, axis=-1, keepdims=True)
    return jnp.sum(jnp.sin((x - mean) / jnp.sqrt(variance + 1e-5) * gain + bias))


def batch_norm(x, gain, bias):
    return jnp.sum(jnp.cos(nn.standardize(x, axis=0) * gain + bias))


def attention_head(x, Wq, Wk, Wv):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    scores = q @ k.T / jnp.sqrt(k.shape[-1])
    mask = jnp.tril(jnp.ones(scores.shape, dtype=bool))
    return jnp.sum(nn.softmax(jnp.where(mask, scores, -jnp.inf)) @ v)


def convolution(image, kernel):
    out = jax.lax.conv_general_dilated(image, kernel, (2, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    return jnp.sum(nn.relu(out) ** 2)


def gelu_mlp(x, W):
    return jnp.sum(nn.gelu(x @ W) + nn.gelu(x @ W, approximate=False))


def activations(x):
    return sum(jnp.sum(f(x)) for f in (nn.silu, nn.elu, nn.leaky_relu, nn.softplus, nn.sigmoid, nn.hard_tanh, jnp.exp))


def einsums(a, b):
    whole = jnp.einsum("bij,bij->", a, b) + jnp.sum(jnp.outer(a[0, 0], b[0, 0]))
    return whole + jnp.sum(jnp.einsum("bij,bkj->bik", a, b) * 0.1)


def slices(x):
    y = jnp.concatenate([x[1:, ::2], x[:-1, 1::2]], axis=0)
    weighted = jnp.sum(y[::-1] * jnp.arange(y.size).reshape(y.shape)) + y.T[0, 1]
    return weighted + x.at[jnp.array([0, 0]), 1].add(x[2, :2]).prod() + x.at[1].set(x[0])[1, 2]


def reductions(x):
    extremes = x.max() + jnp.min(x, axis=0).sum() + jnp.median(x)
    return extremes + jnp.prod(x[0]) + jnp.std(x) + nn.logsumexp(x) + jnp.cumsum(x, axis=1)[1, -2]


def loops(x, w):
    def step(state, row):
        state = jnp.tanh(w * state + row)
        return state, state**2

    last, squares = jax.lax.scan(step, jnp.zeros(x.shape[1]), x)
    grown = jax.lax.fori_loop(0, 3, lambda _, s: s * 1.1, last.sum())
    return grown + squares.sum() + jax.lax.cond(w > 0, jnp.sin, jnp.cos, w)


def pooled(x):
    return jnp.sum(jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (2, 2), (1, 1), "VALID") ** 2) + jnp.sum(
        jax.lax.reduce_window(x, 0.0, jax.lax.add, (2, 2), (2, 2), "SAME") ** 2
    )


FUNCTIONS: dict[Callable[..., Any], tuple[Any, ...]] = {
    two_layers: (
        {"W1": numbers(3, 4), "b1": numbers(4), "W2": numbers(4, 2), "b2": numbers(2)}, numbers(5, 3), numbers(5, 2)
    ),
    layer_norm: (numbers(2, 4), numbers(4), numbers(4)),
    batch_norm: (numbers(5, 2), numbers(2), numbers(2)),
    attention_head: (numbers(3, 4), numbers(4, 2), numbers(4, 2), numbers(4, 2)),
    convolution: (numbers(1, 5, 4, 2), numbers(3, 2, 2, 3)),
    gelu_mlp: (numbers(2, 3), numbers(3, 2)),
    activations: (numbers(6),),
    einsums: (numbers(2, 2, 3), numbers(2, 2, 3)),
    slices: (numbers(3, 4),),
    reductions: (numbers(2, 5),),
    loops: (numbers(3, 2), 0.7),
    pooled: (numbers(3, 3),),
}  # fmt: skip


@pytest.mark.parametrize("fn", FUNCTIONS, ids=lambda fn: fn.__name__)
def test_values_and_gradients_are_those_of_jax(fn: Callable[..., Any]):
    args = FUNCTIONS[fn]
    found = imported(fn, *args)
    value, gradients = own_gradients(fn, *args)
    graph = found.scenario.graph
    assert run(graph).values[graph.output] == pytest.approx(value, rel=1e-12, abs=1e-12)
    ours = gradients_of(found)
    for mine, theirs in zip(ours.values(), gradients, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-12)
    assert found.comparison is not None
    assert found.comparison.agrees
    assert not found.comparison.at_corner


def test_labels_are_no_inputs():
    def loss(W, x, labels):
        return -jnp.mean(nn.log_softmax(x @ W)[jnp.arange(labels.size), labels])

    W, x, labels = numbers(4, 3), numbers(5, 4), np.array([0, 1, 2, 1, 0])
    found = imported(loss, W, x, labels, data=["x", "labels"])
    assert [*gradients_of(found)] == ["W", "x"]
    with double_precision(jax):
        expected = jax.grad(loss)(jnp.asarray(W), jnp.asarray(x), jnp.asarray(labels))
    np.testing.assert_allclose(gradients_of(found)["W"], expected, rtol=1e-12, atol=1e-12)
    graph = found.scenario.graph
    assert not graph.carries_gradient[graph.find("x[0,0]")]


def test_every_step_knows_its_line_and_the_function_of_jax_that_it_calls():
    def loss(x):
        y = nn.gelu(x)
        return jnp.sum(y**2)

    graph = imported(loss, numbers(3)).scenario.graph
    first = loss.__code__.co_firstlineno
    lines = {node: graph.source(node) for node in range(graph.leaf_count, len(graph))}
    assert {line.number for line in lines.values() if line} == {first + 1, first + 2}
    assert {line.text for line in lines.values() if line} == {"y = nn.gelu(x)", "return jnp.sum(y**2)"}
    assert {line.path.rpartition("/")[2] for line in lines.values() if line} == {"test_jax.py"}
    assert {array.scope for array in graph.arrays if array.operation} == {("gelu",), ()}


def test_arrays_are_called_as_the_variables_that_they_are_assigned_to():
    @jax.jit
    def compiled(z):
        doubled = z * 2.0
        return jnp.sin(doubled)

    def layer(W, h):
        weighted = h @ W
        return jnp.tanh(weighted)

    def loss(W, x):
        hidden = layer(W, x)
        p = nn.softmax(hidden)
        out = compiled(p)
        return out.sum()

    arrays = [array for array in imported(loss, numbers(3, 3), numbers(2, 3)).scenario.graph.arrays if array.operation]
    made = {array.name: (array.operation, array.scope) for array in arrays if array.name}
    assert made == {
        "weighted": ("matmul", ("layer",)),
        "hidden": ("tanh", ("layer",)),
        "p": ("divide", ("softmax",)),
        "doubled": ("multiply", ("compiled",)),
        "out": ("sin", ("compiled",)),
    }


def test_a_smaller_slice_takes_the_labels_with_it():
    def loss(W, x, labels):
        return -jnp.mean(nn.log_softmax(x @ W)[jnp.arange(labels.size), labels])

    with pytest.raises(TooManyScalars, match=r"smaller slice, labels\[:\d+\], x\[:\d+\]|x\[:\d+\], labels\[:\d+\]"):
        imported(loss, np.zeros((100, 10)), np.zeros((5_000, 100)), np.zeros(5_000, dtype=int))


def test_compiled_functions_of_ones_own_are_walked_through():
    @jax.jit
    def relu(x):
        return x * 5.0

    found = imported(lambda x: jnp.sum(relu(x)) + jnp.sum(nn.relu(x)), np.array([-1.0, 2.0]))
    np.testing.assert_array_equal(gradients_of(found)["x"], [5.0, 6.0])
    assert found.comparison is not None
    assert found.comparison.agrees


def test_float32_is_calculated_whole_and_told():
    found = imported(lambda x: jnp.sum(jnp.sin(x.astype(jnp.float32))), np.array([0.1, 0.7]))
    assert found.comparison is not None
    assert found.comparison.agrees
    assert found.comparison.rounds
    np.testing.assert_allclose(gradients_of(found)["x"], np.cos([0.1, 0.7]), rtol=1e-15)


def test_a_loop_that_jax_has_no_way_back_through_is_walked():
    def power(x):
        return jax.lax.while_loop(lambda at: at[0] < 3, lambda at: (at[0] + 1, at[1] * x), (0, x))[1][0]

    found = imported(power, jnp.array([2.0]))
    assert found.comparison is None
    np.testing.assert_array_equal(gradients_of(found)["x"], [32.0])


def test_the_slope_of_the_area_hyperbolic_sine_at_zero():
    assert gradients_of(imported(lambda x: jnp.arcsinh(x)[0], jnp.array([0.0])))["x"].tolist() == [1.0]


def test_a_single_number_that_is_returned_as_it_is_is_a_walk():
    assert gradients_of(imported(lambda x: x, jnp.asarray(3.0)))["x"] == 1.0


def test_a_slope_that_jax_chooses_otherwise_at_a_corner_is_told():
    comparison = imported(lambda x: jnp.sum(jnp.maximum(x, 0.0)), np.array([0.0, 1.0])).comparison
    assert comparison is not None
    assert (comparison.agrees, comparison.at_corner) == (False, True)
    assert comparison.worst is not None
    assert (comparison.worst.entry, comparison.worst.own, comparison.worst.theirs) == ((0,), 0.0, 0.5)


def test_a_backward_pass_of_ones_own_is_told():
    @jax.custom_vjp
    def halved(x):
        return x * 2.0

    halved.defvjp(lambda x: (halved(x), None), lambda _, upstream: (upstream * 0.5,))
    comparison = imported(lambda x: jnp.sum(halved(x)), numbers(2)).comparison
    assert comparison is not None
    assert (comparison.agrees, comparison.own_rules) == (False, ("halved",))


@pytest.mark.parametrize(
    ("fn", "said"),
    [
        (lambda x: jnp.linalg.inv(x).sum(), r"test_jax.py:\d+: JAX's operation lu \(of .*\) has no expansion"),
        (lambda x: jnp.fft.fft(x).real.sum(), "complex numbers"),
        (lambda x: x.sum() if x[0, 0] > 0 else jnp.sum(-x), r"test_jax.py:\d+: JAX cannot trace this line"),
        (lambda x: (x.sum(), jnp.sum(x)), "returns 2 arrays"),
        (lambda x: jnp.sin(x), r"an array of the shape \(2, 2\), and a walk needs one number"),
        (lambda x: jnp.ones(3).sum(), "depends on no array of floats"),
    ],
)
def test_what_cannot_be_walked_is_said_with_its_line(fn: Callable[..., Any], said: str):
    with pytest.raises(GradwalkError, match=said):
        imported(fn, numbers(2, 2))


def test_too_many_scalars_are_counted_by_the_shapes_and_a_slice_is_proposed():
    def loss(W, x):
        return jnp.sum(jnp.tanh(x @ W))

    with pytest.raises(TooManyScalars) as refused:
        imported(loss, np.zeros((100, 50)), np.zeros((60_000, 100)))
    assert refused.value.count > 300_000_000
    rows = int(re.findall(r"x\[:(\d+)\]", str(refused.value))[0])
    smaller = imported(loss, np.ones((100, 50)), np.ones((rows, 100))).scenario.graph
    assert 900_000 < len(smaller) <= 1_000_000


def test_a_loop_that_makes_too_many_is_stopped():
    def loss(x):
        return jax.lax.while_loop(lambda s: s[0] < 10**6, lambda s: (s[0] + 1, s[1] * 1.5 + s[1]), (0, x))[1].sum()

    with pytest.raises(TooManyScalars, match="at least"):
        imported(loss, np.ones(300))
