"""How well wrong numbers are explained: `python benchmarks/diagnosis.py`, about five minutes.

A student who knows nothing of the engine (tests/engine/student.py) makes each mistake of the table on the way to a
random number of a walk: over 2,000 seeded random graphs, and over all built-in scenarios. Its answer is written with
four significant digits. Counted is how often the mistake is among those named, and how often it is the only one;
where another mistake gives the very same number nobody can tell them apart, and those cases are counted apart. Then
wrong numbers are made up, and counted is how many of them are explained by some mistake.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gradwalk.engine.library import load
from gradwalk.engine.study.diagnosis import diagnose
from gradwalk.engine.study.mistakes.table import MISTAKES
from gradwalk.engine.study.verdict import Finding
from gradwalk.engine.walk.trace import Trace

from tests.engine.student import Asks, Student, is_wrong, planted, planted_pair, question, random_walk

TOLERANCE = 1e-9


@dataclass
class Score:
    """What came of planting one mistake."""

    planted: int = 0
    named: int = 0
    alone: int = 0
    ties: int = 0
    missed: list[str] = field(default_factory=list[str])
    besides: Counter[str] = field(default_factory=Counter[str])

    def add(self, mistake: str, number: float, findings: tuple[Finding, ...], what: str) -> None:
        self.planted += 1
        named = {finding.mistakes for finding in findings}
        if (mistake,) not in named:
            self.missed.append(what)
            return
        self.named += 1
        others = [finding for finding in findings if finding.mistakes != (mistake,)]
        if not others:
            self.alone += 1
        elif any(abs(other.number - number) <= TOLERANCE * abs(number) for other in others):
            self.ties += 1
        else:
            self.besides.update(other.mistakes[0] for other in others)

    def __add__(self, other: Score) -> Score:
        return Score(
            self.planted + other.planted,
            self.named + other.named,
            self.alone + other.alone,
            self.ties + other.ties,
            self.missed + other.missed,
            self.besides + other.besides,
        )

    def row(self) -> str:
        told_apart = self.planted - self.ties
        named = 100 * self.named / max(self.planted, 1)
        alone = 100 * self.alone / max(told_apart, 1)
        return f"{self.planted:5} | {named:5.1f} % | {alone:5.1f} % | {self.ties:5}"


def written(number: float, digits: int) -> tuple[float, float]:
    """Return a number as it is written with so many significant digits, and the unit of the last of them."""
    if not number:
        return 0.0, 0.0
    text = float(f"{number:.{digits}g}")
    unit = 10.0 ** (math.floor(math.log10(abs(text))) + 1 - digits)
    return text, unit


def scenarios() -> Iterator[tuple[str, Student]]:
    folder = Path(__file__).resolve().parents[1] / "scenarios"
    for path in sorted((*folder.glob("*.toml"), *folder.glob("lessons/*.toml"))):
        yield path.stem, Student(Trace(load(str(path)).graph))


def plant_everywhere(students: Iterator[tuple[str, Student]], tries: int, digits: int) -> dict[str, Score]:
    scores = {mistake: Score() for mistake in MISTAKES}
    for name, student in students:
        chance = Random(name)
        for mistake in MISTAKES:
            for _ in range(tries):
                for _ in range(6):
                    asks = question(student, chance)
                    number = planted(student, mistake, asks, chance)
                    if number is not None:
                        answer, unit = (number, 0.0) if digits == 0 else written(number, digits)
                        findings = diagnose(asks, answer, unit)
                        what = f"{name} {asks.kind} {asks.step} {answer:.10g} of {number:.10g}"
                        scores[mistake].add(mistake, number, findings, what)
                        break
    return scores


def random_students(count: int) -> Iterator[tuple[str, Student]]:
    for seed in range(count):
        chance = Random(seed)
        while True:
            try:
                yield f"random {seed}", Student(random_walk(chance))
                break
            except (ArithmeticError, ValueError):
                continue


def pairs(students: Iterator[tuple[str, Student]], digits: int) -> Counter[str]:
    """Plant two mistakes at once, and count what is said of them."""
    said = Counter[str]()
    for name, student in students:
        chance = Random(name)
        made = planted_pair(student, asks := question(student, chance), chance)
        if made is None:
            continue
        planted_ones, number = made
        findings = diagnose(asks, *(written(number, digits) if digits else (number, 0.0)))
        named = [set(finding.mistakes) for finding in findings]
        if planted_ones in named:
            said["the two"] += 1
        elif any(len(each) == 1 for each in named):
            said["one that gives the same number"] += 1
        else:
            said["two others" if named else "nothing"] += 1
    return said


def decimals(digits: int) -> Callable[[Random, float], tuple[float, float]]:
    def guess(chance: Random, right: float) -> tuple[float, float]:
        size = max(abs(right), 0.1)
        number = chance.choice(
            [chance.uniform(-3 * size, 3 * size), size * math.exp(chance.gauss(0, 1)) * chance.choice([-1, 1])]
        )
        return written(number, digits)

    return guess


def simple(chance: Random, right: float) -> tuple[float, float]:
    if chance.random() < 0.5:
        return float(chance.randint(-20, 20)), 1.0
    return float(Fraction(chance.randint(-12, 12), chance.randint(2, 12))), 0.0


def accused(
    students: Iterator[tuple[str, Student]], guess: Callable[[Random, float], tuple[float, float]], *, unmade: bool
) -> tuple[int, int, Counter[tuple[str, ...]]]:
    """Count made-up numbers and those that are explained; `unmade` leaves out what one mistake of the student gives."""
    guesses, explained, by = 0, 0, Counter[tuple[str, ...]]()
    for name, student in students:
        chance = Random(name)
        for _ in range(4):
            asks = question(student, chance)
            try:
                right = student.answer(asks)
            except (ArithmeticError, ValueError):
                continue
            number, unit = guess(chance, right)
            if not is_wrong(number, right) or (unmade and _is_made(student, asks, number)):
                continue
            guesses += 1
            findings = diagnose(asks, number, unit)
            explained += bool(findings)
            by.update(finding.mistakes for finding in findings[:1])
    return guesses, explained, by


def _is_made(student: Student, asks: Asks, number: float) -> bool:
    for mistake in MISTAKES:
        try:
            for slip in student.slips(mistake, asks):
                if abs(student.answer(asks, slip) - number) <= TOLERANCE * max(abs(number), 1e-9):
                    return True
        except (ArithmeticError, ValueError, TypeError):
            continue
    return False


def table(title: str, scores: Mapping[str, Score], *, show_missed: bool) -> None:
    print(f"\n{title}\n{'mistake':24} | cases | named   | alone   | ties")
    for mistake, score in scores.items():
        print(f"{mistake:24} | {score.row()}")
        for what in (*score.missed[:6], *score.besides.items()) if show_missed else ():
            print("      ", what)
    print(f"{'all':24} | {sum(scores.values(), Score()).row()}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--graphs", type=int, default=2_000)
    options.add_argument("--digits", type=int, default=4, help="significant digits of the answers, 0 for all")
    options.add_argument("--missed", action="store_true", help="show some of the cases that are not explained")
    chosen = options.parse_args()
    start = time.perf_counter()
    random = plant_everywhere(random_students(chosen.graphs), 1, chosen.digits)
    built_in = plant_everywhere(scenarios(), 12, chosen.digits)
    both = {mistake: random[mistake] + built_in[mistake] for mistake in MISTAKES}
    table(f"{chosen.graphs} random graphs and all built-in scenarios", both, show_missed=chosen.missed)
    for title, part in (("random graphs", random), ("built-in scenarios", built_in)):
        print(f"{title:24} | {sum(part.values(), Score()).row()}")
    print("\ntwo mistakes at once, in random graphs: what is said")
    for digits in (0, 6, 4):
        said = pairs(random_students(chosen.graphs), digits)
        shares = ", ".join(f"{what} {100 * count / said.total():.1f} %" for what, count in said.most_common())
        print(f"{f'{digits} digits' if digits else 'exact':10} | {said.total():5} | {shares}")
    print("\nmade-up numbers that are explained")
    for title, guess, unmade in (
        ("decimals of 4 digits", decimals(4), False),
        ("decimals of 3 digits", decimals(3), False),
        ("small whole numbers and fractions that no single mistake gives", simple, True),
        ("small whole numbers and fractions, all", simple, False),
    ):
        guesses, explained, by = accused(random_students(chosen.graphs), guess, unmade=unmade)
        print(f"{title:64} {explained:4} of {guesses:5}: {100 * explained / max(guesses, 1):.2f} %", by.most_common(4))
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
