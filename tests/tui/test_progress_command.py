"""`gradwalk progress`: a picture of the skills, JSON, everything in a file, and forgetting it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from gradwalk.engine.export import progress_document
from gradwalk.tui.cli import main
from gradwalk.tui.progress.database import ProgressFile
from gradwalk.tui.progress.progress import Progress
from gradwalk.tui.screens.progress import ProgressScreen
from gradwalk.tui.screens.walk import WalkScreen
from rich.cells import cell_len

from .pilots import opened, text
from .progress_tasks import attempt
from .pseudo_terminal import GRADWALK, PseudoTerminal
from .training import until

SKILLS = ("gradient:several", "local derivative:ln", "value:/", "contribution:*")
"""Mastered, due, weak and learning after `practised`: the first of a day follows nothing that it could mix with."""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["progress", *map(str, arguments)], catch_exceptions=False)


def document(text: str) -> dict[str, Any]:
    found = json.loads(text)
    jsonschema.validate(found, progress_document.schema())
    return found


@pytest.fixture
def practised() -> None:
    today = datetime.now().astimezone()
    learnt, due, weak, learning = SKILLS
    for back, skills in ((3, [learning, learnt]), (2, [learning, learnt, due]), (1, [learning, learnt, due])):
        progress = Progress(ProgressFile(), lambda back=back: today - timedelta(days=back))
        for skill in skills:
            progress.note(attempt("1", skill=skill), "drill")
    progress.note(attempt("-1", "1", skill=weak), "lesson chain")
    progress.finish("ln")
    progress.stand("chain", 3, 1)


@pytest.mark.usefixtures("practised")
class TestThePicture:
    def test_a_row_for_each_skill_and_what_to_do_next(self) -> None:
        result = run()
        assert result.exit_code == 0
        assert max(map(cell_len, result.output.split("\n"))) <= 80
        rows = result.output.split("\n")
        assert rows[0] == "4 skills: 1 mastered, 1 due, 1 weak, 1 learning."
        assert rows[3:7] == [
            "value of a quotient                 □□□   ░░░░░░░░░░ 0 of 1    weak",
            "local derivative of ln(x)           ■■□   ██████████ 2 of 2    due",
            "contribution through a product      □□□   ██████████ 3 of 3    learning",
            "gradient of several contributions   ■■■   ██████████ 3 of 3    mastered",
        ]
        assert rows[rows.index("Mistakes made oftenest:") + 1] == "  a sign is lost (1)"
        assert "Course: 1 lesson done, now at chain." in rows
        assert "gradwalk drill asks for them, mixed with others." in rows

    def test_sentences_without_bars(self) -> None:
        output = run("--plain").output
        assert "local derivative of ln(x): due; counted on 2 of 3 days; 2 of 2 answers right at once.\n" in output
        assert output.isascii()

    def test_json_has_it_all(self) -> None:
        found = document(run("--json").output)
        by_skill = {skill["skill"]: skill for skill in found["skills"]}
        assert [by_skill[skill]["state"] for skill in SKILLS] == ["mastered", "due", "learning", "learning"]
        assert by_skill["value:/"]["mistakes"] == [{"mistake": "sign", "times": 1}]
        assert found["to_practise"] == ["value:/", "local derivative:ln", "contribution:*"]
        assert found["command"] == "gradwalk drill"
        assert [(one["lesson"], one["course"]) for one in found["lessons"]] == [("ln", "")]
        assert [(one["lesson"], one["step"], one["exercise"]) for one in found["places"]] == [("chain", 3, 1)]
        assert found["attempts"] is None

    def test_everything_in_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "progress.json"
        assert run("--export", file).output == f"9 attempts written to {file}\n"
        attempts = document(file.read_text(encoding="utf-8"))["attempts"]
        assert len(attempts) == 9
        assert attempts[-1]["wrong"] == [{"answer": "-1", "findings": [["sign"], ["reciprocal", "other-operand"]]}]
        assert attempts[-1]["outcome"] == "helped"
        assert document(run("--export", "-").output)["attempts"] == attempts
        file.write_text("mine", encoding="utf-8")
        refused = run("--export", file, "--reset", "--yes")
        assert (refused.exit_code, file.read_text(encoding="utf-8")) == (2, "mine")
        assert "exists already; choose another name, or add --force to replace it" in refused.output
        assert run("--export", file, "--force").output == f"9 attempts written to {file}\n"
        result = run("--export", tmp_path / "no" / "folder.json")
        assert result.exit_code == 2
        assert "cannot be written" in result.output

    def test_forgetting_asks_first(self, tmp_path: Path) -> None:
        with PseudoTerminal(GRADWALK, "progress", "--reset") as terminal:
            terminal.wait_for("9 attempts and 1 finished lesson are kept in ")
            terminal.wait_for("Forget them all? [y/N]:")
            terminal.press("n", "enter")
            terminal.wait_for("Nothing was forgotten.")
            assert terminal.wait_for_exit() == 1
        refused = run("--reset")
        assert refused.exit_code == 2
        assert "there is no terminal to ask at; with --yes it does not ask" in refused.output
        assert len(document(run("--json").output)["skills"]) == 4
        assert run("--reset", "--yes", "--export", tmp_path / "last.json").exit_code == 0
        assert len(document((tmp_path / "last.json").read_text(encoding="utf-8"))["attempts"]) == 9
        assert run().output == "Nothing was practised yet. Begin with gradwalk learn.\n"
        assert run("--reset").output == "There is nothing to forget.\n"


class TestWhatCannotBe:
    @pytest.mark.parametrize("options", [["--json", "--reset"], ["--yes"], ["--force"], ["--json", "--export", "-"]])
    def test_options_that_do_not_go_together(self, options: list[str]) -> None:
        assert run(*options).exit_code == 2

    def test_progress_that_cannot_be_read_is_not_called_none(self) -> None:
        ProgressFile().path.mkdir(parents=True)
        result = run()
        assert result.exit_code == 2
        assert "it cannot be opened" in result.output
        assert "Nothing was practised" not in result.output

    def test_a_damaged_file_is_said(self) -> None:
        path = ProgressFile().path
        path.parent.mkdir(parents=True)
        path.write_bytes(b"damaged" * 1000)
        result = run()
        assert result.exit_code == 0
        assert "it is kept as progress.db.damaged, and a new one begins" in result.stderr
        assert result.stdout.startswith("Nothing was practised yet.")

    def test_a_guest_has_none_and_writes_no_file(self, tmp_path: Path) -> None:
        Progress(ProgressFile()).note(attempt("1"), "drill")
        assert "Nothing was practised" in CliRunner().invoke(main, ["--guest", "progress"]).output
        refused = CliRunner().invoke(main, ["--guest", "progress", "--export", str(tmp_path / "x.json")])
        assert refused.exit_code == 2
        assert not (tmp_path / "x.json").exists()


@pytest.mark.usefixtures("practised")
class TestTheScreen:
    async def test_the_palette_opens_it_and_it_fits_80_columns(self) -> None:
        async with opened("fabc") as pilot:
            found = {command.title: command for command in pilot.app.get_system_commands(pilot.app.screen)}
            found["Progress"].callback()
            await until(pilot, lambda: isinstance(pilot.app.screen, ProgressScreen))
            await pilot.pause()
            assert "4 skills: 1 mastered, 1 due, 1 weak, 1 learning." in text(pilot)
            assert "│ gradient of several contributions   ■■■   ██████████ 3 of 3    mastered" in text(pilot)
            await pilot.press("pagedown")
            await until(pilot, lambda: "gradwalk drill asks for them, mixed with others." in text(pilot))
            await pilot.press("escape")
            assert isinstance(pilot.app.screen, WalkScreen)

    async def test_a_damaged_file_is_said_on_it(self) -> None:
        ProgressFile().path.write_bytes(b"damaged" * 1000)
        async with opened("fabc") as pilot:
            pilot.app.show_progress()
            await until(pilot, lambda: isinstance(pilot.app.screen, ProgressScreen))
            await until(pilot, lambda: "Nothing was practised yet." in text(pilot))
            assert any("progress.db.damaged" in note.message for note in pilot.app._notifications)
