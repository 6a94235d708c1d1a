"""`Reloading`: reads a scenario's file anew, when somebody asks for it, and by itself when it has been saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from .background import BackgroundWork, WorkDone, WorkFailed
from .bindings import with_keys
from .kept import Opened
from .screens.place import Place
from .themed_app import ThemedApp
from .words.reloading import reloaded_words, unchanged_words, unsaved_words

if TYPE_CHECKING:
    from ..engine.editing.counterparts import Counterparts
    from ..engine.editing.revisions import Revisions
    from ..engine.scenario import Scenario
    from ..engine.training.scenario import TrainingScenario
    from .walk.moment import Moment
    from .walk.opened import OpenedWalk

SECONDS_BETWEEN = 1.0
"""Seconds between two looks at the file of what is on show."""

Stamp = tuple[int, int, int]


class FileWatch:
    """Tells whether a file has been saved since it was read.

    It says so at the second look that finds the file as it is: a program may still be writing at the first.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = self._last = _stamp(path)

    def saved(self) -> bool:
        """Look, and say whether the file is to be read anew; a file that is not there is not."""
        before, self._last = self._last, _stamp(self._path)
        return self._last is not None and self._last != self._read and self._last == before

    def unread(self) -> None:
        """Take the file for one that is still to be read."""
        self._read = None

    def reading(self) -> None:
        """Take the file as it is now for the one that is read."""
        self._read = self._last = _stamp(self._path)


@dataclass(frozen=True)
class _Reading:
    """What is being read, for which screen, and whether somebody asked for it."""

    work: BackgroundWork
    place: Place
    before: Opened
    path: Path
    asked: bool


@dataclass(frozen=True)
class _Read:
    """What has been read; for a walk, which nodes are those of the walk before."""

    opened: Opened
    same: Counterparts | None = None


class Reloading:
    """Looks after the file of the walk or the training on show.

    `show` puts something opened in the place of a screen; `renewed` is told of a scenario that was read anew.
    """

    def __init__(
        self, app: ThemedApp, show: Callable[[Place, Opened], None], renewed: Callable[[Scenario], None]
    ) -> None:
        self._app = app
        self._show = show
        self._renewed = renewed
        self._watches: dict[Path, FileWatch] = {}
        self._reading: _Reading | None = None
        self._warned: Revisions | None = None
        """The edits that somebody knows will be dropped."""

    @property
    def is_busy(self) -> bool:
        """Whether a file is being read."""
        return self._reading is not None

    def watch(self, path: Path | None) -> None:
        """Take a file for read as it is now; it is about to be."""
        if path is not None:
            self._watches[path] = FileWatch(path)

    def look(self) -> None:
        """Read the file of what is on show, if it has been saved since it was read."""
        shown = self._app.screen_stack  # empty when the app ends
        screen = shown[-1] if shown else None
        if not isinstance(screen, Place) or self._reading is not None or not self._app.session.may_use_files:
            return
        path = screen.path
        if path is not None and self._watches.setdefault(path, FileWatch(path)).saved():
            self._watches[path].reading()
            if _is_edited(screen):
                self._warned = _revisions(screen)
                self._app.warn(with_keys(unsaved_words(path.name, saved=True), screen))
            else:
                self._read(screen, path, asked=False)

    def read(self, screen: Screen[Any]) -> None:
        """Read the file of what is on show, because somebody asked for it."""
        if not isinstance(screen, Place) or self._reading is not None:
            return
        path = screen.path
        if path is None or not self._app.session.may_use_files:
            self._app.notify("This comes from no file of yours, so there is nothing to read anew.", markup=False)
        elif _is_edited(screen) and self._warned is not _revisions(screen):
            self._warned = _revisions(screen)
            self._app.warn(with_keys(unsaved_words(path.name, saved=False), screen))
        else:
            self._watches.setdefault(path, FileWatch(path)).reading()
            self._read(screen, path, asked=True)

    def done(self, event: WorkDone) -> None:
        """Show what has been read, where its walk or training is still on show; else it is read when it will be."""
        reading = self._reading
        if reading is None or event.work is not reading.work:
            return
        self._reading = None
        if self._app.screen is not reading.place:  # it was left, or somebody answers a question that stands before it
            self._watches[reading.path].unread()
        elif _is_edited(reading.place) and _revisions(reading.place) is not _revisions_of(reading.before):
            self._watches[reading.path].unread()  # it was edited meanwhile: the next look asks first
        elif event.result is not None:
            self._replace(reading.place, event.result)
            self._app.notify(reloaded_words(reading.path.name), markup=False)
        elif reading.asked:
            self._app.notify(unchanged_words(reading.path.name), markup=False)

    def failed(self, event: WorkFailed) -> None:
        """Say what is wrong with the file; what is on show stays."""
        reading = self._reading
        if reading is not None and event.work is reading.work:
            self._reading = None
            title = f"{reading.path.name}: all stays as it was"
            self._app.notify(event.reason, title=title, severity="error", timeout=15, markup=False)

    # ---- reading

    def _read(self, place: Place, path: Path, *, asked: bool) -> None:
        self._warned = None
        before, load = place.as_left(), self._app.session.load

        def work(thread: object) -> _Read | None:
            scenario = load(str(path))
            return None if _is_same(scenario, before) else _opened(scenario, before)

        self._reading = _Reading(BackgroundWork(self._app, work), place, before, path, asked)

    def _replace(self, place: Place, read: _Read) -> None:
        from .screens.walk import WalkScreen
        from .walk.opened import OpenedWalk

        self._renewed(read.opened.scenario)
        if isinstance(read.opened, OpenedWalk) and isinstance(place, WalkScreen):
            place.reopen(read.opened, _carried(place.moment, read.opened, read.same))
        else:
            self._show(place, read.opened)


