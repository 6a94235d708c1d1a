"""`gradwalk new`: what it writes can be read as it is, and with every key that its comments offer."""

import os
import re
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner
from gradwalk.engine.courses import load_course, load_lesson
from gradwalk.engine.definition import Exercise
from gradwalk.engine.library import load
from gradwalk.engine.reading.course_format import CourseFile, LessonEntry
from gradwalk.engine.reading.scenario_format import ScenarioFile
from gradwalk.engine.reading.training_format import TrainingFile
from gradwalk.engine.run.plan import run
from gradwalk.engine.study.stated_answers import check_answers
from gradwalk.engine.templates import Template
from gradwalk.engine.training.parts import LayerDefinition, TrainingSettings
from gradwalk.engine.training.scenario import TrainingScenario
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.cli import main

FORMATS = {
    Template.SCENARIO: (ScenarioFile, Exercise),
    Template.TRAINING: (TrainingFile, TrainingSettings, LayerDefinition, Exercise),
    Template.COURSE: (CourseFile, LessonEntry),
}
GUIDE = (Path(__file__).parents[2] / "docs" / "writing-a-course.md").read_text(encoding="utf-8")
OPTIONS = {Template.SCENARIO: (), Template.TRAINING: ("--training",), Template.COURSE: ("--course",)}


def new(*arguments: str, guest: bool = False) -> tuple[int, str]:
    done = CliRunner().invoke(main, [*(["--guest"] if guest else []), "new", *arguments])
    return done.exit_code, done.output


def written(template: Template, text: str, folder: Path) -> str:
    path = folder / f"{template}.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def open_all(template: Template, path: str) -> None:
    """Read the file, whole; ScenarioError where something in it is wrong."""
    if template is Template.COURSE:
        course = load_course(path)
        for lesson in course.lessons:
            assert load_lesson(course, lesson).exercises
    else:
        scenario = load(path)
        assert isinstance(scenario, TrainingScenario) == (template is Template.TRAINING)
        assert scenario.notes


@pytest.mark.parametrize("template", Template)
class TestEveryTemplate:
    def test_is_written_and_works_at_once(self, template: Template, tmp_path: Path):
        status, said = new(*OPTIONS[template], str(tmp_path / "mine"))
        assert status == 0
        assert "mine.toml" in said
        assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == template.text()
        open_all(template, str(tmp_path / "mine.toml"))

    def test_works_with_the_keys_that_are_comments(self, template: Template, tmp_path: Path):
        text = re.sub(r"^#(?=\S)", "", template.text(), flags=re.MULTILINE)
        assert text.count("\n#") < template.text().count("\n#")
        open_all(template, written(template, text, tmp_path))

    def test_names_every_key_of_the_format(self, template: Template):
        keys = {field.encode_name for part in FORMATS[template] for field in msgspec.structs.fields(part)}
        assert {key for key in keys if not re.search(rf"\b{key}\b", template.text())} == set()

    def test_has_no_word_for_a_key_that_there_is_not(self, template: Template, tmp_path: Path):
        """What would be an unknown key is one: the reader is not blind to it."""
        with pytest.raises(Exception, match="unknown key"):
            open_all(template, written(template, f"no_such_key = 1\n{template.text()}", tmp_path))


def test_the_answers_of_the_scenario_are_right(tmp_path: Path):
    scenario = load(written(Template.SCENARIO, Template.SCENARIO.text(), tmp_path))
    checks = check_answers(scenario.graph, run(scenario.graph), scenario.exercises)
    assert len(checks) == 4
    assert all(check.agrees for check in checks)


def test_the_training_fits_its_samples(tmp_path: Path):
    scenario = load(written(Template.TRAINING, Template.TRAINING.text(), tmp_path))
    assert isinstance(scenario, TrainingScenario)
    trainer = scenario.trainer()
    while trainer.train_epoch():
        pass
    assert trainer.history[-1].loss < trainer.history[0].loss / 50


class TestWhatIsThere:
    def test_stays_unless_it_is_to_be_replaced(self, tmp_path: Path):
        path = tmp_path / "mine.toml"
        path.write_text("mine", encoding="utf-8")
        status, said = new(str(path))
        assert (status, path.read_text(encoding="utf-8")) == (2, "mine")
        assert "--force" in said
        assert new(str(path), "--force")[0] == 0
        assert path.read_text(encoding="utf-8") == Template.SCENARIO.text()

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("lesson.txt", "ends in .toml"),
            ("", "ends in .toml"),
            ("nowhere/lesson", "there is no folder"),
            (".", "is a folder"),
        ],
    )
    def test_a_name_that_cannot_be_is_refused(self, name: str, reason: str, tmp_path: Path):
        status, said = new(os.path.join(tmp_path, name) if name else name)  # noqa: PTH118 - a Path takes "." away
        assert status == 2
        assert reason in said
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_that_is_closed_is_said(self, tmp_path: Path):
        tmp_path.chmod(0o500)
        status, said = new(str(tmp_path / "mine"))
        assert status == 2
        assert "Permission denied" in said

    def test_a_guest_writes_nothing(self, tmp_path: Path):
        status, said = new(str(tmp_path / "mine"), guest=True)
        assert status == 2
        assert "guest" in said
        assert list(tmp_path.iterdir()) == []

    def test_one_kind_is_chosen(self, tmp_path: Path):
        assert new("--course", "--training", str(tmp_path / "mine"))[0] == 2
        assert list(tmp_path.iterdir()) == []


class TestTheGuide:
    """docs/writing-a-course.md: its example is run as it stands."""

    def test_its_lesson_and_its_course_work(self, tmp_path: Path):
        lesson, course = re.findall(r"^```toml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
        (tmp_path / "power.toml").write_text(lesson, encoding="utf-8")
        (tmp_path / "physics.toml").write_text(course, encoding="utf-8")
        scenario = load(str(tmp_path / "power.toml"))
        assert all(check.agrees for check in check_answers(scenario.graph, run(scenario.graph), scenario.exercises))
        trace = Trace(scenario.graph, scenario.notes)
        assert all(trace.step(number).note for number in range(1, trace.total + 1))
        read = load_course(str(tmp_path / "physics.toml"))
        assert [load_lesson(read, each).name for each in read.lessons] == ["xyz", "power"]

    def test_its_commands_are_there(self):
        lines = [*re.findall(r"^(gradwalk .*)$", GUIDE, re.MULTILINE), *re.findall(r"`(gradwalk [^`]+)`", GUIDE)]
        assert len(lines) >= 8
        for line in lines:
            word = line.split()[1]
            assert word == "power.toml" or main.get_command(click.Context(main), word) is not None, line
