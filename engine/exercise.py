"""`Exercise`: what a scenario asks its learner, and what its author says of the answer."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from msgspec import Meta

from .language.dependencies import constant, written

HASH_DECIMALS = 4
"""To how many decimals a number is rounded whose hash is published, where its exercise does not say it."""


HASH = re.compile("^[0-9a-fA-F]{32}$")
"""An MD5, as it is written."""


class Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the learner is asked, a hint, and what its author says of the answer: a number, a formula, or a hash."""

    ask: Annotated[
        str,
        Meta(
            description="A derivative of the output such as ∂f/∂a, a local derivative such as ∂s/∂l, the name of a"
            " node, or f(a, b) for the equation of f in terms of a and b."
        ),
    ]
    hint: Annotated[str, Meta(description="Shown below the question.")] = ""
    answer: Annotated[
        float | str | None,
        Meta(
            description='The right answer, which `gradwalk check` compares: a number, an expression such as "-1/9", or'
            " of an equation or formula an expression with names in it."
        ),
    ] = None
    decimals: Annotated[
        Annotated[int, Meta(ge=0, le=15)] | None,
        Meta(
            description="To how many decimals an answer may be rounded, and the stated one is; without it, that is"
            " exact, and a hash is of 4 decimals."
        ),
    ] = None
    hash: Annotated[
        str | None,
        Meta(
            description="In place of the answer, the MD5 of the bytes of the array [round(answer, decimals)] of one"
            " 32-bit float: it can be judged without being given away.",
            extra_json_schema={"pattern": HASH.pattern},
        ),
    ] = None
    formula: Annotated[
        bool, Meta(description="Whether the answer has to be a formula that is right for all values of the inputs.")
    ] = False
    points: Annotated[
        Annotated[float, Meta(ge=0, le=1_000_000)],
        Meta(description="What a right answer is worth where `gradwalk grade` judges it."),
    ] = 1

    def stated(self) -> float | None:
        """Return the answer as a number, None where there is none; ExpressionError where it is not one."""
        return None if self.answer is None else constant(written(self.answer))

    @property
    def states_answer(self) -> bool:
        """Whether its author says what the answer is, or publishes its hash."""
        return self.answer is not None or self.hash is not None

    def without_answer(self) -> Exercise:
        """Return the question alone, for a graph with other numbers."""
        return msgspec.structs.replace(self, answer=None, decimals=None, hash=None)
