"""A walk: what each step says, what is known at each place, and that both agree everywhere."""

import math
import re

import hypothesis.strategies as st
import pytest
from gradwalk.engine.errors import DefinitionErrors, ExpressionError
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.language.parser import parse
from gradwalk.engine.language.step_key import StepKey, StepKind, StepName
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.rules.ops import CODES, OPS
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.walk.reason import Loss, Why
from gradwalk.engine.walk.step import Phase, Step
from gradwalk.engine.walk.trace import State, Trace
from hypothesis import given

from .random_functions import RandomFunction, random_functions

Known = dict[int, tuple[float | None, float | None]]


def known(state: State) -> Known:
    """Everything a screen could show of a state."""
    return {node: (state.value(node), state.gradient(node)) for node in range(len(state.trace.graph))}


def same(left: Known, right: Known) -> bool:
    return str(left) == str(right)  # as text, so that nan is nan


def equal(left: float, right: float) -> bool:
    return left == right or (math.isnan(left) and math.isnan(right))


@pytest.fixture
def fabc() -> Trace:
    scenario = load("fabc")
    return Trace(scenario.graph, scenario.notes)


class TestTheWalkOfFabc:
    """Written out, from the figure of the exercise."""

    def test_has_a_step_for_each_operation_the_seed_and_each_edge(self, fabc: Trace):
        assert (fabc.forward_steps, fabc.seed_step, fabc.backward_steps, fabc.total) == (5, 6, 7, 13)

    def test_goes_forward_through_the_operations(self, fabc: Trace):
        steps = [fabc.step(number) for number in range(1, 6)]
        assert [(step.name, step.expression, step.substituted.left) for step in steps] == [
            ("l", "ln(b)", "ln(2.7183)"),
            ("s", "a + l", "2 + 1"),
            ("r", "1/s", "1/3"),
            ("q", "1/c", "1/3"),
            ("f", "r + q", "0.33333 + 0.33333"),
        ]
        assert [step.value for step in steps] == pytest.approx([1, 3, 1 / 3, 1 / 3, 2 / 3])

    def test_starts_backward_from_the_seed(self, fabc: Trace):
        seed = fabc.step(6)
        assert (seed.phase, seed.name, seed.expression, seed.value) == (Phase.SEED, "f", "∂f/∂f", 1.0)
        assert seed.factor is None

    def test_takes_consumers_before_producers(self, fabc: Trace):
        steps = [fabc.step(number) for number in range(7, 14)]
        assert [step.expression for step in steps] == [
            "∂f/∂f · ∂f/∂r",
            "∂f/∂f · ∂f/∂q",
            "∂f/∂q · ∂q/∂c",
            "∂f/∂r · ∂r/∂s",
            "∂f/∂s · ∂s/∂a",
            "∂f/∂s · ∂s/∂l",
            "∂f/∂l · ∂l/∂b",
        ]

    def test_shows_every_factor_of_a_backward_step(self, fabc: Trace):
        factor = fabc.step(10).factor
        assert factor is not None
        assert (factor.consumer_name, factor.consumer_expression) == ("r", "1/s")
        assert (factor.local_formula, factor.local_substituted.left) == ("-1/s²", "-1/3²")
        assert (factor.upstream, factor.local, factor.contribution) == pytest.approx((1, -1 / 9, -1 / 9))
        assert (factor.before, factor.after) == pytest.approx((0, -1 / 9))
        assert (factor.contribution_number, factor.contribution_count) == (1, 1)

    def test_ends_at_the_answers(self, fabc: Trace):
        end = fabc.state(fabc.total)
        gradients = [end.gradient(fabc.graph.find(name)) for name in "abc"]
        assert gradients == pytest.approx([-1 / 9, -1 / (9 * math.e), -1 / 9])


