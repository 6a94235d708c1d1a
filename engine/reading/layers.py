"""The parameters and the layers of a training scenario, read from their tables; every error points into the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..arrays import Floats
from ..errors import ExpressionError, did_you_mean, listing, quoted
from ..language.dependencies import written
from ..language.expression import CONSTANTS
from ..rules.ops import OPS
from ..training.formulas import Layer
from .columns import ARGUMENT_COUNTS, Columns, compute, unknown
from .source import Source
from .training_format import LayerTable, TrainingFile

MAX_PARAMETERS = 100_000
"""The most parameters that a model has."""

_ACTIVATIONS = [op.name for op in OPS if op.arity == 1 and not op.infix]


class Parameters:
    """What each parameter starts as: `start`, by name, in the order of the file and of the random draws."""

    def __init__(self, source: Source, seed: int) -> None:
        self.start: dict[str, float] = {}
        self._source = source
        self._random = np.random.default_rng([seed, 0])

    def add(self, names: Sequence[str], value: float | str, *keys: str) -> None:
        """Add parameters that start as `value`, a constant or random expression that stands at `keys`."""
        try:
            expression = written(value, ARGUMENT_COUNTS)
            for used in expression.names():
                if used.name not in CONSTANTS:
                    raise unknown(expression, used, ())
        except ExpressionError as error:
            raise self._source.expression_error(error, *keys) from None
        values: Floats = compute(expression, self._random, len(names), {})
        if not np.isfinite(values).all():
            raise self._source.value_error("a parameter must start as a finite number", *keys)
        self.start.update(zip(names, values.tolist(), strict=True))


class LayersReader:
    """What a file's [layers] say: `layers`, and `units`, the names of each layer's units.

    Their weights and biases are added to `parameters`.
    """

    def __init__(self, source: Source, file: TrainingFile, columns: Columns, parameters: Parameters) -> None:
        self.units: dict[str, tuple[str, ...]] = {}
        self._source = source
        self._columns = columns
        self._parameters = parameters
        self._taken = {*columns.names, *file.parameters, *file.layers, *file.prediction, *file.loss}
        self.layers = tuple(self._layer(name, table) for name, table in file.layers.items())

    def _layer(self, name: str, table: LayerTable) -> Layer:
        inputs = tuple(self._inputs(name, table))
        count = len(self._parameters.start) + table.units * (len(inputs) + 1)
        if count > MAX_PARAMETERS:
            message = f"with this layer there are {count:,} parameters"
            raise self._source.error(message, "layers", name, hint=f"a model has at most {MAX_PARAMETERS:,}")
        units = (name,) if table.units == 1 else tuple(f"{name}_{k}" for k in range(1, table.units + 1))
        weights = tuple(tuple(f"w_{unit}_{source}" for source in inputs) for unit in units)
        biases = tuple(f"b_{unit}" for unit in units)
        for made in (*units, *biases, *(weight for of_unit in weights for weight in of_unit)):
            if made in self._taken and made != name:
                message = f"a name that this layer makes is taken: {made}"
                raise self._source.error(message, "layers", name, hint="rename the layer, or the other")
            self._taken.add(made)
        all_weights = [weight for of_unit in weights for weight in of_unit]
        self._parameters.add(all_weights, table.weights, "layers", name, "weights")
        self._parameters.add(biases, table.bias, "layers", name, "bias")
        self.units[name] = units
        return Layer(name, units, inputs, weights, biases, self._activation(name, table))

    def _inputs(self, name: str, table: LayerTable) -> Iterator[str]:
        """Yield the columns and units that come in."""
        sources = [table.inputs] if isinstance(table.inputs, str) else table.inputs
        if not sources:
            raise self._source.error("a layer needs at least one input", "layers", name, "inputs")
        for place, source in enumerate(sources):
            if source not in self.units and source not in self._columns:
                known = [*self.units, *self._columns.names]
                message = f"{quoted(source)} is neither a data column nor a layer above this one"
                hint = did_you_mean(source, known, f"known here: {listing(known)}")
                raise self._source.error(message, "layers", name, "inputs", hint=hint)
            if source in sources[:place]:
                raise self._source.error(f"{quoted(source)} stands here twice", "layers", name, "inputs")
            yield from self.units.get(source, (source,))

    def _activation(self, name: str, table: LayerTable) -> str | None:
        activation = table.activation
        if activation and activation not in _ACTIVATIONS:
            hint = did_you_mean(activation, _ACTIVATIONS, f"there are {', '.join(_ACTIVATIONS)}")
            message = f"{quoted(activation)} is not a function of one argument"
            raise self._source.error(message, "layers", name, "activation", hint=hint)
        return activation or None
