"""`Task`: something that a learner is asked."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from .verdict import Verdict


class TaskKind(StrEnum):
    """What is asked for."""

    VALUE = "value"
    """The value of a node."""
    LOCAL_DERIVATIVE = "local derivative"
    """The derivative of one operation by one operand, as a number or a formula."""
    CONTRIBUTION = "contribution"
    """The upstream gradient times the local derivative of one edge."""
    GRADIENT = "gradient"
    """The gradient of a node as accumulated so far; after its last contribution the whole of it."""
    EQUATION = "equation"
    """A formula of the output in terms of the inputs."""
    MISTAKE = "mistake"
    """Where a wrong backward pass first goes wrong, or what is wrong there."""


class Task(Protocol):
    """A question with what is needed to help and to judge; how it is asked is up to the screen, or to the text."""

    @property
    def ask(self) -> str:
        """What is asked for, as it is written: `∂f/∂a`."""
        ...

    @property
    def prompt(self) -> str:
        """The question, as a sentence."""
        ...

    @property
    def kind(self) -> TaskKind:
        """What is asked for, as a kind."""
        ...

    @property
    def skills(self) -> tuple[str, ...]:
        """What somebody can do who answers it rightly: ids such as `local derivative:ln`."""
        ...

    @property
    def hints(self) -> tuple[str, ...]:
        """What helps, little by little: the name of the rule, the formula, the formula with its numbers."""
        ...

    @property
    def solution(self) -> str:
        """The right answer as it is shown; empty where only a hash of it is known."""
        ...

    def judge(self, answer: str) -> Verdict:
        """Judge an answer; ExpressionError, which says where, for one that cannot be read."""
        ...
