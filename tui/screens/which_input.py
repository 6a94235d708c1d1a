"""`InputScreen`: asks for one of a graph's inputs."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Label

from ...engine.errors import GradwalkError
from ...engine.graph.graph import Graph
from ...engine.walk.tangents import input_called, input_words
from .prompt import Prompt


class InputScreen(Prompt[int | None]):
    """Asks for an input by its name; answers with its node. `why` says why it has to ask."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel", id="input.cancel")]  # noqa: RUF012

    def __init__(self, title: str, graph: Graph, why: str) -> None:
        super().__init__(title, "the name of an input", keys="⏎ takes it · {input.cancel} closes")
        self._graph = graph
        self._why = why

    def above(self) -> Iterable[Widget]:
        """Say why it asks, and for what."""
        return [Label(f"{self._why}; {input_words(self._graph)}", markup=False)]

    def answer(self, typed: str) -> None:
        """Answer with the input of that name, or say which there are."""
        try:
            self.dismiss(input_called(self._graph, typed))
        except GradwalkError as error:
            self.say_problem(str(error))
