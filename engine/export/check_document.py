"""A check of scenario files as JSON: each gradient three ways, the answers that exercises state, and what is wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from ..checking.differences import Difference
from ..checking.gradients import Check, GradientCheck, Verdict
from ..checking.obstacle import Obstacle
from ..errors import ScenarioError
from ..scenario import Scenario
from ..study.stated_answers import AnswerCheck
from .json_schema import printed

VERSION = 1
"""Raised when a key changes its meaning or goes away."""


class GapRecord(msgspec.Struct, frozen=True):
    """How far another way to a derivative is from backpropagation.

    `absolute` is |other - backprop|; `relative` is that as a part of |backprop|, null where that is 0.
    """

    absolute: float
    relative: float | None


class GradientRecord(msgspec.Struct, frozen=True):
    """∂output/∂name at `value` of the input or parameter `name`, three ways.

    `backprop` is null where the walk has no number. `complex_step` and `difference` are null where that way is closed,
    and the key that ends in `_closed` says why then; the keys that end in `_gap` compare each with `backprop`.
    `rounding` is about how far rounding alone may take `backprop` and `complex_step` apart. `closed` says why nothing
    can be said at all.
    """

    name: str
    value: float
    backprop: float | None
    complex_step: float | None
    complex_step_closed: Obstacle | None
    complex_step_gap: GapRecord | None
    difference: Difference | None
    difference_closed: Obstacle | None
    difference_gap: GapRecord | None
    rounding: float | None
    verdict: Verdict
    closed: Obstacle | None


class AnswerRecord(msgspec.Struct, frozen=True):
    """An exercise that states its answer, and what the walk gives; `found` is null where it has no number.

    What is stated is the number `answer`, a `formula` or the `hash` of a number; the others are null. `decimals` says
    to how many a number is rounded; null where it is exact. A formula has no number that is found.
    """

    ask: str
    answer: float | None
    decimals: int | None
    found: float | None
    verdict: Literal["agree", "differ"]
    formula: str | None = None
    hash: str | None = None


class ErrorRecord(msgspec.Struct, frozen=True):
    """One thing that is wrong with a file; `line` and `column` count from 1 and are 0 where there is no place."""

    path: str
    message: str
    key: str = ""
    line: int = 0
    column: int = 0
    hint: str = ""


class FileRecord(msgspec.Struct, frozen=True):
    """What comes of one file, or built-in scenario, that was named `file`.

    Where `errors` has any the file is wrong, and nothing else is known of it. `epoch` is after how many epochs a
    training was checked, null for what is no training. `checked` of `inputs` gradients were checked; where these are
    fewer, they are a sample drawn with `seed`. `pieces` are the operations on the way that are made of pieces, such as
    relu: a complex step follows the piece that the walk stands on.
    """

    file: str
    verdict: Literal["agree", "differ", "wrong"]
    errors: Sequence[ErrorRecord] = ()
    scenario: str | None = None
    title: str | None = None
    epoch: int | None = None
    output: str | None = None
    value: float | None = None
    inputs: int = 0
    checked: int = 0
    seed: int = 0
    pieces: Sequence[str] = ()
    gradients: Sequence[GradientRecord] = ()
    answers: Sequence[AnswerRecord] = ()


class CheckDocument(msgspec.Struct, frozen=True):
    """What `gradwalk check --json` prints: what comes of each file, in the order they were named.

    `exit_status` is that of the program: 0 where nothing differs, 1 where something does, 2 where a file is wrong.
    """

    version: int
    exit_status: int
    files: Sequence[FileRecord]


def file_record(
    file: str, scenario: Scenario, check: Check, answers: Sequence[AnswerCheck], epoch: int | None = None
) -> FileRecord:
    """Put together what comes of a file that can be read."""
    differs = check.differs or not all(answer.agrees for answer in answers)
    return FileRecord(
        file=file,
        verdict="differ" if differs else "agree",
        scenario=scenario.name,
        title=scenario.title,
        epoch=epoch,
        output=check.output,
        value=_number(check.value),
        inputs=check.total,
        checked=len(check.rows),
        seed=check.seed,
        pieces=check.pieces,
        gradients=[_gradient_record(row) for row in check.rows],
        answers=[
            AnswerRecord(
                answer.ask,
                answer.answer,
                answer.decimals,
                _number(answer.found),
                "agree" if answer.agrees else "differ",
                answer.formula,
                answer.hash,
            )
            for answer in answers
        ],
    )


def wrong_file(file: str, error: Exception) -> FileRecord:
    """Put together what is wrong with a file."""
    if isinstance(error, ScenarioError):
        several = [error, *error.further]
        errors = [ErrorRecord(one.path, one.message, one.key, one.line, one.column, one.hint) for one in several]
    else:
        errors = [ErrorRecord(file, str(error))]
    return FileRecord(file, "wrong", errors)


def _gradient_record(row: GradientCheck) -> GradientRecord:
    stepped = None if isinstance(row.complex_step, Obstacle) else row.complex_step
    difference = None if isinstance(row.difference, Obstacle) else row.difference
    return GradientRecord(
        name=row.name,
        value=row.value,
        backprop=_number(row.backprop),
        complex_step=stepped,
        complex_step_closed=row.complex_step if isinstance(row.complex_step, Obstacle) else None,
        complex_step_gap=_gap(row.backprop, stepped),
        difference=difference,
        difference_closed=row.difference if isinstance(row.difference, Obstacle) else None,
        difference_gap=_gap(row.backprop, difference and difference.derivative),
        rounding=_number(row.rounding),
        verdict=row.verdict,
        closed=row.closed,
    )


def _gap(backprop: float, other: float | None) -> GapRecord | None:
    if other is None or not math.isfinite(backprop):
        return None
    absolute = abs(other - backprop)
    return GapRecord(absolute, absolute / abs(backprop) if backprop else None)


def _number(number: float) -> float | None:
    return number if math.isfinite(number) else None


def as_json(document: CheckDocument) -> bytes:
    """Return a document as JSON text in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(document))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return printed(CheckDocument)
