"""What a folder offers by names, to people who see no file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from gradwalk.engine.courses import load_lesson, open_lesson
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.library import built_in_names, library
from gradwalk.engine.offered import SECTION, OfferedShelf

CUBE = 'title = "Cubes"\n[inputs]\nx = 3\n[graph]\nf = "x^3"\n'
TRAINING = """
title = "Fitted"
[data]
csv = "{csv}"
[parameters]
w = 1
[prediction]
h = "w * x"
[loss]
loss = "mean((h - y)^2)"
[training]
learning_rate = 0.1
epochs = 3
"""
COURSE = 'title = "Two"\n[[lesson]]\nscenario = "../cube.toml"\n[[lesson]]\nscenario = "fabc"\n'

NO_LINKS = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "offered"
    (folder / "week1").mkdir(parents=True)
    (folder / "cube.toml").write_text(CUBE)
    (folder / "week1" / "two.toml").write_text(COURSE)
    return folder


@pytest.fixture
def shelf(folder: Path) -> OfferedShelf:
    return OfferedShelf(str(folder))


def everything_said(shelf: OfferedShelf) -> str:
    """Return all that a learner can be told of what is there and of what is not."""
    said = [repr(shelf.listing().cards), repr(shelf.names)]
    for name in [*shelf.names, "nothing"]:
        for opens in (shelf.load, shelf.load_course):
            try:
                said.append(repr(opens(name)))
            except GradwalkError as error:
                said.append(f"{error} {error!r}")
    return "\n".join(said)


def test_what_the_folder_holds_comes_before_what_is_built_in(shelf: OfferedShelf) -> None:
    own, rest = shelf.listing().cards[:2], shelf.listing().cards[2:]
    found = [(card.name, card.title, card.section) for card in own]
    assert found == [("two", "Two", "week1"), ("cube", "Cubes", SECTION)]
    assert list(rest) == library()
    assert {"two", "cube", "fabc", "backpropagation"} <= {*shelf.names}


def test_scenarios_and_courses_open_by_their_names(shelf: OfferedShelf) -> None:
    scenario = shelf.load("cube")
    assert (scenario.name, scenario.title, scenario.path) == ("cube", "Cubes", None)
    assert shelf.load("fabc").title.startswith("Pen and paper")
    course = shelf.load_course("two")
    assert (course.place, [lesson.scenario for lesson in course.lessons]) == ("two", ["cube", "fabc"])
    assert load_lesson(course, course.lessons[0]).path is None
    assert open_lesson(course, course.lessons[0]).trace.total > 0
    assert shelf.load_course("backpropagation").lessons


@pytest.mark.parametrize(
    "name",
    [
        "cube.toml", "./cube", "../offered/cube", "week1/two", "week1/two.toml", "/etc/passwd", "..", ".", "",
        "~", "nothing", "cube\0", "two", "../outside", "outside",
    ],
)  # fmt: skip
def test_nothing_else_opens(folder: Path, shelf: OfferedShelf, name: str) -> None:
    (folder.parent / "outside.toml").write_text(CUBE)
    for each in (name, str(folder / "cube.toml")):
        with pytest.raises(GradwalkError, match="there is no such scenario"):
            shelf.load(each)
        if name != "two":
            with pytest.raises(GradwalkError, match="there is no such course"):
                shelf.load_course(each)


def test_files_of_one_name_are_told_apart_by_their_folders(folder: Path, shelf: OfferedShelf) -> None:
    (folder / "week1" / "cube.toml").write_text(CUBE.replace("Cubes", "Others"))
    (folder / "fabc.toml").write_text(CUBE.replace("Cubes", "Mine"))
    assert shelf.load("cube").title == "Cubes"
    assert shelf.load("week1/cube").title == "Others"
    assert shelf.load("fabc").title.startswith("Pen and paper")
    assert shelf.load("fabc.toml").title == "Mine"


def test_what_is_changed_or_added_is_there_at_once(folder: Path, shelf: OfferedShelf) -> None:
    assert shelf.load("cube").title == "Cubes"
    (folder / "cube.toml").write_text(CUBE.replace("Cubes", "Cubes again"))
    (folder / "new.toml").write_text(CUBE)
    assert shelf.load("cube").title == "Cubes again"
    assert "new" in shelf.names
    (folder / "cube.toml").unlink()
    assert "cube" not in shelf.names


def test_data_beside_a_scenario_are_read(folder: Path, shelf: OfferedShelf) -> None:
    (folder / "points.csv").write_text("x,y\n1,2\n2,4\n")
    (folder / "fit.toml").write_text(TRAINING.format(csv="points.csv"))
    found = shelf.load("fit")
    assert len(found.graph) > 4


@NO_LINKS
@pytest.mark.parametrize("csv", ["outside.csv", "../outside.csv", "/etc/passwd", "pipe.csv"])
def test_data_elsewhere_are_not(folder: Path, shelf: OfferedShelf, csv: str) -> None:
    (folder.parent / "outside.csv").write_text("x,y\n1,2\n")
    (folder / "outside.csv").symlink_to(folder.parent / "outside.csv")
    os.mkfifo(folder / "pipe.csv")
    (folder / "fit.toml").write_text(TRAINING.format(csv=csv))
    with pytest.raises(GradwalkError) as error:
        shelf.load("fit")
    assert str(folder.parent) not in str(error.value)


@NO_LINKS
def test_links_lead_nowhere_else(folder: Path, shelf: OfferedShelf) -> None:
    (folder.parent / "outside.toml").write_text(CUBE)
    (folder / "link.toml").symlink_to(folder.parent / "outside.toml")
    (folder / "inside.toml").symlink_to(folder / "cube.toml")
    (folder / "circle.toml").symlink_to(folder / "circle.toml")
    os.mkfifo(folder / "pipe.toml")
    (folder / ".hidden.toml").write_text(CUBE)
    assert not {"link", ".hidden"} & {*shelf.names}
    assert shelf.load("inside").title == "Cubes"
    for name in ("pipe", "circle", "link"):
        with pytest.raises(GradwalkError):
            shelf.load(name)


def test_where_the_folder_lies_is_never_told(folder: Path, shelf: OfferedShelf) -> None:
    (folder / "broken.toml").write_text('title = "Broken"\n[inputs]\nx = 1\n[graph]\nf = "x +"\n')
    (folder / "no.toml").write_text('title = "No\n[inputs]')
    (folder / "data.toml").write_text(TRAINING.format(csv="none.csv"))
    (folder / "course.toml").write_text('title = "C"\n[[lesson]]\nscenario = "none.toml"\n')
    (folder / "other.toml").write_text('title = "C"\n[[lesson]]\nscenario = "cube.toml"\nstop = "nowhere"\n')
    for card in shelf.listing().cards:
        shelf.check(card)
    problems = {card.name: card.problem for card in shelf.listing().cards if card.problem}
    assert {*problems} == {"broken", "no", "data", "course"}
    course = shelf.load_course("other")
    with pytest.raises(GradwalkError, match=r"other\.toml") as error:
        open_lesson(course, course.lessons[0])
    assert str(folder.parent) not in everything_said(shelf) + str(error.value)


def test_a_folder_that_is_empty_or_gone_adds_nothing(folder: Path) -> None:
    shelf = OfferedShelf(str(folder / "gone"))
    assert list(shelf.listing().cards) == library()
    assert [name for name in shelf.names if name not in built_in_names()] == ["backpropagation"]
