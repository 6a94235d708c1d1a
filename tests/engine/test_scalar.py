"""A scalar in the hands of somebody who writes Python: it never cuts the graph without a word."""

from __future__ import annotations

import cmath
import copy
import fractions
import math
import operator
import statistics
import subprocess
import sys

import numpy as np
import pytest
from gradwalk.engine.errors import CutGraphError, GradwalkError, GraphError
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.run.plan import run
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.value import Value
from gradwalk.engine.walk.trace import Trace


class TestNothingCutsTheGraphSilently:
    @pytest.mark.parametrize(
        "use",
        [
            float, int, bool, complex, round, operator.index, range, math.trunc, math.floor, math.ceil, math.log,
            math.exp, math.sqrt, math.sin, math.isnan, cmath.exp, np.float64, Scalar, lambda x: round(x, 2),
            lambda x: "abc"[x], lambda x: math.pow(x, 2), lambda x: x and 1, lambda x: not x,
            lambda x: math.log(x, 10), lambda x: np.array([x], dtype=float), lambda x: Scalar(1.0).grad(x),
        ],
    )  # fmt: skip
    def test_whatever_wants_a_plain_number_is_told_what_to_write(self, use):
        x = Scalar(2.0, "x")
        with pytest.raises(CutGraphError) as raised:
            use(x)
        assert isinstance(raised.value, GradwalkError)
        assert isinstance(raised.value, TypeError)
        assert any(written in str(raised.value) for written in ("x.value", "x > 0"))

    def test_a_function_of_math_is_answered_with_the_method_that_records_it(self):
        a, b = Scalar(2.0, "a"), Scalar(math.e, "b")
        scalars = [a, b]
        for use, said in (
            (lambda: math.log(b), "math.log(b) would cut the graph here: write b.ln() or numpy.log(b); math.log(b.v"),
            (lambda: math.exp(a * b), "write (a * b).exp() or numpy.exp(a * b); math.exp((a * b).value) is the"),
            (lambda: 1 / (a + math.sqrt(scalars[1])), "math.sqrt(scalars[1]) would cut the graph here: write scalars"),
            (lambda: math.log1p(a), "write (1 + a).ln()"),
            (lambda: math.fabs(a), "write abs(a)"),
            (lambda: math.pow(a, 3), "write a ** 3;"),
            (lambda: math.hypot(a, b), "write (a ** 2 + b ** 2).sqrt()"),
            (lambda: math.fsum(scalars), "write sum(scalars)"),
            (lambda: statistics.fmean([a, b]), "write sum([a, b]) / len([a, b])"),
            (lambda: math.atan2(a, b), "gradwalk has no rule for atan2"),
            (lambda: round(a * b, 3), "write round((a * b).value, 3) for"),
            (lambda: range(a), "write range(int(a.value)) for"),
            (lambda: "%.2f" % b, 'write f"{b:.4f}", or b.value'),  # noqa: UP031
            (lambda: np.array(scalars, dtype=float), "write dtype=object"),
            (lambda: np.array(scalars).astype(float), "write dtype=object"),
            (lambda: np.arctan(b), "gradwalk has no rule for numpy.arctan: write numpy.arctan(b.value)"),
            (lambda: np.isnan(b), "write numpy.isnan(b.value)"),
            (lambda: a % 2, "gradwalk has no rule for %"),
            (lambda: divmod(a, 2), "divmod(a.value, n) gives the plain numbers"),
        ):  # fmt: skip
            with pytest.raises(CutGraphError) as raised:
                use()
            assert said in str(raised.value)
            assert "\n" not in str(raised.value)

    @pytest.mark.parametrize("call", ["float(b)", "math.log(b)"])
    def test_where_python_keeps_no_source_the_sentence_names_the_alternatives(self, call: str):
        code = f"import math; from gradwalk.engine.scalar import Scalar; b = Scalar(2.0, 'b'); {call}"
        printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr
        if sys.version_info < (3, 13):
            assert "float(b) would cut the graph here: use b.ln(), b.exp(), b.sqrt() and the like" in printed
        assert "b.value" in printed

    def test_a_scalar_of_a_scalar_is_refused_where_it_is_written(self):
        b = Scalar(2.0, "b")
        with pytest.raises(CutGraphError, match=r"^Scalar\(b\) would cut the graph here: "):
            Scalar(b)  # pyright: ignore[reportArgumentType]

    def test_an_array_of_plain_numbers_takes_none_and_says_so(self):
        x, plain = Scalar(2.0, "x"), np.zeros(3)

        def store():
            plain[0] = x

        def add():
            nonlocal plain
            plain += x

        def add_at():
            np.add.at(plain, 0, x)

        added = "write a = a + x in place"
        for use, said in ((store, "make plain with dtype=object, or write x.value"), (add, added), (add_at, added)):
            with pytest.raises(CutGraphError, match="an array of plain numbers cannot hold x") as raised:
                use()
            assert said in str(raised.value)
        assert plain.tolist() == [0, 0, 0]
        recorded = np.zeros(2, dtype=object)
        np.add.at(recorded, [1, 1], x)
        assert recorded[1].grad() == {"x": 2.0}

    @pytest.mark.parametrize("made_of", ["2", [2.0], None, np.array([1.0, 2.0]), 1j])
    def test_what_is_no_number_makes_no_scalar(self, made_of):
        with pytest.raises(GradwalkError, match="a Scalar is made of one number, and this is a ") as raised:
            Scalar(made_of)
        assert ("gradwalk.scalars" in str(raised.value)) == isinstance(made_of, list | np.ndarray)

    def test_another_way_of_recording_is_refused(self):
        x, v = Scalar(2.0, "x"), Value(2.0)
        for mixed, said in ((lambda: x * v, "a Scalar and a Value"), (lambda: v + x, "a Value and a Scalar")):
            with pytest.raises(GraphError, match=f"{said} cannot be in one graph"):
                mixed()

    @pytest.mark.torch
    @pytest.mark.thorough
    def test_tensors_of_pytorch_are_recorded_elsewhere(self):
        tensor = pytest.importorskip("torch").tensor([1.0, 2.0])
        for x in (Scalar(2.0, "x"), Value(2.0, label="x")):
            for use in (lambda x=x: tensor * x, lambda x=x: x * tensor, lambda x=x: tensor - x, lambda x=x: x + tensor):
                with pytest.raises(CutGraphError, match="PyTorch computes with is not recorded together with x"):
                    use()
        with pytest.raises(GradwalkError, match=r"this is a Tensor: write Scalar\(x\.item\(\)\)"):
            Scalar(tensor.sum())

    @pytest.mark.jax
    @pytest.mark.thorough
    def test_arrays_of_jax_are_recorded_elsewhere(self):
        x, array = Scalar(2.0, "x"), pytest.importorskip("jax.numpy").ones(2)
        for use in (lambda: array * x, lambda: x * array, lambda: array / x):
            with pytest.raises(CutGraphError, match=r"write walk\(f, \.\.\.\) with a function f for JAX"):
                use()

    def test_a_name_is_a_text(self):
        for name in (3, Scalar(1.0)):
            with pytest.raises(GradwalkError, match="the name of a Scalar is a text"):
                Scalar(2.0, name)  # pyright: ignore[reportArgumentType]

    def test_a_copy_is_the_same_variable(self):
        x = Scalar(2.0, "x")
        twice = copy.deepcopy([x, x])
        assert twice[0] is copy.copy(x) is x
        assert (twice[0] * twice[1]).grad(1) == {"x": 4.0}

    def test_a_name_of_another_library_that_it_lacks_is_answered_with_its_own(self):
        loss = Scalar(2.0, "loss")
        with pytest.raises(AttributeError, match=r"no \.backward: loss\.grad\(\) gives its gradients by name"):
            loss.backward()
        with pytest.raises(AttributeError, match=r"^a Scalar has no \.anything$"):
            _ = loss.anything

    def test_text_is_made_of_the_value(self):
        x = Scalar(2.0, "x")
        assert f"{x:.2f} {x / 3:8.3e}" == "2.00 6.667e-01"
        assert f"{x}" == "Scalar(2.0, 'x')"

    def test_functions_of_numpy_that_it_has_are_recorded(self):
        x = Scalar(0.5, "x")
        assert np.exp(np.array([x, x])).sum().grad(1) == {"x": pytest.approx(2 * math.exp(0.5))}
        assert (np.float64(3) * x).grad(1) == {"x": 3.0}


