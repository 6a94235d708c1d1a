"""`gradwalk schema`: what files and printed JSON are made of."""

from __future__ import annotations

import click

from ..output import writing

SECTION = "Look up"

SCHEMAS = {
    "scenario": "reading.schema",
    "course": "reading.course_schema",
    "trace": "export.walk_document",
    "history": "export.history_document",
    "check": "export.check_document",
    "progress": "export.progress_document",
    "grade": "export.grade_document",
    "judge": "export.judge_document",
}
"""The module of the engine whose `schema` describes each document."""


@click.command(short_help="Print the JSON Schema of a file or of a printed document.")
@click.argument("what", type=click.Choice(list(SCHEMAS)))
def command(what: str) -> None:
    """Print the JSON Schema of a file that gradwalk reads, or of what a command prints with --json."""
    import importlib
    import json

    document = importlib.import_module(f"...engine.{SCHEMAS[what]}", __package__).schema()
    with writing():
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
