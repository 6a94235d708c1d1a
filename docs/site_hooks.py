"""What the site is made of beside its pages: the page of commands, walks to take in the page itself, and recordings.

mkdocs calls these functions; all of it is made by the program when the site is built, so none of it can be out of date.
"""

from __future__ import annotations

import importlib.util
import json
import re
from functools import cache
from pathlib import Path

from gradwalk.engine.library import load
from gradwalk.tui.pictures.cast import recording
from gradwalk.tui.pictures.staged import Look
from gradwalk.tui.pocket.page import page as walking_page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

WALKS = ("fabc", "xor")
"""The scenarios that a reader walks on the site."""

SIZE = (100, 30)
"""The window of the recordings, in columns and rows."""

_RECORDING = re.compile(r"<!-- recording: (\w+) -->")
"""Where a page has a recording; who reads it elsewhere, without the site, sees nothing of it."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what the program makes."""
    made = {"commands.md": _commands()}
    for name in WALKS:
        made[f"walks/{name}.html"] = walking_page(load(name))
        made[f"walks/{name}.cast"] = _recorded(name)
    for path, content in made.items():
        files.append(File.generated(config, path, content=content))
    return files


@event_priority(50)  # before the plugin that makes a player of the block
def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the recordings into a page."""

    def player(found: re.Match[str]) -> str:
        if found[1] not in WALKS:
            raise ValueError(f"{page.file.src_uri}: {found[1]} is not recorded; recorded are {', '.join(WALKS)}")
        columns, rows = SIZE
        options = {
            "file": get_relative_url(f"walks/{found[1]}.cast", page.url),
            "title": f"gradwalk {found[1]}",
            "cols": columns,
            "rows": rows,
            "preload": True,
            "mkap_theme": "none",
            "terminal_font_family": "monospace",
        }
        caption = f"A recording of `gradwalk {found[1]}`, made by the program itself; press ▶ to play it."
        return f"{caption}\n\n```asciinema-player\n{json.dumps(options)}\n```"

    return _RECORDING.sub(player, markdown)


@cache
def _recorded(name: str) -> str:
    return recording(load(name), Look(SIZE))


@cache
def _commands() -> str:
    spec = importlib.util.spec_from_file_location("manual", Path(__file__).with_name("manual.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.reference()
