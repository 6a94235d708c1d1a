"""`of_entry`: a rule in matrix form, said of one entry with indices: `∂L/∂W[k,j] = Σᵢ X[i,k] · ∂L/∂Y[i,j]`."""

from __future__ import annotations

from ..array_formulas.formula import ArrayName, ArrayOperation
from ..array_formulas.printers.unicode import NOTATION as UNICODE
from ..rules.formula import Formula, Name, Number, Operation
from .array_graph import ArrayGraph, WalkedArray
from .rules import gradient_name, operand

_LETTERS = "ijkl"
_BELOW = dict(zip(_LETTERS, "ᵢⱼₖₗ", strict=True))


def of_entry(graph: ArrayGraph, consumer: WalkedArray, position: int, formula: Formula | None) -> str:
    """Write a rule for one entry, of products of matrices and of what acts on each entry; "" for any other rule."""
    if formula is None:
        return ""
    array = graph.arrays[consumer.operands[position]]
    left = gradient_name(graph, array.place).label
    upstream = gradient_name(graph, consumer.place).label
    if consumer.operation == "matmul" and len(consumer.operands) == 2:
        return _of_product(graph, consumer, position, left, upstream)
    letters = _LETTERS[: len(consumer.shape)]
    if not letters or len(consumer.shape) > len(_LETTERS):
        return ""
    inner = formula
    summed = ""
    if isinstance(formula, ArrayOperation):
        if formula.function != "sum" or formula.parameters.get("keepdims"):
            return ""
        summed = "".join(letters[axis] for axis in formula.parameters["axis"])
        inner = formula.operands[0]
    if isinstance(inner, ArrayOperation) or (inner is formula and array.shape != consumer.shape):
        return ""
    indexed = _indexed(inner, letters)
    if indexed is None:
        return ""
    own = "".join(letter for letter in letters if letter not in summed)
    signs = "".join(f"Σ{_BELOW[letter]} " for letter in summed)
    text = UNICODE.formula(indexed)
    if signs and isinstance(indexed, Operation) and indexed.function in ("add", "sub", "neg"):
        text = f"({text})"
    return f"{_at(left, own)} = {signs}{text}"


def _of_product(graph: ArrayGraph, consumer: WalkedArray, position: int, left: str, upstream: str) -> str:
    first, second = (operand(graph, place) for place in consumer.operands)
    if not isinstance(first, ArrayName) or not isinstance(second, ArrayName):
        return ""
    if len(first.shape) != 2 or len(second.shape) != 2:
        return ""
    if position == 0:
        return f"{_at(left, 'ik')} = Σⱼ {_at(upstream, 'ij')} · {_at(second.label, 'kj')}"
    return f"{_at(left, 'kj')} = Σᵢ {_at(first.label, 'ik')} · {_at(upstream, 'ij')}"


def _at(label: str, letters: str) -> str:
    """Write an entry: W[k,j], and ∂L/∂W[k,j] for the derivative by it."""
    return f"{label}[{','.join(letters)}]" if letters else label


def _indexed(formula: Formula, letters: str) -> Formula | None:
    """Return a formula of arrays as one of their entries; None where a part is no operation on each entry."""
    made: dict[int, Formula] = {}

    def entry(part: Formula) -> Formula | None:
        known = made.get(id(part))
        if known is not None:
            return known
        match part:
            case ArrayName():
                own = letters[len(letters) - len(part.shape) :]
                if len(part.shape) > len(letters) or 1 in part.shape:
                    return None
                found: Formula = _Entry(_at(part.label, own))
            case Number():
                found = part
            case ArrayOperation():
                return None
            case Operation():
                operands = [entry(each) for each in part.operands]
                whole = [each for each in operands if each is not None]
                if len(whole) < len(operands):
                    return None
                found = Operation(part.function, tuple(whole))
            case _:
                return None
        made[id(part)] = found
        return found

    return entry(formula)


class _Entry(Name):
    """An entry of an array, by its indices."""

    __slots__ = ()
