"""`gradwalk judge`: for a person, for a script, and with the words of a real shell."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from gradwalk.engine.export import judge_document
from gradwalk.tui.cli import main

from .pseudo_terminal import GRADWALK


def judge(*arguments: str, guest: bool = False) -> Result:
    return CliRunner().invoke(main, [*(["--guest"] if guest else []), "judge", *arguments], catch_exceptions=False)


def document(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = judge(*arguments, "--json")
    found = json.loads(result.stdout)
    jsonschema.validate(found, judge_document.schema())
    return result.exit_code, found


class TestTheExitStatus:
    @pytest.mark.parametrize(
        ("arguments", "status"),
        [
            (("fabc", "∂f/∂a", "-1/9"), 0),
            (("fabc", "f", "2/3"), 0),
            (("fabc", "∂s/∂l", "1"), 0),
            (("fabc", "f(a, b, c)", "1/c + 1/(a + ln(b))"), 0),
            (("fabc", "∂f/∂a", "1/9"), 1),
            (("fabc", "∂f/∂a", "-1/9e"), 2),
            (("fabc", "∂f/∂z", "1"), 2),
            (("fabx", "f", "1"), 2),
            (("x*y + sin(x)", "∂f/∂x", "y + cos(x)", "x=2", "y=5"), 0),
            (("x*y", "f", "10", "x=2"), 2),
            (("fabc", "∂f/∂a", "-1/16", "a=3"), 0),
            (("fabc", "∂f/∂a", "-1/16", "z=3"), 2),
            (("regression", "cost", "1", "w=3"), 2),
        ],
    )
    def test_is_that_of_the_answer(self, arguments: tuple[str, ...], status: int):
        assert judge(*arguments).exit_code == status

    def test_a_training_is_judged_at_its_start(self):
        status, found = document("regression", "∂cost/∂w", "1")
        assert (status, found["right"]) == (1, False)


class TestAnAnswerWithAMinus:
    @pytest.mark.parametrize("answer", ["-1/9", "-h", "-s", "-json", "--1", "-.5"])
    def test_is_no_option(self, answer: str):
        assert "No such option" not in judge("fabc", "∂f/∂a", answer).output

    def test_may_be_a_node_called_h(self):
        assert judge("2*h - h*k", "∂f/∂k", "-h", "h=3", "k=1").exit_code == 0

    def test_help_is_still_there(self):
        for word in ("-h", "--help"):
            assert "[NAME=VALUE]" in judge(word).output


class TestForAScript:
    def test_mistakes_have_their_ids(self):
        status, found = document("fabc", "∂f/∂b", "1/(9e)")
        assert (status, found["right"], found["mistakes"]) == (1, False, ["sign"])
        assert found["sentence"] == found["findings"][0]["sentence"]
        assert (found["ask"], found["kind"]) == ("∂f/∂b", "gradient")

    def test_where_nothing_fits_there_are_none(self):
        _, found = document("fabc", "∂f/∂b", "17.3")
        assert (found["mistakes"], found["findings"]) == ([], [])

    def test_an_answer_that_cannot_be_read_is_neither(self):
        status, found = document("fabc", "∂f/∂a", "0,1")
        assert (status, found["right"], found["value"]) == (2, None, None)
        assert "a point, not a comma" in found["sentence"]

    def test_its_schema_is_printed(self):
        result = CliRunner().invoke(main, ["schema", "judge"])
        assert json.loads(result.output) == json.loads(json.dumps(judge_document.schema()))


class TestGuests:
    def test_judge_what_is_built_in_and_expressions(self):
        assert judge("fabc", "∂f/∂a", "-1/9", guest=True).exit_code == 0
        assert judge("a/b", "f", "2", "a=4", "b=2", guest=True).exit_code == 0

    def test_learn_nothing_of_files(self, tmp_path: Path):
        (tmp_path / "mine.toml").write_text('title = "T"\n[inputs]\na = 2\n[graph]\nf = "2*a"\n', encoding="utf-8")
        assert judge(str(tmp_path / "mine.toml"), "f", "4").exit_code == 0
        there, missing = (judge(str(tmp_path / name), "f", "4", guest=True) for name in ("mine.toml", "none.toml"))
        assert there.exit_code == missing.exit_code == 2
        assert there.output.replace("mine", "none") == missing.output


def test_a_shell_hands_it_the_answer_as_it_was_typed():
    done = subprocess.run(
        [GRADWALK, "judge", "fabc", "∂f/∂a", "-1/9"], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "Right: -1/9 = -0.1111.", "")
