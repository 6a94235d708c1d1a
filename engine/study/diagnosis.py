"""`diagnose`: which mistakes give a wrong number.

A wrong number is compared with what every mistake of the table makes of the right one, at every step on the way, and
then with what two mistakes make of it together. Nobody is accused by chance: a number of n digits is one of about 10ⁿ
that could have been written, so the fewer digits it has, the fewer explanations are tried, likelier ones first.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Protocol

from ..walk.trace import Trace
from .mistakes.alteration import Alteration
from .mistakes.alterations import hypotheses
from .mistakes.at_once import AtOnce
from .mistakes.effect import AnswerBecomes, AnswerIs, AnswerNegated, InDegrees, LocalNegated
from .mistakes.way import AskedWay
from .task import TaskKind
from .verdict import Finding

MOST_SINGLE = 2_000
"""So many mistakes are looked at alone."""

MOST_PAIRS = 2_000
"""So many pairs of mistakes are looked at."""

MOST_IN_PAIRS = 64
"""So many mistakes, the likeliest ones, are combined to pairs."""

MOST_PLACES = 8
"""So many places of one mistake are put into words, to see whether they are the same ones."""

MOST_WORK = 50_000
"""So many edges are walked along for all mistakes together, and for all pairs."""

CHANCE = 0.01
"""How probable it may be that a number which somebody has made up is explained by one mistake."""

CHANCE_OF_PAIRS = 0.02
"""The same for two mistakes at once."""

FRACTIONS = 20
"""So many short fractions there are for a whole number that is as short."""

EXACT = 1e-9
"""Two numbers that differ by no more than this part of them are one number."""

NEAR = 0.05
"""How far from the right number, as a part of it, one that was rounded too early may be."""


class AsksForNumber(Protocol):
    """What is needed of a question: the walk, what is asked of it, and at which step."""

    @property
    def trace(self) -> Trace:
        """The walk."""
        ...

    @property
    def kind(self) -> TaskKind:
        """Which number of the step is asked for."""
        ...

    @property
    def step(self) -> int:
        """The number of the step."""
        ...


@dataclass(frozen=True)
class _Answer:
    """A wrong number as it was written: `unit` is that of its last digit, 0 where it is not rounded."""

    number: float
    unit: float

    def equals(self, number: float) -> bool:
        """Say whether it is a number, to nine digits."""
        return abs(self.number - number) <= EXACT * max(abs(self.number), abs(number))

    def fits(self, number: float) -> bool:
        """Say whether it would be right if a number were the right one."""
        if self.equals(number):
            return True
        has_three_digits = abs(self.number) >= 100 * self.unit * (1 - EXACT)
        return has_three_digits and abs(self.number - number) <= self.unit / 2 * (1 + EXACT)

    @functools.cached_property
    def digits_share(self) -> float:
        """Which part of the numbers of its size, written with its digits, it is one of: 0.01 for 104."""
        return max(self.unit / abs(self.number), EXACT) if self.number else 1.0

    @functools.cached_property
    def share(self) -> float:
        """The same where a short fraction counts as such: 1/6 for 2/3, however it is written."""
        if not self.number:
            return 1.0
        fraction = Fraction(self.number).limit_denominator(1_000)
        is_short = fraction and self.equals(float(fraction))
        if not is_short:
            return self.digits_share
        size = abs(fraction.numerator * fraction.denominator)
        return 1 / size if fraction.denominator == 1 else max(1 / (FRACTIONS * size), EXACT)

    def is_as_large(self, number: float) -> bool:
        """Say whether a number is of its size, within a factor of three."""
        return abs(self.number) <= 3 * abs(number) and abs(number) <= 3 * abs(self.number)


_SIZES = 2 * (3 - 1 / 3)
"""How long the stretch is that numbers of a size lie in, of both signs, as a multiple of the number itself."""


def diagnose(question: AsksForNumber, number: float, unit: float = 0.0) -> tuple[Finding, ...]:
    """Return which mistakes give a wrong number, best first; nothing where none does.

    `unit` is that of the last digit that was written, 0.001 for -0.041, and 0 for an expression that is not rounded:
    what a mistake gives has to agree with all the digits that there are, of which there have to be at least three where
    it is rounded. Two mistakes at once are looked for where one alone does not give the number.

    The work is bounded: what lies between the node and the output, the nearest `MOST_EDGES` of its edges,
    `MOST_SINGLE` mistakes and `MOST_PAIRS` pairs, and no more than `MOST_WORK` edges walked along all together.
    """
    if not question.step:  # a leaf's value is given, and nothing is computed for what the output does not use
        return ()
    asked = AskedWay(question.trace, question.kind, question.step)
    answer = _Answer(number, unit)
    if not math.isfinite(asked.right) or not math.isfinite(number):
        return ()
    at_once = AtOnce(asked)
    tried = hypotheses(asked)
    singles = _tried(at_once, answer, [(alteration,) for alteration in tried[:MOST_SINGLE]], CHANCE)
    findings = singles.findings()
    if findings or answer.equals(asked.right):
        return findings
    pairs = itertools.islice(_pairs(singles), MOST_PAIRS)
    return _tried(at_once, answer, pairs, CHANCE_OF_PAIRS, singles.numbers).findings()


def mistaken_numbers(
    question: AsksForNumber, most: int, *, at_step_alone: bool = False
) -> list[tuple[float, tuple[Finding, ...]]]:
    """Return the first `most` numbers that one mistake gives, in the order in which `diagnose` tries them.

    With each is what `diagnose` finds where exactly that number is answered; two mistakes at once are not looked for.
    `at_step_alone` looks for mistakes at the asked step, which takes a small part of the time.
    """
    asked = AskedWay(question.trace, question.kind, question.step)
    if not math.isfinite(asked.right):
        return []
    at_once, groups = AtOnce(asked), dict[float, _Tries]()
    for alteration in hypotheses(asked, at_step_alone=at_step_alone)[:MOST_SINGLE]:
        number = at_once.of_one(alteration.effects)
        if at_once.walked > MOST_WORK:
            break
        if _is_tried((alteration,), number, asked.right) and (len(groups) < most or _nine_digits(number) in groups):
            groups.setdefault(_nine_digits(number), _Tries()).fitting.append(((alteration,), number))
    return [(tries.fitting[0][1], tries.findings()) for tries in groups.values()]


def _is_tried(made: tuple[Alteration, ...], number: float, right: float) -> bool:
    """Say whether a number is one that a mistake may explain: there is one, it is wrong, and not rounded beyond it."""
    if not math.isfinite(number) or abs(number - right) <= EXACT * max(abs(number), abs(right)):
        return False
    return made[0].mistake != "rounding" or _is_near(number, right) or _is_of_one_digit(made[0])


class _Tries:
    """What came of trying explanations: the numbers that they give, and those that fit."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[Alteration, ...], float] = {}
        self.fitting: list[tuple[tuple[Alteration, ...], float]] = []

    def findings(self) -> tuple[Finding, ...]:
        """Return a finding for each set of mistakes that fits, in the order in which they were tried."""
        groups: dict[tuple[str, ...], list[tuple[tuple[Alteration, ...], float]]] = {}
        for made, number in self.fitting:
            groups.setdefault(tuple(alteration.mistake for alteration in made), []).append((made, number))
        return tuple(_finding(mistakes, group) for mistakes, group in groups.items())