def _is_edited(place: Place) -> bool:
    revisions = _revisions(place)
    return revisions is not None and revisions.unsaved


def _revisions(place: Place) -> Revisions | None:
    return _revisions_of(place.as_left())


def _revisions_of(opened: Opened) -> Revisions | None:
    from .walk.opened import OpenedWalk

    return opened.revisions if isinstance(opened, OpenedWalk) else None


def _is_same(scenario: Scenario, before: Opened) -> bool:
    """Say whether a file gives what is on show already, because only its comments are others, or it was saved here."""
    from .walk.opened import OpenedWalk

    if not isinstance(before, OpenedWalk) or scenario.is_trained:
        return False
    known = before.revisions.current.scenario if before.revisions else before.scenario
    return scenario.definition is not None and all(
        getattr(scenario, part) == getattr(known, part)
        for part in ("definition", "title", "summary", "intro", "notes", "exercises")
    )


def _opened(scenario: Scenario, before: Opened) -> _Read:
    """Open what has been read, in a thread: a walk with the layouts of the one before, as far as they fit."""
    from ..engine.editing.counterparts import Counterparts
    from ..engine.training.scenario import TrainingScenario
    from .training.player import TrainingPlayer, open_training
    from .walk.opened import OpenedWalk, open_walk, silent, view_named

    if isinstance(scenario, TrainingScenario):
        if isinstance(before, TrainingPlayer) and _trains_alike(scenario, before.scenario):
            return _Read(before.without_arrays(scenario)(silent))
        return _Read(open_training(scenario, silent))
    if not isinstance(before, OpenedWalk):
        return _Read(open_walk(scenario))
    moment, tangent_of = before.moment, before.trace.tangent_of
    opened = open_walk(scenario, view=view_named(moment.view if moment is not None else ""))
    same = Counterparts(before.trace.graph, opened.trace.graph)
    if tangent_of is not None and same.after[tangent_of] >= 0:
        mode = before.title.removeprefix(before.scenario.title)
        trace = opened.trace.in_forward_mode(int(same.after[tangent_of]))
        opened = replace(opened, trace=trace, title=f"{scenario.title}{mode}")
    return _Read(opened, same)


def _trains_alike(one: TrainingScenario, other: TrainingScenario) -> bool:
    """Say whether two scenarios give the same epochs, because only their words are others."""
    import numpy as np

    if replace(one.training, notes={}) != replace(other.training, notes={}) or one.data.keys() != other.data.keys():
        return False
    return all(np.array_equal(column, other.data[name]) for name, column in one.data.items())


def _carried(moment: Moment, opened: OpenedWalk, same: Counterparts | None) -> Moment:
    """Return where a walk stands after its file was read anew: at the same step and node, as far as they are there."""
    from ..engine.editing.counterparts import Counterparts, cursor_after
    from .walk.marking import carried

    before, after = moment.trace, opened.trace
    if same is None or len(same.after) != len(before.graph):
        same = Counterparts(before.graph, after.graph)
    selected = int(same.after[moment.selected]) if moment.selected is not None else -1
    return replace(
        moment,
        trace=after,
        cursor=cursor_after(before, moment.cursor, after, same),
        selected=selected if selected >= 0 else None,
        breakpoints=frozenset(int(same.after[node]) for node in moment.breakpoints if same.after[node] >= 0),
        marks=carried(moment.marks, before.graph, after.graph, same),
        change=None,
        playing=False,
    )


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
