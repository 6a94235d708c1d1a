"""What a presenter shows, opened here: a scenario, and what was opened from it, one from the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ...engine.editing.revisions import Revision
from ...engine.errors import GradwalkError, quoted
from ...engine.language.dependencies import constant
from ...engine.language.parser import parse
from ...engine.scenario import Scenario
from ...engine.training.moment import TrainingMoment
from ...engine.training.scenario import TrainingScenario
from ...engine.walk.trace import Trace
from ..lecture.messages import Shown
from ..session import Session
from ..walk.arrays.moment import ArrayMoment
from ..walk.opened import OpenedWalk, Report, silent
from ..words.editing import written_before
from ..words.lecture import STEPS_DIFFER, TOO_LARGE
from .edited_text import scenario_of
from .rates import can_go_on, has_trained, train
from .stands import ArraysStand, TrainingStand, read

if TYPE_CHECKING:
    from ..training.player import TrainingPlayer

MOST_WAYS = 40
"""So many ways on from a scenario are followed."""

EPOCH, DERIVATIVE, ARRAYS, FORWARD, VALUE = "epoch", "derivative", "arrays", "forward", "value"
"""The ways: what is opened from what is on show, and what is done there."""


@dataclass(frozen=True)
class Plan:
    """One floor as it is told: what is opened, and what was done there: other values, and forward mode."""

    key: tuple[str, ...]
    done: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Floor:
    """What is opened on one floor, above the one that it was opened from.

    `epoch` is that of a walk through an epoch of the training below.
    """

    plan: Plan
    opened: OpenedWalk | TrainingPlayer | ArrayMoment
    epoch: TrainingMoment | None = None


def plans(shown: Shown) -> list[Plan]:
    """Return the floors of what is shown, from the ground; none for the library.

    GradwalkError where there are no such ways.
    """
    if not shown.scenario:
        return []
    if len(shown.ways) > MOST_WAYS:
        raise GradwalkError(TOO_LARGE)
    found = [Plan((shown.scenario, shown.lesson), (shown.text,) if shown.text else ())]
    for way in shown.ways:
        kind, _, what = way.partition(" ")
        if kind in (EPOCH, DERIVATIVE, ARRAYS):
            found.append(Plan((kind, what)))
        elif kind in (FORWARD, VALUE):
            found[-1] = replace(found[-1], done=(*found[-1].done, way))
        else:
            raise GradwalkError(STEPS_DIFFER)
    return found


class Builder:
    """Opens what a presenter shows; its methods are called in a thread, or not, but one at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def floors(self, shown: Shown, before: Sequence[Floor] = (), report: Report = silent) -> list[Floor]:
        """Return the floors of what is shown, those of `before` again as far as they are the same.

        The uppermost stands as it is told. Raises GradwalkError where it cannot be opened here.
        """
        floors: list[Floor] = []
        wanted = plans(shown)
        same = True
        for place, plan in enumerate(wanted):
            known = before[place] if same and place < len(before) else None
            same = known is not None and known.plan == plan and self._still_holds(known, shown, wanted)
            floors.append(known if same and known is not None else self._floor(plan, shown, floors, report))
        return floors

    def _still_holds(self, floor: Floor, shown: Shown, wanted: Sequence[Plan]) -> bool:
        """Whether a training that is open has trained, by the same rates, as far as it is needed."""
        from ..training.player import TrainingPlayer

        if not isinstance(floor.opened, TrainingPlayer):
            return True
        epoch = epoch_walked(wanted)
        if epoch is None:
            return can_go_on(floor.opened, shown.epoch or 0, shown)
        return has_trained(floor.opened, epoch, shown)

    def _floor(self, plan: Plan, shown: Shown, below: Sequence[Floor], report: Report) -> Floor:
        kind = plan.key[0] if below else ""
        if kind == EPOCH:
            return self._epoch(plan, below[-1], report)
        if kind == DERIVATIVE:
            return self._derivative(plan, below[-1], report)
        if kind == ARRAYS:
            return self._arrays(plan, below[-1], shown)
        return self._ground(plan, shown, report)

    # ---- the ground

    def _ground(self, plan: Plan, shown: Shown, report: Report) -> Floor:
        if shown.lesson:
            return self._lesson(plan, shown, report)
        base = self._session.load(shown.scenario)
        if isinstance(base, TrainingScenario):
            return self._training(plan, base, shown, report)
        if shown.text:
            return Floor(plan, self._edited(plan, shown, base, base.title, report))
        report("running forward and backward", 0.0)
        return Floor(plan, _walk(plan, base, Trace(base.graph, base.notes), base.title))

    def _training(self, plan: Plan, scenario: TrainingScenario, shown: Shown, report: Report) -> Floor:
        from ..training.player import open_training

        player = open_training(scenario, report)
        stand = read(TrainingStand, shown.stand) if shown.epoch is not None else TrainingStand()
        epoch = shown.epoch if shown.epoch is not None else epoch_walked(plans(shown)) or 0
        train(player, shown, max(epoch, stand.last), report)
        if not 0 <= epoch <= player.last:
            raise GradwalkError(STEPS_DIFFER)
        player.seek(epoch)
        player.choice.plot, player.choice.log = stand.plot, stand.log
        return Floor(plan, player)

    def _lesson(self, plan: Plan, shown: Shown, report: Report) -> Floor:
        from ...engine.courses import open_lesson
        from ..words.course import lesson_title

        course = self._session.load_course(shown.scenario)
        lesson = course.find(shown.lesson)
        if lesson is None:
            raise GradwalkError(f"the course {quoted(shown.scenario)} has no such lesson here")
        opened = open_lesson(course, lesson, report=report)
        title = lesson_title(course.number(lesson), len(course.lessons), lesson.title)
        scenario = replace(opened.scenario, exercises=())
        if shown.text:
            return Floor(plan, self._edited(plan, shown, scenario, title, report))
        return Floor(plan, _walk(plan, scenario, opened.trace, title))

    def _edited(self, plan: Plan, shown: Shown, base: Scenario, title: str, report: Report) -> OpenedWalk:
        scenario = written_before(scenario_of(shown.text, base, self._session.limits))
        report("running forward and backward", 0.0)
        return replace(_walk(plan, scenario, Trace(scenario.graph, scenario.notes), title), was_edited=True)

    # ---- what is opened from it

    def _epoch(self, plan: Plan, below: Floor, report: Report) -> Floor:
        from ..training.player import TrainingPlayer
        from ..words.training import epoch_title

        epoch = _whole(plan.key[1])
        if not isinstance(below.opened, TrainingPlayer) or epoch > below.opened.last:
            raise GradwalkError(STEPS_DIFFER)
        moment = TrainingMoment(below.opened.scenario, below.opened.trainer, epoch)
        report("running forward and backward", 0.0)
        opened = _walk(plan, moment.scenario, moment.trace(), epoch_title(moment))
        return Floor(plan, replace(opened, epoch=True), moment)

    def _derivative(self, plan: Plan, below: Floor, report: Report) -> Floor:
        from ..walk.derivative import derivative_scenario

        if not isinstance(below.opened, OpenedWalk):
            raise GradwalkError(STEPS_DIFFER)
        trace = below.opened.trace
        by = _node(trace, plan.key[1])

        def recording(done: float) -> None:
            report("recording the backward pass", done)

        scenario = derivative_scenario(below.opened.scenario, by, trace, recording)
        return Floor(plan, _walk(plan, scenario, Trace(scenario.graph), scenario.title))

    def _arrays(self, plan: Plan, below: Floor, shown: Shown) -> Floor:
        from ...engine.lens.walk import ArrayWalk

        if not isinstance(below.opened, OpenedWalk):
            raise GradwalkError(STEPS_DIFFER)
        stand = read(ArraysStand, shown.stand)
        walk = ArrayWalk(below.opened.trace, compounds=stand.compounds)
        return Floor(plan, stand.shown(ArrayMoment(walk)))


