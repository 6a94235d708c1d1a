"""Course files: what they make, what is said of a wrong one, and their schema."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from gradwalk.engine.courses import OpenLesson, built_in_courses, load_course, load_lesson, open_lesson
from gradwalk.engine.errors import GradwalkError, ScenarioError
from gradwalk.engine.library import load
from gradwalk.engine.reading.course_schema import schema
from gradwalk.engine.shelf import Shelf
from gradwalk.engine.study.level import Level
from jsonschema import Draft202012Validator

OWN = """
title   = "Squares"
summary = "A square, and its slope."
intro   = "Take your time."
[inputs]
x = 3
[graph]
f = "x^2"
[[exercise]]
ask = "∂f/∂x"
answer = 6
"""

COURSE = """
title   = "Two lessons"
summary = "A short one."
intro   = "Begin with the first."

[[lesson]]
scenario = "parts/square.toml"
title    = "The power rule"
predict  = "last factor"

[[lesson]]
name      = "again"
scenario  = "fabc"
summary   = "Five operations."
intro     = "Now alone."
exercises = ["∂f/∂c", "∂r/∂s"]
stop      = "∂r/∂s"
"""


def write(folder: Path, course: str = COURSE) -> Path:
    (folder / "parts").mkdir(exist_ok=True)
    (folder / "parts" / "square.toml").write_text(OWN)
    (folder / "my.toml").write_text(course)
    return folder / "my.toml"


def problem(folder: Path, course: str) -> str:
    path = write(folder, course)
    with pytest.raises(ScenarioError) as error:
        load_course(str(path))
    return str(error.value).replace(str(folder) + "/", "")


class TestReading:
    def test_a_lesson_has_its_own_words_or_those_of_its_scenario(self, tmp_path: Path) -> None:
        course = load_course(str(write(tmp_path)))
        assert (course.name, course.title, course.intro) == ("my", "Two lessons", "Begin with the first.")
        first, second = course.lessons
        assert (first.name, first.title, first.summary) == ("square", "The power rule", "A square, and its slope.")
        assert (first.level, first.exercises, first.stop) == (Level.LAST_FACTOR, None, "")
        assert (second.name, second.title, second.summary) == ("again", load("fabc").title, "Five operations.")
        assert (second.level, second.exercises, second.stop) == (None, ("∂f/∂c", "∂r/∂s"), "∂r/∂s")
        assert course.after(first) is second
        assert course.after(second) is None

    def test_a_path_leads_from_the_folder_of_the_course(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path)
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        course = load_course("../my.toml")
        scenario = load_lesson(course, course.lessons[0])
        assert (scenario.title, scenario.intro) == ("The power rule", "Take your time.")
        assert scenario.path == tmp_path / "parts" / "square.toml"
        assert course.path == tmp_path / "my.toml"
        assert load_lesson(course, course.lessons[1]).intro == "Now alone."

    def test_every_built_in_course_can_be_read_and_so_can_its_lessons(self) -> None:
        for name in built_in_courses():
            course = load_course(name)
            assert course.place == name
            for lesson in course.lessons:
                assert load_lesson(course, lesson).path is None

    def test_a_scenario_that_cannot_be_read_is_a_problem_of_its_lesson_alone(self, tmp_path: Path) -> None:
        path = write(tmp_path)
        (tmp_path / "parts" / "square.toml").write_text("summary = 1\n")
        course = load_course(str(path))
        assert [bool(lesson.problem) for lesson in course.lessons] == [True, False]
        with pytest.raises(GradwalkError):
            load_lesson(course, course.lessons[0])


class TestErrors:
    @pytest.mark.parametrize(
        ("course", "said"),
        [
            ('title = "x"\n', ["my.toml: a course has no lesson", '[[lesson]] with scenario = "fabc"']),
            ('[[lesson]]\nscenario = "fabc"\n', ["my.toml: the key title is missing"]),
            ('title = "x"\n[[lesson]]\nscenario = "fab"\n',
             ['my.toml:3:12: lesson.scenario: there is no scenario "fab"', 'did you mean "fabc"?']),
            ('title = "x"\n[[lesson]]\nscenario = "parts/squares.toml"\n',
             ['3:12: lesson.scenario: there is no file "parts/squares.toml"', 'did you mean "square.toml"?']),
            ('title = "x"\n[[lesson]]\nscenario = "parts"\n', ["3:12: lesson.scenario: this is a folder"]),
            ('title = "x"\n[[lesson]]\ntitle = "y"\n', ["2:3: lesson: the key scenario is missing"]),
            ('title = "x"\n[[lesson]]\nscenario = "fabc"\nlevl = "step"\n', ["4:1: lesson.levl: unknown key",
                                                                              "known are scenario, name"]),
            ('title = "x"\n[[lesson]]\nscenario = "fabc"\npredict = "stp"\n',
             ['4:11: lesson.predict: there is no level "stp"', 'did you mean "step"?']),
            ('title = "x"\n[[lesson]]\nscenario = "fabc"\npredict = "all"\n',
             ["the levels are worked example, last factor, step, result"]),
            ('title = "x"\n[[lesson]]\nscenario = "fabc"\nexercises = "s"\n',
             ["4:13: lesson.exercises: this must be a list of texts in quotes, not text"]),
            ('title = "x"\n[[lesson]]\nscenario = "fabc"\nepochs = -1\n',
             ["4:10: lesson.epochs: this must be at least 0"]),
            ('title = "x"\n[[lesson]]\nscenario = "fabc"\n[[lesson]]\nscenario = "fabc"\n',
             ['5:12: lesson.scenario: lesson 1 is called "fabc" already', 'another name: name = "..."']),
            ('title = "x"\nlesson = "fabc"\n', ["2:10: lesson: this must be a list of tables, [[lesson]], not text"]),
            ("title = x\n", ["1:9: this is not TOML", 'title = "x"']),
            ("", ["the file is empty", "a course has a title, and a [[lesson]]"]),
            (OWN, ["5:2: inputs: this is a scenario, not a course"]),
        ],
    )  # fmt: skip
    def test_it_is_said_where_what_and_what_instead(self, tmp_path: Path, course: str, said: list[str]) -> None:
        told = problem(tmp_path, course)
        for words in said:
            assert words in told

    def test_all_that_is_wrong_is_said_together(self, tmp_path: Path) -> None:
        told = problem(tmp_path, 'title = "x"\n[[lesson]]\nscenario = "fab"\n[[lesson]]\nscenario = "cain"\n')
        assert 'did you mean "fabc"?' in told
        assert 'did you mean "chain"?' in told

    def test_a_course_that_is_not_there(self) -> None:
        with pytest.raises(ScenarioError, match="there is no such course"):
            load_course("nothing")
        with pytest.raises(ScenarioError, match="there is no such file"):
            load_course("nothing.toml")

    def test_a_course_is_no_scenario_and_no_folder_lists_it_as_one(self, tmp_path: Path) -> None:
        path = write(tmp_path)
        assert [card.name for card in Shelf([str(tmp_path)]).listing().cards] == ["square"]
        with pytest.raises(ScenarioError, match=r"this is a course, not a scenario\n.*\n.*\n.*gradwalk learn my.toml"):
            load(str(path))


def test_the_schema_describes_courses() -> None:
    described = Draft202012Validator(schema())
    assert described.is_valid(tomllib.loads(COURSE))
    for wrong in ('title = "x"', 'title = "x"\n[[lesson]]\nscenario = "fabc"\npredict = "stp"', OWN):
        assert not described.is_valid(tomllib.loads(wrong))


class TestLessons:
    def lessons(self, folder: Path, keys: str) -> OpenLesson:
        course = load_course(str(write(folder, f'title = "x"\n[[lesson]]\n{keys}\n')))
        return open_lesson(course, course.lessons[0])

    def test_the_walk_goes_to_the_step_that_is_named_or_to_its_end(self, tmp_path: Path) -> None:
        opened = self.lessons(tmp_path, 'scenario = "fabc"\nstop = "df/da"')
        assert str(opened.trace.key(opened.last).name(opened.trace.graph)) == "∂s/∂a"
        assert self.lessons(tmp_path, 'scenario = "fabc"').last == opened.trace.total

    def test_what_is_asked_is_what_the_scenario_asks_or_what_the_lesson_names(self, tmp_path: Path) -> None:
        asked = [exercise.ask for exercise in load("chain").exercises]
        assert [task.ask for task in self.lessons(tmp_path, 'scenario = "chain"').tasks] == asked
        assert self.lessons(tmp_path, 'scenario = "chain"\nexercises = []').tasks == ()
        tasks = self.lessons(tmp_path, 'scenario = "fabc"\nexercises = ["∂r/∂s", "s"]').tasks
        assert [task.ask for task in tasks] == ["∂r/∂s", "s"]
        assert tasks[0].judge("-1/9").right
        assert tasks[1].judge("3").right
        assert not tasks[1].judge("2").right

    def test_a_training_is_walked_after_its_epochs(self, tmp_path: Path) -> None:
        opened = self.lessons(tmp_path, 'scenario = "regression"\nepochs = 3')
        trainer = load("regression").trainer()
        for _ in range(3):
            trainer.train_epoch()
        assert opened.trace.values.tolist() == trainer.trace(3).values.tolist()

    @pytest.mark.parametrize(
        ("keys", "said"),
        [
            ('scenario = "fabc"\nstop = "zz"', 'my.toml:4:8: lesson.stop: no node is called "zz"'),
            ('scenario = "fabc"\nexercises = ["s", "∂q/∂a"]', "my.toml:4:13: lesson.exercises: "),
            ('scenario = "fabc"\nepochs = 2', "my.toml:4:1: lesson.epochs: this scenario has nothing to train"),
            ('scenario = "regression"\nepochs = 900', "my.toml:4:10: lesson.epochs: training ends after 200 epochs"),
        ],
        ids=["stop", "exercises", "epochs", "too-many-epochs"],
    )
    def test_what_the_walk_has_not_is_said_with_its_place(self, tmp_path: Path, keys: str, said: str) -> None:
        with pytest.raises(ScenarioError) as error:
            self.lessons(tmp_path, keys)
        assert said in str(error.value)
