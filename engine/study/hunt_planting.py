"""Planting one mistake in a backward pass: it can be seen, and nothing else makes the same numbers elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import GradwalkError
from ..scenario import Scenario
from ..walk.local import Locals
from ..walk.trace import Trace
from .drill_functions import fair_function
from .drill_random import SeededRandom
from .hunt_rows import EdgeNames, HuntRow, first_wrong, hunt_rows, looks_different, names_of_edges
from .mistakes.alteration import Alteration
from .mistakes.alterations import alterations
from .mistakes.altered_pass import AlteredPass, altered_pass
from .mistakes.table import MISTAKES

MOST_STEPS = 64
"""So many steps back a walk may have: more of them nobody checks by hand."""

LEAST_STEPS = 4
"""A function that is drawn for a hunt has so many at least."""

_SIZES = (4, 5)
_RULES = ("", "", "", "", "sin", "cos", "mean")
"""An operation that the function has to have: some mistakes are made at few operations alone."""

_LARGEST, _SMALLEST = 2_000.0, 0.002

LEAST_CHOICES, MOST_CHOICES = 3, 5
"""So many mistakes there are to choose from."""


@dataclass(frozen=True)
class Choice:
    """A mistake that could have been made in a step: its id, its title, and the contribution and sum it would leave."""

    mistake: str
    title: str
    row: HuntRow


@dataclass(frozen=True, eq=False)
class WrongPass:
    """A backward pass with one mistake in it.

    `scenario` is what is walked, and `trace` its right walk; `rows` are the steps with the numbers that are shown,
    `wrong` the one where it first goes wrong, `choices` the mistakes to choose from, in no telling order; `planted` is
    the one that was made.
    """

    scenario: Scenario
    trace: Trace
    alteration: Alteration
    rows: tuple[HuntRow, ...]
    wrong: HuntRow
    choices: tuple[Choice, ...]

    @property
    def planted(self) -> str:
        """The id of the mistake that was made."""
        return self.alteration.mistake

    @cached_property
    def right_rows(self) -> tuple[HuntRow, ...]:
        """The steps with the right numbers."""
        return tuple(hunt_rows(self.trace, altered_pass(self.trace, ()), names_of_edges(self.trace)))

    def row(self, step: int) -> HuntRow | None:
        """Return the step of a number; None where it is none of the walk back."""
        place = step - self.trace.seed_step - 1
        return self.rows[place] if 0 <= place < len(self.rows) else None

    def right_row(self, row: HuntRow) -> HuntRow:
        """Return a step with the right numbers."""
        return self.right_rows[row.step - self.trace.seed_step - 1]

    def label(self, node: int) -> str:
        """Return what a node is called."""
        return self.trace.numbers.notation.label(self.trace.graph.label(node))

    @property
    def local_formula(self) -> str:
        """The rule of the local derivative in the wrong step: `-1/s²`."""
        key = self.trace.key(self.wrong.step)
        return Locals(self.trace.numbers).formula(key.node, key.position)

    def is_consequence(self, row: HuntRow) -> bool:
        """Say whether a step shows a wrong number only since it was given one."""
        numbers = self.right_row(row).numbers
        return row.step != self.wrong.step and any(map(looks_different, row.numbers, numbers))


def planted(scenario: Scenario, seed: int) -> WrongPass:
    """Plant a mistake in the backward pass of a scenario's walk; the same seed plants the same one.

    GradwalkError where the walk is too long to be checked by hand, has no derivatives, or too short to hide one in.
    """
    count = len(scenario.graph.edges)
    if count > MOST_STEPS:
        raise GradwalkError(f"this walk has {count} steps back; a hunt takes at most {MOST_STEPS}")
    trace = Trace(scenario.graph)
    if not np.isfinite(trace.backward.accumulated).all() or trace.numbers.output_undefined:
        raise GradwalkError("some gradients of this walk do not exist, so nobody could say what is wrong")
    found = _planted(scenario, trace, SeededRandom(seed))
    if found is None:
        raise GradwalkError("in this walk no mistake can be hidden that is told from all others")
    return found


def planted_at_random(seed: int) -> WrongPass:
    """Plant a mistake in the backward pass of a function that is drawn as for an exercise."""
    random = SeededRandom(seed)
    while True:
        definition, trace = fair_function(random, _SIZES, random.choice(_RULES), wanted=_is_worth_it)
        scenario = Scenario(
            f"hunt {seed}", "a function drawn at random", "", "", trace.graph, {}, definition=definition
        )
        found = _planted(scenario, trace, random)
        if found is not None:
            return found


def _is_worth_it(trace: Trace) -> bool:
    """Say whether a walk has enough steps, and gradients that are not all the same."""
    contributions = trace.backward.contributions
    return len(contributions) >= LEAST_STEPS and bool(contributions.all()) and len(np.unique(contributions)) >= 3


def _planted(scenario: Scenario, trace: Trace, random: SeededRandom) -> WrongPass | None:
    names = names_of_edges(trace)
    passes = [_Altered.of(trace, one, names) for mistake in MISTAKES for one in alterations(trace, mistake)]
    for mistake in random.shuffled(dict.fromkeys(one.alteration.mistake for one in passes)):
        for one in random.shuffled(each for each in passes if each.alteration.mistake == mistake):
            if not one.is_fair(trace) or not _is_only_there(one, passes):
                continue
            choices = _choices(trace, one, passes, random)
            if len(choices) >= LEAST_CHOICES:
                assert one.wrong is not None, "a fair one has a step that is wrong"
                return WrongPass(scenario, trace, one.alteration, tuple(one.rows), one.wrong, choices)
    return None


@dataclass(frozen=True, eq=False)
class _Altered:
    """A pass with a mistake in it, and the only step that does not fit there."""

    alteration: Alteration
    numbers: AlteredPass
    rows: list[HuntRow]
    wrong: HuntRow | None

    @classmethod
    def of(cls, trace: Trace, alteration: Alteration, names: Sequence[EdgeNames]) -> _Altered:
        numbers = altered_pass(trace, (alteration,))
        rows = hunt_rows(trace, numbers, names)
        return cls(alteration, numbers, rows, first_wrong(rows))

    def is_fair(self, trace: Trace) -> bool:
        """Say whether the mistake can be seen, in its own step alone, and all numbers are readable."""
        if self.wrong is None or self.wrong.step != self.alteration.step:
            return False
        if not np.array_equal(self.numbers.values, trace.values, equal_nan=True):
            return False
        return all(map(_is_readable, (number for row in self.rows for number in row.numbers)))


def _is_only_there(one: _Altered, others: Iterable[_Altered]) -> bool:
    """Say whether no mistake in another step makes numbers that look the same."""
    elsewhere = (other for other in others if other.alteration.step != one.alteration.step)
    return not any(all(map(_looks_same, other.rows, one.rows)) for other in elsewhere)


def _choices(trace: Trace, one: _Altered, passes: Iterable[_Altered], random: SeededRandom) -> tuple[Choice, ...]:
    """Return the mistakes to choose from: those that leave other numbers in this step, and the one that was made.

    Mistakes that leave the same ones there are not among them: nobody could tell which was made.
    """
    made, wrong = one.alteration.mistake, one.wrong
    assert wrong is not None, "it is a fair one"
    place = wrong.step - one.rows[0].step
    here = [other for other in passes if other.alteration.step == wrong.step]
    same = {other.alteration.mistake for other in here if _looks_same(other.rows[place], wrong)}
    found: dict[str, HuntRow] = {}
    for other in here:
        if other.alteration.mistake not in same and other.is_fair(trace):
            found.setdefault(other.alteration.mistake, other.rows[place])
    kept = random.shuffled([made, *random.shuffled(found)[: MOST_CHOICES - 1]])
    return tuple(Choice(mistake, MISTAKES[mistake].title, found.get(mistake, wrong)) for mistake in kept)


def _looks_same(one: HuntRow, other: HuntRow) -> bool:
    return one.numbers == other.numbers or one.shown == other.shown


def _is_readable(number: float) -> bool:
    return number == 0 or (math.isfinite(number) and _SMALLEST <= abs(number) <= _LARGEST)
