"""`Definition`: what a function is made of, as somebody wrote it, apart from the file that it was written in.

A definition can be shown, changed and saved, since its expressions stay. `build` makes the graph; its errors name what
they are about, and whoever knows where that stands adds the place.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated

import msgspec
from msgspec import Meta

from .arrays import Flags
from .errors import DefinitionError, ExpressionError, Problems, did_you_mean, listing, quoted
from .graph.graph import Graph, Leaf, led_to
from .graph.tape import Tape
from .language.dependencies import constant, leading_to, topological_order, written
from .language.expression import Expression, Literal, NameUse
from .language.names import CONSTANTS, name_problem, normal, refuse_doubles, with_normal_names
from .language.step_key import StepName

Value = float | str
"""What stands for a name: a number, or an expression."""

NumberOrExpression = Annotated[float | str, Meta(description="A number, or an expression in quotes.")]
"""A `Value` in a file, as its schema describes it."""


class Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the learner is asked, a hint, and what its author says that the answer is."""

    ask: Annotated[str, Meta(description="A derivative of the output such as ∂f/∂a, or the name of a node.")]
    hint: Annotated[str, Meta(description="Shown below the question.")] = ""
    answer: Annotated[
        float | str | None,
        Meta(
            description='The right answer, which `gradwalk check` compares: a number, or an expression such as "-1/9".'
        ),
    ] = None
    decimals: Annotated[
        Annotated[int, Meta(ge=0, le=15)] | None,
        Meta(description="To how many decimals the answer is rounded; without it, it is exact."),
    ] = None
    points: Annotated[
        Annotated[float, Meta(ge=0, le=1_000_000)],
        Meta(description="What a right answer is worth where `gradwalk grade` judges it."),
    ] = 1

    def stated(self) -> float | None:
        """Return the answer as a number, None where there is none; ExpressionError where it is not one."""
        return None if self.answer is None else constant(written(self.answer))


@dataclass(frozen=True)
class Built:
    """What a definition makes: its graph, and its notes by the names of the steps they stand at."""

    graph: Graph
    notes: Mapping[str, str]


@dataclass(frozen=True)
class Definition:
    """A function: named inputs, each a number or a constant expression, and named nodes in the order written.

    `output` is the node that is the result; where it is empty, the last one that is not watched. Nodes in `watch` are
    computed and shown beside it, whether it uses them or not. An input need not be used: its gradient is 0. `notes` are
    sentences for steps of the walk, such as `s` or `∂f/∂s`. An error's keys are ("inputs", name), ("graph", name),
    ("output",), ("watch",), ("notes", key) or ("exercise", place, "ask" or "answer").
    """

    inputs: Mapping[str, Value]
    nodes: Mapping[str, Value]
    output: str = ""
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    exercises: tuple[Exercise, ...] = ()
    watch: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("inputs", "nodes", "notes"):
            object.__setattr__(self, name, MappingProxyType(with_normal_names(getattr(self, name))))
        object.__setattr__(self, "output", normal(self.output))
        object.__setattr__(self, "watch", tuple(map(normal, self.watch)))

    @property
    def output_name(self) -> str:
        """The name of the node that is the result; empty where there are no nodes."""
        names = [name for name in self.nodes if name not in self.watch] or [*self.nodes]
        return self.output or "".join(names[-1:])

    def input_value(self, name: str) -> float:
        """Compute the value of an input; ExpressionError where it is not a finite number, or is made of other names."""
        return _GraphBuilder(self, Problems()).input(name, self.inputs[name])

    def build(self, problems: Problems | None = None) -> Built:
        """Make the graph and resolve the notes; DefinitionErrors says all that is wrong.

        `problems` holds what is known to be wrong already; then only the parts are checked, and not the whole.
        """
        problems = Problems() if problems is None else problems
        graph = _GraphBuilder(self, problems).graph()
        notes = _NamedSteps(graph, problems).notes(self.notes)
        _NamedSteps(graph, problems).check_exercises(self.exercises)
        problems.stop()
        return Built(graph, notes)


