"""Expressions: what they mean, and what is said of those that mean nothing."""

import math

import hypothesis.strategies as st
import pytest
from gradwalk.engine.errors import ExpressionError
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.language.expression import Apply, Literal, NameUse
from gradwalk.engine.language.parser import MAX_NESTING, parse
from hypothesis import given

KNOWN = {"x": 3.0, "y": -2.0, "z": 0.5, "n": 3.0, "x₁": 7.0, "α": 1.5}


def computed(text: str) -> float:
    tape = Tape()
    nodes = {name: tape.leaf(value, Leaf.INPUT, name) for name, value in KNOWN.items()}
    return tape.values[parse(text).record(tape, nodes)]


class TestMeaning:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("1 + 2*3", 7),
            ("(1 + 2)*3", 9),
            ("10 - 2 - 3", 5),
            ("12/2/3", 2),
            ("2*6/3*2", 8),
            ("-2^2", -4),
            ("(-2)^2", 4),
            ("2^-2", 0.25),
            ("2^3^2", 512),
            ("2**3", 8),
            ("--2", 2),
            ("2 - -2", 4),
            ("+3", 3),
            ("-x²", -9),
            ("x³", 27),
            ("x⁻¹", 1 / 3),
            ("x¹⁰", 59049),
            ("2·x", 6),
            ("2×x", 6),
            ("2⋅x", 6),
            ("6÷x", 2),
            ("5−x", 2),
            ("−x", -3),
            ("1/x", 1 / 3),
            ("2/x", 2 / 3),
            ("1/x/x", 1 / 9),
            ("2*1/x", 2 / 3),
            ("x^n", 27),
            ("x^(n - 1)", 9),
            ("2e3 + 1.5E-1 + .5 + 2.", 2002.65),
            ("e", math.e),
            ("2*pi + π", 3 * math.pi),
            ("x₁ + α", 8.5),
            ("min(x, y) + max(x, y)", 1),
            ("sum(x, y, z) + mean(x, y) + sum(x)", 5),
            ("ln(exp(x))", 3),
            ("abs(y) + sign(y) + step(y) + relu(y)", 1),
            (" x\t+\n y ", 1),
            ("reciprocal(x) + square(x) + pow(x, 2)", 18 + 1 / 3),
        ],
    )
    def test_it_is_what_a_book_says(self, text: str, value: float):
        assert computed(text) == pytest.approx(value)

    def test_one_over_x_is_an_operation_of_its_own(self):
        assert parse("1/x").items == (NameUse("x", 2), Apply("reciprocal", 1))
        assert parse("2/x").items == (Literal(2.0), NameUse("x", 2), Apply("div", 2))
        assert parse("1/(x + 1)").items[-1] == Apply("reciprocal", 1)

    def test_a_second_power_is_a_square(self):
        assert [parse(text).items[-1] for text in ("x^2", "x**2", "x²", "x^(2)")] == [Apply("square", 1)] * 4
        assert parse("x^(n*2)").items[-1] == Apply("pow", 2)

    def test_a_minus_in_front_of_a_number_is_part_of_it(self):
        assert parse("-2").items == (Literal(-2.0),)
        assert parse("-(2)").items == (Literal(-2.0),)

    def test_its_names_come_in_reading_order(self):
        assert [name.name for name in parse("b*a + ln(c) - b").names()] == ["b", "a", "c", "b"]

    def test_own_names_win_over_constants(self):
        tape = Tape()
        own = tape.leaf(5.0, Leaf.INPUT, "e")
        assert tape.values[parse("e + 1").record(tape, {"e": own})] == 6.0

    def test_where_it_is_undefined_it_is_nan_or_infinite(self):
        assert math.isnan(parse("ln(-1)").compute())
        assert parse("1/0").compute() == math.inf
        assert parse("9**9**9**9").compute() == math.inf

    @given(st.recursive(st.sampled_from(["x", "y", "z", "2.5", "e"]), lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" + ", "-", "*", "/"]), inner).map("".join),
        inner.map("({})".format),
        inner.map("-({})".format),
        inner.map("sin({})".format),
        inner.map("({})**2".format),
    ), max_leaves=12))  # fmt: skip
    def test_it_means_what_the_same_text_means_to_python(self, text: str):
        try:
            expected = eval(text, {"sin": math.sin, "e": math.e, **KNOWN})  # of our own making
        except (ArithmeticError, ValueError):
            return
        assert computed(text) == pytest.approx(expected, rel=1e-9, abs=1e-9)


