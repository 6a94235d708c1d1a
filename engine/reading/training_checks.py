"""The check that a file has the shape of a training scenario; every error points at the first key that is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import msgspec

from ..errors import did_you_mean
from ..training.formulas import L2
from .checks import check, check_keys, check_name, check_table
from .column_functions import COLUMN_FUNCTIONS
from .source import Source
from .training_format import DATA_SETTINGS, MAX_SAMPLES, LayerTable, OptimizerName, TrainingFile, TrainingTable

_FILE = {field.name: field for field in msgspec.structs.fields(TrainingFile)}
_LAYER = {field.name: field for field in msgspec.structs.fields(LayerTable)}
_TRAINING = {field.name: field for field in msgspec.structs.fields(TrainingTable)}
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


def validate(source: Source, tables: dict[str, Any]) -> TrainingFile:
    """Check a training scenario's shape, names included, and return it; ScenarioError points into the source."""
    check_keys(source, tables, _FILE)
    for key, (message, hint) in _MISSING.items():
        if key not in tables:
            raise source.error(message, hint=hint)
    for key in ("title", "summary", "intro", "order"):
        if key in tables:
            check(source, tables[key], _FILE[key].type, key)
    for table in ("parameters", "prediction", "loss"):
        check_table(source, tables, table, float | str)
    check_table(source, tables, "notes", str)
    _check_data(source, tables["data"])
    check(source, tables.get("layers", {}), dict[str, Any], "layers")
    for name, layer in tables.get("layers", {}).items():
        check_name(source, "layers", name)
        _check_struct(source, layer, _LAYER, {"inputs": 'such as inputs = "x"'}, "layers", name)
    _check_training(source, tables["training"])
    _check_names(source, tables)
    _check_parts(source, tables)
    return msgspec.convert(tables, TrainingFile)


def _check_data(source: Source, data: Any) -> None:
    check(source, data, dict[str, Any], "data")
    for key, value in data.items():
        if key in DATA_SETTINGS:
            check(source, value, DATA_SETTINGS[key], "data", key)
        else:
            check_name(source, "data", key)
            _check_column(source, key, value)
    if not 1 <= data.get("samples", 1) <= MAX_SAMPLES:
        raise source.value_error(f"there can be 1 to {MAX_SAMPLES:,} samples", "data", "samples")
    if data.get("seed", 0) < 0:
        raise source.value_error("this must be at least 0", "data", "seed")


def _check_column(source: Source, key: str, value: Any) -> None:
    if isinstance(value, bool | dict):
        message = "a column is a list of numbers, or an expression in quotes"
        raise source.value_error(message, "data", key)
    if not isinstance(value, list):
        check(source, value, float | str, "data", key)
        return
    numbers: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
    if not numbers:
        raise source.value_error("the list is empty", "data", key)
    for place, number in enumerate(numbers, start=1):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise source.value_error(f"item {place} of this list is no number", "data", key)
    check(source, numbers, list[float], "data", key)


def _check_training(source: Source, training: Any) -> None:
    missing = {"learning_rate": "such as learning_rate = 0.01", "epochs": "such as epochs = 100"}
    check(source, training, dict[str, Any], "training")
    optimizer = training.get("optimizer", "sgd")
    known = get_args(OptimizerName)
    if isinstance(optimizer, str) and optimizer not in known:
        hint = did_you_mean(optimizer, known, f"there are {', '.join(known)}")
        raise source.error("there is no such optimizer", "training", "optimizer", hint=hint)
    _check_struct(source, training, _TRAINING, missing, "training")
    for key in training:
        needed = _SETTINGS_OF.get(key, optimizer)
        if needed != optimizer:
            hint = f'write optimizer = "{needed}" as well'
            raise source.error(f'the optimizer "{optimizer}" does not use this', "training", key, hint=hint)


def _check_struct(source: Source, table: Any, fields: dict[str, Any], required: dict[str, str], *keys: str) -> None:
    """Check the keys and the values of a table; `required` says of keys that it needs what they look like."""
    check(source, table, dict[str, Any], *keys)
    check_keys(source, table, fields, *keys)
    for key, value in table.items():
        if key not in _EXPRESSIONS and isinstance(value, float) and not math.isfinite(value):
            raise source.value_error("this must be a finite number", *keys, key)
        check(source, value, fields[key].type, *keys, key)
    for key, hint in required.items():
        if key not in table:
            raise source.error(f"the key {key} is missing", *keys, hint=hint)


def _check_names(source: Source, tables: dict[str, Any]) -> None:
    """Check that names can be used, and that each is defined once."""
    defined: dict[str, str] = {}
    for table, key in _names(tables):
        check_name(source, table, key)
        if key == L2:
            hint = f"l2 in a loss is the sum of the squares of all parameters; {key}_1 is free"
            raise source.error("this name has a meaning of its own", table, key, hint=hint)
        if key in COLUMN_FUNCTIONS:
            raise source.error("this name is taken: it is a function of [data]", table, key, hint=f"{key}_1 is free")
        if key in defined:
            hint = f"it stands in [{defined[key]}] already; every name is defined once"
            raise source.error("defined twice", table, key, hint=hint)
        defined[key] = table


def _names(tables: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for table in ("data", "parameters", "layers", "prediction", "loss"):
        keys: Iterable[str] = tables.get(table, {})
        yield from ((table, key) for key in keys if table != "data" or key not in DATA_SETTINGS)


def _check_parts(source: Source, tables: dict[str, Any]) -> None:
    """Check that there is a loss, something that is trained, and something that is predicted."""
    if not tables["loss"]:
        raise source.error("the table is empty", "loss", hint='such as cost = "mean((h - y)^2)"')
    if not tables.get("parameters") and not tables.get("layers"):
        hint = "add [parameters] with w = 0, or a layer of neurons in [layers]"
        raise source.error("there is nothing to train: the file has no parameters", "training", hint=hint)
    if not tables.get("prediction") and not tables.get("layers"):
        raise source.error("the table [prediction] is missing", hint='such as h = "b + x*w"')
