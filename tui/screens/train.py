"""`TrainScreen`: a training run with its plots, and the keys that train, go back and dive into an epoch."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.screen import Screen

from ...engine.errors import GradwalkError
from ..bindings import active_keys
from ..messages import EpochOpened, EpochsTrained, WalkLeft
from ..training.bar import TrainingBar
from ..training.epoch_column import EpochColumn
from ..training.player import RATE_STEP, TrainingPlayer
from ..training.plot_view import PlotView
from ..training.plots import ModelPlots, loss_plot
from ..widgets.key_bar import KeyBar
from ..widgets.lines import LinesView
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..words.training import ended_lines, epoch_lines, epoch_words, loss_words, ways_on
from ..words.walk import plain, start_lines, text
from .goto import GotoScreen, whole_number

FRAME = 0.1
"""Seconds between two drawings while training runs: at most ten a second."""

WATCHED_SECONDS = 5.0
"""How long a whole run takes at the pace that can be watched."""


AT_ONCE = 0.1
"""Seconds that a key waits for the epochs it asks for, before they are shown as they come."""


@dataclass(frozen=True)
class _Course:
    """What a thread is to train: up to the epoch `until`, at most `pace` epochs a second; `by_hand`: a few epochs."""

    until: int
    pace: float | None = None
    by_hand: bool = False


class TrainScreen(Screen[None]):
    """One training run. Its keys move the `TrainingPlayer`; one method, `_follow`, redraws all that depends on it.

    While training runs, a thread adds epochs to the history and tells the screen how far it is, which then shows
    that; every key that changes something first waits for the thread to stop.
    """

    AUTO_FOCUS = None
    HELP = """\
