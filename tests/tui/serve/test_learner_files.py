"""A learner of a served room reads no file but those of gradwalk and those offered, and writes none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import gradwalk.engine
import gradwalk.scenarios
import gradwalk.tui
import pytest

pytestmark = pytest.mark.serve

TRAINING = """
title = "Fitted"
[data]
csv = "points.csv"
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("server")
    (top / "secret.toml").write_text('title = "Secret"\n[inputs]\nx = 1\n[graph]\nf = "x^2"\n')
    (top / "home").mkdir()
    offered = top / "offered"
    offered.mkdir()
    (offered / "cube.toml").write_text('title = "Cubes"\n[inputs]\nx = 3\n[graph]\nf = "x^3"\n')
    (offered / "fit.toml").write_text(TRAINING)
    (offered / "points.csv").write_text("x,y\n1,2\n2,4\n")
    (offered / "two.toml").write_text(
        'title = "Two"\n[[lesson]]\nscenario = "cube.toml"\n[[lesson]]\nscenario = "fabc"\n'
    )
    return top


@pytest.fixture(scope="module")
def audit(folder: Path) -> dict[str, Any]:
    """Press every key, run every command, type what is nasty; return what Python told of it."""
    home = folder / "home"
    variables = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "TMPDIR")}
    command = [sys.executable, "-m", "tests.tui.serve.learner_audit", str(folder / "offered")]
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=300,
        cwd=Path(__file__).parents[3],
        env={**os.environ, **variables},
    )
    assert ended.returncode == 0, ended.stderr[-5000:]
    return json.loads(ended.stdout)


def test_every_key_and_every_command_was_tried(audit: dict[str, Any]) -> None:
    counts = audit["counts"]
    assert counts["guest library"] > 15
    assert min(counts["guest fabc"], counts["follower cube"]) > 60
    assert counts["palette of a walk"] > 20
    assert min(counts["guest xor"], counts["presenter fit"], counts["plain"]) > 30
    opened = {each["what"] for each in audit["told"] if each["event"] == "open"}
    assert any(what.endswith("points.csv") for what in opened), "what is told is not all"


def test_no_file_is_opened_for_writing(audit: dict[str, Any], folder: Path) -> None:
    assert [each for each in audit["told"] if each["writes"]] == []
    assert [*(folder / "home").iterdir()] == []


def test_no_file_is_read_but_those_of_the_program_and_those_offered(audit: dict[str, Any], folder: Path) -> None:
    allowed = [folder / "offered", *(Path(path).resolve() for path in (sys.prefix, sys.base_prefix, *sys.path) if path)]
    allowed = [path for path in allowed if path not in (Path.cwd(), Path("/"))]
    allowed += [
        Path(next(iter(room.__path__))).resolve() for room in (gradwalk.engine, gradwalk.tui, gradwalk.scenarios)
    ]
    allowed += [Path(path).resolve() for path in sysconfig.get_paths().values()]
    reads = ("open", "os.listdir", "os.scandir", "os.walk")
    others = [
        each
        for each in audit["told"]
        if each["event"] in reads and not any(Path(each["what"]).resolve().is_relative_to(path) for path in allowed)
    ]
    assert others == []


def test_nothing_else_is_done_to_the_system(audit: dict[str, Any]) -> None:
    harmless = {"open", "os.listdir", "os.scandir", "os.walk", "marshal.loads"}
    assert [each for each in audit["told"] if each["event"] not in harmless] == []