def _walk(plan: Plan, scenario: Scenario, trace: Trace, title: str) -> OpenedWalk:
    """Return a walk with what was done there: other values first, then forward mode."""
    values = [way.partition(" ")[2] for way in plan.done if way.startswith(f"{VALUE} ")]
    if values:
        scenario = written_before(scenario)
        trace = _with_values(scenario, trace, values)
    for way in plan.done:
        if way.startswith(f"{FORWARD} "):
            from ..screens.walk_commands.modes import forward_title

            trace = trace.in_forward_mode(_node(trace, way.partition(" ")[2]))
            title = f"{title}{forward_title(trace)}"
    return OpenedWalk(scenario, trace, title, was_edited=bool(values))


def _with_values(scenario: Scenario, trace: Trace, values: Sequence[str]) -> Trace:
    """Return the walk with other values of its leaves, each a name and what stands for it."""
    revision = Revision.of(scenario, trace)
    graph, leaf_values = revision.graph, np.array(revision.graph.leaf_values)
    written = dict(graph.written)
    for name, _, text in (value.partition(" ") for value in values):
        node = _node(trace, name)
        try:
            leaf_values[node], written[node] = constant(parse(text)), text
        except GradwalkError:
            raise GradwalkError(STEPS_DIFFER) from None
    return replace(revision, graph=graph.with_leaf_values(leaf_values, written)).trace(scenario.notes)


def _node(trace: Trace, name: str) -> int:
    """Return the leaf of a name; GradwalkError where there is none."""
    try:
        node = trace.graph.find(name)
    except KeyError:
        raise GradwalkError(STEPS_DIFFER) from None
    if node >= trace.graph.leaf_count:
        raise GradwalkError(STEPS_DIFFER)
    return node


def epoch_walked(wanted: Sequence[Plan]) -> int | None:
    """Return the epoch of a training that is walked; None where none is."""
    return next((_whole(plan.key[1]) for plan in wanted[1:] if plan.key[0] == EPOCH), None)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise GradwalkError(STEPS_DIFFER)
    return int(text)
