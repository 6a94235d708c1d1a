"""`Verdict`: whether an answer is right, and what may have gone wrong where it is not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """An explanation of a wrong answer: one mistake, or two made at once.

    `mistakes` are their ids (see `MISTAKES`), `number` is what they give in place of the right one, `sentence`
    explains it in the learner's own names.
    """

    mistakes: tuple[str, ...]
    number: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of an answer.

    `answer` is its text, `value` the number that it stands for, None where it is not one number. Where it is wrong,
    `findings` are the explanations that fit, best first, and empty where none does. `sentence` says all this in words;
    `remark` what else there is to say of a right answer, such as that a formula is right at this point only.
    """

    answer: str
    value: float | None
    right: bool
    sentence: str
    findings: tuple[Finding, ...] = ()
    remark: str = ""

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The ids of the mistakes that fit, best first, each once."""
        return tuple(dict.fromkeys(mistake for finding in self.findings for mistake in finding.mistakes))
