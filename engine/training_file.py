"""The format of training scenarios: the tables that they have besides a title, and the check of their shape."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from .checks import check, check_keys, check_name, check_table
from .formulas import L2
from .random_columns import COLUMN_FUNCTIONS
from .scenario_file import Number
from .source import Source

DATA_SETTINGS: dict[str, Any] = {"samples": int, "seed": int, "csv": str}
"""The keys of `[data]` that are no columns."""

MAX_SAMPLES = 1_000_000
MAX_EPOCHS = 1_000_000

Positive = Annotated[float, Meta(gt=0)]


class LayerTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A layer of neurons: each is activation(bias + Σ weight · input), with weights and a bias of its own."""

    inputs: Annotated[str | list[str], Meta(description="A layer, or data columns, whose values come in.")]
    units: Annotated[int, Meta(description="How many neurons.", ge=1, le=10_000)] = 1
    activation: Annotated[str, Meta(description="A function of one argument such as tanh or relu.")] = ""
    weights: Annotated[Number, Meta(description="What weights start as.")] = "uniform(-1, 1)"
    bias: Annotated[Number, Meta(description="What biases start as.")] = 0.0


class TrainingTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the parameters are trained."""

    learning_rate: Annotated[Number, Meta(description='η: a number, or an expression in "epoch" and "epochs".')]
    epochs: Annotated[int, Meta(description="How often all samples are used.", ge=1, le=MAX_EPOCHS)]
    batch_size: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="Samples of an update; all, where left out.")
    ] = None
    seed: Annotated[int, Meta(description="Of the first weights and of the batches.", ge=0)] = 0
    optimizer: Annotated[Literal["sgd", "momentum", "adam"], Meta(description="How parameters move.")] = "sgd"
    momentum: Annotated[float, Meta(description="μ of momentum.", ge=0, lt=1)] = 0.9
    beta1: Annotated[float, Meta(description="β₁ of Adam.", ge=0, lt=1)] = 0.9
    beta2: Annotated[float, Meta(description="β₂ of Adam.", ge=0, lt=1)] = 0.999
    epsilon: Annotated[float, Meta(description="ε of Adam.", gt=0)] = 1e-8
    target_loss: Annotated[float | None, Meta(description="Training ends when the loss is no more than this.")] = None
    tolerance: Annotated[
        Annotated[float, Meta(ge=0)] | None,
        Meta(description="Training ends when the loss changes by no more than this part of it."),
    ] = None
    threshold: Annotated[
        float | None, Meta(description="A classifier's: predictions above it are the one class, below it the other.")
    ] = None


class TrainingFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A training scenario of gradwalk: data, a model and a loss, trained by gradient descent.

    `data` has a column for each name besides `samples`, `seed` and `csv`: a list of numbers, or an expression that
    may use other columns and the functions uniform(low, high), normal(), linspace(first, last) and cycle(a, b, ...).
    """

    title: Annotated[str, Meta(description="The scenario's name in the library.")]
    data: Annotated[
        dict[str, int | float | str | list[float]],
        Meta(description="samples, seed, csv, and a column for each other name."),
    ]
    loss: Annotated[
        dict[str, Number],
        Meta(description='Named nodes over the samples such as cost = "mean((h - y)^2)"; the last one is the loss.'),
    ]
    training: Annotated[TrainingTable, Meta(description="How the parameters are trained.")]
    parameters: Annotated[
        dict[str, Number], Meta(description='What is trained, and what it starts as: w = 0, or w = "uniform(-1, 1)".')
    ] = msgspec.field(default_factory=dict[str, Number])
    layers: Annotated[dict[str, LayerTable], Meta(description="Layers of neurons, in order.")] = msgspec.field(
        default_factory=dict[str, LayerTable]
    )
    prediction: Annotated[
        dict[str, Number], Meta(description="Named nodes for each sample, in any order; the last one is the answer.")
    ] = msgspec.field(default_factory=dict[str, Number])
    summary: Annotated[str, Meta(description="One line below the title.")] = ""
    intro: Annotated[str, Meta(description="Shown before the first epoch.")] = ""
    order: Annotated[int, Meta(description="The place in the library, lowest first.")] = 1000
    notes: Annotated[dict[str, str], Meta(description='Sentences for steps of the walk: of h, or of "∂h/∂w".')] = (
        msgspec.field(default_factory=dict[str, str])
    )


