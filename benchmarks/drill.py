"""Draws the exercises and the hunts of a thousand seeds, and prints whether each is fair and has one answer.

python benchmarks/drill.py [SEEDS]
"""

from __future__ import annotations

import sys
import time
from collections import Counter

import mpmath
from gradwalk.engine.rules.number_text import format_number
from gradwalk.engine.study.drill import Drill, Exercise
from gradwalk.engine.study.drill_aims import DrillKind
from gradwalk.engine.study.drill_fair import is_fair_walk
from gradwalk.engine.study.hunt_planting import WrongPass, planted_at_random
from gradwalk.engine.study.mistakes.alterations import alterations
from gradwalk.engine.study.mistakes.altered_pass import altered_pass
from gradwalk.engine.study.mistakes.table import MISTAKES


def unfair(exercise: Exercise) -> str:
    """Say what is wrong with an exercise; empty where nothing is."""
    task = exercise.task
    if not is_fair_walk(exercise.trace):
        return "a number that is not short"
    if exercise.aim.kind is DrillKind.EQUATION:
        if not task.judge(task.solution).right:
            return "the solution is refused"
        return "another equation is accepted" if task.judge(f"{task.solution} + 1").right else ""
    right = mpmath.mpf(getattr(task, "right"))  # noqa: B009 - the protocol of all tasks has none
    answers = task.solution.replace(", exactly ", " = ").split(" = ")
    if len(answers[-1]) > 10:
        return "a long answer"
    if not all(task.judge(answer).right for answer in answers):
        return "the solution is refused"
    wrong = (right + 1, right - 1, right * 1.5 if right else right + 2)
    if any(task.judge(mpmath.nstr(number, 12)).right for number in wrong):
        return "another number is accepted"
    if exercise.aim.skill != task.skills[0]:
        return "another skill than was aimed at"
    return ""


def ambiguous(of: WrongPass) -> str:
    """Say what is wrong with a hunt; empty where nothing is."""
    shown = _seen(of, None)
    places = {of.wrong.step}
    for mistake in MISTAKES:
        for made in alterations(of.trace, mistake):
            if _seen(of, made) == shown:
                places.add(made.step)
    if len(places) > 1:
        return "the place is not the only one"
    right = altered_pass(of.trace, ())
    place = of.wrong.step - of.rows[0].step
    numbers = (right.upstreams, right.locals, right.contributions, right.accumulated)
    if tuple(format_number(column.item(place)) for column in numbers) == of.wrong.shown:
        return "nothing that is shown has changed"
    return "" if sum(choice.mistake == of.planted for choice in of.choices) == 1 else "not one right choice"


def _seen(of: WrongPass, made: object) -> tuple[tuple[str, ...], ...]:
    numbers = altered_pass(of.trace, (of.alteration if made is None else made,))  # pyright: ignore[reportArgumentType]
    columns = (numbers.upstreams, numbers.locals, numbers.contributions, numbers.accumulated)
    return tuple(tuple(map(format_number, row)) for row in zip(*(column.tolist() for column in columns), strict=True))


def main(seeds: int) -> None:
    """Print the figures."""
    start = time.perf_counter()
    kinds: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    for seed in range(seeds):
        for exercise in Drill(seed, 5):
            kinds[exercise.aim.kind] += 1
            faults[unfair(exercise)] += 1
    print(
        f"drill: {seeds} seeds, {sum(kinds.values())} exercises, {faults.pop('', 0)} fair with one answer;",
        dict(faults),
    )
    print(f"  kinds {dict(kinds)}; {time.perf_counter() - start:.0f} s")
    start = time.perf_counter()
    mistakes: Counter[str] = Counter()
    for seed in range(seeds):
        of = planted_at_random(seed)
        mistakes[of.planted] += 1
        faults[ambiguous(of)] += 1
    print(f"hunt: {seeds} seeds, {faults.pop('', 0)} with one place that shows; {dict(faults)}")
    print(f"  mistakes {dict(mistakes)}; {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
