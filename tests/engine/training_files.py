"""Small training scenarios as text, for tests that change a line or two."""

from pathlib import Path

from gradwalk.engine.reading.scenario import read
from gradwalk.engine.training.scenario import TrainingScenario

FIT = """\
title = "T"
[data]
x = [1, 2, 3]
y = [3, 5, 8]
[parameters]
w = 0
b = 0
[prediction]
h = "b + w*x"
[loss]
cost = "mean((h - y)^2)"
[training]
learning_rate = 0.1
epochs = 5
"""

NET = """\
title = "T"
[data]
x = [1, 2, 3]
y = [3, 5, 8]
[layers.h]
inputs = "x"
units = 3
activation = "tanh"
[layers.out]
inputs = "h"
[loss]
cost = "mean((out - y)^2)"
[training]
learning_rate = 0.1
epochs = 5
"""


def fit(*changes: tuple[str, str]) -> str:
    """A straight line through three points, with texts replaced."""
    return changed(FIT, *changes)


def net(*changes: tuple[str, str]) -> str:
    """A network of 3 + 1 neurons for the same points, with texts replaced."""
    return changed(NET, *changes)


def changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def opened(text: str, folder: Path | None = None) -> TrainingScenario:
    scenario = read("t.toml", text.encode(), folder)
    assert isinstance(scenario, TrainingScenario)
    return scenario
