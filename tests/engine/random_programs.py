"""Small programs written with NumPy, drawn at random: a few arrays, a few lines, and one number in the end.

A program is text, so that one that fails can be read and run by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Shape = tuple[int, ...]

_UNARY = (
    *("np.tanh({0})", "np.exp(-{0}**2)", "np.sin({0})", "np.abs({0})", "-{0}", "{0}**2", "np.sqrt({0}**2 + 1)"),
    *("np.log(1 + {0}**2)", "np.maximum({0}, 0.1)", "np.where({0} > 0, {0}, 0.5*{0})", "1/(1 + np.exp(-{0}))"),
    *("np.clip({0}, -1, 1)", "0.5*{0} - 1", "3/({0}**2 + 2)", "np.square({0})", "np.logaddexp({0}, 0)", "{0}*C"),
)
_BINARY = (
    *("{0} + {1}", "{0} - {1}", "{0}*{1}", "{0}/(1 + {1}**2)", "np.maximum({0}, {1})", "np.minimum({0}, {1})"),
    *("np.hypot({0}, {1})", "np.where({0} > {1}, {0}, {1}**2)", "np.logaddexp({0}, {1})"),
)
_REDUCTIONS = ("np.sum", "np.mean", "np.max", "np.min", "np.prod", "np.var", "np.std", "np.cumsum", "np.linalg.norm")


@dataclass
class Program:
    """The arguments of a function by name, and the lines of its body."""

    arguments: dict[str, Any]
    lines: list[str] = field(default_factory=list[str])

    def run(self, module: Any, arguments: dict[str, Any]) -> Any:
        """Run it with a module in the place of NumPy."""
        names = {"np": module, "C": 1.5, **arguments}
        exec("\n".join(self.lines), names)
        return names["loss"]


class _Writer:
    def __init__(self, random: np.random.Generator) -> None:
        self.random = random
        lengths = random.integers(1, 4, 3).tolist()
        self.shapes: dict[str, Shape] = {}
        for name in "abc":
            dimensions = int(random.integers(0, 4))
            self.shapes[name] = tuple(random.choice(lengths, dimensions).tolist())
        self.program = Program({name: random.normal(size=shape) for name, shape in self.shapes.items()})

    def any(self, *least: int) -> str:
        """Return a variable that has one of so many dimensions, if there is one."""
        names = [name for name, shape in self.shapes.items() if not least or len(shape) in least]
        return str(self.random.choice(names or list(self.shapes)))

    def choice(self, texts: tuple[str, ...]) -> str:
        return str(self.random.choice(texts))

    def line(self) -> None:
        kind = int(self.random.integers(7))
        first, second = self.any(), self.any()
        shape = self.shapes[first]
        if kind == 0 or (kind > 2 and not shape):
            text = self.choice(_UNARY).format(first)
        elif kind == 1:
            text = self.choice(_BINARY).format(first, second)
        elif kind == 2:
            first, second = self.any(1, 2, 3), self.any(1, 2, 3)
            text = self.choice((f"{first} @ {second}", f"np.dot({first}, {second})", f"np.outer({first}, {second})"))
        elif kind == 3:
            axis = int(self.random.integers(-len(shape), len(shape)))
            name = self.choice(_REDUCTIONS)
            kept = ", keepdims=True" if self.random.integers(2) and name != "np.cumsum" else ""
            text = f"{name}({first}, axis={axis}{kept})"
        elif kind == 4:
            text = self.choice(
                (f"{first}.T", f"{first}.reshape(-1)", f"{first}[::-1]", f"{first}[0]", f"{first}[..., None]",
                 f"{first}[{first} > 0]", f"np.swapaxes({first}, 0, -1)", f"{first}[[0, -1, 0]]", f"np.flip({first})",
                 f"np.squeeze({first})", f"np.roll({first}, 1)", f"np.tile({first}, 2)", f"np.sort({first}, axis=0)")
            )  # fmt: skip
        elif kind == 5:
            text = self.choice((f"np.concatenate([{first}, {second}])", f"np.stack([{first}, {second}])"))
        else:
            letters = "ijk"[: len(shape)]
            other = self.shapes[second]
            text = f"np.einsum('{letters},{'ijk'[: len(other)]}->{letters[:1]}', {first}, {second})"
        self.append(text)

    def append(self, text: str) -> None:
        name = f"v{len(self.program.lines)}"
        trial = Program(self.program.arguments, [*self.program.lines, f"loss = {name} = {text}"])
        try:
            with np.errstate(all="raise"):
                value = trial.run(np, trial.arguments)
        except (ValueError, IndexError, FloatingPointError, TypeError):
            return  # shapes that do not fit, or numbers that overflow
        if 0 < np.size(value) <= 40 and np.all(np.abs(value) < 1e4):
            self.program.lines.append(f"{name} = {text}")
            self.shapes[name] = np.shape(value)


def random_program(seed: int) -> Program:
    """Write a program of a handful of lines, whose result depends on its arguments."""
    writer = _Writer(np.random.default_rng(seed))
    for _ in range(12):
        writer.line()
    used = [name for name in writer.shapes if name.startswith("v")][-3:] or ["a"]
    writer.program.lines.append(f"loss = {' + '.join(f'np.sum(np.sin({name}))' for name in used)}")
    return writer.program
