"""`walk`: a function written in Python, NumPy, JAX or PyTorch as a walk to look at, print, save or open."""

from __future__ import annotations

import asyncio
import functools
import io
import math
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine.errors import GradwalkError, did_you_mean, listing, quoted
from ..engine.scenario import Scenario
from .walkable import of_function, of_recorded, of_text, recorded_in, refuse_arguments, titled

if TYPE_CHECKING:
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

    def to_text(self, digits: int = 0, *, arrays: bool = False) -> str:
        """Return every step as text, numbers with so many significant `digits`, 0 for as they are best read.

        With `arrays` the steps are those of whole arrays; GradwalkError where nothing was made as such.
        """
        from .words.console import plain_console, write
        from .words.walk import trace_lines

        text = io.StringIO()
        if arrays:
            from ..engine.lens.walk import ArrayWalk
            from .walk.arrays.text import trace_text

            lines = trace_text(ArrayWalk(self.trace), self.scenario, digits)
        else:
            lines = trace_lines(self.scenario, self.trace, digits)
        write(lines, plain_console(text))
        return text.getvalue()

    def to_json(self, digits: int = 0) -> str:
        """Return what `gradwalk trace --json` prints: every number whole, equations with so many `digits`."""
        from ..engine.export.walk_document import encode

        return encode(self.scenario, self.trace, digits).decode()

    def to_html(self, digits: int = 0) -> str:
        """Return a page to walk on in a browser: one file, without a network. GradwalkError where it is too large."""
        from .pocket.page import page

        return page(self.scenario, self.trace, digits=digits)

    def to_svg(self, step: str | int = "") -> str:
        """Return the picture of a step, such as 3 or "∂f/∂x", as the terminal shows it; of the start without one."""
        from .pictures.staged import Look
        from .pictures.svg import picture
        from .start import Start

        start = Start(str(step).strip())
        start.check()
        return _outside_event_loops(lambda: picture(self.scenario, Look(start=start)))

    def to_cast(self, seconds: float = 1.0) -> str:
        """Return the recording of the walk that asciinema plays, each step for so many seconds."""
        from .pictures.cast import recording
        from .pictures.staged import Look

        return _outside_event_loops(lambda: recording(self.scenario, Look(), seconds))

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the walk to a file and return its path; what it becomes, its ending says.

        `.html` is a page to walk on, `.md` and `.tex` a handout, `.svg` the picture of its start and `.cast` a
        recording, `.json` and `.txt` what `to_json` and `to_text` give. Raises GradwalkError for another ending, for a
        file that is there already unless it may `overwrite` it, and where it cannot be written.
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
            ".svg": self.to_svg,
            ".cast": self.to_cast,
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

        In a notebook the page to walk on is shown, and without a terminal, or for arrays there, every step is printed.
        Raises GradwalkError where nothing was made as arrays and they are asked for, and where a screen cannot take
        the terminal: in a thread, and inside an event loop, where `show_async` does.
        """
        session = self._session(arrays=arrays)
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
        session = self._session(arrays=arrays)
        if session is None:
            return
        from .opening import open_app_async

        await open_app_async(self.scenario, session, start=self._start(arrays))

    def _start(self, arrays: bool) -> Start | None:
        """Return where the walk begins."""
        if not arrays:
            return None
        from .start import Start

        return Start(arrays=True)

    def _session(self, *, arrays: bool = False) -> Session | None:
        """Return the session whose terminal a screen can take; show the walk in another way where there is none."""
        from .notebook import in_a_notebook
        from .session import Session
        from .trace_command import print_trace

        if arrays and not self.scenario.graph.arrays:
            from .words.arrays import NO_ARRAYS

            raise GradwalkError(NO_ARRAYS)
        if in_a_notebook():
            from .notebook import display

            if arrays:
                print(self.to_text(arrays=True))  # the page has single numbers alone
            else:
                display(self)
            return None
        session = Session.here()
        if not session.terminal.holds_a_screen:
            if arrays:
                print_trace(self.scenario, as_arrays=True)
            else:
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
        refuse_arguments(args, "a text", "write its values by name, as in walk('x*y', x=2, y=5)")
        return Walk(titled(of_text(what, values), title))
    if values:
        raise GradwalkError(f"walk knows no {listing(values)}; arguments of the function come one after the other")
    if isinstance(what, Walk | Scenario):
        refuse_arguments(args, "a walk", "write walk(f, x) with a function f and what it is called with")
        return Walk(titled(what.scenario if isinstance(what, Walk) else what, title))
    recorded = recorded_in(what)
    if recorded is not None:
        refuse_arguments(args, f"a {type(what).__name__}", "its numbers are those that it was calculated with")
        return Walk(of_recorded(recorded, title))
    return Walk(titled(of_function(what, args, names, data), title))


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _outside_event_loops(make: Callable[[], str]) -> str:
    """Call what runs an event loop of its own: in a thread, where one runs here already, as in a notebook."""
    if not _in_event_loop():
        return make()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(make).result()
