"""A task that is no walk's, for what only keeps attempts."""

from __future__ import annotations

from dataclasses import dataclass

from gradwalk.engine.study.attempt import Attempt
from gradwalk.engine.study.task import TaskKind
from gradwalk.engine.study.verdict import Finding, Verdict


@dataclass(frozen=True)
class One:
    """Asks for the number 1; its negative is explained by a lost sign, or else by two mistakes at once."""

    skills: tuple[str, ...] = ("local derivative:ln",)
    ask: str = "∂s/∂l"
    prompt: str = "What is ∂s/∂l?"
    kind: TaskKind = TaskKind.LOCAL_DERIVATIVE
    hints: tuple[str, ...] = ("the rule", "the formula", "the numbers")
    solution: str = "1"

    def judge(self, answer: str) -> Verdict:
        findings = (Finding(("sign",), -1.0, ""), Finding(("reciprocal", "other-operand"), -1.0, ""))
        return Verdict(answer, None, answer == "1", "", findings if answer == "-1" else ())


def attempt(*answers: str, skill: str = "local derivative:ln", ask: str = "∂s/∂l") -> Attempt:
    """Make an attempt that is closed: `?` is a hint; what was not right in the end was skipped."""
    made = Attempt(One((skill,), ask))
    for answer in answers:
        made = made.hinted() if answer == "?" else made.answered(answer)
    return made.skipped() if made.is_open else made
