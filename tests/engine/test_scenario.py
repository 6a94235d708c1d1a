"""Scenario files and expressions from the command line: what a good one becomes."""

import math
import tomllib
from importlib import resources

import pytest
from gradwalk import scenarios
from gradwalk.engine.errors import DefinitionErrors, GradwalkError
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.library import built_in_names, library, load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.reading.scenario import read
from gradwalk.engine.reading.schema import schema
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.walk.reason import Why
from gradwalk.engine.walk.step import Phase
from gradwalk.engine.walk.trace import Trace
from jsonschema import Draft202012Validator


def scenario(content: str) -> Scenario:
    return read("mine.toml", content.encode())


def values(made: Scenario) -> dict[str, float]:
    """Every node's value by its label."""
    trace = Trace(made.graph)
    return {made.graph.label(node): float(trace.values[node]) for node in range(len(made.graph))}


class TestAFile:
    def test_its_words_are_kept(self):
        made = scenario(
            'title = "T"\nsummary = "S"\nintro = "I"\norder = 3\n[inputs]\na = 2\n[graph]\nf = "2*a"\n'
            '[[exercise]]\nask = "∂f/∂a"\nhint = "H"\n[[exercise]]\nask = "f"\n[notes]\nf = "N"\n"df/da" = "D"\n'
        )
        assert (made.name, made.title, made.summary, made.intro, made.order) == ("mine", "T", "S", "I", 3)
        assert [(exercise.ask, exercise.hint) for exercise in made.exercises] == [("∂f/∂a", "H"), ("f", "")]
        assert made.notes == {"f": "N", "∂f/∂a": "D"}

    def test_an_exercise_may_state_its_answer(self):
        made = scenario(
            'title = "T"\n[inputs]\na = 2\n[graph]\nf = "a^2/3"\n[[exercise]]\nask = "∂f/∂a"\nanswer = "4/3"\n'
            '[[exercise]]\nask = "f"\nanswer = 1.3333\ndecimals = 4\n[[exercise]]\nask = "f"\n'
        )
        assert [exercise.stated() for exercise in made.exercises] == [4 / 3, 1.3333, None]
        assert [exercise.decimals for exercise in made.exercises] == [None, 4, None]

    def test_notes_stand_at_their_steps(self):
        made = scenario(
            'title = "T"\n[inputs]\na = 2\n[graph]\nf = "2*a"\n'
            '[notes]\nf = "forward"\n"∂f/∂f" = "seed"\n"∂f/∂a" = "backward"\n'
        )
        trace = Trace(made.graph, made.notes)
        assert [trace.step(number).note for number in (1, 2, 3)] == ["forward", "seed", "backward"]

    def test_a_note_of_an_input_stands_where_its_gradient_is_written(self):
        made = scenario('title = "T"\n[inputs]\na = 2\n[graph]\nf = "2*a"\n[notes]\na = "arrived"\n')
        trace = Trace(made.graph, made.notes)
        assert [trace.step(number).note for number in (1, 2, 3)] == ["", "", "arrived"]

    def test_the_graph_may_be_written_in_any_order(self):
        made = scenario('title = "T"\noutput = "f"\n[inputs]\na = 2\n[graph]\nf = "s*t"\nt = "s + 1"\ns = "a^2"\n')
        assert values(made) == {"a": 2, "1": 1, "s": 4, "t": 5, "f": 20}

    def test_without_an_output_the_last_node_is_it(self):
        made = scenario('title = "T"\n[inputs]\na = 2\n[graph]\ns = "2*a"\nf = "s + 1"\n')
        assert made.graph.label(made.graph.output) == "f"

    def test_inputs_are_numbers_or_constant_expressions(self):
        made = scenario('title = "T"\n[inputs]\na = 2\nb = "e"\nc = "-1/3"\nd = 1e3\n[graph]\nf = "a*b*c*d"\n')
        shown = values(made)
        assert [shown[name] for name in "abcd"] == [2, math.e, -1 / 3, 1000]
        carries = {made.graph.label(node): made.graph.carries_gradient[node] for node in range(made.graph.leaf_count)}
        assert carries == {"a": True, "b": True, "c": True, "d": True}

    def test_numbers_in_the_graph_are_named_constants(self):
        made = scenario('title = "T"\n[inputs]\na = 2\n[graph]\nk = 3\np = "pi"\nr = "-2.5"\nf = "k*a + p + r"\n')
        leaves = {made.graph.label(node): made.graph.codes[node] for node in range(made.graph.leaf_count)}
        assert leaves == {"a": Leaf.INPUT, "k": Leaf.CONSTANT, "p": Leaf.CONSTANT, "r": Leaf.CONSTANT}
        assert values(made)["p"] == math.pi

    def test_a_file_that_defines_e_means_its_own(self):
        made = scenario('title = "T"\n[inputs]\ne = 2\npi = 3\n[graph]\nf = "e*pi"\n')
        assert values(made) == {"e": 2, "pi": 3, "f": 6}

    def test_unnamed_operations_are_numbered_in_reading_order(self):
        made = scenario('title = "T"\n[inputs]\na = 2\nb = 5\n[graph]\nf = "(a + b)*(a - b) + 1"\n')
        graph = made.graph
        operations = {graph.label(node): graph.expression(node) for node in range(graph.leaf_count, len(graph))}
        assert operations == {"t1": "a + b", "t2": "a - b", "t3": "t1·t2", "f": "t3 + 1"}

    def test_unnamed_operations_leave_the_names_of_the_file_alone(self):
        made = scenario('title = "T"\n[inputs]\nt1 = 2\n[graph]\nf = "t1*t1 + 1"\n')
        labels = [made.graph.label(node) for node in range(len(made.graph))]
        assert len(set(labels)) == len(labels)

    def test_a_name_used_twice_is_one_node(self):
        made = scenario('title = "T"\n[inputs]\na = 2\n[graph]\ns = "a*a"\nf = "s + s"\n')
        assert len(made.graph) == 3

    @pytest.mark.parametrize(
        "tables",
        [
            'inputs = {a = 2}\ngraph = {f = "2*a"}\n',
            'inputs.a = 2\ngraph.f = "2*a"\n',
            '"inputs"."a" = 2\n[graph]\nf = """\n2*a\n"""\n',
            "[graph]\nf = '2*a'\n[inputs]\na = 0x2\n",
        ],
    )
    def test_any_way_to_write_it_that_toml_knows_is_fine(self, tables: str):
        assert values(scenario(f'title = "T"\n{tables}')) == {"a": 2, "2": 2, "f": 4}

    def test_where_mathematics_fails_it_opens_all_the_same(self):
        made = scenario('title = "T"\n[inputs]\na = -1\n[graph]\ns = "ln(a)"\nf = "s + 9**9**9**9"\n')
        trace = Trace(made.graph)
        assert (reason := trace.step(1).undefined)
        assert reason.why is Why.OUTSIDE_DOMAIN
        assert trace.step(trace.total).undefined


