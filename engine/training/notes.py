"""The notes of a training definition: at which steps of the walk over its model they stand."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..errors import DefinitionError, Problems, listing
from ..graph.graph import Graph, Leaf
from ..language.names import normal
from ..language.step_key import StepName
from ..named_steps import add_note, no_node


def resolved(
    problems: Problems, graph: Graph, units: Mapping[str, Sequence[str]], written: Mapping[str, str]
) -> dict[str, str]:
    """Return notes by the names of their steps; a key without one is kept as a problem.

    `units` holds the names of each layer's units. A note at `h` stands at the step of h in every sample, one at `h[3]`
    in the third alone, one at a layer at the steps of all its units; `∂h/∂w` is a local derivative, and `w ←` the
    update of a parameter.
    """
    steps = _TrainingSteps(graph, units)
    notes: dict[str, str] = {}
    for key, note in written.items():
        with problems.kept("notes", key):
            for step in steps.of(normal(key)):
                add_note(notes, step, note, key)
    return notes


class _TrainingSteps:
    """The steps that keys mean."""

    def __init__(self, graph: Graph, units: Mapping[str, Sequence[str]]) -> None:
        self._graph = graph
        self._units = units

    def of(self, key: str) -> Iterator[StepName]:
        """Yield the steps that a key means; DefinitionError where the walk has none of them."""
        step = StepName.read(key)
        if step.of:
            yield from self._derivatives(step, key)
        elif step.is_update:
            if self._graph.codes[self._nodes(step.label, key)[0]] != Leaf.INPUT:
                raise DefinitionError(f"{step.label} is not trained, so it is never updated", ("notes", key))
            yield step
        else:
            for name in self._units.get(key, [key]):
                if self._graph.codes[self._nodes(name, key)[0]] == Leaf.DATA:
                    raise DefinitionError("a data column has no step in the walk", ("notes", key))
                yield StepName(name)

    def _derivatives(self, step: StepName, key: str) -> Iterator[StepName]:
        """Yield the steps of a derivative, for every unit where a name is a layer's."""
        found = False
        consumers, operands = (self._units.get(label, [label]) for label in step.labels)
        for of, by in itertools.product(consumers, operands):
            if self._is_local(self._nodes(of, key), self._nodes(by, key)):
                found = True
                yield StepName.derivative(of, by)
        if not found:
            used = itertools.chain(*map(self._operands, self._nodes(consumers[0], key)))
            names = self._without_samples(self._graph.names[node] for node in used if node in self._graph.names)
            hint = f"a note stands at a local derivative; here by {listing(names)}" if names else ""
            raise DefinitionError(f"the walk has no step {step}", ("notes", key), hint)

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
        raise no_node(name, [*self._units, *self._without_samples(self._known())], "notes", key)

    @staticmethod
    def _without_samples(labels: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(re.sub(r"\[\d+\]", "", label) for label in labels))

    def _known(self) -> Iterator[str]:
        names = self._graph.names
        yield from names.single.values()
        yield from (block.prefix for block in names.blocks)
