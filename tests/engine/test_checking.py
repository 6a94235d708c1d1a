"""A gradient check has to find what is wrong, blame nothing that is right, and say where it knows nothing."""

import math
from dataclasses import replace

import autograd
import numpy as np
import pytest
from gradwalk.engine.checking import gradients as checking
from gradwalk.engine.checking.differences import Difference, Sides
from gradwalk.engine.checking.gradients import Check, GradientCheck, Verdict, check_gradients
from gradwalk.engine.checking.obstacle import Obstacle, ObstacleKind
from gradwalk.engine.checking.step_curve import step_curve
from gradwalk.engine.differentiate.derivative import derivative
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.library import built_in_names, load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.reading.scenario import read
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.run import loop
from gradwalk.engine.run.lanes import Lanes
from gradwalk.engine.run.plan import run
from gradwalk.engine.study.stated_answers import check_answers
from hypothesis import assume, given

from .random_functions import RandomFunction, random_functions
from .random_graphs import HARD, RandomGraph, random_graphs


def graph(expression: str, **values: float | str) -> Graph:
    return from_expression(expression, {name: str(value) for name, value in values.items()}).graph


def only(expression: str, **values: float | str) -> GradientCheck:
    return check_gradients(graph(expression, **values)).rows[0]


def obstacle(found: object) -> tuple[ObstacleKind, str]:
    assert isinstance(found, Obstacle)
    return found.kind, found.name


class TestWhatIsRight:
    @pytest.mark.parametrize("name", built_in_names())
    def test_every_built_in_scenario_agrees_three_ways(self, name: str):
        check = check_gradients(load(name).graph)
        assert check.count(Verdict.AGREE) == len(check.rows) == check.total > 0
        assert all(isinstance(row.complex_step, float) for row in check.rows)
        assert all(isinstance(row.difference, Difference) for row in check.rows)

    def test_the_numbers_are_those_of_the_notebook(self):
        rows = {row.name: row for row in check_gradients(load("fabc").graph).rows}
        for name, expected in {"a": -1 / 9, "b": -1 / (9 * math.e), "c": -1 / 9}.items():
            row = rows[name]
            assert row.complex_step == pytest.approx(expected, rel=1e-15)
            assert isinstance(row.difference, Difference)
            assert abs(row.difference.derivative - expected) <= row.difference.error < 1e-9

    @pytest.mark.parametrize(
        ("expression", "values"),
        [("tanh(x)*sigmoid(y)", {"x": 1, "y": 2}), ("x^y", {"x": 2, "y": 3}),
         ("abs(x)*x + max(x, y)", {"x": 1.5, "y": 2}),
         ("softplus(x*y)/tan(x)", {"x": 1, "y": 2}), ("sqrt(x)*ln(x)", {"x": 2})],
    )  # fmt: skip
    def test_a_recorded_derivative_is_differentiated_as_rightly(self, expression: str, values: dict[str, float]):
        check = check_gradients(derivative(graph(expression, **values), "x"))
        assert check.count(Verdict.AGREE) == len(values)

    @pytest.mark.filterwarnings("ignore:Output seems independent of input")
    @given(random_functions())
    def test_both_ways_are_those_of_autograd(self, function: RandomFunction):
        recorded = function.recorded()
        assume(abs(recorded.value) < 1e6 and all(x == 0 or abs(x) > 1e-50 for x in function.inputs))
        expected = autograd.grad(function.judged)(np.array(function.inputs))
        assume(np.all(np.abs(expected) < 1e6))
        check = check_gradients(recorded.graph())
        scale = max(1.0, float(np.max(np.abs(expected))))
        for row in check.rows:
            derivative = expected[int(row.name.removeprefix("x"))]
            assert row.verdict is Verdict.AGREE
            assert row.complex_step == pytest.approx(derivative, rel=1e-8, abs=1e-8 * scale)
            if isinstance(row.difference, Difference):
                assert row.difference_agrees
                assert abs(row.difference.derivative - derivative) <= 10 * row.difference.error + 1e-9 * scale

    @given(random_graphs(numbers=HARD))
    def test_nothing_that_is_right_is_blamed_however_hard_the_numbers(self, random: RandomGraph):
        for row in check_gradients(random.graph()).rows:
            assert row.verdict is not Verdict.DIFFER, row

    @pytest.mark.parametrize(
        ("expression", "x"),
        [("tanh(x)", 25), ("sigmoid(x)", 50), ("1/(x - 3)", 3.000000001), ("ln(x)", 1e-8),
         ("sin(10000000*x)", 1), ("x + 1000000000000", 1), ("(x + 100000000) - 100000000", 1), ("exp(x)", 700),
         ("exp(x) - exp(x)", 300),
         ("1000000000000*x + sin(10000000000*x)", 1), ("relu(x)", 1e-9), ("step(x) + x", 1e-12), ("relu(x^2)", 0),
         ("x^3", -2)],
    )  # fmt: skip
    def test_awkward_functions_are_not_blamed(self, expression: str, x: float):
        assert only(expression, x=x).verdict is Verdict.AGREE


