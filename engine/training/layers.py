"""The parameters and the layers of a model, read from their definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..arrays import Floats
from ..definition import Value
from ..errors import DefinitionError, Problems, did_you_mean, listing, quoted
from ..language.dependencies import written
from ..language.hints import activation_elsewhere
from ..language.names import normal
from ..rules.ops import OPS
from .columns import ARGUMENT_COUNTS, Columns, compute, unknown
from .formulas import Layer, sum_name
from .parts import LayerDefinition, ModelDefinition

MAX_PARAMETERS = 100_000
"""The most parameters that a model has."""

_ACTIVATIONS = [op.name for op in OPS if op.arity == 1 and not op.infix]


class Parameters:
    """What each parameter starts as: `start`, by name, in the order of the definition and of the random draws."""

    def __init__(self, problems: Problems, seed: int) -> None:
        self.start: dict[str, float] = {}
        self._problems = problems
        self._random = np.random.default_rng([seed, 0])

    def add(self, names: Sequence[str], value: Value, *keys: str) -> None:
        """Add parameters that start as `value`, a constant or random expression that stands at `keys`."""
        self.start.update(dict.fromkeys(names, 0.0))
        with self._problems.kept(*keys):
            expression = written(value, ARGUMENT_COUNTS)
            for used in expression.unknown_names(()):
                raise unknown(expression, used, ())
            values: Floats = compute(expression, self._random, len(names), {})
            if not np.isfinite(values).all():
                raise DefinitionError("a parameter must start as a finite number", keys, in_value=True)
            self.start.update(zip(names, values.tolist(), strict=True))


class LayersBuilder:
    """The `layers` of a model, and `units`, the names of each layer's units.

    Their weights and biases are added to `parameters`. A layer that is wrong is a problem, and as right as can be.
    """

    def __init__(self, problems: Problems, model: ModelDefinition, columns: Columns, parameters: Parameters) -> None:
        self.units: dict[str, tuple[str, ...]] = {}
        self._problems = problems
        self._columns = columns
        self._parameters = parameters
        self._clashes = False
        self._taken = {*columns.names, *model.parameters, *model.layers, *model.prediction, *model.loss}
        self.layers = tuple(self._layer(name, layer) for name, layer in model.layers.items())

    def _layer(self, name: str, layer: LayerDefinition) -> Layer:
        inputs = tuple(self._inputs(name, layer))
        count = len(self._parameters.start) + layer.units * (len(inputs) + 1)
        if count > MAX_PARAMETERS:
            hint = f"a model has at most {MAX_PARAMETERS:,}"
            self._problems.add(f"with this layer there are {count:,} parameters", "layers", name, hint=hint)
            self._problems.stop()
        units = (name,) if layer.units == 1 else tuple(f"{name}_{k}" for k in range(1, layer.units + 1))
        weights = tuple(tuple(f"w_{unit}_{source}" for source in inputs) for unit in units)
        biases = tuple(f"b_{unit}" for unit in units)
        sums = tuple(map(sum_name, units)) if layer.activation else ()
        made = [*units, *sums, *biases, *(weight for of_unit in weights for weight in of_unit)]
        taken = next((other for other in made if other in self._taken and other != name), "")
        if taken and not self._clashes:
            self._clashes = True  # the names of other layers may clash with the same one
            hint = "rename the layer, or the other"
            self._problems.add(f"a name that this layer makes is taken: {taken}", "layers", name, hint=hint)
        self._taken.update(made)
        all_weights = [weight for of_unit in weights for weight in of_unit]
        self._parameters.add(all_weights, layer.weights, "layers", name, "weights")
        self._parameters.add(biases, layer.bias, "layers", name, "bias")
        self.units[name] = units
        return Layer(name, units, inputs, weights, biases, self._activation(name, layer))

    def _inputs(self, name: str, layer: LayerDefinition) -> Iterator[str]:
        """Yield the columns and units that come in."""
        keys = ("layers", name, "inputs")
        sources = list(map(normal, [layer.inputs] if isinstance(layer.inputs, str) else layer.inputs))
        if not sources and not self._problems.knows("layers", name):
            self._problems.add("a layer needs at least one input", *keys)
        for place, source in enumerate(sources):
            if source in sources[:place]:
                self._problems.add(f"{quoted(source)} stands here twice", *keys)
            elif source not in self.units and source not in self._columns:
                known = [*self.units, *self._columns.names]
                message = f"{quoted(source)} is neither a data column nor a layer above this one"
                hint = did_you_mean(source, known, f"known here: {listing(known)}")
                self._problems.add(message, *keys, hint=hint)
            else:
                yield from self.units.get(source, (source,))

    def _activation(self, name: str, layer: LayerDefinition) -> str | None:
        activation = layer.activation
        if activation and activation not in _ACTIVATIONS:
            hint = did_you_mean(activation, _ACTIVATIONS, f"there are {', '.join(_ACTIVATIONS)}")
            hint = activation_elsewhere(activation) or hint
            message = f"{quoted(activation)} is not a function of one argument"
            self._problems.add(message, "layers", name, "activation", hint=hint)
            return None
        return activation or None
