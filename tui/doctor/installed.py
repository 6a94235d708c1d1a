"""Which gradwalk this is, how it was installed, and with which libraries."""

from __future__ import annotations

import json
import platform
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from itertools import pairwise
from pathlib import Path

from ..words import doctor as words
from .findings import Findings, from_home

EXTRAS = ("jax", "torch", "notebook", "serve")
"""The extras that do something for who walks or teaches; the others are for who changes gradwalk."""

_REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[^\]]*\])?\s*([^;]*?)\s*(?:;.*extra == [\"']([\w-]+)[\"'])?")
"""A requirement as this project writes them: a name, its bounds, and the extra that it belongs to."""


def program(*, show_paths: bool) -> Findings:
    """Say which gradwalk runs, by which Python; with `show_paths`, which no guest gets, where, and on which system."""
    distribution = metadata.distribution("gradwalk")
    python = f"{platform.python_version()} ({platform.python_implementation()})"
    here = f", {from_home(Path(sys.executable))}" if show_paths else ""
    facts = {
        "gradwalk": f"{distribution.version}, {installed_how(distribution)}",
        "Python": python + here,
        **({"system": _system()} if show_paths else {}),
    }
    problems: list[str] = []
    first, own = shutil.which("gradwalk"), shutil.which("gradwalk", path=str(Path(sys.executable).parent))
    if show_paths and first and own and Path(first).resolve() != Path(own).resolve():
        facts["on the PATH"] = from_home(Path(first))
        problems.append(words.other_program(from_home(Path(first)), from_home(Path(own))))
    return Findings("program", facts, tuple(problems))


def libraries(
    requirements: Sequence[str] | None = None, version_of: Callable[[str], str] = metadata.version
) -> Findings:
    """Say which version of each library is here, and which are missing, too old or too new.

    The `requirements` are those of the distribution where none are given; `version_of` raises PackageNotFoundError for
    what is not installed.
    """
    if requirements is None:
        requirements = metadata.requires("gradwalk") or ()
    facts: dict[str, str] = {}
    problems: list[str] = []
    for requirement in requirements:
        found = _REQUIREMENT.fullmatch(requirement)
        name, bounds, extra = found.groups() if found else ("", "", None)
        if not name or name == "gradwalk" or (extra and extra not in EXTRAS):
            continue
        try:
            facts[name] = version_of(name)
        except metadata.PackageNotFoundError:
            facts[name] = words.not_installed(extra)
            problems += [] if extra else [words.missing_library(name, bounds)]
            continue
        if not within(facts[name], bounds):
            problems.append(words.unfit_library(name, facts[name], bounds))
    return Findings("libraries", facts, tuple(problems))


def within(version: str, bounds: str) -> bool:
    """Say whether a version is within bounds such as ">=8.2.5,<9"; bounds of another kind are taken to hold."""
    for bound in filter(None, (part.strip() for part in bounds.split(","))):
        relation, limit = bound.rstrip("0123456789."), _numbers(bound.lstrip("<>=!~ "))
        found = _numbers(version)
        if (relation == ">=" and found < limit) or (relation == "<" and found >= limit):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with, those of 2.13.0+cpu being 2, 13; ends of zero say nothing."""
    begin = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(part) for part in begin[0].split(".")] if begin else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def installed_how(distribution: metadata.Distribution) -> str:
    """Say what installed a distribution, and where to."""
    parts = Path(sys.prefix).parts
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")
    if origin.get("dir_info", {}).get("editable"):
        return "from a checkout, editable"
    if "pipx" in parts:
        return "by pipx"
    if {("uv", "tools"), ("uv", "archive-v0")} & set(pairwise(parts)):  # what uvx keeps for a while
        return "by uv, as a tool"
    installer = (distribution.read_text("INSTALLER") or "").strip() or "something that leaves no name"
    return f"by {installer}, {'in a virtual environment' if sys.prefix != sys.base_prefix else 'for this Python'}"


def _system() -> str:
    name = f"{platform.system()} {platform.release()} {platform.machine()}"
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]} {platform.machine()}"
    if sys.platform == "win32":
        return f"Windows {platform.version()} {platform.machine()}"
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {name}"
    except (OSError, KeyError):
        return name