class TestUnknown:
    def test_before_its_turn_a_value_is_unknown_and_not_0(self, fabc: Trace):
        s = fabc.graph.find("s")
        assert [fabc.state(cursor).value(s) for cursor in range(4)] == [None, None, 3.0, 3.0]

    def test_leaves_are_known_from_the_start(self, fabc: Trace):
        assert fabc.state(0).value(fabc.graph.find("a")) == 2.0

    def test_before_its_turn_a_gradient_is_unknown_and_not_0(self, fabc: Trace):
        a = fabc.graph.find("a")
        (step,) = fabc.gradient_steps(a)
        assert fabc.state(step - 1).gradient(a) is None
        assert fabc.state(step).gradient(a) == pytest.approx(-1 / 9)

    def test_at_the_start_no_step_has_been_taken(self, fabc: Trace):
        assert fabc.state(0).step is None
        assert fabc.state(13).step == fabc.step(13)

    @pytest.mark.parametrize("cursor", [-1, 14])
    def test_outside_the_walk_there_is_no_state(self, fabc: Trace, cursor: int):
        with pytest.raises(IndexError, match="a walk of 13 steps has no step"):
            fabc.state(cursor)

    @pytest.mark.parametrize("number", [0, 14])
    def test_outside_the_walk_there_is_no_step(self, fabc: Trace, number: int):
        with pytest.raises(IndexError, match="a walk of 13 steps has no step"):
            fabc.step(number)


class TestSharedNodes:
    def test_each_use_is_a_path_and_the_paths_add(self):
        x = Scalar(3.0, "x")
        trace = Trace((x * x + x).named("f").graph())
        node = trace.graph.find("x")
        factors = [trace.step(number).factor for number in trace.gradient_steps(node)]
        shown = [(f.contribution_number, f.contribution_count, f.before, f.contribution, f.after) for f in factors if f]
        assert shown == [(1, 3, 0.0, 1.0, 1.0), (2, 3, 1.0, 3.0, 4.0), (3, 3, 4.0, 3.0, 7.0)]

    def test_a_state_counts_the_paths_that_have_arrived(self):
        x = Scalar(3.0, "x")
        trace = Trace((x * x).named("f").graph())
        node = trace.graph.find("x")
        assert [trace.state(cursor).contributions_taken(node) for cursor in range(trace.total + 1)] == [0, 0, 0, 1, 2]
        assert trace.state(0).contribution_count(node) == 2

    def test_the_two_places_of_an_operand_are_told_apart(self):
        x = Scalar(3.0, "x")
        trace = Trace((x / x).named("f").graph())
        steps = [trace.step(number).factor for number in trace.gradient_steps(trace.graph.find("x"))]
        assert [(f.operand_position, f.local_formula, f.local_substituted.left) for f in steps if f] == [
            (0, "1/x", "1/3"),
            (1, "-x/x²", "-3/3²"),
        ]


class TestConstants:
    def test_they_have_values_and_no_gradient_and_no_steps(self):
        trace = Trace(from_expression("2*x + 1", {"x": "3"}).graph)
        constants = [node for node in range(trace.graph.leaf_count) if not trace.graph.carries_gradient[node]]
        end = trace.state(trace.total)
        assert sorted(end.value(node) or 0.0 for node in constants) == [1.0, 2.0]
        assert [end.gradient(node) for node in constants] == [None, None]
        assert [trace.gradient_steps(node) for node in constants] == [[], []]
        assert trace.backward_steps == 2

    def test_a_function_of_none_but_constants_walks_to_its_seed(self):
        trace = Trace(from_expression("2*3", {}).graph)
        assert (trace.forward_steps, trace.backward_steps, trace.total) == (1, 0, 2)
        step = trace.step(1)
        assert (step.name, step.expression, step.substituted.left, step.value) == ("f", "2·3", "2·3", 6.0)
        assert trace.step(2).phase is Phase.SEED


def why(step: Step) -> tuple[str, str] | None:
    """The kind of reason for what is undefined, and the node concerned."""
    return step.undefined and (step.undefined.why, step.undefined.name)