class TestNamesThatOthersType:
    """NumPy's, PyTorch's and micrograd's, each against NumPy's own number and a difference quotient of it."""

    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [
            (Scalar.log, np.log), (Scalar.log2, np.log2), (Scalar.log10, np.log10), (Scalar.log1p, np.log1p),
            (Scalar.exp2, np.exp2), (Scalar.expm1, np.expm1), (Scalar.sinh, np.sinh), (Scalar.cosh, np.cosh),
            (Scalar.cbrt, np.cbrt),
            (Scalar.rsqrt, lambda x: 1 / np.sqrt(x)), (Scalar.abs, np.abs), (Scalar.neg, np.negative),
            (lambda x: x.pow(3), lambda x: x**3), (lambda x: x.clip(0.5, 1), lambda x: np.clip(x, 0.5, 1)),
            (lambda x: x.clamp(min=0.9), lambda x: np.maximum(x, 0.9)), (lambda x: x.max(0.5, 0.2), lambda x: x),
            (lambda x: x.min(0.5) + x.minimum(0.9), lambda x: 0.5 + x), (lambda x: x.sign() * x.step(), np.sign),
        ],
    )  # fmt: skip
    def test_methods(self, ours, theirs):
        self.compare(ours, theirs)

    @pytest.mark.parametrize(
        "function",
        [
            np.log, np.log2, np.log10, np.log1p, np.exp, np.exp2, np.expm1, np.sqrt, np.square, np.reciprocal, np.sin,
            np.cos, np.tan, np.sinh, np.cosh, np.cbrt, np.tanh, np.abs, np.fabs, np.negative, np.sign, np.deg2rad,
            lambda x: np.maximum(x, 0.2), lambda x: np.minimum(0.9, x), lambda x: np.clip(x, 0.1, 0.6),
            lambda x: np.logaddexp(x, 1.5), lambda x: np.hypot(3, x), lambda x: np.power(x, x), np.max, np.sum, np.mean,
            lambda x: np.add(x, np.array([1.0, 2.0])).sum(), lambda x: np.float32(3) * x + x * np.int64(2),
            lambda x: np.var(np.array([x, 2 * x, 1.0])), lambda x: np.where(x > 0, x * x, 1.0) * 2,
            lambda x: fractions.Fraction(1, 4) * x, lambda x: x * np.True_ + np.array(2.0) / x,
            lambda x: np.array([x, 2.0]) @ np.array([x, x]), lambda x: np.maximum.reduce([x / 2, x]),
        ],
    )  # fmt: skip
    def test_functions_of_numpy(self, function):
        self.compare(function, function)

    def compare(self, ours, theirs):
        x, at, h = Scalar(0.7, "x"), np.float64(0.7), 1e-6
        result = ours(x)
        assert isinstance(result, Scalar)
        assert result.value == pytest.approx(float(theirs(at)), rel=1e-14)
        slope = (theirs(at + h) - theirs(at - h)) / (2 * h)
        assert result.grad(1)["x"] == pytest.approx(float(slope), rel=1e-8, abs=1e-9)

    def test_the_plain_number_has_the_names_of_all(self):
        x = Scalar(2.0, "x")
        assert x.value == x.item() == x.data == 2.0

    def test_detaching_ends_the_gradient_by_name(self):
        x = Scalar(2.0, "x")
        assert (x * x.detach()).grad(1) == {"x": 2.0}

    def test_another_kind_of_array_answers_for_itself(self):
        class Other:
            def __array_ufunc__(self, ufunc, method, *inputs, **options):
                return ufunc.__name__

        assert np.multiply(Scalar(2.0), Other()) == "multiply"


