"""`Numbers`: what a run of a graph computed, and which of these numbers exist."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import Flags, Floats
from ..graph.graph import Graph, led_to
from ..rules.formula import Formula, Name, Number
from ..rules.notation import Notation
from ..rules.printers.unicode import NOTATION as UNICODE
from ..run.loop import BackwardRun, Run

if TYPE_CHECKING:
    from ..rules.closed_form import ClosedForm
    from .closed_forms import ClosedForms
    from .exact import Exact
    from .exact_value import ExactValue
    from .reason import Lost

_LEAST_FLOAT = 5e-324
"""The smallest positive 64-bit float."""


class Numbers:
    """Every number of a forward and a backward pass over `graph`.

    `values` is float64[n]; `backward` holds the backward pass. Formulas are written in
    `notation`.
    """

    def __init__(self, graph: Graph, run: Run, notation: Notation = UNICODE) -> None:
        self.graph = graph
        self.notation = notation
        self.values: Floats = run.values
        self.backward: BackwardRun = run.backward

    @property
    def run(self) -> Run:
        """The run that they are of."""
        return Run(self.values, self.backward)

    @functools.cached_property
    def undefined_values(self) -> Flags:
        """bool[n]: the nodes whose value does not exist, or hangs on one that does not.

        As everything leads to the output, that is among them as soon as there is one.
        """
        undefined = ~np.isfinite(self.values)
        return led_to(undefined, self.graph.operands, self.graph.consumers()) if undefined.any() else undefined

    @functools.cached_property
    def undefined_contributions(self) -> Flags:
        """bool[edges]: the contributions that do not exist, or hang on a gradient that does not.

        A gradient that is not finite makes none that is: only where the output has no value they all hang on it.
        """
        if self.output_undefined:
            return np.ones(len(self.graph.edges), dtype=np.bool_)
        return ~np.isfinite(self.backward.contributions)

    @property
    def output_undefined(self) -> bool:
        """Whether the output has no value: then there are no derivatives of it either."""
        return bool(self.undefined_values[self.graph.output])

    @functools.cached_property
    def exact(self) -> Exact:
        """What the values would be if numbers had any size."""
        from .exact import Exact  # few walks need it, and none before its first step

        return Exact(self.graph, self.values)

    @functools.cached_property
    def closed(self) -> ClosedForms:
        """The closed forms of the numbers that have one."""
        from .closed_forms import ClosedForms  # late: nothing is computed before the first step

        return ClosedForms(self.graph, self.values, output_undefined=self.output_undefined)

    def exact_value(self, form: ClosedForm | None, number: float, digits: int = 0) -> ExactValue | None:
        """Return a closed form as what stands beside its number, shown with so many `digits`; None where it is long."""
        if form is None:
            return None
        from .short_form import exact_value

        return exact_value(form, number, self.notation, digits)

    def lost(self, node: int) -> Lost | None:
        """Where floats have lost the value of a node that mathematics does have: say where first, and how."""
        from .reason import Loss, Lost

        found = self.exact.first_lost(node)
        exact = None if found is None else self.exact.value(found)
        if found is None or exact is None:
            return None
        loss = Loss.ROUNDED
        if not math.isfinite(self.values[found]):
            loss = Loss.TOO_LARGE
        elif abs(exact) < _LEAST_FLOAT:
            loss = Loss.TOO_SMALL
        return Lost(found, self.graph.label(found), self.graph.expression(found), loss, f"{exact:.2g}")

    def lost_operand(self, node: int) -> Lost | None:
        """Do as `lost` for the first of a node's values, its operands' and its own, that is lost."""
        nodes = [*self.graph.operands_of(node).tolist(), node]
        return next((lost for lost in map(self.lost, nodes) if lost is not None), None)

    def put_in(self, node: int) -> Formula:
        """Return a node's value as an operand of a formula with the numbers put in."""
        operand = self.graph.operand(node)
        if operand.constant is not None:
            return operand
        return Name("undefined") if self.undefined_values[node] else Number(float(self.values[node]))
