"""`ArrayPanes`: the list of arrays with, beside or below it, the step and the entries of one array."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Container, Vertical

from ..study.question_box import QuestionBox, SnugLines
from ..walk.arrays.array_list import ArrayList, ArrayListHeader
from ..walk.arrays.entries_view import EntriesView
from ..walk.arrays.moment import ArrayMoment
from ..walk.arrays.offered import offered
from ..words.lines import Line


class ArrayPanes(Container):
    """Draws a moment of a walk of arrays, and gives the keys to one of its parts.

    A screen that is wide has the list at the left of the panel, any other one above it.
    """

    SCOPED_CSS = False  # the classes that say how large the window is are those of the screen
    DEFAULT_CSS = """
    ArrayPanes {
        height: 1fr; layout: vertical;
        #list-pane { height: 1fr; }
        #panel { height: 14; border-top: solid $primary-darken-1; }
        #panel > SnugLines { padding: 0 1; max-height: 60%; scrollbar-size-vertical: 1; }
        #panel > EntriesView { padding: 0 1; }
        #panel.-in-table > SnugLines { max-height: 4; }
        #panel.-asked > #step { display: none; }
        #panel > QuestionBox { padding: 0 1; }
        &.-list-alone > #panel, &.-panel-alone > #list-pane { display: none; }
    }
    .-short ArrayPanes #panel { height: 12; }
    .-tall ArrayPanes #panel { height: 20; }
    .-wide ArrayPanes {
        layout: horizontal;
        #list-pane { width: 1fr; height: 100%; }
        #panel { width: 1fr; height: 100%; border-top: none; border-left: solid $primary-darken-1; }
        #panel.-in-table > SnugLines { max-height: 60%; }
    }
    Screen ArrayPanes.-panel-alone > #panel { height: 100%; border: none; }
    """

    def __init__(self, moment: ArrayMoment) -> None:
        super().__init__()
        self._first = moment

    def compose(self) -> ComposeResult:
        """Lay out the arrays, the step and the entries."""
        with Vertical(id="list-pane"):
            arrays = ArrayList(self._first)
            yield ArrayListHeader(arrays.wanted)
            yield arrays
        with Vertical(id="panel"):
            yield SnugLines(id="step")
            yield EntriesView(id="entries")

    @property
    def arrays(self) -> ArrayList:
        """The list."""
        return self.query_one(ArrayList)

    @property
    def entries(self) -> EntriesView:
        """The table."""
        return self.query_one(EntriesView)

    @property
    def step(self) -> SnugLines:
        """What is said of the step."""
        return self.query_one("#step", SnugLines)

    def put_question(self, box: QuestionBox) -> None:
        """Put a box for questions above the step."""
        self.query_one("#panel").mount(box, before="#step")

    def follow(self, moment: ArrayMoment, lines: Callable[[], list[Line]]) -> None:
        """Draw a moment; `lines` are what is said of its step."""
        self.arrays.follow(moment)
        self.step.show(lambda width: lines())
        tables = offered(moment)
        shown = next((place for place, entries in enumerate(tables) if entries.tab == moment.tab), 0)
        place = tables[shown].grid.within(moment.entry) if tables else (0, 0)
        self.entries.show_entries(tables, shown, place, moment.digits)
        self.set_class(moment.zoomed == "list", "-list-alone")
        self.set_class(moment.zoomed == "panel", "-panel-alone")
        self.query_one("#panel").set_class(moment.is_asked, "-asked")

    def on_descendant_focus(self) -> None:
        """Give the table more room while it has the keys."""
        self.query_one("#panel").set_class(self.entries.has_focus, "-in-table")
