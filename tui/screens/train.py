"""`TrainScreen`: a training run with its plots, and the keys that train, go back and dive into an epoch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding

from ...engine.errors import GradwalkError
from ...engine.walk.named_step import whole_number
from ..background import BackgroundWork, WorkDone, WorkFailed, WorkProgressed
from ..bindings import active_keys, with_keys
from ..done import Done
from ..messages import CopyWanted, EpochOpened, ReloadWanted, SaveWanted, WalkLeft
from ..training.bar import TrainingBar
from ..training.course import TrainingCourse
from ..training.panels import TrainingPlots
from ..training.player import RATE_STEP, TrainingPlayer
from ..widgets.key_bar import KeyBar
from ..widgets.lines import LinesView
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..words.lines import Line, line, plain
from ..words.training import ended_lines, epoch_lines, epoch_words, forgotten_words, ways_on
from ..words.walk import begin_lines, start_lines
from .goto import GotoScreen
from .place import Place


class TrainScreen(Place):
    """One training run. Its keys move the `TrainingPlayer`, by way of the `TrainingCourse` where they may train.

    One method, `_follow`, redraws all that depends on the player.
    """

    AUTO_FOCUS = None
    HELP = """\
Training follows the gradients that a walk shows: in each epoch every parameter moves a little against its \
gradient, by the learning rate η. Enter opens the epoch on show as a walk.

