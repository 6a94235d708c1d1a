"""`PositionBar`: one line that says where the walk is."""

from __future__ import annotations

from ..player import Player
from ..render import Piece, position_words, text
from .lines import LinesView


class PositionBar(LinesView):
    """Phase, step of total, a bar of the whole walk with its two phases, and the playing speed."""

    DEFAULT_CSS = """
    PositionBar { height: 1; overflow-y: hidden; }
    """

    def follow(self, player: Player) -> None:
        """Draw the player's place."""
        words = f" {position_words(player.trace, player.cursor)} "
        playing = f" ▶ {player.speed:g}/s " if player.playing else " "
        width = max(0, self.size.width - len(words) - len(playing))
        self.show([text((words, "name"), *_bar(player, width), (playing, "name"))])


def _bar(player: Player, width: int) -> list[Piece]:
    """Draw the steps taken as a heavy line, and a mark where the backward pass begins."""
    total = player.trace.total
    done = round(width * player.cursor / total)
    seed = min(width - 1, round(width * player.trace.forward_steps / total))
    if width < 3:
        return []
    cells = ["━" if place < done else "─" for place in range(width)]
    cells[seed] = "┿" if seed < done else "┼"
    line = "".join(cells)
    return [(line[:done], "value"), (line[done:], "unknown")]
