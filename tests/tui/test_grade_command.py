"""`gradwalk grade`: what a teacher reads, what a script gets, and the example of docs/grading.md."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from gradwalk.engine.export import grade_document
from gradwalk.tui.cli import main
from rich.cells import cell_len

from .pseudo_terminal import GRADWALK, PseudoTerminal

CLASS = "student;∂f/∂a;∂f/∂b;∂f/∂c\nada;-1/9;-1/(9e);-1/9\nbob;1/9;-0.0409;1/\ncy;;;\n"
GUIDE = Path(__file__).parents[2] / "docs" / "grading.md"


def grade(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["grade", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "class.csv"
    file.write_text(CLASS, encoding="utf-8")
    return file


def test_a_teacher_reads_points_and_diagnosis(answers: Path) -> None:
    result = grade("fabc", answers)
    assert result.exit_code == 0
    assert max(map(cell_len, result.output.split("\n"))) <= 80
    assert "ada: 3 of 3 points\n  ✓ ∂f/∂a  -1/9" in result.output
    bob = result.output.partition("bob: ")[2].partition("cy: ")[0]
    assert bob.startswith("1 of 3 points\n  ✗ ∂f/∂a  1/9")
    assert "sign" in bob
    assert "? ∂f/∂c  1/ " in bob
    assert "too early" in bob
    assert result.output.count("no answer") == 3
    assert "3 students\n  ∂f/∂a  1 of 3 right; wrong by sign (1)\n" in result.output


def test_a_script_gets_all_of_it(answers: Path) -> None:
    found: dict[str, Any] = json.loads(grade("fabc", answers, "--json").output)
    jsonschema.validate(found, grade_document.schema())
    ada, bob, cy = found["students"]
    assert [(one["student"], one["points"], one["possible"]) for one in (ada, bob, cy)] == [
        ("ada", 3, 3), ("bob", 1, 3), ("cy", 0, 3),
    ]  # fmt: skip
    assert [one["mark"] for one in bob["grades"]] == ["wrong", "right", "unreadable"]
    assert bob["grades"][0]["mistakes"][0] == "sign"
    assert bob["grades"][0]["sentence"]
    assert bob["grades"][0]["remark"] == ""
    first = found["exercises"][0]
    assert (first["right"], first["wrong"], first["unreadable"], first["missing"]) == (1, 1, 0, 1)
    assert first["mistakes"] == [{"mistake": "sign", "times": 1}]


def test_what_is_right_by_the_numbers_only_is_told_to_a_script_too(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text('"∂f/∂a" = "-a/18"\n', encoding="utf-8")
    (student,) = json.loads(grade("fabc", file, "--json").output)["students"]
    assert student["grades"][0]["mark"] == "right"
    assert "at this point only" in student["grades"][0]["remark"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fabc", "nothing.toml"], "nothing.toml: the answers cannot be read: No such file"),
        (["fabc", "."], "cannot be read"),
        (["fbac", "class.csv"], 'did you mean "fabc"?'),
        (["fabc", "bad.csv"], "bad.csv:2: this row has 1 cells"),
        (["none.toml", "class.csv"], "has no exercises to grade"),
    ],
)
def test_what_cannot_be_read_is_status_2(answers: Path, arguments: list[str], said: str) -> None:
    answers.with_name("bad.csv").write_text("ask,answer\nf\n", encoding="utf-8")
    answers.with_name("none.toml").write_text('title = "x"\n[inputs]\na = 1\n[graph]\nf = "2*a"\n', encoding="utf-8")
    result = grade(*arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_a_guest_reads_no_files(answers: Path) -> None:
    result = CliRunner().invoke(main, ["--guest", "grade", "fabc", str(answers)])
    assert result.exit_code == 2
    assert "a guest can read and write no files here" in result.output


def test_in_a_real_terminal(answers: Path) -> None:
    with PseudoTerminal(GRADWALK, "grade", "fabc", str(answers), height=50) as terminal:
        assert terminal.wait_for_exit() == 0
        assert "ada: 3 of 3 points" in terminal.lines


def test_the_examples_of_the_guide_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example, notebook = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.setenv("PATH", f"{Path(GRADWALK).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test_answers.py").write_text(example, encoding="utf-8")
    (tmp_path / "answers.toml").write_text('"∂f/∂a" = "-1/9"\n"∂f/∂b" = "1/(9e)"\n', encoding="utf-8")
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "."]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert found.returncode == 1, found.stderr
    assert "2 failed, 1 passed" in found.stdout
    assert "sign" in found.stdout
    assert "no answer" in found.stdout
    with pytest.raises(AssertionError, match="∂f/∂b: no answer"):
        exec(notebook, {"answers": {"∂f/∂a": "-1/9"}})
