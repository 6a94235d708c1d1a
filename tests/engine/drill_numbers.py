"""Numbers of random functions, worked out again with mpmath from the text of the definition alone."""

import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import mpmath
from gradwalk.engine.definition import Definition, Value

_FUNCTIONS: dict[str, Any] = {
    "ln": mpmath.log, "exp": mpmath.exp, "sqrt": mpmath.sqrt, "sin": mpmath.sin, "cos": mpmath.cos, "max": max,
    "mean": lambda a, b: (a + b) / 2,
    "relu": lambda x: max(x, mpmath.mpf(0)), "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)), "e": mpmath.e,
    "pi": mpmath.pi,
}  # fmt: skip


def computed(text: Value, known: Mapping[str, Any]) -> Any:
    """Compute an expression; whole numbers are made precise first, so that 1/3 is."""
    precise = re.sub(r"(?<![\w.])\d+", lambda found: f"mpf({found[0]})", str(text).replace("^", "**"))
    return eval(precise, {**_FUNCTIONS, "mpf": mpmath.mpf, **known})


def values(definition: Definition, forced: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Compute every node; those that are `forced` have the value that is given for them."""
    known: dict[str, Any] = {}
    for name, text in (*definition.inputs.items(), *definition.nodes.items()):
        known[name] = forced[name] if forced and name in forced else computed(text, known)
    return known


def gradient(definition: Definition, name: str) -> Any:
    """Differentiate the output by an input or a node, from values nearby."""
    return mpmath.diff(lambda x: values(definition, {name: x})[definition.output_name], values(definition)[name])


def local(definition: Definition, consumer: str, operand: str) -> Any:
    """Differentiate the one operation of a node by an operand, all else held fixed."""
    known = values(definition)
    return mpmath.diff(lambda x: computed(definition.nodes[consumer], {**known, operand: x}), known[operand])


def is_readable(number: Any, most_digits: int = 4) -> bool:
    """Say whether a number is 0, a short fraction, such a fraction times e, π or a root, or a sum of two such terms."""
    units = [mpmath.e**k for k in (1, -1, 2, -2, 3, -3)] + [
        mpmath.pi,
        1 / mpmath.pi,
        *map(mpmath.sqrt, (2, 3, 5, 6, 10)),
    ]
    if any(_is_short_fraction(number / unit, most_digits) for unit in [mpmath.mpf(1), *units]):
        return True
    return any(_is_short_fraction(number - whole * unit, 1) for unit, whole in product(units, range(-9, 10))) or any(
        _is_short_fraction((number - whole * first) / second, 1)
        for first, second, whole in product(units, units, range(-9, 10))
    )


def _is_short_fraction(number: Any, most_digits: int) -> bool:
    nearest = Fraction(str(number)).limit_denominator(9_999)
    digits = len(str(abs(nearest.numerator))) + (len(str(nearest.denominator)) if nearest.denominator > 1 else 0)
    return abs(number - mpmath.mpf(nearest.numerator) / nearest.denominator) < 1e-12 and digits <= most_digits
