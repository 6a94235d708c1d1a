"""`Formulas`: what a model computes for each sample and over all samples, written once and read in two ways.

Recorded, the formulas become the scalar nodes of a graph, every sample with nodes of its own. Computed, they
give the prediction on a grid of points or the loss on a grid of parameters, for the plots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import numpy as np

from ..arrays import Floats, Indices
from ..graph.graph import Leaf
from ..graph.tape import Tape
from ..language.dependencies import leading_to
from ..language.expression import Apply, Expression, Literal, NameUse
from ..language.names import CONSTANTS
from ..rules.ops import CODES, N_ARY, OPS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

L2 = "l2"
"""The name that stands in a loss for the sum of the squares of all parameters."""

T = TypeVar("T")


@dataclass(frozen=True)
class Layer:
    """A layer of `len(units)` neurons: each is activation(bias + Σ weight · input).

    A single unit has the name of the layer, several are called name_1, name_2, ...

    `weights[u][i]` names the weight of unit u for input i, `biases[u]` its bias. `activation` is a unary operation
    of the op table; None leaves the sum as it is.
    """

    name: str
    units: tuple[str, ...]
    inputs: tuple[str, ...]
    weights: tuple[tuple[str, ...], ...]
    biases: tuple[str, ...]
    activation: str | None


def sum_name(unit: str) -> str:
    """Return what the sum is called that an activation makes a neuron's value of: the pre-activation `z_h` of h."""
    return f"z_{unit}"


class Reading(Protocol[T]):
    """How formulas are read: what a number, an operation and an aggregation over the samples become."""

    def number(self, value: float) -> T:
        """Read a literal number."""
        ...

    def apply(self, op: str, operands: Sequence[T], name: str | None) -> T:
        """Read an operation, sample by sample where one of the operands is a column."""
        ...

    def aggregate(self, op: str, column: T, name: str | None) -> T:
        """Read `sum` or `mean` over all samples."""
        ...

    def is_column(self, value: T) -> bool:
        """Say whether a value has one entry a sample."""
        ...


Node = int | Indices


