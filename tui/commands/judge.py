"""`gradwalk judge`: one answer judged, without a screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...engine.errors import ExpressionError, GradwalkError, quoted
from .. import completing
from ..command_line import named_values, session_of
from ..output import writing

if TYPE_CHECKING:
    from ...engine.scenario import Scenario
    from ..session import Session

SECTION = "Study"

WRONG, UNREADABLE = 1, 2
"""The exit status of a wrong answer, and of one that cannot be read."""

_EPILOG = (
    "ASK is a node such as f for its value, ∂f/∂a of the output f for the whole gradient, ∂s/∂l for a local "
    "derivative, or f(a, b) for the equation of f in terms of a and b. ANSWER is a number or an expression; it may "
    "begin with a minus sign. The exit status is 0 where it is right, 1 where it is wrong, 2 where it cannot be read."
)


class _Answering(click.Command):
    """A command whose arguments may begin with a minus sign: -1/9 is an answer, and so is -h."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words apart: what begins with two minus signs and a letter is an option, and all else is none."""
        options: list[str] = []
        words: list[str] = []
        for place, word in enumerate(args):
            if word == "--":
                words += args[place + 1 :]
                break
            is_option = word.startswith("--") and word[2:3].isalpha()
            is_help = word == "-h" and len(words) < 2
            (options if is_option or is_help else words).append(word)
        return super().parse_args(ctx, [*options, "--", *words])


@click.command(cls=_Answering, epilog=_EPILOG)
@click.argument("place", metavar="SCENARIO_OR_EXPRESSION", shell_complete=completing.scenarios)
@click.argument("ask")
@click.argument("answer")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (`gradwalk schema judge` describes it).")
@click.pass_context
def command(ctx: click.Context, place: str, ask: str, answer: str, values: Sequence[str], as_json: bool) -> None:
    """Judge an answer, such as: gradwalk judge fabc ∂f/∂a -1/9"""
    from ...engine.study.tasks import read_task
    from ...engine.walk.trace import Trace

    scenario = _scenario(place, named_values(values), session_of(ctx))
    task = read_task(Trace(scenario.graph, scenario.notes), ask)
    try:
        verdict = task.judge(answer)
    except ExpressionError as error:
        if not as_json:
            raise
        from ...engine.export.judge_document import as_json as encoded
        from ...engine.export.judge_document import unreadable

        with writing():
            click.echo(encoded(unreadable(task.ask, task.kind, answer, str(error))))
        ctx.exit(UNREADABLE)
    with writing():
        if as_json:
            from ...engine.export.judge_document import as_json as encoded
            from ...engine.export.judge_document import judge_document

            click.echo(encoded(judge_document(task.ask, task.kind, verdict)))
        else:
            _print(part for part in (verdict.sentence, verdict.remark) if part)
    ctx.exit(0 if verdict.right else WRONG)


def _print(sentences: Iterable[str]) -> None:
    from ..words.console import write
    from ..words.lines import line

    write(map(line, sentences))


def _scenario(place: str, values: dict[str, str], session: Session) -> Scenario:
    """Open a scenario, with other values for its inputs where some are given, or make one of an expression."""
    from ...engine.reading.arguments import from_expression

    if not _is_scenario(place, session):
        return from_expression(place, values)
    scenario = session.load(place)
    if not values:
        return scenario
    if scenario.definition is None:
        raise GradwalkError(f"{scenario.name} is trained: its values come from its file")
    from dataclasses import replace

    definition = scenario.definition
    for name in values:
        if name not in definition.inputs:
            raise GradwalkError(
                f"{scenario.name} has no input {quoted(name)}; its inputs are {', '.join(definition.inputs)}"
            )
    changed = replace(definition, inputs={**definition.inputs, **values})
    return replace(scenario, graph=changed.build().graph, definition=changed)


def _is_scenario(place: str, session: Session) -> bool:
    """Say whether a scenario is meant, and not an expression: what is a name alone can be nothing else."""
    from ...engine.language.names import is_name
    from ...engine.library import built_in_names

    if place in built_in_names() or is_name(place) or place.endswith(".toml"):
        return True
    try:
        return session.may_use_files and Path(place).exists()
    except (OSError, ValueError):
        return False  # no path: too long, or with a null character
