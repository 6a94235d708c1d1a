"""Names that look alike are one; what is no name, and what is called otherwise elsewhere, gets a clear sentence."""

import math
from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import pytest
from gradwalk.engine.definition import Definition
from gradwalk.engine.errors import DefinitionError, DefinitionErrors, ExpressionError, GradwalkError, ScenarioError
from gradwalk.engine.language.hints import function_elsewhere
from gradwalk.engine.language.names import FUNCTIONS, PYTHON_WORDS, is_name, name_problem, normal
from gradwalk.engine.language.parser import parse
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.reading.scenario import read
from gradwalk.engine.run.loop import forward
from gradwalk.engine.training.definition import TrainingDefinition
from gradwalk.engine.training.parts import DataDefinition, LayerDefinition, ModelDefinition, TrainingSettings
from hypothesis import given

from .training_files import fit, net, opened


def value(expression: str, given: dict[str, str] | None = None, **values: str) -> float:
    return float(forward(from_expression(expression, {**(given or {}), **values}).graph)[-1])


def complaint(expression: str, given: dict[str, str] | None = None, **values: str) -> str:
    with pytest.raises(GradwalkError) as caught:
        from_expression(expression, {**(given or {}), **values})
    return str(caught.value)


class TestOneSpelling:
    @pytest.mark.parametrize(
        ("one", "other"),
        [("\u00b5", "\u03bc"), ("\u00e9", "e\u0301"), ("\u2126", "\u03a9"), ("\u03d5", "\u03c6"), ("\uff58", "x")],
        ids=["micro", "é", "ohm", "phi", "full width"],
    )
    def test_look_alikes_are_one_name(self, one: str, other: str):
        assert value(f"2*{one}", {other: "3"}) == 6
        assert value(f"{one} + {other}", {one: "3"}) == 6
        content = f'title = "T"\n[inputs]\n"{one}" = 2\n[graph]\nf = "2*{other}"\n[notes]\n"∂f/∂{other}" = "N"\n'
        assert read("t.toml", content.encode()).notes == {f"∂f/∂{normal(one)}": "N"}

    def test_two_spellings_of_a_name_define_it_twice(self):
        content = 'title = "T"\n[inputs]\n"\u00b5" = 2\n"\u03bc" = 3\n[graph]\nf = "2*\u00b5"\n'
        with pytest.raises(ScenarioError) as caught:
            read("t.toml", content.encode())
        assert (caught.value.line, caught.value.message) == (4, "defined twice")
        assert "twice" in complaint("2*\u00b5", {"\u00b5": "1", "\u03bc": "2"})

    @pytest.mark.parametrize(("one", "other"), [("\u00b5", "\u03bc"), ("\u03bc", "\u00b5"), ("\uff21", "\U0001d400")])
    def test_a_definition_that_comes_from_no_file_knows_it(self, one: str, other: str):
        for definition in (
            Definition({one: 1, other: 2}, {"f": f"2*{one}"}),
            Definition({}, {one: "2*3", other: "3*4"}),
        ):
            with pytest.raises(DefinitionErrors) as caught:
                definition.build()
            (error,) = caught.value.errors
            assert error.message == "defined twice"
            assert replace(definition, watch=()) == definition, "a copy still has both"

    @pytest.mark.parametrize("table", ["data", "parameters", "layers", "prediction", "loss"])
    def test_nor_does_a_training_drop_one(self, table: str):
        layer = LayerDefinition("x")
        values: dict[str, dict[str, Any]] = {
            "data": {"x": [1.0, 2.0]},
            "parameters": {"w": 0.0},
            "layers": {},
            "prediction": {"h": "w*x"},
            "loss": {"cost": "mean(h^2)"},
        }
        value = {"data": [1.0, 2.0], "parameters": 1.0, "layers": layer, "prediction": "2*x", "loss": "w^2"}[table]
        values[table] = {"\u00b5": value, "\u03bc": value, **values[table]}
        model = ModelDefinition(values["loss"], values["parameters"], values["layers"], values["prediction"])
        with pytest.raises(DefinitionErrors) as caught:
            TrainingDefinition(DataDefinition(values["data"]), model, TrainingSettings(0.1)).build()
        found = [error.message for error in caught.value.errors if isinstance(error, DefinitionError)]
        assert found == ["defined twice"]

    def test_two_notes_at_one_step(self):
        definition = Definition({"\u03bc": 1}, {"f": "2*\u03bc"}, notes={"\u00b5": "N", "\u03bc": "M"})
        with pytest.raises(DefinitionErrors) as caught:
            definition.build()
        assert [error.message for error in caught.value.errors] == ["this step has a note already"]

    def test_they_are_one_in_a_training_too(self):
        made = opened(net(('inputs = "x"', 'inputs = "\u00b5"'), ("x = [1, 2, 3]", '"\u03bc" = [1, 2, 3]')))
        assert made.inputs == ("\u03bc",)

    @pytest.mark.parametrize("name", ["x\u0302", "x\u0304", "\u0915\u094d\u0937", "x₁", "变量", "_a1"])
    def test_marks_and_lowered_digits_belong_to_a_name(self, name: str):
        assert name_problem(name) is None
        assert [used.name for used in parse(f"2*{name}").names()] == [name]

    def test_lowered_digits_are_not_taken_for_others(self):
        assert value("x₁ + x1", {"x₁": "1", "x1": "10"}) == 11

    def test_letters_of_another_alphabet_are_shown_by_name(self):
        said = complaint("2*\u0430 + b", a="1")
        assert said.endswith("\u0430 is written with CYRILLIC SMALL LETTER A, and this with LATIN SMALL LETTER A")
        assert "written with CYRILLIC SMALL LETTER A" in complaint("2*\u0430", a="1")

    @given(st.text(st.characters(), min_size=1, max_size=4))
    def test_what_is_a_name_stays_one_when_it_is_spelt_otherwise(self, text: str):
        assert normal(normal(text)) == normal(text)
        if is_name(text):
            assert is_name(normal(text))
            assert normal(text) in PYTHON_WORDS or parse(normal(text)).items == parse(text).items