class Recording:
    """Reads formulas into the nodes of a tape: an int, or int32[m] where every sample has a node of its own."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self._constants: dict[float, int] = {}

    def number(self, value: float) -> Node:
        """Append the constant, once for all its uses."""
        if value not in self._constants:
            self._constants[value] = self.tape.leaf(value, Leaf.CONSTANT)
        return self._constants[value]

    def apply(self, op: str, operands: Sequence[Node], name: str | None) -> Node:
        """Append one operation, or one a sample."""
        single = [operand for operand in operands if isinstance(operand, int)]
        if len(single) == len(operands):
            return self.tape.operation(CODES[op], single, name)
        nodes = self.tape.operations(CODES[op], *operands, name=name)
        return np.arange(nodes.start, nodes.stop, dtype=np.int32)

    def aggregate(self, op: str, column: Node, name: str | None) -> Node:
        """Append one n-ary operation on all samples."""
        return self.tape.operation(CODES[op], np.atleast_1d(column).tolist(), name)

    def is_column(self, value: Node) -> bool:
        """Say whether a node stands for one a sample."""
        return not isinstance(value, int)


class Computation:
    """Reads formulas as NumPy arrays whose last axis is the samples; all others broadcast.

    Where mathematics fails the result is nan or infinite.
    """

    def number(self, value: float) -> Any:
        """Return the number."""
        return np.float64(value)

    def apply(self, op: str, operands: Sequence[Any], name: str | None) -> Any:
        """Compute an operation."""
        rule = OPS[CODES[op]]
        with np.errstate(all="ignore"):
            if rule.arity is N_ARY:
                return rule.forward(*np.broadcast_arrays(*operands))
            return rule.forward(*operands)

    def aggregate(self, op: str, column: Any, name: str | None) -> Any:
        """Add up, or average, the last axis."""
        with np.errstate(all="ignore"):
            return np.sum(column, axis=-1, keepdims=True) / (np.shape(column)[-1] if op == "mean" else 1)

    def is_column(self, value: Any) -> bool:
        """Say whether a value has a last axis of several samples."""
        return np.ndim(value) > 0


class _Kinds:
    """Reads formulas as what they are: true for a column, false for a single number."""

    def number(self, value: float) -> bool:
        return False

    def apply(self, op: str, operands: Sequence[bool], name: str | None) -> bool:
        return any(operands)

    def aggregate(self, op: str, column: bool, name: str | None) -> bool:
        return False

    def is_column(self, value: bool) -> bool:
        return value


@dataclass(frozen=True)
class Formulas:
    """A model: layers and named expressions for each sample, and the expressions of a loss over all samples.

    `parameters` are the names of what is trained. `expressions` and `loss` stand in an order in which each uses only
    what comes before it. `prediction` is the name of the model's answer, a unit or an expression, which the loss need
    not use; it is empty where there is no data to predict from. The last of `loss` is the loss.
    """

    parameters: tuple[str, ...]
    layers: tuple[Layer, ...]
    expressions: dict[str, Expression]
    prediction: str
    loss: dict[str, Expression]

    @property
    def loss_name(self) -> str:
        """What the loss is called."""
        return next(reversed(self.loss))

    def leading_to(self, name: str) -> set[str]:
        """Return every name that `name` is computed from, itself included."""
        definitions = {**self.expressions, **self.loss}
        of_unit = {unit: (layer, place) for layer in self.layers for place, unit in enumerate(layer.units)}

        def uses(name: str) -> Iterable[str]:
            if name in definitions:
                return [used.name for used in definitions[name].names()]
            if name not in of_unit:
                return []
            layer, place = of_unit[name]
            return [*layer.inputs, *layer.weights[place], layer.biases[place]]

        return leading_to(name, uses)

    def operation_count(self) -> int:
        """Return about how many operations a sample has: those of the loss count as if each were one a sample."""
        expressions = (*self.expressions.values(), *self.loss.values())
        written = sum(isinstance(item, Apply) for expression in expressions for item in expression.items)
        return written + sum(2 * len(layer.units) * (len(layer.inputs) + 1) for layer in self.layers)

    def predict(self, parameters: Mapping[str, ArrayLike], columns: Mapping[str, ArrayLike]) -> Floats:
        """Compute the prediction: float64[..., m] for columns of float64[..., m]."""
        values = _Reader(self, Computation()).samples(_arrays(parameters, columns))
        return np.asarray(values[self.prediction], dtype=np.float64)

    def cost(self, parameters: Mapping[str, ArrayLike], columns: Mapping[str, ArrayLike]) -> Floats:
        """Compute the loss: float64[..., 1], for parameters of float64[..., 1] and columns of float64[m]."""
        reader = _Reader(self, Computation())
        return np.asarray(reader.loss(reader.samples(_arrays(parameters, columns))), dtype=np.float64)

    def record(self, tape: Tape, nodes: Mapping[str, Node]) -> tuple[int, Indices]:
        """Append the model to a tape; return the nodes of the loss and of each sample's prediction, int32[m].

        Each sample's nodes are called h[1], h[2], ... Without a prediction there are no nodes of it.

        `nodes` holds a node for each parameter and a column of nodes, int32[m], for each data column.
        """
        reader = _Reader(self, Recording(tape))
        values = reader.samples(dict(nodes))
        loss = reader.loss(values)
        assert isinstance(loss, int), "a loss is one number"
        return loss, np.atleast_1d(np.asarray(values.get(self.prediction, ()), dtype=np.int32))

    def kinds(self, columns: Iterable[str]) -> dict[str, bool]:
        """Say of each name that the model computes whether it has a value for each sample."""
        reader = _Reader(self, _Kinds())
        values = {**dict.fromkeys(self.parameters, False), **dict.fromkeys(columns, True)}
        values = reader.samples(values)
        return {**values, self.loss_name: reader.loss(values)}


def _arrays(*groups: Mapping[str, ArrayLike]) -> dict[str, Any]:
    return {name: np.asarray(value, dtype=np.float64) for group in groups for name, value in group.items()}


class _Reader(Generic[T]):
    """Reads the formulas in one of the two ways."""

    def __init__(self, formulas: Formulas, reading: Reading[T]) -> None:
        self.formulas = formulas
        self.reading = reading

    def samples(self, values: dict[str, T]) -> dict[str, T]:
        """Read what is computed for each sample; returns `values` with it."""
        for layer in self.formulas.layers:
            self._layer(layer, values)
        for name, expression in self.formulas.expressions.items():
            values[name] = self._expression(expression, values, name)
        return values

    def loss(self, values: Mapping[str, T]) -> T:
        """Read the loss."""
        values = dict(values)
        if any(name.name == L2 for expression in self.formulas.loss.values() for name in expression.names()):
            squares = [self.reading.apply("square", [values[name]], None) for name in self.formulas.parameters]
            values[L2] = self._sum(squares, L2)
        for name, expression in self.formulas.loss.items():
            values[name] = self._expression(expression, values, name, over_samples=True)
        return values[self.formulas.loss_name]

    def _layer(self, layer: Layer, values: dict[str, T]) -> None:
        for unit, weights, bias in zip(layer.units, layer.weights, layer.biases, strict=True):
            products = [
                self.reading.apply("mul", [values[weight], values[source]], None)
                for weight, source in zip(weights, layer.inputs, strict=True)
            ]
            total = self._sum([values[bias], *products], sum_name(unit) if layer.activation else unit)
            values[unit] = self.reading.apply(layer.activation, [total], unit) if layer.activation else total

    def _sum(self, terms: Sequence[T], name: str | None) -> T:
        total = terms[0]
        for place, term in enumerate(terms[1:], start=2):
            total = self.reading.apply("add", [total, term], name if place == len(terms) else None)
        return total

    def _expression(
        self, expression: Expression, values: Mapping[str, T], name: str, *, over_samples: bool = False
    ) -> T:
        """Read an expression; `over_samples`, a `sum` or `mean` of one column runs over all samples.

        What the first of them adds up or averages is called after the expression, one a sample.
        """
        items, reading = expression.items, self.reading
        aggregated = [place for place, item in enumerate(items) if over_samples and aggregates(item)]
        named = {len(items) - 1}

        def apply(place: int, op: str, operands: Sequence[T]) -> T:
            own = name if place in named else None
            if not any(map(reading.is_column, operands)):
                return reading.apply(op, operands, own)
            if place in aggregated:
                return reading.aggregate(op, operands[0], own)
            if place + 1 in aggregated and len(named) == 1:
                named.add(place)
                own = name
            return reading.apply(op, operands, own)

        return expression.fold(reading.number, lambda used: _known(used.name, values, reading.number), apply)


def aggregates(item: Literal | NameUse | Apply) -> bool:
    """Say whether an item is a `sum` or `mean` of one operand: of a column, that runs over all samples."""
    return isinstance(item, Apply) and item.op in ("sum", "mean") and item.operand_count == 1


def _known(name: str, values: Mapping[str, T], number: Callable[[float], T]) -> T:
    return values[name] if name in values else number(CONSTANTS[name])
