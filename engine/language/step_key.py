"""`StepKey`: which step of a walk is meant, by nodes; `StepName`: the same as people write it, by names.

There are five kinds of steps: the value of a node, the seed ∂out/∂out = 1, the contribution along an edge from a
consumer to one of its operands, the update of a parameter, and in forward mode the tangent of a node. This is the one
place that spells and reads them: `f`, `∂f/∂s` (or `df/ds`), `w ←` (or `w <-`) and `tangent s`, the names of samples
such as `h[3]` included. A node that is a derivative itself, as in the graph of a derivative, stands in parentheses:
`(∂f/∂s)` is its value, `∂(∂f/∂s)/∂s` a step back from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from ..graph.graph import Graph
from ..rules.derivative_name import DerivativeName, is_derivative, wrapped
from ..rules.notation import INDEX
from ..rules.printers.unicode import NOTATION as UNICODE
from .names import NAME

_SAMPLE = re.compile(INDEX + "$")
_UPDATE = re.compile(r"(?P<parameter>\S+?)\s*(?:←|<-)")
_TANGENT = re.compile(r"tangent\s+(?P<node>\S+)")
_PLAIN = re.compile(r"[^\s/()]+")


def derivative(of: str, by: str) -> str:
    """Spell a derivative: `∂f/∂s`."""
    return UNICODE.derivative(of, by)


class StepKind(StrEnum):
    """What a step writes."""

    VALUE = "value"
    """The value of a node."""
    SEED = "seed"
    """The gradient of the output: 1."""
    ALONG = "along"
    """A contribution to the gradient of an operand, along the edge from its consumer."""
    UPDATE = "update"
    """The new value of a parameter."""
    TANGENT = "tangent"
    """The tangent of a node: its derivative by the input that forward mode was started at."""


@dataclass(frozen=True, slots=True)
class StepKey:
    """One step of a walk over a graph.

    `node` has the value or the tangent, is the output (seed), the consumer (along an edge) or the parameter (update).
    An edge is that of the consumer's operand at `position`, 0 for the first: x·x has two edges from one consumer to
    one operand.
    """

    kind: StepKind
    node: int
    position: int = 0

    def name(self, graph: Graph) -> StepName:
        """Return what the step is called; the edges of x·x, which differ in their position, have one name."""
        label = graph.label(self.node)
        if self.kind is StepKind.ALONG:
            return StepName.derivative(label, graph.label(int(graph.operands_of(self.node)[self.position])))
        if self.kind is StepKind.SEED:
            return StepName.derivative(label, label)
        return StepName(label, is_update=self.kind is StepKind.UPDATE, is_tangent=self.kind is StepKind.TANGENT)


@dataclass(frozen=True, slots=True)
class StepName:
    """A step as it is written, `str(name)`: the names in it need not be those of any graph.

    `label` is the node whose value, update or tangent is meant, or by which a derivative is taken; `of` is what a
    derivative is taken of, and empty where there is none.
    """

    label: str
    of: str = ""
    is_update: bool = False
    is_tangent: bool = False

    @classmethod
    def derivative(cls, of: str, by: str) -> StepName:
        """Make the name of a derivative."""
        return cls(by, of)

    @classmethod
    def read(cls, text: str) -> StepName:
        """Read a name; what is no derivative, update or tangent is the name of a node, whatever it is.

        >>> StepName.read("df/ds"), str(StepName.read("w <-"))
        (StepName(label='s', of='f', is_update=False, is_tangent=False), 'w ←')
        """
        if (parts := _derivative_parts(text)) and all(map(_is_label, parts)):
            return cls(parts[1], parts[0])
        if (found := _UPDATE.fullmatch(text)) and _is_label(found["parameter"]):
            return cls(found["parameter"], is_update=True)
        if (found := _TANGENT.fullmatch(text)) and (node := _label(found["node"])) and _is_label(node):
            return cls(node, is_tangent=True)
        if text.startswith("(") and (label := _label(text)):
            return cls(label)
        return cls(text)

    def __str__(self) -> str:
        if self.of:
            return derivative(self.of, self.label)
        if self.is_tangent:
            return f"tangent {wrapped(self.label)}"
        return f"{self.label} ←" if self.is_update else wrapped(self.label)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in it, in reading order."""
        return (self.of, self.label) if self.of else (self.label,)

    def of_all_samples(self) -> StepName:
        """Return the name without the numbers of samples: `∂h/∂w` for `∂h[3]/∂w`."""
        return replace(self, label=_SAMPLE.sub("", self.label), of=_SAMPLE.sub("", self.of))

    def keys(self, graph: Graph) -> tuple[StepKey, ...]:
        """Return the steps of a walk over `graph` that are called so: none, or one, or the edges of x·x.

        By a constant there is no derivative, and over a node that is only watched the walk back does not come.
        A leaf's value, known from the start, the update of any leaf and the tangent of any node are keys too, whether
        the walk has a step for them or not. Raises KeyError with the label that no node has.
        """
        node = graph.find(self.label)
        if not self.of:
            kind = StepKind.UPDATE if self.is_update else StepKind.TANGENT if self.is_tangent else StepKind.VALUE
            return (StepKey(kind, node),)
        consumer = graph.find(self.of)
        if node == consumer == graph.output:
            return (StepKey(StepKind.SEED, node),)
        if not graph.carries_gradient[node] or not graph.carries_gradient[consumer]:
            return ()
        places = (graph.operands_of(consumer) == node).nonzero()[0].tolist()
        return tuple(StepKey(StepKind.ALONG, consumer, place) for place in places)


def _derivative_parts(text: str) -> tuple[str, str] | None:
    """Return what a derivative is of and by; None where it is written as none."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "/" and not depth:
            above, below = text[:place], text[place + 1 :]
            if above[:1] in ("∂", "d") and below[:1] in ("∂", "d"):
                of, by = _label(above[1:]), _label(below[1:])
                return (of, by) if of and by else None
            return None
    return None


def _label(text: str) -> str:
    """Return a label without the parentheses that only a derivative has; empty where it is none."""
    if text.startswith("("):
        inner = text[1:-1] if text.endswith(")") else ""
        return inner if DerivativeName.read(inner) else ""
    return text if _PLAIN.fullmatch(text) else ""


def _is_label(text: str) -> bool:
    """Say whether a text is a name, that of a sample such as `h[3]`, or that of a node which is a derivative."""
    if is_derivative(text):
        return DerivativeName.read(text) is not None
    first, *keys = _SAMPLE.sub("", text).split(".")  # hidden.0.weight[1,2] is an entry of what modules are made of
    return NAME.fullmatch(first) is not None and all(key.isdecimal() or NAME.fullmatch(key) for key in keys)
