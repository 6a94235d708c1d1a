"""`Together`: what a mode of predicting has to do with a lecture: nothing, unless somebody presents or follows one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..walk.moment import Moment

if TYPE_CHECKING:
    from ..lecture.messages import Asked, Tally


class Together:
    """Asks one person alone. Whoever presents asks everybody, and whoever follows is asked what everybody is."""

    @property
    def asked(self) -> Asked | None:
        """The step that everybody is asked for by whoever sits here."""
        return None

    def counted(self, tally: Tally) -> None:
        """Show what has come of a question that everybody is asked."""

    def led(self, moment: Moment, asked: Asked | None) -> Moment:
        """Return the moment of a lecture as it is shown to whoever follows it, with what everybody is asked for.

        Where nothing is, what came of the one before is told, if the moment shows it.
        """
        return moment

    def alone(self) -> None:
        """Ask for oneself from now on what the lecture asked."""
