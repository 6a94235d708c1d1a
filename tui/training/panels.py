"""`TrainingPlots`: the plots of a training run side by side, or one of them where there is no room for two."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal

from ..plots.plot import Plot
from ..plots.plot_view import PlotView
from ..words.training import loss_words
from .epoch_column import EpochColumn
from .player import TrainingPlayer
from .plots import ModelPlots, loss_plot, parameters_plot


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
        self._choice = player.choice
        self._way = EpochColumn(player.trainer.history, lambda epoch: epoch.parameters)

    def compose(self) -> ComposeResult:
        """Lay out both plots."""
        yield PlotView(id="loss")
        yield PlotView(id="model")

    def next_view(self) -> bool:
        """Show the next plot; return whether there is another."""
        views = self._views
        self._choice.plot = views[(views.index(self._view) + 1) % len(views)]
        self.follow()
        return len(views) > 1

    def toggle_log(self) -> None:
        """Change between a logarithmic and a linear axis of the loss."""
        self._choice.log = not self._choice.log
        self.follow()

    def follow(self) -> None:
        """Draw what the player shows."""
        player, view, two = self._player, self._view, not self._narrow
        loss, model = self.query_one("#loss", PlotView), self.query_one("#model", PlotView)
        loss.display = two or view == "loss"
        model.display = two or view != "loss"
        if loss.display:
            loss.show(
                loss_plot(player.losses, player.epoch, log=self._choice.log),
                loss_words(player.moment, log=self._choice.log),
            )
        if model.display:
            model.show(*self._model_plot(view))

    def _model_plot(self, view: str) -> tuple[Plot, str]:
        """Return a view of the model, and its title."""
        player, plots = self._player, self._plots
        if view == "fit":
            return plots.fit(player.now.parameters), plots.title
        way, losses = self._way.until(player.last), player.losses
        if view == "parameters":
            return parameters_plot(player.scenario.model.formulas.parameters, way, player.epoch), "parameters by epoch"
        some = plots.surface_samples
        samples = f" of {some} samples" if some < player.trainer.samples else ""
        if view == "curve":
            return plots.loss_curve(way, losses, player.epoch), f"the loss{samples} by its parameter, and the way down"
        return plots.surface(way, losses, player.epoch), f"surface of the loss{samples}, and the way down"

    @property
    def _narrow(self) -> bool:
        return self.screen.has_class("-narrow")

    @property
    def _view(self) -> str:
        return self._choice.plot if self._choice.plot in self._views else self._views[0]

    @property
    def _views(self) -> list[str]:
        """The views that `next_view` goes through."""
        scenario = self._player.scenario
        of_loss = {1: ["curve"], 2: ["surface"]}.get(len(scenario.model.parameters), [])
        first, *others = [*(["fit"] if scenario.data else []), *of_loss] or ["parameters"]
        return [first, *(["loss"] if self._narrow else []), *others]
