"""Arrays of scalars: NumPy code runs on them, and nothing cuts the graph without a word."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gradwalk.engine.errors import CutGraphError, GradwalkError, GraphError
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.importing.imported import imported
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.scalar_array.array import ScalarArray, scalars

from .numpy_functions import FUNCTIONS
from .random_programs import random_program


@pytest.mark.parametrize(("function", "arguments"), FUNCTIONS, ids=lambda each: getattr(each, "__name__", ""))
def test_values_and_gradients_are_those_of_autograd(function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    oracle = pytest.importorskip("autograd")
    import autograd.numpy  # pyright: ignore[reportMissingTypeStubs]

    tape = Tape()
    given = [scalars(f"a{place}", value, tape=tape) for place, value in enumerate(arguments)]
    result = function(np, *given)
    expected = function(np, *arguments)
    assert np.abs(result.value - expected) <= 1e-12 * max(1, abs(expected))
    total: Any = autograd.numpy.sum  # an older NumPy's own sum is not for what autograd follows
    gradients = oracle.grad(lambda *each: total(function(autograd.numpy, *each)), tuple(range(len(arguments))))(
        *arguments
    )
    partials = result.grad()
    for place, gradient in enumerate(gradients):
        for index in np.ndindex(gradient.shape):
            own = partials[f"a{place}[{','.join(map(str, index))}]"]
            assert abs(own - gradient[index]) <= 1e-12 * max(1, abs(gradient[index]))


@pytest.fixture
def w() -> ScalarArray:
    return scalars("W", [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], tape=Tape())


class TestMaking:
    def test_entries_are_called_by_their_indices(self, w: ScalarArray) -> None:
        assert [*np.sum(w).grad()] == ["W[0,0]", "W[0,1]", "W[0,2]", "W[1,0]", "W[1,1]", "W[1,2]"]
        assert (w[1, 2].name, w[-1, -1].value) == ("W[1,2]", 6.0)

    def test_a_single_number_is_called_by_the_name_alone(self) -> None:
        assert scalars("c", 3, tape=Tape()).grad() == {"c": 1.0}

    @pytest.mark.parametrize("values", [[[1.0], [1.0, 2.0]], ["a"], [1j], {"a": 1}])
    def test_what_is_no_array_of_numbers_is_refused(self, values: Any) -> None:
        with pytest.raises(GradwalkError, match="W has to be an array of real numbers"):
            scalars("W", values, tape=Tape())

    @pytest.mark.parametrize("name", ["", 3])
    def test_a_name_is_needed(self, name: Any) -> None:
        with pytest.raises(GradwalkError, match="needs a name"):
            scalars(name, [1.0])

    def test_a_result_can_be_called_otherwise(self, w: ScalarArray) -> None:
        loss = np.sum((w * w).named("squares"))
        assert loss.graph().find("squares[1,2]") >= 0  # pyright: ignore

    def test_two_tapes_do_not_mix(self, w: ScalarArray) -> None:
        with pytest.raises(GraphError, match="two different tapes"):
            w + scalars("V", np.ones((2, 3)), tape=Tape())


class TestWhatItMeets:
    def test_a_plain_array_becomes_data_once_and_is_called_by_its_variable(self, w: ScalarArray) -> None:
        x = np.array([7.0, 8.0, 9.0])
        graph = np.sum(w @ x + np.sum(w * x)).graph()
        data = [graph.label(node) for node in range(graph.leaf_count) if graph.codes[node] == Leaf.DATA]
        assert data == ["x[0]", "x[1]", "x[2]"]

    def test_an_array_that_was_written_to_is_another_one(self, w: ScalarArray) -> None:
        x = np.array([7.0, 8.0, 9.0])
        before = w @ x
        x[0] = 0.0
        assert ((w @ x).value[0], before.value[0]) == (43.0, 50.0)

    def test_scalars_among_it_are_the_same_variables(self, w: ScalarArray) -> None:
        s = Scalar(2.0, "s", tape=w.tape)
        for loss in (np.sum(s * w), np.sum(w * s), np.sum(w * np.array([s, s, s]))):
            assert loss.grad()["s"] == 21.0
        assert (w[0, 1] * w[1, 0] * np.sum(w[:, 0])).grad()["W[1,0]"] == 2.0 * 5.0 + 8.0

    def test_lists_of_numbers_and_scalars_are_arrays(self, w: ScalarArray) -> None:
        assert (w @ [1, 0, -1]).value.tolist() == [-2.0, -2.0]
        assert np.stack([w[0], [1.0, 2.0, 3.0]]).value.tolist() == [[1, 2, 3], [1, 2, 3]]
        assert (w * [w[0, 0], 0, w[1, 2]]).value.tolist() == [[1, 0, 18], [4, 0, 36]]

    def test_python_adds_and_iterates(self, w: ScalarArray) -> None:
        assert sum(w).value.tolist() == [5.0, 7.0, 9.0]  # pyright: ignore
        assert [row.value.tolist() for row in w] == [[1, 2, 3], [4, 5, 6]]
        assert (len(w), w.shape, w.ndim, w.size, 6.0 in w) == (2, (2, 3), 2, 6, True)

    def test_what_is_no_number_is_refused(self, w: ScalarArray) -> None:
        for other in (np.array(["a"]), np.array([1j]), {"a": 1}):
            with pytest.raises(GradwalkError):
                w + other

    def test_a_list_of_losses_keeps_the_graph(self, w: ScalarArray) -> None:
        assert np.mean([np.sum(w), np.sum(w[0])]).grad()["W[1,1]"] == 0.5
        assert np.array([w[0], w[1]]).sum().grad()["W[1,1]"] == 1.0


class TestComparing:
    def test_comparisons_give_plain_booleans(self, w: ScalarArray) -> None:
        mask = w > 3
        assert isinstance(mask, np.ndarray)
        assert mask.tolist() == [[False, False, False], [True, True, True]]
        assert w[mask].value.tolist() == [4.0, 5.0, 6.0]
        gradient = np.sum(np.where(w > 3, w**2, 0)).gradient(w)
        assert gradient.tolist() == [[0.0, 0.0, 0.0], [8.0, 10.0, 12.0]]

    def test_by_what_is_no_array_of_scalars_on_its_tape_is_refused(self):
        w = scalars("w", [1.0, 2.0])
        loss = np.sum(w**2)
        for other in (np.ones(2), "w", 3.0):
            with pytest.raises(
                GradwalkError, match=r"by an array of scalars, made by scalars, and this is a (ndarray|str|float)"
            ):
                loss.gradient(other)  # pyright: ignore
        with pytest.raises(GradwalkError, match="of the same tape"):
            loss.gradient(scalars("v", [1.0], tape=Tape()))

    def test_where_the_greatest_stands_is_a_plain_number(self, w: ScalarArray) -> None:
        assert (np.argmax(w), w.argmin(axis=1).tolist()) == (5, [0, 0])
        assert np.allclose(w, w.value)

    def test_sum_mean_and_product_agree_with_numpy(self, w: ScalarArray) -> None:
        x = w.value
        for name in ("sum", "mean", "prod", "var", "std", "max", "min", "ptp", "median", "cumsum"):
            function = getattr(np, name)
            np.testing.assert_allclose(function(w, axis=1).value, function(x, axis=1), rtol=1e-14)
        assert np.var(w, ddof=1).value == np.var(x, ddof=1)
        assert np.add.reduce(w).value.tolist() == [5, 7, 9]
        assert np.average(w, axis=1, weights=[1, 2, 1]).value.tolist() == [2.0, 5.0]


SAME = [
    lambda np_, x: np_.concatenate([x, x[:1]]),
    lambda np_, x: np_.append(x, x, axis=1),
    lambda np_, x: np_.column_stack([x, x]),
    lambda np_, x: np_.dstack([x, x]),
    lambda np_, x: np_.vstack([x, x[0]]),
    lambda np_, x: np_.split(x, 3, axis=1)[2],
    lambda np_, x: np_.moveaxis(x[None], 0, 2),
    lambda np_, x: x.swapaxes(0, 1).T,
    lambda np_, x: np_.rot90(x),
    lambda np_, x: np_.roll(x, 2),
    lambda np_, x: np_.tile(x, 2),
    lambda np_, x: np_.repeat(x, [1, 2], axis=0),
    lambda np_, x: np_.pad(x, 1),
    lambda np_, x: np_.pad(x, ((0, 0), (1, 1)), mode="edge"),
    lambda np_, x: np_.diag(x[0], 1),
    lambda np_, x: np_.diag(x @ x.T),
    lambda np_, x: np_.tril(x) + np_.triu(x, 1),
    lambda np_, x: np_.diff(x, axis=1),
    lambda np_, x: np_.clip(x, 2, 4.5),
    lambda np_, x: np_.sort(-x, axis=1),
    lambda np_, x: np_.convolve(x[0], x[1]),
    lambda np_, x: np_.correlate(x[0], x[1, :2], "valid"),
    lambda np_, x: np_.convolve(x[0], x[1, :2], "same"),
    lambda np_, x: np_.inner(x, x),
    lambda np_, x: np_.outer(x[0], x[1]),
    lambda np_, x: np_.kron(x[0], x[1]),
    lambda np_, x: np_.cross(x[0], x[1]),
    lambda np_, x: np_.insert(x, 1, x[0], axis=0),
    lambda np_, x: np_.block([[x, x], [x, x]]),
    lambda np_, x: np_.linalg.multi_dot([x, x.T, x]),
    lambda np_, x: np_.polyval(x[0], x[1]),
    lambda np_, x: np_.triu(x[0]) - np_.tril(x[1], -1),
    lambda np_, x: np_.linalg.norm(x, axis=1),
    lambda np_, x: np_.linalg.norm(x[0], 1),
    lambda np_, x: np_.linalg.norm(x[0], np.inf),
    lambda np_, x: np_.linalg.norm(x[0], 3),
    lambda np_, x: np_.select([x > 4, x > 2], [x, x * x], 0),
    lambda np_, x: np_.broadcast_to(x[0], (2, 3)) * np_.ones_like(x),
    lambda np_, x: np_.take(x, [0, 2], axis=1),
    lambda np_, x: np_.add.outer(x[0], x[1]),
    lambda np_, x: np_.maximum.reduce(x, axis=1),
    lambda np_, x: np_.radians(np_.positive(x)) ** 2.5 / 3,
    lambda np_, x: np_.cbrt(x) - np_.hypot(x, 1) + np_.log1p(x) - np_.expm1(-x) + np_.exp2(x) - np_.log2(x),
    lambda np_, x: np_.sinh(x) / np_.cosh(x) + np_.float_power(x, 2) + abs(-x) + np_.sign(x) + np_.heaviside(x - 3, 0),
    lambda np_, x: np_.full_like(x, 2) * x.reshape(3, 2).ravel()[[0, 5]].sum(),
    lambda np_, x: x[..., None, 1] + x[:, [0, 0]] + x[np.array([True, False])][:, 1:],
    lambda np_, x: np_.trace(x[:, :2]) * x.diagonal() + x.mT[0],
    lambda np_, x: x.flatten().dot(x.ravel()) + np_.vdot(x, x),
    lambda np_, x: np_.expand_dims(np_.squeeze(x[:, :1]), 0) + np_.atleast_2d(x[0, :2]),
]  # fmt: skip


@pytest.mark.parametrize("function", SAME)
def test_functions_of_numpy_give_what_they_give_for_numbers(function: Callable[..., Any], w: ScalarArray) -> None:
    plain = w.value
    if function is SAME[-3] and not hasattr(plain, "mT"):
        pytest.skip("this NumPy has no .mT")
    result = function(np, w)
    assert isinstance(result, ScalarArray)
    expected = function(np, plain)
    assert result.shape == np.shape(expected)
    np.testing.assert_allclose(result.value, expected, rtol=1e-13)


class TestNothingCutsTheGraph:
    @pytest.mark.parametrize(
        ("cut", "words"),
        [
            (lambda w: float(np.sum(w)), "would cut the graph here"),
            (lambda w: np.array(w, dtype=float), "W.value has the plain numbers; numpy.stack"),
            (lambda w: np.zeros((2, 3)).__setitem__(0, w[0]), "would cut the graph here"),
            (lambda w: bool(np.sum(w)), "neither true nor false"),
            (lambda w: np.floor(w), "no rule for numpy.floor: it jumps"),
            (lambda w: np.linalg.inv(w[:, :2]), "no rule for numpy.linalg.inv"),
            (lambda w: np.exp(w, out=np.zeros((2, 3))), "cannot hold what is recorded"),
            (lambda w: np.sum(w, where=w > 2), "no rule for where="),
            (lambda w: w.astype(int), "W.value is plain"),
            (lambda w: w.backward(), "gives its gradients by name"),
            (lambda w: w[w[0, 0]], "no index"),
            (lambda w: w.sort(), "numpy.sort"),
            (lambda w: scalars("V", w), "give scalars plain numbers"),
        ],
    )  # fmt: skip
    def test_what_would_is_refused_with_what_to_write(
        self, cut: Callable[[Any], Any], words: str, w: ScalarArray
    ) -> None:
        with pytest.raises((CutGraphError, AttributeError)) as refused:
            cut(w)
        assert words in str(refused.value)

    def test_an_array_does_not_change(self, w: ScalarArray) -> None:
        before = v = w
        v += 1
        assert (before.value[0, 0], v.value[0, 0]) == (1.0, 2.0)
        plain = np.zeros((2, 3))
        with pytest.raises(CutGraphError, match=r"write a = a \+ x"):
            plain += w
        with pytest.raises(CutGraphError, match=r"W\[...\] = ... would change an array"):
            w[0, 0] = 1.0

    def test_several_numbers_are_no_loss(self, w: ScalarArray) -> None:
        with pytest.raises(GradwalkError, match="take its sum, its mean or an entry"):
            w.grad()

    def test_text_shows_the_numbers(self, w: ScalarArray) -> None:
        assert repr(scalars("b", [1.0, 2.5], tape=Tape())) == "ScalarArray([1. , 2.5], 'b')"
        assert f"{np.sum(w):.2f}" == "21.00"


@pytest.mark.thorough
def test_a_function_that_makes_too_many_scalars_is_refused_with_a_slice_that_does_not() -> None:
    def loss(weights: Any, x: Any) -> Any:
        return np.mean(np.tanh(x @ weights))

    with pytest.raises(GradwalkError, match=r"room for 1,000,000: walk a smaller slice, x\[:\d+\], which makes"):
        imported(loss, np.ones((50, 10)), np.ones((3000, 50)), data=["x"])


def dense(x: Any, weights: Any) -> Any:
    return np.tanh(x @ weights)


class TestWhereItComesFrom:
    def test_a_result_is_called_by_the_variable_that_it_is_assigned_to(self, w: ScalarArray) -> None:
        hidden = dense(np.eye(2), w)
        hidden = dense(hidden, w.T)
        loss = np.sum(hidden)
        graph = loss.graph()
        assert [array.name for array in graph.arrays if array.operation and array.name] == [
            "hidden",
            "hidden_2",
            "loss",
        ]
        assert graph.label(graph.output) == "loss"
        assert graph.label(graph.find("hidden[1,2]")) == "hidden[1,2]"
        assert hidden[0, 1].value == graph.leaf_values.dtype.type(hidden.value[0, 1])

    def test_each_array_knows_its_line_and_the_functions_around_it(self, w: ScalarArray) -> None:
        loss = np.sum(dense(np.eye(2), w))
        here = sys._getframe().f_lineno
        graph = loss.graph()
        tanh = next(array for array in graph.arrays if array.operation == "tanh")
        assert tanh.source is not None
        assert (tanh.source.text, tanh.source.function, tanh.scope) == (
            "return np.tanh(x @ weights)",
            "dense",
            ("dense",),
        )
        source = graph.source(graph.output)
        assert source is not None
        assert (source.path, source.number) == (__file__, here - 1)

    def test_several_operations_of_one_function_are_within_it(self, w: ScalarArray) -> None:
        graph = np.var(w).graph()
        assert {array.scope for array in graph.arrays if array.operation} == {("var",)}


def _agree(seed: int) -> None:
    """Hold a random program against NumPy's numbers, and its gradient against differences along a random direction."""
    program, tape, random = random_program(seed), Tape(), np.random.default_rng(seed)
    given = {name: scalars(name, value, tape=tape) for name, value in program.arguments.items()}
    result = scalars("one", 1.0, tape=tape) * program.run(np, given)  # an array, where it is a single entry too
    expected = program.run(np, program.arguments)
    assert abs(result.value - expected) <= 1e-12 * max(1, abs(expected))
    if any(tape.values[node] == 0 for node in range(len(tape)) if tape.codes[node] == CODES["sqrt"]):
        return  # a root is infinitely steep at 0, as of the variance of a single entry
    for name, value in program.arguments.items():
        direction = random.normal(size=np.shape(value))
        ahead, behind = (
            program.run(np, {**program.arguments, name: value + step * direction}) for step in (1e-6, -1e-6)
        )
        slope = (ahead - behind) / 2e-6
        assert abs(np.sum(result.gradient(given[name]) * direction) - slope) <= 1e-5 * max(1, abs(slope))


@pytest.mark.parametrize("seed", range(12))
def test_a_random_program_agrees_with_numpy(seed: int) -> None:
    _agree(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("part", range(10))
def test_many_random_programs_agree_with_numpy(part: int) -> None:
    for seed in range(100 * part + 100, 100 * part + 200):
        _agree(seed)
