"""`ViewPane`: the place on a walk's screen where one of its views is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import var
from textual.widget import Widget

from .graph_view import GraphView, NodeChosen, View
from .moment import Moment
from .opened import OpenedWalk
from .search import Search


class ViewPane(Vertical):
    """Shows the one of `views` that the moment names; it is a `GraphView` itself."""

    chosen: var[NodeChosen | None] = var(None, init=False, always_update=True)

    def __init__(self, opened: OpenedWalk, moment: Moment, views: Sequence[View], id: str | None = None) -> None:
        super().__init__(id=id)
        self._opened = opened
        self._views = {view.name: view for view in views}
        self._widgets: dict[str, Any] = {}
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
        """Draw another walk, at a moment of it."""
        self._opened = opened
        self._moment = moment
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
        widget = self.shown.make(self._opened.trace, self._opened.layout(self.shown))
        self._widgets[self.shown.name] = widget
        return widget

    def _watch_widget(self) -> None:
        self.watch(self._widgets[self.shown.name], "chosen", self._pass_on, init=False)

    def _pass_on(self, chosen: NodeChosen) -> None:
        self.chosen = chosen