class TestSize:
    @pytest.mark.parametrize(
        ("text", "operations"),
        [
            ("+".join(["x"] * 100_000), 99_999),
            ("/".join(["x"] * 30_000), 29_999),
            ("*".join(["1/x"] * 15_000), 29_999),
            ("x" + " + 1/x - -x" * 7_500, 30_000),
        ],
        ids=["sums", "quotients", "reciprocals", "mixed"],
    )
    def test_very_many_operations_are_read(self, text: str, operations: int):
        tape = Tape()
        parse(text).record(tape, {"x": tape.leaf(1.0, Leaf.INPUT, "x")})
        assert sum(code >= 0 for code in tape.codes) == operations

    @pytest.mark.parametrize("opening", ["(", "-", "sin(", "2^", "x*(", "-("])
    def test_nesting_to_the_limit_needs_no_more_stack_than_python_has(self, opening: str):
        depth = MAX_NESTING // (2 if opening == "-(" else 1)
        text = opening * depth + "x" + ")" * (depth if "(" in opening else 0)
        assert on_a_deep_stack(lambda: len(parse(text).items), frames=150) >= 1

    @pytest.mark.parametrize("opening", ["(", "-", "sin(", "2^", "x*(", "-(", "2**-"])
    def test_nested_ten_thousand_deep_is_refused(self, opening: str):
        with pytest.raises(ExpressionError, match=f"nested more than {MAX_NESTING} deep"):
            parse(opening * 10_000 + "x" + ")" * 10_000)


def on_a_deep_stack(call, frames: int):
    return call() if frames == 0 else on_a_deep_stack(call, frames - 1)


