"""Every entry of the op table, whatever it is, against finite differences and against HIPS autograd.

A new op needs no edit here: its sampling points come from `defined_at`. Where autograd knows the function
it joins as a second judge.
"""

import itertools
import math
import re

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.language.parser import parse
from gradwalk.engine.rules.formula import Formula, Name, formula_of
from gradwalk.engine.rules.ops import CODES, N_ARY, OPS, Op, evaluate
from gradwalk.engine.rules.printers.unicode import NOTATION as UNICODE
from gradwalk.engine.run.loop import Loop
from gradwalk.engine.run.plan import Plan, run
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.walk.trace import Trace

FIRST = (-2.7, -1.3, -0.4, 0.3, 0.9, 1.7, 3.1)
SECOND = (-2.0, -0.6, 0.7, 2.3, 3.0)
LONG = ((0.7,), (1.2, -0.4, 3.3), (0.5, 0.25, -2.0, 8.0, 1.0))

AUTOGRAD = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda x: -x,
    "reciprocal": lambda x: 1.0 / x,
    "pow": anp.power,
    "square": anp.square,
    "sqrt": anp.sqrt,
    "exp": anp.exp,
    "ln": anp.log,
    "sin": anp.sin,
    "cos": anp.cos,
    "tan": anp.tan,
    "tanh": anp.tanh,
    "sigmoid": lambda x: 1.0 / (1.0 + anp.exp(-x)),
    "relu": lambda x: anp.maximum(x, 0.0),
    "softplus": lambda x: anp.logaddexp(0.0, x),
    "abs": anp.abs,
    "min": anp.minimum,
    "max": anp.maximum,
    "sum": lambda *xs: anp.sum(anp.array(xs)),
    "mean": lambda *xs: anp.mean(anp.array(xs)),
    "step": lambda x: (anp.sign(x) + 1) / 2,
    "sign": anp.sign,
}

each_op = pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)


def points(op: Op) -> list[tuple[float, ...]]:
    """Sampling points inside the domain, away from every corner."""
    candidates = {1: [(x,) for x in FIRST], 2: list(itertools.product(FIRST, SECOND)), N_ARY: list(LONG)}[op.arity]
    return [point for point in candidates if op.defined_at(*point)]


def moved(point: tuple[float, ...], position: int, distance: float) -> tuple[float, ...]:
    return (*point[:position], point[position] + distance, *point[position + 1 :])


def local_derivatives(op: Op, point: tuple[float, ...]) -> list[float]:
    out = evaluate(op.forward, *point)
    return [evaluate(op.partial(position), *point, out=out) for position in range(len(point))]