class TestNumbersThatAreCharacters:
    @pytest.mark.parametrize(("expression", "expected"), [("½*x", 2), ("x^½", 2), ("⅓*x", 4 / 3), ("¾ + x", 4.75)])
    def test_a_fraction_is_a_number(self, expression: str, expected: float):
        assert value(expression, x="4") == expected

    def test_a_mixed_number_is_told_how_to_be_written(self):
        assert complaint("2½*x", x="1").endswith("a mixed number is written 2.5")

    @pytest.mark.parametrize("text", ["½", "①", "²", "x½", "\u0302", "2x", ""])
    def test_they_are_no_names(self, text: str):
        assert not is_name(text)

    def test_a_digit_in_a_circle_is_neither(self):
        assert complaint("①*y", y="1").startswith('"①" is not a name')

    def test_a_mark_without_a_letter_is_said_by_its_code(self):
        assert complaint("\u0302*2").startswith("the combining mark U+0302 stands alone")


class TestPowersAfterRaisedDigits:
    @pytest.mark.parametrize(
        ("expression", "same"),
        [("x²^-1", "x^2^-1"), ("x³**-2", "x^3^-2"), ("x²^--1", "x^2^--1"), ("-x²^3", "-x^2^3"), ("x²³", "x^23")],
    )
    def test_they_are_read_as_any_other(self, expression: str, same: str):
        assert value(expression, x="1.7") == value(same, x="1.7")

    def test_the_power_on_the_right_comes_first(self):
        assert value("x²^-1", x="9") == 3


class TestWordsOfPython:
    @pytest.mark.parametrize("word", sorted(PYTHON_WORDS))
    def test_as_a_name_each_is_refused_with_one_that_is_free(self, word: str):
        assert complaint(f"2*{word} + 1").splitlines() == [
            f'"{word}" is not a name here: it is a word of Python',
            f"    2*{word} + 1",
            "      " + "^" * len(word),
            f"    {word}_1 is free",
        ]
        assert complaint(f"{word}*x", {word: "3"}, x="2") == (
            f"{word}: this name is taken: it is a word of Python; {word}_1 is free"
        )

    @pytest.mark.parametrize("head", [*sorted(PYTHON_WORDS), "l2"])
    def test_a_csv_column_called_so_gets_a_name_that_is_free(self, tmp_path, head: str):
        (tmp_path / "points.csv").write_text(f"{head},y\n1,3\n2,5\n")
        made = opened(fit(("x = [1, 2, 3]\ny = [3, 5, 8]", 'csv = "points.csv"'), ("w*x", f"w*{head}_1")), tmp_path)
        assert made.data[f"{head}_1"].tolist() == [1, 2]


