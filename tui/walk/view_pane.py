"""`ViewPane`: the place on a walk's screen where one of its views is shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static

from ..background import BackgroundWork, WorkDone, WorkFailed, WorkProgressed, WorkThread
from .graph_view import GraphView, NodeChosen, View
from .moment import Moment
from .opened import OpenedWalk

if TYPE_CHECKING:
    from .search import Search


class Waiting(Static, can_focus=True):
    """Stands for a view that is being laid out; it is a `GraphView` that says how far that is."""

    DEFAULT_CSS = "Waiting { height: 1fr; content-align: center middle; }"

    chosen: var[NodeChosen | None] = var(None, init=False, always_update=True)

    def __init__(self, words: str) -> None:
        super().__init__(words, markup=False)
        self._words = words

    def show(self, moment: Moment) -> None:
        """Draw nothing of it yet."""

    def tell(self, done: float) -> None:
        """Say which part is done, 0 to 1."""
        self.update(f"{self._words} {100 * done:.0f} %")

    def say(self, words: str) -> None:
        """Say something else instead."""
        self.update(words)


def _lay_out(opened: OpenedWalk, view: View, thread: WorkThread) -> None:
    opened.layout(view, lambda doing, done: thread.report(done))


class ViewPane(Vertical):
    """Shows the one of `views` that the moment names; it is a `GraphView` itself."""

    chosen: var[NodeChosen | None] = var(None, init=False, always_update=True)

    def __init__(self, opened: OpenedWalk, moment: Moment, views: Sequence[View], id: str | None = None) -> None:
        super().__init__(id=id)
        self._opened = opened
        self._views = {view.name: view for view in views}
        self._widgets: dict[str, Any] = {}
        self._works: dict[str, BackgroundWork] = {}
        self._moment = moment
        self.shown = self._views[moment.view]

    def compose(self) -> ComposeResult:
        """Lay out the first view."""
        yield self._make_widget()

    def on_mount(self) -> None:
        """Hear what is chosen in it."""
        self._watch_widget()

    @property
    def view(self) -> GraphView:
        """What draws the graph now."""
        return self._widgets[self.shown.name]

    @property
    def search(self) -> Search:
        """What finds nodes, in the order in which the view shows them."""
        return self._opened.search(self.shown)

    @property
    def wanted_width(self) -> int:
        """The columns in which the view cuts none of its labels; 0 where any width will do."""
        wanted = self.shown.wanted_width
        return wanted(self._opened.layout(self.shown)) if wanted else 0

    def show(self, moment: Moment) -> None:
        """Draw a moment, in the view that it names."""
        self._moment = moment
        if moment.view != self.shown.name:
            self._widgets[self.shown.name].display = False
            self._change_view()
        self.view.show(moment)

    def reopen(self, opened: OpenedWalk, moment: Moment) -> None:
        """Draw another walk, at a moment of it; where only its numbers are others, nothing is laid out anew."""
        before, self._opened = self._opened, opened
        if opened.take_layouts(before):
            self.show(moment)
            return
        self._moment = moment
        self._cancel()
        for widget in self._widgets.values():
            widget.remove()
        self._widgets.clear()
        self._change_view()
        self.view.show(moment)

    def _change_view(self) -> None:
        """Let the view that the moment names draw the graph and have the keys."""
        self.shown = self._views[self._moment.view]
        if self.shown.name in self._widgets:
            self._widgets[self.shown.name].display = True
            self.take_keys()
        else:
            self.mount(self._make_widget())
            self._watch_widget()
            self.call_after_refresh(self.take_keys)

    def take_keys(self) -> None:
        """Let the keys of the view that is shown work, wherever they have gone: a hidden widget loses them."""
        shown: Widget = self._widgets[self.shown.name]
        focused = self.screen.focused
        if focused is None or shown not in focused.ancestors_with_self:
            for widget in (shown, *shown.query("*")):
                if widget.focusable:
                    self.screen.set_focus(widget, scroll_visible=False)
                    break

    def _make_widget(self) -> Widget:
        """Make what draws the graph; where it must be laid out first, and that takes long, what says so."""
        view, opened = self.shown, self._opened
        if opened.has_layout(view):
            widget = view.make(opened.trace, opened.layout(view))
        else:
            widget = Waiting(f"laying out the {view.name}…")
            self._works[view.name] = BackgroundWork(self, partial(_lay_out, opened, view))
        self._widgets[view.name] = widget
        return widget

    # ---- laying out in the background

    def on_work_progressed(self, event: WorkProgressed) -> None:
        """Say how far it is."""
        view = self._view_of(event.work)
        if view is not None:
            self._widgets[view].tell(event.progress)

    def on_work_done(self, event: WorkDone) -> None:
        """Draw the graph, if it is still wanted; else later, since the layout is kept."""
        view = self._view_of(event.work)
        if view is None:
            return
        del self._works[view]
        self._widgets.pop(view).remove()
        if view == self.shown.name:
            self._change_view()
            self.view.show(self._moment)

    def on_work_failed(self, event: WorkFailed) -> None:
        """Say why there is no drawing."""
        view = self._view_of(event.work)
        if view is not None:
            del self._works[view]
            self._widgets[view].say(f"the {view} cannot be laid out: {event.reason}")

    def on_unmount(self) -> None:
        """Let the threads end soon."""
        self._cancel()

    def _view_of(self, work: BackgroundWork) -> str | None:
        return next((view for view, own in self._works.items() if own is work), None)

    def _cancel(self) -> None:
        for work in self._works.values():
            work.cancel()
        self._works.clear()

    def _watch_widget(self) -> None:
        self.watch(self._widgets[self.shown.name], "chosen", self._pass_on, init=False)

    def _pass_on(self, chosen: NodeChosen) -> None:
        self.chosen = chosen
