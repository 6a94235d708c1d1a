"""`walk`: a function written in Python, NumPy, JAX or PyTorch as a walk to look at, print, save or open."""

from __future__ import annotations

import asyncio
import functools
import io
import math
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from html import escape
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine.errors import GradwalkError, did_you_mean, listing, quoted
from ..engine.scenario import Scenario

if TYPE_CHECKING:
    from ..engine.graph.graph import Graph
    from ..engine.walk.trace import Trace
    from .session import Session
    from .start import Start


class Walk:
    """A walk, whole: every step forward and backward.

    It shows itself in a notebook as a page to walk on. `print` prints every step, `show` opens it in the terminal, and
    `to_text`, `to_json`, `to_html` and `save` give it away.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    @functools.cached_property
    def trace(self) -> Trace:
        """All numbers and all steps."""
        from ..engine.walk.trace import Trace

        return Trace(self.scenario.graph, self.scenario.notes)

    @property
    def value(self) -> float:
        """What the function gives; nan or infinite where it does not exist."""
        return self.trace.values.item(-1)

    @property
    def gradients(self) -> dict[str, float]:
        """The partial by each input, by what the walk calls it; nan where it does not exist."""
        graph, end = self.trace.graph, self.trace.state(self.trace.total)
        inputs = [leaf for leaf in range(graph.leaf_count) if graph.carries_gradient[leaf]]
        gradients = {graph.label(leaf): (leaf, end.gradient(leaf)) for leaf in inputs}
        return {
            label: math.nan if number is None or end.gradient_undefined(leaf) else number
            for label, (leaf, number) in gradients.items()
        }

    def __len__(self) -> int:
        return self.trace.total

    def __str__(self) -> str:
        return self.to_text().rstrip("\n")

    def __repr__(self) -> str:
        return f"<Walk of {self.scenario.title}: {len(self):,} steps; print it, or open it with .show()>"

    # ---- to give away

    def to_text(self, digits: int = 0) -> str:
        """Return every step as text, numbers with so many significant `digits`, 0 for as they are best read."""
        from .words.console import plain_console, write
        from .words.walk import trace_lines

        text = io.StringIO()
        write(trace_lines(self.scenario, self.trace, digits), plain_console(text))
        return text.getvalue()

    def to_json(self, digits: int = 0) -> str:
        """Return what `gradwalk trace --json` prints: every number whole, equations with so many `digits`."""
        from ..engine.export.walk_document import encode

        return encode(self.scenario, self.trace, digits).decode()

    def to_html(self, digits: int = 0) -> str:
        """Return a page to walk on in a browser: one file, without a network. GradwalkError where it is too large."""
        from .pocket.page import page

        return page(self.scenario, self.trace, digits=digits)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the walk to a file and return its path; what it becomes, its ending says.

        `.html` is a page to walk on, `.md` and `.tex` a handout, `.json` and `.txt` what `to_json` and `to_text` give.
        Raises GradwalkError for another ending, for a file that is there already unless it may `overwrite` it, and
        where it cannot be written.
        """
        from .saving import replace_file, write_new

        target = Path(path)
        text = self._written_as(target)
        if overwrite and target.exists():
            replace_file(target, text)
        elif target.exists():
            raise GradwalkError(f"{target} is there already; overwrite=True puts the walk in its place")
        else:
            write_new(target, text)
        return target

    def _written_as(self, path: Path) -> str:
        from .handout.writing import written

        ways: dict[str, Callable[[], str]] = {
            ".html": self.to_html,
            ".md": lambda: written(self.scenario, "md"),
            ".tex": lambda: written(self.scenario, "tex"),
            ".json": self.to_json,
            ".txt": self.to_text,
        }
        if path.suffix not in ways:
            hint = did_you_mean(path.suffix, ways, f"the endings are {listing(ways)}")
            problem = f"no walk is saved as {quoted(path.suffix)}" if path.suffix else "its ending says what is saved"
            raise GradwalkError(f"{quoted(path.name)}: {problem}; {hint}")
        return ways[path.suffix]()

    # ---- to look at

    def show(self, *, arrays: bool = False) -> None:
        """Open the walk in this terminal, or with `arrays` that of whole arrays; returns when the user leaves it.

        In a notebook the page to walk on is shown, and without a terminal every step is printed. Raises GradwalkError
        where a screen cannot take the terminal: in a thread, and inside an event loop, where `show_async` does.
        """
        session = self._session()
        if session is None:
            return
        if _in_event_loop():
            raise GradwalkError(
                "show runs an event loop of its own, so it cannot be called inside another one; write "
                "await walk(...).show_async()"
            )
        from .opening import open_app

        open_app(self.scenario, session, start=self._start(arrays))

    async def show_async(self, *, arrays: bool = False) -> None:
        """Open the walk in this terminal, inside an event loop, which goes on meanwhile; otherwise do as `show`."""
        session = self._session()
        if session is None:
            return
        from .opening import open_app_async

        await open_app_async(self.scenario, session, start=self._start(arrays))

    def _start(self, arrays: bool) -> Start | None:
        """Return where the walk begins; GradwalkError where it is to begin with arrays and has none."""
        if not arrays:
            return None
        from .start import Start

        return Start(arrays=True)

    def _session(self) -> Session | None:
        """Return the session whose terminal a screen can take; show the walk in another way where there is none."""
        from .notebook import in_a_notebook
        from .session import Session
        from .trace_command import print_trace

        if in_a_notebook():
            from .notebook import display

            display(self)
            return None
        session = Session.here()
        if not session.terminal.holds_a_screen:
            print_trace(self.scenario)
            return None
        if threading.current_thread() is not threading.main_thread():
            raise GradwalkError(
                "show takes the terminal, which only the main thread can: call it there, or print(walk(...)) here"
            )
        return session

    def _repr_html_(self) -> str:
        """Return the page inside a frame, for a notebook; where it is too large, what to do."""
        try:
            whole = self.to_html()
        except GradwalkError as error:
            return f"<p>{escape(str(error))}</p><pre>{escape(repr(self))}</pre>"
        return (
            f'<iframe title="{escape(self.scenario.title)}" srcdoc="{escape(whole)}" '
            'sandbox="allow-scripts allow-downloads" '
            'style="width: 100%; height: 34rem; border: 1px solid #8888; resize: vertical; overflow: auto"></iframe>'
        )


