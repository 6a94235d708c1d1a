"""Why training has ended, and what it warns of: facts, which whoever shows them puts into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class EpochsDone:
    """All epochs that were asked for have been trained."""

    epoch: int


@dataclass(frozen=True, slots=True)
class TargetReached:
    """After `epoch` epochs the loss was at most `target`."""

    epoch: int
    target: float


@dataclass(frozen=True, slots=True)
class LossSettled:
    """The last epoch changed the loss by no more than the tolerance."""

    epoch: int


@dataclass(frozen=True, slots=True)
class NotFinite:
    """After `epoch` epochs, the last of them at the learning rate `rate`, a number is infinite or nan.

    `of` says whether it is the loss, a parameter or the loss's derivative with respect to a parameter, `name` is
    that of the loss or the parameter, `value` the number itself.
    """

    epoch: int
    of: Literal["loss", "parameter", "derivative"]
    name: str
    value: float
    rate: float


Ending = EpochsDone | TargetReached | LossSettled | NotFinite


@dataclass(frozen=True, slots=True)
class LossGrows:
    """For the last `epochs` epochs, at the learning rate `rate`, the loss has grown, and it is far above `start`.

    That may pass, as it does where momentum first overshoots, so training goes on.
    """

    epochs: int
    start: float
    now: float
    rate: float
