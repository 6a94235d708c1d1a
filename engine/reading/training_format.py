"""The format of training scenarios, as structs; `training_checks` checks that a file has it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from .scenario_format import NumberOrExpression

DATA_SETTINGS: dict[str, Any] = {"samples": int, "seed": int, "csv": str}
"""The keys of `[data]` that are no columns."""

MAX_SAMPLES = 1_000_000
"""The most samples that a file can have."""

MAX_EPOCHS = 1_000_000
"""The most epochs that a file can ask for."""

MAX_UNITS = 10_000
"""The most neurons of one layer."""

OptimizerName = Literal["sgd", "momentum", "adam"]
"""The optimizers, by their names in `optimizers.OPTIMIZERS`."""


class LayerTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A layer of neurons: each is activation(bias + Σ weight · input), with weights and a bias of its own."""

    inputs: Annotated[str | list[str], Meta(description="A layer, or data columns, whose values come in.")]
    units: Annotated[int, Meta(description="How many neurons.", ge=1, le=MAX_UNITS)] = 1
    activation: Annotated[str, Meta(description="A function of one argument such as tanh or relu.")] = ""
    weights: Annotated[NumberOrExpression, Meta(description="What weights start as.")] = "uniform(-1, 1)"
    bias: Annotated[NumberOrExpression, Meta(description="What biases start as.")] = 0.0


class TrainingTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the parameters are trained."""

    learning_rate: Annotated[
        NumberOrExpression,
        Meta(
            description='η: a number, or an expression in epoch (0 for the first) and epochs, such as "1/(1 + epoch)".'
        ),
    ]
    epochs: Annotated[int, Meta(description="How often all samples are used.", ge=1, le=MAX_EPOCHS)]
    batch_size: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="Samples of an update; all, where left out.")
    ] = None
    seed: Annotated[int, Meta(description="Of the first weights and of the batches.", ge=0)] = 0
    optimizer: Annotated[OptimizerName, Meta(description="How parameters move along their gradients.")] = "sgd"
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
    may use other columns, the functions uniform(low, high), normal(), linspace(first, last) and cycle(a, b, ...), and
    sum(x) and mean(x) over all samples. The columns of a CSV file have the names in its first line, with _ for what
    cannot stand in a name.
    """

    title: Annotated[str, Meta(description="The scenario's name in the library.")]
    data: Annotated[
        dict[str, int | float | str | list[float]],
        Meta(description="samples, seed, csv, and a column for each other name."),
    ]
    loss: Annotated[
        dict[str, NumberOrExpression],
        Meta(description='Named nodes over the samples such as cost = "mean((h - y)^2)"; the last one is the loss.'),
    ]
    training: Annotated[TrainingTable, Meta(description="How the parameters are trained.")]
    parameters: Annotated[
        dict[str, NumberOrExpression],
        Meta(description='What is trained, and what it starts as: w = 0, or w = "uniform(-1, 1)".'),
    ] = msgspec.field(default_factory=dict[str, NumberOrExpression])
    layers: Annotated[dict[str, LayerTable], Meta(description="Layers of neurons, in order.")] = msgspec.field(
        default_factory=dict[str, LayerTable]
    )
    prediction: Annotated[
        dict[str, NumberOrExpression],
        Meta(description="Named nodes for each sample, in any order; the last one is the answer."),
    ] = msgspec.field(default_factory=dict[str, NumberOrExpression])
    summary: Annotated[str, Meta(description="One line below the title.")] = ""
    intro: Annotated[str, Meta(description="Shown before the first epoch.")] = ""
    order: Annotated[int, Meta(description="The place in the library, lowest first.")] = 1000
    notes: Annotated[dict[str, str], Meta(description='Sentences for steps of the walk: of h, or of "∂h/∂w".')] = (
        msgspec.field(default_factory=dict[str, str])
    )
