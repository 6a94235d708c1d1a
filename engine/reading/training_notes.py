"""The notes of a training scenario: at which steps of its walk they stand; every error points into the source."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..errors import did_you_mean, listing, quoted
from ..graph.graph import Graph, Leaf
from ..language.expression import NAME
from .source import Source

_LABEL = rf"{NAME.pattern}(?:\[\d+\])?"
_DERIVATIVE = re.compile(rf"[∂d](?P<of>{_LABEL})/[∂d](?P<by>{_LABEL})")
_UPDATE = re.compile(rf"(?P<of>{NAME.pattern})\s*(?:←|<-)")


class TrainingNotes:
    """Checks notes against the graph of a model; `units` holds the names of each layer's units.

    A note at `h` stands at the step of h in every sample, one at `h[3]` in the third alone, one at a layer at the
    steps of all its units; `∂h/∂w` is a local derivative, and `w ←` the update of a parameter.
    """

    def __init__(self, source: Source, graph: Graph, units: Mapping[str, Sequence[str]]) -> None:
        self._source = source
        self._graph = graph
        self._units = units

    def read(self, written: Mapping[str, str]) -> dict[str, str]:
        """Return the notes by the names of their steps; ScenarioError where the walk has no such step."""
        notes: dict[str, str] = {}
        for key, note in written.items():
            for step in self._steps(key):
                if step in notes:
                    raise self._source.error("this step has a note already", "notes", key)
                notes[step] = note
        return notes

    def _steps(self, key: str) -> Iterator[str]:
        if found := _DERIVATIVE.fullmatch(key):
            yield from self._derivatives(found["of"], found["by"], key)
        elif found := _UPDATE.fullmatch(key):
            if self._graph.codes[self._nodes(found["of"], key)[0]] != Leaf.INPUT:
                raise self._source.error(f"{found['of']} is not trained, so it is never updated", "notes", key)
            yield f"{found['of']} ←"
        else:
            for name in self._units.get(key, [key]):
                if self._graph.codes[self._nodes(name, key)[0]] == Leaf.DATA:
                    raise self._source.error("a data column has no step in the walk", "notes", key)
                yield name

    def _derivatives(self, of: str, by: str, key: str) -> Iterator[str]:
        """Yield the steps of ∂of/∂by, for every unit where a name is a layer's."""
        found = False
        for consumer in self._units.get(of, [of]):
            for operand in self._units.get(by, [by]):
                if self._is_local(self._nodes(consumer, key), self._nodes(operand, key)):
                    found = True
                    yield f"∂{consumer}/∂{operand}"
        if not found:
            consumers = self._nodes(self._units.get(of, [of])[0], key)
            operands = itertools.chain(*map(self._operands, consumers))
            names = self._without_samples(self._graph.names[node] for node in operands if node in self._graph.names)
            hint = f"a note stands at a local derivative; here by {listing(names)}" if names else ""
            raise self._source.error(f"the walk has no step ∂{of}/∂{by}", "notes", key, hint=hint)

    def _is_local(self, consumers: Sequence[int], operands: Sequence[int]) -> bool:
        if self._graph.output in consumers and self._graph.output in operands:
            return True  # the seed
        return any(operand in self._operands(consumer) for consumer in consumers for operand in operands)

    def _operands(self, consumer: int) -> list[int]:
        """Return the operands of a node that carry a gradient, or the first ones of very many."""
        operands = self._graph.operands_of(consumer)[:100]
        return operands[self._graph.carries_gradient[operands]].tolist()

    def _nodes(self, name: str, key: str) -> list[int]:
        """Return the node of that name, and the first sample's."""
        nodes: list[int] = []
        for label in (name, f"{name}[1]"):
            with contextlib.suppress(KeyError):
                nodes.append(self._graph.find(label))
        if nodes:
            return nodes
        known = [*self._units, *self._without_samples(self._known())]
        hint = did_you_mean(name, known, f"nodes are {listing(known)}")
        raise self._source.error(f"there is no node {quoted(name)}", "notes", key, hint=hint)

    @staticmethod
    def _without_samples(labels: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(re.sub(r"\[\d+\]", "", label) for label in labels))

    def _known(self) -> Iterator[str]:
        names = self._graph.names
        yield from names.single.values()
        yield from (block.prefix for block in names.blocks)
