"""`gradwalk check`: files checked without a screen, for a person, for a script, and in a real pseudo-terminal."""

from __future__ import annotations

import json
import math
import os
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from gradwalk.engine.export import check_document
from gradwalk.engine.library import built_in_names
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.run import loop
from gradwalk.tui.cli import main
from rich.cells import cell_len

from .pseudo_terminal import GRADWALK, PseudoTerminal

RIGHT = 'title = "Right"\n[inputs]\na = 2\nb = 0.5\n[graph]\nf = "a^2*sin(b)"\n'
STATED = (
    RIGHT
    + '[[exercise]]\nask = "∂f/∂a"\nanswer = "4*sin(1/2)"\n[[exercise]]\nask = "f"\nanswer = 1.918\ndecimals = 3\n'
)
MISSTATED = RIGHT + '[[exercise]]\nask = "∂f/∂a"\nanswer = 2\n'
KINK = 'title = "Kink"\n[inputs]\nx = 0\ny = 3\n[graph]\nf = "relu(x) + x*y"\n'
WRONG = 'title = "Wrong"\n[inputs]\na = 2\n[graph]\nf = "a + b"\ng = "1/"\n'


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)], catch_exceptions=False)


def document(*arguments: str | Path) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    found = json.loads(check("--json", *arguments).output, parse_constant=refuse)
    jsonschema.validate(found, check_document.schema())
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in {"right": RIGHT, "stated": STATED, "misstated": MISSTATED, "kink": KINK, "bad": WRONG}.items():
        (tmp_path / f"{name}.toml").write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestTheExitStatus:
    @pytest.mark.thorough
    def test_all_that_is_built_in_passes(self) -> None:
        result = check(*built_in_names())
        assert result.exit_code == 0
        assert f"{len(built_in_names())} files: {len(built_in_names())} agree." in result.output
        assert "✗" not in result.output

    @pytest.mark.parametrize(
        ("files", "status"),
        [
            (["right.toml"], 0),
            (["stated.toml"], 0),
            (["kink.toml"], 0),
            (["misstated.toml"], 1),
            (["bad.toml"], 2),
            (["nothing.toml"], 2),
            ([""], 2),
            (["right.toml", "misstated.toml"], 1),
            (["bad.toml", "misstated.toml", "fabc"], 2),
        ],
    )
    def test_says_whether_something_differs_or_is_wrong(self, folder: Path, files: list[str], status: int) -> None:
        assert check(*files).exit_code == status
        assert document(*files)["exit_status"] == status

    def test_a_wrong_rule_is_found(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        rules = list(loop.PARTIALS)
        rules[CODES["sin"]] = (lambda x, out: -math.cos(x),)
        monkeypatch.setattr(loop, "PARTIALS", tuple(rules))
        result = check("right.toml")
        assert result.exit_code == 1
        assert "✓ a" in result.output
        assert "✗ b" in result.output
        words = " ".join(result.output.split())
        assert "by b, backpropagation gives -3.5103302, and the function has the slope 3.5103302." in words


class TestForAPerson:
    def test_the_gradients_stand_in_a_table_of_80_cells(self, folder: Path) -> None:
        output = check("fabc", "moons", "kink.toml", "misstated.toml", "bad.toml", "--most", "24").output
        assert max(map(cell_len, output.split("\n"))) <= 80
        assert "✓ b        -0.040875493    -0.040875493    -0.040875493         0" in output
        assert "  … and 4 more that agree\n\nAll 24 gradients agree." in output

    def test_a_kink_is_named(self, folder: Path) -> None:
        output = check("kink.toml").output
        assert "? x " in output
        assert "t1 = relu(x) stands on its kink" in output
        assert "Of 2 gradients 1 agrees, 1 cannot be said." in output

    def test_answers_are_compared(self, folder: Path) -> None:
        assert "✓ f as stated: 1.918 (3 decimals)" in check("stated.toml").output
        assert "✓ ∂f/∂b has the hash that is published (4 decimals)" in check("fabc").output
        exact = '[[exercise]]\nask = "∂f/∂x"\nanswer = "-1/9"\n'
        (folder / "exact.toml").write_text(
            f'title = "Exact"\n[inputs]\nx = 3\n[graph]\nf = "1/x"\n{exact}', encoding="utf-8"
        )
        assert "✓ ∂f/∂x as stated: -0.1111; the walk gives -1/9" in check("exact.toml").output
        assert "✗ ∂f/∂a is stated to be 2; the walk gives 1.9177022" in check("misstated.toml").output

    def test_a_wrong_file_says_all_that_is_wrong_and_the_others_are_checked(self, folder: Path) -> None:
        output = check("bad.toml", "right.toml").output
        assert 'bad.toml:5:10: graph.f: unknown name "b"' in output
        assert "bad.toml:6:8: graph.g: the expression ends too early" in output
        assert "All 2 gradients agree." in output
        assert "2 files: 1 agrees, 1 is wrong." in output

    def test_a_folder_stands_for_its_files(self, folder: Path) -> None:
        result = check(folder)
        assert result.exit_code == 2
        assert "5 files: 3 agree, 1 differs, 1 is wrong." in result.output

    def test_a_course_stands_for_its_lessons(self, folder: Path) -> None:
        lessons = "".join(f'[[lesson]]\nscenario = "{name}"\n' for name in ("right.toml", "fabc"))
        (folder / "course.toml").write_text(f'title = "A course"\n{lessons}', encoding="utf-8")
        result = check("course.toml")
        assert result.exit_code == 0
        assert "2 files: 2 agree." in result.output
        with (folder / "course.toml").open("a", encoding="utf-8") as file:
            file.write('[[lesson]]\nscenario = "chain"\nexercises = ["∂s/∂q"]\n')
        result = check("course.toml")
        assert result.exit_code == 2
        said = "".join(result.output.split())  # where a line ends hangs on how long the path of the folder is
        assert 'course.toml:8:13:lesson.exercises:thewalkhasnonode"q"' in said
        assert "3 files: 2 agree, 1 is wrong." in result.output

    def test_links_that_lead_in_a_circle_are_wrong_and_no_more(self, tmp_path: Path) -> None:
        (tmp_path / "good.toml").write_text(RIGHT, encoding="utf-8")
        (tmp_path / "circle.toml").symlink_to(tmp_path / "circle.toml")
        result = check(tmp_path)
        assert result.exit_code == 2
        assert "2 files: 1 agrees, 1 is wrong." in result.output

    def test_an_output_without_these_marks_gets_others(self) -> None:
        environment = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
        found = subprocess.run([GRADWALK, "check", "fabc"], capture_output=True, env=environment, timeout=60)
        assert found.returncode == 0
        assert b"+ b        -0.040875493" in found.stdout

    def test_an_empty_folder_is_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        result = check(tmp_path / "empty")
        assert result.exit_code == 2
        assert "there is no scenario in" in result.output


class TestForAScript:
    def test_a_gradient_comes_three_ways(self, folder: Path) -> None:
        (file,) = document("fabc")["files"]
        assert (file["verdict"], file["inputs"], file["checked"], file["epoch"]) == ("agree", 3, 3, None)
        row = file["gradients"][1]
        assert row["name"] == "b"
        assert row["backprop"] == row["complex_step"] == pytest.approx(-1 / (9 * math.e), rel=1e-15)
        assert row["difference"]["derivative"] == pytest.approx(row["backprop"], rel=1e-9)
        assert row["difference_gap"]["absolute"] <= row["difference"]["error"]

    def test_what_is_closed_says_why(self, folder: Path) -> None:
        row, other = document("kink.toml")["files"][0]["gradients"]
        assert row["complex_step"] is None
        assert row["closed"] == row["complex_step_closed"] == {"kind": "kink", "name": "t1", "expression": "relu(x)"}
        assert row["verdict"] == "cannot-say"
        assert other["closed"] is None

    def test_errors_have_their_places(self, folder: Path) -> None:
        (file,) = document("bad.toml")["files"]
        assert [(error["line"], error["column"], error["key"]) for error in file["errors"]] == [
            (5, 10, "graph.f"),
            (6, 8, "graph.g"),
        ]
        assert file["verdict"] == "wrong"

    def test_answers_are_in_it(self, folder: Path) -> None:
        (file,) = document("misstated.toml")["files"]
        assert file["answers"] == [
            {
                "ask": "∂f/∂a",
                "answer": 2.0,
                "decimals": None,
                "found": pytest.approx(4 * math.sin(0.5)),
                "verdict": "differ",
                "formula": None,
                "hash": None,
            }
        ]

    def test_its_schema_is_printed(self) -> None:
        result = CliRunner().invoke(main, ["schema", "check"])
        assert json.loads(result.output) == json.loads(json.dumps(check_document.schema()))


class TestTrainings:
    def test_one_is_checked_at_its_start_or_after_some_epochs(self) -> None:
        start, later = (document("regression", *epoch)["files"][0] for epoch in ([], ["--epoch", "3"]))
        assert (start["epoch"], later["epoch"]) == (0, 3)
        assert start["value"] > later["value"]
        assert later["verdict"] == "agree"

    def test_an_epoch_that_there_is_not(self) -> None:
        assert "fabc has nothing to train, so it has no epoch 3" in check("fabc", "--epoch", "3").output
        result = check("regression", "--epoch", "999999")
        assert result.exit_code == 2
        assert "it has no epoch 999,999" in result.output

    def test_a_sample_is_said_to_be_one(self) -> None:
        output = check("xor", "--most", "5").output
        assert "All 5 gradients agree." in output
        assert "They are a sample of 17, drawn with seed 0." in output


def test_guests_check_what_is_built_in(folder: Path) -> None:
    result = CliRunner().invoke(main, ["--guest", "check", "right.toml", "fabc"])
    assert result.exit_code == 2
    assert "a guest walks the scenarios that are built in" in result.output
    assert "All 3 gradients agree." in result.output


def test_in_a_real_terminal_the_table_fits_and_progress_leaves_nothing_behind(folder: Path) -> None:
    with PseudoTerminal(GRADWALK, "check", "moons", "misstated.toml", "--most", "24", width=80, height=50) as terminal:
        assert terminal.wait_for_exit() == 1
        assert "of 24 gradients" not in terminal.text
        assert "✗ ∂f/∂a is stated to be 2; the walk gives 1.9177022" in terminal.lines
        assert "2 files: 1 agrees, 1 differs." in terminal.lines