class TestFunctionsByOtherNames:
    @pytest.mark.parametrize("name", ["ReLU", "RELU", "Exp", "LN", "Sigmoid", "TANH"])
    def test_capitals_are_seen_through(self, name: str):
        assert complaint(f"{name}(x)", x="1").endswith(f'did you mean "{name.lower()}"?')

    @pytest.mark.parametrize(
        ("name", "expression", "expected"),
        [
            ("sinh", "(exp(x) - exp(-x))/2", math.sinh),
            ("cosh", "(exp(x) + exp(-x))/2", math.cosh),
            ("arsinh", "ln(x + sqrt(x^2 + 1))", math.asinh),
            ("arcosh", "ln(x + sqrt(x^2 - 1))", math.acosh),
            ("log2", "ln(x)/ln(2)", math.log2),
            ("log10", "ln(x)/ln(10)", math.log10),
            ("log1p", "ln(1 + x)", math.log1p),
            ("cbrt", "x^(1/3)", math.cbrt),  # it says where: x^(1/3) of a negative number is undefined
        ],
    )
    def test_what_to_write_instead_is_the_same_function(self, name, expression, expected):
        assert expression in complaint(f"{name}(x)", x="1.3")
        assert value(expression, x="1.3") == pytest.approx(expected(1.3), rel=1e-14)

    @pytest.mark.parametrize("name", ["σ", "logistic", "expit", "sigma"])
    def test_the_logistic_function(self, name: str):
        assert complaint(f"{name}(x)", x="1").endswith("the logistic function is written sigmoid(x)")

    @pytest.mark.parametrize("name", ["arcsin", "acos", "arctan", "atan2"])
    def test_where_there_is_none_it_is_said(self, name: str):
        assert "is not among the functions" in complaint(f"{name}(x)", x="1")

    @pytest.mark.parametrize("expression", ["cbrt(x)", "∛x", "root(x)"])
    def test_a_root_by_a_power_is_one_of_positive_numbers(self, expression: str):
        assert "x > 0" in complaint(expression, x="8")

    @pytest.mark.parametrize("name", FUNCTIONS)
    def test_no_function_is_called_something_else(self, name: str):
        assert function_elsewhere(name, "") == ""

    def test_the_name_of_a_library_is_left_out(self):
        assert complaint("np.exp(x)", x="1").endswith("leave out np. before a function")

    @pytest.mark.parametrize(
        ("old", "new", "hint"),
        [
            ('"tanh"', '"ReLU"', 'did you mean "relu"?'),
            ('"tanh"', '"σ"', 'the logistic function is called "sigmoid"'),
            ('"tanh"', '"linear"', "leave activation out: then a neuron is its weighted sum"),
            ("epochs = 5", 'optimizer = "SGD"', 'did you mean "sgd"?'),
            ("epochs = 5", 'optimizer = "gradient descent"', 'gradient descent is called "sgd"'),
            ("epochs = 5", 'optimizer = "AdamW"', 'the nearest is "adam"'),
            ("epochs = 5", 'optimizer = "Nesterov"', 'the nearest is "momentum"'),
            ("epochs = 5", 'optimizer = "heavy ball"', 'gradient descent with momentum is called "momentum"'),
        ],
    )
    def test_activations_and_optimizers(self, old: str, new: str, hint: str):
        with pytest.raises(ScenarioError) as caught:
            opened(net((old, new)))
        assert caught.value.hint == hint


class TestMaxAndMin:
    @given(st.lists(st.integers(-9, 9), min_size=2, max_size=6))
    def test_of_many_is_that_of_all(self, numbers: list[int]):
        arguments = ", ".join(f"x*{number}" for number in numbers)
        assert value(f"max({arguments})", x="1") == max(numbers)
        assert value(f"min({arguments})", x="1") == min(numbers)

    def test_they_are_folded_from_the_left(self):
        graph = from_expression("max(x, y, z)", {"x": "1", "y": "2", "z": "3"}).graph
        assert [graph.expression(node) for node in range(graph.leaf_count, len(graph))] == ["max(x, y)", "max(t1, z)"]

    def test_one_argument_is_too_few(self):
        with pytest.raises(ExpressionError, match="max takes at least 2 arguments, not 1"):
            parse("max(x)")


class TestTypographicQuotes:
    @pytest.mark.parametrize(
        ("line", "right"),
        [
            ("f = “2*a”", 'f = "2*a"'),
            ("f = „2*a“", 'f = "2*a"'),
            ("f = «2*a»", 'f = "2*a"'),
            ("f = ‘2*a’", "f = '2*a'"),
            ('f = "2*a”', 'f = "2*a"'),
            ('“f” = "2*a"', '"f" = "2*a"'),
        ],
    )
    def test_the_line_is_shown_with_straight_ones(self, line: str, right: str):
        head = 'title = "T"\n[inputs]\na = 2\n[graph]\n'
        with pytest.raises(ScenarioError) as caught:
            read("t.toml", f"{head}{line}\n".encode())
        assert caught.value.hint == f"write straight quotes: {right}"
        assert read("t.toml", f"{head}{right}\n".encode()).graph.label(2) == "f"

    def test_in_an_expression_they_are_named(self):
        assert complaint("“x*y”", x="1", y="2").startswith("quotes are not part of an expression: write straight ones")