class TestUndefined:
    """Where mathematics fails the walk goes on, and says what is undefined and why."""

    def walk(self, expression: str, **values: str) -> Trace:
        return Trace(from_expression(expression, values).graph)

    @pytest.mark.parametrize(
        ("expression", "x", "reason"),
        [
            ("ln(x)", "-1", Why.OUTSIDE_DOMAIN),
            ("ln(x)", "0", Why.OUTSIDE_DOMAIN),
            ("1/x", "0", Why.OUTSIDE_DOMAIN),
            ("2/x", "0", Why.OUTSIDE_DOMAIN),
            ("sqrt(x)", "-1", Why.OUTSIDE_DOMAIN),
            ("exp(x)", "1000", Why.VALUE_TOO_LARGE),
            ("x^2", "1e200", Why.VALUE_TOO_LARGE),
            ("x^0.5", "-1", Why.OUTSIDE_DOMAIN),
        ],
    )
    def test_a_value_says_why(self, expression: str, x: str, reason: Why):
        trace = self.walk(expression, x=x)
        assert why(trace.step(1)) == (reason, "f")
        assert trace.state(1).value_undefined(trace.graph.output)

    def test_what_depends_on_it_says_so(self):
        trace = self.walk("2*ln(x) + 1", x="-1")
        assert [why(trace.step(number)) for number in (1, 2, 3)] == [
            (Why.OUTSIDE_DOMAIN, "t1"),
            (Why.VALUE_UNDEFINED, "t1"),
            (Why.VALUE_UNDEFINED, "t2"),
        ]
        assert trace.step(2).substituted.left == "2·undefined"

    def test_then_the_backward_pass_has_nothing_to_start_from(self):
        trace = self.walk("2*ln(x)", x="-1")
        assert why(trace.step(trace.seed_step)) == (Why.VALUE_UNDEFINED, "f")
        last = trace.step(trace.total)
        assert why(last) == (Why.VALUE_UNDEFINED, "f")
        assert last.factor is not None
        assert last.factor.upstream_undefined
        assert last.factor.contribution_undefined

    def test_a_slope_can_be_undefined_where_the_value_is_not(self):
        trace = self.walk("sqrt(x)", x="0")
        assert trace.step(1).undefined is None
        assert why(trace.step(trace.total)) == (Why.LOCAL_UNDEFINED, "f")

    def test_a_slope_can_be_too_large(self):
        trace = self.walk("1/x", x="1e-200")
        assert trace.step(1).undefined is None
        assert why(trace.step(trace.total)) == (Why.LOCAL_TOO_LARGE, "f")

    def test_and_what_lies_behind_it_says_so(self):
        trace = self.walk("sqrt(3*x)", x="0")
        assert why(trace.step(trace.total)) == (Why.UPSTREAM_UNDEFINED, "t1")
        assert trace.state(trace.total).gradient_undefined(trace.graph.find("x"))

    def test_other_branches_stay_defined(self):
        trace = self.walk("sqrt(x) + y", x="0", y="5")
        end = trace.state(trace.total)
        assert not end.gradient_undefined(trace.graph.find("y"))
        assert end.gradient(trace.graph.find("y")) == 1.0

    def test_a_gradient_stays_undefined_after_a_contribution_that_is(self):
        trace = self.walk("sin(x) + sqrt(x)", x="0")
        first, second = (trace.step(number) for number in trace.gradient_steps(trace.graph.find("x")))
        assert why(first) == (Why.LOCAL_UNDEFINED, "t2")
        assert second.factor is not None
        assert (second.factor.contribution, second.value) == (1.0, math.inf)
        assert (second.factor.contribution_undefined, second.factor.before_undefined) == (False, True)
        assert why(second) == (Why.EARLIER_UNDEFINED, "x")

    def test_a_sum_of_contributions_can_overflow(self):
        trace = self.walk("1e308*x + 1e308*x", x="0")
        last = trace.step(trace.total)
        assert last.value == math.inf
        assert why(last) == (Why.SUM_TOO_LARGE, "x")
        assert trace.state(trace.total).gradient_undefined(trace.graph.find("x"))

    def test_an_infinite_value_that_flows_on_to_a_finite_one_stays_undefined(self):
        trace = self.walk("1/exp(x)", x="1000")
        assert trace.values[trace.graph.output] == 0.0
        assert why(trace.step(2)) == (Why.VALUE_UNDEFINED, "t1")

    @pytest.mark.parametrize(
        ("expression", "x", "said"),
        [
            ("x + x", "1e308", "1 = 1"),  # the value overflows, the slope does not
            ("x*x", "1e200", "x = 1e+200"),
            ("exp(x)", "1000", "f = undefined"),
            ("ln(x)", "-1", "1/x = undefined"),
            ("tanh(1/x)", "0", "1 - undefined² = undefined"),
            ("(1/x)*2", "0", "2 = 2"),
        ],
    )
    def test_a_local_derivative_exists_where_its_rule_needs_nothing_undefined(self, expression: str, x: str, said: str):
        trace = self.walk(expression, x=x)
        factor = trace.step(trace.seed_step + 1).factor
        assert factor is not None
        local = factor.local_substituted
        left = factor.local_formula if said.startswith(factor.local_formula) else local.left
        assert f"{left} = {local.right}" == said
        assert math.isnan(factor.local) == said.endswith("undefined")


