"""Why a rule is what it is: by its shapes, and in words."""

from __future__ import annotations

import math

from ..array_formulas.formula import ArrayName, ArrayOperation, Shape, parts
from ..array_formulas.functions import axes_of
from ..array_formulas.printers.unicode import NOTATION as UNICODE
from ..array_formulas.shapes import shape_of
from ..array_ops.elementwise import OPERATIONS as OF_ENTRIES
from ..rules.formula import Formula, Operation
from .array_graph import ArrayGraph, Kind, WalkedArray
from .compounds.table import COMPOUNDS
from .fitting import fitting_products
from .numbers import EXACT, Contribution
from .rules import gradient_name
from .step import Named


def named_in(formula: Formula | None) -> tuple[Named, ...]:
    """Return the names of arrays in a formula, each once, in the order in which they are read."""
    names = [] if formula is None else [part for part in parts(formula) if isinstance(part, ArrayName)]
    return tuple({name.label: Named(name.label, name.shape) for name in names}.values())


def why_forward(graph: ArrayGraph, array: WalkedArray) -> tuple[str, ...]:
    """Say what is worth saying of how an array was made: where an operand was broadcast, where nothing is computed."""
    if array.kind is Kind.PICKED:
        return (f"Nothing is computed: the entries of {array.label} are entries that there were before.",)
    if array.kind is Kind.SCALARS:
        return ("These are operations on single numbers, which no operation on arrays has made.",)
    return tuple(
        f"{graph.arrays[operand].label} {graph.arrays[operand].shape} is broadcast to {array.shape}."
        for operand in dict.fromkeys(array.operands)
        if operand >= 0 and array.operation in _ENTRYWISE and _is_broadcast(graph.arrays[operand], array)
    )


def why_backward(graph: ArrayGraph, consumer: WalkedArray, position: int, found: Contribution) -> tuple[str, ...]:
    """Say why a contribution is what it is."""
    array = graph.arrays[consumer.operands[position]]
    if found.formula is None:
        return _without_rule(consumer, array, found)
    upstream = gradient_name(graph, consumer.place)
    sentences: list[str] = []
    match consumer.operation:
        case _ if consumer.kind is Kind.PICKED:
            sentences.append(_NOTHING_COMPUTED.format(consumer.label))
        case "matmul":
            other = graph.arrays[consumer.operands[1 - position]]
            sentences += _of_product(array, other, upstream, found.formula)
        case "sum" | "mean":
            sentences.append(_of_reduction(consumer, array, upstream))
        case operation if operation in COMPOUNDS:
            if position == 0 or operation == "attention":
                sentences.append(COMPOUNDS[operation].why)
            elif _is_broadcast(array, consumer):
                sentences += _of_entries(consumer, array, upstream, found.formula)
        case operation if operation in _ENTRYWISE:
            sentences += _of_entries(consumer, array, upstream, found.formula)
        case _:
            pass
    return tuple(sentences)


_NOTHING_COMPUTED = "Nothing was computed in {}: each gradient goes back to where its entry was."


def _without_rule(consumer: WalkedArray, array: WalkedArray, found: Contribution) -> tuple[str, ...]:
    if consumer.kind is Kind.PICKED:
        why = _NOTHING_COMPUTED.format(consumer.label)
    elif consumer.kind is Kind.SCALARS:
        why = f"{consumer.label} was computed with single numbers: the scalar walk has these contributions."
    elif found.difference is not None and found.difference > EXACT:
        why = (
            f"The rule of {consumer.operation} in matrix form does not hold at these numbers, as happens where "
            "entries are equal, are 0 or lie on a corner: these are the contributions of the scalar walk, added up."
        )
    else:
        why = (
            f"There is no short rule in matrix form for {consumer.operation} here: these are the contributions of the "
            "scalar walk, added up for each entry."
        )
    if not found.is_together:
        return (why,)
    return why, (
        f"Some nodes stand at several places among the operands of {consumer.label}: what they get is shown at the "
        "first of them, all together."
    )


