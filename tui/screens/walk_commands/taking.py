"""The keys that read the step's text, and take it away."""

from __future__ import annotations

from functools import partial

from ...messages import CopyWanted, SaveWanted
from ...walk.command import Command
from ...walk.stage import Stage
from ...words.lines import plain
from ...words.walk import moment_lines, position_words


def _words(stage: Stage) -> str:
    moment = stage.moment
    words = position_words(moment.trace, moment.cursor)
    return f"{words}\n{plain(moment_lines(stage.opened.scenario, moment.state, moment.digits))}\n"


def _copy(stage: Stage) -> None:
    stage.post_message(CopyWanted("This step", _words(stage)))


def _save(stage: Stage) -> None:
    name = f"{stage.opened.scenario.name}-step-{stage.moment.cursor}"
    stage.post_message(SaveWanted("this step", _words(stage), name))


def _scroll(rows: int, stage: Stage) -> None:
    stage.scroll_panel(rows)


# fmt: off
COMMANDS = (
    Command("walk.copy", "c,y", "Copy", "Copy the current step as text", _copy, "c"),
    Command("walk.save", "S", "Save", "Save the current step as text to a file", _save, "S"),
    Command("walk.scroll-down", "shift+down,J", "Scroll", "Scroll the panel's text down", partial(_scroll, 1), "J"),
    Command("walk.scroll-up", "shift+up,K", "Scroll up", "Scroll the panel's text up", partial(_scroll, -1), "K"),
)
