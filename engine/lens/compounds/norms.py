"""Layer norm and batch norm: y = (x - mean)/√(var + ε), then often times γ plus β.

Along the axes that are averaged, with x̂ the normalised x, σ = √(var + ε) and Ĝ = ∂L/∂x̂, the rule is
∂L/∂x = (Ĝ - mean(Ĝ) - x̂ ⊙ mean(Ĝ ⊙ x̂))/σ: S. Ioffe and C. Szegedy, "Batch normalization" (2015), section 3, put
together; for layer norm the same along other axes (J. L. Ba, J. R. Kiros and G. E. Hinton, 2016).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from ...array_formulas.formula import Shape
from ...array_formulas.functions import called, defined, summed_to
from ...array_formulas.pullback import PullbackSite
from ...arrays import Floats
from ...rules.formula import Formula, Number, Origin
from ...rules.functions import sqrt
from ..array_graph import Group
from .candidate import Candidate
from .compound import Compound, Recognise

MOST_AXES = 5
"""Arrays of more axes are not looked at."""

MOST_LITERALS = 8
"""So many literal numbers are tried as ε, the smallest first."""


def _recognise(name: str, *, batch: bool) -> Recognise:
    def recognised(candidate: Candidate) -> Group | None:
        if not 1 <= len(candidate.operands) <= 3:
            return None
        for place, x in enumerate(candidate.values):
            if x.shape != candidate.out.shape or not 1 <= x.ndim <= MOST_AXES:
                continue
            others = [at for at in range(len(candidate.operands)) if at != place]
            for axes, epsilon in itertools.product(
                _axes(x.shape, batch=batch), (0.0, *candidate.literals[:MOST_LITERALS])
            ):
                normalised = _normalised(x, axes, epsilon)
                for factor, shift in _roles(others):
                    made = normalised
                    if factor is not None:
                        made = made * candidate.values[factor]
                    if shift is not None:
                        made = made + candidate.values[shift]
                    if candidate.gives(made):
                        places = [each for each in (place, factor, shift) if each is not None]
                        operands = tuple(candidate.operands[each] for each in places)
                        scaled = factor is not None
                        return candidate.group(name, operands, axis=axes, epsilon=epsilon, scaled=scaled)
        return None

    return recognised


def _axes(shape: Shape, *, batch: bool) -> Iterator[tuple[int, ...]]:
    """Give the axes that may be averaged: of layer norm the last ones, of batch norm all but the channels'."""
    count = len(shape)
    if batch:
        yield (0,)
        if count > 2:
            yield (0, *range(2, count))
            yield tuple(range(count - 1))
    else:
        for first in reversed(range(count)):
            yield tuple(range(first, count))


def _roles(others: list[int]) -> Iterator[tuple[int | None, int | None]]:
    match others:
        case []:
            yield None, None
        case [one]:
            yield one, None
            yield None, one
        case [one, other]:
            yield one, other
            yield other, one
        case _:
            pass


def _normalised(x: Floats, axes: tuple[int, ...], epsilon: float) -> Floats:
    with np.errstate(all="ignore"):
        return (x - x.mean(axis=axes, keepdims=True)) / np.sqrt(x.var(axis=axes, keepdims=True) + epsilon)


def _pullback(at: PullbackSite) -> Formula | None:
    axes, x, epsilon = at.parameters["axis"], at.operands[0], at.parameters["epsilon"]
    is_scaled = bool(at.parameters["scaled"])

    def mean(formula: Formula) -> Formula:
        return called("mean", formula, axis=axes, keepdims=True)

    variance = called("var", x, axis=axes, keepdims=True)
    inside = variance + Number(epsilon, Origin.LITERAL) if epsilon else variance
    deviation = defined("σ", sqrt(inside))
    normalised = defined("x̂", (x - mean(x)) / deviation)
    if at.position:
        is_factor = is_scaled and at.position == 1
        return summed_to(at.upstream * normalised if is_factor else at.upstream, at.shape)
    upstream = defined("Ĝ", at.upstream * at.operands[1]) if is_scaled else at.upstream
    return (upstream - mean(upstream) - normalised * mean(upstream * normalised)) / deviation


_WHY = (
    "Every entry of the result hangs on the mean and the deviation of {} too: so of the gradients their mean is "
    "subtracted, and the part that goes with x̂."
)

COMPOUNDS = (
    Compound(
        "layer_norm",
        _pullback,
        _WHY.format("its row"),
        names=frozenset({"layernorm", "nativelayernorm"}),
        recognise=_recognise("layer_norm", batch=False),
        shown=("axis",),
    ),
    Compound(
        "batch_norm",
        _pullback,
        _WHY.format("its column, over the batch,"),
        names=frozenset({"batchnorm", "batchnorm1d", "batchnorm2d", "nativebatchnorm"}),
        recognise=_recognise("batch_norm", batch=True),
        shown=("axis",),
    ),
)
