"""`GotoScreen`: asks for a place to go to."""

from __future__ import annotations

from collections.abc import Callable

from textual.binding import Binding

from .prompt import Prompt


class GotoScreen(Prompt[int | None]):
    """Asks for a step or an epoch; `find` makes a number of what is typed, or says in a sentence why it cannot."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel", id="goto.cancel")]  # noqa: RUF012

    def __init__(self, title: str, placeholder: str, find: Callable[[str], int | str]) -> None:
        super().__init__(title, placeholder)
        self._find = find

    def answer(self, typed: str) -> None:
        """Answer with the number, or say what would be one."""
        found = self._find(typed)
        if isinstance(found, int):
            self.dismiss(found)
        else:
            self.say_problem(found)
