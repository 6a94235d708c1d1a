"""`gradwalk train`: training without a screen, and both ways of training in a real pseudo-terminal."""

from __future__ import annotations

import csv
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from gradwalk.engine.library import load
from gradwalk.engine.training.scenario import TrainingScenario
from gradwalk.tui.cli import main
from rich.cells import cell_len

from .pseudo_terminal import GRADWALK, PseudoTerminal

DIVERGING = """
title = "Much too fast"
[data]
x = [1, 2, 3]
y = [2, 4, 7]
[parameters]
w = 0
[prediction]
h = "w*x"
[loss]
cost = "mean((h - y)^2)"
[training]
learning_rate = 40
epochs = 900
"""


def train(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["train", *arguments])


def strict(text: str) -> Any:
    """Read JSON that has none of what Python alone would read."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture
def diverging(tmp_path: Path) -> str:
    path = tmp_path / "diverging.toml"
    path.write_text(DIVERGING, encoding="utf-8")
    return str(path)


def trained(name: str, epochs: int) -> Any:
    scenario = load(name)
    assert isinstance(scenario, TrainingScenario)
    trainer = scenario.trainer()
    for _ in range(epochs):
        trainer.train_epoch()
    return trainer


class TestWords:
    def test_the_curve_and_what_was_found_are_printed(self) -> None:
        result = train("regression")
        assert result.exit_code == 0
        lines = result.stdout.split("\n")
        assert lines[0] == "Linear regression: h = b + x·w"
        assert lines[2] == "cost by epoch, logarithmic axis"
        assert any("┌" in line for line in lines)
        assert "epoch 200 of 200" in lines
        assert any("cost = 1.4224" in line for line in lines)
        assert any("w = 5.1017" in line for line in lines)
        assert lines[-2] == "All 200 epochs are done."
        assert all(len(line) <= 80 and line == line.rstrip() for line in lines)
        assert "\x1b" not in result.output

    def test_a_classifier_says_how_many_samples_are_right(self) -> None:
        assert "100% of the samples are right" in train("moons").stdout

    @pytest.mark.parametrize(
        ("loss", "axis", "said"),
        [
            ("mean((h - y)^2)", "logarithmic axis", "▾ the loss is 0"),
            ("mean((h - y)^2) + 0.001", "logarithmic axis", "0.01┤"),
            ("mean((h - y)^2) - 5", "linear axis", " 0┤"),
            ("mean((h - y)^2) + 5", "linear axis", "10┤"),
            ("mean((h - y)^2)*0", "linear axis", " 0┤"),
        ],
        ids=["reaches zero", "wide", "negative", "narrow", "zero"],
    )
    def test_the_axis_suits_the_losses(self, loss: str, axis: str, said: str, tmp_path: Path) -> None:
        path = tmp_path / "loss.toml"
        text = DIVERGING
        for old, new in (("= 40", "= 0.05"), ("= 900", "= 200"), ("4, 7", "4, 6"), ("mean((h - y)^2)", loss)):
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        printed = train(str(path)).stdout
        assert f"cost by epoch, {axis}" in printed
        assert said in printed

    @pytest.mark.parametrize("name", ["w", "权重", "a_very_long_name_of_a_parameter"])
    def test_the_columns_stand_below_one_another_whatever_the_names(self, name: str, tmp_path: Path) -> None:
        path = tmp_path / "names.toml"
        text = DIVERGING.replace("w = 0", f'"{name}" = 0\nb = 0').replace('"w*x"', f'"{name}*x + b"')
        path.write_text(text, encoding="utf-8")
        rows = [line for line in train(str(path), "--epochs", "3").stdout.splitlines() if "∂cost/∂" in line]
        assert len(rows) == 2
        for first, second in ((f"{name} = ", "b = "), ("∂cost", "∂cost")):
            places = {cell_len(row[: row.index(start)]) for row, start in zip(rows, (first, second), strict=True)}
            assert len(places) == 1

    def test_fewer_epochs_can_be_asked_for_and_more(self) -> None:
        assert "epoch 3 of 3\n" in train("regression", "--epochs", "3").stdout
        assert "epoch 777 of 777\n" in train("regression", "--epochs", "777").stdout

    def test_divergence_is_explained_and_the_exit_status_says_so(self, diverging: str) -> None:
        result = train(diverging)
        assert result.exit_code == 1
        assert "⚠ After epoch 60 the loss is infinite." in result.stdout
        assert "The learning rate 40 is probably too large" in result.stdout.replace("\n", " ")
        assert "┌" in result.stdout

    def test_a_loss_that_only_grows_is_warned_of_and_is_no_failure(self, diverging: str) -> None:
        result = train(diverging, "--epochs", "20")
        assert result.exit_code == 0
        said = " ".join(result.stdout.split())
        assert "⚠ The loss grows: it has for the last 5 epochs on end, and is " in said
        assert "The learning rate 40 is probably too large: each step overshoots." in said
        assert "All 20 epochs are done." in said
        assert json.loads(train(diverging, "--epochs", "20", "--json").stdout)["growing"] is True

    def test_a_loss_that_does_not_exist_at_the_start_is_one_too(self, tmp_path: Path) -> None:
        path = tmp_path / "undefined.toml"
        path.write_text(DIVERGING.replace("mean((h - y)^2)", "mean(ln(h - y))"), encoding="utf-8")
        result = train(str(path))
        assert result.exit_code == 1
        assert "the loss has no finite value yet" in result.stdout
        assert "At the start the loss is not a number" in result.stdout


class TestExports:
    @pytest.mark.parametrize("name", ["regression", "xor"])
    def test_json_is_what_its_schema_says_and_what_training_does(self, name: str) -> None:
        result = train(name, "--epochs", "20", "--json")
        assert result.exit_code == 0
        history = strict(result.stdout)
        schema = json.loads(CliRunner().invoke(main, ["schema", "history"]).stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(history, schema)
        trainer = trained(name, 20)
        assert [record["epoch"] for record in history["epochs"]] == list(range(21))
        assert [record["loss"] for record in history["epochs"]] == trainer.history.losses().tolist()
        parameters = [list(record["parameters"].values()) for record in history["epochs"]]
        assert parameters == trainer.history.parameters().tolist()
        gradients = [list(record["gradient"].values()) for record in history["epochs"]]
        assert gradients == [epoch.gradient.tolist() for epoch in trainer.history.epochs]
        assert (history["diverged"], history["accuracy"] is None) == (False, name == "regression")
        assert history["ended"] == {"reason": "epochs_done", "epoch": 20, "of": None, "name": None}
        assert history["growing"] is False

    def test_json_of_a_run_that_diverges_is_strict_too(self, tmp_path: Path) -> None:
        path = tmp_path / "overflow.toml"
        path.write_text(DIVERGING.replace("learning_rate = 40", "learning_rate = 1e200"), encoding="utf-8")
        result = train(str(path), "--json")
        assert result.exit_code == 1
        history = strict(result.stdout)
        jsonschema.validate(history, json.loads(CliRunner().invoke(main, ["schema", "history"]).stdout))
        assert history["diverged"] is True
        assert history["epochs"][-1]["loss"] is None
        assert history["ended"] == {"reason": "not_finite", "epoch": 1, "of": "loss", "name": "cost"}

    def test_csv_comes_back_as_the_same_numbers(self, tmp_path: Path) -> None:
        path = tmp_path / "history.csv"
        assert train("moons", "--epochs", "10", "--csv", str(path)).exit_code == 0
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        trainer = trained("moons", 10)
        assert header == ["epoch", "loss", "learning_rate", *trainer.model.formulas.parameters]
        numbers = [[float(cell) for cell in row] for row in rows]
        assert [row[0] for row in numbers] == list(range(11))
        assert [row[1] for row in numbers] == trainer.history.losses().tolist()
        assert [row[2] for row in numbers] == [trainer.rate(epoch) for epoch in range(11)]
        assert [row[3:] for row in numbers] == trainer.history.parameters().tolist()

    def test_csv_is_written_where_training_diverges(self, diverging: str, tmp_path: Path) -> None:
        path = tmp_path / "history.csv"
        assert train(diverging, "--csv", str(path)).exit_code == 1
        rows = path.read_text(encoding="utf-8").splitlines()
        assert rows[0] == "epoch,loss,learning_rate,w"
        assert len(rows) > 5


class TestProblems:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["fabc"], "gradwalk: fabc has nothing to train; `gradwalk fabc` walks it"),
            (["regresion"], "regression"),
            (["regression", "--epochs", "0"], "0 is not in the range"),
            (["regression", "--epochs", "many"], "not a valid integer"),
            (["moons", "--epochs", "1000000"], "with 337 parameters there can be at most 59,347 epochs"),
            (["regression", "--csv", "/no/such/folder/history.csv"], "cannot be written: No such file or directory"),
        ],
        ids=["no training", "misspelt", "none", "no number", "too many", "no folder"],
    )
    def test_each_is_one_message_and_exit_status_2(self, arguments: list[str], said: str) -> None:
        result = train(*arguments)
        assert result.exit_code == 2
        assert said in result.stderr
        assert not result.stdout


def test_a_terminal_is_told_how_far_it_is_five_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time goes on by 0.05 s each time it is asked for: once for the start, once an epoch, and when it is said."""
    times = itertools.count()
    monkeypatch.setattr("gradwalk.tui.train_command.time", SimpleNamespace(monotonic=lambda: next(times) * 0.05))
    arguments = ["train", "regression", "--epochs", "20"]
    for terminal, told in (("xterm-256color", [4, 8, 12, 16, 20]), ("dumb", [])):
        result = CliRunner(env={"FORCE_COLOR": "1", "TERM": terminal}).invoke(main, arguments)
        assert [int(epoch) for epoch in re.findall(r"\repoch (\d+) of 20", result.stderr)] == told


