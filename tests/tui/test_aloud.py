"""What is read out, and what an output gets that holds few characters."""

from __future__ import annotations

import re

import pytest
from gradwalk.engine.library import built_in_names, load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.rules.ops import OPS, Op
from gradwalk.engine.rules.printers import notation
from gradwalk.tui.plain.voice import Voice, fitted
from gradwalk.tui.plain.walk import WalkDialogue
from gradwalk.tui.words.aloud import read_aloud

SWALLOWED = re.compile(r"[^\w\s,.;:?!'’\"()%\[\]-]|(?<![\w])[-−]\s?\d|\w\s[-−]\s\w|_")
"""Signs that a screen reader leaves out or names in its own way, and minus signs."""

SPOKEN = Voice(spoken=True)


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("∂f/∂s = -1/s² ≈ -0.1111", "the derivative of f by s equals minus 1 over s squared is about minus 0.1111"),
        ("f = 1/(a + ln(b)) + 1/c", "f equals 1 over open parenthesis a plus the natural logarithm of b close "
         "parenthesis plus 1 over c"),
        ("1 · (-0.1111)", "1 times minus 0.1111"),
        ("∂²f/∂a²", "the second derivative of f by a and a"),
        ("x^-2 and x^3", "x to the power minus two and x cubed"),
        ("ṡ = ∂s/∂a·ȧ", "s dot equals the derivative of s by a times a dot"),
        ("w ← w - η·g", "w becomes w minus eta times g"),
        ("h[3] += 1e-05", "h number 3 grows by 1 times ten to the power minus five"),
        ("dE/dw2 = h-y", "the derivative of capital E by w2 equals h minus y"),
        ("|x| is √2·π", "the absolute value of x is the square root of 2 times pi"),
        ("one-hot (they are known already), step by step, --plain", "one-hot (they are known already), step by step, "
         "--plain"),
        ("A sum: I am", "A sum: I am"),
        ("∂(t1 + x)/∂x", "the derivative of open parenthesis t1 plus x close parenthesis by x"),
        ("", ""),
    ],
)  # fmt: skip
def test_signs_of_sentences_are_words(written: str, heard: str) -> None:
    assert read_aloud(written) == heard


def test_what_was_read_out_once_stays_as_it_is() -> None:
    for name in built_in_names():
        for text in (load(name).title, load(name).intro, *load(name).notes.values()):
            assert read_aloud(read_aloud(text)) == read_aloud(text)


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_the_walk_of_every_operation_is_heard_without_signs(op: Op) -> None:
    operators = {"add": "a + b", "sub": "a - b", "mul": "a*b", "div": "a/b", "neg": "-a", "pow": "a^b"}
    values = dict(list({"a": "0.5", "b": "-0.25", "c": "3"}.items())[: op.arity or 3])
    expression = operators.get(op.name) or f"{op.name}({', '.join(values)})"
    walk = WalkDialogue(from_expression(expression, values), spoken=True)
    heard = [*SPOKEN.texts(walk.opening())]
    for _ in range(walk.trace.total + 1):
        heard += SPOKEN.texts(walk.respond(""))
    heard += [*SPOKEN.texts(walk.respond("values")), *SPOKEN.texts(walk.respond("gradients"))]
    for text in heard:
        assert not SWALLOWED.search(text), text


@pytest.mark.parametrize("name", [name for name in built_in_names() if not load(name).is_trained])
def test_a_whole_scenario_is_heard_without_signs(name: str) -> None:
    walk = WalkDialogue(load(name), spoken=True)
    heard = [
        *SPOKEN.texts(walk.opening()),
        *SPOKEN.texts(walk.respond("intro")),
        *SPOKEN.texts(walk.respond("questions")),
    ]
    for _ in range(walk.trace.total + 1):
        heard += SPOKEN.texts(walk.respond(""))
    for text in heard:
        found = SWALLOWED.search(text.replace("↗", ""))
        assert not found, (found, text)


def test_a_local_derivative_of_a_formula_has_its_parentheses_said() -> None:
    walk = WalkDialogue(from_expression("x*x + x", {"x": "3"}), spoken=True)
    heard = " ".join(SPOKEN.texts(walk.respond("go 5")))
    assert "the derivative of open parenthesis t1 plus x close parenthesis by x, equals one" in heard


def test_letters_that_sound_alike_are_told_apart() -> None:
    spoken = notation("spoken")
    assert [spoken.label(name) for name in ("e", "E", "E2", "η", "Σ", "loss_2", "Loss")] == [
        "e", "capital E", "capital E2", "eta", "capital sigma", "loss 2", "Loss",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "encoding", "written"),
    [
        ("∂f/∂s = -1/s² ≈ η·g", "ascii", "df/ds = -1/s^2 ~ eta*g"),
        ("∂f/∂s = -1/s² ≈ η·g", "latin-1", "df/ds = -1/s² ~ eta·g"),
        ("∂f/∂s = -1/s² ≈ η·g", "utf-8", "∂f/∂s = -1/s² ≈ η·g"),
        ("x⁻¹² → naïve", "ascii", "x^-12 -> naive"),
        ("θ Θ 漢", "no-such-encoding", "theta Theta ?"),
    ],
)
def test_what_an_output_cannot_hold_is_written_otherwise(text: str, encoding: str, written: str) -> None:
    assert fitted(text, encoding) == written
