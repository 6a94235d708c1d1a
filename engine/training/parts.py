"""What a training definition is made of: data, a model, and how it is trained, as somebody wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ..definition import NumberOrExpression, Value
from ..language.names import with_normal_names

MAX_SAMPLES = 1_000_000
"""The most samples that there can be."""

MAX_EPOCHS = 1_000_000
"""The most epochs that can be asked for."""

MAX_UNITS = 10_000
"""The most neurons of one layer."""

OptimizerName = Literal["sgd", "momentum", "adam"]
"""The optimizers, by their names in `optimizers.OPTIMIZERS`."""


class LayerDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A layer of neurons: each is activation(bias + Σ weight · input), with weights and a bias of its own."""

    inputs: Annotated[str | list[str], Meta(description="A layer, or data columns, whose values come in.")]
    units: Annotated[int, Meta(description="How many neurons.", ge=1, le=MAX_UNITS)] = 1
    activation: Annotated[str, Meta(description="A function of one argument such as tanh or relu.")] = ""
    weights: Annotated[NumberOrExpression, Meta(description="What weights start as.")] = "uniform(-1, 1)"
    bias: Annotated[NumberOrExpression, Meta(description="What biases start as.")] = 0.0


class TrainingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the parameters are trained."""

    learning_rate: Annotated[
        NumberOrExpression,
        Meta(
            description='η: a number, or an expression in epoch (0 for the first) and epochs, such as "1/(1 + epoch)".'
        ),
    ]
    epochs: Annotated[int, Meta(description="How often all samples are used.", ge=1, le=MAX_EPOCHS)] = 100
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


@dataclass(frozen=True)
class DataDefinition:
    """Columns with a value for each sample: a list of numbers, or an expression that may use other columns.

    `samples` says how many samples there are where no list does; `seed` is that of random columns. `csv` names a file
    with further columns, and is empty where there is none.
    """

    columns: Mapping[str, Value | list[float]]
    samples: int | None = None
    seed: int = 0
    csv: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", MappingProxyType(with_normal_names(self.columns)))


@dataclass(frozen=True)
class ModelDefinition:
    """Parameters with what they start as, layers of neurons, and named expressions.

    Those of `prediction` are computed for each sample, and the last one is the answer; those of `loss` run over all
    samples, and the last one is what training makes small.
    """

    loss: Mapping[str, Value]
    parameters: Mapping[str, Value] = field(default_factory=dict[str, Value])
    layers: Mapping[str, LayerDefinition] = field(default_factory=dict[str, LayerDefinition])
    prediction: Mapping[str, Value] = field(default_factory=dict[str, Value])

    @property
    def loss_name(self) -> str:
        """What the loss is called."""
        return list(self.loss)[-1]

    def __post_init__(self) -> None:
        for name in ("loss", "parameters", "layers", "prediction"):
            object.__setattr__(self, name, MappingProxyType(with_normal_names(getattr(self, name))))
