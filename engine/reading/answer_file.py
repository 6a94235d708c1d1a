"""Files of answers to be graded: TOML or CSV, of one person or of many.

TOML: a key for each answer, or a table `[students.NAME]` for each person; a table inside is a lesson of a course.

    "∂f/∂a" = "-1/9"          [students.ada]
                              "∂f/∂a" = "-1/9"

CSV: the columns `ask` and `answer`, and where they are needed `student` and `lesson`; or a column for each exercise,
and a row for each person.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any, cast

from ..errors import Problems, ScenarioError, quoted
from ..study.grading import Place, Sheet
from .csv_rows import csv_rows
from .source import Source

MAX_FILE_SIZE = 20_000_000
"""The largest file of answers that is read, in bytes."""

_STUDENT, _LESSON, _ASK, _ANSWER = "student", "lesson", "ask", "answer"
_SHAPES = "the first line names the columns: student,ask,answer, or student and what is asked: student,∂f/∂a,∂f/∂b"


def read_answers(path: str, content: bytes) -> list[Sheet]:
    """Read the content of a file of answers; `path` is what errors call it, and says by its end which kind it is.

    The sheets come in the order in which each person is first named. Raises ScenarioError where it cannot be read.
    """
    if len(content) > MAX_FILE_SIZE:
        hint = f"a file of answers has at most {MAX_FILE_SIZE / 1e6:g} MB"
        raise ScenarioError("the file is too large", path, hint=hint)
    source = Source.decode(path, content)
    if path.casefold().endswith((".csv", ".tsv")):
        return _Csv(source).sheets()
    return _of_toml(source)


def _of_toml(source: Source) -> list[Sheet]:
    source.tables('an answer is a key and a value: "∂f/∂a" = "-1/9"')
    tables = tomllib.loads(source.text, parse_float=_as_written)
    problems = Problems()
    students = tables.get("students")
    with source.places():
        if not isinstance(students, dict):
            sheets = [Sheet("", _answers(problems, tables))]
        else:
            for key in tables:
                if key != "students":
                    problems.add("an answer stands in the table of a student", key, hint="[students.NAME]")
            sheets = [
                Sheet(name, _answers(problems, answers, "students", name))
                for name, answers in cast(dict[str, Any], students).items()
            ]
        problems.stop()
    return sheets


def _as_written(number: str) -> str:
    """Keep the digits of a number: 0.100 is rounded to three of them, and 0.1 to one."""
    return number.replace("_", "")


def _answers(problems: Problems, table: Any, *keys: str) -> dict[Place, str]:
    """Return the answers of a table, those of the tables in it as a lesson's."""
    if not isinstance(table, dict):
        problems.add_value("this must be a table of answers", *keys)
        return {}
    answers: dict[Place, str] = {}
    for key, value in cast(dict[str, Any], table).items():
        if isinstance(value, dict) and len(keys) in (0, 2):
            inside = _answers(problems, value, *keys, key)
            found = {Place(place.ask, place.lesson or key): answer for place, answer in inside.items()}
        elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            found = {Place.read(key): str(value)}
        else:
            problems.add_value("an answer is a number, or an expression in quotes", *keys, key)
            continue
        for place, answer in found.items():
            if place in answers:
                problems.add(f"{place} is answered twice", *keys, key)
            answers[place] = answer
    return answers


class _Csv:
    """A CSV file of answers; errors name its lines."""

    def __init__(self, source: Source) -> None:
        self._path = source.path
        text = source.text.replace("\r", "\n")
        head = next((row for row in text.split("\n") if row.strip()), "")
        self._rows = list(csv_rows(source.path, text, max(",;\t", key=head.count)))

    def sheets(self) -> list[Sheet]:
        """Return what each person has answered."""
        if not self._rows:
            raise ScenarioError("the file is empty", self._path, hint=_SHAPES)
        (line, header), *rows = self._rows
        names = [name.casefold() for name in header]
        doubled = next((name for place, name in enumerate(header) if name and names[place] in names[:place]), "")
        if doubled:
            raise ScenarioError(f"two columns are called {quoted(doubled)}", self._path, line=line)
        for number, row in rows:
            if len(row) != len(header):
                message = f"this row has {len(row)} cells, but the header has {len(header)}"
                raise ScenarioError(message, self._path, line=number, hint="a cell with a comma in it stands in quotes")
        if _ASK in names and _ANSWER in names:
            return self._one_a_row(names, rows)
        if _ASK in names or _ANSWER in names:
            missing = _ANSWER if _ASK in names else _ASK
            raise ScenarioError(f"there is no column {quoted(missing)}", self._path, line=line, hint=_SHAPES)
        return self._one_a_column(line, header, names, rows)

    def _one_a_row(self, names: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> list[Sheet]:
        found: dict[str, dict[Place, str]] = {}
        for number, row in rows:
            cells = dict(zip(names, row, strict=True))
            place = Place.read(cells[_ASK])
            place = Place(place.ask, cells.get(_LESSON, "") or place.lesson)
            if not place.ask:
                raise ScenarioError("this row does not say what it answers", self._path, line=number)
            answers = found.setdefault(cells.get(_STUDENT, ""), {})
            if place in answers:
                raise ScenarioError(f"{place} is answered twice", self._path, line=number)
            answers[place] = cells[_ANSWER]
        return [Sheet(student, answers) for student, answers in found.items()]

    def _one_a_column(
        self, line: int, header: Sequence[str], names: Sequence[str], rows: Sequence[tuple[int, list[str]]]
    ) -> list[Sheet]:
        places = {number: Place.read(name) for number, name in enumerate(header) if name and names[number] != _STUDENT}
        if not places or len(set(places.values())) < len(places):
            what = "no column names what is asked" if not places else "two columns ask for the same"
            raise ScenarioError(what, self._path, line=line, hint=_SHAPES)
        column = names.index(_STUDENT) if _STUDENT in names else None
        sheets: dict[str, Sheet] = {}
        for number, row in rows:
            student = "" if column is None else row[column]
            if student in sheets:
                who = f"{quoted(student)} has" if student else "somebody without a name has"
                raise ScenarioError(f"{who} two rows", self._path, line=number, hint="a column student says who it is")
            sheets[student] = Sheet(student, {place: row[at] for at, place in places.items()})
        return list(sheets.values())
