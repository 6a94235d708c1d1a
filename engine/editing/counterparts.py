"""Which node, and which step, of a walk is the same one in the walk after an edit."""

from __future__ import annotations

import numpy as np

from ..arrays import Indices
from ..graph.graph import Graph
from ..language.step_key import StepKey, StepKind
from ..walk.trace import Trace


class Counterparts:
    """For the nodes of the graph `after` those of the graph `before`, and back.

    A node with a name is the one of that name. One without, of an expression of several operations, is the one in the
    same place of the expression of the same name, and a number of it likewise; each only where it is the same
    operation, or a leaf of the same kind.
    """

    def __init__(self, before: Graph, after: Graph) -> None:
        self.same_structure = before.same_structure(after)
        same = np.arange(len(after), dtype=np.int32)
        self.before: Indices = same if self.same_structure else _matched(after, before)
        """int32[n of the graph after]: the node before, -1 where there is none."""
        self.after: Indices = same if self.same_structure else _matched(before, after)
        """int32[n of the graph before]: the node after, -1 where there is none."""


def cursor_after(before: Trace, cursor: int, after: Trace, counterparts: Counterparts) -> int:
    """Return where a walk stands after an edit that stood at `cursor` before it.

    It is the same step where there is one; or else the nearest one before it that both walks have, in the same phase;
    or else the beginning of that phase. The start stays the start, and the end the end.
    """
    if cursor == before.total:
        return after.total
    if counterparts.same_structure:
        return cursor
    phase = before.phase(cursor) if cursor else None
    for number in range(cursor, 0, -1):
        if before.phase(number) is not phase:
            break
        key = key_after(before.key(number), before.graph, after.graph, counterparts)
        found = after.number(key) if key is not None else None
        if found is not None and after.phase(found) is phase:
            return found
    starts = [segment.first for segment in after.segments if segment.phase is phase]
    return starts[0] - 1 if starts else 0


def key_after(key: StepKey, before: Graph, after: Graph, counterparts: Counterparts) -> StepKey | None:
    """Return the step of the walk after an edit that is the same as one before it; None where there is none."""
    node = int(counterparts.after[key.node])
    if node < 0 or key.kind is not StepKind.ALONG:
        return StepKey(key.kind, node, key.position) if node >= 0 else None
    operand = int(counterparts.after[int(before.operands_of(key.node)[key.position])])
    operands = after.operands_of(node).tolist()
    if key.position < len(operands) and operands[key.position] == operand:
        return StepKey(key.kind, node, key.position)
    return StepKey(key.kind, node, operands.index(operand)) if operand in operands else None


def _matched(of: Graph, among: Graph) -> Indices:
    """Return for each node of one graph the same one among those of another: int32[n], -1 where there is none."""
    known = {identity: node for node, identity in reversed([*enumerate(_identities(among))])}
    return np.array([known.get(identity, -1) for identity in _identities(of)], dtype=np.int32)


def _identities(graph: Graph) -> list[tuple[object, ...]]:
    """Return what makes each node the same one in another graph: its name, or its place in what has a name."""
    count = len(graph)
    owner, names = list(range(count)), graph.names
    named = [node in names for node in range(count)]
    offsets: list[int] = graph.operand_offsets.tolist()
    operands: list[int] = graph.operands.tolist()
    for node in range(count - 1, graph.leaf_count - 1, -1):
        for operand in operands[offsets[node] : offsets[node + 1]]:
            if not named[operand]:
                owner[operand] = owner[node]
    places: dict[int, int] = {}
    identities: list[tuple[object, ...]] = []
    for node, code in enumerate(graph.codes.tolist()):
        if named[node]:
            identities.append((names[node], code if code < 0 else 0))
        else:
            place = places[owner[node]] = places.get(owner[node], -1) + 1
            identities.append((names.get(owner[node], ""), code, place))
    return identities
