"""`ComparisonScreen`: forward mode beside reverse mode, what both take on this graph."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding

from ...engine.rules.notation import Notation
from ...engine.walk.tangent_comparison import Comparison
from ..bindings import with_keys
from ..widgets.lines import LinesView
from ..words.comparison import comparison_lines
from .lines_dialog import LinesDialog, scroll_bindings


class ComparisonScreen(LinesDialog):
    """A table of passes and multiplications, and what it means."""

    HELP = """\
Forward mode carries a tangent along with every value and so finds the derivatives of everything by one input; it \
needs a pass for each input. Reverse mode, backpropagation, finds the derivatives of one output by everything in one \
pass. The bars show how many multiplications each pass takes on this graph."""
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("escape,q,T", "dismiss(None)", "Close", tooltip="Back to the walk", id="comparison.close",
                key_display="esc"),
        *scroll_bindings("comparison"),
    ]  # fmt: skip
    DEFAULT_CSS = """
    ComparisonScreen LinesView { width: 100%; max-width: 100; height: 100%; max-height: 40; background: $background;
        padding: 0 1; }
    """

    def __init__(self, comparison: Comparison, notation: Notation, digits: int = 0) -> None:
        """Show a comparison; derivatives have so many significant `digits`, 0 as they are read with ease."""
        super().__init__()
        self._digits = digits
        self._comparison = comparison
        self._notation = notation

    def compose(self) -> ComposeResult:
        """Lay out the table."""
        view = LinesView(scroll_binding="comparison.down")
        view.border_subtitle = with_keys("{comparison.close} closes", self)
        view.show(lambda width: comparison_lines(self._comparison, self._notation, width, self._digits))
        yield view