@each_op
class TestEveryOp:
    def test_has_points_to_be_tested_at(self, op: Op):
        assert len(points(op)) >= 3

    def test_has_a_partial_for_every_operand(self, op: Op):
        assert len(op.partials) == (1 if op.arity is N_ARY else op.arity)

    def test_says_its_domain_where_it_has_one(self, op: Op):
        limited = not all(op.defined_at(*point) for point in itertools.product((-1.5, 0.0, 2.0), repeat=op.arity or 3))
        assert limited == bool(op.domain)

    def test_agrees_with_central_differences(self, op: Op):
        compared = 0
        for point in points(op):
            for position, derivative in enumerate(local_derivatives(op, point)):
                h = 1e-5 * max(1.0, abs(point[position]))
                above, below = moved(point, position, h), moved(point, position, -h)
                if op.defined_at(*above) and op.defined_at(*below):
                    difference = (evaluate(op.forward, *above) - evaluate(op.forward, *below)) / (2 * h)
                    assert derivative == pytest.approx(difference, rel=1e-6, abs=1e-7), (point, position)
                    compared += 1
        assert compared >= 3

    @pytest.mark.filterwarnings("ignore:Output seems independent of input")
    def test_agrees_with_autograd(self, op: Op):
        if op.name not in AUTOGRAD:
            pytest.skip(f"autograd has no {op.name}; finite differences judge it")
        judge = AUTOGRAD[op.name]
        for point in points(op):
            assert evaluate(op.forward, *point) == pytest.approx(float(judge(*point)), rel=1e-12)
            for position, derivative in enumerate(local_derivatives(op, point)):
                if op.name == "pow" and position == 1 and point[0] < 0:
                    assert math.isnan(derivative)  # between whole exponents there is no power to differ from
                    continue
                expected = float(autograd.grad(judge, position)(*point))
                assert derivative == pytest.approx(expected, rel=1e-10, abs=1e-14), (point, position)

    def test_reads_arrays_as_it_reads_floats(self, op: Op):
        for group in {len(point): [p for p in points(op) if len(p) == len(point)] for point in points(op)}.values():
            columns = [np.array(column) for column in zip(*group, strict=True)]
            out = op.forward(*columns)
            assert np.allclose(out, [evaluate(op.forward, *point) for point in group], rtol=1e-14, atol=0)
            for position in range(len(columns)):
                with np.errstate(invalid="ignore"):
                    derivatives = np.broadcast_to(op.partial(position)(*columns, out=out), out.shape)
                expected = [local_derivatives(op, point)[position] for point in group]
                assert np.allclose(derivatives, expected, rtol=1e-14, atol=1e-16, equal_nan=True)

    def test_records_itself_on_scalars(self, op: Op):
        for point in points(op):
            tape = Tape()
            operands = [Scalar(value, tape=tape) for value in point]
            out = op.forward(*operands)
            assert out.value == pytest.approx(evaluate(op.forward, *point), rel=1e-14)
            for position, derivative in enumerate(local_derivatives(op, point)):
                recorded = op.partial(position)(*operands, out=out)
                number = recorded.value if isinstance(recorded, Scalar) else recorded
                assert number == pytest.approx(derivative, rel=1e-14, abs=1e-16, nan_ok=True)

    def test_prints_the_formula_that_it_computes(self, op: Op):
        names = [f"x{position}" for position in range(5)]
        for point in points(op):
            symbols = [Name(name) for name in names[: len(point)]]
            out = evaluate(op.forward, *point)
            known = {**dict(zip(names, point, strict=False)), "r": out}
            assert read_back(UNICODE.formula(formula_of(op.forward(*symbols))), known) == pytest.approx(out, rel=1e-12)
            for position, derivative in enumerate(local_derivatives(op, point)):
                formula = UNICODE.formula(formula_of(op.partial(position)(*symbols, out=Name("r"))))
                read = read_back(formula, known)
                assert read == pytest.approx(derivative, rel=1e-12, abs=1e-15, nan_ok=True), formula

    def test_prints_the_numbers_put_in_so_that_they_can_be_computed(self, op: Op):
        for point in points(op):
            symbols = [in_full(value) for value in point]
            out = evaluate(op.forward, *point)
            assert read_back(UNICODE.formula(formula_of(op.forward(*symbols))), {}) == pytest.approx(out, rel=1e-12)
            for position, derivative in enumerate(local_derivatives(op, point)):
                formula = UNICODE.formula(formula_of(op.partial(position)(*symbols, out=in_full(out))))
                assert read_back(formula, {}) == pytest.approx(derivative, rel=1e-12, abs=1e-15, nan_ok=True), formula


def in_full(number: float) -> Formula:
    return -Name(repr(-number)) if number < 0 else Name(repr(number))


def read_back(formula: str, known: dict[str, float]) -> float:
    """Compute a printed formula with our own parser; |x| and √π are the notations that it does not read."""
    tape = Tape()
    nodes = {name: tape.leaf(value, Leaf.INPUT, name) for name, value in known.items()}
    return tape.values[parse(re.sub(r"\|(.+)\|", r"abs(\1)", formula).replace("√π", "sqrt(π)")).record(tape, nodes)]


def value(name: str, *operands: float) -> float:
    return evaluate(OPS[CODES[name]].forward, *operands)


def slopes(name: str, *operands: float) -> list[float]:
    return local_derivatives(OPS[CODES[name]], operands)


