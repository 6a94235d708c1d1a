"""`AtOnce`: what mistakes make of a number, without walking along all edges for each of them.

A gradient is linear in every contribution: if one is larger by d, the gradient that is asked for is larger by d times
the derivative of that edge's operand by the asked node, along the edges between them. These derivatives are found for
all edges in one pass. Of two mistakes the one that is made first in the walk back is walked along with, once for all
pairs that it is in; what the other one adds follows at once, for nothing after it is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..task import TaskKind
from .altered_pass import Working, altered_answer, altered_step, right_number, working
from .effect import AnswerBecomes, AnswerIs, AnswerNegated, EdgeEffect, Effect, LocalsBecome
from .way import AskedWay


class AtOnce:
    """Answers as `altered_answer` does, faster; to twelve digits or so.

    `walked` counts the edges and the operations that had to be walked along for the answers that it has given.
    """

    def __init__(self, asked: AskedWay) -> None:
        self.walked = 0
        self.asked = asked
        self._is_sum = asked.kind in (TaskKind.CONTRIBUTION, TaskKind.GRADIENT) and asked.edge is not None
        self._weights: dict[int, float] = {}
        self._hops: dict[int, tuple[int, int, float]] = {}
        self._of_consumer: dict[int, list[int]] = {}
        self._workings: dict[tuple[Effect, ...], Working] = {}
        own = set(asked.own_edges)
        behind: dict[int, float] = {}
        for edge, consumer, target, local in reversed(asked.route):
            weight = self._weights[edge] = 1.0 if edge in own else behind.get(target, 0.0)
            behind[consumer] = behind.get(consumer, 0.0) + local * weight
            self._hops[edge] = consumer, target, local
            self._of_consumer.setdefault(consumer, []).append(edge)

    def of_one(self, effects: tuple[Effect, ...]) -> float:
        """Return what a mistake makes of the number that is asked for; nan where it leaves none."""
        asked, first = self.asked, effects[0]
        if len(effects) == 1 and isinstance(first, AnswerNegated):
            return -asked.right
        if len(effects) == 1 and isinstance(first, AnswerBecomes):
            return first.number
        if len(effects) == 1 and isinstance(first, AnswerIs):
            return right_number(asked.trace, first)
        if not self._is_sum:
            return self._walk(effects)
        if len(effects) == 1 and isinstance(first, LocalsBecome):
            return asked.right + sum(
                self._weights[edge] * (first.number - self._hops[edge][2]) * self._gradient(self._hops[edge][0])
                for edge in self._of_consumer.get(first.consumer, ())
            )
        own = at_one_edge(effects)
        if own is None:
            return self._walk(effects)
        edge = own[0].edge
        after = asked.trace.backward.accumulated.item(edge)
        return asked.right + self._weights[edge] * (self._after(own, self._before(edge), self._gradient) - after)

    def of_two(self, first: tuple[Effect, ...], second: tuple[Effect, ...]) -> float:
        """Return what two mistakes at once make of the number that is asked for; nan where they leave none."""
        for effects, other in ((first, second), (second, first)):
            if effects == (AnswerNegated(),):
                return -self.of_one(other)
        if not self._is_sum:
            return self._walk((*first, *second))
        for effects, other in ((first, second), (second, first)):
            if isinstance(effects[0], AnswerIs):
                return self._working(other).read(self.asked, effects[0])
        own, others = at_one_edge(first), at_one_edge(second)
        if own is None or others is None:
            return self._walk((*first, *second))
        if own[0].edge == others[0].edge:
            return self.of_one((*own, *others))
        if own[0].edge > others[0].edge:
            own, others = others, own
        made = self._working(own)
        edge = others[0].edge
        _, _, contribution, after = made.steps[edge]
        changed = self._after(others, after - contribution, lambda node: made.gradients.get(node, 0.0))
        return made.read(self.asked, None) + self._weights[edge] * (changed - after)

    def _after(self, own: Sequence[EdgeEffect], before: float, gradient: Callable[[int], float]) -> float:
        """Return the accumulated gradient after a step with mistakes in it."""
        consumer, _, local = self._hops[own[0].edge]
        return altered_step(own, gradient(consumer), local, before, gradient)[3]

    def _before(self, edge: int) -> float:
        backward, edges = self.asked.trace.backward, self.asked.trace.graph.edges
        target = self._hops[edge][1]
        earlier = edges.writes_before(target, edge)
        return backward.accumulated.item(edges.write(target, earlier - 1)) if earlier else 0.0

    def _gradient(self, node: int) -> float:
        return self.asked.trace.backward.gradients.item(node)

    def _working(self, effects: tuple[Effect, ...]) -> Working:
        made = self._workings.get(effects)
        if made is None:
            self.walked += len(self.asked.route)
            made = self._workings[effects] = working(self.asked, effects)
        return made

    def _walk(self, effects: tuple[Effect, ...]) -> float:
        self.walked += len(self.asked.route) + len(self.asked.nodes)
        return altered_answer(self.asked, effects)


def at_one_edge(effects: tuple[Effect, ...]) -> tuple[EdgeEffect, ...] | None:
    """Return effects that are all at one edge; None where they are not."""
    own = tuple(effect for effect in effects if isinstance(effect, EdgeEffect))
    return own if own and len(own) == len(effects) and len({effect.edge for effect in own}) == 1 else None
