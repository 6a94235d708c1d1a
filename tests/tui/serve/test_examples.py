"""The files by which rooms are set up say nothing that the program does not know."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from gradwalk.tui.commands.serve import command

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "docs" / "examples"
OPTIONS = {option for parameter in command.params for option in parameter.opts}
VARIABLES = {name for parameter in command.params for name in [parameter.envvar] if isinstance(name, str)}


@pytest.mark.parametrize(
    ("name", "end"), [("gradwalk.service", "\n"), ("kubernetes.yaml", "env:"), ("compose.yaml", "environment:")]
)
def test_the_server_is_started_with_options_that_it_has(name: str, end: str) -> None:
    lines = (EXAMPLES / name).read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("#"))
    asked = set(re.findall(r"(?<!\S)(--[a-z-]+)", re.split(r"\bserve\b", text)[1].partition(end)[0]))
    assert {"--health"} < asked <= OPTIONS
    assert set(re.findall(r"GRADWALK_[A-Z]+", text)) <= VARIABLES


@pytest.mark.parametrize("page", ["serving", "lecture", "replicas", "kubernetes"])
def test_the_pages_speak_of_options_that_there_are(page: str) -> None:
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    lines = [line for line in text.replace("\\\n", " ").splitlines() if "gradwalk serve" in line]
    asked = {option for line in lines for option in re.findall(r"(--[a-z-]+)", line.partition("gradwalk serve")[2])}
    quoted = set(re.findall(r"`(--[a-z-]+)[^`]*`", text)) - {"--pids-limit"}  # of podman
    assert asked
    assert asked | quoted <= OPTIONS
    assert set(re.findall(r"GRADWALK_\w+", text)) <= VARIABLES


def test_the_table_of_limits_has_the_defaults_of_the_program() -> None:
    text = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    defaults = {parameter.opts[0]: str(parameter.default) for parameter in command.params}
    for _, said, named in rows[2:]:
        for value, option in zip(said.partition(":")[0].split("; ")[0].split(", "), named.split(", "), strict=False):
            words = value.replace(" min", "m").replace(" MB", "M").replace(" ", "")
            assert words == defaults[option.strip("`")], option


def test_the_image_is_built_from_all_that_the_package_is_made_of() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {Path(folder).parts[0] for folder in project["tool"]["setuptools"]["package-dir"].values()}
    manual = {
        str(Path(file).parent) for files in project["tool"]["setuptools"]["data-files"].values() for file in files
    }
    files = {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]}
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    copied = {source for line in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.MULTILINE) for source in line.split()}
    assert copied == folders | manual | files
