"""What can go wrong, said in sentences: one small family of exceptions."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

MAX_SHOWN_ERRORS = 10
"""How many errors of a file are printed."""

MAX_KEPT_ERRORS = 100
"""How many errors of a file are found before the search ends."""


class GradwalkError(Exception):
    """Anything a user of gradwalk can cause and mend; `str(error)` is the whole message.

    The message is fit for a terminal, whatever was in the text it quotes.
    """

    def __str__(self) -> str:
        return printable(super().__str__())


class RoomError(GradwalkError):
    """An operation that would make more scalars than a walk has room for; `count` is how many, `room` for how many."""

    def __init__(self, count: int, room: int) -> None:
        self.count, self.room = count, room
        super().__init__(
            f"this operation makes {count:,} scalars, and a walk has room for {room:,}: "
            "take smaller arrays, such as a few rows of the data"
        )


@dataclass(eq=False)
class ExpressionError(GradwalkError):
    """An expression that cannot be read.

    `position` and `length` mark the offending characters of `text`; `hint` says what would be right.
    """

    message: str
    text: str
    position: int
    length: int = 1
    hint: str = ""

    def __str__(self) -> str:
        lines = [self.message, *excerpt(self.text, self.position, self.length), *indented(self.hint)]
        return printable("\n".join(lines))


@dataclass(eq=False)
class DefinitionError(GradwalkError):
    """One thing that is wrong with a definition, whatever file, command or editor it came from.

    `keys` lead to it: ("graph", "s") is the node s. `in_value` says that what stands there is meant, and not its name.
    `inside` is the error in the expression at `keys`, with the position in it.
    """

    message: str
    keys: tuple[str, ...] = ()
    hint: str = ""
    in_value: bool = False
    inside: ExpressionError | None = None

    @classmethod
    def of_expression(cls, error: ExpressionError, *keys: str) -> DefinitionError:
        """Make the error for an expression at `keys` that cannot be read."""
        return cls(error.message, keys, error.hint, in_value=True, inside=error)

    def __str__(self) -> str:
        subject = f"{shortened(shown_keys(self.keys))}: " if self.keys else ""
        marked = excerpt(self.inside.text, self.inside.position, self.inside.length) if self.inside else []
        return printable("\n".join([f"{subject}{self.message}", *marked, *indented(self.hint)]))


@dataclass(eq=False)
class DefinitionErrors(GradwalkError):
    """All that is wrong with a definition, in the order it was found.

    An error may also be a `ScenarioError`: about a file of data, in which it has a place already. Where `cut` is true
    there are more.
    """

    errors: Sequence[DefinitionError | ScenarioError]
    cut: bool = False

    def __str__(self) -> str:
        return _all_of(list(map(str, self.errors)), cut=self.cut)


@dataclass(eq=False)
class ScenarioError(GradwalkError):
    """A scenario file that cannot be opened, and the first reason why.

    `key` names the table and key (`graph.s`); `line` and `column` count from 1 and are 0 where no place in
    the text can be named. `excerpt` is the text to show and `length` how many of its characters offend, from
    `position` (counted from 0) on; none are marked where `length` is 0. `further` are the errors that follow in
    the file, of which there are more where `cut` is true.
    """

    message: str
    path: str
    key: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""
    position: int = 0
    length: int = 0
    hint: str = ""
    further: Sequence[ScenarioError] = ()
    cut: bool = False

    def __str__(self) -> str:
        return _all_of([self._alone(), *(error._alone() for error in self.further)], cut=self.cut)

    def _alone(self) -> str:
        place = ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])
        subject = f"{shortened(self.key)}: " if self.key else ""
        lines = [f"{place}: {subject}{self.message}"]
        if self.excerpt or self.length:
            lines += excerpt(self.excerpt, self.position, self.length)
        return printable("\n".join([*lines, *indented(self.hint)]))


class Problems:
    """Keeps what is wrong, so that all of it is said together; `stop` raises it.

    >>> problems = Problems()
    >>> with problems.kept("graph", "f"):
    ...     parse("2 +")  # raises ExpressionError; what follows the block goes on
    """

    def __init__(self) -> None:
        self.errors: list[DefinitionError | ScenarioError] = []
        self.misnamed: set[str] = set()
        """Names that cannot be used, which is said once: that an expression cannot be read for their sake is not."""

    def __bool__(self) -> bool:
        return bool(self.errors)

    def add(self, message: str, *keys: str, hint: str = "") -> None:
        """Keep an error about the name at `keys`."""
        self._keep(DefinitionError(message, keys, hint))

    def add_value(self, message: str, *keys: str, hint: str = "") -> None:
        """Keep an error about what stands at `keys`."""
        self._keep(DefinitionError(message, keys, hint, in_value=True))

    @contextmanager
    def kept(self, *keys: str) -> Generator[None]:
        """Keep what is raised in the block, and go on after it; an expression or a cycle is the one at `keys`."""
        try:
            yield
        except _TooManyErrors:
            raise
        except ExpressionError as error:
            if error.text[error.position : error.position + error.length] not in self.misnamed:
                self._keep(DefinitionError.of_expression(error, *keys))
        except CycleError as error:
            self.add(str(error), *keys, error.cycle[0])
        except DefinitionErrors as several:
            for error in several.errors:
                self._keep(error)
        except (DefinitionError, ScenarioError) as error:
            self._keep(error)

    def add_name(self, message: str, *keys: str, hint: str = "") -> None:
        """Keep an error about a name, the last of `keys`, that cannot be used."""
        self.misnamed.add(keys[-1])
        self.add(message, *keys, hint=hint)

    def knows(self, *keys: str) -> bool:
        """Say whether something is known to be wrong at `keys`, or inside what they lead to."""
        return any(isinstance(error, DefinitionError) and error.keys[: len(keys)] == keys for error in self.errors)

    def stop(self) -> None:
        """Raise DefinitionErrors where anything is wrong."""
        if self.errors:
            raise DefinitionErrors(self.errors)

    def _keep(self, error: DefinitionError | ScenarioError) -> None:
        self.errors.append(error)
        if len(self.errors) >= MAX_KEPT_ERRORS:
            raise _TooManyErrors(self.errors, cut=True)


class _TooManyErrors(DefinitionErrors):
    """Ends the search for errors."""


class GraphError(GradwalkError):
    """A graph that cannot be built, such as one that mixes two tapes."""


class CutGraphError(GradwalkError, TypeError):
    """A use of a recorded number that would go on with a plain one, so that the gradient would be cut off there."""


class CycleError(GradwalkError):
    """Nodes that need each other; `cycle` lists their names in order, the first one again at the end."""

    def __init__(self, cycle: list[str]) -> None:
        self.cycle = cycle
        shown = [*cycle[:6], "…", cycle[-1]] if len(cycle) > 8 else cycle
        super().__init__(f"a cycle: {' → '.join(shown)}; a node cannot depend on itself")


def shown_keys(keys: Sequence[str]) -> str:
    """Write where something stands, such as `graph.s`; which exercise or lesson it is, counted from 0, is left out."""
    return ".".join(key for place, key in enumerate(keys) if not (place and keys[place - 1] in ("exercise", "lesson")))


def _all_of(messages: Sequence[str], *, cut: bool) -> str:
    more = len(messages) - MAX_SHOWN_ERRORS
    last = [f"and {'at least ' if cut else ''}{more} more"] if more > 0 else []
    return "\n".join([*messages[:MAX_SHOWN_ERRORS], *last])


def excerpt(line: str, position: int, length: int, width: int = 72) -> list[str]:
    """Cut `line` to at most `width` terminal cells around `position`; underline `length` characters with carets."""
    line = "".join(c if c.isprintable() else " " for c in line)
    position = min(position, len(line))
    start = max(0, min(position - width // 2, len(line) - width))
    while _cells(line[start:position]) > width // 2 and start < position:
        start += 1
    end = min(len(line), start + width)
    while _cells(line[start:end]) > width:
        end -= 1
    before, after = "…" if start else "", "…" if end < len(line) else ""
    window = [f"    {before}{line[start:end]}{after}"]
    if length > 0:
        marked = _cells(line[position : min(position + length, end)])
        window.append(" " * (4 + len(before) + _cells(line[start:position])) + "^" * max(1, marked))
    return window


def _cells(text: str) -> int:
    """Return how many terminal cells a text takes: Chinese characters take two, combining accents none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def printable(text: str) -> str:
    """Replace what a terminal would obey or could not show, such as an escape character, by its code."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode("ascii") for c in text)


def shortened(text: str, limit: int = 60) -> str:
    """Cut a long text, so that a message stays one."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quoted(text: str) -> str:
    """Quote what a user wrote, cut where it is long."""
    return f'"{shortened(text)}"'


def listing(words: Iterable[str], limit: int = 16) -> str:
    """List words with commas, cut where they are many."""
    words = list(words)
    shown = [shortened(word, 24) for word in words[:limit]]
    return ", ".join([*shown, "…"] if len(words) > limit else shown)


def indented(hint: str) -> list[str]:
    """Return the hint as an indented line, or nothing."""
    return [f"    {hint}"] if hint else []


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "", likeness: float = 0.6) -> str:
    """Suggest the known word nearest to `word`, or say `otherwise` where none has that `likeness` (0 to 1)."""
    names = list(known)
    same: Sequence[str] = [name for name in names if name.casefold() == word.casefold()]
    near = same or difflib.get_close_matches(word, names, n=1, cutoff=likeness)
    return f"did you mean {quoted(near[0])}?" if near else otherwise