def walk(
    what: Any,
    *args: Any,
    title: str = "",
    names: Sequence[str] | None = None,
    data: Collection[str] = (),
    **values: Any,
) -> Walk:
    """Return the walk of what was written in Python.

    `what` is a number that was calculated with `Scalar`, `Value` or `scalars`; or a function for NumPy, JAX or PyTorch,
    with the arguments that it is called with: all arrays among them carry a gradient but those named in `data`, and
    `names` may call them something else than the function's parameters. Or it is a text: the name of a scenario, the
    path of its file, or an expression whose names get their `values`.

    >>> print(walk("x*y + sin(x)", x=2, y=5).gradients)
    {'x': 4.583853163452858, 'y': 2.0}

    Raises GradwalkError for what cannot be walked, and whatever a function raises itself.
    """
    if isinstance(what, str):
        _refuse_arguments(args, "a text", "write its values by name, as in walk('x*y', x=2, y=5)")
        return Walk(_titled(_named_or_expression(what, values), title))
    if values:
        raise GradwalkError(f"walk knows no {listing(values)}; arguments of the function come one after the other")
    if isinstance(what, Walk | Scenario):
        _refuse_arguments(args, "a walk", "write walk(f, x) with a function f and what it is called with")
        return Walk(_titled(what.scenario if isinstance(what, Walk) else what, title))
    recorded = recorded_in(what)
    if recorded is not None:
        _refuse_arguments(args, f"a {type(what).__name__}", "its numbers are those that it was calculated with")
        return Walk(of_recorded(recorded, title))
    return Walk(_titled(_imported(what, args, names, data), title))