class TestCorners:
    """Where a function has a corner the rules choose, and these are their choices."""

    def test_relu_and_abs_are_flat_at_0(self):
        assert slopes("relu", 0.0) == [0.0]
        assert slopes("abs", 0.0) == [0.0]
        assert slopes("relu", -0.0) == slopes("abs", -0.0) == [0.0]

    def test_equal_operands_of_min_and_max_share_evenly(self):
        assert slopes("max", 2.0, 2.0) == [0.5, 0.5]
        assert slopes("min", 2.0, 2.0) == [0.5, 0.5]

    @pytest.mark.parametrize("expression", ["max(x, 0)", "max(0, x)", "relu(x)", "min(max(x, 0), 1)", "max(x, 2 - 2)"])
    def test_relu_by_any_name_is_flat_at_0(self, expression: str):
        assert slope_at(0.0, expression) == 0.0

    @pytest.mark.parametrize("expression", ["min(x, 0)", "min(0, x)", "-relu(-x)", "max(min(x, 0), -1)"])
    def test_so_is_its_mirror_image(self, expression: str):
        assert slope_at(0.0, expression) == 0.0

    @pytest.mark.parametrize("expression", ["max(3, x)", "max(x, 3)", "-min(-x, -3)"])
    def test_beside_the_corner_a_maximum_with_a_constant_has_the_slope_of_its_side(self, expression: str):
        assert slope_at(3.5, expression) == 1.0
        assert slope_at(2.5, expression) == 0.0

    def test_a_maximum_with_a_data_point_is_one_with_a_constant(self):
        tape = Tape()
        x, y = tape.leaf(2.0, Leaf.INPUT, "x"), tape.leaf(2.0, Leaf.DATA, "y")
        graph = tape.graph(tape.operation(CODES["max"], [y, x]))
        for found in (run(graph).backward, Plan(graph)):
            if isinstance(found, Plan):
                found.run()
            assert found.gradients[:2].tolist() == [0.0, 0.0]
        assert Trace(graph).step(3).factor.local_formula == "step(x - y)"

    @pytest.mark.parametrize("kind", [Leaf.INPUT, Leaf.CONSTANT])
    def test_loop_and_plan_choose_alike(self, kind: Leaf):
        tape = Tape()
        x, y = tape.leaves(np.zeros(30), Leaf.INPUT, "x"), tape.leaf(0.0, kind, "y")
        graph = tape.graph(tape.fold(tape.operations(CODES["max"], x, y)))
        planned, looped = Plan(graph), Loop(graph)
        for way in (planned, looped):
            way.run()
            assert way.gradients[x].tolist() == [0.5 if kind is Leaf.INPUT else 0.0] * 30
        assert np.array_equal(planned.record().backward.locals, looped.record().backward.locals)

    def test_the_slope_of_a_maximum_with_a_constant_can_itself_be_differentiated(self):
        rule = OPS[CODES["max"]].partial(0, alone=True)
        x = Scalar(1.5, "x", tape=Tape())
        slope = rule(x, 1.0, out=OPS[CODES["max"]].forward(x, 1.0))
        assert (slope.value, slope.grad(1)) == (1.0, {"x": 0.0})

    def test_otherwise_min_and_max_give_all_to_one(self):
        assert slopes("max", 2.0, 5.0) == [0.0, 1.0]
        assert slopes("min", 2.0, 5.0) == [1.0, 0.0]
        assert slopes("max", 1e308, -1e308) == [1.0, 0.0]
        assert slopes("min", 5e-324, 0.0) == [0.0, 1.0]

    def test_step_and_sign_are_flat_in_their_jump_too(self):
        assert slopes("step", 0.0) == slopes("sign", 0.0) == [0.0]
        assert value("step", 0.0) == value("sign", 0.0) == 0.0


AROUND_A_CORNER = (-1.0, 0.0, 0.5, 1.0, 2.0)


@each_op
class TestCornersOfEveryOp:
    """The one-sided slopes are limits of difference quotients, so that is what they are compared with."""

    def test_the_slopes_on_both_sides_are_the_limits_that_they_are_said_to_be(self, op: Op):
        for point in itertools.product(AROUND_A_CORNER, repeat=op.arity or 3):
            for position in range(len(point)):
                near = (*(moved(point, position, h) for h in (-NEAR, NEAR)), point)
                if not all(op.defined_at(*operands) for operands in near) or (op.name == "pow" and position == 1):
                    continue
                left, right = one_sided(op, point, position, NEAR)
                corner = op.corner(position, point)
                if corner is None:
                    assert left == pytest.approx(right, abs=1e-4)
                    continue
                for said, found, closer in zip(
                    corner, (left, right), one_sided(op, point, position, NEAR / 2), strict=True
                ):
                    assert found == said or (math.isinf(said) and closer == 2 * found)

    def test_the_slope_that_is_taken_lies_between_them(self, op: Op):
        for point in itertools.product(AROUND_A_CORNER, repeat=op.arity or 3):
            for position in range(len(point)):
                if (corner := op.corner(position, point)) is not None:
                    assert corner[0] != corner[1] or corner == (math.inf, math.inf)
                    for alone in (False, True):
                        taken = evaluate(op.partial(position, alone=alone), *point, out=value(op.name, *point))
                        assert min(corner) <= taken <= max(corner) or min(corner) == math.inf

    def test_there_is_none_for_an_operand_that_it_does_not_have(self, op: Op):
        with pytest.raises(IndexError):
            op.corner(1, [0.0])


NEAR = 2.0**-20


def one_sided(op: Op, point: tuple[float, ...], position: int, h: float) -> tuple[float, float]:
    """Return the difference quotients to the left and to the right."""
    here, left, right = (value(op.name, *moved(point, position, distance)) for distance in (0.0, -h, h))
    return (here - left) / h, (right - here) / h


def slope_at(x: float, expression: str) -> float:
    tape = Tape()
    node = parse(expression).record(tape, {"x": tape.leaf(x, Leaf.INPUT, "x")})
    graph = tape.graph(node)
    return run(graph).backward.gradients.item(graph.find("x"))