class TestComparing:
    def test_picks_a_branch_by_value(self):
        x, y = Scalar(2.0, "x"), Scalar(3.0, "y")
        assert [x < y, x <= 2, x > y, x >= 2.5, y > 2, x >= 3] == [True, True, False, False, True, False]
        assert all(type(answer) is bool for answer in (x < y, x >= 1))
        assert max(x, y) is y
        assert sorted([y, x]) == [x, y]

    def test_nothing_is_less_or_more_than_what_is_undefined(self):
        x = Scalar(math.nan)
        assert not any([x < 1, x >= 1, x == x.value])

    def test_a_number_equals_a_scalar_of_its_value_and_a_scalar_only_itself(self):
        x, y = Scalar(2.0, "x"), Scalar(2.0, "y")
        assert x == 2
        assert x == 2.0
        assert x != 3
        assert x == x
        assert x != y
        assert len({x, y, x}) == 2
        assert x.value == y.value
        assert x != "2.0"

    def test_a_set_holds_nodes_and_not_their_values(self):
        x, y = Scalar(2.0, "x"), Scalar(2.0, "y")
        names = {x: "x", y: "y"}
        assert (names[x], names[y]) == ("x", "y")
        assert 2.0 not in names
        assert 2.0 in {node.value for node in names}

    def test_text_has_no_order(self):
        with pytest.raises(TypeError):
            operator.lt(Scalar(2.0), "3")


