"""What functions of array libraries become: which library, which names, how many scalars, whether numbers agree."""

from __future__ import annotations

import functools
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.importing.comparison import LibraryResult, compared
from gradwalk.engine.importing.errors import TooManyScalars, UnknownOperation, UntraceableFunction
from gradwalk.engine.importing.files import arrays_in_file, function_in_file, number_or_array, users_errors
from gradwalk.engine.importing.imported import imported
from gradwalk.engine.importing.libraries import Library, library_of
from gradwalk.engine.importing.limit import by_few_rows, check_count
from gradwalk.engine.importing.names import kinds_of, leaf_names, parameter_names
from gradwalk.engine.importing.recording import Recording
from gradwalk.engine.importing.source_lines import Frame, is_installed, source_line, users_frame
from gradwalk.engine.run.plan import run
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.words.imported import comparison_words


class TestWhichLibrary:
    def test_it_is_the_one_whose_modules_the_code_names(self):
        torch, jax = ModuleType("torch.nn.functional"), ModuleType("jax.numpy")
        assert library_of(written_with(F=torch)) is Library.TORCH
        assert library_of(written_with(F=jax)) is Library.JAX
        assert library_of(written_with(F=np)) is Library.NUMPY

    def test_a_function_that_it_calls_counts_if_it_is_in_the_same_file(self):
        names: dict[str, Any] = {"__name__": "model", "jnp": ModuleType("jax.numpy")}
        exec("def layer(x): return jnp.tanh(x)\ndef loss(x): return layer(x).sum()", names)
        assert library_of(names["loss"]) is Library.JAX
        assert library_of(functools.partial(names["loss"])) is Library.JAX

    def test_an_import_inside_of_it_counts(self):
        names: dict[str, Any] = {"__name__": "model"}
        exec("def loss(x):\n    import torch\n    return torch.sum(x)", names)
        assert library_of(names["loss"]) is Library.TORCH

    def test_what_it_is_called_with_comes_first(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
        tensor = type("Tensor", (), {"__module__": "torch"})()
        assert library_of(lambda x: x, [{"deep": [tensor]}]) is Library.TORCH
        assert library_of(written_with(F=ModuleType("jax")), [tensor]) is Library.TORCH

    def test_what_is_in_a_list_that_it_uses_counts(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
        weights = [type("Tensor", (), {"__module__": "torch"})()]
        assert library_of(written_with(F=weights)) is Library.TORCH
        assert library_of(lambda: weights[0]) is Library.TORCH

    def test_plain_python_is_called_with_scalars(self):
        assert library_of(lambda x: x * x) is Library.NUMPY
        assert library_of(max) is Library.NUMPY


def written_with(**modules: ModuleType) -> Any:
    names: dict[str, Any] = {"__name__": "model", **modules}
    exec("def loss(x): return F.relu(x)", names)
    return names["loss"]


class TestNames:
    def test_arrays_are_called_by_the_parameters_and_the_keys_within_them(self):
        def loss(params: Any, x: Any, *rest: Any) -> None: ...

        assert parameter_names(loss, 4) == ["params", "x", "rest.0", "rest.1"]
        assert parameter_names(loss, 2, ["p", "q"]) == ["p", "q"]
        assert leaf_names([("params", "W"), ("x",)]) == ["W", "x"]
        assert leaf_names([("layers", "0", "W"), ("layers", "1", "W"), ("a", "0")]) == [
            "layers.0.W",
            "layers.1.W",
            "a.0",
        ]
        assert leaf_names([("p", "first", "kernel"), ("p", "second", "kernel"), ("p", "first", "bias")]) == [
            "first.kernel",
            "second.kernel",
            "bias",
        ]

    def test_keys_with_dots_do_not_make_two_arrays_one(self):
        paths = [("p", "a.b"), ("p", "a", "b"), ("q", "a", "b")]
        assert leaf_names(paths) == ["p.a.b", "p.a.b_2", "q.a.b"]

    def test_as_many_names_as_arguments_are_needed(self):
        with pytest.raises(GradwalkError, match="2 arguments need 2 different names"):
            parameter_names(lambda x, y: x, 2, ["a", "a"])
        with pytest.raises(GradwalkError, match="takes 1 arguments, and 2 were given"):
            parameter_names(lambda x: x, 2)

    def test_data_is_named_by_an_array_or_by_what_it_is_in(self):
        names, paths = ["W", "b", "x"], [("params", "W"), ("params", "b"), ("x",)]
        assert kinds_of(names, paths, ["x"])["x"] is Leaf.DATA
        assert kinds_of(names, paths, ["params"]) == {"W": Leaf.DATA, "b": Leaf.DATA, "x": Leaf.INPUT}
        with pytest.raises(GradwalkError, match=r'not called with; did you mean "params"'):
            kinds_of(names, paths, ["param"])

    def test_what_never_carries_a_gradient_may_be_called_data_too(self):
        names, paths, labels = ["W", "x"], [("W",), ("batch", "x")], ("batch", "labels")
        assert kinds_of(names, paths, ["x", "labels"], [labels]) == {"W": Leaf.INPUT, "x": Leaf.DATA}
        with pytest.raises(GradwalkError, match="not called with"):
            kinds_of(names, paths, ["labels"])

    def test_labels_of_whole_numbers_are_named_as_data_beside_the_numbers_that_they_belong_to(self):
        def loss(W: Any, x: Any, labels: Any, scale: Any) -> Any:
            return scale * ((x @ W)[np.arange(len(labels)), labels]).sum()

        W, x, labels = np.ones((2, 2)), np.ones((3, 2)), np.array([0, 1, 1])
        graph = imported(loss, W, x, labels, 2, data=["x", "labels", "scale"]).scenario.graph
        assert not graph.carries_gradient[graph.find("x[0,0]")]
        graph = imported(loss, W, x, labels, 2, data="x").scenario.graph
        assert not graph.carries_gradient[graph.find("x[0,0]")]


SHAPES = {"W": (7, 5), "x": (300, 7), "y": (300,)}


def count(shapes: Any) -> int:
    assert shapes["x"][0] == shapes["y"][0], "the rows belong together"
    return 10 + shapes["x"][0] * 20


class TestLimit:
    def test_the_longest_slice_that_is_small_enough_is_proposed(self):
        with pytest.raises(TooManyScalars) as refused:
            check_count(SHAPES, count, most=1000)
        assert "about 6,010 scalars, and a walk has room for 1,000" in str(refused.value)
        assert "x[:49], y[:49], which make 990" in str(refused.value)
        check_count({**SHAPES, "x": (49, 7), "y": (49,)}, count, most=1000)

    def test_without_a_slice_that_would_do_smaller_arrays_are_asked_for(self):
        with pytest.raises(TooManyScalars, match="hand over smaller arrays"):
            check_count({"x": (3,)}, lambda shapes: 5000, most=1000)

    def test_a_recording_stops_before_there_is_no_room(self):
        recording = Recording(most=50)
        x = recording.given(np.ones((4, 5)), Leaf.INPUT, "x")
        y = recording.given(np.ones((5, 4)), Leaf.INPUT, "y")
        with pytest.raises(TooManyScalars, match="at least"):
            recording.apply("matmul", x, y)
        assert len(recording.tape) == 40


def sum_of_squares(*values: float) -> Graph:
    """Return the graph of Σ Wᵢ², with the gradient 2·W."""
    recording = Recording()
    W = recording.given(np.array([values]), Leaf.INPUT, "W")
    total = recording.apply("sum", recording.apply("square", W))
    return recording.tape.graph(int(recording.tape.arrays[total].entries))


class TestLimitOfNumPy:
    def test_a_slice_of_all_that_has_these_rows_is_proposed(self):
        def loss(W: Any, x: Any, labels: Any) -> Any:
            assert len(x) == len(labels)
            z = x @ W
            return (z * z).mean()

        W, x, labels = np.ones((100, 50)), np.ones((60_000, 100)), np.zeros(60_000, dtype=int)
        with pytest.raises(TooManyScalars) as refused:
            imported(loss, W, x, labels, data=["x"])
        found = re.search(r"x\[:(\d+)\], labels\[:\1\], which make ([\d,]+)", str(refused.value))
        assert found is not None
        rows, made = int(found[1]), int(found[2].replace(",", ""))
        graph = imported(loss, W, x[:rows], labels[:rows], data=["x"]).scenario.graph
        assert len(graph) == made <= 1_000_000
        assert made + made // rows > 1_000_000

    def test_a_count_of_pairs_of_rows_is_known_from_a_few(self):
        count = by_few_rows({"x": (90, 2), "W": (3, 2)}, lambda shapes: 5 + 2 * shapes["x"][0] + shapes["x"][0] ** 2)
        assert count({"x": (50, 2), "W": (3, 2)}) == 5 + 100 + 2500
        with pytest.raises(ValueError, match="no such polynomial"):
            by_few_rows({"x": (90,)}, lambda shapes: 2 ** shapes["x"][0])({"x": (50,)})


class TestComparison:
    def test_the_same_numbers_agree(self):
        theirs = LibraryResult(5.0, {"W": np.array([[2.0, -4.0 - 1e-15]])}, "their.grad")
        found = compared(sum_of_squares(1.0, -2.0), theirs)
        assert found.agrees
        assert found.worst is not None
        assert found.worst.entry == (0, 1)

    def test_another_number_is_found_with_its_place(self):
        found = compared(sum_of_squares(1.0, -2.0), LibraryResult(5.0, {"W": np.array([[2.0, 4.0]])}, "their.grad"))
        assert not found.agrees
        assert found.worst is not None
        assert (found.worst.name, found.worst.entry, found.worst.own, found.worst.theirs) == ("W", (0, 1), -4.0, 4.0)

    def test_a_number_that_only_one_of_them_has_is_a_difference(self):
        theirs = LibraryResult(5.0, {"W": np.array([[2.0, np.nan]])}, "their.grad")
        assert not compared(sum_of_squares(1.0, -2.0), theirs).agrees

    def test_what_the_output_does_not_need_has_the_gradient_zero(self):
        given = {"W": np.array([[2.0, -4.0]]), "b": np.zeros(3)}
        assert compared(sum_of_squares(1.0, -2.0), LibraryResult(5.0, given, "their.grad")).agrees

    def test_another_value_is_a_difference_though_the_gradients_are_the_same(self):
        found = compared(sum_of_squares(1.0, -2.0), LibraryResult(6.0, {"W": np.array([[2.0, -4.0]])}, "their.grad"))
        assert (found.gradients_agree, found.agrees, found.value_difference) == (True, False, 1.0)
        assert comparison_words(found) == "⚠ Its value is not that of their.grad: the walk has 5 and their.grad 6."

    def test_fewer_digits_are_told_apart_from_another_number(self):
        def theirs(gradient: float) -> LibraryResult:
            return LibraryResult(5.0, {"W": np.array([[2.0, gradient]])}, "their.grad", rounds=True)

        assert compared(sum_of_squares(1.0, -2.0), theirs(-4.00001)).agrees
        assert not compared(sum_of_squares(1.0, -2.0), theirs(-4.01)).agrees

    def test_a_corner_is_known(self):
        recording = Recording()
        x = recording.given(np.array([0.0, 1.0]), Leaf.INPUT, "x")
        total = recording.apply("sum", recording.apply("relu", x))
        graph = recording.tape.graph(int(recording.tape.arrays[total].entries))
        assert compared(graph, LibraryResult(1.0, {"x": np.array([0.5, 1.0])}, "their.grad")).at_corner
        assert not compared(sum_of_squares(0.0), LibraryResult(0.0, {"W": np.zeros((1, 1))}, "their.grad")).at_corner


class TestPlainFunctions:
    def test_arguments_are_leaves_by_the_names_of_the_parameters(self):
        graph = imported(lambda x, y: x * y + 1, 2.0, 3.0).scenario.graph
        assert [graph.label(node) for node in range(len(graph))] == ["x", "y", "1", "t1", "f"]

    def test_numpy_code_runs_on_arrays_of_scalars(self):
        def loss(W: Any, x: Any) -> Any:
            return np.sum(np.tanh(W @ x) ** 2)

        W, x = np.array([[0.1, 0.2], [0.3, -0.4]]), np.array([1.0, -2.0])
        found = imported(loss, W, x, data=["x"])
        graph = found.scenario.graph
        gradients = run(graph).backward.gradients
        hidden = np.tanh(W @ x)
        expected = np.outer(2 * hidden * (1 - hidden**2), x)
        assert [gradients[graph.find(f"W[{i},{j}]")] for i in range(2) for j in range(2)] == pytest.approx(
            expected.ravel()
        )
        assert found.comparison is None

    def test_nested_arguments_are_named_by_their_keys(self):
        def loss(params: Any) -> Any:
            return params["layers"][0] * params["layers"][1] + params["b"]

        graph = imported(loss, {"layers": [2.0, 3.0], "b": 1.0}).scenario.graph
        assert {graph.label(leaf) for leaf in range(graph.leaf_count)} == {"layers.0", "layers.1", "b"}

    @pytest.mark.parametrize(
        ("fn", "said"),
        [
            (lambda x: [x, x], "an array of the shape"),
            (lambda x: 3.0, "does not depend on what it is called with"),
            (lambda x: np.array([x, x]), "return its mean or its sum"),
        ],
    )
    def test_what_returns_no_single_number_is_refused(self, fn: Any, said: str):
        with pytest.raises(UntraceableFunction, match=said):
            imported(fn, 2.0)

    def test_what_is_no_function_is_refused(self):
        with pytest.raises(GradwalkError, match="walk takes a function"):
            imported(3.0)  # pyright: ignore[reportArgumentType]

    def test_what_the_function_raises_is_raised(self):
        with pytest.raises(ZeroDivisionError):
            imported(lambda x: 1 / 0, 2.0)


MODEL = """
import numpy as np

W = np.array([[1.0, 2.0]])

def loss(W, x=0.5, *more):
    return (W * x).sum()

def other(params, k):
    return params["W"].sum() * params["deep"][1] * k
"""


class TestFiles:
    @pytest.fixture
    def model(self, tmp_path: Path) -> Path:
        file = tmp_path / "model_of_a_test.py"
        file.write_text(MODEL)
        return file

    def test_a_function_is_found_by_its_name_or_because_it_is_the_loss(self, model: Path):
        assert function_in_file(f"{model}:other").name == "other"
        assert function_in_file(str(model)).name == "loss"

    def test_arguments_come_from_the_arrays_the_file_and_the_defaults(self, model: Path):
        loss = function_in_file(f"{model}:loss")
        assert loss.arguments({})[1] == 0.5
        np.testing.assert_array_equal(loss.arguments({})[0], [[1.0, 2.0]])
        assert loss.arguments({"W": 3.0, "x": 4.0}) == [3.0, 4.0]
        assert loss.arguments({"arr_1": 2.0, "arr_0": 1.0, "arr_2": 5.0}) == [1.0, 2.0, 5.0]

    def test_dotted_names_are_what_is_inside_of_an_argument(self, model: Path):
        other = function_in_file(f"{model}:other")
        given = {"params.W": np.ones(2), "params.deep.0": 1.0, "params/deep/1": 2.0, "k": 3.0}
        params, k = other.arguments(given)
        assert (params["deep"], k) == ([1.0, 2.0], 3.0)
        with pytest.raises(GradwalkError, match="other needs k; the arguments given are params"):
            other.arguments({"params": 1})

    def test_arrays_are_read_from_what_numpy_writes(self, tmp_path: Path):
        np.savez(tmp_path / "data.npz", W=np.eye(2), n=np.array(3), h=np.array(0.5))
        np.save(tmp_path / "one.npy", np.ones(3))
        found = arrays_in_file(tmp_path / "data.npz")
        assert (found["n"], found["h"]) == (3, 0.5)
        np.testing.assert_array_equal(found["W"], np.eye(2))
        np.testing.assert_array_equal(arrays_in_file(tmp_path / "one.npy")["arr_0"], np.ones(3))

    def test_a_file_that_is_none_of_arrays_is_refused_in_a_sentence(self, tmp_path: Path):
        (tmp_path / "data.npz").write_text("x")
        np.save(tmp_path / "objects.npy", np.array([None]), allow_pickle=True)
        for name, said in {
            "data.npz": "no file of arrays",
            "objects.npy": "no file of arrays",
            "no.npz": "no such",
        }.items():
            with pytest.raises(GradwalkError, match=said):
                arrays_in_file(tmp_path / name)

    @pytest.mark.parametrize(
        ("place", "said"),
        [
            ("no.py:loss", "there is no such file"),
            ("{}:los", 'did you mean "loss"'),
            ("{}:W", "W is no function"),
            ("{}:np.ndarray", "is a class"),
        ],
    )
    def test_what_is_not_there_is_said(self, model: Path, place: str, said: str):
        with pytest.raises(GradwalkError, match=said):
            function_in_file(place.format(model))

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("def f(:", "1: this is no Python"),
            ("import no_such_module_here", "1: the module no_such_module_here is not installed"),
            ("x = 1\ny = x / 0", "2: ZeroDivisionError: division by zero"),
            ("raise SystemExit", "ends the program"),
            ("def f(x): pass\ndef g(x): pass", "which function is to be walked"),
            ("x = 1", "this file defines no function"),
        ],
    )
    def test_a_file_that_cannot_be_run_is_one_sentence_with_its_line(self, tmp_path: Path, text: str, said: str):
        file = tmp_path / "broken_of_a_test.py"
        file.write_text(text)
        with pytest.raises(GradwalkError, match=said):
            function_in_file(str(file))

    def test_what_a_function_raises_is_one_sentence(self):
        with pytest.raises(GradwalkError, match=r"KeyError: 'W'"), users_errors(Path("model.py")):
            raise KeyError("W")

    def test_values_are_numbers_and_lists(self):
        assert number_or_array("x", "2") == 2.0
        np.testing.assert_array_equal(number_or_array("x", "[[1, 2]]"), [[1.0, 2.0]])
        with pytest.raises(GradwalkError, match="x=two is no number"):
            number_or_array("x", "two")


