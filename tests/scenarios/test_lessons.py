"""The lessons of the built-in course: every step has its words, and the words and the answers are right.

The values and partials come from mpmath, which differentiates the functions written here, or were worked out by
hand.
"""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import mpmath
import pytest
from gradwalk import scenarios
from gradwalk.engine.courses import load_course, open_lesson
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.language.parser import parse
from gradwalk.engine.library import load
from gradwalk.engine.run.plan import run
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.study.level import Level
from gradwalk.engine.study.stated_answers import check_answers
from gradwalk.engine.study.task import TaskKind
from gradwalk.engine.walk.trace import Trace

from .test_built_in import computed, equations

FOLDER = Path(next(iter(scenarios.__path__))) / "lessons"


def sigmoid(z: mpmath.mpf) -> mpmath.mpf:
    return 1 / (1 + mpmath.exp(-z))


FUNCTIONS: dict[str, Callable[..., mpmath.mpf]] = {
    "addition": lambda a, b: a + b,
    "multiplication": lambda a, b: a * b,
    "reciprocal": lambda x: 1 / x,
    "logarithm": lambda x: mpmath.log(x),
    "squaring": lambda x: x**2,
    "chain_rule": lambda x: 1 / (3 * x),
    "contributions": lambda x: x**2 + 4 * x,
    "two_samples": lambda w, b: ((b + 2 * w - 5) ** 2 + (b + 6 * w - 27) ** 2) / 2,
    "neuron": lambda w, x, b: sigmoid(w * x + b),
    "saturated_neuron": lambda w, x, b: sigmoid(w * x + b),
    "long_products": lambda x, y: x / 256 + 81 * y,
    "second_derivative": lambda x: mpmath.diff(lambda t: (t**2 + 1) ** 2, x),
}
"""Each lesson's function, of the inputs in their order."""

BY_HAND: dict[str, dict[str, float]] = {
    "addition": {"f": 7, "∂f/∂a": 1},
    "multiplication": {"∂f/∂a": 5, "∂f/∂b": 3},
    "reciprocal": {"f": 0.2, "∂f/∂x": -0.04},
    "logarithm": {"f": 1.3862943611198906, "∂f/∂x": 0.25},
    "squaring": {"∂f/∂x": 6},
    "chain_rule": {"∂u/∂x": 3, "∂f/∂u": -1 / 36, "∂f/∂x": -1 / 12},
    "contributions": {"∂q/∂x": 6, "∂f/∂x": 10},
    "two_samples": {"∂cost/∂q1": 0.5, "∂q1/∂r1": 6, "∂cost/∂b": -4, "∂cost/∂w": -36},
    "neuron": {"y": 0.5, "∂y/∂z": 0.25, "∂y/∂w": 0.75},
    "saturated_neuron": {"z": 8, "∂y/∂z": 0.00033523767075636815, "∂y/∂w": 0.0010057130122691044},
    "dead_neuron": {"z2": -2, "∂y2/∂z2": 0, "∂u2/∂w": 3, "∂f/∂w": 0},
    "long_products": {"∂f/∂u2": 0.0625, "∂f/∂x": 0.00390625, "∂f/∂y": 81},
    "second_derivative": {"g": 120, "∂g/∂u": 12, "∂g/∂x": 112},
}
"""The numbers that each lesson asks for, and what they are."""

EQUATIONS = {"chain_rule": "f(x)", "long_products": "f(x, y)", "second_derivative": "g(x)"}
"""The lessons that ask for an equation, and how."""


def lesson(name: str) -> Scenario:
    return load(str(FOLDER / f"{name}.toml"))


def test_every_file_is_tested():
    assert sorted(file.stem for file in FOLDER.iterdir()) == sorted(BY_HAND)


@pytest.mark.parametrize("name", BY_HAND)
class TestEveryLesson:
    def test_asks_what_it_teaches(self, name: str):
        scenario = lesson(name)
        equation = EQUATIONS.get(name)
        answers = {exercise.ask: exercise.stated() for exercise in scenario.exercises if exercise.ask != equation}
        assert answers == pytest.approx(BY_HAND[name])
        assert (equation in [exercise.ask for exercise in scenario.exercises]) == (name in EQUATIONS)
        assert all(exercise.hint for exercise in scenario.exercises)
        checks = check_answers(scenario.graph, run(scenario.graph), scenario.exercises)
        assert [check.ask for check in checks if not check.agrees] == []

    def test_has_something_to_say_at_every_step_and_each_thing_once(self, name: str):
        scenario = lesson(name)
        assert scenario.intro
        assert 0 < len(scenario.title) <= 60
        assert 0 < len(scenario.summary) <= 72
        trace = Trace(scenario.graph, scenario.notes)
        notes = [trace.step(number).note for number in range(1, trace.total + 1)]
        assert all(notes)
        assert len({*notes} - {"The seed."}) == len([note for note in notes if note != "The seed."])

    def test_says_it_briefly(self, name: str):
        """At 80x24 a note has room for three or four lines below the numbers."""
        scenario = lesson(name)
        assert [note for note in scenario.notes.values() if len(note) > 240] == []
        assert len(scenario.intro) <= 300

    def test_claims_only_what_is_true(self, name: str):
        scenario = lesson(name)
        said = (scenario.summary, scenario.intro, *scenario.notes.values(), *(e.hint for e in scenario.exercises))
        for equation in (equation for text in said for equation in equations(text)):
            sides = [computed(side, scenario) for side in equation.split("=")]
            assert sides == pytest.approx([sides[0]] * len(sides), rel=1e-12), equation

    def test_gives_nothing_away_before_the_walk(self, name: str):
        """The words above the first step state none of the answers, apart from numbers that are given."""
        scenario = lesson(name)
        for text in (scenario.title, scenario.summary, scenario.intro):
            for left, *_, right in (equation.split("=") for equation in equations(text)):
                is_number = right.strip().lstrip("-").replace(".", "").isdigit()
                assert not (is_number and left.strip() in BY_HAND[name]), text


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_walk_is_that_of_the_function(name: str):
    scenario = lesson(name)
    trace = Trace(scenario.graph, scenario.notes)
    end = trace.state(trace.total)
    assert scenario.definition is not None
    point = [mpmath.mpf(scenario.definition.input_value(label)) for label in scenario.definition.inputs]
    function = FUNCTIONS[name]
    assert end.value(scenario.graph.output) == pytest.approx(float(function(*point)))
    for place, label in enumerate(scenario.definition.inputs):
        order = tuple(int(place == other) for other in range(len(point)))
        partial = mpmath.diff(function, tuple(point), order)
        assert end.gradient(scenario.graph.find(label)) == pytest.approx(float(partial), rel=1e-9)


