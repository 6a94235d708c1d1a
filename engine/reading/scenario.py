"""Scenario files: the content of one, read as what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from ..errors import CycleError, ExpressionError, ScenarioError, did_you_mean, listing, quoted
from ..graph.graph import Graph, Leaf
from ..graph.tape import Tape
from ..language.dependencies import leading_to, topological_order, written
from ..language.expression import CONSTANTS, NAME, Expression, Name, Number
from ..scenario import Exercise, Scenario
from .checks import refuse_control_characters
from .scenario_format import ScenarioFile, is_training, validate
from .source import Source
from .values import finite

MAX_FILE_SIZE = 1_000_000
"""The largest scenario file that is read, in bytes."""

_DERIVATIVE = re.compile(rf"[∂d](?P<of>{NAME.pattern})/[∂d](?P<by>{NAME.pattern})")


def read(path: str, content: bytes, folder: Path | Traversable | None = None) -> Scenario:
    """Read the content of a scenario file; `path` is what errors call it. Raises ScenarioError.

    `folder` is where a file of data beside it is looked for. A file with training gives a `TrainingScenario`.
    """
    if len(content) > MAX_FILE_SIZE:
        limit = f"a scenario file has at most {MAX_FILE_SIZE / 1e6:g} MB"
        raise ScenarioError("the file is too large", path, hint=limit)
    source = Source.decode(path, content)
    tables = source.tables()
    refuse_control_characters(source, tables)
    if "graph" in tables and "training" in tables:
        hint = "a function to walk has [inputs] and [graph], a training [data], [loss] and [training]"
        raise source.error("a file has one or the other", "training", hint=hint)
    if is_training(tables):
        from .training import read_training  # late: a graph scenario needs nothing of it

        return read_training(source, tables, folder or Path())
    return _Builder(source, validate(source, tables)).scenario()


class _Builder:
    """Turns a validated file into a scenario; every error points into the source."""

    def __init__(self, source: Source, file: ScenarioFile) -> None:
        self.source = source
        self.file = file
        self.tape = Tape()
        self.nodes: dict[str, int] = {}

    def scenario(self) -> Scenario:
        file = self.file
        output = self._output_name()
        for name, value in file.inputs.items():
            self.nodes[name] = self.tape.leaf(self._input(name, value), Leaf.INPUT, name)
        expressions = {name: self._expression(name, value) for name, value in file.graph.items()}
        try:
            for name in topological_order(expressions):
                self.nodes[name] = self._record(name, expressions[name])
        except CycleError as error:
            raise self.source.error(str(error), "graph", error.cycle[0]) from None
        self._refuse_unused(expressions, output)
        graph = self.tape.graph(self.nodes[output])
        walk = _Walk(self.source, graph)
        return Scenario(
            Path(self.source.path).stem,
            file.title,
            file.summary,
            file.intro,
            graph,
            notes=walk.notes(file.notes),
            exercises=tuple(walk.exercise(index, exercise) for index, exercise in enumerate(file.exercise)),
            order=file.order,
        )

    def _output_name(self) -> str:
        output, graph = self.file.output, self.file.graph
        if output and output not in graph:
            hint = did_you_mean(output, graph, f"nodes are {listing(graph)}")
            hint = f"{output} is an input; the result is computed in [graph]" if output in self.file.inputs else hint
            raise self.source.error(f"the output {quoted(output)} is not defined in [graph]", "output", hint=hint)
        return output or list(graph)[-1]

    def _input(self, name: str, value: float | str) -> float:
        try:
            expression = written(value)
            for used in expression.names():
                if used.name in self.file.inputs or used.name in self.file.graph:
                    hint = f"an input stands on its own; move {name} to [graph] to compute it"
                    message = f"{used.name} is defined in this file"
                    raise ExpressionError(message, expression.text, used.position, len(used.name), hint)
            return finite(expression)
        except ExpressionError as error:
            raise self.source.expression_error(error, "inputs", name) from None

    def _expression(self, name: str, value: float | str) -> Expression:
        try:
            expression = written(value)
            for used in expression.names():
                if not self._known(used.name):
                    others = [other for other in (*self.file.inputs, *self.file.graph) if other != name]
                    raise expression.unknown(used, others)
            if not isinstance(value, str):
                finite(expression)
        except ExpressionError as error:
            raise self.source.expression_error(error, "graph", name) from None
        return expression

    def _known(self, name: str) -> bool:
        return name in self.file.inputs or name in self.file.graph or name in CONSTANTS

    def _record(self, name: str, expression: Expression) -> int:
        match expression.items:
            case (Number(value),):
                return self.tape.leaf(value, Leaf.CONSTANT, name)
            case (Name(other),) if other not in self.nodes:
                return self.tape.leaf(CONSTANTS[other], Leaf.CONSTANT, name)
            case (Name(other),):
                message = f"this is only another name for {other}"
                raise self.source.error(message, "graph", name, hint=f'an operation is missing, such as "2*{other}"')
            case _:
                return expression.record(self.tape, self.nodes, name)

    def _refuse_unused(self, expressions: Mapping[str, Expression], output: str) -> None:
        reached = leading_to(
            output, lambda name: (use.name for use in expressions[name].names()) if name in expressions else ()
        )
        for table, names in (("inputs", self.file.inputs), ("graph", expressions)):
            for name in names:
                if name not in reached:
                    hint = f"the output is {output}; remove {name}, or use it on the way to {output}"
                    raise self.source.error("nothing uses this", table, name, hint=hint)


class _Walk:
    """The steps that a scenario's notes and exercises speak of; every error points into the source."""

    def __init__(self, source: Source, graph: Graph) -> None:
        self.source = source
        self.graph = graph
        self.output = graph.label(graph.output)
        self.labels = {graph.label(node): node for node in range(len(graph))}

    def notes(self, written: Mapping[str, str]) -> dict[str, str]:
        """Return the notes by the step they stand at, a derivative spelt with ∂."""
        notes: dict[str, str] = {}
        for key, note in written.items():
            step = key
            if match := _DERIVATIVE.fullmatch(key):
                step = f"∂{match['of']}/∂{match['by']}"
                self._check_factor(match["of"], match["by"], key)
            elif self._is_constant(self._node(key, "notes", key)):
                raise self.source.error("a constant has no step in the walk", "notes", key)
            if step in notes:
                raise self.source.error("this step has a note already", "notes", key)
            notes[step] = note
        return notes

    def exercise(self, index: int, exercise: Exercise) -> Exercise:
        """Check that the walk answers an exercise."""
        keys = ("exercise", str(index), "ask")
        match = _DERIVATIVE.fullmatch(exercise.ask)
        node = self._node(match["by"] if match else exercise.ask, *keys)
        if match and match["of"] != self.output:
            hint = f"the output is {self.output}"
            raise self.source.error("an exercise asks for a derivative of the output", *keys, hint=hint)
        if match and not self.graph.carries_gradient[node]:
            raise self.source.error(f"{match['by']} is a constant: there is no derivative by it", *keys)
        return exercise

    def _check_factor(self, of: str, by: str, key: str) -> None:
        """Refuse a note at a derivative that is neither a local one nor the seed."""
        consumer, operand = self._node(of, "notes", key), self._node(by, "notes", key)
        if of == by == self.output:
            return
        operands = self.graph.operands_of(consumer).tolist()
        if operand not in operands:
            labels = listing(self.graph.label(k) for k in operands)
            hint = f"a note stands at a local derivative; the operands of {of} are {labels}"
            if not operands:
                hint = f"a note stands at a local derivative; {of} is no operation"
            raise self.source.error(f"{by} is not an operand of {of}", "notes", key, hint=hint)
        if not self.graph.carries_gradient[operand]:
            raise self.source.error(f"{by} is a constant: there is no derivative by it", "notes", key)

    def _node(self, label: str, *keys: str) -> int:
        if label not in self.labels:
            hint = did_you_mean(label, self.labels, f"nodes are {listing(self.labels)}")
            raise self.source.error(f"there is no node {quoted(label)}", *keys, hint=hint)
        return self.labels[label]

    def _is_constant(self, node: int) -> bool:
        return node < self.graph.leaf_count and not self.graph.carries_gradient[node]
