"""`EquationTask`: give the equation of a graph: a node in terms of others, judged at random points."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..checking.equivalence import Agreement, compare
from ..checking.precise_walk import PreciseWalk, computed, constant_named
from ..errors import ExpressionError, GradwalkError, listing, quoted, shortened
from ..graph.graph import Graph, Leaf
from ..language.by_hand import parse_by_hand
from ..language.equation_name import EquationName
from ..language.expression import Expression, NameUse
from ..language.names import CONSTANTS, normal
from ..rules.formula import Formula
from ..rules.notation import INDEX
from ..rules.precise import Precise
from ..walk.trace import Trace
from .elsewhere import point_text
from .scope import find_node
from .skills import skills_of
from .task import TaskKind
from .verdict import Verdict

MOST_NODES = 200
"""The equation of more nodes than these is not asked for: nobody writes it down."""

_LONGEST_SOLUTION = 200

_SAMPLES = re.compile(rf"[^\W\d]\w*{INDEX}")


@dataclass(frozen=True)
class EquationTask:
    """A node that is to be written in terms of other nodes, such as f in terms of a, b and c.

    It hangs on `given` alone: on its way from any other input there is one of them. An answer is right where it is
    the same function of them, in whatever form.
    """

    trace: Trace
    node: int
    given: tuple[int, ...]

    @classmethod
    def of(cls, trace: Trace, node: int, given: Sequence[int] = ()) -> EquationTask:
        """Ask for a node in terms of those given, or of all inputs that it hangs on.

        Raises GradwalkError where it hangs on something else, on too much, or is one of them.
        """
        graph = trace.graph
        label = graph.label(node)
        if node < graph.leaf_count:
            raise GradwalkError(f"{label} has no equation: it is given")
        behind = _behind(graph, node, frozenset(given))
        leaves = [each for each in behind if each < graph.leaf_count and graph.codes[each] != Leaf.CONSTANT]
        if node in given:
            raise GradwalkError(f"{label} cannot be asked for in terms of itself")
        if given and (missing := [each for each in leaves if each not in given]):
            names = listing(graph.label(each) for each in missing)
            raise GradwalkError(
                f"{label} hangs on {names} as well; name it too, or what is computed from it on the way"
            )
        return cls(trace, node, tuple(given) or tuple(leaves))

    @classmethod
    def read(cls, trace: Trace, ask: str) -> EquationTask | None:
        """Read `f(a, b, c)`; None where it is something else. Raises GradwalkError as `of` does."""
        name = EquationName.read(normal(ask))
        if name is None:
            return None
        graph = trace.graph
        return cls.of(trace, find_node(graph, name.node), [find_node(graph, given) for given in name.given])

    @property
    def ask(self) -> str:
        """What is asked for: `f(a, b, c)`."""
        return f"{self._label}({', '.join(self._names)})"

    @property
    def prompt(self) -> str:
        """The question, as a sentence."""
        names = self._names
        last = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
        return f"What is the equation of {self._label}, in terms of {last}?"

    @property
    def kind(self) -> TaskKind:
        """An equation."""
        return TaskKind.EQUATION

    @property
    def skills(self) -> tuple[str, ...]:
        """The skills that a right answer shows."""
        return skills_of(self.kind)

    @property
    def hints(self) -> tuple[str, ...]:
        """How it is done, the last operation, and that with the operations before it put in."""
        graph, notation = self.trace.graph, self.trace.numbers.notation
        once = graph.formula(self.node, lambda node: self._put_in(node, 1))
        hints = (
            f"Begin at {self._label}, and put what each node is computed from in its place.",
            f"{self._label} = {graph.expression(self.node, notation)}",
            f"{self._label} = {notation.formula(once)}",
        )
        return tuple(dict.fromkeys(hints))

    @property
    def solution(self) -> str:
        """The equation as the graph has it."""
        graph = self.trace.graph
        whole = graph.formula(self.node, lambda node: self._put_in(node, MOST_NODES))
        return shortened(self.trace.numbers.notation.formula(whole), _LONGEST_SOLUTION)

    def judge(self, answer: str) -> Verdict:
        """Judge an equation; ExpressionError, which says where, for one that cannot be read."""
        names = {self.trace.graph.label(node): node for node in self.given}
        text = _without_left_side(answer, self._label)
        written = parse_by_hand(text, {*names, *_SAMPLES.findall(text)})  # of any sample, to say what it is
        for used in written.expression.names():
            if used.name not in names and used.name not in CONSTANTS:
                raise self._unknown(used, written.expression)

        def both(point: Mapping[str, Precise]) -> tuple[Precise | None, Precise | None]:
            walk = PreciseWalk(self.trace.graph, {names[name]: value for name, value in point.items()})
            expected = walk.value(self.node)
            if expected is None:
                return None, None
            return expected, computed(written.expression, lambda used: _named(used.name, point))

        here = {name: self.trace.values.item(node) for name, node in names.items()}
        comparison = compare(both, here, rounding=written.rounding)
        if comparison.agreement is Agreement.SAME:
            remark = ""
            if comparison.missing_at is not None:
                remark = f"{self._label} has a value at {point_text(comparison.missing_at)}, and this has none there."
            return Verdict(answer, None, True, "Right: the same at every point that was tried.", remark=remark)
        if comparison.differs_at is not None:
            sentence = (
                f"That is another function: it differs from {self._label} at {point_text(comparison.differs_at)}."
            )
            return Verdict(answer, None, False, sentence)
        raise ExpressionError(
            f"whether this is {self._label} cannot be told", text, 0, len(text), "no points were found where both exist"
        )

    @property
    def _label(self) -> str:
        return self.trace.graph.label(self.node)

    @property
    def _names(self) -> list[str]:
        return [self.trace.graph.label(node) for node in self.given]

    def _put_in(self, node: int, depth: int) -> Formula:
        graph = self.trace.graph
        if not depth or node in self.given or node < graph.leaf_count:
            return graph.operand(node)
        return graph.formula(node, lambda operand: self._put_in(operand, depth - 1))

    def _unknown(self, used: NameUse, expression: Expression) -> ExpressionError:
        graph = self.trace.graph
        try:
            graph.find(used.name)
        except KeyError:
            return expression.unknown(used, self._names)
        message = f"{quoted(used.name)} is not one of the names to write it in"
        hint = f"what is asked for is {self.ask}: put in what {used.name} is computed from"
        return ExpressionError(message, expression.text, used.position, used.length, hint)


def _named(name: str, point: Mapping[str, Precise]) -> Precise | None:
    return point[name] if name in point else constant_named(name)


def _without_left_side(answer: str, label: str) -> str:
    """Return an equation without the `f =` that it may begin with."""
    left, equals, right = answer.partition("=")
    return right if equals and normal(left.strip()).partition("(")[0].strip() == label else answer


def _behind(graph: Graph, node: int, given: frozenset[int]) -> list[int]:
    """Return a node and what it is computed from, up to the nodes given; GradwalkError where these are too many."""
    found, todo = {node}, [node]
    while todo:
        each = todo.pop()
        new = set(graph.operands_of(each).tolist()) - found if each not in given or each == node else set[int]()
        found |= new
        todo.extend(new)
        if len(found) > MOST_NODES:
            raise GradwalkError(
                f"{graph.label(node)} is computed from more than {MOST_NODES} nodes, too many to write down"
            )
    return sorted(found)