def _finding(mistakes: tuple[str, ...], group: list[tuple[tuple[Alteration, ...], float]]) -> Finding:
    """Explain a number that a mistake gives at one step or at several.

    Where the sign of one step explains it, that step is named, and where several do, none is. Of other mistakes two
    explanations are given, but one where the right answer alone is written otherwise.
    """
    made, number = group[0]
    if len(made) == 2 and (other := _but_for_the_sign(made)) is not None:
        return Finding(mistakes, number, f"But for the sign, {other[0].lower()}{other[1:]}")
    if isinstance(made[0].effects[0], AnswerBecomes):
        return Finding(mistakes, number, made[0].sentence)
    sentences = dict.fromkeys(" ".join(alteration.sentence for alteration in each) for each, _ in group[:MOST_PLACES])
    if len(made) == 1 and len(sentences) > 1 and any(map(_is_general, (each for each, _ in group))):
        by_rule = [each[0].sentence for each, _ in group if isinstance(each[0].effects[0], LocalNegated)]
        general = [each[0].sentence for each, _ in group if _is_general(each)]
        sentences = dict.fromkeys(by_rule if len(by_rule) == 1 else general)
    return Finding(mistakes, number, " Or: ".join([*sentences][:2] if len(made) == 1 else [*sentences][:1]))