class TestLostByFloats:
    """Where mathematics is defined and floats are not enough, the step says so, and where."""

    @pytest.mark.parametrize(
        ("expression", "x", "lost", "loss", "exact"),
        [
            ("ln(sigmoid(x))", "-1000", "sigmoid(x)", Loss.TOO_SMALL, "5.1e-435"),  # e^-1000
            ("1/x^2", "1e-200", "x²", Loss.TOO_SMALL, "1.0e-400"),
            ("1/(1 + exp(-x))", "-800", "exp(t1)", Loss.TOO_LARGE, "2.7e+347"),  # e^800
            ("exp(x)", "1000", "exp(x)", Loss.TOO_LARGE, "2.0e+434"),
            ("ln(1 - sigmoid(x))", "40", "1 - t1", Loss.ROUNDED, "4.2e-18"),  # e^-40
            ("ln(exp(-x) + (x - x))", "1000", "exp(t1)", Loss.TOO_SMALL, "5.1e-435"),
            ("ln(exp(x) - 1)", "1e-17", "t1 - 1", Loss.ROUNDED, "1.0e-17"),
        ],
    )
    def test_the_first_node_that_a_float_could_not_hold(
        self, expression: str, x: str, lost: str, loss: Loss, exact: str
    ):
        trace = Trace(from_expression(expression, {"x": x}).graph)
        reason = trace.step(trace.forward_steps).undefined
        assert reason is not None
        assert reason.lost is not None
        assert (reason.lost.expression, reason.lost.loss, reason.lost.exact) == (lost, loss, exact)

    @pytest.mark.parametrize(
        ("expression", "x"),
        [
            ("ln(x)", "0"),
            ("1/(x - x)", "3"),
            ("ln(exp(-x)*(x - x))", "1000"),
            ("ln(sin(x)^2 + cos(x)^2 - 1)", "1"),
            ("sqrt(-exp(x))", "-1000"),
        ],
    )
    def test_floats_are_not_blamed_for_what_mathematics_forbids_or_nobody_can_know(self, expression: str, x: str):
        trace = Trace(from_expression(expression, {"x": x}).graph)
        reason = trace.step(trace.forward_steps).undefined
        assert reason is None or reason.lost is None

    def test_a_slope_is_lost_with_the_value_before_it(self):
        trace = Trace(from_expression("sqrt(x^2)", {"x": "1e-200"}).graph)
        reason = trace.step(trace.seed_step + 1).undefined
        assert reason is not None
        assert reason.why is Why.LOCAL_UNDEFINED
        assert reason.lost is not None
        assert (reason.lost.name, reason.lost.exact) == ("t1", "1.0e-400")


class TestCorners:
    """A corner has no derivative: the step says between which slopes it lies, and which is taken."""

    @pytest.mark.parametrize(
        ("expression", "slopes", "taken"),
        [
            ("relu(x)", (0, 1), 0),
            ("max(x, 0)", (0, 1), 0),
            ("max(0, x)", (0, 1), 0),
            ("min(x, 0)", (1, 0), 0),
            ("abs(x)", (-1, 1), 0),
        ],
    )
    def test_of_a_function_at_0(self, expression: str, slopes: tuple[float, float], taken: float):
        trace = Trace(from_expression(expression, {"x": "0"}).graph)
        factor = trace.step(trace.total).factor
        assert factor is not None
        assert factor.corner is not None
        assert not factor.corner.is_jump
        assert (factor.corner.left, factor.corner.right) == slopes
        assert (factor.corner.operand, factor.local) == (0.0, taken)

    @pytest.mark.parametrize("expression", ["relu(x)", "max(x, 0)", "abs(x)", "step(x)", "x*x"])
    def test_elsewhere_there_is_none(self, expression: str):
        trace = Trace(from_expression(expression, {"x": "0.5"}).graph)
        factor = trace.step(trace.total).factor
        assert factor is not None
        assert factor.corner is None

    @pytest.mark.parametrize("expression", ["step(x)", "sign(x)"])
    def test_a_jump_has_no_slopes(self, expression: str):
        trace = Trace(from_expression(expression, {"x": "0"}).graph)
        factor = trace.step(trace.total).factor
        assert factor is not None
        assert factor.corner is not None
        assert factor.corner.is_jump
        assert math.isnan(factor.corner.left)


