"""`page`: a scenario as one HTML file in which its walk can be taken, in both directions, by keys and by buttons."""

from __future__ import annotations

import base64
import functools
import zlib
from html import escape
from pathlib import Path

import msgspec
from textual.theme import Theme

from ...engine.errors import GradwalkError
from ...engine.scenario import Scenario
from ...engine.training.scenario import TrainingScenario
from ...engine.walk.trace import Trace
from ..themes import THEMES
from ..words.pocket import TOO_OLD, too_large, without_script
from .page_document import page_document

MOST_STEPS = 5_000
"""A walk of more steps is not put into a page, which would be megabytes."""

SCRIPTS = (
    "elements",
    "numbers",
    "walk",
    "tree",
    "circuit",
    "step_panel",
    "expression",
    "answer",
    "attempt",
    "predict",
    "keys",
    "plot",
    "training",
    "player",
    "start",
)
"""The scripts of a page, in the order in which they stand in it."""

_FILES = Path(__file__).parent / "browser"

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="gradwalk">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main id="page">
<h1>{title}</h1>
<noscript><p>{without_script}</p></noscript>
</main>
<script type="text/plain" id="document" data-too-old="{too_old}">{document}</script>
<script>
(() => {{
"use strict";
{script}}})();
</script>
</body>
</html>
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:"
"""Nothing is fetched from anywhere, whatever a name in the walk may say."""


def page(scenario: Scenario, trace: Trace | None = None, *, digits: int = 0) -> str:
    """Write the page of a scenario: its walk and, where it is trained, its training run.

    `trace` is the walk where it is not simply that of the scenario's graph. Numbers are shown with so many significant
    `digits`, 0 for reading; all digits are in the page. A walk of more than `MOST_STEPS` steps is left out of the page
    of a training; where there is nothing else GradwalkError is raised.
    """
    walked = trace if trace is not None else Trace(scenario.graph, scenario.notes)
    if walked.total > MOST_STEPS and not isinstance(scenario, TrainingScenario):
        raise GradwalkError(too_large(scenario.name, walked.total, MOST_STEPS))
    document = msgspec.json.encode(page_document(scenario, walked if walked.total <= MOST_STEPS else None, digits))
    return _PAGE.format(
        policy=_POLICY,
        title=escape(scenario.title),
        style=_style(),
        without_script=escape(without_script(scenario.name)),
        too_old=escape(TOO_OLD),
        document=base64.b64encode(zlib.compress(document, 9)).decode("ascii"),
        script=_script(),
    )


@functools.cache
def _script() -> str:
    return "".join(_lean((_FILES / f"{name}.js").read_text(encoding="utf-8")) for name in SCRIPTS)


def _lean(text: str) -> str:
    """Leave out what a browser does not read: comments that have lines of their own, and indents."""
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith(("/**", "//")))


@functools.cache
def _style() -> str:
    """Write the style sheet, with the colours of the themes, so that they mean the same as on the terminal."""
    light, dark = _colours(THEMES["light"]), _colours(THEMES["dark"])
    colours = (
        f':root {{ color-scheme: light; {light} }}\n:root[data-theme="dark"] {{ color-scheme: dark; {dark} }}\n'
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ color-scheme: dark; {dark} }} }}\n'
    )
    return colours + _lean((_FILES / "page.css").read_text(encoding="utf-8"))


def _colours(theme: Theme) -> str:
    meanings = {
        "text": theme.foreground,
        "ground": theme.background,
        "surface": theme.surface,
        "panel": theme.panel,
        "link": theme.primary,
        "value": theme.success,
        "upstream": theme.secondary,
        "local": theme.warning,
        "contribution": theme.accent,
        "undefined": theme.error,
        "selected": theme.variables["selected-row"],
    }
    return " ".join(f"--{meaning}: {colour};" for meaning, colour in meanings.items())
