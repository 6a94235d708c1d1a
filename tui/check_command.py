"""`gradwalk check`: scenario files checked without a screen."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ..engine.checking.gradients import MOST_GRADIENTS, Check, check_gradients
from ..engine.courses import is_course, load_course, load_lesson, open_lesson
from ..engine.errors import GradwalkError, printable
from ..engine.export import check_document
from ..engine.library import built_in_names
from ..engine.run.loop import Run
from ..engine.run.plan import compiled
from ..engine.run.plan import run as run_once
from ..engine.scenario import Scenario
from ..engine.shelf import Shelf
from ..engine.study.stated_answers import AnswerCheck, check_answers
from ..engine.training.scenario import TrainingScenario
from .output import writing
from .session import Session
from .words.checking import answer_lines, check_lines
from .words.console import console, rich_text, write
from .words.lines import Line, line

DIFFERS, WRONG = 1, 2
"""The exit status where something differs, and where a file is wrong."""

WIDTH = 80
"""Cells of a line, wherever it is printed."""

_SECONDS_BETWEEN_WORDS = 0.2

_PLAIN_MARKS = str.maketrans({"✓": "+", "✗": "x"})


@dataclass(frozen=True)
class _Checked:
    """What comes of a file that can be read."""

    file: str
    scenario: Scenario
    check: Check
    answers: Sequence[AnswerCheck]
    epoch: int | None

    @property
    def differs(self) -> bool:
        return self.check.differs or not all(answer.agrees for answer in self.answers)


@dataclass(frozen=True)
class _Wrong:
    """A file that cannot be read, and why."""

    file: str
    error: GradwalkError


def run(
    files: Sequence[str], session: Session, *, as_json: bool, epoch: int | None = None, most: int | None = None
) -> int:
    """Check files, built-in scenarios and the scenario files of folders; print what was found, return the exit status.

    All of them are looked at, whatever is wrong with some. `epoch` is after how many epochs a training is checked.
    """
    results: list[_Checked | _Wrong] = []
    out = console()
    for place in files:
        for file in _expanded(place, session):
            result = file if isinstance(file, _Wrong) else _checked(file, session, epoch, most)
            results.append(result)
            if not as_json:
                with writing():
                    write([*(() if len(results) == 1 else (Line(),)), *_wrapped(_lines(result), out)], out)
    status = 0
    if any(isinstance(result, _Checked) and result.differs for result in results):
        status = DIFFERS
    if any(isinstance(result, _Wrong) for result in results):
        status = WRONG
    with writing():
        if as_json:
            records = [_record(result) for result in results]
            document = check_document.CheckDocument(check_document.VERSION, status, records)
            click.echo(check_document.as_json(document))
        elif len(results) > 1:
            write([Line(), _summary(results)], out)
    return status


def _expanded(place: str, session: Session) -> Iterator[str | _Wrong]:
    """Yield the files of a folder, those that the lessons of a course name, or what is neither."""
    if not place or place in built_in_names() or not session.may_use_files:
        yield place
        return
    if is_course(place):
        yield from _lessons(place)
        return
    if not Path(place).is_dir():
        yield place
        return
    try:
        listing = Shelf([place]).listing()
    except GradwalkError as error:
        yield _Wrong(place, error)
        return
    for card in listing.cards:
        path = card.path
        yield card.name if path is None else _relative(path)


def _lessons(place: str) -> Iterator[str | _Wrong]:
    """Yield the scenario of each lesson of a course, and what is wrong with the lesson itself."""
    try:
        course = load_course(place)
    except GradwalkError as error:
        yield _Wrong(place, error)
        return
    for lesson in course.lessons:
        try:
            open_lesson(course, lesson, load_lesson(course, lesson))
        except GradwalkError as error:
            yield _Wrong(lesson.name, error)
        else:
            yield lesson.scenario if lesson.scenario in built_in_names() else _relative(Path(lesson.scenario))


def _relative(path: Path) -> str:
    """Return a path as it is shortest: from here, where it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _checked(file: str, session: Session, epoch: int | None, most: int | None) -> _Checked | _Wrong:
    try:
        scenario = session.load(file)
        reached, numbers = _numbers(scenario, epoch)
        check = check_gradients(scenario.graph, numbers, most=most or MOST_GRADIENTS, report=_Progress(file))
        asked = () if reached else scenario.exercises  # an answer is that of the walk before the first epoch
        return _Checked(file, scenario, check, check_answers(scenario.graph, numbers, asked), reached)
    except GradwalkError as error:
        return _Wrong(file, error)


