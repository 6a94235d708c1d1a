"""What is asked before a step of a walk is shown: how much of it, from a worked example to the result alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import Indices
from ..graph.graph import Graph
from ..walk.phase import Phase
from ..walk.trace import Trace
from .level import FADING, Level
from .question import Question
from .skills import skills_of
from .task import TaskKind

LevelOf = Callable[[str], Level]
"""Says how much of a step is asked that needs a skill."""

_MOST_STEPS = 60
"""Steps on the way to a result that are looked at, to see whether it can be asked for at once."""


@dataclass(frozen=True, slots=True)
class AskedStep:
    """The step that is shown next, and what is asked before: one question after the other, none where it is shown.

    All steps before it are shown with it: at the level of results those on the way.
    """

    step: int
    level: Level
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Levels:
    """At which level steps are asked: one of `level.CHOICES`, and what says it of a skill where it fades by itself."""

    choice: str
    reached: LevelOf

    @property
    def fade(self) -> bool:
        """Whether they differ from skill to skill."""
        return self.choice == FADING

    def of(self, skill: str) -> Level:
        """Return the level of a step that needs a skill; one that needs none is shown."""
        if not skill:
            return Level.WORKED_EXAMPLE
        return self.reached(skill) if self.fade else Level(self.choice)


def skill_of_step(trace: Trace, step: int) -> str:
    """Return the skill that a step needs above all: its operation's value, or its local derivative.

    Empty where nothing is asked: of the seed, of a tangent, of an update.
    """
    phase, graph = trace.phase(step), trace.graph
    if phase is Phase.FORWARD:
        kind, node = TaskKind.VALUE, trace.node_of(step)
    elif phase is Phase.BACKWARD:
        kind, node = TaskKind.LOCAL_DERIVATIVE, trace.key(step).node
    else:
        return ""
    op = graph.op(node)
    return skills_of(kind, op.name)[0] if op is not None else ""


def questions_of(trace: Trace, step: int, level: Level) -> tuple[Question, ...]:
    """Return what is asked of one step at a level, in order; numbers that do not exist are not asked for.

    A value is one question, also at `LAST_FACTOR`: it is what is last in a worked example of a step forward, when the
    numbers are put in. Of a backward step that level asks the local derivative, `STEP` the local
    derivative, the contribution and, where several contributions add up, the gradient so far; `RESULT` asks the
    gradient when it is complete.
    """
    phase = trace.phase(step)
    if level is Level.WORKED_EXAMPLE or phase not in (Phase.FORWARD, Phase.BACKWARD):
        return ()
    if phase is Phase.FORWARD:
        kinds: tuple[TaskKind, ...] = (TaskKind.VALUE,)
    elif level is Level.LAST_FACTOR:
        kinds = (TaskKind.LOCAL_DERIVATIVE,)
    elif level is Level.STEP:
        several = trace.graph.edges.write_count(trace.node_of(step)) > 1
        kinds = (TaskKind.LOCAL_DERIVATIVE, TaskKind.CONTRIBUTION, *([TaskKind.GRADIENT] if several else []))
    else:
        kinds = (TaskKind.GRADIENT,)
    questions = (Question(trace, kind, step) for kind in kinds)
    return tuple(asked for asked in questions if asked.exists and (level is not Level.RESULT or _is_result(asked)))


def next_asked(trace: Trace, seen: int, levels: Levels, last: int | None = None) -> AskedStep:
    """Return the step that is shown next when `seen` steps have been, with what is asked before.

    Where this and all steps on the way are at the level of results, it is the next result: the output's value, or the
    complete gradient of an input. Where the walk goes no further than step `last`, nothing behind that is asked for:
    its own value, or gradient where that is complete, is the last result then.
    """
    step = seen + 1
    skill = skill_of_step(trace, step)
    level = levels.of(skill)
    if level is Level.RESULT or (not skill and levels.choice == Level.RESULT):
        result = next_result(trace, seen)
        if result is not None and last is not None and result > last:
            result = last if questions_of(trace, last, Level.RESULT) else None
        if result is not None and _are_at_results(trace, step, result, levels):
            return AskedStep(result, Level.RESULT, questions_of(trace, result, Level.RESULT))
    return AskedStep(step, level, questions_of(trace, step, level))


def next_result(trace: Trace, seen: int) -> int | None:
    """Return the first step after `seen` that completes a result: the output's value, or an input's gradient."""
    graph = trace.graph
    output = graph.output - graph.leaf_count + 1
    if seen < output:
        return output
    if seen < trace.forward_steps or trace.tangents is not None or seen >= trace.last_backward_step:
        return None
    last_writes = _last_writes(graph)
    later = last_writes[last_writes >= seen - trace.seed_step]
    return trace.seed_step + 1 + int(later.min()) if len(later) else None


def _last_writes(graph: Graph) -> Indices:
    """Return the edge that brings the last contribution to each input that has one: int32[k]."""
    edges = graph.edges
    offsets = edges.write_offsets[: graph.leaf_count + 1]
    return edges.writes[offsets[1:][np.diff(offsets) > 0] - 1]


def _are_at_results(trace: Trace, step: int, result: int, levels: Levels) -> bool:
    """Say whether all steps from one to a result are at the level of results; of very many that is not looked at."""
    if not levels.fade:
        return True
    if result - step >= _MOST_STEPS:
        return False
    skills = {skill_of_step(trace, place) for place in range(step, result + 1)} - {""}
    return all(levels.of(skill) is Level.RESULT for skill in skills)


def _is_result(question: Question) -> bool:
    return question.kind is TaskKind.VALUE or question.is_whole
