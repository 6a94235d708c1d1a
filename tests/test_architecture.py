"""What docs/architecture.md says of the house is so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`([\w.]+(?:/[\w.]*)+)`", TEXT)))
DEFINED = re.findall(r"`(\w+)`,? (?:\| )?`((?:engine|tui)/[\w/]+\.py)`", TEXT)


@pytest.mark.parametrize("path", PATHS)
def test_every_path_in_it_is_there(path: str) -> None:
    assert any((ROOT / room / path).exists() for room in ("", "engine", "tui")), path


@pytest.mark.parametrize(("name", "path"), DEFINED)
def test_every_seam_is_defined_where_it_says(name: str, path: str) -> None:
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    assigned = {
        target.id
        for statement in body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name)
    }
    assert name in assigned | {statement.name for statement in body if isinstance(statement, ast.ClassDef)}


def test_it_names_the_rooms_and_the_seams() -> None:
    assert {"engine/rules/ops.py", "engine/rules/printers/", "tui/words/"} <= set(PATHS)
    assert ("Op", "engine/rules/ops.py") in DEFINED
