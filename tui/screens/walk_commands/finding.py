"""The keys that find a node."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ...walk.command import Command
from ...walk.stage import Stage


def _find(stage: Stage) -> None:
    """Ask what to find, and select it."""
    _select_match(stage, "", 1)


def _find_again(step: int, stage: Stage) -> None:
    """Select the next node that matches, or the one before."""
    _select_match(stage, stage.moment.wanted, step)


def _select_match(stage: Stage, wanted: str, step: int) -> None:
    found = stage.search.next_at_once(wanted, stage.moment.node, step) if wanted else None
    if found is not None:
        stage.select(found)
        return
    from ..find import FindScreen

    def select(found: tuple[str, int] | None) -> None:
        if found is not None:
            stage.moment = replace(stage.moment, wanted=found[0], selected=found[1])

    stage.ask(FindScreen(stage.search, stage.moment.node, wanted, step), select)


def _rank(stage: Stage) -> None:
    """List the nodes by a number, and select the one that is chosen."""
    from ..ranking import RankingScreen

    stage.ask(RankingScreen(stage.moment.state, stage.moment.digits), stage.select)


# fmt: off
COMMANDS = (
    Command("walk.find", "slash", "Find", "Find a name or an expression", _find),
    Command("walk.find-next", "full_stop", "Next match", "Find the next match", partial(_find_again, 1), "."),
    Command("walk.find-previous", "comma", "Match before", "Find the match before", partial(_find_again, -1), ","),
    Command("walk.rank", "s", "Sort", "List the nodes by gradient, value or fan-out", _rank),
)
