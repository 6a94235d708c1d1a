"""`Aim`: what a random exercise is to practise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .drill_functions import RULES
from .skills import CHAIN, SEVERAL, skills_of
from .task import TaskKind


class DrillKind(StrEnum):
    """The kinds of exercises, as they are named on a command line."""

    VALUE = "value"
    """The value of a node from those of its operands."""
    LOCAL = "local"
    """The derivative of one operation by one operand."""
    CONTRIBUTION = "contribution"
    """The upstream gradient times the local derivative."""
    ACCUMULATED = "accumulated"
    """The gradient of a node with one contribution more."""
    GRADIENT = "gradient"
    """The whole gradient of an input."""
    EQUATION = "equation"
    """The output as a formula of the inputs."""

    @property
    def asked(self) -> TaskKind:
        """What the tasks of such exercises ask for."""
        return _ASKED[self]


_ASKED: dict[DrillKind, TaskKind] = {
    DrillKind.VALUE: TaskKind.VALUE,
    DrillKind.LOCAL: TaskKind.LOCAL_DERIVATIVE,
    DrillKind.CONTRIBUTION: TaskKind.CONTRIBUTION,
    DrillKind.ACCUMULATED: TaskKind.GRADIENT,
    DrillKind.GRADIENT: TaskKind.GRADIENT,
    DrillKind.EQUATION: TaskKind.EQUATION,
}

_OF_ONE_RULE = (DrillKind.VALUE, DrillKind.LOCAL, DrillKind.CONTRIBUTION)


@dataclass(frozen=True)
class Aim:
    """What is to be practised: a kind of exercise, and the rule that it needs.

    `rule` is an operation's name in the op table; of gradients `SEVERAL` or `CHAIN`; empty for an equation.
    """

    kind: DrillKind
    rule: str = ""

    @property
    def op(self) -> str:
        """The operation that the function has to have; empty where any will do."""
        return self.rule if self.kind in _OF_ONE_RULE else ""

    @property
    def skill(self) -> str:
        """The skill that an exercise with this aim asks for."""
        return skills_of(self.kind.asked, self.op, contributions=2 if self.rule == SEVERAL else 1)[0]


AIMS: tuple[Aim, ...] = (
    *(Aim(kind, rule) for kind in _OF_ONE_RULE for rule in RULES),
    Aim(DrillKind.ACCUMULATED, SEVERAL),
    Aim(DrillKind.GRADIENT, SEVERAL),
    Aim(DrillKind.GRADIENT, CHAIN),
    Aim(DrillKind.EQUATION),
)
"""All that a drill can aim at."""
