"""What the README and the pages of the guide say is so: their examples are run."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import math
import os
import re
import shlex
import subprocess
from pathlib import Path
from types import ModuleType

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
PAGES = (
    "first-walk",
    "for-programmers",
    "for-teachers",
    "large-graphs",
    "openssh",
    "scenario-format",
    "serving",
    "settings",
)
GUIDE = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in (*PAGES, "training-format")}

HEADLESS = ("list", "trace", "schema", "train", "judge", "progress", "new", "export", "grade", "check")
ELSEWHERE = {"open", "doctor", "serve"}
"""Commands that need a library, say something of this machine, or stay: other tests run them."""


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    """Return the gradwalk commands of the console blocks and of the running text, each once."""
    text = "\n".join([README, *GUIDE.values()])
    lines = [line for block in blocks("console", text) for line in block.splitlines()]
    lines += re.findall(r"`(gradwalk [^`]+)`", text)
    found = [shlex.split(line)[1:] for line in dict.fromkeys(lines) if line.startswith("gradwalk ")]
    return [words for words in found if words[0] not in ELSEWHERE and not {"FILE", "FOLDER"} & set(words)]


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
    (tmp_path / "saddle.toml").write_text(blocks("toml", GUIDE["scenario-format"])[0], encoding="utf-8")
    (tmp_path / "answers.toml").write_text('"∂f/∂a" = "-1/9"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    if "new" not in command:
        run("new", "my-function")
    headless = command[0] in HEADLESS or {"--trace", "--json"} & set(command)
    if not headless:  # there is no terminal here
        command = [*command, "--plain"]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == (command[0] == "judge"), result.output  # the answer there is wrong, as it says
    assert result.output


def test_the_training_scenario_finds_the_parabola(tmp_path: Path) -> None:
    path = tmp_path / "parabola.toml"
    path.write_text(blocks("toml", GUIDE["training-format"])[0], encoding="utf-8")
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


@pytest.mark.parametrize("name", ["python", "numpy", "notebook"])
def test_the_programs_of_a_page_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gradwalk.tui.trace_command.print_trace", lambda *walk: None)  # there is no terminal here
    programs = blocks("python", (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8"))
    assert programs
    for program in programs:
        exec(program, {})


def test_the_scenario_gives_what_its_text_says(tmp_path: Path) -> None:
    path = tmp_path / "saddle.toml"
    path.write_text(blocks("toml", GUIDE["scenario-format"])[0], encoding="utf-8")
    output = run("trace", str(path))
    assert "    f = 3.75 = 15/4\n" in output
    assert "    ∂f/∂x = 4\n" in output
    assert "    ∂f/∂y = -1\n" in output
    assert output.count("Shown at the step") == 2


@pytest.mark.parametrize("text", [README, GUIDE["first-walk"]], ids=["README", "first-walk"])
def test_the_step_of_the_tour_is_the_program_s(text: str) -> None:
    shown = blocks("text", text)[0]
    step = [line.strip() for line in shown.splitlines() if line.strip()]
    assert len(step) == 4
    printed = [line.strip() for line in run("trace", "fabc").splitlines()]
    place = printed.index(step[0])
    assert printed[place : place + 4] == step


def test_the_functions_are_all_there_are() -> None:
    match = re.search(r"the functions `([^`]+)`", GUIDE["scenario-format"])
    assert match is not None
    listed = match[1].split()
    assert set(listed) <= set(FUNCTIONS)
    assert set(FUNCTIONS) - set(listed) <= {"step", "sign", "pow"}


def test_the_tables_of_keys_are_up_to_date() -> None:
    kept = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")
    assert script("keys").page() == kept, "run `python docs/keys.py`"


def test_the_settings_are_good_ones() -> None:
    settings = json.loads(blocks("json", GUIDE["settings"])[0])
    assert checked_keymap(settings["keys"], bindings(GradwalkApp)) == (settings["keys"], [])


@pytest.mark.skipif(not (SSHD and KEYGEN), reason="OpenSSH's sshd and ssh-keygen are needed")
def test_sshd_takes_the_fragment(tmp_path: Path) -> None:
    assert SSHD is not None
    assert KEYGEN is not None
    fragment = next(block for block in blocks("text", GUIDE["openssh"]) if "ForceCommand" in block)
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
    assert "forcecommand /usr/local/bin/gradwalk-guest\n" in result.stdout


def test_every_link_to_a_file_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)[^):]*\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("name", script("picture").PICTURES)
def test_the_pictures_can_be_made_anew(name: str) -> None:
    if name in ("jax", "torch"):
        pytest.importorskip(name)
    drawn = asyncio.run(script("picture").PICTURES[name]())
    kept = (ROOT / "docs" / f"{name}.svg").read_text(encoding="utf-8")

    def words(svg: str) -> list[str]:
        return [re.sub(r"&#160;|\s+", " ", text).strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]

    assert words(drawn) == words(kept), "run `python docs/picture.py`"
