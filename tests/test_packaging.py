"""What is shipped, and what a fresh installation needs."""

from __future__ import annotations

import os
import re
import tomllib
from importlib import metadata, resources
from pathlib import Path

import gradwalk

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]


def folder_of(package: str) -> Path:
    """Return the folder of a package, as setuptools is told to find it."""
    mapped = SETUPTOOLS["package-dir"]
    parent = max((name for name in mapped if package == name or package.startswith(f"{name}.")), key=len)
    return ROOT / mapped[parent] / package.removeprefix(parent).strip(".").replace(".", "/")


def test_every_folder_with_modules_is_a_package_of_the_wheel() -> None:
    shipped = {folder_of(package) for package in SETUPTOOLS["packages"]}
    there = {file.parent for top in ("engine", "tui", "scenarios") for file in (ROOT / top).rglob("__init__.py")}
    assert shipped == there


def test_every_other_file_in_them_is_package_data() -> None:
    data = SETUPTOOLS["package-data"]
    packages = {folder_of(package): package for package in SETUPTOOLS["packages"]}
    for folder, package in packages.items():
        taken = {file for pattern in data.get(package, []) for file in folder.glob(pattern)}
        files = (file for file in folder.rglob("*") if file.is_file() and file.suffix not in (".py", ".pyc"))
        others = {file for file in files if next(parent for parent in file.parents if parent in packages) == folder}
        assert taken == others


def test_scenarios_and_style_sheet_are_found_where_the_program_looks() -> None:
    names = {file.name for file in resources.files("gradwalk.scenarios").iterdir()}
    assert {file.name for file in (ROOT / "scenarios").glob("*.toml")} <= names
    assert "fabc.toml" in names
    assert (resources.files("gradwalk.tui") / "app.tcss").is_file()
    assert (resources.files("gradwalk.engine") / "py.typed").is_file()


def test_nothing_is_installed_under_a_name_that_others_use() -> None:
    assert all(package.partition(".")[0] == "gradwalk" for package in SETUPTOOLS["packages"])
    assert set((metadata.distribution("gradwalk").read_text("top_level.txt") or "gradwalk").split()) == {"gradwalk"}


def test_the_command_and_the_licence_are_part_of_the_distribution() -> None:
    distribution = metadata.distribution("gradwalk")
    assert [(point.name, point.value) for point in distribution.entry_points] == [("gradwalk", "gradwalk.tui.cli:main")]
    assert distribution.metadata["License-Expression"] == "MIT"
    assert distribution.version == PROJECT["project"]["version"]


def test_the_lock_file_locks_this_project_and_names_only_the_public_index() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    registries = {package["source"]["registry"] for package in lock["package"] if "registry" in package["source"]}
    assert registries == {"https://pypi.org/simple"}
    files = [file for package in lock["package"] for file in (*package.get("wheels", ()), package.get("sdist"))]
    assert all(file["url"].startswith("https://files.pythonhosted.org/") for file in files if file)
    own = next(package for package in lock["package"] if package["name"] == "gradwalk")
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = PROJECT["project"]["dependencies"] + extras["test"] + extras["serve"]
    names = {re.split(r"[\[<>]", requirement)[0].strip() for requirement in wanted}
    assert names - {"gradwalk"} <= {requirement["name"] for requirement in own["metadata"]["requires-dist"]}


def test_every_step_of_the_hosted_workflow_is_a_part_that_ci_run_runs() -> None:
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    steps = re.findall(r"^ *(?:- )?run: *(.*)$", workflow, re.MULTILINE)
    here = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    parts = [line for line in here if line.startswith(".ci/parts/")]
    assert set(filter(None, steps)) == set(parts)  # the empty one is the default shell
    assert {f".ci/parts/{file.name}" for file in (ROOT / ".ci" / "parts").iterdir()} == set(parts)
    assert all(os.access(ROOT / part, os.X_OK) for part in parts)


def test_the_hosted_workflow_tries_every_python_and_system_that_the_classifiers_name() -> None:
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    classifiers = PROJECT["project"]["classifiers"]
    pythons = {found[1] for found in (re.search(r"Python :: (3\.\d+)$", text) for text in classifiers) if found}
    assert set(re.findall(r'"(3\.\d+)"', workflow)) == pythons
    assert all(f"{system}-latest" in workflow for system in ("ubuntu", "macos", "windows"))


def test_the_version_stands_in_one_place() -> None:
    version = PROJECT["project"]["version"]
    assert gradwalk.__version__ == version
    files = [file for top in ("engine", "tui", "docs") for file in (ROOT / top).rglob("*") if file.suffix == ".py"]
    assert not [file for file in files if version in file.read_text(encoding="utf-8")]
