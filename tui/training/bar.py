"""`TrainingBar`: one line that says how far training is, how fast it goes and how long it will take."""

from __future__ import annotations

from ..widgets.lines import LinesView
from ..words.lines import Line, line
from ..words.training import epoch_words, pace_words
from .player import TrainingPlayer


class TrainingBar(LinesView):
    """The epoch of how many, a bar of the epochs trained and shown, and while training runs, its speed."""

    DEFAULT_CSS = """
    TrainingBar { height: 1; overflow-y: hidden; }
    """

    def follow(self, player: TrainingPlayer, speed: float | None) -> None:
        """Draw the player's place; `speed` is in epochs a second, None while training stands still."""
        words = f" {epoch_words(player.moment)} "
        shown, trained = player.epoch / player.epochs, player.last / player.epochs
        pace = f" {pace_words(speed, player.epochs - player.epoch)} " if speed is not None else " "

        def lines(width: int) -> list[Line]:
            room = max(0, width - len(words) - len(pace))
            first, second = round(room * shown), round(room * trained)
            bar = [("━" * first, "value"), ("━" * (second - first), "guide"), ("─" * (room - second), "unknown")]
            return [line((words, "name"), *bar, (pace, "name"))]

        self.show(lines)