class _GraphBuilder:
    """Makes the graph of a definition."""

    def __init__(self, definition: Definition, problems: Problems) -> None:
        self.inputs = definition.inputs
        self.definitions = definition.nodes
        self.output = definition.output_name
        self.watch = definition.watch
        self.names = dict.fromkeys([*self.inputs, *self.definitions])
        self.problems = problems
        self.tape = Tape()
        self.nodes: dict[str, int] = {}

    def graph(self) -> Graph:
        self._check_names()
        self._check_output()
        self._check_watched()
        values: dict[str, float] = {}
        for name, value in self.inputs.items():
            with self.problems.kept("inputs", name):
                values[name] = self.input(name, value)
        expressions: dict[str, Expression] = {}
        for name, value in self.definitions.items():
            with self.problems.kept("graph", name):
                if name not in self.inputs:
                    expressions[name] = self._expression(name, value)
        order: list[str] = []
        with self.problems.kept("graph"):
            order += topological_order(expressions)
        if not self.problems:
            self._refuse_unused(expressions)
        self.problems.stop()
        for name, value in values.items():
            expression = self.inputs[name]
            self.nodes[name] = self.tape.leaf(
                value, Leaf.INPUT, name, written=expression if isinstance(expression, str) else ""
            )
        for name in [*(name for name in order if name != self.output), self.output]:
            self.nodes[name] = self._record(name, expressions[name])
        return self.tape.graph(self.nodes[self.output], [self.nodes[name] for name in (*self.inputs, *self.watch)])

    def _check_names(self) -> None:
        for table, names in (("inputs", self.inputs), ("graph", self.definitions)):
            refuse_doubles(self.problems, table, names)
            for name in names:
                if wrong := name_problem(name):
                    self.problems.add_name(wrong.message, table, name, hint=wrong.hint)
        for name in self.definitions:
            if name in self.inputs:
                hint = f"{listing([name])} is an input already; every name is defined once"
                self.problems.add("defined twice", "graph", name, hint=hint)

    def _check_output(self) -> None:
        output = self.output
        if not self.definitions:
            self.problems.add("there is nothing to compute", "graph", hint='such as f = "2*a"')
        elif output not in self.definitions:
            hint = did_you_mean(output, self.definitions, f"nodes are {listing(self.definitions)}")
            hint = (
                f"{output} is an input; the result is a node, computed from the inputs"
                if output in self.inputs
                else hint
            )
            self.problems.add(f"there is no node {quoted(output)} to be the output", "output", hint=hint)

    def _check_watched(self) -> None:
        for name in self.watch:
            if name not in self.definitions:
                hint = did_you_mean(name, self.definitions, f"nodes are {listing(self.definitions)}")
                self.problems.add_value(f"there is no node {quoted(name)}", "watch", hint=hint)

    def input(self, name: str, value: Value) -> float:
        """Compute an input, which is made of numbers alone."""
        expression = written(value)
        for used in expression.names():
            if used.name in self.names:
                kind = "another input" if used.name in self.inputs else "a node"
                message = f"{used.name} is {kind if used.name != name else 'this input itself'}"
                hint = f"an input is made of numbers alone; what is computed from {used.name} is a node"
                raise ExpressionError(message, expression.text, used.position, used.length, hint)
        return constant(expression)

    def _expression(self, name: str, value: Value) -> Expression:
        expression = written(value)
        for used in expression.unknown_names(self.names):
            with self.problems.kept("graph", name):
                raise expression.unknown(
                    used, (other for other in self.names if other not in {name, *self.problems.misnamed})
                )
        if not isinstance(value, str):
            constant(expression)
        match expression.items:
            case (NameUse(other),) if other in self.names and other != name:
                message = f"this is only another name for {other}"
                hint = f'an operation is missing, such as "2*{other}"'
                raise DefinitionError(message, ("graph", name), hint)
            case _:
                return expression

    def _record(self, name: str, expression: Expression) -> int:
        match expression.items:
            case (Literal(value),):
                return self.tape.leaf(value, Leaf.CONSTANT, name)
            case (NameUse(other),):
                return self.tape.leaf(CONSTANTS[other], Leaf.CONSTANT, name, written=other)
            case _:
                return expression.record(self.tape, self.nodes, name)

    def _refuse_unused(self, expressions: Mapping[str, Expression]) -> None:
        def uses(name: str) -> list[str]:
            return [used.name for used in expressions[name].names()] if name in expressions else []

        reached = leading_to(self.output, uses)
        for name in self.watch:
            watched = leading_to(name, uses)
            if self.output in watched and name != self.output:
                hint = f"the walk ends with the output; make {name} the output, and watch {self.output}"
                self.problems.add_value(f"{name} is computed from the output, {self.output}", "watch", hint=hint)
            reached |= watched
        for name in expressions:
            if name not in reached:
                hint = f"the output is {self.output}; remove {name}, use it on the way there, or add it to watch"
                self.problems.add("nothing uses this", "graph", name, hint=hint)


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


class _NamedSteps:
    """The steps of a walk that notes and exercises speak of."""

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
        """Check that the walk answers each exercise, and that an answer which is stated is a number."""
        for place, exercise in enumerate(exercises):
            with self.problems.kept("exercise", str(place), "answer"):
                self._check_answer(exercise)
            keys = ("exercise", str(place), "ask")
            with self.problems.kept(*keys):
                asked = StepName.read(normal(exercise.ask))
                node = self._node(asked.label if asked.of else str(asked), *keys)
                output = self.graph.label(self.graph.output)
                if asked.of and asked.of != output:
                    message = "an exercise asks for a derivative of the output"
                    raise DefinitionError(message, keys, f"the output is {output}")
                if asked.of and node != self.graph.output:
                    self._refuse_constant(asked.label, node, keys)
                    if not self.graph.carries_gradient[node]:
                        raise DefinitionError(f"{output} does not use {asked.label}, which is only watched", keys)

    def _check_answer(self, exercise: Exercise) -> None:
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