def test_a_pipe_gets_plain_text_and_no_progress() -> None:
    command = [GRADWALK, "train", "xor"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "\x1b" not in result.stdout
    assert "epoch 400 of 400" in result.stdout
    assert result.stderr == ""


unix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a Unix thing")


@unix
def test_a_terminal_gets_colours_its_own_width_and_the_progress(tmp_path: Path) -> None:
    with PseudoTerminal(GRADWALK, "train", "regression", "--epochs", "40000", width=120, height=60) as terminal:
        assert terminal.wait_for_exit() == 0
        assert "epoch 40000 of 40000" in terminal.text
        assert b"\r" in terminal.output
        assert b": loss 1.42" in terminal.output
        assert ": loss 1.42" not in terminal.text, "the progress is gone when it is done"
        assert max(map(len, terminal.lines)) > 90
        assert b"\x1b[1;32m" in terminal.output


@unix
@pytest.mark.thorough
def test_training_diving_in_and_coming_back_in_a_real_terminal() -> None:
    with PseudoTerminal(GRADWALK, "regression", width=120, height=40) as terminal:
        terminal.wait_for("epoch 0 of 200")
        terminal.wait_for("data and model")
        terminal.press("a")
        terminal.wait_for("All 200 epochs are done.")
        terminal.wait_for("epoch 200 of 200")
        terminal.press("p", "v")
        terminal.wait_for("epoch 190 of 200")
        terminal.wait_for("surface of the loss")
        terminal.press("enter")
        terminal.wait_for("epoch 190 · Linear regression")
        terminal.press("end")
        terminal.wait_for("update · step")
        terminal.press("escape")
        terminal.wait_for("epoch 190 of 200")
        terminal.press("home", "space")
        terminal.wait_for("epochs/s")
        terminal.resize(80, 24)
        terminal.wait_for(lambda: terminal.lines[-1].endswith("q Quit"))
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
