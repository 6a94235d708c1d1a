"""`Trace`: a whole walk, computed at once; `state(k)` and `step(k)` look at it anywhere.

A walk has `forward_steps` steps (one for each operation, in topological order), the seed
∂out/∂out = 1, and one step for each edge that carries a gradient, consumers before producers; an epoch of
training has one more for each parameter that it updates. What can be seen after k steps is a pure
function of the trace and k.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping

import numpy as np

from ..arrays import Flags, Floats, Indices
from ..graph.graph import Graph, led_to
from ..language.step_key import StepName, derivative
from ..rules.ops import Op
from ..rules.symbolic import Symbol, formula_text
from ..run.loop import Backward, Run
from ..run.plan import run as run_once
from .state import State
from .step import Factor, Phase, Step
from .update import Updates


class Trace:
    """Every number of a walk over `graph`, in flat arrays.

    `values` is float64[n]; `backward` holds the backward pass. `notes` maps a node's label, or a local
    derivative such as `∂f/∂s`, to the sentence shown when the walk gets there. `run` gives the numbers of a
    run that was made already, such as an epoch of training; without it the graph is run here. `updates` are the
    updates of the parameters that training makes after it.

    A note at `h` or `∂h/∂w` also stands at the steps of h[1], h[2], ..., one a sample, that have none of their own.
    """

    def __init__(
        self,
        graph: Graph,
        notes: Mapping[str, str] | None = None,
        run: Run | None = None,
        updates: Updates | None = None,
    ) -> None:
        run = run_once(graph) if run is None else run
        self.graph = graph
        self.notes = notes or {}
        self.values: Floats = run.values
        self.backward: Backward = run.backward
        self.forward_steps = len(graph) - graph.leaf_count
        self.backward_steps = len(graph.edges)
        self.updates = updates
        self.total = self.forward_steps + 1 + self.backward_steps + (len(updates) if updates else 0)

    # ---- where a step is

    @property
    def seed_step(self) -> int:
        """The number of the step that starts the backward pass."""
        return self.forward_steps + 1

    @property
    def last_backward_step(self) -> int:
        """The number of the step that completes the gradients."""
        return self.seed_step + self.backward_steps

    def phase(self, number: int) -> Phase:
        """Return the phase that step `number` (1 to `total`) belongs to."""
        if number < self.seed_step:
            return Phase.FORWARD
        if number == self.seed_step:
            return Phase.SEED
        return Phase.BACKWARD if number <= self.last_backward_step else Phase.UPDATE

    def update_step(self, node: int) -> int:
        """Return the step that updates a parameter; 0 for any other node, and where there is no update."""
        place = self.updates.places.get(node) if self.updates else None
        return 0 if place is None else self.last_backward_step + 1 + place

    def edge(self, number: int) -> tuple[int, int, int]:
        """Return (edge, consumer, operand position) of the backward step `number`; the edge counts from 0."""
        edge = number - self.seed_step - 1
        consumer = self.graph.edges.consumer(edge)
        own = self.graph.edges.of_consumer(consumer)
        operands = self.graph.operands_of(consumer)
        position = edge - own.start
        if len(own) < len(operands):  # some carry no gradient
            position = int(np.flatnonzero(self.graph.carries_gradient[operands])[position])
        return edge, consumer, position

    def value_step(self, node: int) -> int:
        """Return the step that computes a node's value; 0 for a leaf, known from the start."""
        return max(0, node - self.graph.leaf_count + 1)

    def gradient_steps(self, node: int) -> list[int]:
        """Return the steps that write a node's gradient, in order: the seed, or one a contribution."""
        if node == self.graph.output:
            return [self.seed_step]
        first = self.seed_step + 1
        return [first + edge for edge in self.edges_into(node).tolist()]

    def next_write(self, node: int, cursor: int) -> int | None:
        """Return the first step after `cursor` that writes a node's value or gradient, or None."""
        for step in (self.value_step(node), self.seed_step if node == self.graph.output else 0):
            if step > cursor:
                return step
        edges, first = self.graph.edges, self.seed_step + 1
        taken = edges.writes_before(node, cursor + 1 - first)
        if taken < edges.write_count(node):
            return first + edges.write(node, taken)
        update = self.update_step(node)
        return update if update > cursor else None

    def previous_write(self, node: int, cursor: int) -> int | None:
        """Return the last step before `cursor` that writes a node's value or gradient, or None."""
        if 0 < self.update_step(node) < cursor:
            return self.update_step(node)
        edges, first = self.graph.edges, self.seed_step + 1
        taken = edges.writes_before(node, cursor - first)
        if taken:
            return first + edges.write(node, taken - 1)
        for step in (self.seed_step if node == self.graph.output else 0, self.value_step(node)):
            if 0 < step < cursor:
                return step
        return None

    def consumer_steps(self, number: int) -> tuple[int, int]:
        """Return the first and the last step that belong together with step `number`.

        They are all the edges of one consumer; any other step stands alone.
        """
        if self.phase(number) is not Phase.BACKWARD:
            return number, number
        first = self.seed_step + 1
        edges = self.graph.edges.of_consumer(self.graph.edges.consumer(number - first))
        return first + edges.start, first + edges.stop - 1

    def written_numbers(self) -> Floats:
        """Return the value or gradient that each step writes: float64[total], nan where it does not exist."""
        gradients = np.append(self.backward.gradients[self.graph.output], self.backward.accumulated)
        if self.undefined_values[self.graph.output]:
            gradients[:] = np.nan
        after = [self.updates[place].after for place in range(len(self.updates))] if self.updates else []
        return np.concatenate([self.values[self.graph.leaf_count :], gradients, after])

    # ---- what is known then

    def state(self, cursor: int) -> State:
        """Return what is known after `cursor` steps (0 to `total`); IndexError outside the walk."""
        if not 0 <= cursor <= self.total:
            raise IndexError(f"a walk of {self.total} steps has no step {cursor}")
        return State(self, cursor)

    def step(self, number: int) -> Step:
        """Return step `number` (1 to `total`) in full; IndexError outside the walk."""
        if not 1 <= number <= self.total:
            raise IndexError(f"a walk of {self.total} steps has no step {number}")
        phase = self.phase(number)
        if phase is Phase.FORWARD:
            return self._forward_step(number)
        if phase is Phase.SEED:
            return self._seed_step()
        return self._backward_step(number) if phase is Phase.BACKWARD else self._update_step(number)

    @functools.cached_property
    def undefined_values(self) -> Flags:
        """bool[n]: the nodes whose value does not exist, or hangs on one that does not.

        As everything leads to the output, that is among them as soon as there is one.
        """
        undefined = ~np.isfinite(self.values)
        return led_to(undefined, self.graph.operands, self.graph.consumers()) if undefined.any() else undefined

    @functools.cached_property
    def undefined_contributions(self) -> Flags:
        """bool[edges]: the contributions that do not exist, or hang on a gradient that does not.

        A gradient that is not finite makes none that is: only where the output has no value they all hang on it.
        """
        if self.undefined_values[self.graph.output]:
            return np.ones(len(self.graph.edges), dtype=np.bool_)
        return ~np.isfinite(self.backward.contributions)

    def edges_into(self, node: int) -> Indices:
        """Return the edges (places in `backward`) that add to a node's gradient, in the order they do."""
        return self.graph.edges.into(node)

    def _put_in(self, node: int) -> Symbol:
        """Return a node's value as an operand of a formula with the numbers put in."""
        symbol = self.graph.symbol(node)
        if symbol.constant is not None:
            return symbol
        if self.undefined_values[node]:
            return Symbol("undefined")
        return Symbol.of_number(float(self.values[node]))

    def _forward_step(self, number: int) -> Step:
        graph = self.graph
        node = graph.leaf_count + number - 1
        op = self._op(node)
        name = graph.label(node)
        return Step(
            number,
            self.total,
            Phase.FORWARD,
            node,
            name,
            graph.label(graph.output),
            op.name,
            expression=graph.expression(node),
            substituted=graph.formula(node, self._put_in),
            value=float(self.values[node]),
            undefined=self._why_value_undefined(node, op),
            note=self._note(StepName(name)),
        )

    def _seed_step(self) -> Step:
        graph = self.graph
        name = graph.label(graph.output)
        undefined = ""
        if self.undefined_values[graph.output]:
            undefined = f"{name} is undefined, so it has no derivatives: the backward pass has nothing to start from"
        return Step(
            self.seed_step,
            self.total,
            Phase.SEED,
            graph.output,
            name,
            name,
            "",
            expression=derivative(name, name),
            substituted="1",
            value=1.0,
            undefined=undefined,
            note=self._note(StepName.derivative(name, name)),
        )

    def _backward_step(self, number: int) -> Step:
        graph, backward = self.graph, self.backward
        edge, consumer, position = self.edge(number)
        operand = int(backward.targets[edge])
        op = self._op(consumer)
        earlier = graph.edges.writes_before(operand, edge)
        factor = Factor(
            consumer=consumer,
            consumer_name=graph.label(consumer),
            consumer_expression=graph.expression(consumer),
            operand_position=position,
            upstream=float(backward.gradients[consumer]),
            local_name=self._local_name(consumer, operand),
            local_formula=graph.partial_formula(consumer, position, graph.symbol),
            local_substituted=graph.partial_formula(consumer, position, self._put_in),
            local=math.nan if self._fails_at(consumer) else float(backward.locals[edge]),
            contribution=float(backward.contributions[edge]),
            before=backward.accumulated.item(graph.edges.write(operand, earlier - 1)) if earlier else 0.0,
            after=float(backward.accumulated[edge]),
            contribution_number=earlier + 1,
            contribution_count=graph.edges.write_count(operand),
        )
        name, output_name = graph.label(operand), graph.label(graph.output)
        note = self._note(StepName.derivative(factor.consumer_name, name))
        if not note and operand < graph.leaf_count:
            note = self._note(StepName(name))
        return Step(
            number,
            self.total,
            Phase.BACKWARD,
            operand,
            name,
            output_name,
            op.name,
            expression=f"{derivative(output_name, factor.consumer_name)} · {factor.local_name}",
            substituted=formula_text(Symbol.of_number(factor.upstream) * Symbol.of_number(factor.local)),
            value=factor.after,
            factor=factor,
            undefined=self._why_gradient_undefined(edge, factor, name, output_name),
            note=note,
        )

    def _fails_at(self, node: int) -> bool:
        """Say whether an operation has no result although its operands have values: then it has no slope either."""
        undefined = self.undefined_values
        return bool(undefined[node]) and not undefined[self.graph.operands_of(node)].any()

    def _local_name(self, consumer: int, operand: int) -> str:
        of = self.graph.label(consumer)
        if consumer == self.graph.output and self.graph.edges.write_count(operand) > 1:
            of = f"({self.graph.expression(consumer)})"
        return derivative(of, self.graph.label(operand))

    def _update_step(self, number: int) -> Step:
        graph = self.graph
        assert self.updates is not None, "only a walk with updates has update steps"
        update = self.updates[number - self.last_backward_step - 1]
        name, output_name = graph.label(update.parameter), graph.label(graph.output)
        before, decrease = Symbol.of_number(update.before), Symbol.of_number(update.decrease)
        return Step(
            number,
            self.total,
            Phase.UPDATE,
            update.parameter,
            name,
            output_name,
            "",
            expression=f"{name} - {update.formula}",
            substituted=formula_text(before - decrease),
            value=update.after,
            update=update,
            undefined="" if math.isfinite(update.after) else "undefined: the update has no finite result",
            note=self._note(StepName(name, is_update=True)),
        )

    def _note(self, name: StepName) -> str:
        note = self.notes.get(str(name))
        if note is not None:
            return note
        general = name.of_all_samples()
        sampled = (label for label, own in zip(general.labels, name.labels, strict=True) if label != own)
        # `cost` may be a node of its own, beside cost[1], cost[2], ...
        is_whole = any(self.graph.names.find(label) is not None for label in sampled)
        return "" if is_whole else self.notes.get(str(general), "")

    def _op(self, node: int) -> Op:
        op = self.graph.op(node)
        assert op is not None, "only operations have steps"
        return op

    def _why_value_undefined(self, node: int, op: Op) -> str:
        if not self.undefined_values[node]:
            return ""
        operands = self.graph.operands_of(node)
        missing = operands[self.undefined_values[operands]]
        if len(missing):
            return f"undefined, because {self.graph.label(int(missing[0]))} is"
        if not op.defined_at(*self.values[operands].tolist()):
            return f"undefined: {op.name} is defined for {op.domain}"
        return "undefined: the result is too large for a 64-bit float (overflow)"

    def _why_gradient_undefined(self, edge: int, factor: Factor, name: str, output_name: str) -> str:
        """Say why the operand's gradient after this contribution does not exist, or nothing where it does."""
        if self.undefined_values[self.graph.output]:
            return f"undefined, because {output_name} is"
        if not self.undefined_contributions[edge]:
            if math.isfinite(factor.after):
                return ""
            if not math.isfinite(factor.before):
                return f"undefined, because an earlier contribution to {derivative(output_name, name)} is"
            return "undefined: the sum is too large for a 64-bit float (overflow)"
        if not math.isfinite(factor.local):
            return f"undefined: {factor.local_name} = {factor.local_formula} has no finite value here"
        if math.isfinite(factor.upstream):
            return "undefined: the product is too large for a 64-bit float (overflow)"
        return f"undefined, because {derivative(output_name, factor.consumer_name)} is"


__all__ = ["Factor", "Phase", "State", "Step", "Trace"]
