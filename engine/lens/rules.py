"""What stands in the formulas of a step: the names of arrays, the rule of the way back, what made an array."""

from __future__ import annotations

from ..array_formulas.formula import ArrayName, ArrayOperation, DefinedName, definitions, replaced
from ..array_formulas.pullback import Pullback, PullbackSite
from ..array_formulas.shapes import ShapesDoNotFit, shape_of
from ..array_ops.table import ARRAY_OPS
from ..errors import GradwalkError
from ..graph.array_record import ABSENT
from ..graph.graph import Leaf
from ..rules.derivative_name import DerivativeName
from ..rules.formula import Formula, Number, Operation, Origin
from ..rules.ops import CODES
from .array_graph import ArrayGraph, Kind, WalkedArray
from .compounds.table import COMPOUNDS

_OP_TABLE = {
    "subtract": "sub", "multiply": "mul", "divide": "div", "negative": "neg", "power": "pow", "log": "ln",
    "minimum": "min", "maximum": "max",
}  # fmt: skip
"""Operations on each entry that the op table calls by another name."""

_OF_AXES = frozenset({"sum", "mean", "min", "max"})
"""What is taken along axes, and has a name that means something else in the op table."""


def output_label(graph: ArrayGraph) -> str:
    """Return what the output is called: the array's label, with the index where it is one entry of many."""
    array = graph.arrays[graph.output]
    if array.entries.size == 1:
        return array.label
    index = next(zip(*(array.entries == graph.graph.output).nonzero(), strict=True))
    return f"{array.label}[{','.join(map(str, index))}]"


def derivative_label(graph: ArrayGraph, place: int) -> str:
    """Return what the gradient of an array is called: `∂L/∂W`."""
    return str(DerivativeName(output_label(graph), ((graph.arrays[place].label, 1),)))


upstream_label = derivative_label
"""The upstream gradient of a step is the gradient of the array that it comes from."""


def operand(graph: ArrayGraph, place: int) -> Formula:
    """Return an array as a part of a formula: its name, or the number where it is a single literal one."""
    array = graph.arrays[place]
    if array.kind is Kind.GIVEN and array.entries.size == 1:
        node = array.entries.item()
        if node >= 0 and graph.graph.codes[node] == Leaf.CONSTANT and node not in graph.graph.names:
            return Number(float(graph.graph.leaf_values[node]), Origin.LITERAL)
    return ArrayName(array.label, array.shape)


def gradient_name(graph: ArrayGraph, place: int) -> ArrayName:
    """Return the gradient of an array as a part of a formula."""
    return ArrayName(derivative_label(graph, place), graph.arrays[place].shape)


def site_of(graph: ArrayGraph, place: int, position: int) -> PullbackSite | None:
    """Return what a rule is given for one operand of an array; None where an operand is not in the graph at all."""
    array = graph.arrays[place]
    if ABSENT in array.operands:
        return None
    carrying = sum(bool(graph.carries[each].any()) for each in array.operands)
    return PullbackSite(
        upstream=gradient_name(graph, place),
        operands=tuple(operand(graph, each) for each in array.operands),
        out=ArrayName(array.label, array.shape),
        position=position,
        parameters=array.parameters,
        alone=carrying == 1,
    )


def rule_of(graph: ArrayGraph, place: int, position: int) -> Formula | None:
    """Return the rule of a backward step in matrix form; None where there is none for this operation."""
    array = graph.arrays[place]
    pullback = pullback_of(array)
    site = None if pullback is None else site_of(graph, place, position)
    if pullback is None or site is None:
        return None
    try:
        formula = pullback(site)
        if formula is None or shape_of(formula) != site.shape:
            return None
        return _with_names_of_its_own(formula, {each.label for each in graph.arrays})
    except (ShapesDoNotFit, GradwalkError, KeyError, ValueError):  # parameters of a form that the rule does not know
        return None


def _with_names_of_its_own(formula: Formula, taken: set[str]) -> Formula:
    """Return a rule in which no name that it defines is that of an array: a prime tells them apart."""

    def renamed(part: Formula) -> Formula | None:
        if isinstance(part, DefinedName) and part.label in taken:
            return DefinedName(part.label + "′", part.shape, replaced(part.definition, renamed))
        return None

    return replaced(formula, renamed) if any(name.label in taken for name in definitions(formula)) else formula


def pullback_of(array: WalkedArray) -> Pullback | None:
    """Return the rule of what made an array, None where it has none."""
    if array.kind in (Kind.GIVEN, Kind.SCALARS):
        return None
    if array.operation in COMPOUNDS and len(array.members) > 1:
        return COMPOUNDS[array.operation].pullback
    op = ARRAY_OPS.get(array.operation)
    return None if op is None else op.pullback


def forward_formula(graph: ArrayGraph, place: int) -> Formula | None:
    """Return what made an array, of the names of its operands: `X @ W`; None where it was given."""
    array = graph.arrays[place]
    if array.is_given:
        return None
    operands = tuple(operand(graph, each) for each in array.operands if each != ABSENT)
    if len(array.members) > 1 and array.operation in COMPOUNDS:
        shown = {name: array.parameters[name] for name in COMPOUNDS[array.operation].shown}
        return ArrayOperation(array.operation, operands, shown)
    name = _OP_TABLE.get(array.operation, array.operation)
    if name in CODES and array.operation not in _OF_AXES:
        return Operation(name, operands)
    return ArrayOperation(array.operation, operands, array.parameters)
