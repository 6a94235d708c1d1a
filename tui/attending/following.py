"""`Following`: the screens of a learner go where the presenter's are, until the learner goes elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any, cast

from textual.screen import Screen

from ...engine.errors import GradwalkError
from ...engine.library import built_in_names, card_of
from ..background import BackgroundWork, WorkDone, WorkFailed, WorkThread
from ..lecture.messages import Shown
from ..places import Places
from ..screens.arrays import ArraysScreen
from ..screens.library import LibraryScreen
from ..screens.train import TrainScreen
from ..screens.walk import WalkScreen
from ..screens.walk_commands.arrays import go_back
from ..themed_app import ThemedApp
from ..training.player import TrainingPlayer
from ..walk.arrays.moment import ArrayMoment
from ..walk.moment import Moment
from ..walk.opened import OpenedWalk
from .changes import with_change
from .floors import Builder, Floor, epoch_walked, plans
from .rates import can_go_on, has_trained, take_rate
from .standing import is_as_led, standing, trains_as_led
from .stands import ArraysStand, LibraryStand, TrainingStand, WalkStand, read

if TYPE_CHECKING:
    from ..walk.stage import Stage


class Following:
    """Shows what a presenter shows, and knows when somebody has gone elsewhere by themselves.

    What is to be opened is opened in the background; the newest that was told is what is shown. `tell` is called when
    what `opening` and `problem` say has changed.
    """

    def __init__(self, app: ThemedApp, places: Places, tell: Callable[[], None]) -> None:
        self.latest: Shown | None = None
        """What the presenter shows."""
        self.opening = ""
        """What is being opened, empty where nothing is."""
        self.problem = ""
        """Why what the presenter shows cannot be shown here; empty where it is."""
        self._app = app
        self._places = places
        self._tell = tell
        self._builder = Builder(app.session)
        self._shown: Shown | None = None
        """What of the lecture is on show; None before anything is, and when all is to be shown anew."""
        self._failed: Shown | None = None
        self._floors: list[Floor] = []
        self._screens: list[Screen[Any]] = []
        self._stood: Any = None
        """How the uppermost screen stood when it was led there; None where it is not known yet."""
        self._work: tuple[BackgroundWork, Shown] | None = None
        self._built: tuple[list[Floor], Shown] | None = None
        """What was opened, and waits until a dialog has closed."""

    # ---- following

    def go_on(self) -> None:
        """Show the newest, unless something else has to end before: what is being opened, or a dialog."""
        shown = self.latest
        if shown is None or shown is self._shown or shown is self._failed or self._work is not None:
            return
        try:
            if self._built is not None:
                self._show_built()
            elif self._stays(shown):
                self._stand(shown)
            elif not self._app.screen.is_modal:
                self._open(shown)
        except GradwalkError as error:
            self._fail(shown, str(error))

    def painted(self) -> None:
        """Note how a screen stands that is new, and show what had to wait."""
        if self._stood is None and self._shown is not None and self._is_here():
            top = self._screens[-1]
            if top.is_mounted:
                if isinstance(top, WalkScreen) and self._shown.asked is not None:
                    top.show_led(top.moment, self._shown.asked)
                elif isinstance(top, LibraryScreen):
                    top.lead(read(LibraryStand, self._shown.stand).selected)
                self._stood = standing(top)
        self.go_on()

    def again(self) -> None:
        """Show what the presenter shows, wherever the screens have gone meanwhile."""
        self._shown = self._failed = self._stood = None
        self.go_on()

    def has_left(self) -> bool:
        """Whether somebody has gone elsewhere than they were led."""
        if self._shown is None:
            return False
        return not self._is_here() or (self._stood is not None and not self._stands())

    @property
    def is_opening(self) -> bool:
        """Whether something is being opened, or waits to be shown."""
        return self._work is not None or self._built is not None

    def end(self) -> None:
        """Open nothing more."""
        if self._work is not None:
            self._work[0].cancel()
        self._work = self._built = None
        self._say()

    # ---- what is opened in the background

    def _open(self, shown: Shown) -> None:
        if not shown.scenario:
            self._show_library(shown)
            return
        known, build = self._known(), self._builder.floors

        def work(thread: WorkThread) -> list[Floor]:
            return build(shown, known, lambda doing, done: thread.report((doing, done)))

        self._work = BackgroundWork(self._app, work), shown
        self._say(opening=shown.scenario)

    def done(self, event: WorkDone) -> None:
        """Show what was opened, and then what has come meanwhile."""
        if self._work is None or event.work is not self._work[0]:
            return
        self._built, self._work = (event.result, self._work[1]), None
        self._say()
        if not self.has_left():
            self.go_on()

    def failed(self, event: WorkFailed) -> None:
        """Say why it cannot be shown."""
        if self._work is not None and event.work is self._work[0]:
            shown, self._work = self._work[1], None
            self._fail(shown, event.reason)
            self.go_on()

    def _show_built(self) -> None:
        assert self._built is not None, "it is asked for before"
        floors, shown = self._built
        if self._app.screen.is_modal:
            return
        self._built = None
        self._show(floors, shown)
        self.go_on()

    def _fail(self, shown: Shown, reason: str) -> None:
        self._failed = shown
        self._say(problem=reason)

    def _say(self, *, opening: str = "", problem: str = "") -> None:
        if (opening, problem) != (self.opening, self.problem):
            self.opening, self.problem = opening, problem
            self._tell()

    # ---- only another moment

    def _stays(self, shown: Shown) -> bool:
        """Whether all is open already that is shown, and on show."""
        if not self._screens or not self._is_here():
            return False
        wanted, top = plans(shown), self._screens[-1]
        if [floor.plan for floor in self._floors] != wanted or len(self._known()) != len(wanted):
            return False
        ground = self._floors[0].opened if self._floors else None
        if not isinstance(ground, TrainingPlayer):
            return True
        if isinstance(top, TrainScreen):
            return can_go_on(ground, shown.epoch or 0, shown)
        return has_trained(ground, epoch_walked(wanted) or 0, shown)

    def _stand(self, shown: Shown) -> None:
        """Show how the presenter's screen stands; a screen that is not there yet is told when it is."""
        top = self._screens[-1]
        if not top.is_mounted:
            return
        before = self._shown.stand if self._shown is not None else None
        if isinstance(top, WalkScreen):
            stood = read(WalkStand, before) if before is not None else None
            top.show_led(read(WalkStand, shown.stand).shown(top.moment, stood), shown.asked)
        elif isinstance(top, ArraysScreen):
            arrays = read(ArraysStand, before) if before is not None else None
            top.lead(read(ArraysStand, shown.stand).shown(top.moment, arrays))
        elif isinstance(top, TrainScreen):
            stand = read(TrainingStand, shown.stand)
            top.course.halt()
            take_rate(top.player, shown, stand.last)
            top.lead(shown.epoch or 0, stand.plot, log=stand.log)
        elif isinstance(top, LibraryScreen):
            top.lead(read(LibraryStand, shown.stand).selected)
        self._shown, self._stood = shown, standing(top)
        self._say()

    # ---- another place

    def _show_library(self, shown: Shown) -> None:
        name, chain = read(LibraryStand, shown.stand).selected, self._places.chain
        if len(chain) == 1 and isinstance(chain[0], LibraryScreen):
            self._floors, self._screens = [], [*chain]
            self._stand(shown)
            return
        self._places.lead_to(self._places.library, card_of(name) if name in built_in_names() else None)
        self._led([], shown)

    def _show(self, floors: Sequence[Floor], shown: Shown) -> None:
        """Show floors: those that are on show stay, and one that is another walk of the same place is changed there."""
        known = self._known()
        same = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(known, floors, strict=False)))
        changes = same < len(floors) and self._can_change(same, floors[same])
        kept = same + changes
        moments = [None] * (len(floors) - 1) + [self._moment(floors, shown, self._screens[same] if changes else None)]
        while kept and len(self._places.chain) > kept:
            self._places.lead_back()
        if changes:
            screen, opened = self._screens[same], floors[same].opened
            assert isinstance(screen, WalkScreen) and isinstance(opened, OpenedWalk), "it is a walk that is changed"
            if screen.opened.revisions is not None:
                self._places.keep(screen)  # somebody's own edits are not lost
            screen.reopen(opened, moments[same] or Moment(opened.trace, view=screen.moment.view))
        for place in range(kept, len(floors)):
            self._show_above(floors, place, moments[place])
        self._led(floors, shown)
        if same == len(floors):
            self._stand(shown)

    def _show_above(self, floors: Sequence[Floor], place: int, moment: Moment | None) -> None:
        floor, below = floors[place], self._app.screen
        if not place:
            self._places.lead_to(lambda: self._screen_of(floor, moment))
        elif isinstance(floor.opened, ArrayMoment):
            walk = floors[place - 1].opened
            assert isinstance(walk, OpenedWalk), "arrays are those of a walk"
            stage = cast("Stage", below)
            self._places.lead_above(
                ArraysScreen(walk.title, walk.scenario, floor.opened), answered=lambda left: go_back(stage, left)
            )
        else:
            self._places.lead_above(self._screen_of(floor, moment), floor.epoch)

    def _screen_of(self, floor: Floor, moment: Moment | None) -> Screen[None]:
        opened = floor.opened
        assert not isinstance(opened, ArrayMoment), "arrays have a screen of another kind"
        if isinstance(opened, OpenedWalk) and moment is not None:
            opened = replace(opened, moment=moment)
        return self._places.screen_of(opened)

    def _moment(self, floors: Sequence[Floor], shown: Shown, changed: Screen[Any] | None) -> Moment | None:
        """Return how the uppermost walk stands; one that changes is looked at as it was. GradwalkError: it cannot."""
        opened = floors[-1].opened
        if not isinstance(opened, OpenedWalk):
            return None
        stand = read(WalkStand, shown.stand)
        if not isinstance(changed, WalkScreen) or len(floors) != len(self._floors) or self._shown is None:
            return stand.shown(Moment(opened.trace))
        before = changed.moment
        looked = Moment(opened.trace, panel=before.panel, zoomed=before.zoomed, digits=before.digits)
        moment = stand.shown(looked, read(WalkStand, self._shown.stand))
        return with_change(moment, opened.scenario, before, changed.opened.scenario, stand.edit)

    def _can_change(self, place: int, floor: Floor) -> bool:
        """Whether a floor is another walk of the same place as the screen that is there shows."""
        chain = self._places.chain
        if place >= min(len(self._floors), len(self._screens), len(chain)) or chain[place] is not self._screens[place]:
            return False
        return floor.plan.key == self._floors[place].plan.key and isinstance(floor.opened, OpenedWalk)

    def _led(self, floors: Sequence[Floor], shown: Shown) -> None:
        self._floors, self._screens = [*floors], [*self._places.chain]
        self._shown, self._failed, self._stood = shown, None, None
        self._say()

    # ---- where the screens are

    def _is_here(self) -> bool:
        """Whether the screens are those that were led there, with dialogs over them or none."""
        return [*self._places.chain] == self._screens

    def _known(self) -> list[Floor]:
        """Return the floors that are on show as they were led there, from the ground."""
        floors = zip(self._floors, self._screens, self._places.chain, strict=False)
        as_led = takewhile(lambda known: known[1] is known[2] and is_as_led(known[0], known[2]), floors)
        return [floor for floor, _, _ in as_led]

    def _stands(self) -> bool:
        """Whether the uppermost screen stands as it was led there."""
        top = self._screens[-1]
        if isinstance(top, TrainScreen) and self._shown is not None:
            return trains_as_led(top, self._shown.epoch or 0, self._stood)
        return standing(top) == self._stood
