"""`Scenario`: a lesson that can be walked, from a file, from the library, or from an expression."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from .. import scenarios
from .errors import CycleError, ExpressionError, GradwalkError, ScenarioError, did_you_mean
from .expression import CONSTANTS, NAME, Expression, Name, Number, parse
from .graph import Graph, Leaf, Tape
from .scenario_file import Exercise, ScenarioFile, validate
from .source import Source

MAX_FILE_SIZE = 1_000_000
"""The largest scenario file that is read, in bytes."""

_DERIVATIVE = re.compile(rf"[∂d](?P<of>{NAME.pattern})/[∂d](?P<by>{NAME.pattern})")


@dataclass(frozen=True)
class Scenario:
    """A scenario that has been read: its words, its graph, and the notes for its walk."""

    name: str
    title: str
    summary: str
    intro: str
    graph: Graph
    notes: Mapping[str, str]
    exercises: tuple[Exercise, ...] = ()
    order: int = 0


def built_in_names() -> list[str]:
    """Return the names of the scenarios that come with gradwalk."""
    return sorted(Path(file.name).stem for file in resources.files(scenarios).iterdir() if file.name.endswith(".toml"))


def library() -> list[Scenario]:
    """Read every built-in scenario, in the order the library shows them."""
    return sorted(map(load, built_in_names()), key=lambda scenario: (scenario.order, scenario.name))


def load(name: str) -> Scenario:
    """Open a built-in scenario by its name, or a scenario file by its path.

    Raises ScenarioError when there is none or it cannot be read.
    """
    if name in built_in_names():
        return read(f"{name}.toml", (resources.files(scenarios) / f"{name}.toml").read_bytes())
    path = Path(name)
    try:
        if path.suffix != ".toml" and len(path.parts) == 1 and not path.exists():
            known = built_in_names()
            hint = did_you_mean(name, known, f"built in are {', '.join(known)}; a file of your own ends in .toml")
            raise ScenarioError("there is no such scenario", name, hint=hint)
        size = path.stat().st_size
        if size > MAX_FILE_SIZE and path.is_file():
            limit = f"a scenario file has at most {MAX_FILE_SIZE / 1e6:g} MB"
            raise ScenarioError(f"the file has {size / 1e6:.1f} MB", name, hint=limit)
        if not path.is_file() and not path.is_dir():
            raise ScenarioError("this is not a regular file", name)
        return read(name, path.read_bytes())
    except FileNotFoundError:
        raise ScenarioError("there is no such file", name) from None
    except IsADirectoryError:
        raise ScenarioError("this is a directory, not a scenario file", name) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ScenarioError(f"the file cannot be read: {reason}", name) from None


def read(path: str, content: bytes) -> Scenario:
    """Read the content of a scenario file; `path` is what errors call it. Raises ScenarioError."""
    source = Source.decode(path, content)
    return _Builder(source, validate(source)).scenario()


def from_expression(text: str, values: Mapping[str, str]) -> Scenario:
    """Make a scenario of one expression; `values` maps each of its names to a number or constant expression.

    Raises ExpressionError when an expression cannot be read or a name has no value, and GradwalkError when
    a value is superfluous or not a finite number.
    """
    expression = parse(text)
    used = {name.name for name in expression.names()}
    tape = Tape()
    nodes: dict[str, int] = {}
    for name, value in values.items():
        if not NAME.fullmatch(name):
            raise GradwalkError(f'"{name}" is not a name; write values as x=2')
        if name not in used:
            raise GradwalkError(f"nothing in the expression uses {name}={value}")
        nodes[name] = tape.leaf(_finite(parse(value)), Leaf.INPUT, name)
    for name in expression.names():
        if name.name not in nodes and name.name not in CONSTANTS:
            hint = f"put it after the expression: {name.name}=2"
            raise ExpressionError(f'"{name.name}" has no value', text, name.position, len(name.name), hint)
    output = next(label for label in ("f", "y", "out", "result", "f_") if label not in used)
    graph = tape.graph(expression.record(tape, nodes, output))
    return Scenario("try", text, "", "", graph, {})


def _finite(expression: Expression) -> float:
    """Compute a constant expression; ExpressionError where it is not a finite number."""
    number = expression.compute()
    if not math.isfinite(number):
        reason = "is not defined" if math.isnan(number) else "is too large for a 64-bit float, or divides by zero"
        raise ExpressionError(f"this value {reason}", expression.text, 0, len(expression.text))
    return number


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
        for name in self._topological_order(expressions):
            self.nodes[name] = self._record(name, expressions[name])
        self._refuse_unused(expressions, output)
        graph = self.tape.graph(self.nodes[output])
        labels = {graph.label(node): node for node in range(len(graph))}
        return Scenario(
            Path(self.source.path).stem,
            file.title,
            file.summary,
            file.intro,
            graph,
            notes={self._note_key(key, graph, labels): note for key, note in file.notes.items()},
            exercises=tuple(self._exercise(i, exercise, labels, output) for i, exercise in enumerate(file.exercise)),
            order=file.order,
        )

    def _output_name(self) -> str:
        output, graph = self.file.output, self.file.graph
        if output and output not in graph:
            hint = f"{output} is an input" if output in self.file.inputs else did_you_mean(output, graph)
            raise self.source.error(f'the output "{output}" is not defined in [graph]', "output", hint=hint)
        return output or list(graph)[-1]

    def _input(self, name: str, value: float | str) -> float:
        try:
            return _finite(parse(value) if isinstance(value, str) else Expression(f"{value}", (Number(value),)))
        except ExpressionError as error:
            raise self.source.expression_error(error, "inputs", name) from None

    def _expression(self, name: str, value: float | str) -> Expression:
        try:
            expression = parse(value) if isinstance(value, str) else Expression(f"{value}", (Number(value),))
            for used in expression.names():
                if (
                    used.name not in self.file.inputs
                    and used.name not in self.file.graph
                    and used.name not in CONSTANTS
                ):
                    raise expression.unknown(used, [*self.file.inputs, *self.file.graph])
        except ExpressionError as error:
            raise self.source.expression_error(error, "graph", name) from None
        return expression

    def _record(self, name: str, expression: Expression) -> int:
        match expression.items:
            case (Number(value),):
                return self.tape.leaf(value, Leaf.CONSTANT, name)
            case (Name(other),):
                message = f"this is only another name for {other}"
                raise self.source.error(message, "graph", name, hint=f'an operation is missing, such as "2*{other}"')
            case _:
                return expression.record(self.tape, self.nodes, name)

    def _topological_order(self, expressions: Mapping[str, Expression]) -> Iterator[str]:
        """Yield the graph's names as the file has them, but every name after those it uses."""
        done: set[str] = set()
        for first in expressions:
            path: dict[str, Iterator[Name]] = {first: expressions[first].names()}
            while path:
                name, uses = next(reversed(path.items()))
                following = next((use.name for use in uses if use.name in expressions and use.name not in done), None)
                if following is None:
                    del path[name]
                    if name not in done:
                        done.add(name)
                        yield name
                elif following in path:
                    cycle = list(path)[list(path).index(following) :]
                    raise self.source.error(str(CycleError([*cycle, following])), "graph", following)
                else:
                    path[following] = expressions[following].names()

    def _refuse_unused(self, expressions: Mapping[str, Expression], output: str) -> None:
        reached, todo = {output}, [output]
        while todo:
            for use in expressions[todo.pop()].names():
                if use.name in expressions and use.name not in reached:
                    todo.append(use.name)
                reached.add(use.name)
        for table, names in (("inputs", self.file.inputs), ("graph", expressions)):
            for name in names:
                if name not in reached:
                    hint = f"the output is {output}; remove {name}, or use it on the way to {output}"
                    raise self.source.error("nothing uses this", table, name, hint=hint)

    def _note_key(self, key: str, graph: Graph, labels: Mapping[str, int]) -> str:
        match = _DERIVATIVE.fullmatch(key)
        if match is None:
            if key not in labels:
                hint = did_you_mean(key, labels, f"nodes are {', '.join(labels)}")
                raise self.source.error("there is no such node", "notes", key, hint=hint)
            return key
        of, by = match["of"], match["by"]
        seed = of == by == graph.label(graph.output)
        for label in (of, by):
            if label not in labels:
                raise self.source.error(f"there is no node {label}", "notes", key, hint=did_you_mean(label, labels))
        if not seed and labels[by] not in graph.operands_of(labels[of]):
            operands = ", ".join(graph.label(k) for k in graph.operands_of(labels[of]).tolist())
            hint = f"a note stands at a local derivative; {of} has the operands {operands}"
            raise self.source.error(f"{by} is not an operand of {of}", "notes", key, hint=hint)
        return f"∂{of}/∂{by}"

    def _exercise(self, index: int, exercise: Exercise, labels: Mapping[str, int], output: str) -> Exercise:
        match = _DERIVATIVE.fullmatch(exercise.ask)
        asked = [match["of"], match["by"]] if match else [exercise.ask]
        for label in asked:
            if label not in labels:
                hint = did_you_mean(label, labels, 'ask for a node, or for a derivative such as "∂f/∂a"')
                raise self.source.error(f'there is no node "{label}"', "exercise", str(index), "ask", hint=hint)
        if match and match["of"] != output:
            hint = f"the output is {output}"
            raise self.source.error(
                "an exercise asks for a derivative of the output", "exercise", str(index), "ask", hint=hint
            )
        return exercise
