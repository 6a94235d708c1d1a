"""The engine knows no terminal: imports run from the screen to the mathematics, never back."""

import ast
import subprocess
import sys
from pathlib import Path

import gradwalk.engine.ops
import pytest

ENGINE = Path(gradwalk.engine.ops.__file__).parent
MODULES = sorted(file.stem for file in ENGINE.glob("*.py"))
SCREEN = {"textual", "rich", "plotext", "click", "asyncssh", "gradwalk.tui"}
ALLOWED = {"numpy", "msgspec", "gradwalk"}


def test_loading_all_of_it_loads_nothing_that_draws():
    names = [f"gradwalk.engine.{name}" for name in MODULES if name != "__init__"]
    code = f"import importlib, sys; [importlib.import_module(name) for name in {names!r}]; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.split())
    assert set(names) <= loaded
    assert loaded & SCREEN == set()


@pytest.mark.parametrize("module", MODULES)
def test_no_import_statement_names_a_stranger(module: str):
    for name in imported(ENGINE / f"{module}.py"):
        assert name.partition(".")[0] in ALLOWED | sys.stdlib_module_names
        assert not name.startswith("gradwalk.tui")


def imported(file: Path) -> set[str]:
    """Every module that a file of the engine imports, wherever in it, by its absolute name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = {0: "", 1: "gradwalk.engine.", 2: "gradwalk."}[node.level]
            names |= {f"{above}{node.module}" if node.module else f"{above}{alias.name}" for alias in node.names}
    return names