def _but_for_the_sign(made: tuple[Alteration, ...]) -> str | None:
    """Say which number was given with the other sign; None where that is not what two mistakes are."""
    first, second = made
    for one, other in ((first, second), (second, first)):
        if _is_general((one,)) and isinstance(other.effects[0], AnswerIs):
            return other.sentence
    return None


def _is_general(made: tuple[Alteration, ...]) -> bool:
    return any(isinstance(effect, AnswerNegated) for effect in made[0].effects)


def _tried(
    at_once: AtOnce,
    answer: _Answer,
    explanations: Iterable[tuple[Alteration, ...]],
    chance: float,
    without: Mapping[tuple[Alteration, ...], float] = MappingProxyType({}),
) -> _Tries:
    """Try explanations, until so many are of the answer's size that it would be explained by chance.

    `without` are the numbers that single mistakes give: of two that give no other number than one of them alone, the
    other one does nothing. What an explanation gives exactly is no matter of chance.
    """
    tries, right = _Tries(), at_once.asked.right
    alone = {made[0]: number for made, number in without.items()}
    spent: set[float] = set()
    for made in explanations:
        if at_once.walked > MOST_WORK:
            break
        number = at_once.of_one(made[0].effects) if len(made) == 1 else at_once.of_two(made[0].effects, made[1].effects)
        tries.numbers[made] = number
        if not _is_tried(made, number, right):
            continue
        if len(made) > 1 and any(number == alone.get(alteration) for alteration in made):
            continue
        if answer.is_as_large(number):
            spent.add(_nine_digits(number))
        if not answer.fits(number):
            continue
        is_exact = answer.equals(number)
        by_chance = len(spent) * (answer.share if is_exact else answer.digits_share) / _SIZES
        if by_chance <= chance or (is_exact and len(made) == 1):
            tries.fitting.append((made, number))
    return tries


def _is_near(number: float, right: float) -> bool:
    return abs(number - right) <= NEAR * abs(right)


def _is_of_one_digit(made: Alteration) -> bool:
    """Say whether a mistake gives the right number with a decimal or two: 0.1 for 1/9, which is not so near."""
    first = made.effects[0]
    return isinstance(first, AnswerBecomes) and not first.number.is_integer()


def _nine_digits(number: float) -> float:
    return float(f"{number:.9g}")


def _pairs(singles: _Tries) -> Iterator[tuple[Alteration, Alteration]]:
    """Give pairs of different mistakes that can be made together, likelier ones first."""
    candidates: list[Alteration] = []
    for (alteration,) in singles.numbers:
        if alteration.mistake != "rounding" and not any(
            isinstance(effect, (AnswerBecomes, InDegrees)) for effect in alteration.effects
        ):
            candidates.append(alteration)
        if len(candidates) == MOST_IN_PAIRS:
            break
    ranked = sorted(itertools.combinations(range(len(candidates)), 2), key=sum)
    for first, second in ranked:
        pair = candidates[first], candidates[second]
        if _go_together(*pair):
            yield pair


def _go_together(first: Alteration, second: Alteration) -> bool:
    """Say whether two mistakes can be made at once: not two of one kind at one number."""
    kinds = {(type(effect), getattr(effect, "edge", None)) for effect in first.effects}
    others = {(type(effect), getattr(effect, "edge", None)) for effect in second.effects}
    if kinds & others or first.mistake == second.mistake:
        return False
    answers = sum(isinstance(effect, AnswerIs) for effect in (*first.effects, *second.effects))
    return answers < 2