class TestWhatIsWrong:
    @pytest.mark.parametrize("wrong", [lambda x, out: -loop.math.cos(x), lambda x, out: out, lambda x, out: 0.0])
    def test_a_wrong_rule_is_found(self, wrong, monkeypatch: pytest.MonkeyPatch):
        rules = list(loop.PARTIALS)
        rules[CODES["sin"]] = (wrong,)
        monkeypatch.setattr(loop, "PARTIALS", tuple(rules))
        check = check_gradients(graph("sin(x)*y", x=0.3, y=2))
        assert {row.name: row.verdict for row in check.rows} == {"x": Verdict.DIFFER, "y": Verdict.AGREE}
        assert check.differs

    @given(random_functions())
    def test_so_is_an_error_of_a_millionth_anywhere(self, function: RandomFunction):
        recorded = function.recorded()
        assume(abs(recorded.value) < 1e6)
        right = run(recorded.graph())
        check = check_gradients(recorded.graph())
        clear = [row for row in check.rows if row.complex_step_agrees and abs(row.backprop) > 1e8 * row.rounding]
        assume(clear)
        gradients = right.backward.gradients * (1 + 1e-6)
        wrong = replace(right, backward=replace(right.backward, gradients=gradients))
        found = {row.leaf: row.verdict for row in check_gradients(recorded.graph(), wrong).rows}
        assert {found[row.leaf] for row in clear} == {Verdict.DIFFER}

    def test_a_difference_alone_finds_one_where_no_complex_step_is_taken(self):
        row = replace(only("x^2", x=3), complex_step=Obstacle(ObstacleKind.EDGE, "f"), backprop=6.001)
        assert row.verdict is Verdict.DIFFER
        assert replace(row, backprop=6.0).verdict is Verdict.AGREE