def _numbers(scenario: Scenario, epoch: int | None) -> tuple[int | None, Run]:
    """Return the numbers of a scenario's graph, of a training after so many epochs, and how many these are."""
    if not isinstance(scenario, TrainingScenario):
        if epoch is not None:
            raise GradwalkError(f"{scenario.name} has nothing to train, so it has no epoch {epoch}")
        return None, run_once(scenario.graph)
    if not epoch:
        return 0, run_once(scenario.graph)
    trainer = scenario.trainer()
    while trainer.history.last < epoch:
        if not trainer.train_epoch():
            raise GradwalkError(
                f"{scenario.name} ends after {trainer.history.last:,} epochs; it has no epoch {epoch:,}"
            )
    plan = compiled(scenario.graph)
    plan.run(scenario.model.leaf_values(trainer.history[epoch].parameters))
    return epoch, plan.record()


def _lines(result: _Checked | _Wrong) -> list[Line]:
    if isinstance(result, _Wrong):
        return [line((result.file, "heading")), *(line(text) for text in str(result.error).split("\n"))]
    after = "" if not result.epoch else f", after {result.epoch:,} epochs"
    title = line((result.file, "heading"), (f"  {result.scenario.title}{after}", "label"))
    answers = answer_lines(result.answers)
    return [title, *check_lines(result.check, WIDTH), *answers]


def _wrapped(lines: Sequence[Line], out: Console) -> Iterator[Line | Text]:
    """Break the lines that are too long between words."""
    for each in lines if _can_be_written("✓✗", out.encoding) else map(_with_plain_marks, lines):
        if cell_len(each.plain) <= WIDTH or each.plain.startswith(" "):
            yield each
        else:
            for row in rich_text(each).wrap(out, WIDTH):
                row.rstrip()
                yield row


def _can_be_written(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _with_plain_marks(each: Line) -> Line:
    """Write other marks: a "?" in place of a character that the output cannot hold would say something else."""
    return line(*((text.translate(_PLAIN_MARKS), style) for text, style in each.styled))


def _record(result: _Checked | _Wrong) -> check_document.FileRecord:
    if isinstance(result, _Wrong):
        return check_document.wrong_file(result.file, result.error)
    return check_document.file_record(result.file, result.scenario, result.check, result.answers, result.epoch)


def _summary(results: Sequence[_Checked | _Wrong]) -> Line:
    wrong = sum(isinstance(result, _Wrong) for result in results)
    differ = sum(isinstance(result, _Checked) and result.differs for result in results)
    agree = len(results) - wrong - differ
    said = [f"{len(results):,} files", f"{agree:,} agree{'s' * (agree == 1)}"]
    said += [f"{differ:,} differ{'s' * (differ == 1)}"] if differ else []
    said += [f"{wrong:,} {'is' if wrong == 1 else 'are'} wrong"] if wrong else []
    return line((f"{said[0]}: {', '.join(said[1:])}.", "heading"))


class _Progress:
    """On a terminal, says now and then how far the check of a file is, and takes it back at the end."""

    def __init__(self, file: str) -> None:
        self._file = file
        terminal = console(stderr=True)
        self._shown = terminal.is_terminal and not terminal.is_dumb_terminal
        self._said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Say it, where the last words are old enough."""
        if self._shown and (done == total or time.monotonic() - self._said >= _SECONDS_BETWEEN_WORDS):
            self._said = time.monotonic()
            words = "" if done == total else f"{self._file}: {done:,} of {total:,} gradients"
            click.echo(f"\r{printable(words)}\x1b[K", nl=False, err=True)
