"""`Progress`: what somebody has practised and where they stand; it outlives whatever happens to its store."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from ...engine.errors import shortened
from ...engine.study.attempt import Attempt, Outcome
from ...engine.study.level import Level
from ...engine.study.mastery import Mastery, Standing
from ...engine.study.noted import Noted, WrongAnswer, wrong_answers
from ...engine.study.task import TaskKind
from .store import Change, Finished, Kept, NoStore, ProgressStore, Stood, StoreError

_LONGEST_ANSWER = 500
"""So many characters of a wrong answer are kept."""


def here_and_now() -> datetime:
    """Return the time where the learner is."""
    return datetime.now().astimezone()


def _text(text: str) -> str:
    """Return a text as it can be kept: the name of a file need not be Unicode, and no database takes a character 0."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


class Progress:
    """What somebody has practised: alone it is kept between runs, for a guest as long as the program runs.

    Everything is held in memory too. Where the store fails, that is said once, and the session goes on; what could not
    be written is tried again with what comes next, and when the store can be read again. That it is remembered after
    all is said, too. Days are calendar days of the clock where the learner is.
    """

    def __init__(
        self, store: ProgressStore | None = None, clock: Callable[[], datetime] = here_and_now, to_say: str = ""
    ) -> None:
        """Keep progress in a store, or else in memory alone; `to_say` is the first problem that is told."""
        self._store = NoStore() if store is None else store
        self._clock = clock
        self._sitting = secrets.token_hex(8)
        self._number = 0
        self._mark = 0
        self._noted: dict[tuple[str, int], Noted] = {}
        self._mastery = Mastery()
        self._finished: dict[tuple[str, str], Finished] = {}
        self._stood: dict[str, Stood] = {}
        self._unwritten: list[Change] = []
        self._to_say = [to_say] if to_say else list[str]()
        self._has_failed = False
        self._was_unreadable = False
        self._has_given_up = False

    # ---- what was practised

    def note(self, attempt: Attempt, where: str) -> str:
        """Keep an attempt that is closed, made in a part of the program such as `drill` or `lesson ln`.

        It is on the disk when this returns, unless the sentence that is returned says why not (see `problem`). An
        attempt that is open is not noted: nothing has come of it yet.
        """
        if attempt.is_open:
            return self.problem()
        task = attempt.task
        wrong = tuple(
            WrongAnswer(_text(shortened(answer.answer, _LONGEST_ANSWER)), answer.findings)
            for answer in wrong_answers(attempt)
        )
        return self._note(where, task.skills, _text(task.ask), task.kind, attempt.outcome, attempt.hints_shown, wrong)

    def show(self, skills: Iterable[str], where: str) -> str:
        """Keep that a step was shown as a worked example, for those of its skills whose level asks for one."""
        shown = tuple(skill for skill in skills if self.level(skill) is Level.WORKED_EXAMPLE)
        if not shown:
            return self.problem()
        return self._note(where, shown)

    def skills(self) -> dict[str, Standing]:
        """Return how they stand with every skill that was asked or shown, in the order in which it first was."""
        self._refresh()
        return self._mastery.standings(self.today)

    def standing(self, skill: str) -> Standing:
        """Return how they stand with one skill; it is new where it was never asked."""
        self._refresh()
        return self._mastery.standing(skill, self.today)

    def level(self, skill: str) -> Level:
        """Return how much of a step that needs this skill is to be asked next."""
        self._refresh()
        return self._mastery.level(skill)

    def to_practise(self) -> list[Standing]:
        """Return the skills to practise now, the most needful first; those that were never asked are not among them."""
        self._refresh()
        return self._mastery.to_practise(self.today)

    def mistakes(self) -> Counter[str]:
        """Count the mistakes that fit best to their wrong answers, by id."""
        self._refresh()
        return Counter(mistake for noted in self._noted.values() for mistake in noted.mistakes)

    def outcomes(self, where: str) -> dict[str, Outcome]:
        """Return what last came of each thing that was asked in some part of the program, such as `lesson ln`."""
        self._refresh()
        return {
            noted.ask: noted.outcome
            for noted in self._noted.values()
            if noted.where == _text(where) and noted.outcome is not None
        }

    @property
    def noted(self) -> Sequence[Noted]:
        """Everything that was noted, in that order."""
        self._refresh()
        return list(self._noted.values())

    @property
    def today(self) -> date:
        """The calendar day where the learner is."""
        return self._clock().date()

    # ---- lessons

    def done(self, lesson: str, course: str = "") -> bool:
        """Say whether a lesson was done to its end. A course is named by `Course.place`."""
        self._refresh()
        return (_text(course), _text(lesson)) in self._finished

    def finish(self, lesson: str, course: str = "") -> str:
        """Keep that a lesson was done to its end; return what `note` returns."""
        if self.done(lesson, course):
            return self.problem()
        return self._change(Finished(_text(course), _text(lesson), self.today))

    def finished(self, course: str = "") -> dict[str, date]:
        """Return the lessons of a course that were done, with the day of each."""
        self._refresh()
        return {lesson: one.day for (of, lesson), one in self._finished.items() if of == _text(course)}

    def place(self, course: str = "") -> Stood | None:
        """Return where they last stood in a course; None where it was not begun."""
        self._refresh()
        return self._stood.get(_text(course))

    def stand(self, lesson: str, step: int = 0, exercise: int = 0, course: str = "") -> str:
        """Keep where they are in a course; return what `note` returns.

        It waits for the disk, some milliseconds: call it when something was answered and when a lesson is left.
        """
        course, lesson = _text(course), _text(lesson)
        before = self._stood.get(course)
        if before is not None and (before.lesson, before.step, before.exercise) == (lesson, step, exercise):
            return self.problem()
        return self._change(Stood(course, lesson, step, exercise, self._clock().astimezone(UTC)))

    @property
    def lessons(self) -> Mapping[tuple[str, str], Finished]:
        """All lessons that were done, by course and name."""
        self._refresh()
        return dict(self._finished)

    @property
    def places(self) -> Mapping[str, Stood]:
        """Where they stand in each course."""
        self._refresh()
        return dict(self._stood)

    # ---- the store

    @property
    def kept_at(self) -> str:
        """Where progress is kept; empty where it is in memory alone."""
        return self._store.place

    @property
    def outlives(self) -> bool:
        """Whether what was noted outlives the program; not in memory alone, nor where the store has failed."""
        return bool(self._store.place) and not self._has_failed

    @property
    def has_failed(self) -> bool:
        """Whether the store could not be read or written when it was last tried."""
        return self._has_failed

    def problem(self) -> str:
        """Return what is to be said of the store since it was last asked, each thing once; mostly nothing."""
        said, self._to_say = "\n".join(self._to_say), []
        return said

    def flush(self) -> None:
        """Try once more to write what could not be written."""
        if self._unwritten:
            self._write()

    def reset(self) -> None:
        """Forget everything; StoreError where that cannot be written, and then nothing is forgotten."""
        self._store.reset()
        self._to_say += self._store.notices()
        self._noted.clear()
        self._finished.clear()
        self._stood.clear()
        self._unwritten.clear()
        self._mastery = Mastery()

    def _note(
        self,
        where: str,
        skills: tuple[str, ...],
        ask: str = "",
        kind: TaskKind | None = None,
        outcome: Outcome | None = None,
        hints: int = 0,
        wrong: tuple[WrongAnswer, ...] = (),
    ) -> str:
        self._number += 1
        now = self._clock()
        at, day = now.astimezone(UTC), now.date()
        noted = Noted(
            self._sitting, self._number, at, day, _text(where), ask, kind, skills, outcome, hints=hints, wrong=wrong
        )
        return self._change(noted)

    def _change(self, change: Change) -> str:
        self._refresh()
        self._unwritten.append(change)
        self._take(change)
        self._write()
        self._hear_of_a_new_store()
        return self.problem()

    def _write(self) -> None:
        if self._has_given_up:
            return
        try:
            self._store.write(self._unwritten)
        except StoreError as error:
            self._failed(error)
        else:
            self._unwritten = []
            self._recovered()

    def _refresh(self) -> None:
        """Take in what other terminals have written since."""
        if self._has_given_up:
            return
        kept = Kept(self._mark, more=True)
        while kept.more:
            try:
                kept = self._store.read(self._mark)
            except StoreError as error:
                self._failed(error)
                self._was_unreadable = True
                kept = Kept(self._mark)
            else:
                self._readable()
            self._mark = kept.mark
            for change in (*kept.noted, *kept.finished, *kept.stood, *self._unwritten):
                self._take(change)
        self._hear_of_a_new_store()

    def _take(self, change: Change) -> None:
        match change:
            case Noted():
                key = (change.sitting, change.number)
                if key not in self._noted:
                    self._noted[key] = change
                    self._mastery.add(change)
            case Finished():
                self._finished.setdefault((change.course, change.lesson), change)
            case Stood():
                self._stood[change.course] = change

    def _failed(self, error: StoreError) -> None:
        self._has_given_up = error.is_final
        if not self._has_failed:
            self._has_failed = True
            self._to_say.append(f"progress is not remembered: {error}; this session goes on in memory")

    def _readable(self) -> None:
        """The store answers: what could not be written before may now be."""
        was_unreadable, self._was_unreadable = self._was_unreadable, False
        if not self._unwritten:
            self._recovered()
        elif was_unreadable:
            self._write()

    def _recovered(self) -> None:
        if self._has_failed:
            self._has_failed = False
            self._to_say.append("progress is remembered again")

    def _hear_of_a_new_store(self) -> None:
        """Where the store was damaged and begun anew, give it what is known of the old one."""
        notices = self._store.notices()
        if notices:
            self._to_say += notices
            self._mark = 0
            self._unwritten = [*self._noted.values(), *self._finished.values(), *self._stood.values()]
            if self._unwritten:
                self._write()
