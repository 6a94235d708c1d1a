"""`TrainingPlots`: the plots of a training run side by side, or one of them where there is no room for two."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal

from ..words.training import loss_words
from .epoch_column import EpochColumn
from .player import TrainingPlayer
from .plot_view import PlotView
from .plots import ModelPlots, loss_plot


class TrainingPlots(Horizontal):
    """The loss by epoch, and beside it one view of the model; in a narrow window the loss is a view as any other.

    `follow` draws the epoch on show; nothing else redraws.
    """

    DEFAULT_CSS = """
    TrainingPlots { height: 1fr; }
    TrainingPlots PlotView { width: 1fr; height: 1fr; }
    """

    def __init__(self, player: TrainingPlayer) -> None:
        super().__init__()
        self._player = player
        self._plots = ModelPlots(player.scenario)
        self._chosen = "fit"
        self._log = False
        self._way = EpochColumn(player.trainer.history, lambda epoch: epoch.parameters)

    def compose(self) -> ComposeResult:
        """Lay out both plots."""
        yield PlotView(id="loss")
        yield PlotView(id="model")

    def next_view(self) -> None:
        """Show the next plot."""
        views = self._views
        self._chosen = views[(views.index(self._view) + 1) % len(views)]
        self.follow()

    def toggle_log(self) -> None:
        """Change between a logarithmic and a linear axis of the loss."""
        self._log = not self._log
        self.follow()

    def follow(self) -> None:
        """Draw what the player shows."""
        player, view, two = self._player, self._view, not self._narrow
        loss, model = self.query_one("#loss", PlotView), self.query_one("#model", PlotView)
        loss.display = two or view == "loss"
        model.display = two or view != "loss"
        if loss.display:
            loss.show(loss_plot(player.losses, player.epoch, log=self._log), loss_words(player.moment, log=self._log))
        if model.display and view == "surface":
            way = self._way.until(player.last)
            model.show(self._plots.surface(way, player.epoch), "surface of the loss, and the way down")
        elif model.display:
            model.show(self._plots.fit(player.now.parameters), self._plots.title)

    @property
    def _narrow(self) -> bool:
        return self.screen.has_class("-narrow")

    @property
    def _view(self) -> str:
        return self._chosen if self._chosen in self._views else self._views[0]

    @property
    def _views(self) -> list[str]:
        return ["fit", *(["loss"] if self._narrow else []), *(["surface"] if self._plots.has_surface else [])]