@given(random_functions(12))
def test_replaying_the_steps_one_by_one_makes_every_state(function: RandomFunction):
    trace = Trace(function.recorded().named("out").graph())
    graph = trace.graph
    replayed: Known = {
        node: (float(graph.leaf_values[node]) if node < graph.leaf_count else None, None) for node in range(len(graph))
    }
    assert same(known(trace.state(0)), replayed)
    for number in range(1, trace.total + 1):
        step = trace.step(number)
        value, gradient = replayed[step.node]
        if step.phase is Phase.FORWARD:
            assert value is None
            replayed[step.node] = (step.value, gradient)
        else:
            assert value is not None
            if step.factor:
                upstream = replayed[step.factor.consumer][1]
                assert upstream is not None, "an upstream gradient is known before it is used"
                assert equal(step.factor.upstream, upstream)
                assert equal(step.factor.before, 0.0 if gradient is None else gradient)
            replayed[step.node] = (value, step.value)
        assert same(known(trace.state(number)), replayed)


@given(random_functions(12))
def test_the_sum_of_contributions_is_the_gradient(function: RandomFunction):
    trace = Trace(function.recorded().named("out").graph())
    totals = [0.0] * len(trace.graph)
    for number in range(trace.seed_step + 1, trace.total + 1):
        factor = trace.step(number).factor
        assert factor is not None
        assert equal(factor.contribution, factor.upstream * factor.local)
        assert equal(factor.after, factor.before + factor.contribution)
        totals[trace.step(number).node] += factor.contribution
    end = trace.state(trace.total)
    for node in range(len(trace.graph) - 1):
        if trace.graph.carries_gradient[node]:
            assert totals[node] == pytest.approx(end.gradient(node), nan_ok=True)


@given(random_functions(12))
def test_what_each_step_prints_can_be_computed_and_gives_its_number(function: RandomFunction):
    trace = Trace(function.recorded().named("out").graph())
    graph, tape = trace.graph, Tape()
    known = {graph.label(node): tape.leaf(float(trace.values[node]), Leaf.INPUT) for node in range(len(graph))}

    def computed(formula: str) -> float:
        return tape.values[parse(formula).record(tape, known)]

    for number in range(1, trace.total + 1):
        step = trace.step(number)
        if step.undefined:
            continue
        if step.phase is Phase.FORWARD:
            assert computed(step.expression) == pytest.approx(step.value, rel=1e-12)
        elif step.factor:
            assert computed(step.factor.consumer_expression) == pytest.approx(trace.values[step.factor.consumer])
            assert computed(step.factor.local_formula) == pytest.approx(step.factor.local, rel=1e-9, abs=1e-12)


@given(random_functions(12))
def test_every_node_finds_the_steps_that_write_it(function: RandomFunction):
    trace = Trace(function.recorded().named("out").graph())
    steps = [trace.step(number) for number in range(1, trace.total + 1)]
    for node in range(len(trace.graph)):
        values = [step.number for step in steps if step.phase is Phase.FORWARD and step.node == node]
        gradients = [step.number for step in steps if step.phase is not Phase.FORWARD and step.node == node]
        assert values == ([] if node < trace.graph.leaf_count else [node - trace.graph.leaf_count + 1])
        assert gradients == trace.gradient_steps(node)
        factors = [trace.step(number).factor for number in gradients]
        assert [(f.contribution_number, f.contribution_count) for f in factors if f] == [
            (place + 1, len(gradients)) for place in range(len(gradients)) if factors[place]
        ]


@given(random_functions(12))
def test_the_edges_of_one_consumer_stand_together(function: RandomFunction):
    trace = Trace(function.recorded().named("out").graph())
    for number in range(1, trace.total + 1):
        first, last = trace.consumer_steps(number)
        assert first <= number <= last
        factor = trace.step(number).factor
        together = [trace.step(other).factor for other in range(first, last + 1)]
        assert {f.consumer for f in together if f} == ({factor.consumer} if factor else set())
        assert all(trace.consumer_steps(other) == (first, last) for other in range(first, last + 1))


