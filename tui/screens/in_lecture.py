"""`InLecture`: what a lecture asks of the screen of a walk, which can ask for steps before they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..session import Role
from ..walk.moment import Moment

if TYPE_CHECKING:
    from ..lecture.messages import Asked, Tally
    from ..study.predict_mode import PredictMode


class InLecture:
    """A screen that shows a moment, and can ask for steps before they are shown."""

    @property
    def asks(self) -> PredictMode | None:
        """What asks for steps; None before it is needed."""
        raise NotImplementedError

    @property
    def predict_mode(self) -> PredictMode:
        """What asks for steps; it is made when it is first needed."""
        raise NotImplementedError

    @property
    def asked_of_all(self) -> Asked | None:
        """The step that everybody in a lecture is asked for by whoever presents here; None where none is."""
        return self.asks.asked if self.asks is not None else None

    def show_led(self, moment: Moment, asked: Asked | None) -> None:
        """Show a moment of a lecture, with the step that everybody is asked for, if one is."""
        if asked is not None or self.asks is not None:
            moment = self.predict_mode.led(moment, asked)
        self.show_moment(moment)

    def show_moment(self, moment: Moment) -> None:
        """Show a moment."""
        raise NotImplementedError

    def show_counted(self, tally: Tally) -> None:
        """Show what has come of a step that everybody is asked for, where it was asked here."""
        if self.asks is not None:
            self.asks.counted(tally)

    def ask_alone(self) -> None:
        """Ask for oneself from now on what the lecture asked: its follower has let go of it."""
        if self.asks is not None:
            self.asks.alone()


def mode_of(role: Role) -> type[PredictMode]:
    """Return the predict mode of somebody: who presents a lecture asks everybody, who follows it is asked by it."""
    if role is Role.PRESENTER:
        from ..study.asking_all import AskingAll

        return AskingAll
    if role is Role.FOLLOWER:
        from ..study.asked_by_lecture import AskedByLecture

        return AskedByLecture
    from ..study.predict_mode import PredictMode

    return PredictMode
