"""The engine knows no terminal: imports run from the screen to the mathematics, never back."""

import ast
import subprocess
import sys
from pathlib import Path

import gradwalk.engine.errors
import pytest

ENGINE = Path(gradwalk.engine.errors.__file__).parent


def dotted(file: Path) -> str:
    """Return the absolute name of a module, or of the package that an `__init__.py` is."""
    parts = file.relative_to(ENGINE).with_suffix("").parts
    return ".".join(("gradwalk", "engine", *(part for part in parts if part != "__init__")))


MODULES = {dotted(file): file for file in sorted(ENGINE.rglob("*.py"))}
SCREEN = {"textual", "rich", "plotext", "click", "asyncssh", "gradwalk.tui"}
ALLOWED = {"numpy", "msgspec", "gradwalk"}


def test_loading_all_of_it_loads_nothing_that_draws():
    names = list(MODULES)
    code = f"import importlib, sys; [importlib.import_module(name) for name in {names!r}]; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.split())
    assert set(names) <= loaded
    assert loaded & SCREEN == set()
    assert "numpy.typing" not in loaded, "it takes 30 ms, and only a type checker needs it"


@pytest.mark.parametrize("module", MODULES)
def test_no_import_statement_names_a_stranger(module: str):
    for name in imported(module):
        assert name.partition(".")[0] in ALLOWED | sys.stdlib_module_names
        assert not name.startswith("gradwalk.tui")


def test_modules_of_sub_packages_are_looked_at_too():
    assert all(dotted(folder / "__init__.py") in MODULES for folder in ENGINE.iterdir() if list(folder.glob("*.py")))


def imported(module: str) -> set[str]:
    """Every module that a module of the engine imports, wherever in it, by its absolute name."""
    file = MODULES[module]
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package.split(".")[: len(package.split(".")) + 1 - node.level]) + "." if node.level else ""
            names |= {f"{above}{node.module}" if node.module else f"{above}{alias.name}" for alias in node.names}
    return names
