"""`ProgressScreen`: what somebody has practised, as a picture of their skills, and what to do next."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding

from ..bindings import with_keys
from ..progress.progress import Progress
from ..progress.report import report_lines
from ..widgets.lines import LinesView
from ..words.progress import COMMANDS, Ways
from .lines_dialog import LinesDialog, scroll_bindings


class ProgressScreen(LinesDialog):
    """The skills with their days and right answers, the mistakes made oftenest, and what to practise."""

    HELP = """\
What you have practised. A skill is a kind of question and the rule that it needs. The squares are the days on which \
it was right, without help, mixed with others, and the bar is how many answers were right at once. `gradwalk progress` \
prints the same."""
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("escape,q", "dismiss(None)", "Close", tooltip="Back to where you were", id="progress.close",
                key_display="esc"),
        *scroll_bindings("progress"),
    ]  # fmt: skip
    DEFAULT_CSS = """
    ProgressScreen LinesView { width: 100%; max-width: 90; height: 100%; max-height: 44; background: $background;
        padding: 0 1; }
    """

    def __init__(self, progress: Progress, ways: Ways = COMMANDS) -> None:
        """Show somebody's progress as it is now, and by which `ways` they can practise."""
        super().__init__()
        self._lines = report_lines(progress, ways=ways)

    def compose(self) -> ComposeResult:
        """Lay out the picture."""
        view = LinesView(scroll_binding="progress.down")
        view.border_title = "progress"
        view.border_subtitle = with_keys("{progress.close} closes", self)
        view.show(lambda width: self._lines)
        yield view
