"""The rules of the way back in matrix form: of every operation, against the scalar walk and finite differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from gradwalk.engine.array_formulas.evaluate import evaluate
from gradwalk.engine.array_formulas.formula import ArrayName
from gradwalk.engine.array_formulas.printers import notation, notations
from gradwalk.engine.array_formulas.pullback import PullbackSite
from gradwalk.engine.array_formulas.shapes import ShapesDoNotFit, shape_of
from gradwalk.engine.array_ops.table import ARRAY_OPS
from gradwalk.engine.lens.numbers import EXACT

from .lens_networks import Recorder, gradients

X, W, STACK = (4, 3), (3, 2), (2, 4, 3)
MASK = np.arange(12).reshape(4, 3) % 3 == 0

Made = Callable[[Recorder], int]


def of(operation: str, *shapes: tuple[int, ...], positive: bool = False, **parameters: object) -> Made:
    """Record an operation on parameters of these shapes, summed with weights."""

    def made(make: Recorder) -> int:
        names = "ABC"
        operands = [make.parameter(name, *shape, positive=positive) for name, shape in zip(names, shapes, strict=False)]
        return make.weighted_sum(make(operation, *operands, **parameters))

    return made


RULES: dict[str, Made] = {
    **{name: of(name, X) for name in ("negative", "square", "exp", "sin", "cos", "tan", "tanh", "sigmoid", "relu")},
    **{name: of(name, X) for name in ("softplus", "erf", "abs", "exp2", "expm1", "sinh", "cosh", "step", "sign")},
    **{
        name: of(name, X, positive=True)
        for name in ("reciprocal", "sqrt", "log", "log1p", "log2", "log10", "cbrt", "rsqrt")
    },
    **{name: of(name, X, X) for name in ("add", "subtract", "multiply", "minimum", "maximum", "logaddexp", "hypot")},
    **{f"{name}, a row": of(name, X, (3,)) for name in ("add", "subtract", "multiply", "maximum")},
    **{f"{name}, a column": of(name, (4, 1), X) for name in ("add", "subtract", "multiply")},
    **{f"{name}, a number": of(name, X, ()) for name in ("add", "multiply")},
    "divide": of("divide", X, X, positive=True),
    "divide, a column": of("divide", X, (4, 1), positive=True),
    "power": of("power", X, X, positive=True),
    "matmul": of("matmul", X, W),
    "matmul, stacks": of("matmul", STACK, (2, 3, 5)),
    "matmul, a stack and one": of("matmul", STACK, W),
    "matmul, a vector left": of("matmul", (4,), X),
    "matmul, a vector right": of("matmul", X, (3,)),
    "matmul, vectors": of("matmul", (3,), (3,)),
    "einsum": of("einsum", X, W, subscripts="ij,jk->ki"),
    "einsum, three": of("einsum", X, W, (2,), subscripts="ij,jk,k->i"),
    "einsum, an ellipsis": of("einsum", STACK, (2, 3, 5), subscripts="...ij,...jk->...ik"),
    "einsum, without an arrow": of("einsum", X, W, subscripts="ij,jk"),
    "sum": of("sum", X),
    "sum, axis 0": of("sum", X, axis=0),
    "sum, axis 1": of("sum", X, axis=1),
    "sum, axis 1, kept": of("sum", X, axis=1, keepdims=True),
    "sum, two axes": of("sum", STACK, axis=(0, 2)),
    "mean": of("mean", X),
    "mean, axis -1": of("mean", X, axis=-1),
    "max": of("max", X, axis=1),
    "min": of("min", X),
    "prod": of("prod", X, axis=0),
    "cumulative_sum": of("cumulative_sum", X, axis=1),
    "cumulative_sum, back": of("cumulative_sum", X, axis=0, reverse=True),
    "reshape": of("reshape", X, shape=(2, 6)),
    "squeeze": of("squeeze", (4, 1), axis=1),
    "expand_dims": of("expand_dims", X, axis=1),
    "transpose": of("transpose", X),
    "transpose, stack": of("transpose", STACK, axes=(2, 0, 1)),
    "broadcast_to": of("broadcast_to", (3,), shape=(4, 3)),
    "concat": of("concat", X, (2, 3), axis=0),
    "stack": of("stack", X, X, axis=1),
    "index": of("index", X, key=(slice(1, 3), 0)),
    "index, twice": of("index", X, key=(np.array([0, 0, 2]),)),
    "take": of("take", X, indices=np.array([2, 0, 2]), axis=1),
    "take, of all": of("take", X, indices=np.array([2, 0, 11])),
    "take_along_axis": of("take_along_axis", X, indices=np.array([[0], [2], [1], [1]]), axis=1),
    "flip": of("flip", X, axis=0),
    "roll": of("roll", X, shift=1, axis=1),
    "pad": of("pad", X, widths=((1, 0), (0, 2))),
    "where": of("where", X, X, condition=MASK),
    "where, a number": of("where", X, (), condition=MASK),
    "triangle": of("triangle", (3, 3), lower=True),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_in_matrix_form_gives_what_the_scalar_walk_does(name: str) -> None:
    make = Recorder(3)
    walk = make.walk(RULES[name](make))
    steps = [walk.step(number) for number in range(walk.seed_step + 1, walk.total + 1)]
    assert steps
    for step in steps:
        assert step.formula is not None
        assert step.difference is not None and step.difference <= EXACT
        assert shape_of(step.formula) == step.array.shape
        for each in notations():
            assert step.right(notation(each))


@pytest.mark.parametrize(
    "name", ["matmul, a stack and one", "divide, a column", "prod", "index, twice", "mean, axis -1"]
)
def test_the_gradients_are_those_of_finite_differences(name: str) -> None:
    make = Recorder(5)
    walk = make.walk(RULES[name](make))
    graph = walk.trace.graph
    for array in walk.arrays:
        if not array.is_given or array.label == "weights":
            continue
        found = gradients(walk)[array.label]
        for index in np.ndindex(array.shape):
            if array.entries[index] < 0:  # the output does not use it
                continue
            outputs = []
            for change in (1e-5, -1e-5):
                leaves = graph.leaf_values.copy()
                leaves[array.entries[index]] += change
                outputs.append(type(walk.trace)(graph.with_leaf_values(leaves)).values[-1])
            assert found[index] == pytest.approx((outputs[0] - outputs[1]) / 2e-5, rel=1e-6, abs=1e-8)


def test_the_rule_of_a_table_is_that_of_its_entry() -> None:
    """Every rule is tested above, but for those of operations that have none."""
    tested = {name.split(",")[0] for name in RULES}
    with_rule = {name for name, op in ARRAY_OPS.items() if op.pullback is not None}
    assert with_rule - tested <= {"clip", "erf"}


def test_where_entries_are_equal_the_numbers_are_those_of_the_scalar_walk_and_no_rule_is_shown() -> None:
    make = Recorder()
    a = make.given("A", np.array([[1.0, 1.0, 0.0]]))
    walk = make.walk(make("sum", make("max", a, axis=1)))
    step = walk.step(walk.total)
    assert step.formula is None
    assert step.why[0].startswith("The rule of max in matrix form does not hold at these numbers")
    np.testing.assert_allclose(gradients(walk)["A"], [[0.5, 0.5, 0.0]])


def test_what_has_no_rule_in_matrix_form_says_so_and_has_its_numbers() -> None:
    make = Recorder()
    x, kernel = make.parameter("X", 1, 1, 4, 4), make.parameter("K", 1, 1, 2, 2)
    walk = make.walk(make("sum", make("convolution", x, kernel)))
    step = walk.step(walk.gradient_steps(1)[0])
    assert step.formula is None and "no short rule in matrix form for convolution" in step.why[0]
    values = make.values["X"][0, 0]
    expected = [[values[i : i + 3, j : j + 3].sum() for j in range(2)] for i in range(2)]
    np.testing.assert_allclose(gradients(walk)["K"][0, 0], expected)


def test_each_notation_writes_products_transposes_and_products_entry_by_entry_in_its_own_way() -> None:
    upstream, x, w = ArrayName("∂L/∂Y", (4, 2)), ArrayName("X", (4, 3)), ArrayName("W", (3, 2))
    product, tanh = ARRAY_OPS["matmul"].pullback, ARRAY_OPS["tanh"].pullback
    assert product is not None and tanh is not None
    by_w = product(PullbackSite(upstream, (x, w), ArrayName("Y", (4, 2)), 1))
    by_t = tanh(PullbackSite(upstream, (ArrayName("T", (4, 2)),), ArrayName("Y", (4, 2)), 0))
    assert by_w is not None and by_t is not None
    assert {name: notation(name).formula(by_w) for name in notations()} == {
        "unicode": "Xᵀ · ∂L/∂Y",
        "text": "X.T @ dL/dY",
        "latex": r"X^{\top} \frac{\partial L}{\partial Y}",
        "spoken": "capital X transposed, matrix times, the derivative of capital L by capital Y",
    }
    assert notation("unicode").formula(by_t) == "∂L/∂Y ⊙ (1 - Y²)"
    assert notation("text").formula(by_t) == "dL/dY * (1 - Y^2)"
    numbers = {"∂L/∂Y": np.ones((4, 2)), "X": np.arange(12.0).reshape(4, 3)}
    np.testing.assert_array_equal(evaluate(by_w, numbers), numbers["X"].T @ numbers["∂L/∂Y"])


def test_shapes_that_do_not_fit_are_told() -> None:
    from gradwalk.engine.array_formulas.functions import matmul

    with pytest.raises(ShapesDoNotFit) as error:
        shape_of(matmul(ArrayName("X", (4, 3)), ArrayName("G", (4, 2))))
    assert error.value.shapes == ((4, 3), (4, 2))
