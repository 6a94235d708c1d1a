"""What a rule in matrix form names for itself is said beside it."""

from __future__ import annotations

from gradwalk.tui.words.arrays import step_lines

from ..engine.lens_networks import Recorder
from ..engine.test_lens_compounds import MADE


def test_the_names_that_a_rule_defines_are_explained() -> None:
    make = Recorder()
    walk = make.walk(MADE["layer_norm"](make))
    number = next(k for k in range(walk.seed_step + 1, walk.total + 1) if walk.step(k).name == "∂L/∂x")
    text = "\n".join(line.plain for line in step_lines(walk, number))
    assert "where        Ĝ = ∂L/∂T1 ⊙ g" in text
    assert "σ = sqrt(var(x, axis=1, keepdims=True) + 1e-05)" in text