Training follows the gradients that a walk shows: in each epoch every parameter moves a little against its \
gradient, by the learning rate η. The left plot is the loss by epoch; the other is the data with the model, or, for \
two parameters, the surface of the loss with the way down. Going back keeps the epochs that come after; another \
learning rate makes them anew. Enter opens the epoch on show as a walk, forward, backward and the update of the \
parameters, and Esc comes back here."""
    # fmt: off
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("space", "toggle_training", "Train", tooltip="Train at a pace to watch, or pause", id="train.train"),
        Binding("a", "train_all", "All", tooltip="Train all epochs as fast as it goes", id="train.all"),
        Binding("right,l", "forward(1)", "Epoch", tooltip="Go on by one epoch", id="train.forward", key_display="→"),
        Binding("left,h", "back(1)", "Back", tooltip="Go back by one epoch", id="train.back", key_display="←"),
        Binding("n,shift+right", "forward(10)", "+10", tooltip="Go on by ten epochs", id="train.forward-10",
                key_display="n"),
        Binding("p,shift+left", "back(10)", "-10", tooltip="Go back by ten epochs", id="train.back-10",
                key_display="p"),
        Binding("home,0", "seek(0)", "Start", tooltip="Go to the start", id="train.start", key_display="home"),
        Binding("end,dollar_sign", "end", "End", tooltip="Go to the last epoch trained", id="train.end",
                key_display="end"),
        Binding("g", "go_to", "Go to", tooltip="Go to an epoch, training up to it", id="train.go-to"),
        Binding("enter,w", "dive", "Dive in", tooltip="Open this epoch as a walk", id="train.dive", key_display="⏎"),
        Binding("plus,equals_sign", "raise_rate", "η up", tooltip="Raise the learning rate from here on",
                id="train.rate-up", key_display="+"),
        Binding("minus", "lower_rate", "η down", tooltip="Lower the learning rate from here on", id="train.rate-down",
                key_display="-"),
        Binding("m", "train_longer", "More", tooltip="Allow as many epochs once more", id="train.longer"),
        Binding("r", "reset", "Reset", tooltip="Start again with the first parameters", id="train.reset"),
        Binding("y", "toggle_log", "Log", tooltip="Logarithmic or linear axis of the loss", id="train.log"),
        Binding("v", "next_view", "View", tooltip="Show another plot", id="train.view"),
        Binding("c", "copy", "Copy", tooltip="Copy this epoch as text", id="train.copy"),
        Binding("shift+down,J", "scroll_lines(1)", "Scroll", tooltip="Scroll the text down", id="train.scroll-down",
                key_display="J"),
        Binding("shift+up,K", "scroll_lines(-1)", "Scroll up", tooltip="Scroll the text up", id="train.scroll-up",
                key_display="K"),
        Binding("escape,b", "leave", "Library", tooltip="Stop training; or back to the library", id="train.library",
                key_display="esc"),
    ]
    # fmt: on
    IMPORTANT_KEYS = (
        "train.train",
        "train.forward",
        "train.back",
        "train.dive",
        "app.quit",
        "train.library",
        "app.help",
        "train.all",
        "train.rate-up",
        "train.rate-down",
        "train.view",
        "train.reset",
        "train.log",
        "train.go-to",
        "train.longer",
        "train.forward-10",
        "train.back-10",
        "train.start",
        "train.end",
        "train.copy",
        "app.theme",
    )  # fmt: skip
    """What the key bar shows, as far as there is room."""

    def __init__(self, player: TrainingPlayer, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self.player = player
        self.scenario = player.scenario
        self._plots = ModelPlots(player.scenario)
        self._views = ["fit", "surface", "loss"] if self._plots.has_surface else ["fit", "loss"]
        self._log = False
        self._way = EpochColumn(player.trainer.history, lambda epoch: epoch.parameters)
        self._thread: threading.Thread | None = None
        self._course = _Course(0)
        self._stop = threading.Event()
        self._drawn = threading.Event()
        self._reached = 0
        self._speed: float | None = None

    def compose(self) -> ComposeResult:
        """Lay out the place, the plots and the numbers; the style sheet says how they stand at each size."""
        yield TitleBar(self.scenario.title)
        yield TrainingBar()
        with Container(id="plots"):
            yield PlotView(id="loss")
            yield PlotView(id="model")
        yield LinesView(id="epoch", scroll_binding="train.scroll-down")
        yield TooSmall()
        yield KeyBar(self.IMPORTANT_KEYS)

    def on_mount(self) -> None:
        """Draw the start."""
        self._follow()

    def on_unmount(self) -> None:
        """Leave no thread behind."""
        self._halt()

    # ---- training

    def action_toggle_training(self) -> None:
        """Train at a pace that can be watched; or pause."""
        if not self._halt():
            self._train(_Course(self.player.epochs, self.player.epochs / WATCHED_SECONDS))
        self._follow()

    def action_train_all(self) -> None:
        """Train as fast as it goes."""
        self._halt()
        self._train(_Course(self.player.epochs))
        self._follow()

    def action_train_longer(self) -> None:
        """Allow as many more epochs as the scenario has."""
        self._halt()
        try:
            self.player.trainer.train_longer(self.scenario.options.epochs)
        except GradwalkError as error:
            self.notify(str(error), severity="warning", markup=False)
        self._follow()

    def _train(self, course: _Course) -> None:
        """Start the thread that trains."""
        if not self.player.ended and self.player.epoch < course.until:
            self._stop.clear()
            self._drawn.set()
            self._speed, self._course, self._reached = 0.0, course, self.player.epoch
            self._thread = threading.Thread(target=self._work, args=(course,), daemon=True)
            self._thread.start()

    def _work(self, course: _Course) -> None:
        """Train, in the thread of its own: it leaves the epoch on show alone, and tells the screen by messages."""
        this, epoch = threading.current_thread(), self._reached
        started = told = time.monotonic()
        first, problem = epoch, None
        try:
            while epoch < course.until and not self._stop.is_set():
                if not self.player.train_after(epoch, self._stop.is_set):
                    break
                self._reached = epoch = epoch + 1
                now = time.monotonic()
                if now - told >= FRAME and self._drawn.is_set():
                    self._drawn.clear()
                    self.post_message(EpochsTrained(this, (epoch - first) / (now - started)))
                    told = now
                if course.pace is not None:
                    self._stop.wait(max(0.0, started + (epoch - first) / course.pace - now))
        except Exception as error:
            problem = error
        self.post_message(EpochsTrained(this, None, problem))

    def on_epochs_trained(self, event: EpochsTrained) -> None:
        """Draw what the thread has done, unless it has been stopped since."""
        if event.problem is not None:
            raise event.problem
        if event.thread is self._thread:
            if event.speed is None:
                self._halt()
            else:
                self._speed = event.speed
                self.player.seek(self._reached)
            self._follow()
            self.call_after_refresh(self._drawn.set)  # the next one comes when this one has been painted

    def _halt(self) -> _Course | None:
        """Stop the thread, and show the epoch that it has come to; return what it was to do, None if there was none."""
        thread, self._thread, self._speed = self._thread, None, None
        if thread is None:
            return None
        self._stop.set()
        thread.join()
        self.player.seek(self._reached)
        return self._course

    # ---- going forward and back

    def action_forward(self, epochs: int) -> None:
        """Go on, training where there are no epochs yet; pressed again meanwhile, go on further."""
        going_on = self._halt()
        start = going_on.until if going_on is not None and going_on.by_hand else self.player.epoch
        self._train(_Course(start + epochs, by_hand=True))
        if self._thread is not None:
            self._thread.join(AT_ONCE)
            if not self._thread.is_alive():
                self._halt()
        self._follow()

    def action_back(self, epochs: int) -> None:
        """Go back."""
        self._halt()
        self.action_seek(self.player.epoch - epochs)

    def action_seek(self, epoch: int) -> None:
        """Show an epoch that has been trained."""
        self._halt()
        self.player.seek(epoch)
        self._follow()

    def action_end(self) -> None:
        """Show the last epoch that has been trained."""
        self._halt()
        self.action_seek(self.player.last)

    def action_go_to(self) -> None:
        """Ask for an epoch and go there, training up to it."""
        self._halt()

        def go(epoch: int | None) -> None:
            if epoch is not None:
                self.player.seek(epoch)
                self._train(_Course(epoch))
                self._follow()

        self.app.push_screen(GotoScreen("go to epoch", f"0 to {self.player.epochs}", self._find_epoch), go)
        self._follow()

    def _find_epoch(self, wanted: str) -> int | str:
        most = self.player.epochs
        found = whole_number(wanted, most, f"training ends after {most} epochs; m allows more")
        return f"type a number from 0 to {most}" if found is None else found

    def action_reset(self) -> None:
        """Start again."""
        self._halt()
        self.player.reset()
        self._follow()

    # ---- the learning rate

    def action_raise_rate(self) -> None:
        """Raise the learning rate."""
        self._scale_rate(RATE_STEP)

    def action_lower_rate(self) -> None:
        """Lower the learning rate."""
        self._scale_rate(1 / RATE_STEP)

    def _scale_rate(self, factor: float) -> None:
        """Change the learning rate; where training runs, it goes on with the new one."""
        course = self._halt()
        forgotten = self.player.scale_rate(factor)
        if forgotten:
            epochs = "The epoch after this one is" if forgotten == 1 else f"The {forgotten} epochs after this one are"
            self.notify(f"{epochs} forgotten: another learning rate makes others.", timeout=4)
        if course is not None:
            self._train(course)
        self._follow()

    # ---- looking

    def action_dive(self) -> None:
        """Open the epoch on show as a walk."""
        self._halt()
        self._follow()
        player, epoch = self.player, self.player.epoch
        batches = player.trainer.batches
        batch = f", batch 1 of {batches}" if batches > 1 else ""
        title = f"epoch {epoch}{batch} · {self.scenario.title}"
        self.post_message(EpochOpened(self, self.scenario, lambda: player.trace(epoch), title))

    def action_toggle_log(self) -> None:
        """Change the axis of the loss."""
        self._log = not self._log
        self._follow()

    def action_next_view(self) -> None:
        """Show the next plot; the loss takes its turn where there is room for one plot only."""
        self._views.append(self._views.pop(0))
        self._follow()

    def action_scroll_lines(self, rows: int) -> None:
        """Scroll the text below the plots."""
        self.query_one("#epoch", LinesView).scroll_relative(y=rows, animate=False)

    def action_copy(self) -> None:
        """Copy the epoch on show as text (OSC 52, so it works over SSH)."""
        self.app.copy_to_clipboard(f"{epoch_words(self.player)}\n{plain(epoch_lines(self.player))}\n")
        self.notify("Copied this epoch as text.", timeout=2)

    def action_leave(self) -> None:
        """Stop training; or go to the library."""
        if self._halt():
            self._follow()
        else:
            self.post_message(WalkLeft(self))

    def on_resize(self) -> None:
        """Draw anew: the size decides which plots are shown."""
        self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        player, view = self.player, self._views[0]
        two = not self.has_class("-narrow")
        loss, model = self.query_one("#loss", PlotView), self.query_one("#model", PlotView)
        loss.display = two or view == "loss"
        model.display = two or view != "loss"
        if loss.display:
            loss.show(loss_plot(player.losses, player.epoch, log=self._log), loss_words(player, log=self._log))
        if model.display and view == "surface":
            way = self._way.until(player.last)
            model.show(self._plots.surface(way, player.epoch), "surface of the loss, and the way down")
        elif model.display:
            model.show(self._plots.fit(player.now.parameters), self._plots.title)
        self.query_one(TrainingBar).follow(player, self._speed)
        self.query_one("#epoch", LinesView).show(lambda width: self._lines())

    def _lines(self) -> list[Text]:
        lines = [*ended_lines(self.player), *self._ways_on(), *epoch_lines(self.player)]
        return lines if self.player.last or self.player.ended else [*lines, Text(), *start_lines(self.scenario)]

    def _ways_on(self) -> list[Text]:
        """Say which keys lead on where training has ended or goes badly."""
        names = ways_on(self.player)
        bound = active_keys(self.screen)
        keys = {name: self.app.get_key_display(bound[name].binding) for name in names if name in bound}
        return [text((" · ".join(f"{key} {names[name]}" for name, key in keys.items()), "label"))] if names else []