class TestPowersAtZero:
    @pytest.mark.parametrize(
        ("exponent", "power", "slope"), [(0.0, 1.0, 0.0), (1.0, 0.0, 1.0), (2.0, 0.0, 0.0), (5.0, 0.0, 0.0)]
    )
    def test_whole_exponents_have_the_slopes_of_polynomials(self, exponent: float, power: float, slope: float):
        assert value("pow", 0.0, exponent) == power
        assert slopes("pow", 0.0, exponent)[0] == slope

    def test_a_root_is_infinitely_steep(self):
        assert slopes("pow", 0.0, 0.5)[0] == math.inf
        assert slopes("sqrt", 0.0) == [math.inf]

    def test_a_positive_exponent_does_not_matter_to_zero(self):
        assert slopes("pow", 0.0, 2.0)[1] == 0.0

    def test_zero_to_the_zero_has_no_slope_by_the_exponent(self):
        assert not math.isfinite(slopes("pow", 0.0, 0.0)[1])

    def test_arrays_agree(self):
        op = OPS[CODES["pow"]]
        x, n = np.zeros(4), np.array([0.0, 1.0, 2.0, 0.5])
        with np.errstate(all="ignore"):
            out = op.forward(x, n)
            by_x, by_n = (rule(x, n, out=out) for rule in op.partials)
        assert by_x.tolist() == [0.0, 1.0, 0.0, math.inf]
        assert by_n.tolist() == [-math.inf, 0.0, 0.0, 0.0]

    def test_a_negative_base_takes_whole_exponents_only(self):
        defined = OPS[CODES["pow"]].defined_at
        assert defined(-2.0, 3.0)
        assert defined(-2.0, -3.0)
        assert not defined(-2.0, 0.5)
        assert not defined(0.0, -1.0)
        assert math.isnan(value("pow", -2.0, 0.5))


class TestTheEdgesOfFloats:
    """Python raises where IEEE 754 has an answer; a walk shows the answer."""

    @pytest.mark.parametrize(
        ("name", "operands", "expected"),
        [
            ("reciprocal", (0.0,), math.inf),
            ("reciprocal", (-0.0,), -math.inf),
            ("div", (1.0, 0.0), math.inf),
            ("div", (-1.0, 0.0), -math.inf),
            ("exp", (1000.0,), math.inf),
            ("exp", (-1000.0,), 0.0),
            ("pow", (10.0, 400.0), math.inf),
            ("pow", (0.0, -2.0), math.inf),
            ("square", (1e200,), math.inf),
            ("ln", (0.0,), -math.inf),
            ("sigmoid", (-1000.0,), 0.0),
            ("sigmoid", (1000.0,), 1.0),
            ("softplus", (1000.0,), 1000.0),
            ("softplus", (-1000.0,), 0.0),
            ("tanh", (1000.0,), 1.0),
        ],
    )
    def test_limits(self, name: str, operands: tuple[float, ...], expected: float):
        assert value(name, *operands) == expected

    @pytest.mark.parametrize(
        ("name", "operands"),
        [("div", (0.0, 0.0)), ("ln", (-1.0,)), ("sqrt", (-1.0,)), ("sin", (math.inf,)), ("pow", (-8.0, 1 / 3))],
    )
    def test_no_value(self, name: str, operands: tuple[float, ...]):
        assert math.isnan(value(name, *operands))

    @pytest.mark.parametrize("op", [op for op in OPS if op.name != "pow"], ids=lambda op: op.name)  # nan⁰ is 1
    def test_what_is_undefined_stays_so(self, op: Op):
        for operands in ((math.nan, 2.0, 3.0), (2.0, math.nan, 3.0))[: op.arity or 2]:
            assert math.isnan(evaluate(op.forward, *operands[: op.arity or 3]))

    def test_nothing_overflows_on_the_way_to_a_slope_that_fits(self):
        assert slopes("div", 1e300, 1e200) == pytest.approx([1e-200, -1e-100], rel=1e-12)
        assert slopes("div", 1e-300, 1e-200)[1] == pytest.approx(-1e100, rel=1e-12)
        assert slopes("reciprocal", 1e-154) == pytest.approx([-1e308], rel=1e-12)
        assert slopes("reciprocal", 1e155) == pytest.approx([-1e-310], rel=1e-9)

    @pytest.mark.parametrize("x", [-700.0, -50.0, -20.0, 20.0, 50.0, 700.0])
    def test_saturated_functions_are_flat_and_finite(self, x: float):
        assert slopes("tanh", x)[0] == pytest.approx(0.0, abs=1e-15)
        assert slopes("sigmoid", x)[0] == pytest.approx(0.0, abs=1e-8)
        assert slopes("softplus", x)[0] == pytest.approx(float(x > 0), abs=1e-8)
