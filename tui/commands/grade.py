"""`gradwalk grade`: files of answers judged, with points and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from .. import completing
from ..command_line import session_of

if TYPE_CHECKING:
    from ...engine.study.grading import Exercise, GradedSheet

SECTION = "Teach"

_EPILOG = (
    "EXERCISES is a scenario, of which the [[exercise]] entries are graded, or a course, with those of its lessons: a "
    'file or a built-in name. ANSWERS is TOML, such as "∂f/∂a" = "-1/9", in a table [students.NAME] for each of many; '
    "or CSV with the columns student, ask and answer, or student and what is asked. The exit status is 0 whatever the "
    "answers are, and 2 where a file cannot be read."
)


@click.command(short_help="Grade a file of answers, with a diagnosis of each.", epilog=_EPILOG)
@click.argument("exercises", shell_complete=completing.scenarios_and_courses)
@click.argument("answers", shell_complete=completing.files)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (`gradwalk schema grade` describes it).")
@click.pass_context
def command(ctx: click.Context, exercises: str, answers: str, as_json: bool) -> None:
    """Grade a file of answers, such as: gradwalk grade fabc answers.toml"""
    from ...engine.exercise_set import load_exercises
    from ...engine.reading.answer_file import read_answers
    from ...engine.study.grading import Grader

    session_of(ctx).need_files("grade")
    asked = load_exercises(exercises)
    grader = Grader(asked)
    sheets = [grader.grade(sheet) for sheet in read_answers(answers, _content(answers))]
    if as_json:
        _print_json(asked, sheets)
    else:
        _print(asked, sheets)


def _content(file: str) -> bytes:
    from pathlib import Path

    from ...engine.errors import GradwalkError
    from ...engine.reading.answer_file import MAX_FILE_SIZE

    try:
        with Path(file).open("rb") as opened:
            return opened.read(MAX_FILE_SIZE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise GradwalkError(f"{file}: the answers cannot be read: {reason}") from None


def _print_json(exercises: Sequence[Exercise], sheets: Sequence[GradedSheet]) -> None:
    from ...engine.export.grade_document import as_json, grade_document
    from ..output import writing

    with writing():
        click.echo(as_json(grade_document(exercises, sheets)))


def _print(exercises: Sequence[Exercise], sheets: Sequence[GradedSheet]) -> None:
    from ..output import writing
    from ..words.console import console, write
    from ..words.grading import can_hold_marks, overview_lines, sheet_lines
    from ..words.lines import Line

    out = console()
    with_marks = can_hold_marks(out.encoding)
    lines = [line for sheet in sheets for line in (*sheet_lines(sheet, with_marks=with_marks), Line())]
    lines = [*lines, *overview_lines(exercises, sheets)] if len(sheets) > 1 else lines[:-1]
    with writing():
        write(lines, out)
