"""`Definition`: what a function is made of, as somebody wrote it, apart from the file that it was written in.

A definition can be shown, changed and saved, since its expressions stay. `build` makes the graph; its errors name what
they are about, and whoever knows where that stands adds the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated

from msgspec import Meta

from .errors import DefinitionError, ExpressionError, Problems, did_you_mean, listing, quoted
from .exercise import Exercise
from .graph.graph import Graph, Leaf
from .graph.tape import Tape
from .language.dependencies import constant, leading_to, topological_order, written
from .language.expression import Expression, Literal, NameUse
from .language.names import CONSTANTS, name_problem, normal, refuse_doubles, with_normal_names
from .named_steps import NamedSteps

Value = float | str
"""What stands for a name: a number, or an expression."""

NumberOrExpression = Annotated[float | str, Meta(description="A number, or an expression in quotes.")]
"""A `Value` in a file, as its schema describes it."""


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
    ("output",), ("watch",), ("notes", key) or ("exercise", place, "ask", "answer" or "hash").
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
        notes = NamedSteps(graph, problems).notes(self.notes)
        NamedSteps(graph, problems).check_exercises(self.exercises)
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
