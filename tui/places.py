"""`Places`: opens scenarios on screens, leaves them, and finds them again as they were left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakSet

from textual.screen import Screen

from ..engine.card import Card
from ..engine.errors import GradwalkError
from .done import Done
from .kept import Identity, Kept, Opened, Report, identity
from .learning import Learning, is_lesson
from .messages import EpochOpened
from .reloading import Reloading
from .screens.place import Place, PlaceAbove
from .start import Start
from .themed_app import ThemedApp

if TYPE_CHECKING:
    from ..engine.scenario import Scenario
    from ..engine.shelf import Shelf
    from ..engine.study.course import Course
    from ..engine.training.moment import TrainingMoment
    from .walk.panes import Division

Work = Callable[[Report], Opened]

FirstScreen = Callable[[str], Screen[None]]
"""Makes a screen to begin with, or to go on with, from the classes of size that it has."""


class Places:
    """The library, and the walks and trainings that are opened from it.

    An epoch of a training is walked on a screen above the training's own, and what is made of a walk, such as its
    derivative, above that of the walk; all else replaces the screen before it.
    `classes` tells which classes of size a new screen has.
    """

    def __init__(
        self,
        app: ThemedApp,
        classes: Callable[[], str],
        scenario: Scenario | None = None,
        start: Start | None = None,
        shelf: Shelf | None = None,
        course: Course | None = None,
        first: FirstScreen | None = None,
    ) -> None:
        """Begin with a `scenario`, at its `start`; with a `course`; with what `first` makes; or with the library.

        That shows what is built in, or lies on a `shelf`.
        """
        self.shelf = shelf if shelf is not None else app.session.offered
        self.problem = ""
        """Why the app ended by itself."""
        self._app = app
        self._classes = classes
        self._scenario = scenario
        self._start = start or Start()
        self._prepared: Opened | None = None
        self._elsewhere = [scenario] if scenario is not None else []
        self._chosen: Card | Scenario | None = scenario
        self._kept = Kept(app.session.limits.kept_nodes)
        self.reloading = Reloading(app, self._show_anew, self._renewed)
        self.learning = Learning(app, classes, self._go_to, self._divided, course)
        self._begins_with_a_course = course is not None
        self._first = first
        self._division: Division | None = None
        """Where the divider of a walk was moved to."""
        self._epoch: tuple[Screen[None], TrainingMoment] | None = None
        """The training that the walk on show is an epoch of, and that epoch."""
        self._walks_above = 0
        """How many walks were opened from walks, each from the one below it."""
        self._stands: dict[Identity, dict[str, Any]] = {}
        """How such walks were left."""
        self._led: WeakSet[Screen[Any]] = WeakSet()
        """Screens that show what a lecture led to, and nothing of one's own."""

    # ---- the first screen

    def prepare(self) -> None:
        """Open what the app begins with, unless it is large; GradwalkError where it has no such start."""
        if self._scenario is None:
            return
        from .walk.opened import LARGE, silent

        if len(self._scenario.graph) < LARGE:
            self._prepared = self._begun(self._work(self._scenario)(silent))

    def first_screen(self) -> Screen[None]:
        """Return the screen that the app begins with."""
        if self._first is not None:
            return self._first(self._classes())
        if self._scenario is None:
            return self.learning.screen() if self._begins_with_a_course else self.library()
        if self._prepared is not None:
            return self.screen_of(self._prepared)
        return self._opening(self._scenario)

    def note_first(self) -> None:
        """Remember that it was opened, when it has been painted."""
        if self._scenario is not None:
            self.reloading.watch(self._scenario.path)
            self._note(self._scenario, Done.OPENED)

    # ---- opening

    def open(self, chosen: Card | Scenario) -> None:
        """Show a scenario where it was left, or from its start, or a course; say why where it cannot be read."""
        if isinstance(chosen, Card) and self._app.session.is_course(chosen.place):
            self._chosen = chosen
            self.open_course(chosen.place)
            return
        kept = self._kept.find(chosen)
        if kept is not None:
            screen = self.screen_of(kept)
        else:
            self.reloading.watch(chosen.path)
            try:
                scenario = self._app.session.load(chosen.place) if isinstance(chosen, Card) else chosen
            except GradwalkError as error:
                self._app.notify(str(error), title="It cannot be opened", severity="error", timeout=12, markup=False)
                return
            screen = self._opening(scenario, self._kept.making(chosen))
        self._chosen = chosen
        self._note(chosen, Done.OPENED)
        self._go_to(screen)

    def begin(self, make: FirstScreen) -> None:
        """Show another screen, such as that of a drill; what is on show is left as when a scenario is opened."""
        self.leave_all()
        self._go_to(make(self._classes()))

    def open_epoch(self, event: EpochOpened) -> None:
        """Walk an epoch, where that was left; the training stays below, to come back to."""
        from .walk.opened import open_walk
        from .words.training import epoch_title

        moment = event.moment
        self._epoch = event.screen, moment
        work = partial(open_walk, moment.scenario, moment.trace, epoch_title(moment))
        self._app.push_screen(self._opening(moment.scenario, work))

    def open_walk_above(self, opened: Opened) -> None:
        """Show a walk that was made of what is on show, which stays below, to come back to.

        It stands as it was left, or where it is opened at.
        """
        from .walk.opened import OpenedWalk

        assert isinstance(opened, OpenedWalk), "only a walk is opened from a walk"
        stand = self._stands.get(identity(opened.scenario))
        self._walks_above += 1
        look = self._start.look(opened.trace)
        begun = look if opened.moment is None else look.at(opened.moment.cursor)
        self._app.push_screen(self.screen_of(replace(opened, moment=begun.standing(stand or {}))))

    def opened(self, opened: Opened) -> None:
        """Show what was being opened; where it has no such start as was asked for, end with that as the `problem`."""
        try:
            screen = self.screen_of(self._begun(opened))
        except GradwalkError as error:
            self.problem = str(error)
            self._app.exit(return_code=2)
        else:
            self._go_to(screen)

    def open_training_above(self, scenario: Scenario) -> None:
        """Show the training that a lesson walks an epoch of; the lesson stays below, to come back to."""
        kept = self._kept.find(scenario)
        screen = self.screen_of(kept) if kept is not None else self._opening(scenario, self._kept.making(scenario))
        self._app.push_screen(screen)

    def open_course(self, name: str = "") -> None:
        """Show the lessons of a course, whatever is on show; say why where it cannot be read.

        Without a name it is the one that the app began with, or the built-in one.
        """
        try:
            self.learning.choose(name)
            screen = self.learning.screen()
        except GradwalkError as error:
            self._app.warn(str(error))
        else:
            self.leave_all()
            self._go_to(screen)

    # ---- leaving

    def leave(self, screen: Screen[None]) -> None:
        """Go back to where a walk was opened from: another walk, the training it is an epoch of, or the library."""
        if self._walks_above:
            self._leave_walk_above(screen)
        elif self._epoch is not None:
            self._leave_epoch(screen)
        elif self.learning.is_below():
            self.keep(screen)
            self._app.pop_screen()
        else:
            self.keep(screen)
            self._go_to(self.learning.screen() if is_lesson(screen) else self.library())

    def leave_all(self) -> None:
        """Leave what is on show, and what is below it, to open something else."""
        while self._app.screen.is_modal or isinstance(self._app.screen, PlaceAbove):
            self._app.pop_screen()
        while self._walks_above:
            self._leave_walk_above(self._app.screen)
        if self._epoch is not None:
            self._leave_epoch(self._app.screen)
        if self.learning.is_below():
            self.keep(self._app.screen)
            self._app.pop_screen()
        self.keep(self._app.screen)

    def keep(self, screen: Screen[Any]) -> None:
        """Remember how a walk or a training stands, and how far somebody has come with it."""
        if screen in self._led:
            self._keep_led(screen)
        elif isinstance(screen, Place):
            self.note_done()
            if screen.lesson is not None:
                self.learning.keep(screen.lesson, screen.as_left())
            else:
                self._kept.keep(screen.as_left())

    def note_done(self) -> None:
        """Remember how far somebody has come with what is open, on show or below."""
        for screen in self._app.screen_stack:
            if isinstance(screen, Place) and screen.done is not None:
                self._note(screen.as_left().scenario, screen.done)

    def unsaved(self) -> Sequence[str]:
        """Return the titles of what has edits or notes that are in no file: on show, below it, or left."""
        titles = self._kept.unsaved()
        for screen in self._app.screen_stack:
            if isinstance(screen, Place) and screen.lesson is None:
                left = screen.as_left()
                is_training = self._epoch is None or screen is self._epoch[0]
                key = identity(left.scenario), None if is_training or self._epoch is None else self._epoch[1].epoch
                titles.pop(key, None)
                if left.unsaved:
                    titles[key] = left.scenario.title
        return [*dict.fromkeys((*titles.values(), *self.learning.unsaved()))]

    def cards(self) -> Sequence[Card]:
        """Return what there is to choose from."""
        from ..engine.library import library

        try:
            return self.shelf.listing().cards if self.shelf is not None else library()
        except GradwalkError:
            return ()  # the library says why

    def library(self) -> Screen[None]:
        """Return the screen to choose from."""
        from .screens.library import LibraryScreen

        return LibraryScreen(
            self._elsewhere, self._chosen, self._classes(), shelf=self.shelf, done=self._app.session.record.of
        )

    def _leave_walk_above(self, screen: Screen[Any]) -> None:
        from .walk.opened import OpenedWalk

        self._walks_above -= 1
        left = screen.as_left() if isinstance(screen, Place) and screen not in self._led else None
        if isinstance(left, OpenedWalk) and left.moment is not None:
            self._stands[identity(left.scenario)] = left.moment.stand
        self._app.pop_screen()

    def _leave_epoch(self, screen: Screen[Any]) -> None:
        from .walk.opened import OpenedWalk

        assert self._epoch is not None, "it is asked for first"
        moment, self._epoch = self._epoch[1], None
        if isinstance(screen, Place) and screen not in self._led:
            left = screen.as_left()
            if isinstance(left, OpenedWalk) and left.moment is not None:
                self._kept.keep_epoch(moment.scenario, moment.epoch, left.moment.stand, unsaved=left.unsaved)
        self._app.pop_screen()

    # ---- where a lecture leads

    @property
    def chain(self) -> Sequence[Screen[Any]]:
        """The screens of what is on show, each opened from the one before it; dialogs are none of them."""
        screens = [screen for screen in self._app.screen_stack if not screen.is_modal]
        places = [screen for screen in screens if not isinstance(screen, PlaceAbove)]
        above = [screen for screen in screens if isinstance(screen, PlaceAbove)]
        depth = self._walks_above + (self._epoch is not None)
        return [*places[max(0, len(places) - 1 - depth) :], *above]

    @property
    def epoch(self) -> TrainingMoment | None:
        """The epoch of a training whose walk is on show, or below what is; None where there is none."""
        return self._epoch[1] if self._epoch is not None else None

    @property
    def is_walking(self) -> bool:
        """Whether something of one's own is on show, other than the library."""
        from .screens.library import LibraryScreen

        return not isinstance(self.chain[-1], LibraryScreen)

    def lead_to(self, make: Callable[[], Screen[None]], chosen: Card | Scenario | None = None) -> None:
        """Show a screen that a lecture leads to; what is on show is left, and one's own of it is kept.

        `chosen` is what the library selects from then on.
        """
        self.leave_all()
        self._chosen = chosen or self._chosen
        screen = make()
        self._led.add(screen)
        self._go_to(screen)

    def lead_above(
        self,
        screen: Screen[Any],
        epoch: TrainingMoment | None = None,
        answered: Callable[[Any], None] | None = None,
    ) -> None:
        """Show a screen that a lecture leads to above the one on show: an `epoch` of it, or what was made of it."""
        self._led.add(screen)
        if epoch is not None:
            self._epoch = cast("Screen[None]", self._app.screen), epoch
        elif not isinstance(screen, PlaceAbove):
            self._walks_above += 1
        self._app.push_screen(screen, answered)

    def lead_back(self) -> None:
        """Take away the uppermost screen that was opened from another one."""
        screen = self._app.screen
        if isinstance(screen, PlaceAbove):
            self._app.pop_screen()
        elif self._walks_above:
            self._leave_walk_above(screen)
        else:
            self._leave_epoch(screen)

    def _keep_led(self, screen: Screen[Any]) -> None:
        """Keep what somebody has made of a walk of the lecture, where it is something, beside their own walk of it."""
        from .walk.opened import OpenedWalk

        left = screen.as_left() if isinstance(screen, Place) else None
        if not isinstance(left, OpenedWalk) or left.epoch or left.scenario.graph.provenance is not None:
            return
        if left.revisions is None and not (left.moment is not None and left.moment.marks):
            return
        from .words.lecture import from_lecture

        titles = {scenario.title for scenario in self._elsewhere}
        numbered = (from_lecture(left.scenario.title, number) for number in range(1, len(titles) + 2))
        own = left.titled(next(title for title in numbered if title not in titles))
        self._elsewhere.insert(0, own.scenario)
        self._kept.keep(own)

    # ---- screens

    def _work(self, scenario: Scenario) -> Work:
        from .walk.opened import open_walk, view_named

        if scenario.is_trained:
            from .training.player import open_training

            return partial(open_training, scenario)
        return lambda report: open_walk(scenario, report=report, view=view_named(self._start.view))

    def _begun(self, opened: Opened) -> Opened:
        """Return what was opened, where it stands: as it was left, or, the first time, where it begins.

        GradwalkError where it has no such start as was asked for.
        """
        from .walk.opened import OpenedWalk

        scenario = opened.scenario
        if isinstance(opened, OpenedWalk):
            if opened.moment is None and self._epoch is not None:
                stand = self._kept.find_epoch(scenario, self._epoch[1].epoch)
                return replace(opened, moment=self._start.look(opened.trace).standing(stand or {}))
            if opened.moment is None:
                return self._start_of(scenario).of_walk(opened)
        else:
            from ..engine.training.scenario import TrainingScenario

            if isinstance(scenario, TrainingScenario):
                self._start_of(scenario).epoch(scenario)
        return opened

    def _start_of(self, scenario: Scenario) -> Start:
        """Return where a scenario that was never opened before begins: only the first one at a step."""
        return self._start if scenario is self._scenario else replace(self._start, step="", arrays=False)

    def _opening(self, scenario: Scenario, work: Work | None = None) -> Screen[None]:
        """Open at once, or, what is large, on a screen that shows how far it is."""
        from .walk.opened import LARGE, silent

        work = work or self._work(scenario)
        if len(scenario.graph) < LARGE:
            return self.screen_of(self._begun(work(silent)))
        from .screens.opening import OpeningScreen

        return OpeningScreen(scenario.title, work)

    def screen_of(self, opened: Opened) -> Screen[None]:
        """Return the screen that shows a walk, or a training."""
        from .walk.opened import OpenedWalk

        if isinstance(opened, OpenedWalk):
            from .screens.walk import WalkScreen

            return WalkScreen(opened, self._classes(), division=self._divided())
        from .screens.train import TrainScreen
        from .training.player import TrainingPlayer

        assert isinstance(opened, TrainingPlayer), "what is opened is a walk or a training"
        epoch = self._start_of(opened.scenario).epoch(opened.scenario)
        self._start = replace(self._start, step="")
        return TrainScreen(opened, self._classes(), epoch=epoch)

    def _divided(self) -> Division:
        from .walk.panes import Division

        self._division = self._division or Division()
        return self._division

    def _show_anew(self, place: Place, opened: Opened) -> None:
        """Show what was read anew in the place of what was there; a training at the same epoch, as far as it goes."""
        from .training.player import TrainingPlayer

        before = place.as_left()
        if isinstance(opened, TrainingPlayer) and isinstance(before, TrainingPlayer):
            from .screens.train import TrainScreen

            epoch = 0 if opened.last else min(before.epoch, opened.epochs)
            opened.choice = before.choice
            self._go_to(TrainScreen(opened, self._classes(), epoch=epoch))
        else:
            self._go_to(self.screen_of(self._begun(opened)))

    def _renewed(self, scenario: Scenario) -> None:
        """List a scenario as it is now."""
        key = identity(scenario)
        self._elsewhere = [scenario if identity(other) == key else other for other in self._elsewhere]

    def _go_to(self, screen: Screen[None]) -> None:
        """Replace the screen; the first one cannot be replaced (Textual owns it) and stays below."""
        if len(self._app.screen_stack) == 1:
            self._app.push_screen(screen)
        else:
            self._app.switch_screen(screen)

    def _note(self, scenario: Card | Scenario, done: Done) -> None:
        place = place_of(scenario)
        if place:
            self._app.warn(self._app.session.record.note(place, done))


def place_of(scenario: Card | Scenario) -> str:
    """Return what opens a scenario again in another run; empty where nothing does: it came from no file."""
    from ..engine.library import built_in_names

    if scenario.path is not None:
        return str(scenario.path)
    return scenario.name if scenario.name in built_in_names() else ""
