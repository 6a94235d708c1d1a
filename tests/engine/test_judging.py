"""Answers about a walk: how they are read, how near they have to be, and that no right one is called wrong."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import hypothesis.strategies as st
import pytest
from gradwalk.engine.differentiate.derivative import derivative
from gradwalk.engine.errors import ExpressionError, GradwalkError
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.reading.scenario import read
from gradwalk.engine.study.exercise_task import exercise_tasks
from gradwalk.engine.study.question import Question
from gradwalk.engine.study.task import TaskKind
from gradwalk.engine.study.tasks import read_task
from gradwalk.engine.study.verdict import Verdict
from gradwalk.engine.walk.trace import Trace
from hypothesis import assume, given, settings


def trace_of(expression: str, **values: str) -> Trace:
    return Trace(from_expression(expression, values).graph)


def fabc(ask: str) -> Question:
    return Question.read(Trace(load("fabc").graph), ask)


def judged(answer: str, expression: str, ask: str = "f", **values: str) -> Verdict:
    return read_task(trace_of(expression, **values), ask).judge(answer)


class TestWhatIsAsked:
    @pytest.mark.parametrize(
        ("ask", "kind", "right"),
        [
            ("f", TaskKind.VALUE, 2 / 3),
            ("b", TaskKind.VALUE, math.e),
            ("∂f/∂a", TaskKind.GRADIENT, -1 / 9),
            ("df/db", TaskKind.GRADIENT, -1 / 9 / math.e),
            ("∂f/∂f", TaskKind.GRADIENT, 1),
            ("∂s/∂l", TaskKind.LOCAL_DERIVATIVE, 1),
            (" ∂r / ∂s ", TaskKind.LOCAL_DERIVATIVE, -1 / 9),
        ],
    )
    def test_is_read_as_it_is_written(self, ask: str, kind: TaskKind, right: float):
        question = fabc(ask)
        assert (question.kind, question.right) == (kind, pytest.approx(right))

    @pytest.mark.parametrize(
        ("ask", "said"),
        [
            ("z", 'no node "z"'),
            ("∂r/∂a", "the operands of r are s"),
            ("∂a/∂b", "a is no operation"),
            ("tangent s", "is a tangent"),
            ("w <-", "is the update of a parameter"),
        ],
    )
    def test_what_the_walk_does_not_have_is_refused(self, ask: str, said: str):
        with pytest.raises(GradwalkError, match=said):
            fabc(ask)

    def test_an_operand_at_two_places_has_two_local_derivatives(self):
        with pytest.raises(GradwalkError, match="at 2 places"):
            read_task(trace_of("x*x + 1", x="3"), "∂t1/∂x")

    def test_the_output_does_not_hang_on_a_constant(self):
        graph = read("t.toml", b'title = "T"\n[inputs]\na = 2\n[graph]\nk = 3\nf = "k*a"\n').graph
        with pytest.raises(GradwalkError, match="k is a constant"):
            read_task(Trace(graph), "∂f/∂k")

    def test_forward_mode_has_values_and_no_gradients(self):
        graph = load("fabc").graph
        trace = Trace(graph, tangent_of=graph.find("a"))
        assert Question.read(trace, "s").judge("3").right
        with pytest.raises(GradwalkError, match="forward mode"):
            Question.read(trace, "∂f/∂a")
        with pytest.raises(GradwalkError, match="tangent"):
            Question(trace, TaskKind.GRADIENT, trace.total)

    def test_an_input_that_is_not_used_has_the_gradient_0(self):
        graph = read("t.toml", b'title = "T"\n[inputs]\na = 2\nb = 1\n[graph]\nf = "3*a"\n').graph
        assert read_task(Trace(graph), "∂f/∂b").judge("0").right

    def test_each_step_of_a_gradient_is_a_question_of_its_own(self):
        trace = trace_of("x*y + sin(x)", x="2", y="5")
        x = trace.graph.find("x")
        sums = [Question(trace, TaskKind.GRADIENT, step) for step in trace.gradient_steps(x)]
        parts = [Question(trace, TaskKind.CONTRIBUTION, step) for step in trace.gradient_steps(x)]
        assert [question.is_whole for question in sums] == [False, True]
        assert sums[-1].right == pytest.approx(5 + math.cos(2))
        assert sum(question.right for question in parts) == pytest.approx(sums[-1].right)
        assert "2 contributions added up" in sums[-1].prompt
        assert "after 1 of its 2 contributions" in sums[0].prompt


class TestReading:
    @pytest.mark.parametrize(
        "answer",
        [
            "-1/9", "−1/9", "–1/9", " - 1 / 9", "-(1/9)", "-⅑", "-1/3²", "-3⁻²", "-(3^-2)", "-1/s^2", "−1/s²", "-r²",
            "-r·r", "-1/(a+ln(b))²", "-1/(a + l)^2", "-0.111", "-.1111", "-1.11e-1", "-0.333*0.333", "-1÷9", "-r*q",
            "-1/9.0", "-|−1/9|", "-√(1/81)", "-e/(9e)", "-1/(3·3)", "-(2-1)(1/9)", "-2(1/18)",
        ],
    )  # fmt: skip
    def test_every_form_of_the_right_number_is_right(self, answer: str):
        assert fabc("∂f/∂a").judge(answer).right

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            ("", "empty"),
            ("-0,111", "the decimal sign is a point, not a comma"),
            ("-1/9e", "can be read in two ways"),
            ("e^2s", "can be read in two ways"),
            ("√2s", "can be read in two ways"),
            ("-1/x", 'unknown name "x"'),
            ("∂f/∂a", "unexpected"),
            ("1/0", "has no value here"),
            ("ln(-1)", "has no value here"),
            ("= -1/9", "has no ="),
            ("(1/9", "never closed"),
            ("|1/9", "never closed"),
            ("1" * 3000, "too long"),
        ],
    )
    def test_what_cannot_be_read_is_no_wrong_answer(self, answer: str, said: str):
        with pytest.raises(ExpressionError, match=said):
            fabc("∂f/∂a").judge(answer)

    def test_a_value_is_not_answered_by_its_own_name_or_by_what_comes_after_it(self):
        assert fabc("s").judge("a + l").right
        for answer, said in (("s", "is what is asked for"), ("1/r", "is not known yet")):
            with pytest.raises(ExpressionError, match=said):
                fabc("s").judge(answer)

    def test_a_node_called_e_is_no_constant(self):
        trace = Trace(read("t.toml", b'title = "T"\n[inputs]\na = 2\n[graph]\ne = "3*a"\nf = "e + 1"\n').graph)
        assert read_task(trace, "f").judge("e + 1").right
        assert not read_task(trace, "f").judge("3.718").right

    def test_samples_of_a_training_have_names(self):
        trace = Trace(load("regression").graph)
        x = trace.values.item(trace.graph.find("x[1]"))
        assert read_task(trace, "x[1]").judge(repr(x)).right
        assert read_task(trace, "h[1]").judge("w*x[1] + b").right

    def test_nodes_of_the_walk_of_a_derivative_have_names(self):
        graph = load("fabc").graph
        trace = Trace(derivative(graph, graph.find("b")))
        assert read_task(trace, "∂(∂f/∂b)/∂(∂l/∂b)").judge("∂f/∂l").right
        assert read_task(trace, "(∂f/∂b)").judge("∂f/∂l·∂l/∂b").right


class TestPrecision:
    @pytest.mark.parametrize(
        ("right", "accepted", "refused"),
        [
            ("1/9", "1/9 0.111 0.1111 0.11111111 0.1111111111111111111 1.11e-1", "0.11 0.1 0.112 0.1112 0.1110 1/8.9"),
            ("3", "3 3.0 3.000 6/2 3e0", "3.001 2.999 2.9996 3.1"),
            ("1234", "1234 1234.0", "1.23e3 1230 1233 1234.4"),
            ("1234.567", "1235 1234.6 1234.57 1234.567 1.23e3 1.235e3", "1234 1230 1200 1.2e3 1234.5"),
            ("0", "0 0.0 -0 0e5 1-1", "0.001 1e-12 -1e-300"),
            ("0.01004", "0.01 0.0100 0.01004", "0.0101 0.011"),
            ("9.996", "10.0 9.996 9.9960", "9.99 10.1 9.98"),
            ("0.0625", "0.0625 1/16", "0.062 0.063 0.06"),
            ("2.0625", "2.06 2.062 2.063", "2.07 2.1 2"),
            ("4.2483542552916e-18", "4.25e-18 0.00000000000000000425", "0 4e-18 4.3e-18"),
            ("2.5e20", "2.5e20 2.50e20 250000000000000000000 2.5*10^20", "3e20 2.4e20 2.6e20"),
            ("-2/3", "-0.667 -0.6667 -2/3", "0.667 -0.666 -0.66 -0.67"),
        ],
    )
    def test_by_the_stated_rules(self, right: str, accepted: str, refused: str):
        question = read_task(trace_of("x*1", x=right), "f")
        assert [answer for answer in accepted.split() if not question.judge(answer).right] == []
        assert [answer for answer in refused.split() if question.judge(answer).right] == []

    @given(st.floats(1e-3, 1e6), st.integers(3, 15), st.booleans())
    @settings(max_examples=30, deadline=None)
    def test_a_right_rounding_of_three_digits_or_more_is_right(self, number: float, digits: int, negative: bool):
        right = -number if negative else number
        assume(not right.is_integer())
        question = read_task(trace_of("x*1", x=repr(right)), "f")
        assert question.judge(f"{right:.{digits}g}").right
        last = Decimal(f"{right:.{digits}e}") * (1 + Decimal(2).scaleb(1 - digits))
        assert digits > 8 or not question.judge(f"{last:.{digits}e}").right

    def test_rounding_alone_makes_no_right_answer_wrong(self):
        assert judged("0", "cos(x)", x="pi/2").right
        assert judged("0", "a + b - c", a="0.1", b="0.2", c="0.3").right
        assert judged("1e-10", "(1 + x) - 1", x="1e-10").right
        assert not judged("0", "1/(1 + exp(x))", x="40").right
        assert not judged("0", "exp(x)", x="-100").right
        assert judged("1/e^100", "exp(x)", x="-100").right
        assert judged("1.43e-563", "exp(x)", x="-1296").right

    def test_a_number_that_no_float_can_hold_is_still_right(self):
        assert judged("3.93e-2850", "exp(-x^8)", x="3").right
        assert not judged("3.94e-2850", "exp(-x^8)", x="3").right

    def test_what_was_lost_in_cancelling_is_found_in_many_digits(self):
        expanded = "x^8 - 8x^7 + 28x^6 - 56x^5 + 70x^4 - 56x^3 + 28x^2 - 8x + 1"
        assert judged(expanded, "(x - 1)^8", x="1.01").right
        assert judged("1e-16", "(x - 1)^8", x="1.01").right
        assert not judged("2e-16", "(x - 1)^8", x="1.01").right

    def test_a_rounded_answer_that_is_near_is_rounding(self):
        assert fabc("∂f/∂a").judge("-0.11").mistakes == ("rounding",)


class TestWhatDoesNotExist:
    @pytest.mark.parametrize("answer", ["undefined", "none", "None.", "nan", " does  not exist"])
    def test_is_answered_in_words(self, answer: str):
        assert judged(answer, "ln(x)", x="-1").right
        assert judged(answer, "ln(x)", "∂f/∂x", x="-1").right
        assert not judged(answer, "ln(x)", x="1").right

    def test_a_number_is_wrong_then(self):
        verdict = judged("0", "ln(x)", x="-1")
        assert not verdict.right
        assert verdict.findings == ()

    def test_at_a_corner_each_slope_between_the_two_is_right(self):
        local = "2*relu(3*x)"
        assert all(judged(answer, local, "∂t2/∂t1", x="0").right for answer in ("0", "1", "0.5", "undefined"))
        assert not any(judged(answer, local, "∂t2/∂t1", x="0").right for answer in ("-0.5", "1.5"))
        assert "the walk takes 0" in judged("1", local, "∂t2/∂t1", x="0").remark

    @pytest.mark.parametrize(
        ("expression", "right", "wrong"),
        [
            ("abs(x)", "-1 1 0", "-1.01 2 0.25"),
            ("3*relu(x) - x", "-1 2", "3 -2 1/2"),
            ("relu(x)*x", "0", "1 -1 1e-9"),
            ("step(x) + 0*x", "0", "1 1e9"),
            ("10^10*(x + 10^-19)^2 + x", "1.000000002", "1.00001 0.99999"),
        ],
    )
    def test_behind_a_corner_a_gradient_may_be_the_slope_on_either_side(self, expression: str, right: str, wrong: str):
        assert [answer for answer in right.split() if not judged(answer, expression, "∂f/∂x", x="0").right] == []
        assert [answer for answer in wrong.split() if judged(answer, expression, "∂f/∂x", x="0").right] == []

    def test_behind_a_corner_there_is_no_derivative_where_the_two_sides_differ(self):
        assert judged("undefined", "relu(x) + x*x", "∂f/∂x", x="0").right
        assert not judged("undefined", "relu(x)*x", "∂f/∂x", x="0").right  # its slope is 0 on both sides


class TestFormulas:
    @pytest.mark.parametrize(
        ("answer", "is_general"),
        [("-1/s²", True), ("-r*r", True), ("-1/9", True), ("-1/(s + 6)", False), ("-a/18", False)],
    )
    def test_one_that_is_right_at_this_point_only_has_a_remark(self, answer: str, is_general: bool):
        verdict = fabc("∂r/∂s").judge(answer)
        assert verdict.right
        assert ("this point only" in verdict.remark) != is_general

    @pytest.mark.parametrize(
        ("expression", "right", "wrong"),
        [
            ("1/(a + ln(b)) + 1/c", "(a + c + ln(b))/(a*c + c*ln(b)); f = 1/c + (a+ln(b))^-1", "1/(a + ln(b)); 1/a"),
            ("(x - 1)^8", "x^8-8x^7+28x^6-56x^5+70x^4-56x^3+28x^2-8x+1; ((x-1)²)^4", "(x-1)^7; x^8 - 1; (x - 1.01)^8"),
            ("relu(x)", "max(x, 0); (x + |x|)/2", "x; |x|"),
            ("ln(ln(ln(x)))", "ln(ln(ln(x)))", "ln(ln(x))"),
            ("ln(x²)", "2*ln(x); 2ln(|x|)", "ln(x)"),
            ("sqrt(x²)", "|x|", "x"),
            ("sin(x)^2 + cos(x)^2 + 0*x", "1", "0.99; x"),
            ("x/3", "0.333x; x/3.0", "0.33x; 0.334x"),
            ("x*1", "1.00x; 1.0x", "1.004x; 0.996x; 1.01x"),
            ("(2*x - 1)*exp(25)", "2x*exp(25) - exp(25)", "(2x - 1)*exp(25) + 1/1000"),
            ("6.6e-34*x", "6.6e-34*x; x*3.3e-34*2", "0; 5e-34*x"),
        ],
    )  # fmt: skip
    def test_an_equation_is_the_same_function(self, expression: str, right: str, wrong: str):
        names = {
            name: "31" for name in ("a", "b", "c", "x") if name in expression.replace("relu", "").replace("cos", "")
        }
        task = read_task(trace_of(expression, **names), f"f({', '.join(names)})")
        assert [answer for answer in right.split(";") if not task.judge(answer).right] == []
        assert [answer for answer in wrong.split(";") if task.judge(answer).right] == []

    def test_an_equation_may_begin_at_nodes_on_the_way(self):
        trace = Trace(load("fabc").graph)
        assert read_task(trace, "f(s, c)").judge("1/s + 1/c").right
        assert read_task(trace, "f()").ask == "f(a, b, c)"
        with pytest.raises(GradwalkError, match="f hangs on c as well"):
            read_task(trace, "f(s)")
        with pytest.raises(ExpressionError, match="is not one of the names"):
            read_task(trace, "f(a, b, c)").judge("1/s + 1/c")

    def test_what_exists_nowhere_is_not_judged(self):
        with pytest.raises(ExpressionError, match="cannot be told"):
            read_task(trace_of("x + 1", x="2"), "f(x)").judge("ln(-1 - x²)")

    def test_the_hints_lead_to_the_equation(self):
        task = read_task(Trace(load("fabc").graph), "f(a, b, c)")
        assert task.hints[1:] == ("f = r + q", "f = 1/s + 1/c")
        assert task.judge(task.solution).right


class TestHints:
    def test_are_the_rule_the_formula_and_the_numbers(self):
        assert fabc("∂r/∂s").hints == ("r = 1/s: use the reciprocal rule.", "∂r/∂s = -1/s²", "∂r/∂s = -1/3²")

    def test_the_solution_of_every_question_is_right(self):
        backward = (TaskKind.LOCAL_DERIVATIVE, TaskKind.CONTRIBUTION, TaskKind.GRADIENT)
        for name in ("fabc", "ehg", "xyz", "chain", "ab1", "square"):
            trace = Trace(load(name).graph)
            questions = [Question(trace, TaskKind.VALUE, step) for step in range(1, trace.seed_step)]
            steps = range(trace.seed_step + 1, trace.total + 1)
            questions += [Question(trace, kind, step) for step in steps for kind in backward]
            for question in questions:
                for form in question.solution.split(" = "):
                    assert question.judge(form.partition(",")[0]).right, (name, question.ask, form)
                assert 1 <= len(question.hints) <= 3
                assert question.prompt.endswith("?")


SCENARIO = """title = "T"
[inputs]
a = 2
b = "e"
c = 3
[graph]
s = "a + ln(b)"
r = "1/s"
f = "r + 1/c"
"""


def tasks(exercises: str) -> Any:
    made = read("t.toml", (SCENARIO + exercises).encode())
    return exercise_tasks(made, Trace(made.graph))


class TestExercises:
    def test_decimals_say_how_far_an_answer_may_be_rounded(self):
        (loose, strict) = tasks('[[exercise]]\nask = "∂f/∂a"\ndecimals = 2\n[[exercise]]\nask = "∂f/∂a"\n')
        assert loose.judge("-0.11").right
        assert not loose.judge("-0.12").right
        assert not strict.judge("-0.11").right

    def test_a_gradient_asked_alone_is_helped_by_the_whole_chain(self):
        (task,) = tasks('[[exercise]]\nask = "∂f/∂a"\nhint = "By way of s."\n')
        assert task.hints == ("By way of s.", "∂f/∂a = ∂f/∂r · ∂r/∂s · ∂s/∂a", "1·(-0.1111)·1")

    def test_several_paths_are_added(self):
        made = read(
            "t.toml",
            b'title = "T"\n[inputs]\nx = 2\n[graph]\np = "3*x"\nq = "-5*x"\nf = "p + q"\n[[exercise]]\nask = "df/dx"\n',
        )
        (task,) = exercise_tasks(made, Trace(made.graph))
        formula, numbers = task.hints[1:]
        assert sorted(formula.removeprefix("∂f/∂x = ").split(" + ")) == ["∂f/∂p · ∂p/∂x", "∂f/∂q · ∂q/∂x"]
        assert sorted(numbers.split(" + ")) == ["1·(-5)", "1·3"]

    def test_a_formula_has_to_be_right_for_all_values(self):
        local, equation = tasks(
            '[[exercise]]\nask = "∂r/∂s"\nformula = true\n'
            '[[exercise]]\nask = "f"\nformula = true\nhint = "Begin at f."\n'
        )
        assert local.judge("-1/s²").right
        assert not local.judge("-1/9").right
        assert "not at" in local.judge("-1/9").sentence
        assert equation.kind is TaskKind.EQUATION
        assert equation.hints[0] == "Begin at f."
        assert equation.judge("1/(a + ln(b)) + 1/c").right
        assert not equation.judge("2/3").right


try:
    import sympy
except ImportError:  # pragma: no cover
    sympy = None

NUMBERS = st.sampled_from(["2", "3", "1/2", "0.25", "5", "1.5"])
TREES = st.recursive(
    st.one_of(st.sampled_from(["x", "y", "x", "y"]), st.sampled_from(["2", "3", "1/2"])),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: "({}){}({})".format(*parts)),
        inner.map("({})^2".format),
        inner.map("ln(2 + ({})^2)".format),
        inner.map("sin({})".format),
        inner.map("exp(-({})^2)".format),
    ),
    max_leaves=6,
)


@pytest.mark.skipif(sympy is None, reason="sympy rewrites the answers")
class TestAnyEquivalentForm:
    """SymPy differentiates and rewrites; it shares no code with the walk."""

    @given(tree=TREES, x=NUMBERS, y=NUMBERS, data=st.data())
    @settings(max_examples=12, deadline=None)
    def test_is_never_called_wrong(self, tree: str, x: str, y: str, data: st.DataObject):
        assume("x" in tree)
        values = {name: text for name, text in (("x", x), ("y", y)) if name in tree.replace("exp", "")}
        assume("x" in values)
        trace = trace_of(f"({tree}) + 0*x", **values)
        symbols = {name: sympy.Symbol(name) for name in values}
        whole = sympy.sympify(tree.replace("^", "**").replace("ln", "log"), locals=symbols, rational=True)
        exact = {symbols[name]: sympy.Rational(Fraction(text)) for name, text in values.items()}
        for ask, form in (("f", whole), ("∂f/∂x", sympy.diff(whole, symbols["x"]))):
            question = read_task(trace, ask)
            if not question.exists:
                continue
            rewrite = data.draw(
                st.sampled_from([sympy.expand, sympy.factor, sympy.together, sympy.powsimp, lambda f: f])
            )
            number = sympy.N(form.subs(exact), 40)
            for written in (rewrite(form), rewrite(form).subs(exact), form.subs(exact)):
                assert question.judge(_text(written)).right, (ask, _text(written))
            if number and number != int(number):
                digits = data.draw(st.integers(3, 15))
                assume(abs(number) > 1e-30)
                assert question.judge(f"{Decimal(str(number)):.{digits - 1}e}").right, (number, digits)
                assert not question.judge(f"{Decimal(str(number)) * Decimal('1.002'):.11e}").right

    @given(tree=TREES)
    @settings(max_examples=15, deadline=None)
    def test_nor_is_an_equation(self, tree: str):
        tree = f"({tree})*x"
        values = {name: "1.5" for name in ("x", "y") if name in tree}
        try:
            task = read_task(trace_of(tree, **values), "f()")
        except GradwalkError:
            assume(False)
        symbols = {name: sympy.Symbol(name) for name in values}
        whole = sympy.sympify(tree.replace("^", "**").replace("ln", "log"), locals=symbols, rational=True)
        assume(not whole.has(sympy.zoo, sympy.nan))
        for form in (sympy.expand(whole), sympy.factor(whole), sympy.together(whole)):
            assert task.judge(_text(form)).right, _text(form)
        assert not task.judge(f"{_text(whole)} + x/1000").right


def _text(form: Any) -> str:
    return str(form).replace("log", "ln").replace("E", "e")