_FIELDS = {field.name: field for field in msgspec.structs.fields(TrainingFile)}
_LAYER = {field.name: field for field in msgspec.structs.fields(LayerTable)}
_TRAINING = {field.name: field for field in msgspec.structs.fields(TrainingTable)}
_MISSING = {
    "data": 'the table [data] is missing: the samples, such as x = [1, 2, 3] or csv = "points.csv"',
    "loss": 'the table [loss] is missing: what training makes small, such as cost = "mean((h - y)^2)"',
    "training": "the table [training] is missing: learning_rate = 0.01 and epochs = 100",
    "title": "the key title is missing",
}


def validate(source: Source, tables: dict[str, Any]) -> TrainingFile:
    """Check a training scenario's shape, names included; ScenarioError points at the first key that is wrong."""
    check_keys(source, tables, _FIELDS)
    for key in ("title", "data", "loss", "training"):
        if key not in tables:
            raise source.error(_MISSING[key])
    for table in ("parameters", "prediction", "loss"):
        check_table(source, tables, table, float | str)
    check_table(source, tables, "notes", str)
    _check_data(source, tables["data"])
    check(source, tables.get("layers", {}), dict[str, Any], "layers")
    for name, layer in tables.get("layers", {}).items():
        check_name(source, "layers", name)
        _check_struct(source, layer, _LAYER, ("inputs",), "layers", name)
    _check_struct(source, tables["training"], _TRAINING, ("learning_rate", "epochs"), "training")
    for key in ("title", "summary", "intro", "order"):
        if key in tables:
            check(source, tables[key], _FIELDS[key].type, key)
    _check_names(source, tables)
    return msgspec.convert(tables, TrainingFile)


def _check_data(source: Source, data: Any) -> None:
    check(source, data, dict[str, Any], "data")
    for key, value in data.items():
        if key in DATA_SETTINGS:
            check(source, value, DATA_SETTINGS[key], "data", key)
        else:
            check_name(source, "data", key)
            check(source, value, str | list[float], "data", key)
    for key, least, most in (("samples", 1, MAX_SAMPLES), ("seed", 0, 2**63)):
        if not least <= data.get(key, least) <= most:
            raise source.value_error(f"this must be from {least} to {most}", "data", key)


def _check_struct(source: Source, table: Any, fields: dict[str, Any], required: tuple[str, ...], *keys: str) -> None:
    check(source, table, dict[str, Any], *keys)
    check_keys(source, table, fields, *keys)
    for key, value in table.items():
        check(source, value, fields[key].type, *keys, key)
    for key in required:
        if key not in table:
            raise source.error(f"the key {key} is missing", *keys)


def _check_names(source: Source, tables: dict[str, Any]) -> None:
    """Check that names can be used, and that each is defined once."""
    defined: dict[str, str] = {}
    for table in ("data", "parameters", "layers", "prediction", "loss"):
        for key in tables.get(table, {}):
            if table == "data" and key in DATA_SETTINGS:
                continue
            check_name(source, table, key)
            if key == L2 or key in COLUMN_FUNCTIONS:
                raise source.error("this name has a meaning of its own", table, key, hint=f"{key}_1 is free")
            if key in defined:
                hint = f"it stands in [{defined[key]}] already; every name is defined once"
                raise source.error("defined twice", table, key, hint=hint)
            defined[key] = table
    if not tables["loss"]:
        raise source.error("the table is empty", "loss", hint='such as cost = "mean((h - y)^2)"')
    if not tables.get("parameters") and not tables.get("layers"):
        hint = "add [parameters] with w = 0, or a layer of neurons in [layers]"
        raise source.error("there is nothing to train: the file has no parameters", "training", hint=hint)
    if not tables.get("prediction") and not tables.get("layers"):
        raise source.error("the table [prediction] is missing", hint='such as h = "b + x*w"')