One plot is the loss by epoch, the other the data with the model or, for one or two \
parameters, the loss over them with the way down; where there is room for one, the key for another plot shows each \
in turn. An arrow at a frame is where a line leaves it. Going back keeps the epochs that come after; another \
learning rate makes them anew. The walk of an epoch goes forward, backward and through the update of the parameters; \
Esc comes back here."""
    # fmt: off
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("space", "toggle_training", "Run", tooltip="Train at a pace to watch, or pause", id="train.train"),
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
        Binding("enter,w", "dive", "Walk", tooltip="Open this epoch as a walk", id="train.dive", key_display="⏎"),
        Binding("plus,equals_sign", "raise_rate", "η↑", tooltip="Raise the learning rate from here on",
                id="train.rate-up", key_display="+"),
        Binding("minus", "lower_rate", "η↓", tooltip="Lower the learning rate from here on", id="train.rate-down",
                key_display="-"),
        Binding("m", "train_longer", "More", tooltip="Allow as many epochs once more", id="train.longer"),
        Binding("r", "reset", "Reset", tooltip="Start again with the first parameters", id="train.reset"),
        Binding("y", "toggle_log", "Log", tooltip="Logarithmic or linear axis of the loss", id="train.log"),
        Binding("v", "next_view", "Plot", tooltip="Show another plot", id="train.view"),
        Binding("c", "copy", "Copy", tooltip="Copy this epoch as text", id="train.copy"),
        Binding("S", "save", "Save", tooltip="Save this epoch as text to a file", id="train.save", key_display="S"),
        Binding("shift+down,J", "scroll_lines(1)", "Scroll", tooltip="Scroll the text down", id="train.scroll-down",
                key_display="J"),
        Binding("shift+up,K", "scroll_lines(-1)", "Scroll up", tooltip="Scroll the text up", id="train.scroll-up",
                key_display="K"),
        Binding("f5", "reload", "Read anew", tooltip="Read the scenario's file anew, and train up to this epoch again",
                id="train.reload"),
        Binding("escape,b", "leave", "Library", tooltip="Stop training; or back to the library", id="train.library",
                key_display="esc"),
    ]
    # fmt: on
    IMPORTANT_KEYS = (
        "train.train",
        "train.forward",
        "train.back",
        "train.dive",
        "train.view",
        "app.quit",
        "train.rate-up",
        "train.rate-down",
        "train.reset",
        "train.all",
        "train.library",
        "app.help",
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

    def __init__(self, player: TrainingPlayer, classes: str | None = None, *, epoch: int = 0) -> None:
        """Show a training where it stands, or go to an `epoch`, training up to it."""
        super().__init__(classes=classes)
        self._first_epoch = epoch
        self.player = player
        self.scenario = player.scenario
        self.course = TrainingCourse(player, lambda work: BackgroundWork(self, work))

    def compose(self) -> ComposeResult:
        """Lay out the place, the plots and the numbers; the style sheet says how they stand at each size."""
        yield TitleBar(self.scenario.title)
        yield TrainingBar()
        yield TrainingPlots(self.player)
        yield LinesView(id="epoch", scroll_binding="train.scroll-down")
        yield TooSmall()
        yield KeyBar(self.IMPORTANT_KEYS)

    def on_mount(self) -> None:
        """Draw the epoch on show, or go to the one that is wanted."""
        if self._first_epoch:
            self.course.go_to(self._first_epoch)
        self._follow()

    def on_unmount(self) -> None:
        """Leave no thread behind."""
        self.course.halt()

    def on_resize(self) -> None:
        """Draw anew: the size decides which plots are shown."""
        self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        self.query_one(TrainingBar).follow(self.player, self.course.speed)
        self.query_one(TrainingPlots).follow()
        self.query_one("#epoch", LinesView).show(lambda width: self._lines())

    def _lines(self) -> list[Line]:
        moment = self.player.moment
        lines = [*ended_lines(moment), *self._ways_on(), *epoch_lines(moment)]
        if self.player.last or moment.ended:
            return lines
        bound = active_keys(self.screen).get("train.forward")
        begin = begin_lines(self.scenario, epoch=False, forward=bound.keys[0] if bound else "", leave="")
        return [*lines, Line(), *start_lines(replace(self.scenario, exercises=())), *begin]

    def _ways_on(self) -> list[Line]:
        """Say which keys lead on where training has ended or goes badly."""
        names = ways_on(self.player.moment)
        bound = active_keys(self.screen)
        keys = {name: bound[name].shown for name in names if name in bound}
        return [line((" · ".join(f"{key} {names[name]}" for name, key in keys.items()), "label"))] if names else []

    # ---- training, and going back

    def action_toggle_training(self) -> None:
        """Train at a pace that can be watched; or pause."""
        if not self.course.halt():
            self.course.watch()
        self._follow()

    def action_train_all(self) -> None:
        """Train as fast as it goes."""
        self.course.train_all()
        self._follow()

    def action_train_longer(self) -> None:
        """Allow as many more epochs as the scenario has."""
        try:
            self.course.train_longer()
        except GradwalkError as error:
            self.notify(str(error), severity="warning", markup=False)
        self._follow()

    def action_forward(self, epochs: int) -> None:
        """Go on."""
        self.course.forward(epochs)
        self._follow()

    def action_back(self, epochs: int) -> None:
        """Go back."""
        self.course.back(epochs)
        self._follow()

    def action_seek(self, epoch: int) -> None:
        """Show an epoch that has been trained."""
        self.course.seek(epoch)
        self._follow()

    def action_end(self) -> None:
        """Show the last epoch that has been trained."""
        self.course.end()
        self._follow()

    def lead(self, epoch: int, plot: str, *, log: bool) -> None:
        """Show the epoch that a lecture leads to, training up to it, and the plot that is seen there."""
        self.player.choice.plot, self.player.choice.log = plot, log
        self.course.lead(epoch)
        self._follow()

    def action_reset(self) -> None:
        """Start again."""
        self.course.reset()
        self._follow()

    def action_go_to(self) -> None:
        """Ask for an epoch and go there, training up to it."""
        self.course.halt()

        def go(epoch: int | None) -> None:
            if epoch is not None:
                self.course.go_to(epoch)
                self._follow()

        self.app.push_screen(GotoScreen("go to epoch", f"0 to {self.player.epochs}", self._find_epoch), go)
        self._follow()

    def _find_epoch(self, wanted: str) -> int | str:
        most = self.player.epochs
        found = whole_number(
            wanted, most, with_keys(f"training ends after {most} epochs; {{train.longer}} allows more", self)
        )
        return f"type a number from 0 to {most}" if found is None else found

    def action_raise_rate(self) -> None:
        """Raise the learning rate."""
        self._scale_rate(RATE_STEP)

    def action_lower_rate(self) -> None:
        """Lower the learning rate."""
        self._scale_rate(1 / RATE_STEP)

    def _scale_rate(self, factor: float) -> None:
        forgotten = self.course.scale_rate(factor)
        if forgotten:
            self.notify(forgotten_words(forgotten), timeout=4)
        self._follow()

    # ---- what the training in the background tells

    def on_work_progressed(self, event: WorkProgressed) -> None:
        """Draw how far it is."""
        if self.course.is_under_way(event.work):
            self.course.take(event)
            self._follow()

    def on_work_done(self, event: WorkDone) -> None:
        """Draw what it has come to."""
        if self.course.is_under_way(event.work):
            self.course.halt()
            self._follow()

    def on_work_failed(self, event: WorkFailed) -> None:
        """Say so, and show what was trained before."""
        self.course.halt()
        self._follow()
        self.notify(f"Training failed: {event.reason}", severity="error", markup=False)

    # ---- looking

    def action_dive(self) -> None:
        """Open the epoch on show as a walk."""
        self.course.halt()
        self._follow()
        self.post_message(EpochOpened(self, self.player.moment))

    def action_toggle_log(self) -> None:
        """Change the axis of the loss."""
        self.query_one(TrainingPlots).toggle_log()

    def action_next_view(self) -> None:
        """Show the next plot."""
        if not self.query_one(TrainingPlots).next_view():
            self.notify("There is no other plot of this training.", timeout=4)

    def action_scroll_lines(self, rows: int) -> None:
        """Scroll the text below the plots."""
        self.query_one("#epoch", LinesView).scroll_relative(y=rows, animate=False)

    def action_copy(self) -> None:
        """Copy the epoch on show as text."""
        self.post_message(CopyWanted("This epoch", self._words))

    def action_save(self) -> None:
        """Save the epoch on show as text."""
        self.post_message(SaveWanted("this epoch", self._words, f"{self.scenario.name}-epoch-{self.player.epoch}"))

    @property
    def _words(self) -> str:
        return f"{epoch_words(self.player.moment)}\n{plain(epoch_lines(self.player.moment))}\n"

    def action_leave(self) -> None:
        """Stop training; or go to the library."""
        if self.course.halt():
            self._follow()
        else:
            self.post_message(WalkLeft(self))

    def action_reload(self) -> None:
        """Have the file read anew."""
        self.post_message(ReloadWanted(self))

    def as_left(self) -> TrainingPlayer:
        """Return the training, with all its epochs; none is trained any more from then on.

        The screen may stay below others, and another one may train the same player.
        """
        self.course.halt()
        return self.player

    @property
    def done(self) -> Done | None:
        """Whether training was run to where it ends."""
        return Done.TRAINED if self.player.last and self.player.trainer.ended is not None else None

    @property
    def path(self) -> Path | None:
        """The file of the scenario."""
        return self.scenario.path