class TestTheLibrary:
    def test_it_has_the_notebooks_scenarios_in_teaching_order(self):
        names = [made.name for made in library()]
        assert names[:7] == ["fabc", "ehg", "chain", "square", "ab1", "xyz", "sum"]
        assert names[7:] == ["regression", "polynomial", "logistic", "xor", "moons", "valley"]

    def test_each_opens_by_its_name(self):
        assert [load(name).name for name in built_in_names()] == built_in_names()

    def test_every_file_is_in_it(self):
        files = {file.name for file in resources.files(scenarios).iterdir() if file.name.endswith(".toml")}
        assert files == {f"{name}.toml" for name in built_in_names()}


class TestTry:
    """`gradwalk try "x*y" x=2 y=5`."""

    def test_an_expression_and_its_values_become_a_walk(self):
        made = from_expression("x*y + sin(x)", {"x": "2", "y": "5"})
        assert made.title == "x*y + sin(x)"
        assert values(made)["f"] == pytest.approx(10 + math.sin(2))

    def test_values_may_be_constant_expressions(self):
        assert values(from_expression("2*x", {"x": "-1/4"}))["x"] == -0.25

    @pytest.mark.parametrize(
        ("expression", "used", "name"),
        [
            ("2*x", ["x"], "f"),
            ("2*f", ["f"], "y"),
            ("f*y", ["f", "y"], "out"),
            ("f*y*out*f1", ["f", "y", "out", "f1"], "f2"),
        ],
    )
    def test_the_result_has_a_name_that_is_free(self, expression: str, used: list[str], name: str):
        made = from_expression(expression, dict.fromkeys(used, "2"))
        assert made.graph.label(made.graph.output) == name

    def test_e_may_be_given_a_value_of_its_own(self):
        assert values(from_expression("2*e", {"e": "3"}))["f"] == 6

    def test_an_expression_of_constants_says_that_there_is_nothing_to_derive_by(self):
        made = from_expression("2*pi", {})
        assert made.intro == "No name here has a value of its own, so there is no derivative to walk back to."
        trace = Trace(made.graph)
        assert [trace.phase(number) for number in range(1, trace.total + 1)] == [Phase.FORWARD, Phase.SEED]

    def test_the_title_of_a_long_expression_is_short(self):
        assert len(from_expression("x + " * 1000 + "x", {"x": "1"}).title) == 60

    @pytest.mark.parametrize(
        ("expression", "given", "message"),
        [
            ("x*y", {"x": "2"}, '"y" has no value\n    x*y\n      ^\n    put it after the expression: y=2'),
            ("x", {"x": "2"}, 'this has no operation to walk\n    x\n    ^\n    such as "x*y + sin(x)" x=2 y=5'),
            ("3", {}, 'this has no operation to walk\n    3\n    ^\n    such as "x*y + sin(x)" x=2 y=5'),
            ("sin + x", {"x": "2"}, 'unknown name "sin"\n    sin + x\n    ^^^\n    sin is a function: write sin(x)'),
            ("2*x", {"x": "1/0"}, "this value is infinite: too large for a 64-bit float, or 1/0\n    x=1/0\n      ^^^\n"
             "    write a finite number"),
            ("2*x", {"x": "1,5"}, 'unexpected ","\n    x=1,5\n       ^\n    the decimal sign is a point: 1.5'),
            ("2*x", {"x": ""}, "the expression is empty\n    x=\n      ^\n"
             "    an expression has numbers, names, + - * / ^, parentheses and functions such as ln(x)"),
            ("2*x", {"x": "y"}, 'unknown name "y"\n    x=y\n      ^\n    known here: e, pi, π'),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_shown(self, expression: str, given: dict[str, str], message: str):
        with pytest.raises(DefinitionErrors) as caught:
            from_expression(expression, given)
        assert str(caught.value) == message

    def test_an_input_is_not_computed_from_another(self):
        with pytest.raises(DefinitionErrors) as caught:
            from_expression("x*y", {"x": "2", "y": "x + 1"})
        assert str(caught.value) == (
            "x is another input\n    y=x + 1\n      ^\n"
            "    an input is made of numbers alone; what is computed from x is a node"
        )

    def test_all_that_is_wrong_is_said(self):
        with pytest.raises(DefinitionErrors) as caught:
            from_expression("x*y*u", {"x": "1/0", "y": "2 +"})
        assert [error.message for error in caught.value.errors] == [
            '"u" has no value',
            "this value is infinite: too large for a 64-bit float, or 1/0",
            "the expression ends too early",
        ]
        with pytest.raises(DefinitionErrors) as caught:
            from_expression("x", {"lambda": "1", "x y": "2"})
        assert len(caught.value.errors) == 2

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"x": "1", "y": "2"}, "nothing in the expression uses y=2"),
            ({"x y": "1"}, '"x y" is not a name; write values as x=2'),
            ({"": "1"}, '"" is not a name; write values as x=2'),
            ({"2": "1"}, '"2" is not a name; write values as x=2'),
        ],
    )
    def test_a_value_for_nothing_is_refused(self, given: dict[str, str], message: str):
        with pytest.raises(GradwalkError) as caught:
            from_expression("2*x", given)
        assert str(caught.value) == message


