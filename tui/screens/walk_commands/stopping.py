"""The keys that say where playing stops."""

from __future__ import annotations

from dataclasses import replace

from ...walk.command import Command
from ...walk.stage import Stage


def _toggle_breakpoint(stage: Stage) -> None:
    stage.moment = stage.moment.with_breakpoint()


def _ask_conditions(stage: Stage) -> None:
    """Ask for the numbers to stop at."""
    from ..conditions import ConditionsScreen

    def stop_at(conditions: tuple[str, ...] | None) -> None:
        if conditions is not None:
            stage.moment = replace(stage.moment, conditions=conditions)

    stage.ask(ConditionsScreen(stage.moment.conditions, len(stage.moment.breakpoints)), stop_at)


def _run(stage: Stage) -> None:
    moment, words = stage.breakpoints.run(stage.moment)
    stage.go(moment)
    stage.say(words)


# fmt: off
COMMANDS = (
    Command("walk.break", "x", "Break", "Stop playing at the selected node, or no longer", _toggle_breakpoint),
    Command("walk.conditions", "X", "Stop if", "Stop playing when a number is nan, inf, zero or large",
            _ask_conditions, "X"),
    Command("walk.run", "f", "Run", "Run to the next breakpoint", _run),
)