class TestErrors:
    """Each says what is wrong, shows where, and what would be right."""

    @pytest.mark.parametrize(
        ("text", "message", "marked"),
        [
            ("", "the expression is empty", ""),
            ("   ", "the expression is empty", " "),
            ("x +", "the expression ends too early", ""),
            ("x + * y", 'unexpected "*"', "*"),
            ("(x", "this parenthesis is never closed", "("),
            ("sin(x", "this parenthesis is never closed", "("),
            ("x)", 'unexpected ")"', ")"),
            ("()", 'unexpected ")"', ")"),
            ("2x", 'unexpected "x"', "x"),
            ("x y", 'unexpected "y"', "y"),
            ("x 2", 'unexpected "2"', "2"),
            ("2(x)", 'unexpected "("', "("),
            ("(x)(y)", 'unexpected "("', "("),
            ("x²2", 'unexpected "2"', "2"),
            ("²", 'unexpected "²"', "²"),
            ("1,5", 'unexpected ","', ","),
            ("x.real", "attribute access is not part of an expression", "."),
            ("x[0]", "subscripts are not part of an expression", "["),
            ("[1, 2]", "subscripts are not part of an expression", "["),
            ("'x'", "strings are not part of an expression", "'"),
            ('"x"', "strings are not part of an expression", '"'),
            ("f'{x}'", "strings are not part of an expression", "'"),
            ("lambda x: x", '"lambda" is not part of an expression', "lambda"),
            ("x if y else z", '"if" is not part of an expression', "if"),
            ("sum(x for x in y)", '"for" is not part of an expression', "for"),
            ("{x}", "braces are not part of an expression", "{"),
            ("x := 2", "a colon is not part of an expression", ":"),
            ("x = 2", "an expression has no = in it: leave out what stands before it", "="),
            ("x < 2", "comparisons are not part of an expression", "<"),
            ("|x|", "the absolute value is written abs(x)", "|"),
            ("√x", "the square root is written sqrt(x)", "√"),
            ("x % 2", 'unexpected "%"', "%"),
            ("x // 2", 'unexpected "/"', "/"),
            ("x; y", 'unexpected ";"', ";"),
            ("__import__('os')", 'unknown function "__import__"', "__import__"),
            ("eval(x)", 'unknown function "eval"', "eval"),
            ("x(2)", 'unknown function "x"', "x"),
            ("arctan(x)", 'unknown function "arctan"', "arctan"),
            ("min(x)", "min takes at least 2 arguments, not 1", "min"),
            ("pow(x, y, z)", "pow takes 2 arguments, not 3", "pow"),
            ("sin()", "sin takes 1 argument, not 0", "sin"),
            ("mean()", "mean takes at least 1 argument, not 0", "mean"),
            ("1e999", "this number is too large for a 64-bit float", "1e999"),
            ("x^" + "9" * 400, "this number is too large for a 64-bit float", "9" * 400),
            ("x⁹" + "⁹" * 400, "this number is too large for a 64-bit float", "⁹" * 401),
            ("x + \x00", 'unexpected "\x00"', "\x00"),
        ],
    )
    def test_it_marks_the_very_characters(self, text: str, message: str, marked: str):
        with pytest.raises(ExpressionError) as caught:
            parse(text)
        error = caught.value
        assert error.message == message
        assert error.text[error.position : error.position + error.length] == marked

    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("sinn(x)", 'did you mean "sin"?'),
            ("sigmoit(x)", 'did you mean "sigmoid"?'),
            ("log(x)", "the natural logarithm is written ln(x)"),
            ("2x", "an operator is missing: for a product write 2*x"),
            ("2(x)", "an operator is missing here: for a product write *("),
            ("1,5*x", "the decimal sign is a point: 1.5"),
            ("x)", "no parenthesis is open here"),
            ("x +", "a number, a name or a parenthesis is missing"),
        ],
    )
    def test_it_says_what_would_be_right(self, text: str, hint: str):
        with pytest.raises(ExpressionError) as caught:
            parse(text)
        assert caught.value.hint == hint

    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("alpha + bete", 'did you mean "beta"?'),
            ("q", "known here: alpha, beta, e, pi, π"),
            ("sin + 1", "sin is a function: write sin(x)"),
        ],
    )
    def test_an_unknown_name_has_its_neighbours_named(self, text: str, hint: str):
        tape = Tape()
        nodes = {name: tape.leaf(1.0, Leaf.INPUT, name) for name in ("alpha", "beta")}
        with pytest.raises(ExpressionError, match="unknown name") as caught:
            parse(text).record(tape, nodes)
        assert caught.value.hint == hint

    def test_the_message_shows_the_place(self):
        with pytest.raises(ExpressionError) as caught:
            parse("x + sinn(y)")
        assert str(caught.value).splitlines() == [
            'unknown function "sinn"',
            "    x + sinn(y)",
            "        ^^^^",
            '    did you mean "sin"?',
        ]

    def test_after_tabs_wide_letters_and_accents_the_caret_still_points(self):
        with pytest.raises(ExpressionError) as caught:
            parse("数\t+ ä @")
        assert str(caught.value).splitlines()[1:3] == [
            "    数 + ä @",
            "           ^",  # 数 takes two cells
        ]

    def test_of_a_long_expression_it_shows_the_part(self):
        with pytest.raises(ExpressionError) as caught:
            parse("x + " * 1000 + "$" + " + x" * 1000)
        shown, carets = str(caught.value).splitlines()[1:3]
        assert shown.strip().startswith("…")
        assert shown.endswith("…")
        assert len(shown) <= 80
        assert shown[carets.index("^")] == "$"

    def test_nothing_that_a_terminal_obeys_gets_into_it(self):
        with pytest.raises(ExpressionError) as caught:
            parse("x + \x1b[31m")
        assert "\x1b" not in str(caught.value)

    def test_a_very_long_name_does_not_make_a_very_long_message(self):
        with pytest.raises(ExpressionError) as caught:
            parse("x" * 100_000).compute()
        assert len(str(caught.value)) < 500


@given(
    st.text(alphabet="xyz0123456789.eE+-*/^()·²³⁻, |\"'[]{}=<>:;!@#$%&_\\\t\nsincolgπλ\u2028\x00\u0301数", max_size=60)
)
def test_any_text_is_an_expression_or_an_expression_error(text: str):
    try:
        parse(text)
    except ExpressionError as error:
        assert 0 <= error.position <= len(text)
        assert str(error)


@given(st.text(max_size=200))
def test_so_is_any_text_at_all(text: str):
    try:
        parse(text)
    except ExpressionError as error:
        assert all(line.isprintable() for line in str(error).splitlines())