@pytest.mark.parametrize("name", EQUATIONS)
def test_the_equation_is_that_of_the_function(name: str):
    scenario = lesson(name)
    assert scenario.definition is not None
    (stated,) = (exercise.answer for exercise in scenario.exercises if exercise.ask == EQUATIONS[name])
    formula = parse(str(stated))
    for shift in (0.0, 0.5, 1.25):
        point = {label: float(value) + shift for label, value in scenario.definition.inputs.items()}
        tape = Tape()
        known = {label: tape.leaf(value, Leaf.INPUT, label) for label, value in point.items()}
        value = tape.values[formula.record(tape, known)]
        assert value == pytest.approx(float(FUNCTIONS[name](*point.values())))


class TestTheNotebooksExercise:
    """f = 1/(a + ln(b)) + 1/c at 2, e, 3: the hashes are the notebook's own, md5 of float32 [round(value, 4)]."""

    HASHES: ClassVar = {
        "∂f/∂a": "2fb0a82d3fe965c8a0d9ce85970058d8",
        "∂f/∂b": "b6bfa6042c097c90ab76a61300d2429a",
        "∂f/∂c": "2fb0a82d3fe965c8a0d9ce85970058d8",
    }

    def test_states_hashes_and_no_answers(self):
        exercises = load("fabc").exercises
        assert {exercise.ask: exercise.hash for exercise in exercises} == self.HASHES
        assert [exercise.answer for exercise in exercises] == [None] * 3

    def test_is_solved_in_the_course(self):
        course = load_course()
        opened = open_lesson(course, next(each for each in course.lessons if each.scenario == "fabc"))
        answers = {"∂f/∂a": ("-1/9", "-0.1111"), "∂f/∂b": ("-1/(9*e)", "-0.0409"), "∂f/∂c": ("-1/c^2", "-0.1111")}
        for task in opened.tasks[:3]:
            for answer in answers[task.ask]:
                assert task.judge(answer).right, answer
            assert not task.judge("0.1111").right
        assert opened.tasks[3].judge("1/c + 1/(ln(b) + a)").right
        assert not opened.tasks[3].judge("1/c + 1/(ln(b)*a)").right


class TestTheBuiltInCourse:
    def test_names_every_lesson_once_and_the_functions_of_the_notebook(self):
        course = load_course()
        named = [Path(lesson.scenario).stem for lesson in course.lessons]
        assert len(named) == len({*named}) == 20
        assert {*BY_HAND, "xyz", "chain", "ab1", "square", "ehg", "fabc", "regression"} == {*named}
        assert [lesson.problem for lesson in course.lessons if lesson.problem] == []

    def test_asks_something_in_every_lesson(self):
        course = load_course()
        kinds: set[TaskKind] = set()
        for each in course.lessons:
            opened = open_lesson(course, each)
            assert opened.tasks, each.name
            assert all(task.hints for task in opened.tasks), each.name
            kinds.update(task.kind for task in opened.tasks)
        assert kinds == {TaskKind.VALUE, TaskKind.LOCAL_DERIVATIVE, TaskKind.GRADIENT, TaskKind.EQUATION}

    def test_takes_no_wrong_number_for_right(self):
        course = load_course()
        for each in course.lessons:
            for task in open_lesson(course, each).tasks:
                if task.kind is not TaskKind.EQUATION:
                    assert [wrong for wrong in ("7.77", "-13", "1/17", "1000") if task.judge(wrong).right] == [], (
                        task.ask
                    )

    def test_shows_a_new_idea_before_it_asks_for_it(self):
        """The first lesson of a kind is a worked example; later ones ask more."""
        levels = {Path(lesson.scenario).stem: lesson.level for lesson in load_course().lessons}
        assert levels["addition"] is levels["chain_rule"] is levels["contributions"] is Level.WORKED_EXAMPLE
        order = [*Level]
        asked = [order.index(level) for level in levels.values() if level]
        assert sum(asked[:10]) < sum(asked[10:])

    def test_speaks_of_its_number_of_lessons(self):
        course = load_course()
        assert "Twenty" in course.summary
        assert len(course.lessons) == 20