class TestWhatCannotBeSaid:
    @pytest.mark.parametrize(
        ("expression", "node"),
        [("relu(x)", "f"), ("abs(x)*x", "t1"), ("max(x, y)", "f"), ("min(y, x)", "f"), ("step(x)", "f"),
         ("sign(x^2 - x)", "f"), ("relu(x)*0 + x", "t1"), ("3*max(2*x, y + x)", "t3")],
    )  # fmt: skip
    def test_a_kink_at_the_point_forbids_it_and_is_named(self, expression: str, node: str):
        row = check_gradients(graph(expression, **{"x": 0, **({"y": 0} if "y" in expression else {})})).rows[0]
        assert obstacle(row.complex_step) == (ObstacleKind.KINK, node)
        assert row.verdict is Verdict.CANNOT_SAY
        assert row.closed == row.complex_step

    def test_the_other_inputs_are_checked_all_the_same(self):
        verdicts = {row.name: row.verdict for row in check_gradients(graph("relu(x) + y*z", x=0, y=1, z=2)).rows}
        assert verdicts == {"x": Verdict.CANNOT_SAY, "y": Verdict.AGREE, "z": Verdict.AGREE}

    def test_a_jump_forbids_even_what_does_not_move_at_first_order(self):
        assert obstacle(only("step(x^2)", x=0).complex_step) == (ObstacleKind.KINK, "f")

    def test_away_from_the_kink_it_follows_its_piece(self):
        check = check_gradients(graph("relu(x) + abs(y)", x=2, y=-3))
        assert [row.complex_step for row in check.rows] == [1.0, -1.0]
        assert check.pieces == ["abs", "relu"]

    @pytest.mark.parametrize(("expression", "x"), [("ln(x)", -1), ("1/x", 0), ("sqrt(x)", 0), ("sqrt(x^2)", 0)])
    def test_what_is_undefined_is_said_to_be(self, expression: str, x: float):
        row = only(expression, x=x)
        assert row.verdict is Verdict.CANNOT_SAY
        assert row.closed is not None
        assert row.closed.kind is ObstacleKind.UNDEFINED

    def test_at_the_edge_of_a_domain_a_difference_looks_at_the_side_that_there_is(self):
        row = only("x^2.5", x=0)
        assert obstacle(row.complex_step) == (ObstacleKind.EDGE, "f")
        row = only("x^1.5 + 3*x", x=0)
        assert isinstance(row.difference, Difference)
        assert row.difference.sides is Sides.RIGHT
        assert row.verdict is Verdict.AGREE
        assert replace(row, backprop=3.1).verdict is Verdict.DIFFER

    def test_a_step_over_a_kink_is_no_difference(self):
        assert obstacle(only("relu(x - 1)", x="1 + 2^-50").difference) == (ObstacleKind.KINK_NEAR, "f")
        assert only("relu(x) + relu(x)", x=1e-7).verdict is Verdict.AGREE

    def test_a_point_nearer_to_0_than_a_complex_step_goes(self):
        row = only("1/x", x=1e-150)
        assert obstacle(row.complex_step)[0] is ObstacleKind.TOO_ROUGH
        assert row.verdict is Verdict.CANNOT_SAY

    def test_a_function_that_is_undefined_on_both_sides(self):
        assert obstacle(only("sqrt(-(x^2))", x=0).difference)[0] is ObstacleKind.UNDEFINED_NEAR


