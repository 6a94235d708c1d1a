"""What is said of an answer, as JSON: whether it is right, and the mistakes that explain a wrong one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import msgspec

from ..study.task import TaskKind
from ..study.verdict import Verdict
from .json_schema import printed

VERSION = 1
"""Raised when a key changes its meaning or goes away."""


class FindingRecord(msgspec.Struct, frozen=True):
    """One explanation of a wrong answer: one mistake, or two made at once, and the number that they give."""

    mistakes: Sequence[str]
    number: float | None
    sentence: str


class JudgeDocument(msgspec.Struct, frozen=True):
    """What `gradwalk judge --json` prints.

    `right` is null where the answer cannot be read; then `sentence` says why. `mistakes` are the ids of those that fit,
    best first, each once, and empty where none does; `findings` are the explanations that they come from, alternatives
    each. `sentence` says it in words, and `remark` what else there is to say of a right answer, such as that a formula
    is right at this walk's values only. `ask` and `kind` say what was asked, `answer` is the answer as it was given
    and `value` the number that it stands for, null where it stands for none.
    """

    version: int
    right: bool | None
    mistakes: Sequence[str]
    sentence: str
    remark: str
    ask: str
    kind: TaskKind
    answer: str
    value: float | None
    findings: Sequence[FindingRecord] = ()


def judge_document(ask: str, kind: TaskKind, verdict: Verdict) -> JudgeDocument:
    """Put together what is said of an answer."""
    findings = [FindingRecord(found.mistakes, _number(found.number), found.sentence) for found in verdict.findings]
    return JudgeDocument(
        version=VERSION,
        right=verdict.right,
        mistakes=verdict.mistakes,
        sentence=verdict.sentence,
        remark=verdict.remark,
        ask=ask,
        kind=kind,
        answer=verdict.answer,
        value=None if verdict.value is None else _number(verdict.value),
        findings=findings,
    )


def unreadable(ask: str, kind: TaskKind, answer: str, why: str) -> JudgeDocument:
    """Put together what is said of an answer that cannot be read."""
    return JudgeDocument(VERSION, None, (), why, "", ask, kind, answer, None)


def _number(number: float) -> float | None:
    return number if math.isfinite(number) else None


def as_json(document: JudgeDocument) -> bytes:
    """Return a document as JSON text in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(document))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return printed(JudgeDocument)