class TestTheSchema:
    """An editor completes and checks scenario files by it."""

    def test_it_accepts_every_built_in_file(self):
        for name in built_in_names():
            content = (resources.files(scenarios) / f"{name}.toml").read_text(encoding="utf-8")
            Draft202012Validator(schema()).validate(tomllib.loads(content))

    @pytest.mark.parametrize(
        "content",
        [
            '[inputs]\na = 1\n[graph]\nf = "2*a"',
            'title = "T"\nsumary = ""\n[inputs]\na = 1\n[graph]\nf = "2*a"',
            'title = "T"\n[inputs]\na = true\n[graph]\nf = "2*a"',
            'title = "T"\n[inputs]\na = 1\n[graph]\nf = ["2*a"]',
            'title = "T"\n[inputs]\na = 1\n[graph]\nf = "2*a"\n[[exercise]]\nhint = ""',
        ],
    )
    def test_it_refuses_what_the_reader_refuses(self, content: str):
        assert not Draft202012Validator(schema()).is_valid(tomllib.loads(content))
        with pytest.raises(GradwalkError):
            scenario(content)

    @pytest.mark.parametrize(
        "content",
        [
            'title = "T"\nwatch = ["g"]\n[inputs]\na = 1\n[graph]\nf = "2*a"\ng = "3*a"',
            'title = "T"\n[parameters]\nw = 1\n[loss]\nf = "w^2"\n[training]\nlearning_rate = 0.1',
        ],
    )
    def test_it_accepts_what_the_reader_accepts(self, content: str):
        Draft202012Validator(schema()).validate(tomllib.loads(content))
        assert scenario(content).graph.label(scenario(content).graph.output) == "f"

    def test_it_describes_every_key(self):
        for shape in schema()["$defs"].values():
            assert shape["description"]
            assert all(key.get("description") for key in shape["properties"].values())
