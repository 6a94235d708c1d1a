"""`shape_of`: the shape of the array that a formula stands for."""

from __future__ import annotations

import numpy as np

from ..errors import GradwalkError
from ..rules.formula import Formula, Operation
from .evaluate import FUNCTIONS
from .formula import ArrayName, ArrayOperation, Shape


class ShapesDoNotFit(GradwalkError):
    """Arrays of these shapes cannot be operands of that function; `function` and `shapes` say which."""

    def __init__(self, function: str, shapes: tuple[Shape, ...]) -> None:
        super().__init__(f"{' and '.join(map(str, shapes))} do not fit in {function}")
        self.function = function
        self.shapes = shapes


def shape_of(formula: Formula) -> Shape:
    """Return the shape of a formula; ShapesDoNotFit where its parts do not go together.

    What acts entry by entry has the shape that its operands broadcast to. Any other operation is asked on arrays of
    zeros, once for each place in a formula: they take no room, each entry is the same one.
    """
    match formula:
        case ArrayName():
            return formula.shape
        case Operation():
            shapes = tuple(map(shape_of, formula.operands))
            try:
                if isinstance(formula, ArrayOperation):
                    zeros = [np.broadcast_to(np.zeros(()), shape) for shape in shapes]
                    with np.errstate(all="ignore"):
                        return np.shape(FUNCTIONS[formula.function](*zeros, **formula.parameters))
                return np.broadcast_shapes(*shapes)
            except ValueError:
                raise ShapesDoNotFit(formula.function, shapes) from None
        case _:
            return ()
