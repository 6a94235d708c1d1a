"""Counts what the followers of a lecture answer to the step that all of them are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable

from .messages import MOST_PARTS, Answered, Mistakes, PartCount, Tally

MOST_KINDS = 32
"""So many mistakes of one part are told, the most frequent ones."""


class AnswerCount:
    """What those at one server have answered to the latest question, and nothing of any question before.

    Each is known by something that tells them apart, such as their link, which is never told. What somebody answers
    counts once, however often they send it: the latest is what came of it.
    """

    def __init__(self) -> None:
        self.question = 0
        """That of the `Asked` that is counted; 0 before any was."""
        self._answers: dict[Hashable, dict[int, Answered]] = {}

    def ask(self, question: int) -> bool:
        """Count for a question from now on; False, and nothing changes, where that is done already.

        When it is no longer asked, it is still this one that the counts are about, until there is another.
        """
        if question == self.question:
            return False
        self.question = question
        self._answers.clear()
        return True

    def answered(self, who: Hashable, answered: Answered) -> bool:
        """Count what somebody has answered; False, where it is for another question, or nothing new."""
        if answered.question != self.question or not self.question:
            return False
        theirs = self._answers.setdefault(who, {})
        if theirs.get(answered.part) == answered:
            return False
        theirs[answered.part] = answered
        return True

    def left(self, who: Hashable) -> bool:
        """Forget somebody whose session has ended; say whether they had answered.

        Whoever walks alone from now on has not left: what they answered before still counts.
        """
        return self._answers.pop(who, None) is not None

    def tally(self, followers: Collection[Hashable]) -> Tally:
        """Return the counts; those asked are the `followers` of now, and those who have answered."""
        parts = [self._part(part) for part in range(MOST_PARTS)]
        while parts and parts[-1] == PartCount():
            parts.pop()
        return Tally(self.question, len({*followers, *self._answers}), tuple(parts))

    def _part(self, part: int) -> PartCount:
        answers = [theirs[part] for theirs in self._answers.values() if part in theirs]
        came = Counter(answer.came for answer in answers)
        wrong = Counter(answer.mistakes for answer in answers if answer.came in ("wrong", "helped") and answer.mistakes)
        return PartCount(came["right"], came["helped"], came["wrong"], came["skipped"], _most_frequent(wrong))


def summed(question: int, tallies: Iterable[Tally]) -> Tally:
    """Return the counts of several servers together; those of another question are left out."""
    counted = [tally for tally in tallies if tally.question == question]
    longest = max((len(tally.parts) for tally in counted), default=0)
    parts = tuple(
        _together([tally.parts[part] for tally in counted if part < len(tally.parts)]) for part in range(longest)
    )
    return Tally(question, sum(tally.followers for tally in counted), parts)


def _together(parts: Iterable[PartCount]) -> PartCount:
    parts = [*parts]
    mistakes: Counter[tuple[str, ...]] = Counter()
    for part in parts:
        for each in part.mistakes:
            mistakes[each.mistakes] += each.count
    return PartCount(
        sum(part.right for part in parts),
        sum(part.helped for part in parts),
        sum(part.wrong for part in parts),
        sum(part.skipped for part in parts),
        _most_frequent(mistakes),
    )


def _most_frequent(counts: Counter[tuple[str, ...]]) -> tuple[Mistakes, ...]:
    """Return the most frequent mistakes; of those that are as frequent, by the alphabet."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Mistakes(mistakes, count) for mistakes, count in ranked[:MOST_KINDS])
