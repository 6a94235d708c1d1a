"""What every store of progress must do, whatever it keeps it in."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone

from gradwalk.engine.study.attempt import Outcome
from gradwalk.engine.study.level import Level
from gradwalk.engine.study.mastery import State
from gradwalk.engine.study.noted import Noted, WrongAnswer
from gradwalk.engine.study.task import TaskKind
from gradwalk.tui.progress.progress import Progress
from gradwalk.tui.progress.store import Change, Finished, Kept, ProgressStore, Stood
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .progress_tasks import One, attempt

LN, PRODUCT = "local derivative:ln", "contribution:*"
PARIS = timezone(timedelta(hours=1))

MakesStore = Callable[[], ProgressStore]
"""Each call gives a store anew, as another run of the program would; all keep the same progress."""

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
changes = st.one_of(
    st.builds(
        Noted,
        sitting=st.sampled_from(["here", "there"]),
        number=st.integers(1, 5),
        at=moments,
        day=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
        where=words,
        ask=words,
        kind=st.sampled_from([None, *TaskKind]),
        skills=st.lists(words, max_size=3).map(tuple),
        outcome=st.sampled_from([None, *Outcome]),
        hints=st.integers(0, 9),
        wrong=st.lists(
            st.builds(WrongAnswer, words, st.lists(st.lists(words, max_size=2).map(tuple), max_size=2).map(tuple)),
            max_size=2,
        ).map(tuple),
    ),
    st.builds(Finished, words, words, st.dates(date(2026, 1, 1), date(2027, 1, 1))),
    st.builds(Stood, st.sampled_from(["", "mine"]), words, st.integers(0, 99), st.integers(0, 9), moments),
)


class StoreContract:
    """To be inherited with a fixture `store` that is a `MakesStore`."""

    def test_another_run_finds_what_was_noted(self, store: MakesStore) -> None:
        assert Progress(store()).note(attempt("-1", "7", "?", "1"), "lesson ln") == ""
        (noted,) = Progress(store()).noted
        assert (noted.where, noted.ask, noted.kind, noted.skills) == ("lesson ln", "∂s/∂l", One().kind, (LN,))
        assert (noted.outcome, noted.hints) == (Outcome.HELPED, 1)
        assert noted.wrong == (WrongAnswer("-1", (("sign",), ("reciprocal", "other-operand"))), WrongAnswer("7"))
        again = Progress(store())
        assert again.mistakes() == {"sign": 1}
        assert again.outcomes("lesson ln") == {"∂s/∂l": Outcome.HELPED}
        assert again.outcomes("drill") == {}

    def test_three_days_of_mixed_practice_are_mastery(self, store: MakesStore) -> None:
        for day in (1, 2, 3):
            progress = Progress(store(), lambda day=day: datetime(2026, 3, day, 18, tzinfo=PARIS))
            for skill in (PRODUCT, LN):
                progress.note(attempt("1", skill=skill), "drill")
        last = Progress(store(), lambda: datetime(2026, 3, 9, tzinfo=PARIS))
        assert last.standing(LN).state is State.MASTERED
        assert last.standing(PRODUCT).state is State.LEARNING
        assert last.level(LN) is Level.RESULT

    def test_days_are_those_of_the_learner_s_calendar(self, store: MakesStore) -> None:
        progress = Progress(store(), lambda: datetime(2026, 3, 2, 0, 30, tzinfo=PARIS))
        progress.note(attempt("1"), "drill")
        (noted,) = Progress(store()).noted
        assert noted.day == date(2026, 3, 2)
        assert noted.at.isoformat() == "2026-03-01T23:30:00+00:00"

    def test_a_worked_example_is_noted_once_and_then_something_is_asked(self, store: MakesStore) -> None:
        progress = Progress(store())
        for _ in range(3):
            assert progress.show([LN], "fabc") == ""
        assert len(progress.noted) == 1
        assert Progress(store()).level(LN) is Level.LAST_FACTOR

    def test_lessons_and_places(self, store: MakesStore) -> None:
        progress = Progress(store())
        assert not progress.done("ln")
        assert progress.place() is None
        progress.finish("ln")
        progress.stand("chain", step=4, exercise=1)
        progress.stand("mine", course="/home/me/course.toml")
        again = Progress(store())
        assert again.done("ln")
        assert not again.done("ln", course="/home/me/course.toml")
        assert list(again.finished()) == ["ln"]
        assert [(p.lesson, p.step, p.exercise) for p in again.places.values()] == [("chain", 4, 1), ("mine", 0, 0)]

    def test_text_that_is_not_unicode_and_answers_without_end(self, store: MakesStore) -> None:
        odd = os.fsdecode(b"/home/\xff.toml")
        progress = Progress(store())
        assert progress.note(attempt("\udcff\0" + "9" * 10**5), f"lesson {odd}") == ""
        assert progress.finish("a", course=odd) == ""
        again = Progress(store())
        assert again.done("a", course=odd)
        assert len(again.noted[0].wrong[0].answer) <= 500

    def test_terminals_side_by_side_see_one_another(self, store: MakesStore) -> None:
        one, other = Progress(store()), Progress(store())
        one.note(attempt("1"), "drill")
        other.note(attempt("-1"), "drill")
        assert one.skills() == other.skills()
        assert one.standing(LN).answered == 2

    def test_reset_forgets_everything(self, store: MakesStore) -> None:
        progress, other = Progress(store()), Progress(store())
        progress.note(attempt("1"), "drill")
        progress.finish("ln")
        progress.reset()
        again = Progress(store())
        assert (again.skills(), again.done("ln")) == ({}, False)
        other.note(attempt("1"), "drill")
        assert len(Progress(store()).noted) == 1

    @given(st.lists(st.lists(changes, min_size=1, max_size=4), max_size=5))
    @settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
    def test_what_is_read_is_what_was_written_and_twice_is_once(
        self, store: MakesStore, drawn: Sequence[Sequence[Change]]
    ) -> None:
        """Against a plain model: of attempts and lessons the first one stays, of a place the last that was taken."""
        written = [_one_after_the_other(part, number) for number, part in enumerate(drawn)]
        store().reset()
        reader, mark, seen = store(), 0, list[Noted]()
        for part in written:
            store().write(part)
            store().write(part)
            kept = reader.read(mark)
            mark = kept.mark
            seen += kept.noted
        first: dict[object, Change] = {}
        for change in itertools.chain.from_iterable(written):
            match change:
                case Noted():
                    first.setdefault((change.sitting, change.number), change)
                case Finished():
                    first.setdefault((change.course, change.lesson, "lesson"), change)
                case Stood():
                    first[change.course] = change
        whole = _whole(store())
        assert seen == whole.noted == [change for change in first.values() if isinstance(change, Noted)]
        assert {*whole.finished} == {change for change in first.values() if isinstance(change, Finished)}
        assert {*whole.stood} == {change for change in first.values() if isinstance(change, Stood)}


def _one_after_the_other(part: Sequence[Change], number: int) -> list[Change]:
    """Have each place be taken no earlier than those before it, as clocks do."""
    at = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(seconds=number, microseconds=number % 2)
    return [
        Stood(change.course, change.lesson, change.step, change.exercise, at) if isinstance(change, Stood) else change
        for change in part
    ]


def _whole(store: ProgressStore) -> Kept:
    """Return all that is kept."""
    kept = store.read()
    noted = [*kept.noted]
    while kept.more:
        kept = store.read(kept.mark)
        noted += kept.noted
    return Kept(kept.mark, noted, kept.finished, kept.stood)
