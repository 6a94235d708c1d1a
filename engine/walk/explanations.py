"""What can be said of why a number is what it is: the answers of `why.explain`, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .causes import FactorCause
from .paths import Path
from .reason import Reason

ENOUGH = 0.95
"""The part of the sum of all |product| that the paths of an answer carry together, where so few can."""

SMALL, LARGE = 0.01, 100.0
"""Gradients beyond these are called small and large: against the 1 of the seed."""


class Size(StrEnum):
    """How large a gradient is against the seed, 1."""

    SMALL = "small"
    ORDINARY = "ordinary"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class NoGradient:
    """The node carries no gradient: a number, a data point, or what does not lead to the output from an input."""

    node: int


@dataclass(frozen=True, slots=True)
class IsOutput:
    """The node is the output: its gradient is the seed, 1."""

    node: int


@dataclass(frozen=True, slots=True)
class Unused:
    """No path leads from the node to the output, so its gradient is 0."""

    node: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """The gradient is 0 because each of its `count` paths has a factor 0.

    Every path goes through one of `cut_size` such factors; `cut` has the first few. `zeros` is how many factors 0 the
    path with the fewest has.
    """

    node: int
    count: int
    cut: tuple[FactorCause, ...]
    cut_size: int
    zeros: int


@dataclass(frozen=True, slots=True)
class Vanished:
    """The gradient became 0 although no factor of the largest path is: the products are too small for a float.

    `log10` is the logarithm of the largest product's size; `smallest` the smallest factor on that path, which has
    `factors` of them.
    """

    node: int
    count: int
    path: Path
    log10: float
    smallest: FactorCause
    factors: int


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The paths of a gradient nearly cancel, or do: what they add up to is far less than their sizes do.

    `positive` and `negative` are the sums of the positive and of the negative products, infinite where what they add
    up to, signs aside, is too large for a float; `paths` some of the largest
    products, of both signs where both are among the largest. `is_rounding` says that what is left may be nothing but
    the rounding of floats, or, where that is 0, that the products do not add up to 0.
    """

    node: int
    gradient: float
    count: int
    positive: float
    negative: float
    paths: tuple[Path, ...]
    is_rounding: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """A few paths carry a gradient; `smallest` and `largest` are the factors on them with the least and greatest size.

    `paths` are the largest of `count`, `share` the part of `sizes`, the sum of all |product|, that is theirs, nan where
    that sum is too large for a float. `share` is at least `ENOUGH`, unless that would take more paths than are looked
    at. `is_of_many` says that no factor of the largest path makes the gradient small (or large) alone: the `alike`
    factors of it that are below (above) 1 do together.
    """

    node: int
    gradient: float
    size: Size
    count: int
    paths: tuple[Path, ...]
    sizes: float
    share: float
    smallest: FactorCause
    largest: FactorCause
    alike: int
    is_of_many: bool


@dataclass(frozen=True, slots=True)
class ValueUndefined:
    """A value does not exist: `first` is the node where that began, `way` leads from it to `node`, both included.

    Where the node's own value exists its gradient does not, because the output has none: `way` leads to the output
    then. `step` is the number of the step at which it failed, None for a leaf; `reason` says why it did.
    """

    node: int
    of_output: bool
    first: int
    step: int | None
    reason: Reason | None
    way: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GradientUndefined:
    """A gradient does not exist although all values do.

    It failed first at backward step `step`, along the edge from `consumer` to `operand`; `reason` says why. `way` leads
    from `operand` on to `node`, both included: their gradients do not exist either. `upstream` is the gradient that
    arrived there; where it is 0 the branch was not used at all, 0 times what is undefined is undefined none the less,
    and `unused` says why it is 0.
    """

    node: int
    step: int
    consumer: int
    operand: int
    upstream: float
    local: float
    reason: Reason | None
    way: tuple[int, ...]
    unused: Blocked | Vanished | Cancelled | None


Explanation = (
    NoGradient | IsOutput | Unused | Blocked | Vanished | Cancelled | Carried | ValueUndefined | GradientUndefined
)
"""What `explain` answers with."""
