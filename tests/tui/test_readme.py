"""What the README says is so: its examples are run."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import gradwalk.engine
import gradwalk.scenarios
import gradwalk.tui
import pytest
from click.testing import CliRunner
from gradwalk.engine.language.names import FUNCTIONS
from gradwalk.engine.scenario import Scenario
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.cli import main
from gradwalk.tui.keymap import bindings, checked_keymap

from .test_ssh import KEYGEN, SSHD

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


HEADLESS = ("list", "trace", "schema", "train", "judge", "progress", "new", "export", "grade", "check")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    """Return the gradwalk commands of the console blocks and of the running text."""
    lines = [line for block in blocks("console") for line in block.splitlines()]
    lines += re.findall(r"`(gradwalk [^`]+)`", README)
    return [shlex.split(line)[1:] for line in lines if line.startswith("gradwalk ")]


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_starts_with_the_picture_and_the_one_line() -> None:
    assert README.startswith("![")
    assert "(docs/walk.svg)" in README.split("\n", 1)[0]
    assert "walk a computational graph forward and backward" in README[:400]


def test_the_two_lines_are_there_as_they_must_be() -> None:
    assert "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/gradwalk\n" in blocks("console")
    assert "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest\n" in blocks("console")


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_runs(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "saddle.toml").write_text(blocks("toml")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    headless = command[0] in HEADLESS or {"--trace", "--json"} & set(command)
    if not headless:  # there is no terminal here
        command = [*command, "--plain"]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == (command[0] == "judge"), result.output  # the answer there is wrong, as it says
    assert result.output


def test_the_training_scenario_finds_the_parabola(tmp_path: Path) -> None:
    path = tmp_path / "parabola.toml"
    path.write_text(blocks("toml")[1], encoding="utf-8")
    last = json.loads(run("train", str(path), "--json"))["epochs"][-1]
    assert last["epoch"] == 150
    assert last["parameters"] == pytest.approx({"a": -1, "b": 0, "c": 1}, abs=0.2)


def test_what_is_written_in_python_is_walked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[Scenario] = []
    monkeypatch.setattr("gradwalk.tui.trace_command.print_trace", opened.append)  # there is no terminal here
    exec(blocks("python")[0], {})
    value, partials = 10 + math.sin(2), {"x": 5 + math.cos(2), "y": 2.0}
    assert capsys.readouterr().out == f"{value} {partials}\n"
    (walked,) = opened
    assert walked.graph.expression(walked.graph.output) == "t1 + t2"


def test_the_scenario_gives_what_its_text_says(tmp_path: Path) -> None:
    path = tmp_path / "saddle.toml"
    path.write_text(blocks("toml")[0], encoding="utf-8")
    output = run("trace", str(path))
    assert "    f = 3.75 = 15/4\n" in output
    assert "    ∂f/∂x = 4\n" in output
    assert "    ∂f/∂y = -1\n" in output
    assert output.count("Shown at the step") == 2


def test_the_step_of_the_tour_is_the_program_s() -> None:
    shown = blocks("text")[0]
    step = [line.strip() for line in shown.splitlines() if line.strip()]
    assert len(step) == 4
    printed = [line.strip() for line in run("trace", "fabc").splitlines()]
    place = printed.index(step[0])
    assert printed[place : place + 4] == step


def test_the_functions_are_all_there_are() -> None:
    match = re.search(r"the functions `([^`]+)`", README)
    assert match is not None
    listed = match[1].split()
    assert set(listed) <= set(FUNCTIONS)
    assert set(FUNCTIONS) - set(listed) <= {"step", "sign", "pow"}


def test_the_tables_of_keys_are_up_to_date() -> None:
    kept = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")
    assert script("keys").page() == kept, "run `python docs/keys.py`"


def test_the_settings_are_good_ones() -> None:
    settings = json.loads(blocks("json")[0])
    assert checked_keymap(settings["keys"], bindings(GradwalkApp)) == (settings["keys"], [])


@pytest.mark.skipif(not (SSHD and KEYGEN), reason="OpenSSH's sshd and ssh-keygen are needed")
def test_sshd_takes_the_fragment(tmp_path: Path) -> None:
    assert SSHD is not None
    assert KEYGEN is not None
    fragment = next(block for block in blocks("text") if "ForceCommand" in block)
    subprocess.run([KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "host")], check=True)
    config = tmp_path / "sshd_config"
    config.write_text(f"HostKey {tmp_path / 'host'}\n{fragment}", encoding="utf-8")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    result = subprocess.run(
        [SSHD, "-T", "-f", str(config), "-C", "user=demo,host=guest,addr=192.0.2.1"], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    for line in ("disableforwarding yes", "permittty yes", "permituserrc no", "maxsessions 1"):
        assert f"{line}\n" in result.stdout
    assert "forcecommand exec /usr/local/bin/gradwalk --guest\n" in result.stdout


def test_an_operation_is_one_entry(tmp_path: Path) -> None:
    package = tmp_path / "gradwalk"
    shutil.copytree(str(Path(str(gradwalk.__file__)).parent), package)
    for module in (gradwalk.engine, gradwalk.tui, gradwalk.scenarios):
        source = Path(str(module.__file__)).parent
        shutil.copytree(
            source, package / module.__name__.rpartition(".")[2], ignore=shutil.ignore_patterns("__pycache__")
        )
    ops = package / "engine" / "rules" / "ops.py"
    before, entries, rest = ops.read_text(encoding="utf-8").partition("OPS: tuple[Op, ...] = (\n")
    assert entries
    ops.write_text(before + entries + blocks("python")[-1] + rest, encoding="utf-8")
    command = [sys.executable, "-m", "gradwalk", "try", "cube(x)", "x=2", "--trace"]
    result = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(tmp_path)}, cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert "f = x³\n    = 2³\n    = 8\n" in result.stdout
    assert "∂f/∂x = 3·x² = 3·2² = 12\n" in result.stdout


@pytest.mark.parametrize("name", ["walk", "circuit", "study", "training"])
def test_the_pictures_can_be_made_anew(name: str) -> None:
    drawn = asyncio.run(getattr(script("picture"), name)())
    kept = (ROOT / "docs" / f"{name}.svg").read_text(encoding="utf-8")

    def words(svg: str) -> list[str]:
        return [re.sub(r"&#160;|\s+", " ", text).strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]

    assert words(drawn) == words(kept), "run `python docs/picture.py`"
