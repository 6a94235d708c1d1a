"""What helps with a whole gradient that is asked for alone, when no gradient on the way is known: the chain rule."""

from __future__ import annotations

from ..walk.path_factors import factors_of, product_of
from ..walk.path_table import PathTable
from ..walk.paths import paths_of
from .question import Question
from .task import TaskKind

_MOST_NODES = 300
_MOST_PATHS = 3
_MOST_FACTORS = 8


def chain_hints(question: Question) -> tuple[str, str] | None:
    """Return the chain rule multiplied out, in symbols and in numbers; None for another question, or where it is long.

    `∂f/∂a = ∂f/∂r · ∂r/∂s · ∂s/∂a`: a product for each path from the node to the output, and their sum.
    """
    trace, node = question.trace, question.node
    if question.kind is not TaskKind.GRADIENT or question.edge is None or len(question.graph) > _MOST_NODES:
        return None
    count = PathTable.of(trace.numbers).counts[node]
    paths = paths_of(trace, node, _MOST_PATHS).paths
    factors = [factors_of(trace, path) for path in paths]
    if (
        count > _MOST_PATHS
        or len(paths) < count
        or max(map(len, factors)) > _MOST_FACTORS
        or max(map(len, factors)) < 2
    ):
        return None
    notation = trace.numbers.notation
    products = [notation.times.join(factor.name for factor in each) for each in factors]
    numbers = [equation.left for path in paths if (equation := product_of(trace, path)) is not None]
    if len(numbers) < count:
        return None
    summed = notation.plus.join([numbers[0], *map(notation.wrapped, numbers[1:])])
    return f"{question.ask} = {notation.plus.join(products)}", summed