class TestManyGradients:
    def wide(self, count: int) -> Graph:
        tape = Tape()
        leaves = tape.leaves(np.linspace(-1, 1, count), Leaf.INPUT, "x")
        squares = tape.operations(CODES["square"], leaves)
        return tape.graph(tape.operation(CODES["sum"], list(squares), "f"))

    def test_of_more_than_a_thousand_a_seeded_sample_is_checked_and_said_to_be_one(self):
        check = check_gradients(self.wide(1100))
        assert (len(check.rows), check.total, check.is_sample) == (1000, 1100, True)
        assert check.count(Verdict.AGREE) == 1000
        checks = [check_gradients(self.wide(300), most=20, seed=seed) for seed in (0, 0, 1)]
        names = [[row.name for row in check.rows] for check in checks]
        assert names[0] == names[1] != names[2]

    def test_progress_is_told_and_may_end_it(self):
        told: list[tuple[int, int]] = []
        check_gradients(self.wide(200), report=lambda done, total: told.append((done, total)))
        assert told[0] == (0, 200)
        assert len(told) > 2

        def end(done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            check_gradients(self.wide(200), report=end)

    def test_of_a_large_graph_fewer_are_checked(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(checking, "MOST_WORK", 10_000)
        assert len(check_gradients(self.wide(200)).rows) == 10_000 // len(self.wide(200))

    def test_a_deep_graph_is_no_trouble(self):
        tape = Tape()
        node = x = tape.leaf(0.5, Leaf.INPUT, "x")
        for _ in range(3000):
            node = tape.operation(CODES["sin"], [tape.operation(CODES["add"], [node, x])])
        assert check_gradients(tape.graph(node)).rows[0].verdict is Verdict.AGREE


class TestLanes:
    @given(random_graphs(numbers=HARD))
    def test_each_lane_is_a_run_of_its_own(self, random: RandomGraph):
        made = random.graph()
        leaves = np.stack([made.leaf_values, made.leaf_values[::-1], made.leaf_values / 2], axis=1)
        values = Lanes(made).run(leaves)
        for lane in range(3):
            expected = loop.forward(made, leaves[:, lane].copy())
            with np.errstate(all="ignore"):
                near = np.isclose(values[:, lane], expected, rtol=1e-9, atol=0, equal_nan=True)
            assert near.all() or not np.isfinite(expected).all() or np.abs(expected).max() > 1e15


class TestTheV:
    def curve(self, expression: str, x: float, derivative: float):
        made = graph(expression, x=x)
        return step_curve(made, run(made).values, made.find("x"), derivative)

    def test_the_error_falls_with_the_square_of_the_step_and_rises_as_it_gets_too_small(self):
        curve = self.curve("exp(x)", 1.0, math.e)
        error = dict(zip(np.round(np.log10(curve.steps), 2), curve.central, strict=True))
        assert math.log10(error[-1] / error[-3]) == pytest.approx(4, abs=0.01)  # slope 2
        assert error[-3] == pytest.approx(1e-6 / 6, rel=1e-3)  # h²·f'''/6
        assert 1e-5 < error[-12] < 1e-2
        assert error[-15] > error[-12]  # rounding takes over

    def test_a_forward_difference_falls_with_the_step_alone(self):
        curve = self.curve("exp(x)", 1.0, math.e)
        error = dict(zip(np.round(np.log10(curve.steps), 2), curve.forward, strict=True))
        assert math.log10(error[-2] / error[-4]) == pytest.approx(2, abs=0.01)

    def test_the_best_step_is_near_the_cube_root_of_the_rounding_unit(self):
        step, error = self.curve("sin(x)", 1.0, math.cos(1)).best or (0, 0)
        assert 1e-7 < step < 1e-4
        assert error < 1e-10

    def test_a_step_too_small_to_move_x_gives_no_slope(self):
        curve = self.curve("x^2", 1000.0, 2000.0)
        assert curve.central[-1] == 1.0

    def test_where_the_function_is_undefined_there_is_no_error(self):
        curve = self.curve("ln(x)", 0.01, 100.0)
        assert np.isnan(curve.central[0])
        assert np.isfinite(curve.central[-1])

    def test_an_error_beside_a_slope_of_0_is_no_part_of_it(self):
        curve = self.curve("x^2", 0.0, 0.0)
        assert not curve.is_relative


class TestAnswers:
    def found(self, exercises: str):
        made = read("t.toml", ('title = "T"\n[inputs]\na = 2\n[graph]\ns = "a^2"\nf = "s/3"\n' + exercises).encode())
        return check_answers(made.graph, run(made.graph), made.exercises)

    def test_what_is_stated_is_compared(self):
        found = self.found(
            '[[exercise]]\nask = "∂f/∂a"\nanswer = "4/3"\n[[exercise]]\nask = "f"\nanswer = 1.3\n'
            '[[exercise]]\nask = "s"\n'
        )
        assert [(answer.ask, answer.found, answer.agrees) for answer in found] == [
            ("∂f/∂a", pytest.approx(4 / 3), True),
            ("f", pytest.approx(4 / 3), False),
        ]

    @pytest.mark.parametrize(("answer", "agrees"), [("1.3333", True), ("1.3332", False), ('"4/3"', True)])
    def test_one_that_is_rounded_counts_to_its_decimals(self, answer: str, agrees: bool):
        (found,) = self.found(f'[[exercise]]\nask = "df/da"\nanswer = {answer}\ndecimals = 4\n')
        assert found.agrees is agrees

    def test_what_the_walk_cannot_give_agrees_with_nothing(self):
        made = read(
            "t.toml",
            b'title = "T"\n[inputs]\na = 0\n[graph]\nf = "1/a"\n[[exercise]]\nask = "df/da"\nanswer = 1\n',
        )
        (found,) = check_answers(made.graph, run(made.graph), made.exercises)
        assert math.isnan(found.found)
        assert not found.agrees


def test_a_check_of_nothing_differs_nowhere():
    assert not Check("f", 1.0, [], 0).differs
