"""`PlotView`: a plot in the colours of the theme, drawn anew only when it or its size has changed."""

from __future__ import annotations

from rich.segment import Segment
from rich.text import Text
from textual.color import Color
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from .plot import PLAIN, Colour, Plot
from .plotting import draw


class PlotView(Widget):
    """Shows one `Plot`; `plotting.draw` makes it safe and draws it."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    PlotView { border: round $primary-darken-1; border-title-color: $foreground; padding: 0; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._plot = Plot()
        self._strips: list[Strip] = []
        self._drawn_size: Size | None = None
        """The size that the lines are for; None where the plot is to be drawn anew."""

    def show(self, plot: Plot, title: str) -> None:
        """Draw another plot, under its title."""
        self._plot = plot
        self._drawn_size = None
        self.border_title = title
        self.refresh()

    def render(self) -> Text:
        """Draw the plot at the present size."""
        return draw(self._plot, self.content_size.width, self.content_size.height, self._palette())

    def render_line(self, y: int) -> Strip:
        """Draw a line of it: Textual's own way from a text to lines takes as long as the drawing of the plot."""
        size = self.content_size
        if self._drawn_size != size:
            segments = self.render().render(self.app.console)
            lines = Segment.split_and_crop_lines(segments, size.width, pad=False, include_new_lines=False)
            self._strips = [Strip(line).apply_style(self.rich_style) for line in lines]
            self._drawn_size = size
        return self._strips[y] if y < len(self._strips) else Strip.blank(size.width, self.rich_style)

    def notify_style_update(self) -> None:
        """Follow a change of theme."""
        super().notify_style_update()
        self._drawn_size = None

    def _palette(self) -> dict[str, Colour]:
        theme = self.app.current_theme
        if theme.ansi:
            return dict(PLAIN)
        colours = {
            "frame": theme.foreground,
            "line": theme.success,
            "fit": theme.warning,
            "data": theme.secondary,
            "class0": theme.secondary,
            "class1": theme.warning,
            "path": theme.foreground,
        }
        palette: dict[str, Colour] = {name: Color.parse(colour or "white").rgb for name, colour in colours.items()}
        background = Color.parse(theme.background or "black")
        for name, colour, share in (
            ("low", theme.primary, 0.05),
            ("high", theme.primary, 0.75),
            ("region0", theme.secondary, 0.3),
            ("region1", theme.warning, 0.3),
        ):
            palette[name] = background.blend(Color.parse(colour or "white"), share).rgb
        if self.app.console.color_system in ("standard", "windows"):  # sixteen colours cannot tell such shades apart
            palette |= {name: PLAIN[name] for name in ("low", "high", "region0", "region1")}
        return palette