class TestOneName:
    def test_for_two_values_is_refused_by_the_gradient_and_by_the_graph(self):
        total = sum(Scalar(value, "w") ** 2 for value in (1.0, 10.0, 100.0))
        assert isinstance(total, Scalar)
        for ask in (total.grad, total.graph):
            with pytest.raises(GraphError) as raised:
                ask()
            assert str(raised.value).startswith('3 nodes are called "w", with the values 1.0, 10.0, 100.0: ')

    def test_for_one_value_is_one_variable_in_the_gradient_and_in_the_walk(self):
        product = Scalar(3.0, "w") * Scalar(3.0, "w") + 2
        assert product.grad(1) == {"w": 6.0}
        trace = Trace(product.graph())
        assert trace.graph.leaf_count == 2
        assert len(trace.gradient_steps(trace.graph.find("w"))) == 2
        assert trace.state(trace.total).gradient(trace.graph.find("w")) == 6.0

    def test_for_zeros_of_two_signs_is_for_two_values(self):
        with pytest.raises(GraphError, match=r"0\.0, -0\.0"):
            (1 / Scalar(0.0, "x") + 1 / Scalar(-0.0, "x")).grad(1)

    def test_for_a_leaf_and_an_operation_is_refused(self):
        x = Scalar(2.0, "x")
        with pytest.raises(GraphError, match='2 nodes are called "x"'):
            (x * 0.5).named("x").square().graph()

    def test_that_is_not_needed_does_not_matter(self):
        x, _ = Scalar(2.0, "x"), Scalar(3.0, "x")
        assert x.square().grad(1) == {"x": 4.0}
        assert len(x.square().graph()) == 2

    def test_of_a_block_counts_too(self):
        tape = Tape()
        block = tape.leaves([1.0, 2.0], -1, "x")  # pyright: ignore[reportArgumentType]
        again = Scalar(2.0, "x[2]", tape=tape)
        assert (again * again.apply("sum", again)).grad(1) == {"x[2]": 4.0}
        total = tape.fold([*block, again.node])
        assert run(tape.graph(total)).backward.gradients[:2].tolist() == [1.0, 2.0]
        other = tape.fold([*block, Scalar(7.0, "x[1]", tape=tape).node])
        with pytest.raises(GraphError, match=r'"x\[1\]", with the values 1\.0, 7\.0'):
            tape.graph(other)
        twice = tape.fold([*block, *tape.leaves([1.0, 5.0], -1, "x")])  # pyright: ignore[reportArgumentType]
        with pytest.raises(GraphError, match=r'"x\[2\]", with the values 2\.0, 5\.0'):
            tape.graph(twice)

    def test_given_to_a_node_is_what_the_walk_calls_it(self):
        a = Scalar(2.0, "a")
        p = (a * a).named("p")
        assert (p.name, a.name) == ("p", "a")
        graph = (p + 1).graph()
        assert graph.expression(graph.output) == "p + 1"


class TestUndefined:
    """What a walk calls undefined is nan in the gradient, for every leaf."""

    @pytest.mark.parametrize(
        "function",
        [
            lambda z, y: z.ln(),
            lambda z, y: z * 2 + z.ln(),
            lambda z, y: y + 1 / (z + 1),
            lambda z, y: (z * -1000).exp() * y,
            lambda z, y: y / (z * -1000).exp(),
            lambda z, y: y + z**0.5,
            lambda z, y: (z + 1).sqrt() + y,
        ],
    )
    def test_is_nan_as_in_the_walk(self, function):
        result = function(Scalar(-1.0, "z"), Scalar(2.0, "y"))
        partials, trace = result.grad(1), Trace(result.graph())
        end = trace.state(trace.total)
        assert math.isnan(partials["z"])
        for name, partial in partials.items():
            assert math.isnan(partial) == end.gradient_undefined(trace.graph.find(name))

    def test_is_one_gradient_where_only_that_overflows(self):
        x, y = Scalar(0.0, "x"), Scalar(3.0, "y")
        partials = (x.sqrt() * y + y).grad(1)
        assert math.isnan(partials["x"])
        assert partials["y"] == 1.0
