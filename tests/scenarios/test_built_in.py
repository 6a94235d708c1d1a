"""The built-in scenarios as lessons: every step has its words, and what the words claim is true."""

import math
import re

import pytest
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.language.names import NAME
from gradwalk.engine.language.parser import parse
from gradwalk.engine.library import built_in_names, load
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.walk.trace import Trace

LESSONS = ("fabc", "ehg", "chain", "square", "ab1", "xyz", "sum")
ANSWERS = {
    "fabc": (2 / 3, {"a": -1 / 9, "b": -1 / (9 * math.e), "c": -1 / 9}),
    "ehg": (-12, {"w1": 3, "x1": -6, "w2": -6, "x2": -9, "w3": 6, "x3": -8}),
    "chain": (20, {"w": 12, "v": 8, "y": 4, "z": 5}),
    "square": (100, {"a": 180, "b": 120}),
    "ab1": (3, {"a": 2, "b": 1}),
    "xyz": (7, {"x": 1, "y": 3, "z": 2}),
    "sum": (9, {"a": 1, "b": 1}),
}


def walked(scenario: Scenario) -> Trace:
    return Trace(scenario.graph, scenario.notes)


@pytest.mark.parametrize("name", ANSWERS)
class TestEveryNotebookScenario:
    def test_has_the_value_and_the_partials_of_the_notebook(self, name: str):
        trace = walked(load(name))
        end = trace.state(trace.total)
        value, partials = ANSWERS[name]
        assert end.value(trace.graph.output) == pytest.approx(value)
        for label, partial in partials.items():
            assert end.gradient(trace.graph.find(label)) == pytest.approx(partial)

    def test_claims_only_what_is_true(self, name: str):
        scenario = load(name)
        for text in (
            scenario.title,
            scenario.summary,
            scenario.intro,
            *scenario.notes.values(),
            *(e.hint for e in scenario.exercises),
        ):
            for equation in equations(text):
                sides = [computed(side, scenario) for side in equation.split("=")]
                assert sides == pytest.approx([sides[0]] * len(sides), rel=1e-12), equation


@pytest.mark.parametrize("name", built_in_names())
class TestEveryScenario:
    def test_has_a_title_and_a_summary_that_fit_the_library(self, name: str):
        scenario = load(name)
        assert 0 < len(scenario.title) <= 60
        assert 0 < len(scenario.summary) <= 120

    def test_has_nothing_undefined_in_it(self, name: str):
        trace = walked(load(name))
        assert not trace.undefined_values.any()
        assert not trace.undefined_contributions.any()


@pytest.mark.parametrize("name", LESSONS)
class TestEveryLesson:
    """Walked with the right-arrow key alone, it explains itself."""

    def test_begins_with_words(self, name: str):
        assert load(name).intro

    def test_says_something_at_every_step(self, name: str):
        trace = walked(load(name))
        silent = [trace.step(number).name for number in range(1, trace.total + 1) if not trace.step(number).note]
        assert silent == []

    def test_says_each_thing_once(self, name: str):
        """A step that repeats a note is another path of the same edge, as in b·b."""
        trace = walked(load(name))
        said: dict[str, str] = {}
        for number in range(1, trace.total + 1):
            step = trace.step(number)
            place = f"{step.phase} {step.expression}"
            assert said.setdefault(step.note, place) == place

    def test_claims_numbers_that_can_be_checked(self, name: str):
        notes = load(name).notes.values()
        assert sum(len(list(equations(note))) for note in notes) >= 3


def equations(text: str) -> list[str]:
    """Find the equations in a sentence: chains of formulas joined by =, such as `h = 4` or `20 · 9 = 180`."""
    text = re.sub(r"\b(?:is|it|at|and|so|then|So|by)\b", ";", text)
    chain = re.compile(rf"{SIDE}(?:\s*=\s*{SIDE})+")
    return [found[0].strip(" .,;:") for found in chain.finditer(text)]


TERM = rf"(?:∂{NAME.pattern}/∂{NAME.pattern}|[\d.]*\d|ln\((?:{NAME.pattern}|[\d.]+)\)|{NAME.pattern})[²³]?"
GROUP = rf"(?:\((?:[^()]|\([^()]*\))*\)[²³]?|{TERM})"
SIDE = rf"-?{GROUP}(?:\s?[-+·/*]\s?-?{GROUP})*"


def computed(side: str, scenario: Scenario) -> float:
    """Compute a formula that speaks of the scenario's nodes and derivatives."""
    trace = walked(scenario)
    graph = trace.graph
    tape = Tape()
    known = {graph.label(node): tape.leaf(float(trace.values[node]), Leaf.INPUT) for node in range(len(graph))}

    def derivative(match: re.Match[str]) -> str:
        name = f"d{len(known)}_"
        known[name] = tape.leaf(derivative_of(trace, match["of"], match["by"]), Leaf.INPUT)
        return name

    formula = re.sub(rf"∂(?P<of>{NAME.pattern})/∂(?P<by>{NAME.pattern})", derivative, side)
    return tape.values[parse(formula).record(tape, known)]


def derivative_of(trace: Trace, of: str, by: str) -> float:
    """The whole derivative of the output, or else a local one."""
    node = trace.graph.find(by)
    if of == trace.graph.label(trace.graph.output):
        gradient = trace.state(trace.total).gradient(node)
        assert gradient is not None
        return gradient
    factors = [trace.step(number).factor for number in trace.gradient_steps(node)]
    return sum(factor.local for factor in factors if factor and factor.consumer_name == of)


class TestTheCheckItself:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("The first branch: h = 4.", ["h = 4"]),
            ("so 3·3 = 9 in all", ["3·3 = 9"]),
            ("∂c/∂s = z = 4, and", ["∂c/∂s = z = 4"]),
            ("∂f/∂b = -1/9 · 1/e = -1/(9·e).", ["∂f/∂b = -1/9 · 1/e = -1/(9·e)"]),
            ("60 + 60 = 120", ["60 + 60 = 120"]),
            ("no equation, 4 here", []),
        ],
    )
    def test_finds_the_equations(self, text: str, found: list[str]):
        assert equations(text) == found

    def test_would_notice_a_wrong_one(self):
        assert computed("h", load("ehg")) != computed("5", load("ehg"))
        assert computed("∂E/∂h", load("ehg")) == -3
