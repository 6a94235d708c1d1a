"""Mastery, due and fading, against a plain reading of the rule; skills by id and in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from gradwalk.engine.rules.ops import OPS
from gradwalk.engine.study.attempt import Outcome
from gradwalk.engine.study.level import Level
from gradwalk.engine.study.mastery import Mastery, State, urgency
from gradwalk.engine.study.noted import Noted, WrongAnswer
from gradwalk.engine.study.skills import skill_words, skills_of
from gradwalk.engine.study.task import TaskKind
from hypothesis import given
from hypothesis import strategies as st

LN, PRODUCT, SUM = "local derivative:ln", "contribution:*", "value:+"
RIGHT, HELPED, WRONG, SKIPPED = Outcome.RIGHT, Outcome.HELPED, Outcome.WRONG, Outcome.SKIPPED
SHOWN = None


def note(
    skills: str | tuple[str, ...],
    outcome: Outcome | None = RIGHT,
    day: int = 1,
    sitting: str = "one",
    wrong: tuple[WrongAnswer, ...] = (),
) -> Noted:
    skills = (skills,) if isinstance(skills, str) else skills
    when = date(2026, 3, day)
    return Noted(sitting, 0, datetime(2026, 3, day, tzinfo=UTC), when, "drill", "?", None, skills, outcome, wrong=wrong)


def mixed(skill: str, day: int, outcome: Outcome = RIGHT) -> list[Noted]:
    """Make an attempt at a skill right after one at another."""
    return [note(SUM, day=day), note(skill, outcome, day)]


def state(notes: Sequence[Noted], skill: str = LN, today: int = 28) -> State:
    return Mastery(notes).standing(skill, date(2026, 3, today)).state


class TestTheRule:
    def test_right_without_help_on_three_days_mixed_with_others_is_mastered(self) -> None:
        notes = [*mixed(LN, 1), *mixed(LN, 2), *mixed(LN, 3)]
        assert state(notes) is State.MASTERED
        assert state(notes[:-1]) is State.DUE
        assert state(notes[:-1], today=2) is State.LEARNING
        assert state([]) is State.NEW

    def test_three_times_on_one_day_is_not(self) -> None:
        assert Mastery([*mixed(LN, 1), *mixed(LN, 1), *mixed(LN, 1)]).standing(LN, date(2026, 3, 2)).days == 1

    def test_one_kind_after_the_other_is_not_mixed(self) -> None:
        assert state([note(LN, day=day) for day in (1, 1, 1, 2, 2, 2, 3, 3, 3)]) is State.LEARNING

    @pytest.mark.parametrize("outcome", [HELPED, WRONG, SKIPPED])
    def test_help_a_wrong_answer_or_none_is_not_right(self, outcome: Outcome) -> None:
        assert state([*mixed(LN, 1), *mixed(LN, 2), *mixed(LN, 3, outcome)]) is not State.MASTERED

    def test_the_others_must_be_of_the_same_sitting_and_day(self) -> None:
        elsewhere = [one for day in (1, 2, 3) for one in (note(SUM, day=day, sitting="two"), note(LN, day=day))]
        assert state(elsewhere) is State.LEARNING
        past_midnight = [one for day in (1, 2, 3) for one in (note(SUM, day=day), note(LN, day=day + 10))]
        assert state(past_midnight) is State.LEARNING

    def test_what_went_wrong_since_takes_mastery_until_it_counts_again(self) -> None:
        notes = [*mixed(LN, 1), *mixed(LN, 2), *mixed(LN, 3), note(LN, WRONG, 4)]
        assert state(notes) is State.LEARNING
        assert state([*notes, note(LN, RIGHT, 4)]) is State.LEARNING
        assert state([*notes, *mixed(LN, 4)]) is State.MASTERED

    def test_a_clock_that_goes_backwards_takes_nothing_and_gives_nothing(self) -> None:
        assert state([*mixed(LN, 9), *mixed(LN, 2), *mixed(LN, 5)]) is State.MASTERED
        assert state([*mixed(LN, 9), *mixed(LN, 2), *mixed(LN, 9)]) is State.DUE


class TestFading:
    def test_each_right_answer_asks_for_more_and_a_wrong_one_for_less(self) -> None:
        mastery, seen = Mastery(), list[Level]()
        for outcome in (SHOWN, RIGHT, RIGHT, RIGHT, WRONG, HELPED, SKIPPED, WRONG, WRONG, WRONG, HELPED):
            mastery.add(note(LN, outcome))
            seen.append(mastery.level(LN))
        example, factor, step, result = Level
        assert seen == [factor, step, result, result, step, step, step, factor, example, example, factor]
        assert mastery.level(PRODUCT) is Level.WORKED_EXAMPLE

    def test_an_example_that_is_shown_again_is_no_practice(self) -> None:
        standing = Mastery([note(LN, SHOWN)] * 3).standing(LN, date(2026, 3, 1))
        assert (standing.state, standing.level, standing.answered) == (State.NEW, Level.LAST_FACTOR, 0)


class TestWhatToPractise:
    def test_what_is_weak_comes_first_then_what_is_due(self) -> None:
        notes = [*mixed("a:x", 1), *mixed("b:x", 1, WRONG), *mixed("c:x", 2)]
        to_practise = Mastery(notes).to_practise(date(2026, 3, 2))
        assert [one.skill for one in to_practise] == ["b:x", SUM, "a:x"]
        assert list(map(urgency, to_practise)) == [5, 4, 4]

    def test_mistakes_are_counted_by_what_fits_best(self) -> None:
        wrong = (
            WrongAnswer("1", (("sign",), ("reciprocal",))),
            WrongAnswer("2"),
            WrongAnswer("3", (("sign", "mean-forgotten"),)),
        )
        standing = Mastery([note(LN, WRONG, wrong=wrong)]).standing(LN, date(2026, 3, 1))
        assert standing.mistakes == (("sign", 2), ("mean-forgotten", 1))


noted = st.builds(
    note,
    st.sampled_from([LN, PRODUCT, SUM, (LN, PRODUCT)]),
    st.sampled_from([RIGHT, RIGHT, RIGHT, HELPED, WRONG, SKIPPED, SHOWN]),
    st.integers(1, 4),
    st.sampled_from(["one", "two"]),
)


@given(st.lists(noted, max_size=30), st.integers(1, 5))
def test_the_rule_read_to_the_letter_gives_the_same(notes: list[Noted], today: int) -> None:
    for skill in (LN, PRODUCT, SUM):
        counting: list[int] = []
        failing: list[int] = []
        answered = False
        for place, one in enumerate(notes):
            if skill not in one.skills or one.outcome in (SKIPPED, SHOWN):
                continue
            answered = True
            if one.outcome is not RIGHT:
                failing.append(place)
            earlier = [other for other in notes[:place] if other.sitting == one.sitting and other.outcome is not SHOWN]
            if one.outcome is RIGHT and earlier and earlier[-1].day == one.day and skill not in earlier[-1].skills:
                counting.append(place)
        days = {notes[place].day for place in counting}
        standing = Mastery(notes).standing(skill, date(2026, 3, today))
        went_wrong_since = bool(failing) and bool(counting) and failing[-1] > counting[-1]
        assert (standing.state is State.NEW) == (not answered)
        assert (standing.state is State.MASTERED) == (len(days) >= 3 and not went_wrong_since)
        on_its_way = 0 < len(days) < 3 and not went_wrong_since and date(2026, 3, today) not in days
        assert (standing.state is State.DUE) == on_its_way
        assert standing.days == len(days)


class TestSkills:
    @pytest.mark.parametrize(
        ("kind", "op", "skill", "words"),
        [
            (TaskKind.VALUE, "div", "value:/", "value of a quotient"),
            (TaskKind.LOCAL_DERIVATIVE, "ln", "local derivative:ln", "local derivative of ln(x)"),
            (TaskKind.CONTRIBUTION, "mul", "contribution:*", "contribution through a product"),
            (TaskKind.EQUATION, "", "equation", "equation of a graph"),
        ],
    )
    def test_a_skill_is_a_kind_and_a_rule(self, kind: TaskKind, op: str, skill: str, words: str) -> None:
        assert skills_of(kind, op) == (skill,)
        assert skill_words(skill) == words

    def test_a_gradient_is_one_contribution_or_several(self) -> None:
        assert skills_of(TaskKind.GRADIENT) == ("gradient:chain",)
        assert skills_of(TaskKind.GRADIENT, contributions=2) == ("gradient:several",)

    def test_no_two_operations_are_one_skill(self) -> None:
        skills = [skills_of(TaskKind.VALUE, op.name)[0] for op in OPS]
        assert len({*skills, *map(skill_words, skills)}) == 2 * len(OPS)

    def test_an_operation_that_is_none_is_refused_and_an_unknown_skill_stays_as_it_is(self) -> None:
        with pytest.raises(ValueError, match="no operation"):
            skills_of(TaskKind.VALUE, "lnn")
        assert skill_words("juggling:3") == "juggling:3"
