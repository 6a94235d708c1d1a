"""What the site is made of beside its pages: the page of commands, and walks to take in the page itself.

mkdocs calls these functions; all of it is made by the program when the site is built, so none of it can be out of date.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from gradwalk.engine.library import load
from gradwalk.tui.pocket.page import page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

WALKS = ("fabc", "xor")
"""The scenarios that a reader walks on the site."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what the program makes."""
    files.append(File.generated(config, "commands.md", content=_manual()))
    for name in WALKS:
        files.append(File.generated(config, f"walks/{name}.html", content=page(load(name))))
    return files


def _manual() -> str:
    spec = importlib.util.spec_from_file_location("manual", Path(__file__).with_name("manual.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.reference()
