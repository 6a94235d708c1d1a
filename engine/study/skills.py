"""Skills: what somebody can do who answers a task rightly, as short ids such as `local derivative:ln`.

An id is a kind of task and, after a colon, the rule that it needs: an operation as it is written in expressions, or how
contributions meet. The equation of a graph needs all rules at once, so its id is `equation` alone.
"""

from __future__ import annotations

from ..rules.ops import CODES
from .task import TaskKind

SEVERAL, CHAIN = "several", "chain"
"""The rules of gradients: contributions that are summed, and one contribution that is the whole gradient."""

STEP, NAMING = "step", "name"
"""The rules of mistakes: to find the step where one was made, and to say which one it is."""

_SPELLINGS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
    "neg": "-x",
    "reciprocal": "1/x",
    "pow": "^",
}
"""Operations that are not written as a function."""

_WORDS = {
    "+": "a sum",
    "-": "a difference",
    "*": "a product",
    "/": "a quotient",
    "-x": "-x",
    "1/x": "1/x",
    "^": "a power",
    "square": "a square",
    "sum": "a sum of many",
    "mean": "a mean",
    "min": "min(a, b)",
    "max": "max(a, b)",
}

_GRADIENTS = {
    SEVERAL: "gradient of several contributions",
    CHAIN: "gradient along a chain",
}

_MISTAKES = {STEP: "finding the wrong step", NAMING: "naming the mistake"}

_OF = {
    TaskKind.VALUE: "value of",
    TaskKind.LOCAL_DERIVATIVE: "local derivative of",
    TaskKind.CONTRIBUTION: "contribution through",
}


def skills_of(kind: TaskKind, op: str = "", contributions: int = 1) -> tuple[str, ...]:
    """Return the skills that a task needs.

    `op` is the name of the operation (`Op.name`) whose value, local derivative or contribution is asked for;
    of a mistake it is `STEP` or `NAMING`. `contributions` is how many contributions a gradient that is asked for is
    made of.
    """
    if kind is TaskKind.EQUATION:
        return (kind.value,)
    if kind is TaskKind.GRADIENT:
        return (f"{kind}:{SEVERAL if contributions > 1 else CHAIN}",)
    if kind is TaskKind.MISTAKE:
        return (f"{kind}:{op}",)
    if op not in CODES:
        raise ValueError(f"there is no operation {op!r}")
    return (f"{kind}:{_SPELLINGS.get(op, op)}",)


def rule_words(op: str) -> str:
    """Write what an operation is, by its name (`Op.name`): "a sum", "1/x", "ln(x)"."""
    rule = _SPELLINGS.get(op, op)
    return _WORDS.get(rule, f"{rule}(x)")


def skill_words(skill: str) -> str:
    """Write a skill in words, such as "local derivative of ln(x)"; an id of another version is returned as it is."""
    kind, _, rule = skill.partition(":")
    if skill == TaskKind.EQUATION:
        return "equation of a graph"
    if kind == TaskKind.MISTAKE and rule in _MISTAKES:
        return _MISTAKES[rule]
    if kind == TaskKind.GRADIENT and rule in _GRADIENTS:
        return _GRADIENTS[rule]
    if kind in _OF and rule:
        return f"{_OF[TaskKind(kind)]} {_WORDS.get(rule, f'{rule}(x)')}"
    return skill
