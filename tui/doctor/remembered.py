"""The files in which gradwalk remembers something, and whether they can be read and written."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from ..record import RecordFile
from ..settings import SettingsFile
from ..words import doctor as words
from .findings import Findings, from_home


def files() -> Findings:
    """Say where settings, the record and the progress are kept; no file is made or changed."""
    facts: dict[str, str] = {}
    problems: list[str] = []
    settings = SettingsFile()
    paths = {"settings": settings.path, "what was done": RecordFile().path}
    if importlib.util.find_spec("sqlite3") is None:
        problems.append(words.NO_DATABASE)
    else:
        from ..progress.database import ProgressFile

        paths["progress"] = ProgressFile().path
    for what, path in paths.items():
        facts[what] = from_home(path) + ("" if path.exists() else ", not there yet")
    for what, path in paths.items():
        if not can_be_written(path):
            problems.append(words.unwritable(what, from_home(path)))
    problems += settings.load()[1]
    return Findings("files", facts, tuple(problems))


def can_be_written(path: Path) -> bool:
    """Say whether a file may be written, or made with the folders that it needs."""
    if path.exists():
        return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    parent = path.parent
    while not parent.exists() and parent != parent.parent:
        parent = parent.parent
    return parent.is_dir() and os.access(parent, os.W_OK)
