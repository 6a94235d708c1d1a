"""`AtOnce`: what a mistake at one edge makes of a gradient, without walking along the others again.

A gradient is linear in every contribution: if one is larger by d, the gradient that is asked for is larger by d times
the derivative of that edge's operand by the asked node, along the edges between them. These derivatives are found for
all edges in one pass.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..task import TaskKind
from .altered_pass import altered_answer, altered_step, right_number
from .asked import Asked
from .effect import AnswerBecomes, AnswerIs, AnswerNegated, EdgeEffect, Effect, LocalsBecome


class AtOnce:
    """Answers as `altered_answer` does, faster; to twelve digits or so.

    `walked` counts the edges and the operations that had to be walked along for the answers that it has given.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.walked = 0
        self._weights: dict[int, float] = {}
        self._locals: dict[int, tuple[int, int, float]] = {}
        self._of_consumer: dict[int, list[int]] = {}
        own = set(asked.own_edges)
        behind: dict[int, float] = {}
        for edge, consumer, target, local in reversed(asked.route):
            weight = self._weights[edge] = 1.0 if edge in own else behind.get(target, 0.0)
            behind[consumer] = behind.get(consumer, 0.0) + local * weight
            self._locals[edge] = consumer, target, local
            self._of_consumer.setdefault(consumer, []).append(edge)

    def answer(self, effects: Sequence[Effect]) -> float:
        """Return what mistakes make of the number that is asked for; nan where they leave none."""
        asked = self._asked
        if asked.kind in (TaskKind.VALUE, TaskKind.LOCAL_DERIVATIVE):
            return self._walked(effects)
        first = effects[0] if effects else AnswerBecomes(asked.right)
        if isinstance(first, LocalsBecome) and len(effects) == 1:
            return asked.right + sum(
                self._weights[edge] * (first.number - self._locals[edge][2]) * self._upstream(edge)
                for edge in self._of_consumer.get(first.consumer, ())
            )
        if len(effects) == 1 and isinstance(first, AnswerNegated):
            return -asked.right
        if len(effects) == 1 and isinstance(first, AnswerBecomes):
            return first.number
        if len(effects) == 1 and isinstance(first, AnswerIs):
            return self._read(first)
        if not isinstance(first, EdgeEffect):
            return self._walked(effects)
        edge = first.edge
        own = [effect for effect in effects if isinstance(effect, EdgeEffect) and effect.edge == edge]
        if len(own) < len(effects):
            return self._walked(effects)
        _, target, local = self._locals[edge]
        backward, edges = asked.trace.backward, asked.trace.graph.edges
        earlier = edges.writes_before(target, edge)
        before = backward.accumulated.item(edges.write(target, earlier - 1)) if earlier else 0.0
        after = altered_step(own, self._upstream(edge), local, before, backward.gradients.item)[3]
        return asked.right + self._weights[edge] * (after - backward.accumulated.item(edge))

    def _read(self, answer: AnswerIs) -> float:
        return right_number(self._asked.trace, answer)

    def _walked(self, effects: Sequence[Effect]) -> float:
        self.walked += len(self._asked.route) + len(self._asked.nodes)
        return altered_answer(self._asked, effects)

    def _upstream(self, edge: int) -> float:
        return self._asked.trace.backward.gradients.item(self._locals[edge][0])
