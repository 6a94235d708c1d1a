"""Random functions with shared nodes, as data: hypothesis makes and shrinks them, the tests build them twice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import hypothesis.strategies as st
from gradwalk.engine.scalar import Scalar

RECORDED: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / (b * b + 1),
    "neg": lambda a, b: -a,
    "square": lambda a, b: a.square(),
    "cube": lambda a, b: a**3,
    "power": lambda a, b: (a * a + 0.5) ** b.tanh(),
    "sin": lambda a, b: a.sin(),
    "cos": lambda a, b: a.cos(),
    "tanh": lambda a, b: a.tanh(),
    "sigmoid": lambda a, b: a.sigmoid(),
    "softplus": lambda a, b: a.softplus(),
    "exp": lambda a, b: a.tanh().exp(),
    "ln": lambda a, b: (a * a + 1).ln(),
    "sqrt": lambda a, b: (a * a + 1).sqrt(),
    "reciprocal": lambda a, b: 1 / (a * a + 1),
    "mean": lambda a, b: a.apply("mean", a, b, a),
    "plus": lambda a, b: a + 2,
    "times": lambda a, b: -3 * a,
}
"""Each takes two operands, used or not, and stays inside every domain."""

JUDGED: dict[str, Callable[..., Any]] = {
    **RECORDED,
    "square": lambda a, b: anp.square(a),
    "power": lambda a, b: anp.power(a * a + 0.5, anp.tanh(b)),
    "sin": lambda a, b: anp.sin(a),
    "cos": lambda a, b: anp.cos(a),
    "tanh": lambda a, b: anp.tanh(a),
    "sigmoid": lambda a, b: 1 / (1 + anp.exp(-a)),
    "softplus": lambda a, b: anp.logaddexp(0.0, a),
    "exp": lambda a, b: anp.exp(anp.tanh(a)),
    "ln": lambda a, b: anp.log(a * a + 1),
    "sqrt": lambda a, b: anp.sqrt(a * a + 1),
    "mean": lambda a, b: (a + b + a) / 3,
}
"""The same functions for autograd."""


@dataclass(frozen=True)
class RandomFunction:
    """A straight-line program: every line applies a function to two earlier values."""

    inputs: tuple[float, ...]
    lines: tuple[tuple[str, int, int], ...]

    def run(self, functions: dict[str, Callable[..., Any]], inputs: Any) -> Any:
        values = list(inputs)
        for name, left, right in self.lines:
            values.append(functions[name](values[left % len(values)], values[right % len(values)]))
        return values[-1]

    def recorded(self) -> Scalar:
        return self.run(RECORDED, [Scalar(value, f"x{place}") for place, value in enumerate(self.inputs)])

    def judged(self, inputs: Any) -> Any:
        return self.run(JUDGED, [inputs[place] for place in range(len(self.inputs))])


def random_functions(max_lines: int = 20) -> st.SearchStrategy[RandomFunction]:
    line = st.tuples(st.sampled_from(sorted(RECORDED)), st.integers(0, 40), st.integers(0, 40))
    return st.builds(
        RandomFunction,
        inputs=st.lists(st.floats(-2, 2), min_size=1, max_size=4).map(tuple),
        lines=st.lists(line, min_size=1, max_size=max_lines).map(tuple),
    )
