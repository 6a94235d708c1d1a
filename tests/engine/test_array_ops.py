"""Every operation on arrays against the same function of NumPy."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gradwalk.engine.array_ops.recording import applied, given
from gradwalk.engine.array_ops.table import ARRAY_OPS
from gradwalk.engine.errors import GraphError, RoomError
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape

Reference = Callable[..., Any]

_UNARY: dict[str, Reference] = {
    name: getattr(np, name)
    for name in (
        *("negative", "reciprocal", "square", "sqrt", "exp", "log", "sin", "cos", "tan", "tanh", "abs", "sign"),
        *("exp2", "expm1", "log1p", "log2", "log10", "sinh", "cosh", "cbrt"),
    )
} | {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "relu": lambda x: np.maximum(x, 0),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "step": lambda x: np.heaviside(x, 0),
    "erf": np.vectorize(math.erf),
    "rsqrt": lambda x: 1 / np.sqrt(x),
}
_BINARY: dict[str, Reference] = {
    name: getattr(np, name)
    for name in ("add", "subtract", "multiply", "divide", "power", "minimum", "maximum", "logaddexp", "hypot")
}
_MASK = np.array([[True, False, True], [False, False, True]])
_ORDER = np.array([[2, 0, 1], [0, 0, 2]])


def _padded(x: Any, widths: Any, value: float) -> Any:
    return np.pad(x, widths, constant_values=value)


CASES: list[tuple[str, tuple[tuple[int, ...], ...], dict[str, Any], Reference]] = [
    *((name, ((2, 3),), {}, reference) for name, reference in _UNARY.items()),
    *((name, ((2, 3), (3,)), {}, reference) for name, reference in _BINARY.items()),
    *((name, ((), (2, 1, 3)), {}, reference) for name, reference in _BINARY.items()),
    *(
        (name, ((2, 3, 4),), {"axis": axis, "keepdims": keepdims}, getattr(np, name))
        for name in ("sum", "mean", "prod", "max", "min")
        for axis, keepdims in ((None, False), (1, False), (-1, True), ((0, 2), False), ((2, 1), True))
    ),
    ("sum", ((0, 3),), {"axis": 0}, np.sum),
    ("prod", ((0, 3),), {"axis": 0}, np.prod),
    ("sum", ((2, 3),), {"axis": ()}, np.sum),
    ("cumulative_sum", ((2, 3),), {"axis": 1}, np.cumsum),
    ("cumulative_prod", ((2, 3),), {"axis": 0}, np.cumprod),
    ("cumulative_sum", ((4,),), {"axis": 0, "reverse": True}, lambda x, **_: np.cumsum(x[::-1])[::-1]),
    *(
        ("matmul", shapes, {}, np.matmul)
        for shapes in (
            *(((2, 3), (3, 4)), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 1), (1, 3)), ((2, 2), (2, 2))),
            *(((5, 2, 3), (3, 4)), ((2, 1, 2, 3), (4, 3, 2)), ((2, 0), (0, 3)), ((3,), (2, 3, 4))),
        )
    ),
    *(
        ("einsum", shapes, {"subscripts": text}, lambda *x, subscripts: np.einsum(subscripts, *x))
        for text, shapes in (
            *(("ij,jk->ik", ((2, 3), (3, 4))), ("ij,jk", ((2, 3), (3, 4))), ("ii", ((3, 3),)), ("ii->i", ((3, 3),))),
            *(("ba", ((2, 3),)), ("ij->j", ((2, 3),)), ("i,j->ij", ((2,), (3,))), ("i,i,i->", ((3,), (3,), (3,)))),
            *(("...ij,...jk->...ik", ((5, 2, 3), (3, 2))), ("b...,b...->b...", ((2, 3, 2), (2, 3, 2)))),
            *(("bij,bkj->bik", ((2, 3, 2), (2, 4, 2))), ("iij,jk->ik", ((2, 2, 3), (3, 2))), ("i...", ((2, 3),))),
        )
    ),
    ("reshape", ((2, 3),), {"shape": (3, -1)}, lambda x, shape: np.reshape(x, shape)),
    ("transpose", ((2, 3, 4),), {}, np.transpose),
    ("transpose", ((2, 3, 4),), {"axes": (1, 0, 2)}, np.transpose),
    ("broadcast_to", ((3,),), {"shape": (2, 3)}, np.broadcast_to),
    ("squeeze", ((1, 3, 1),), {}, np.squeeze),
    ("squeeze", ((1, 3, 1),), {"axis": -1}, np.squeeze),
    ("expand_dims", ((3,),), {"axis": (0, 2)}, np.expand_dims),
    ("concat", ((2, 3), (1, 3)), {"axis": 0}, lambda *x, axis: np.concatenate(x, axis)),
    ("stack", ((2,), (2,)), {"axis": 1}, lambda *x, axis: np.stack(x, axis)),
    *(
        ("index", ((3, 4),), {"key": key}, lambda x, key: x[key])
        for key in (1, (0, 2), slice(1, None), (..., None, 2), np.array([2, 0, 2]), np.eye(3, 4) > 0, [0])
    ),
    ("take", ((3, 4),), {"indices": [2, 0], "axis": 1}, np.take),
    ("take_along_axis", ((2, 3),), {"indices": _ORDER, "axis": 1}, np.take_along_axis),
    ("flip", ((2, 3),), {"axis": 1}, np.flip),
    ("roll", ((2, 3),), {"shift": 1, "axis": 1}, np.roll),
    ("tile", ((2, 3),), {"repetitions": (2, 1)}, lambda x, repetitions: np.tile(x, repetitions)),
    ("repeat", ((2, 3),), {"repeats": 2, "axis": 1}, np.repeat),
    ("diagonal", ((3, 4),), {"offset": 1}, np.diagonal),
    ("pad", ((2, 3),), {"widths": ((1, 0), (0, 2)), "value": 7.0}, _padded),
    ("pad", ((2, 3),), {"widths": ((0, 0), (-1, 0))}, lambda x, **_: x[:, 1:]),
    ("dilate", ((2, 2),), {"gaps": (0, 1)}, lambda x, **_: np.stack([x[:, 0], 0 * x[:, 0], x[:, 1]], axis=1)),
    ("put", ((2, 3), (2,)), {"key": (slice(None), 1)}, lambda x, value, **_: np.stack([x[:, 0], value, x[:, 2]], 1)),
    ("where", ((2, 3), ()), {"condition": _MASK}, lambda x, y, condition: np.where(condition, x, y)),
    ("clip", ((2, 3), (), ()), {}, lambda x, low, high: np.minimum(np.maximum(x, low), high)),
    ("clip", ((2, 3), ()), {"has_min": False}, lambda x, high, **_: np.minimum(x, high)),
    ("triangle", ((3, 3),), {"lower": True, "offset": -1}, lambda x, **_: np.tril(x, -1)),
    ("triangle", ((2, 3, 3),), {"lower": False}, lambda x, **_: np.triu(x)),
    ("sort", ((2, 3),), {"axis": 0}, np.sort),
    ("sort", ((4,),), {"descending": True}, lambda x, **_: np.sort(x)[::-1]),
    ("stop_gradient", ((2, 3),), {}, lambda x: x),
]  # fmt: skip


@pytest.mark.parametrize(("name", "shapes", "parameters", "reference"), CASES)
def test_an_operation_has_the_numbers_and_the_shape_of_numpys(
    name: str, shapes: tuple[tuple[int, ...], ...], parameters: dict[str, Any], reference: Reference
) -> None:
    random = np.random.default_rng(7)
    tape = Tape()
    operands = [random.uniform(0.5, 2.0, shape) for shape in shapes]
    places = [given(tape, operand, Leaf.INPUT) for operand in operands]
    result = tape.arrays[applied(tape, name, places, parameters)]
    expected = np.asarray(reference(*operands, **parameters))
    assert result.shape == expected.shape
    np.testing.assert_allclose(np.array(tape.values)[result.entries], expected, rtol=1e-13, atol=1e-14)


def _convolved(x: Any, kernel: Any, strides: Any, padding: Any, dilation: Any, groups: int) -> Any:
    """The same as plain loops over every entry."""
    x = np.pad(x, [(0, 0), (0, 0), *padding])
    of_group, out_of_group = kernel.shape[1], kernel.shape[0] // groups
    reach = [(k - 1) * d + 1 for k, d in zip(kernel.shape[2:], dilation, strict=True)]
    places = [(n - r) // s + 1 for n, r, s in zip(x.shape[2:], reach, strides, strict=True)]
    y = np.zeros((x.shape[0], kernel.shape[0], *places))
    for n, o, *p in np.ndindex(y.shape):
        for c, *k in np.ndindex(kernel.shape[1:]):
            at = [i * s + j * d for i, s, j, d in zip(p, strides, k, dilation, strict=True)]
            y[n, o, *p] += x[n, o // out_of_group * of_group + c, *at] * kernel[o, c, *k]
    return y


@pytest.mark.parametrize(
    ("x_shape", "kernel_shape", "strides", "padding", "dilation", "groups"),
    [
        ((2, 1, 5), (1, 1, 3), (1,), ((0, 0),), (1,), 1),
        ((1, 2, 4, 5), (3, 2, 2, 3), (1, 2), ((1, 1), (0, 2)), (1, 1), 1),
        ((1, 4, 6), (2, 2, 2), (2,), ((1, 0),), (2,), 2),
    ],
)
def test_a_convolution_slides_its_kernels(
    x_shape: tuple[int, ...], kernel_shape: tuple[int, ...], strides: Any, padding: Any, dilation: Any, groups: int
) -> None:
    random = np.random.default_rng(7)
    x, kernel = random.normal(size=x_shape), random.normal(size=kernel_shape)
    tape = Tape()
    places = [given(tape, x, Leaf.DATA), given(tape, kernel, Leaf.INPUT)]
    how = {"strides": strides, "padding": padding, "dilation": dilation, "groups": groups}
    result = tape.arrays[applied(tape, "convolution", places, how)]
    expected = _convolved(x, kernel, **how)
    np.testing.assert_allclose(np.array(tape.values)[result.entries], expected, rtol=1e-12, atol=1e-13)
    zeros = [node for node in range(len(tape)) if tape.codes[node] == Leaf.CONSTANT]
    assert not zeros, "what lies outside of the input makes no products"


@pytest.mark.parametrize("reduction", ["sum", "mean", "max", "min"])
def test_pooling_leaves_out_what_is_outside(reduction: str) -> None:
    x = np.array([[3.0, 1.0, 2.0, 5.0]])
    tape = Tape()
    how = {"shape": (2,), "strides": (2,), "padding": ((1, 1),), "reduction": reduction}
    result = tape.arrays[applied(tape, "pool", [given(tape, x, Leaf.INPUT)], how)]
    expected = [[3.0, getattr(np, reduction)([1.0, 2.0]), 5.0]]
    assert np.array(tape.values)[result.entries].tolist() == expected


@pytest.mark.parametrize(
    ("name", "shapes", "parameters", "words"),
    [
        ("add", ((2,), (3,)), {}, "shapes (2,) and (3,) do not fit"),
        ("matmul", ((2, 3), (2, 3)), {}, "(2, 3) @ (2, 3) does not exist: the left has 3 columns, the right 2 rows"),
        ("sum", ((2, 3),), {"axis": 2}, "there is no axis 2 in an array of 2 dimensions"),
        ("max", ((0,),), {}, "the max of no entries does not exist"),
        ("einsum", ((2, 3),), {"subscripts": "ijk->i"}, "'ijk' does not fit an array of 2 dimensions"),
        ("einsum", ((2, 3),), {"subscripts": "ij->k"}, "one that no array has"),
        ("einsum", ((2, 3),), {"subscripts": "ii->i"}, "are not equally long"),
        ("reshape", ((2, 3),), {"shape": (4,)}, "(2, 3) cannot have the shape (4,)"),
        ("concat", ((2, 3), (2, 2)), {"axis": 0}, "cannot be put one after the other"),
        ("index", ((2, 3),), {"key": 5}, "does not have these entries"),
        ("convolution", ((1, 2, 3), (1, 1, 2)), {}, "does not exist"),
        ("convolution", ((1, 1, 2), (1, 1, 3)), {}, "do not fit into an array"),
        ("matmul", ((1000, 2), (2, 1000)), {}, "makes 2,000,000 scalars, and a walk has room for 1,000,000"),
        ("einsum", ((1000, 2), (1000, 2)), {"subscripts": "ia,jb->ij"}, "makes 4,000,000 scalars"),
        ("add", ((2000, 1), (1000,)), {}, "makes 2,000,000 scalars"),
    ],
)
def test_what_does_not_fit_is_said(name: str, shapes: Any, parameters: dict[str, Any], words: str) -> None:
    tape = Tape()
    places = [given(tape, np.zeros(shape), Leaf.INPUT) for shape in shapes]
    with pytest.raises((GraphError, RoomError)) as refused:
        applied(tape, name, places, parameters)
    assert words in str(refused.value)


def test_every_operation_is_held_against_numpy() -> None:
    assert set(ARRAY_OPS) == {name for name, *_ in CASES} | {"convolution", "pool"}


def test_a_convolution_may_spread_its_input() -> None:
    tape = Tape()
    places = [given(tape, np.array([[[1.0, 2.0]]]), Leaf.INPUT), given(tape, np.array([[[3.0, 5.0]]]), Leaf.INPUT)]
    how = {"padding": ((1, 1),), "input_dilation": (2,)}
    result = tape.arrays[applied(tape, "convolution", places, how)]
    assert np.array(tape.values)[result.entries].tolist() == [[[5.0, 3.0, 10.0, 6.0]]]


@pytest.mark.parametrize(("name", "other"), [("power", 2.0), ("divide", 1.0)])
def test_a_square_and_a_reciprocal_are_operations_of_their_own(name: str, other: float) -> None:
    tape = Tape()
    x, constant = given(tape, np.array([3.0, 4.0]), Leaf.INPUT, "x"), given(tape, np.array(other), Leaf.CONSTANT)
    places = [x, constant] if name == "power" else [constant, x]
    graph = tape.graph(int(tape.arrays[applied(tape, name, places)].entries[0]))
    assert graph.expression(graph.output) == {"power": "x[0]²", "divide": "1/x[0]"}[name]