def _of_product(array: WalkedArray, other: WalkedArray, upstream: ArrayName, rule: Formula) -> list[str]:
    factor = ArrayName(other.label, other.shape)
    sentences: list[str] = []
    if isinstance(rule, ArrayOperation) and rule.function == "sum":
        axes = _axes_text(rule.parameters["axis"])
        sentences.append(
            f"{array.label} {array.shape} stands in {math.prod(_summed(rule))} products: their contributions are added "
            f"over {axes}."
        )
        return sentences
    if isinstance(rule, ArrayOperation) and rule.function == "outer":
        lengths = " and ".join(str(shape_of(factor)) for factor in rule.operands)
        sentences.append(f"Every entry of {array.label} meets one entry of each: an outer product of {lengths}.")
        return sentences
    if min(len(array.shape), len(other.shape), len(upstream.shape)) < 2:
        return sentences
    of_each = "" if len(array.shape) == 2 else "In each matrix of the stack: "
    shape = array.shape[-2:]
    first, second = (ArrayName(name.label, name.shape[-2:]) for name in (upstream, factor))
    fitting = fitting_products(first, second, shape)
    written = UNICODE.formula(rule)
    if len(fitting) == 1:
        sentences.append(
            f"{of_each}of all products of {first.label} {first.shape} and {second.label} {second.shape}, transposed or "
            f"not, {written} is the only one with the shape of {array.label}, {shape}."
        )
    else:
        others = [text for product in fitting if (text := UNICODE.formula(product.formula)) != written]
        sentences.append(
            f"{of_each}the shapes alone do not decide here: {_listed(others)} {'has' if len(others) == 1 else 'have'} "
            f"the shape {shape} too. What decides is which entries meet."
        )
    return [sentence[0].upper() + sentence[1:] for sentence in sentences]


def _of_reduction(consumer: WalkedArray, array: WalkedArray, upstream: ArrayName) -> str:
    together = array.entries.size // max(consumer.entries.size, 1)
    if consumer.operation == "mean":
        return (
            f"Each entry of {array.label} is one of {together} in its mean: its local derivative is 1/{together}, and "
            f"{upstream.label} goes to all of them."
        )
    return (
        f"Each entry of {array.label} is in its sum once: its local derivative is 1, and {upstream.label} goes to all "
        f"{together} of them."
    )


def _of_entries(consumer: WalkedArray, array: WalkedArray, upstream: ArrayName, rule: Formula) -> list[str]:
    sentences: list[str] = []
    if _is_broadcast(array, consumer):
        times = consumer.entries.size // max(array.entries.size, 1)
        own = f"Each entry of {array.label}" if array.entries.size > 1 else array.label
        sentences.append(
            f"{own} was broadcast into {times} entries of {consumer.label} {consumer.shape}: backwards their "
            f"contributions are added, which gives the shape {array.shape}."
        )
    elif array.shape and _is_entrywise_product(rule):
        sentences.append(
            f"Each entry of {consumer.label} hangs on one entry of {array.label}: each gradient is multiplied by its "
            "own local derivative, entry by entry (⊙)."
        )
    return sentences


_ENTRYWISE = frozenset({*(op.name for op in OF_ENTRIES), "gelu", "silu", "erf", "where", "clip"})
"""Operations that act on each entry."""


def _is_broadcast(array: WalkedArray, consumer: WalkedArray) -> bool:
    return array.shape != consumer.shape and array.entries.size < consumer.entries.size


def _is_entrywise_product(rule: Formula) -> bool:
    return isinstance(rule, Operation) and not isinstance(rule, ArrayOperation) and rule.function == "mul"


def _summed(rule: ArrayOperation) -> Shape:
    inner = shape_of(rule.operands[0])
    return tuple(inner[axis] for axis in axes_of(rule.parameters["axis"], len(inner)))


def _axes_text(axes: tuple[int, ...]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else f"the axes {_listed(list(map(str, axes)))}"


def _listed(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
