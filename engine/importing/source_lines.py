"""Lines of somebody's code: which of the frames that made an operation is theirs, and what stands there."""

from __future__ import annotations

import functools
import linecache
import os
import site
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from ..graph.array_record import SourceLine


class Frame(NamedTuple):
    """A place in code that was running: a line, counted from 1, of a file, within a function."""

    path: str
    number: int
    function: str


def source_line(frame: Frame) -> SourceLine:
    """Return the line at a frame, with its text where the file can be read."""
    text = linecache.getline(frame.path, frame.number).strip()
    return SourceLine(_shown(frame.path), frame.number, text, frame.function)


def users_frame(frames: Iterable[Frame]) -> Frame | None:
    """Return the first of some frames, innermost first, that is in nobody's installed package; else None."""
    return next((frame for frame in frames if not is_installed(frame.path)), None)


def frames_of(error: BaseException) -> list[Frame]:
    """Return where an exception was raised, and from where that was called: the innermost frame first."""
    found: list[Frame] = []
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(Frame(code.co_filename, traceback.tb_lineno, code.co_name))
        traceback = traceback.tb_next
    return found[::-1]


@functools.lru_cache(maxsize=4096)
def is_installed(path: str) -> bool:
    """Say whether a file belongs to Python, to gradwalk or to an installed package."""
    if path.startswith(("<frozen", "<string>")):
        return True
    whole = os.path.realpath(path)
    return not {"site-packages", "dist-packages"}.isdisjoint(Path(whole).parts) or any(
        whole.startswith(folder + os.sep) for folder in _installed_folders()
    )


def contents_of_own_module(value: object) -> dict[str, Any]:
    """Return what is in a module that belongs to no installed package, by name; nothing for anything else."""
    if isinstance(value, ModuleType) and not is_installed(getattr(value, "__file__", None) or "<frozen>"):
        return vars(value)
    return {}


@functools.cache
def _installed_folders() -> frozenset[str]:
    own = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    engine, screen = os.path.join(own, "engine"), os.path.join(own, "tui")  # noqa: PTH118
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    folders = [*paths, *site.getsitepackages(), site.getusersitepackages(), engine, screen]
    return frozenset(map(os.path.realpath, folders))


def _shown(path: str) -> str:
    """Return a path as it is shown: from the current folder on where it is below that, else whole."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if relative.startswith("..") or path.startswith("<") else relative