class TestSourceLines:
    def test_the_users_frame_is_the_innermost_that_is_not_installed(self, tmp_path: Path):
        own, library = Frame(str(tmp_path / "model.py"), 3, "loss"), Frame(np.__file__, 1, "sum")
        assert is_installed(np.__file__)
        assert users_frame([library, own]) == own
        assert users_frame([library]) is None

    def test_a_line_has_its_text(self, tmp_path: Path):
        file = tmp_path / "model.py"
        file.write_text("def loss(x):\n    return x * x\n")
        line = source_line(Frame(str(file), 2, "loss"))
        assert (line.number, line.text, line.function) == (2, "return x * x", "loss")

    def test_a_step_knows_the_line_of_its_operation(self):
        recording = Recording()
        x = recording.given(np.array([2.0, 3.0]), Leaf.INPUT, "x")
        recording.source = source_line(Frame("model.py", 7, "loss"))
        squares = recording.apply("square", x)
        recording.source = source_line(Frame("model.py", 8, "loss"))
        total = recording.apply("sum", squares)
        graph = recording.tape.graph(int(recording.tape.arrays[total].entries))
        trace = Trace(graph)
        lines = [trace.step(number).source for number in range(1, trace.total + 1)]
        assert [line.number for line in lines if line] == [7, 7, 8, 8, 8, 8, 7, 7]


def test_an_unknown_operation_is_named_with_its_line_and_what_to_do():
    error = UnknownOperation("JAX", "lu", source_line(Frame(__file__, 1, "loss")))
    assert "test_importing.py:1: JAX's operation lu has no expansion to scalars; write it with" in str(error)
