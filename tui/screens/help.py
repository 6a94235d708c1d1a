"""`HelpScreen`: what the screen below means and every key it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from ..bindings import ActiveKeys, active_keys, with_keys
from .dialog import Dialog

IDS_FROM = 92
"""The width of a window from which the help has room for the ids of the bindings."""
OTHERS: tuple[str, ...] = ()
"""The group of keys that takes all keys of a screen that no other group names."""


class HelpScreen(Dialog[None]):
    """Explanations and keys, made from the bindings themselves so that they are never out of date."""

    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("escape,q,question_mark", "dismiss", "Close", id="help.close", key_display="esc"),
        Binding("tab", "next_part", "Next part", id="help.part"),
        Binding("j", "scroll(1)", "Down", id="help.down", show=False),
        Binding("k", "scroll(-1)", "Up", id="help.up", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen > VerticalScroll {
        width: 100%; max-width: 96; height: 100%; max-height: 64; padding: 0 1;
        border-title-align: left; border-subtitle-align: right;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    }
    HelpScreen Static { height: auto; margin-bottom: 1; padding-right: 1; }
    """

    def __init__(
        self, lead: str, keys: Sequence[tuple[str, Sequence[tuple[str, ActiveKeys]]]], explanations: Sequence[str]
    ) -> None:
        """Show what the screen is, its keys by id under a heading each, and then the longer explanations."""
        super().__init__()
        self._lead = lead
        self._keys = keys
        self._explanations = explanations

    @classmethod
    def of_screen(cls, screen: Screen[object], lecture: str = "") -> HelpScreen:
        """Collect the `HELP` of a screen and its widgets, and all their keys in the screen's `KEY_GROUPS`.

        The first paragraph of the screen's own help leads, after what is said of a `lecture`; all else stands below
        the keys.
        """
        lead, _, more = str(getattr(screen, "HELP", "")).partition("\n\n")
        shown = (node for node in screen.query("*") if all(widget.display for widget in node.ancestors_with_self))
        explanations = [*(getattr(type(node), "HELP", None) for node in shown), more]
        groups = getattr(screen, "KEY_GROUPS", (("Keys", OTHERS),))
        lead = f"{lecture}\n\n{lead}" if lecture else lead
        return cls(lead, _grouped(active_keys(screen), groups), [text for text in explanations if text])

    def compose(self) -> ComposeResult:
        """Lay out what leads, the keys, then the explanations."""
        with VerticalScroll() as scroll:
            scroll.border_title = "help"
            scroll.border_subtitle = with_keys("{help.part} next part · {help.close} closes", self)
            if self._lead:
                yield Static(self._lead, markup=False)
            yield Static(self._table())
            for explanation in self._explanations:
                yield Static(explanation, classes="part", markup=False)

    def action_scroll(self, rows: int) -> None:
        """Scroll the text."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)

    def action_next_part(self) -> None:
        """Show the next part from its first line; after the last one, the top."""
        scroll = self.query_one(VerticalScroll)
        tops = (part.virtual_region.y for part in scroll.query(".part").results(Static))
        at_end = scroll.scroll_offset.y >= scroll.max_scroll_y
        scroll.scroll_to(y=0 if at_end else next((y for y in tops if y > scroll.scroll_offset.y), 0), animate=False)

    def _table(self) -> Table:
        with_ids = self.app.size.width >= IDS_FROM
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
        for index, (heading, rows) in enumerate(self._keys):
            if index:
                table.add_row()
            ids = (Text("id, for settings.json" if index == 0 else "", "dim"),) if with_ids else ()
            table.add_row("", Text(heading, "bold"), *ids)
            for name, bound in rows:
                table.add_row("  ".join(bound.keys), bound.explanation, *((name,) if with_ids else ()))
        return table


def _grouped(
    bound: Mapping[str, ActiveKeys], groups: Sequence[tuple[str, Sequence[str]]]
) -> list[tuple[str, list[tuple[str, ActiveKeys]]]]:
    named = {name for _, names in groups for name in names}
    of_app, of_lecture = ([name for name in bound if name.startswith(scope)] for scope in ("app.", "lecture."))
    of_app = [name for name in of_app if name not in named]
    others = [name for name in bound if name not in named and name not in of_app and name not in of_lecture]
    found = [
        ("In the lecture", of_lecture),
        *((heading, names or others) for heading, names in groups),
        ("Everywhere", of_app),
    ]
    rows = [(heading, [(name, bound[name]) for name in names if name in bound]) for heading, names in found]
    return [(heading, keys) for heading, keys in rows if keys]
