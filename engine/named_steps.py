"""The steps of a walk that notes and exercises speak of: whether there are such, and what is wrong with them."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from .arrays import Flags
from .errors import DefinitionError, ExpressionError, Problems, did_you_mean, listing, quoted
from .exercise import HASH, Exercise
from .graph.graph import Graph, Leaf, led_to
from .language.dependencies import written
from .language.equation_name import EquationName
from .language.names import normal
from .language.step_key import StepName


def add_note(notes: dict[str, str], step: StepName, note: str, key: str) -> None:
    """Add the note written at `key` to those at the steps of a walk; DefinitionError where its step has one."""
    if str(step) in notes:
        raise DefinitionError("this step has a note already", ("notes", key))
    notes[str(step)] = note


def no_node(label: str, known: Iterable[str], *keys: str) -> DefinitionError:
    """Make the error for a node, named at `keys`, that is not among those known."""
    nodes = list(known)
    hint = did_you_mean(label, nodes, f"nodes are {listing(nodes)}")
    return DefinitionError(f"there is no node {quoted(label)}", keys, hint)


class NamedSteps:
    """The steps of a walk over a graph that notes and exercises speak of; what is wrong is kept as a problem."""

    def __init__(self, graph: Graph, problems: Problems) -> None:
        self.graph = graph
        self.problems = problems

    @functools.cached_property
    def _behind_inputs(self) -> Flags:
        """bool[n]: the inputs and what is computed from them, watched or not; all else is a constant."""
        return led_to(self.graph.codes == Leaf.INPUT, self.graph.operands, self.graph.consumers())

    def notes(self, written: Mapping[str, str]) -> dict[str, str]:
        """Return the notes by the names of their steps, a derivative spelt with ∂."""
        notes: dict[str, str] = {}
        for key, note in written.items():
            with self.problems.kept("notes", key):
                step = StepName.read(normal(key))
                self._check_step(step, key)
                add_note(notes, step, note, key)
        return notes

    def _check_step(self, step: StepName, key: str) -> None:
        keys = ("notes", key)
        if step.is_update:
            raise DefinitionError("nothing is trained here, so there is no update", keys)
        nodes = [self._node(label, *keys) for label in step.labels]
        if step.of:
            self._check_derivative(step, nodes[0], nodes[1], keys)
        elif nodes[0] < self.graph.leaf_count and not self.graph.carries_gradient[nodes[0]]:
            raise DefinitionError("a constant has no step in the walk", keys)

    def _check_derivative(self, step: StepName, consumer: int, operand: int, keys: tuple[str, ...]) -> None:
        if consumer == operand == self.graph.output:
            return  # the seed
        operands = self.graph.operands_of(consumer).tolist()
        if operand not in operands:
            labels = listing(self.graph.label(operand) for operand in operands)
            reason = f"the operands of {step.of} are {labels}" if operands else f"{step.of} is no operation"
            hint = f"a note stands at a local derivative; {reason}"
            raise DefinitionError(f"{step.label} is not an operand of {step.of}", keys, hint)
        self._refuse_constant(step.label, operand, keys)
        if not self.graph.carries_gradient[consumer]:
            raise DefinitionError(f"{step.of} is only watched; the walk back does not pass it", keys)

    def _refuse_constant(self, label: str, node: int, keys: tuple[str, ...]) -> None:
        if not self._behind_inputs[node]:
            raise DefinitionError(f"{label} is a constant: there is no derivative by it", keys)

    def check_exercises(self, exercises: tuple[Exercise, ...]) -> None:
        """Check that the walk answers each exercise, and that an answer which is stated can be read."""
        for place, exercise in enumerate(exercises):
            with self.problems.kept("exercise", str(place), "answer"):
                self._check_answer(exercise)
            keys = ("exercise", str(place), "ask")
            with self.problems.kept(*keys):
                self._check_asked(exercise, keys)
            if exercise.hash is not None and not HASH.fullmatch(exercise.hash):
                self.problems.add_value("a hash has 32 digits from 0 to f", "exercise", str(place), "hash")
            elif exercise.hash is not None and (exercise.formula or EquationName.read(normal(exercise.ask))):
                hint = "a formula is compared at random points: state it as its answer, or state none"
                self.problems.add("a hash is that of a number", "exercise", str(place), "hash", hint=hint)

    def _check_asked(self, exercise: Exercise, keys: tuple[str, ...]) -> None:
        ask = normal(exercise.ask)
        equation = EquationName.read(ask)
        if equation is not None:
            self._check_equation(equation, keys)
            return
        asked = StepName.read(ask)
        output = self.graph.label(self.graph.output)
        node = self._node(asked.label if asked.of else str(asked), *keys)
        if asked.of and asked.of != output:
            consumer = self._node(asked.of, *keys)
            operands = self.graph.operands_of(consumer).tolist()
            if node not in operands:
                message = f"{asked.label} is no operand of {asked.of}, so this is no local derivative"
                hint = f"what can be asked for is {StepName.derivative(output, asked.label)}"
                raise DefinitionError(message, keys, hint)
            self._check_derivative(asked, consumer, node, keys)
            if operands.count(node) > 1:
                hint = f"what can be asked for is {StepName.derivative(output, asked.label)}"
                raise DefinitionError(f"{asked.of} uses {asked.label} at several places", keys, hint)
        elif asked.of and node != self.graph.output:
            self._refuse_constant(asked.label, node, keys)
            if not self.graph.carries_gradient[node]:
                raise DefinitionError(f"{output} does not use {asked.label}, which is only watched", keys)
        elif exercise.formula and node < self.graph.leaf_count:
            raise DefinitionError(f"{asked.label} has no equation: it is given", keys)

    def _check_equation(self, equation: EquationName, keys: tuple[str, ...]) -> None:
        node = self._node(equation.node, *keys)
        given = [self._node(name, *keys) for name in equation.given]
        if node < self.graph.leaf_count:
            raise DefinitionError(f"{equation.node} has no equation: it is given", keys)
        if node in given:
            raise DefinitionError(f"{equation.node} cannot be asked for in terms of itself", keys)
        found, todo = {node}, [node]
        while todo:
            new = set(self.graph.operands_of(todo.pop()).tolist()) - found
            found |= new
            todo.extend(new - set(given))
        leaves = (each for each in sorted(found) if each < self.graph.leaf_count)
        missing = [each for each in leaves if self.graph.codes[each] != Leaf.CONSTANT and each not in given]
        if given and missing:
            names = listing(self.graph.label(each) for each in missing)
            hint = "name it too, or what is computed from it on the way"
            raise DefinitionError(f"{equation.node} hangs on {names} as well", keys, hint)

    def _check_answer(self, exercise: Exercise) -> None:
        equation = EquationName.read(normal(exercise.ask))
        if exercise.formula or equation is not None:
            formula = written(exercise.answer or 0.0)
            known = list(self._labels())
            if equation is not None or StepName.read(normal(exercise.ask)).of == "":
                leaves = map(self.graph.label, range(self.graph.leaf_count))
                known = list((equation and equation.given) or leaves)
            for used in formula.unknown_names(known):
                raise formula.unknown(used, known)
            return
        expression = written(exercise.answer or 0.0)
        for used in expression.names():
            with suppress(KeyError):
                if self.graph.codes[self.graph.find(used.name)] != Leaf.CONSTANT:
                    message, hint = f"{used.name} is a node", "an answer is made of numbers alone"
                    raise ExpressionError(message, expression.text, used.position, used.length, hint)
        exercise.stated()

    def _node(self, label: str, *keys: str) -> int:
        try:
            return self.graph.find(label)
        except KeyError:
            raise no_node(label, self._labels(), *keys) from None

    def _labels(self) -> Iterator[str]:
        """Yield what nodes are called, except for constants without a name."""
        graph = self.graph
        return (graph.label(node) for node in range(len(graph)) if node >= graph.leaf_count or node in graph.names)
