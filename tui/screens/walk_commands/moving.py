"""The keys that move the cursor of a walk, by hand and by the clock."""

from __future__ import annotations

from functools import partial

from ...walk.command import Command
from ...walk.moves import MOVES
from ...walk.stage import Stage


def _move(name: str, stage: Stage) -> None:
    stage.go(MOVES[name](stage.moment))


def _advance(name: str, stage: Stage, *, at_once: bool = False) -> None:
    stage.go_on(MOVES[name](stage.moment), at_once=at_once)


def _go_to(stage: Stage) -> None:
    """Ask for a step and go there."""
    from ....engine.walk.named_step import find_step
    from ..goto import GotoScreen

    trace = stage.moment.trace

    def go(cursor: int | None) -> None:
        if cursor is not None:
            stage.go(stage.moment.at(cursor))

    placeholder = f"0 to {trace.total}, or the name of a step"
    stage.ask(GotoScreen("go to step", placeholder, partial(find_step, trace)), go)


def _toggle_play(stage: Stage) -> None:
    stage.moment, words = stage.playback.toggled(stage.moment)
    stage.say(words)


def _change_speed(places: int, stage: Stage) -> None:
    stage.moment = stage.moment.at_speed(places)


# fmt: off
COMMANDS = (
    Command("walk.forward", "right,l", "Step", "Take one step", partial(_advance, "step_forward"), "→"),
    Command("walk.back", "left,h", "Back", "Take one step back", partial(_move, "step_back"), "←"),
    Command("walk.play", "space", "Play", "Play, or pause", _toggle_play),
    Command("walk.faster", "plus,equals_sign", "Faster", "Play faster", partial(_change_speed, 1), "+"),
    Command("walk.slower", "minus", "Slower", "Play slower", partial(_change_speed, -1)),
    Command("walk.next-node", "n,shift+right", "Node", "Take all steps of the next node at once",
            partial(_advance, "next_node"), "n"),
    Command("walk.previous-node", "p,shift+left", "Node back", "Take back all steps of a node at once",
            partial(_move, "previous_node"), "p"),
    Command("walk.next-phase", "right_square_bracket", "Phase", "Go on to the seed, or to the end",
            partial(_move, "next_phase")),
    Command("walk.previous-phase", "left_square_bracket", "Phase back", "Go back to the seed, or to the start",
            partial(_move, "previous_phase")),
    Command("walk.start", "home,0", "Start", "Go to the start", partial(_move, "start"), "home"),
    Command("walk.end", "end,dollar_sign", "End", "Go to the end", partial(_move, "end"), "end"),
    Command("walk.go-to", "g", "Go to", "Go to a step, by its number or its name", _go_to),
    Command("walk.go-to-write", "enter,w", "Row's step", "Go to the next step that writes the selected node",
            partial(_advance, "next_write", at_once=True), "⏎"),
)
