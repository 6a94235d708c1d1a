"""Random small programs of arrays: at every step the rules, the shapes and the sums agree with the scalar walk."""

from __future__ import annotations

import numpy as np
import pytest
from gradwalk.engine.array_formulas.shapes import shape_of
from gradwalk.engine.lens.array_task import ArrayTask
from gradwalk.engine.lens.numbers import EXACT
from gradwalk.engine.walk.phase import Phase

from .lens_networks import Recorder

ENTRYWISE = ("tanh", "sigmoid", "exp", "sin", "square", "softplus", "negative", "relu")
OF_TWO = ("add", "subtract", "multiply", "maximum")


def program(make: Recorder, steps: int) -> int:
    """Record a random program of a few arrays; return one number that hangs on the arrays that nothing else uses."""
    random = make.random
    pool = [
        make.parameter("A", 2, 3), make.parameter("B", 3, 2), make.parameter("c", 3), make.data("D", 2, 3),
        make.parameter("e"),
    ]  # fmt: skip
    used: set[int] = set()

    def one() -> int:
        place = int(random.choice(pool[-8:]))
        used.add(place)
        return place

    for _ in range(steps):
        made = operation(make, one(), one())
        pool.append(make("tanh", made) if np.abs(_values(make, made)).max() > 5 else made)
    ends = [place for place in pool if place not in used]
    total = make("sum", ends[0])
    for place in ends[1:]:
        total = make("add", total, make("sum", make("square", place)))
    return total


def operation(make: Recorder, x: int, y: int) -> int:
    """Record a random operation that fits the shapes of two arrays."""
    random = make.random
    left, right = (make.tape.arrays[place].shape for place in (x, y))
    fitting = [lambda: make(str(random.choice(ENTRYWISE)), x), lambda: make("reshape", x, shape=(-1,))]
    if _broadcasts(left, right):
        fitting += [lambda: make(str(random.choice(OF_TWO)), x, y)] * 2
    if len(left) == len(right) == 2 and left[1] == right[0]:
        fitting += [lambda: make("matmul", x, y)] * 3
    if left:
        axis, keepdims = int(random.integers(len(left))), bool(random.integers(2))
        fitting += [
            lambda: make("transpose", x),
            lambda: make(str(random.choice(["sum", "mean"])), x, axis=axis, keepdims=keepdims),
            lambda: make("index", x, key=(random.integers(left[0], size=2),)),
            lambda: make("concat", x, x if left != right else y, axis=0),
        ]
    return fitting[int(random.integers(len(fitting)))]()


def _broadcasts(left: tuple[int, ...], right: tuple[int, ...]) -> bool:
    try:
        np.broadcast_shapes(left, right)
    except ValueError:
        return False
    return True


def _values(make: Recorder, place: int) -> np.ndarray:
    return np.frombuffer(make.tape.values)[make.tape.arrays[place].entries]


@pytest.mark.parametrize(
    "seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(6, 80))]
)
def test_every_step_of_a_program_agrees_with_the_scalar_walk(seed: int) -> None:
    make = Recorder(seed)
    walk = make.walk(program(make, 8))
    gradients = walk.trace.backward.gradients
    seen: dict[int, np.ndarray] = {}
    for number in range(walk.seed_step, walk.total + 1):
        step = walk.step(number)
        assert step.difference is None or step.difference <= EXACT
        assert step.formula is None or shape_of(step.formula) == step.array.shape
        assert step.before is not None and step.contribution is not None and step.after is not None
        np.testing.assert_allclose(step.before + step.contribution, step.after, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(
            step.before,
            np.where(np.isnan(step.before), np.nan, seen.get(step.array.place, 0.0)),
            rtol=1e-12,
            atol=1e-12,
        )
        seen[step.array.place] = step.after
        if step.phase is Phase.BACKWARD and (task := ArrayTask.at(walk, number)) is not None:
            assert task.judge(task.solution).right
    for place, after in seen.items():
        array = walk.arrays[place]
        if array.owns_all:
            carries = walk.graph.carries[place]
            expected = gradients[array.entries][carries]
            size = max(np.abs(expected).max(initial=0), 1e-300)
            assert np.abs(after[carries] - expected).max(initial=0) <= EXACT * size
