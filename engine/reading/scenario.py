"""Scenario files: the content of one, read as what it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..definition import Definition
from ..errors import Problems, ScenarioError
from ..scenario import Scenario
from .checks import refuse_control_characters
from .scenario_format import checked, is_training
from .source import Source

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

MAX_FILE_SIZE = 1_000_000
"""The largest scenario file that is read, in bytes."""


def read(path: str, content: bytes, folder: Path | Traversable | None = None) -> Scenario:
    """Read the content of a scenario file; `path` is what errors call it. Raises ScenarioError, for all that is wrong.

    `folder` is where a file of data beside it is looked for. A file with training gives a `TrainingScenario`.
    """
    if len(content) > MAX_FILE_SIZE:
        limit = f"a scenario file has at most {MAX_FILE_SIZE / 1e6:g} MB"
        raise ScenarioError("the file is too large", path, hint=limit)
    source = Source.decode(path, content)
    tables = source.tables()
    with source.places():
        return _read(Path(path).stem, tables, folder or Path())
    raise AssertionError("DefinitionErrors leave `places` as another error")


def _read(name: str, tables: dict[str, Any], folder: Path | Traversable) -> Scenario:
    problems = Problems()
    refuse_control_characters(problems, tables)
    if "graph" in tables and "training" in tables:
        hint = "a function to walk has [inputs] and [graph], a training [data], [loss] and [training]"
        problems.add("a file has one or the other", "training", hint=hint)
    if "lesson" in tables and not {"graph", "training", "data", "loss"} & set(tables):
        problems.add("this is a course, not a scenario", "lesson", hint=f"`gradwalk learn {name}.toml` opens it")
    problems.stop()
    if is_training(tables):
        from .training import read_training  # late: a graph scenario needs nothing of it

        return read_training(name, tables, folder)
    file = checked(problems, tables)
    definition = Definition(file.inputs, file.graph, file.output, file.notes, tuple(file.exercise), tuple(file.watch))
    built = definition.build(problems)
    return Scenario(
        name,
        file.title,
        file.summary,
        file.intro,
        built.graph,
        built.notes,
        definition.exercises,
        file.order,
        definition,
    )
