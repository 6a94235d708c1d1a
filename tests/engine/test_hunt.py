import itertools
from collections import Counter
from functools import cache

import pytest
from gradwalk.engine.errors import ExpressionError, GradwalkError
from gradwalk.engine.library import load
from gradwalk.engine.rules.number_text import format_number
from gradwalk.engine.study.attempt import Outcome
from gradwalk.engine.study.hunt import Hunt
from gradwalk.engine.study.hunt_planting import WrongPass, planted, planted_at_random
from gradwalk.engine.study.mistakes.alteration import Alteration
from gradwalk.engine.study.mistakes.alterations import alterations
from gradwalk.engine.study.mistakes.altered_pass import altered_pass
from gradwalk.engine.study.mistakes.table import MISTAKES
from gradwalk.engine.walk.trace import Trace

SEEDS = range(0, 1_000, 70)
"""A sample of the thousand that `benchmarks/drill.py` looks at."""


@cache
def drawn() -> list[WrongPass]:
    return [planted_at_random(seed) for seed in SEEDS] + [
        planted(load(name), seed) for name in ("fabc", "ehg", "square") for seed in (1, 2)
    ]


def checked_by_hand(of: WrongPass) -> list[int]:
    """Return the steps in which a person who has the right values, and checks each number, finds something wrong."""
    trace, edges = of.trace, of.trace.graph.edges
    sums = {trace.graph.output: 1.0}
    wrong: list[int] = []
    for edge, row in enumerate(of.rows):
        consumer, operand = edges.consumer(edge), edges.targets.item(edge)
        factor = trace.step(row.step).factor
        assert factor is not None
        product, total = row.upstream * row.local, sums.get(operand, 0.0) + row.contribution
        expected = (sums[consumer], factor.local, product, total)
        pairs = zip(row.numbers, expected, strict=True)
        if any(format_number(one) != format_number(two) and abs(one - two) > 1e-3 * abs(two) for one, two in pairs):
            wrong.append(row.step)
        sums[operand] = row.after
    return wrong


def seen_in(trace: Trace, made: tuple[Alteration, ...]) -> list[tuple[str, ...]]:
    numbers = altered_pass(trace, made)
    columns = (numbers.upstreams, numbers.locals, numbers.contributions, numbers.accumulated)
    return [tuple(map(format_number, row)) for row in zip(*(column.tolist() for column in columns), strict=True)]


def test_one_step_alone_does_not_fit_and_it_is_the_one_that_is_meant() -> None:
    for of in drawn():
        assert checked_by_hand(of) == [of.wrong.step]


def test_no_other_mistake_in_another_step_shows_the_same_numbers() -> None:
    for of in drawn()[::3]:
        shown = [tuple(map(format_number, row.numbers)) for row in of.rows]
        assert shown != seen_in(of.trace, ())
        for other in itertools.chain.from_iterable(alterations(of.trace, mistake) for mistake in MISTAKES):
            assert seen_in(of.trace, (other,)) != shown or other.step == of.wrong.step


def test_a_seed_plants_the_same_mistake_again_and_the_seeds_go_through_the_table() -> None:
    for of, seed in zip(drawn()[:4], SEEDS, strict=False):
        again = planted_at_random(seed)
        assert [row.shown for row in again.rows] == [row.shown for row in of.rows]
        assert [choice.mistake for choice in again.choices] == [choice.mistake for choice in of.choices]
    assert len({of.planted for of in drawn()}) >= 10


def test_exactly_one_of_the_choices_is_right_and_the_others_say_what_they_would_give() -> None:
    for of in drawn():
        hunt = Hunt.begin(of)
        hunt = hunt.with_attempt(hunt.attempt.answered(of.wrong.name if of.wrong.count == 1 else str(of.wrong.step)))
        verdicts = [hunt.attempt.task.judge(str(place)) for place in range(1, len(of.choices) + 1)]
        assert Counter(verdict.right for verdict in verdicts) == {True: 1, False: len(of.choices) - 1}
        assert len(of.choices) >= 3
        assert all(verdict.right or "would be" in verdict.sentence for verdict in verdicts)


def test_what_is_said_of_a_step_tells_consequences_from_right_ones() -> None:
    for of in drawn():
        task = Hunt.begin(of).attempt.task
        for row, right in zip(of.rows, of.right_rows, strict=True):
            verdict = task.judge(str(row.step))
            assert verdict.right == (row.step == of.wrong.step)
            if not verdict.right:
                same = all(
                    format_number(one) == format_number(two)
                    for one, two in zip(row.numbers, right.numbers, strict=True)
                )
                assert ("the mistake was made before" in verdict.sentence) != same
                assert row.step > of.wrong.step or same


def test_a_hunt_goes_from_the_step_to_the_mistake() -> None:
    of = planted(load("fabc"), 1)
    hunt = Hunt.begin(of)
    with pytest.raises(ExpressionError, match="no step"):
        hunt.attempt.answered("∂f/∂z")
    with pytest.raises(ExpressionError, match="steps back"):
        hunt.attempt.answered("99")
    wrong = next(row for row in of.rows if row.step != of.wrong.step)
    hunt = hunt.with_attempt(hunt.attempt.answered(str(wrong.step)))
    assert hunt.naming is None and hunt.attempt.is_open
    hunt = hunt.with_attempt(hunt.attempt.answered(f"step {of.wrong.step}"))
    assert hunt.finding.outcome is Outcome.HELPED and hunt.naming is not None and not hunt.is_over
    hunt = hunt.with_attempt(hunt.attempt.answered(of.planted))
    assert hunt.is_over
    assert [attempt.outcome for attempt in hunt.tally.attempts] == [Outcome.HELPED, Outcome.RIGHT]


@pytest.mark.parametrize(("name", "said"), [("xor", "216 steps back"), ("sum", "no mistake can be hidden")])
def test_a_walk_that_does_not_serve_is_refused(name: str, said: str) -> None:
    with pytest.raises(GradwalkError, match=said):
        planted(load(name), 0)
