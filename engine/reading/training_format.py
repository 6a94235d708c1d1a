"""The format of training scenarios; `training_checks` checks a file against it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ..definition import NumberOrExpression
from ..exercise import Exercise
from ..training.parts import LayerDefinition, TrainingSettings

DATA_SETTINGS: dict[str, Any] = {"samples": int, "seed": int, "csv": str}
"""The keys of `[data]` that are no columns."""


class TrainingFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A training scenario of gradwalk: data, a model and a loss, trained by gradient descent.

    Without `data` the loss is a function of the parameters alone, and there is no prediction. Else `data` has a column
    for each name besides `samples`, `seed` and `csv`: a list of numbers, or an expression that may use other columns,
    the functions uniform(low, high), normal(), linspace(first, last) and cycle(a, b, ...), and sum(x) and mean(x) over
    all samples. The columns of a CSV file have the names in its first line, with _ for what cannot stand in a name.
    """

    title: Annotated[str, Meta(description="The scenario's name in the library.")]
    loss: Annotated[
        dict[str, NumberOrExpression],
        Meta(description='Named nodes over the samples such as cost = "mean((h - y)^2)"; the last one is the loss.'),
    ]
    training: Annotated[TrainingSettings, Meta(description="How the parameters are trained.")]
    data: Annotated[
        dict[str, int | float | str | list[float]],
        Meta(description="samples, seed, csv, and a column for each other name."),
    ] = msgspec.field(default_factory=dict[str, int | float | str | list[float]])
    parameters: Annotated[
        dict[str, NumberOrExpression],
        Meta(description='What is trained, and what it starts as: w = 0, or w = "uniform(-1, 1)".'),
    ] = msgspec.field(default_factory=dict[str, NumberOrExpression])
    layers: Annotated[dict[str, LayerDefinition], Meta(description="Layers of neurons, in order.")] = msgspec.field(
        default_factory=dict[str, LayerDefinition]
    )
    prediction: Annotated[
        dict[str, NumberOrExpression],
        Meta(description="Named nodes for each sample, in any order; the last is the answer, used by the loss or not."),
    ] = msgspec.field(default_factory=dict[str, NumberOrExpression])
    summary: Annotated[str, Meta(description="One line below the title.")] = ""
    intro: Annotated[str, Meta(description="Shown before the first epoch.")] = ""
    section: Annotated[str, Meta(description="The heading that it stands under in the library.")] = ""
    order: Annotated[int, Meta(description="The place in the library, lowest first.")] = 1000
    exercise: Annotated[
        list[Exercise], Meta(description="What the learner is asked about the walk before the first epoch.")
    ] = msgspec.field(default_factory=list[Exercise])
    notes: Annotated[dict[str, str], Meta(description='Sentences for steps of the walk: of h, or of "∂h/∂w".')] = (
        msgspec.field(default_factory=dict[str, str])
    )
