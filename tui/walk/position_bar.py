"""`PositionBar`: one line that says where the walk is."""

from __future__ import annotations

from rich.text import Text

from ..widgets.lines import LinesView
from ..words.walk import Piece, position_words, text
from .player import Player


class PositionBar(LinesView):
    """Phase, step of total, a bar of the whole walk with its two phases, and the playing speed."""

    DEFAULT_CSS = """
    PositionBar { height: 1; overflow-y: hidden; }
    """

    def follow(self, player: Player) -> None:
        """Draw the player's place."""
        words = f" {position_words(player.trace, player.cursor)} "
        playing = f" ▶ {player.speed:g}/s " if player.playing else " "
        total = player.trace.total
        done, seed = player.cursor / total, player.trace.forward_steps / total

        def line(width: int) -> list[Text]:
            bar = _bar(width - len(words) - len(playing), done, seed)
            return [text((words, "name"), *bar, (playing, "name"))]

        self.show(line)


def _bar(width: int, done: float, seed: float) -> list[Piece]:
    """Draw the share of steps taken as a heavy line, and a mark where the backward pass begins."""
    if width < 3:
        return []
    taken = round(width * done)
    mark = min(width - 1, round(width * seed))
    cells = ["━" if place < taken else "─" for place in range(width)]
    cells[mark] = "┿" if mark < taken else "┼"
    line = "".join(cells)
    return [(line[:taken], "value"), (line[taken:], "unknown")]
