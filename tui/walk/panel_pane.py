"""`PanelPane`: the place beside the graph where one of a walk's panels is shown, under the names of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from ..bindings import active_keys, with_keys
from ..widgets.lines import LinesView
from ..words.lines import Line, Piece, line
from ..words.walk import HIDDEN
from .moment import Moment
from .opened import OpenedWalk
from .panel import LastingPanel, Panel


class PanelTitles(LinesView):
    """Names the panels with their keys, marks the one that is shown, and shows another on a click.

    That is one line; in a narrow panel beside the graph, where there are rows enough, two or three.
    """

    DEFAULT_CSS = "PanelTitles { height: 1; overflow-y: hidden; }"

    class Clicked(Message):
        """The title of a panel was clicked."""

        def __init__(self, panel: str) -> None:
            super().__init__()
            self.panel = panel

    def __init__(self, panels: Sequence[Panel]) -> None:
        super().__init__()
        self._panels = panels
        self._shown = panels[0].name
        self._more = False
        self._places: list[tuple[int, range]] = []
        """The row and the cells of each panel's title."""

    def on_mount(self) -> None:
        """Follow the bindings: a user's own keys come after the first paint."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow_bindings)

    def mark(self, panel: str, more: bool) -> None:
        """Mark a panel as shown; `more` says that it has more lines than fit."""
        if (panel, more) != (self._shown, self._more) or not self._places:
            self._shown, self._more = panel, more
            self._draw_titles()

    def on_click(self, event: events.Click) -> None:
        """Ask for the panel under the mouse."""
        for panel, (row, cells) in zip(self._panels, self._places, strict=False):
            if event.y == row and event.x in cells:
                self.post_message(self.Clicked(panel.name))

    def on_resize(self) -> None:
        """Take as many rows as the names need."""
        self._draw_titles()

    def _follow_bindings(self, screen: Screen[object]) -> None:
        self._draw_titles()

    def _draw_titles(self) -> None:
        self.show(self._lines)
        if self.size.width:
            self.styles.height = len(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Line]:
        keys = active_keys(self.screen)
        shown_keys = [bound.shown if (bound := keys.get(f"walk.{panel.name}")) else "" for panel in self._panels]
        titles = [
            f" {key} {panel.name}" if key else f" {panel.name}"
            for key, panel in zip(shown_keys, self._panels, strict=True)
        ]
        is_long = sum(map(cell_len, titles)) + 2 > width
        if is_long and not self.screen.has_class("-wide"):  # the keys alone, then, but for the panel that is shown
            titles = [
                title if panel.name == self._shown else f" {key}"
                for title, key, panel in zip(titles, shown_keys, self._panels, strict=True)
            ]
        rows: list[list[Piece]] = [[("─", "guide")]]
        self._places, column = [], 1
        for panel, title in zip(self._panels, titles, strict=True):
            if column + cell_len(title) + 1 > width and column > 1:
                rows[-1].append((" " * (width - column), ""))
                rows.append([(" ", "")])
                column = 1
            rows[-1].append((title, "heading" if panel.name == self._shown else "label"))
            self._places.append((len(rows) - 1, range(column + 1, column + cell_len(title))))
            column += cell_len(title)
        more = keys.get("walk.scroll-down")
        hint = f" {more.shown} for more " if self._more and more else ""
        room = max(0, width - column - 1)
        if room < len(hint) + 2:
            hint = ""
        rows[-1] += [
            (" ", ""),
            ("─" * (room - len(hint) - bool(hint)), "guide"),
            (hint, "label"),
            ("─" * bool(hint), "guide"),
        ]
        return [line(*pieces) for pieces in rows]


class ShutPanel(LinesView):
    """Stands for a panel that would say numbers of steps that are yet to be asked for."""

    def follow(self, moment: Moment) -> None:
        """Say why it is shut."""
        self.show(lambda width: [line((with_keys(HIDDEN, self.screen), "note"))])


class CoveringWidget(Widget):
    """What can take the place of a panel."""

    def scroll_text(self, rows: int) -> None:
        """Scroll what is said in it."""
        raise NotImplementedError


SHUT = Panel("", "", "", lambda opened: ShutPanel(), tells_ahead=False)


class PanelPane(Vertical):
    """Shows the panel that the moment names, and has it follow the moment.

    Another widget can stand above it, or, while a step is asked for, in its place.
    """

    DEFAULT_CSS = """
    PanelPane.-covered > .-panel, PanelPane > .-panel.-away { display: none; }
    """

    def __init__(self, opened: OpenedWalk, moment: Moment, panels: Sequence[Panel], id: str | None = None) -> None:
        super().__init__(id=id)
        self._opened = opened
        self._panels = {panel.name: panel for panel in (*panels, SHUT)}
        self._titles = PanelTitles(panels)
        self._shown = self._panel_name(moment)
        self._named = moment.panel
        self._above: CoveringWidget | None = None
        self._widgets: dict[str, Any] = {self._shown: self._made(self._shown)}

    def compose(self) -> ComposeResult:
        """Lay out the titles and the first panel."""
        yield self._titles
        yield self.panel

    def on_mount(self) -> None:
        """Say which keys show which panel."""
        self._watch_panel()
        self._mark()

    @property
    def panel(self) -> Any:
        """The panel that is shown: a widget, and a `MomentPanel`."""
        return self._widgets[self._shown]

    def follow(self, moment: Moment) -> None:
        """Draw a moment in the panel that it names."""
        self._named = moment.panel
        name = self._panel_name(moment)
        if name != self._shown:
            self.panel.add_class("-away")
            self._show(name)
        self._mark()
        self.panel.follow(moment)

    def put_above(self, widget: CoveringWidget) -> None:
        """Have a widget stand between the titles and the panel; `cover` says whether it takes the panel's place."""
        self._above = widget
        self.mount(widget, after=self._titles)

    def scroll_text(self, rows: int) -> None:
        """Scroll the panel, or what takes its place."""
        if self.has_class("-covered") and self._above is not None:
            self._above.scroll_text(rows)
        else:
            self.panel.scroll_relative(y=rows, animate=False)

    def cover(self, covered: bool) -> None:
        """Hide the panel, or show it again."""
        self.set_class(covered, "-covered")
        self._mark()

    def reopen(self, opened: OpenedWalk, moment: Moment) -> None:
        """Show another walk, at a moment of it; a panel that can follow to another walk stays, others are made anew."""
        self._opened = opened
        self.panel.add_class("-away")
        for name, widget in [*self._widgets.items()]:
            if isinstance(widget, LastingPanel):
                widget.reopen(opened)
            else:
                widget.remove()
                del self._widgets[name]
        self._named = moment.panel
        self._show(self._panel_name(moment))
        self.panel.follow(moment)

    def _panel_name(self, moment: Moment) -> str:
        """Return the name of the panel to show: the moment's, unless that one is shut."""
        return SHUT.name if moment.hides_ahead and self._panels[moment.panel].tells_ahead else moment.panel

    def _made(self, name: str) -> Widget:
        widget = self._panels[name].make(self._opened)
        widget.add_class("-panel")
        return widget

    def _show(self, name: str) -> None:
        self._shown = name
        if name in self._widgets:
            self.panel.remove_class("-away")
        else:
            widget = self._made(name)
            self._widgets[name] = widget
            self.mount(widget)
            self._watch_panel()
        self._mark()

    def _watch_panel(self) -> None:
        if isinstance(self.panel, LinesView):
            self.watch(self.panel, "overflows", self._mark, init=False)

    def _mark(self) -> None:
        overflows = getattr(self.panel, "overflows", False) and not self.has_class("-covered")
        self._titles.mark(self._named, overflows)
