"""What is on show, as it is told to those who follow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from textual.screen import Screen

from ...engine.editing.edit import written_value
from ...engine.editing.revisions import Revision, Revisions
from ...engine.errors import GradwalkError
from ..lecture.messages import Shown
from ..places import Places
from ..screens.arrays import ArraysScreen
from ..screens.in_lecture import InLecture
from ..screens.library import LibraryScreen
from ..screens.opening import OpeningScreen
from ..screens.place import Place
from ..screens.train import TrainScreen
from ..screens.walk import WalkScreen
from ..training.player import TrainingPlayer
from ..words.lecture import OWN_PLACE, TOO_LARGE
from .edited_text import edited_text
from .floors import ARRAYS, DERIVATIVE, EPOCH, FORWARD, MOST_WAYS, VALUE
from .rates import rates_of
from .stands import ArraysStand, LibraryStand, TrainingStand, WalkStand, told


class Presenting:
    """Tells what the screens of somebody show; the texts of what was edited are made once for each edit."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._text: tuple[Revision, str] | None = None

    def shown(self) -> Shown | None:
        """Return what is on show; None where that is not known yet, because it is being opened.

        Raises GradwalkError where it cannot be told to others, such as a drill.
        """
        chain = self._places.chain
        top = chain[-1]
        if not top.is_mounted or isinstance(top, OpeningScreen):
            return None
        if isinstance(top, LibraryScreen):
            return Shown(stand=told(LibraryStand.of(top)))
        while not isinstance(top, WalkScreen | TrainScreen | ArraysScreen):
            chain = chain[:-1]  # questions about a walk, which stands below them
            if not chain:
                raise GradwalkError(OWN_PLACE)
            top = chain[-1]
        ground = chain[0]
        return self._of(ground, chain) if isinstance(ground, Place) else None

    def _of(self, ground: Place, chain: Sequence[Screen[Any]]) -> Shown:
        top = chain[-1]
        ways = [way for screen in chain for way in self._ways(screen, is_ground=screen is ground)]
        if len(ways) > MOST_WAYS or sum(map(len, ways)) > 10_000:
            raise GradwalkError(TOO_LARGE)
        training = ground.player if isinstance(ground, TrainScreen) else None
        course, lesson = ground.lesson or ("", "")
        assert isinstance(ground, TrainScreen | WalkScreen), "a place shows a walk or a training"
        scenario = ground.scenario if isinstance(ground, TrainScreen) else ground.opened.scenario
        return Shown(
            scenario=course or scenario.name,
            lesson=lesson,
            text=self._edited(ground),
            ways=tuple(ways),
            epoch=training.epoch if training is not None and top is ground else None,
            rates=rates_of(training.trainer) if training is not None else (),
            epochs=_epochs(training),
            stand=told(_stand(top)),
            asked=top.asked_of_all if isinstance(top, InLecture) else None,
        )

    def _ways(self, screen: Screen[Any], *, is_ground: bool) -> list[str]:
        """Return what leads to a screen from the one below, and what was done there."""
        if isinstance(screen, ArraysScreen):
            return [ARRAYS]
        if not isinstance(screen, WalkScreen):
            return []
        trace = screen.moment.trace
        opened, graph = screen.opened, trace.graph
        ways: list[str] = []
        epoch = self._places.epoch
        if opened.epoch and epoch is not None:
            ways.append(f"{EPOCH} {epoch.epoch}")
        elif not is_ground and graph.provenance is not None:
            provenance = graph.provenance
            ways.append(f"{DERIVATIVE} {provenance.of.label(provenance.by)}")
        if opened.revisions is not None and opened.scenario.definition is None:
            ways += [f"{VALUE} {name} {text}" for name, text in _changed_values(opened.revisions)]
        if trace.tangent_of is not None:
            ways.append(f"{FORWARD} {graph.label(trace.tangent_of)}")
        return ways

    def _edited(self, ground: Place) -> str:
        """Return the text of a walk that was edited; nothing where it was not."""
        revisions = ground.opened.revisions if isinstance(ground, WalkScreen) else None
        if revisions is None or not revisions.changed or revisions.current.scenario.definition is None:
            return ""
        if self._text is None or self._text[0] is not revisions.current:
            scenario = revisions.current.scenario
            self._text = revisions.current, edited_text(scenario, revisions.current.scenario.definition)
        return self._text[1]


def _stand(top: Screen[Any]) -> WalkStand | ArraysStand | TrainingStand:
    if isinstance(top, ArraysScreen):
        return ArraysStand.of(top.moment)
    if isinstance(top, WalkScreen):
        return WalkStand.of(top.moment)
    assert isinstance(top, TrainScreen), "that is what is shown"
    player = top.player
    return TrainingStand(player.last, player.choice.plot, player.choice.log)


def _epochs(player: TrainingPlayer | None) -> int | None:
    """Return how many epochs there will be, where they are others than the scenario's."""
    if player is None or player.trainer.options.epochs == player.scenario.options.epochs:
        return None
    return player.trainer.options.epochs


def _changed_values(revisions: Revisions) -> list[tuple[str, str]]:
    """Return the leaves that have another value than when the walk was opened, with what stands for it."""
    first, graph = revisions.first.graph, revisions.current.graph
    changed = np.flatnonzero(first.leaf_values != graph.leaf_values)
    return [(graph.label(node), written_value(float(graph.leaf_values[node]))) for node in changed.tolist()]
