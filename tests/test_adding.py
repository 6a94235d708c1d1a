"""What docs/adding.md says is so: each example is put into a copy of gradwalk and used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import gradwalk
import gradwalk.engine
import gradwalk.scenarios
import gradwalk.tui
import pytest

ROOT = Path(__file__).parents[1]
OPERATION, VIEW, VIEWS, RULE, ENTRY = re.findall(
    r"^```python\n(.*?)^```$", (ROOT / "docs" / "adding.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)

pytestmark = pytest.mark.thorough


@pytest.fixture
def package(tmp_path: Path) -> Path:
    copied = tmp_path / "gradwalk"
    shutil.copytree(str(Path(str(gradwalk.__file__)).parent), copied)
    for module in (gradwalk.engine, gradwalk.tui, gradwalk.scenarios):
        source = Path(str(module.__file__)).parent
        name = module.__name__.rpartition(".")[2]
        shutil.copytree(source, copied / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copied


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def run(package: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(package.parent)}
    return subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, env=environment, cwd=package.parent, timeout=120
    )


def test_an_operation_is_one_entry(package: Path) -> None:
    start = "OPS: tuple[Op, ...] = (\n"
    replace(package / "engine" / "rules" / "ops.py", start, start + OPERATION)
    result = run(package, "-m", "gradwalk", "try", "cube(x)", "x=2", "--trace")
    assert result.returncode == 0, result.stderr
    assert "f = x³\n    = 2³\n    = 8\n" in result.stdout
    assert "∂f/∂x = 3·x² = 3·2² = 12\n" in result.stdout


def test_a_view_is_a_module_and_its_entry(package: Path) -> None:
    walk = package / "tui" / "walk"
    (walk / "list_view.py").write_text(VIEW, encoding="utf-8")
    imported, entry = VIEWS.strip().split("\n\n")
    replace(walk / "views.py", "VIEWS: tuple[View, ...] = (TREE, CIRCUIT)", entry)
    replace(walk / "views.py", "from .tree.view import TREE", f"{imported}\nfrom .tree.view import TREE")
    look = """
import asyncio
from gradwalk.engine.library import load
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.start import Start

async def look():
    app = GradwalkApp(load("fabc"), start=Start(view="list", step="2"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        while not app.screen.query("ListView"):
            await pilot.pause(0.02)
        print(app.screen.query_one("ListView").render())
        await pilot.press("right", "left", "left")
        await pilot.pause()
        print(app.screen.query_one("ListView").render())

asyncio.run(look())
"""
    result = run(package, "-c", look)
    assert result.returncode == 0, result.stderr
    assert "  l = 1\n" in result.stdout
    assert "  s = 3\n" in result.stdout
    assert "› f = ?" in result.stdout
    assert result.stdout.count("  s = ?\n") == 1  # two steps back


def test_a_mistake_is_a_rule_and_its_entry(package: Path) -> None:
    derivatives = package / "engine" / "study" / "mistakes" / "derivatives.py"
    start = "MISTAKES: tuple[Mistake, ...] = (\n"
    before = run(package, "-m", "gradwalk", "judge", "fabc", "∂f/∂s", "1/81").stdout
    assert "multiplied twice" not in before
    replace(derivatives, start, f"{RULE}\n\n{start}{ENTRY}")
    result = run(package, "-m", "gradwalk", "judge", "fabc", "∂f/∂s", "1/81")
    assert result.returncode == 1, result.stderr
    assert "The local derivative ∂r/∂s is multiplied twice." in result.stdout
