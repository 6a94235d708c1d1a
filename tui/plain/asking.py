"""`AskDialogue`: one question, asked until it is answered, given up or skipped; a view of an `Attempt`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...engine.errors import ExpressionError
from ...engine.study.attempt import Attempt
from ..words.lines import Line, line
from ..words.plain_study import closed_sentences, hint_sentence, problem_sentences, unread_sentences, verdict_sentences
from ..words.study import NO_MORE_HINTS
from .dialogue import ANSWER, Dialogue

Otherwise = Callable[[str], "Sequence[Line] | None"]
"""Says something to a line that is no answer; None where it has nothing to say to it."""

HOW = "Type a number or an expression; hint helps, skip leaves the question out, quit ends the program."
"""What can be typed where an answer is asked for."""


class AskDialogue(Dialogue):
    """One attempt at a question; it is over when the attempt is closed.

    `above` is said before the question, `lead` at its beginning; `how` says what can be typed. `changed` is told of
    each change of the attempt, and `closed` of one that is closed, as soon as it is: it returns what there is to be
    said of that, mostly nothing. `otherwise` is asked about a line that cannot be read as an answer.
    """

    def __init__(
        self,
        attempt: Attempt,
        *,
        above: Sequence[Line] = (),
        lead: str = "",
        how: str = HOW,
        changed: Callable[[Attempt], None] = lambda attempt: None,
        closed: Callable[[Attempt], str] = lambda attempt: "",
        otherwise: Otherwise = lambda text: None,
    ) -> None:
        self.attempt = attempt
        self._above = above
        self._lead = lead
        self._how = how
        self._changed = changed
        self._closed = closed
        self._otherwise = otherwise

    @property
    def prompt(self) -> str:
        """An answer is asked for."""
        return ANSWER

    @property
    def begun(self) -> bool:
        """Whether something was answered, or a hint taken."""
        return bool(self.attempt.verdicts or self.attempt.hints_shown)

    def opening(self) -> Sequence[Line]:
        """Ask."""
        return [*self._above, line((self._lead, "label"), (self.attempt.task.prompt, "name"))]

    def respond(self, text: str) -> Sequence[Line]:
        """Judge an answer, or help; a word such as hint is an answer where something in the graph has that name."""
        text = text.strip()
        if not text:
            return [line(self._how)]
        if text == "?":
            return self._hint()
        try:
            following = self.attempt.answered(text)
        except ExpressionError as error:
            return self._word(text, error)
        return self._follow(following, verdict_sentences(following))

    def _word(self, text: str, error: ExpressionError) -> Sequence[Line]:
        match text.casefold():
            case "hint":
                return self._hint()
            case "skip":
                following = self.attempt.skipped()
                return self._follow(following, closed_sentences(following))
            case "quit" | "exit":
                self.over = self.quits = True
                return ()
            case "question" | "again":
                return self.opening()
            case "help":
                return [line(self._how), *(self._otherwise("help") or ())]
            case _:
                said = self._otherwise(text)
                return unread_sentences(error) if said is None else said

    def _hint(self) -> Sequence[Line]:
        following = self.attempt.hinted()
        if following == self.attempt:
            return [line(NO_MORE_HINTS)]
        said = [hint_sentence(following)] if following.is_open else closed_sentences(following)
        return self._follow(following, said)

    def _follow(self, following: Attempt, said: Sequence[Line]) -> Sequence[Line]:
        self.attempt = following
        self._changed(following)
        if following.is_open:
            return said
        self.over = True
        return [*said, *problem_sentences(self._closed(following))]
