"""The check of a file against the format of training scenarios, one key at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from ..errors import Problems, did_you_mean
from ..language.hints import optimizer_elsewhere
from ..training.parts import MAX_SAMPLES, LayerDefinition, OptimizerName, TrainingSettings
from .checks import check, check_keys, right_expressions, right_values
from .scenario_format import exercises
from .training_format import DATA_SETTINGS, TrainingFile

_FILE = {field.name: field for field in msgspec.structs.fields(TrainingFile)}
_LAYER = {field.name: field for field in msgspec.structs.fields(LayerDefinition)}
_TRAINING = {field.name: field for field in msgspec.structs.fields(TrainingSettings)}
_MISSING = {
    "title": ("the key title is missing", 'such as title = "My first fit"'),
    "data": ("the table [data] is missing", 'the samples, such as x = [1, 2, 3] or csv = "points.csv"'),
    "loss": ("the table [loss] is missing", 'what training makes small, such as cost = "mean((h - y)^2)"'),
    "training": ("the table [training] is missing", "such as learning_rate = 0.01 and epochs = 100"),
}
_SETTINGS_OF = {"momentum": "momentum", "beta1": "adam", "beta2": "adam", "epsilon": "adam"}
"""The optimizer that each of these keys of [training] belongs to."""


_EXPRESSIONS = ("learning_rate", "weights", "bias")
"""Keys whose values are computed later, and checked then."""


def checked(problems: Problems, tables: dict[str, Any]) -> TrainingFile:
    """Return what is right in a training scenario's tables, and keep a problem for each key that is not.

    DefinitionErrors where there is no loss or no way to train, without which nothing more can be checked.
    """
    present = {*tables, *check_keys(problems, tables, _FILE)}
    needed = set(_MISSING) if present & {"data", "prediction", "layers"} else set(_MISSING) - {"data"}
    for key, (message, hint) in _MISSING.items():
        if key in needed - present:
            problems.add(message, hint=hint)
    words = ("title", "summary", "intro", "section", "order")
    right = {key: tables[key] for key in words if key in tables and check(problems, tables[key], _FILE[key].type, key)}
    for table in ("parameters", "prediction", "loss"):
        right[table] = right_expressions(problems, tables, table)
    right["notes"] = right_values(problems, tables, "notes", str)
    right["exercise"] = list(exercises(problems, tables))
    right["data"] = _data(problems, tables.get("data", {}))
    right["layers"] = dict(_layers(problems, tables.get("layers", {})))
    right["training"] = _training(problems, tables["training"]) if "training" in tables else {"learning_rate": 1.0}
    if not _has_parts(problems, tables, present) or not needed - {"title"} <= set(tables):
        problems.stop()
    return msgspec.convert({"title": "", **right}, TrainingFile)


def _data(problems: Problems, data: Any) -> dict[str, Any]:
    """Return the settings and the columns of [data] that are right."""
    if not check(problems, data, dict[str, Any], "data"):
        problems.stop()
    right: dict[str, Any] = {}
    for key, value in data.items():
        if key not in DATA_SETTINGS:
            right[key] = value if _is_column(problems, key, value) else 1.0
        elif check(problems, value, DATA_SETTINGS[key], "data", key):
            right[key] = value
    if not 1 <= right.get("samples", 1) <= MAX_SAMPLES:
        problems.add_value(f"there can be 1 to {MAX_SAMPLES:,} samples", "data", "samples")
        del right["samples"]
    if right.get("seed", 0) < 0:
        problems.add_value("this must be at least 0", "data", "seed")
        del right["seed"]
    return right


def _is_column(problems: Problems, key: str, value: Any) -> bool:
    if isinstance(value, bool | dict):
        problems.add_value("a column is a list of numbers, or an expression in quotes", "data", key)
        return False
    if not isinstance(value, list):
        return check(problems, value, float | str, "data", key)
    numbers: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
    if not numbers:
        problems.add_value("the list is empty", "data", key)
        return False
    for place, number in enumerate(numbers, start=1):
        if isinstance(number, bool) or not isinstance(number, int | float):
            problems.add_value(f"item {place} of this list is no number", "data", key)
            return False
    return check(problems, numbers, list[float], "data", key)


def _layers(problems: Problems, layers: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if check(problems, layers, dict[str, Any], "layers"):
        for name, layer in layers.items():
            right = _right_settings(problems, layer, _LAYER, {"inputs": 'such as inputs = "x"'}, "layers", name)
            yield name, {"inputs": [], **right}


def _training(problems: Problems, training: Any) -> dict[str, Any]:
    if not check(problems, training, dict[str, Any], "training"):
        return {"learning_rate": 1.0}
    known = get_args(OptimizerName)
    optimizer = training.get("optimizer", "sgd")
    if isinstance(optimizer, str) and optimizer not in known:
        hint = did_you_mean(optimizer, known, f"there are {', '.join(known)}")
        hint = optimizer_elsewhere(optimizer) or hint
        problems.add("there is no such optimizer", "training", "optimizer", hint=hint)
        training = {key: value for key, value in training.items() if key != "optimizer"}
    missing = {"learning_rate": "such as learning_rate = 0.01"}
    right = _right_settings(problems, training, _TRAINING, missing, "training")
    for key in right if optimizer in known else ():
        needed = _SETTINGS_OF.get(key, optimizer)
        if needed != optimizer:
            hint = f'write optimizer = "{needed}" as well'
            problems.add(f'the optimizer "{optimizer}" does not use this', "training", key, hint=hint)
    return {"learning_rate": 1.0, **right}


def _right_settings(
    problems: Problems, table: Any, fields: dict[str, Any], required: dict[str, str], *keys: str
) -> dict[str, Any]:
    """Return what is right in a table; `required` says of keys that it needs what they look like."""
    if not check(problems, table, dict[str, Any], *keys):
        return {}
    check_keys(problems, table, fields, *keys)
    right: dict[str, Any] = {}
    for key, value in table.items():
        if key not in fields:
            continue
        if key not in _EXPRESSIONS and isinstance(value, float) and not math.isfinite(value):
            problems.add_value("this must be a finite number", *keys, key)
        elif check(problems, value, fields[key].type, *keys, key):
            right[key] = value
    for key, hint in required.items():
        if key not in table:
            problems.add(f"the key {key} is missing", *keys, hint=hint)
    return right


def _has_parts(problems: Problems, tables: dict[str, Any], present: set[str]) -> bool:
    """Say whether there is a loss, something that is trained, and something that is predicted from the data."""
    if tables.get("loss") == {}:
        problems.add("the table is empty", "loss", hint='such as cost = "mean((h - y)^2)"')
    parameters, prediction = (tables.get(table) or tables.get("layers") for table in ("parameters", "prediction"))
    misspelt = present - set(tables)
    if not parameters and not misspelt & {"parameters", "layers"}:
        hint = "add [parameters] with w = 0, or a layer of neurons in [layers]"
        problems.add("there is nothing to train: the file has no parameters", "training", hint=hint)
    if "data" not in tables:
        prediction = True  # the loss is one of parameters alone
    if not prediction and not misspelt & {"prediction", "layers"}:
        problems.add("the table [prediction] is missing", hint='such as h = "b + x*w"')
    return bool(tables.get("loss") and parameters and prediction)