def of_recorded(recorded: Any, title: str = "") -> Scenario:
    """Make a scenario of a number with a graph, such as a `Scalar`; GradwalkError where it is no single number.

    Where it has no name it gets that of the caller's variable.
    """
    from ..engine.scalar_array.source import variable_of

    graph = _named(recorded.graph(), variable_of(recorded))
    name = graph.names.get(graph.output, "the result")
    return Scenario("python", title or f"{name}, from Python", "", "", graph, {})


def _named(graph: Graph, name: str) -> Graph:
    """Return a graph with a name for its output; as it is where it has one, or the name is taken or cannot be one."""
    from ..engine.graph.names import UNNAMED, Names
    from ..engine.language.names import name_problem

    is_free = name_problem(name) is None and not UNNAMED.fullmatch(name) and graph.names.find(name) is None
    if not is_free or graph.output in graph.names or graph.op(graph.output) is None:
        return graph
    return replace(graph, names=Names({**graph.names.single, graph.output: name}, graph.names.blocks))


def recorded_in(what: Any) -> Any | None:
    """Return what has a graph: a `Scalar`, a `Value`, a `ScalarArray`, NumPy's array of one; None for anything else."""
    kind: Any = type(what)  # pyright: ignore[reportUnknownVariableType]
    if hasattr(kind, "called") and hasattr(kind, "graph"):
        return what
    if _holds_objects(what) and what.size == 1:
        return recorded_in(what.item())
    return None


def _holds_objects(array: Any) -> bool:
    """Tell whether something is an array of NumPy that holds Python's objects."""
    return getattr(getattr(array, "dtype", None), "kind", "") == "O"


def _titled(scenario: Scenario, title: str) -> Scenario:
    return replace(scenario, title=title) if title else scenario


def _named_or_expression(text: str, values: Mapping[str, Any]) -> Scenario:
    from ..engine.language.names import is_name
    from ..engine.library import load
    from ..engine.reading.arguments import from_expression

    if not values and (is_name(text) or text.endswith(".toml")):
        return load(text)
    return from_expression(text, {name: _written_value(name, value) for name, value in values.items()})


def _written_value(name: str, value: Any) -> str:
    """Write a value as the language of expressions reads it."""
    if isinstance(value, str):
        return value
    if not isinstance(value, int | float | Real):
        raise GradwalkError(f"{name} is a number, or a constant expression such as '1/3', not a {type(value).__name__}")
    return repr(value) if type(value) is int else repr(float(value))


def _imported(fn: Any, args: Sequence[Any], names: Sequence[str] | None, data: Collection[str]) -> Scenario:
    from ..engine.importing.imported import Imported, imported
    from .words.imported import presented

    if isinstance(fn, Imported):
        _refuse_arguments(args, "what was imported", "its arguments are those that it was traced for")
        return presented(fn)
    if not callable(fn):
        raise GradwalkError(f"walk takes {_TAKEN}, and this is a {type(fn).__name__}{_hint(fn)}")
    return presented(imported(fn, *args, names=names, data=data))


_TAKEN = "a number calculated with Scalar, or a function and what it is called with"


def _hint(what: Any) -> str:
    """Say what to write in place of what has no graph that could be read."""
    if hasattr(what, "dtype") or hasattr(what, "requires_grad"):
        if _holds_objects(what):
            return " of several numbers: take its sum, its mean or an entry"
        return " of plain numbers: write walk(f, x) with the function that makes it"
    if isinstance(what, list | tuple) and any(recorded_in(each) is not None for each in what):  # pyright: ignore
        return " of several numbers: take their sum, their mean or one of them"
    return ': begin with Scalar(2.0, "x") and calculate with it'


def _refuse_arguments(args: Sequence[Any], what: str, instead: str) -> None:
    if args:
        raise GradwalkError(f"{what} is walked without further arguments; {instead}")


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