@given(random_functions(12))
def test_a_step_and_its_key_lead_to_each_other(function: RandomFunction):
    trace = Trace(function.recorded().named("out").graph())
    numbers = range(1, trace.total + 1)
    assert [trace.number(trace.key(number)) for number in numbers] == list(numbers)
    for number in numbers:
        step, name = trace.step(number), trace.key(number).name(trace.graph)
        assert trace.node_of(number) == step.node
        assert trace.key(number) in name.keys(trace.graph)
        if step.factor:
            assert name == StepName.derivative(step.factor.consumer_name, step.name)
        else:
            assert str(name) == (step.name if step.phase is Phase.FORWARD else step.expression)


def test_what_no_step_writes_has_a_key_and_no_number(fabc: Trace):
    for name in ("a", "b <-"):
        (key,) = StepName.read(name).keys(fabc.graph)
        assert fabc.number(key) is None
    assert fabc.number(StepKey(StepKind.ALONG, fabc.graph.output, 2)) is None
    assert fabc.number(StepKey(StepKind.ALONG, 0, 0)) is None


def test_the_segments_follow_one_another_and_write_what_the_steps_say(fabc: Trace):
    assert [(part.phase, part.first, part.last, part.quantity) for part in fabc.segments] == [
        ("forward", 1, 5, "value"),
        ("seed", 6, 6, "gradient"),
        ("backward", 7, 13, "gradient"),
    ]
    written = [fabc.step(number).value for number in range(1, fabc.total + 1)]
    assert fabc.written_numbers().tolist() == written


@given(random_functions(12))
def test_walking_back_shows_each_state_as_it_was_on_the_way_out(function: RandomFunction):
    trace = Trace(function.recorded().named("out").graph())
    out = [known(trace.state(cursor)) for cursor in range(trace.total + 1)]
    back = [known(trace.state(cursor)) for cursor in range(trace.total, -1, -1)]
    assert all(same(left, right) for left, right in zip(out, reversed(back), strict=True))


@given(random_functions(12))
def test_what_is_known_stays_known(function: RandomFunction):
    trace = Trace(function.recorded().named("out").graph())
    before = known(trace.state(0))
    for cursor in range(1, trace.total + 1):
        now = known(trace.state(cursor))
        for node, (value, gradient) in before.items():
            assert value is None or str(now[node][0]) == str(value)
            assert gradient is None or now[node][1] is not None
        before = now


NASTY = ["0", "1", "-1", "2", "0.5", "-2.5", "1e308", "-1e308", "5e-324", "1e-200", "710", "x", "y"]
EXPRESSIONS = st.recursive(
    st.sampled_from(NASTY),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/^"), inner).map(lambda parts: "({}){}({})".format(*parts)),
        st.tuples(
            st.sampled_from([op.name for op in OPS if not op.infix]), st.lists(inner, min_size=1, max_size=3)
        ).map(lambda call: f"{call[0]}({', '.join(call[1][: OPS[CODES[call[0]]].arity])})"),
        inner.map("-({})".format),
    ),
    max_leaves=8,
)
"""Expressions of every function at the most awkward numbers, most of them undefined somewhere."""


@given(EXPRESSIONS, st.sampled_from(NASTY[:-2]), st.sampled_from(NASTY[:-2]))
def test_whatever_is_undefined_the_walk_opens_and_says_so(expression: str, x: str, y: str):
    given_values = {name: value for name, value in (("x", x), ("y", y)) if name in re.findall(r"\b[xy]\b", expression)}
    try:
        trace = Trace(from_expression(expression, given_values).graph)
    except ExpressionError as error:
        assert " takes " in error.message
        return
    except DefinitionErrors as several:
        assert [error.message for error in several.errors] == ["this has no operation to walk"]
        return
    for number in range(1, trace.total + 1):
        step = trace.step(number)
        state = trace.state(number)
        if step.phase is not Phase.SEED:
            finite = math.isfinite(step.value) or (step.factor and not math.isfinite(step.factor.before))
            assert step.undefined or finite, "a number that is none is explained"
        if step.phase is Phase.FORWARD:
            assert bool(step.undefined) == state.value_undefined(step.node)
        elif step.factor and step.undefined:
            assert state.gradient_undefined(step.node)
        assert step.expression
        assert step.substituted
