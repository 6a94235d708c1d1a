"""`Question`: a number of a walk as a task: how it is asked, what helps, and how an answer is judged."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from decimal import Decimal

from ..walk.local import Locals
from ..walk.step import Factor, Step
from ..walk.trace import Trace
from .answer import Answer, is_right, read_answer
from .asked import Asked
from .asking import read_asked
from .corners import corner_verdict
from .diagnosis import diagnose
from .elsewhere import are_remains, in_many_digits, remark, rounding_noise
from .scope import Scope
from .skills import rule_words, skills_of
from .task import TaskKind
from .verdict import Finding, Verdict

NO_FINDING = "That is not it, and none of the mistakes known here gives this number."
"""What is said where nothing explains a wrong answer: nobody is accused of anything."""


MOST_EXPLANATIONS = 3
"""Where more explanations fit, the best ones are said."""


class Question(Asked):
    """A number of a walk that is asked for; see `Asked` for what its parts are."""

    @classmethod
    def read(cls, trace: Trace, ask: str) -> Question:
        """Read what is asked for: `f` is a value, `∂f/∂a` of the output f a whole gradient, other `∂s/∂l` are local.

        A derivative may be spelt with d. Raises GradwalkError where the walk has no such number.
        """
        asked = read_asked(trace, ask)
        return cls(trace, asked.kind, asked.step, asked.leaf)

    @property
    def ask(self) -> str:
        """What is asked for, as it is written: `s`, `∂r/∂s`, `∂f/∂a`, or `∂f/∂r · ∂r/∂s` for a contribution."""
        graph, node = self.graph, self.node
        if self.kind is TaskKind.VALUE:
            return graph.label(node)
        output = graph.output
        notation = self.trace.numbers.notation
        if self.consumer is not None and self.kind is TaskKind.LOCAL_DERIVATIVE:
            return Locals(self.trace.numbers).name(self.consumer, node)
        if self.consumer is not None and self.kind is TaskKind.CONTRIBUTION:
            upstream = notation.derivative(graph.label(output), graph.label(self.consumer))
            return upstream + notation.times + Locals(self.trace.numbers).name(self.consumer, node)
        return notation.derivative(graph.label(output), graph.label(node))

    @property
    def prompt(self) -> str:
        """The question, as a sentence."""
        name = self.graph.label(self.node)
        if self.consumer is None:
            return f"What is the value of {name}?" if self.kind is TaskKind.VALUE else f"What is {self.ask}?"
        consumer = self.graph.label(self.consumer)
        gradient = self.trace.numbers.notation.derivative(self.graph.label(self.graph.output), name)
        if self.kind is TaskKind.LOCAL_DERIVATIVE:
            return f"What is {self.ask}, the local derivative of {consumer} by {self._operand()}?"
        if self.kind is TaskKind.CONTRIBUTION:
            place = self._operand() if self._places() > 1 else name
            return f"What does {consumer} contribute to {gradient}{f', through {place}' if place != name else ''}?"
        number, count = self.contribution_number, self.contribution_count
        if count == 1:
            return f"What is {gradient}?"
        if number == count:
            return f"What is {gradient}, its {count} contributions added up?"
        return f"What is {gradient} after {number} of its {count} contributions?"

    @property
    def skills(self) -> tuple[str, ...]:
        """The skills that a right answer shows."""
        op = self.graph.op(self.node if self.consumer is None else self.consumer)
        if self.kind is TaskKind.GRADIENT:
            return skills_of(self.kind, contributions=self.contribution_number)
        return () if op is None else skills_of(self.kind, op.name)

    @property
    def hints(self) -> tuple[str, ...]:
        """The name of the rule, the formula with its symbols, the formula with its numbers."""
        return self._hints

    @functools.cached_property
    def _hints(self) -> tuple[str, ...]:
        if self.leaf is not None:
            return self._hints_at_a_leaf()
        step = self._step
        if self.kind is TaskKind.VALUE:
            return (
                self._operation(),
                f"{step.name} = {step.expression}",
                f"{step.name} = {step.substituted.left}",
            )
        if step.factor is None:
            return ("The walk back begins with the seed.", f"{self.ask} says how the output changes with itself.")
        return self._backward_hints(step, step.factor)

    @property
    def solution(self) -> str:
        """The right answer: in closed form where it has one, and as a decimal."""
        return self._solution

    @functools.cached_property
    def _solution(self) -> str:
        return solution_text(self)

    def judge(self, answer: str) -> Verdict:
        """Judge an answer; ExpressionError, which says where, for one that cannot be read."""
        return self.judged(self.read_answer(answer))

    def read_answer(self, answer: str) -> Answer:
        """Read an answer; ExpressionError, which says where, for one that cannot be read."""
        scope = Scope(self)
        return read_answer(answer, scope, scope.value_of)

    def judged(self, answer: Answer) -> Verdict:
        """Judge an answer that has been read."""
        if self.accepts(answer):
            return Verdict(answer.text, answer.value, True, f"Right: {self.solution}.", remark=remark(self, answer))
        at_corner = corner_verdict(self, answer)
        if at_corner is not None:
            return at_corner
        if not self.exists:
            sentence = "That is not it. Does every number exist that it hangs on?"
            return Verdict(answer.text, answer.value, False, sentence)
        if answer.value is None:
            return Verdict(answer.text, None, False, "That is not it: there is such a number here.")
        return wrong(answer, self.findings(answer))

    def accepts(self, answer: Answer) -> bool:
        """Say whether an answer is the right number."""
        if not self.exists or answer.value is None:
            return answer.says_none and not self.exists
        if is_right(answer, self.exact) or is_right(answer, self.exact, self.noise):
            return True
        expected, given = in_many_digits(self, answer)
        if expected is None:
            return False
        if is_right(answer, expected, value=given):
            return True
        is_made_of_rounding = answer.typed is None and abs(self.right) <= self.noise
        return is_made_of_rounding and given is not None and are_remains(expected, given)

    @functools.cached_property
    def exact(self) -> Decimal:
        """The right answer, of its closed form where it has one."""
        return Decimal(self.right) if self.closed is None else self.closed.number()

    @functools.cached_property
    def noise(self) -> float:
        """How far rounding may have taken the walk's number from what mathematics has."""
        return rounding_noise(self)

    def findings(self, answer: Answer) -> tuple[Finding, ...]:
        """Return what explains a wrong number, best first."""
        return () if answer.value is None else diagnose(self, answer.value, answer.unit)

    # ---- words

    @functools.cached_property
    def _step(self) -> Step:
        return self.trace.step(self.step)

    def _places(self) -> int:
        """Count the places at which the consumer has the node as its operand."""
        return 0 if self.consumer is None else int((self.graph.operands_of(self.consumer) == self.node).sum())

    def _operand(self) -> str:
        """Name the operand of an edge; of x·x it is the first x or the second."""
        name = self.graph.label(self.node)
        return name if self._places() < 2 else f"its operand {self.key.position + 1}, {name}, the others held fixed"

    def _operation(self) -> str:
        """Name the operation of the node, and its operands."""
        op, operands = self.graph.op(self.node), self._operand_names()
        assert op is not None, "what is computed has an operation"
        are = "operand is" if len(operands) == 1 else "operands are"
        return f"The operation is {rule_words(op.name)}; its {are} {', '.join(operands)}."

    def _operand_names(self) -> list[str]:
        labels = [self.graph.label(operand) for operand in self.graph.operands_of(self.node)[:6].tolist()]
        return [*labels, "…"] if len(self.graph.operands_of(self.node)) > len(labels) else labels

    def _hints_at_a_leaf(self) -> tuple[str, ...]:
        name = self.graph.label(self.node)
        if self.kind is TaskKind.VALUE:
            return (f"{name} is given: nothing computes it.",)
        return (f"Nothing on the way to {self.graph.label(self.graph.output)} uses {name}.",)

    def _backward_hints(self, step: Step, factor: Factor) -> tuple[str, ...]:
        rule = self.graph.op(factor.consumer)
        assert rule is not None, "a consumer is an operation"
        local = f"{factor.local_name} = {factor.local_formula}"
        if self.kind is TaskKind.LOCAL_DERIVATIVE:
            numbers = f"{factor.local_name} = {factor.local_substituted.left}"
            return (f"{factor.consumer_name} = {factor.consumer_expression}: use {rule.rule_name}.", local, numbers)
        chain = "The chain rule: the upstream gradient times the local derivative."
        if self.kind is TaskKind.CONTRIBUTION or factor.contribution_count == 1:
            return (chain, f"{step.expression}, and {local}", f"{factor.product.left}")
        added = f"Contributions add up; this is number {factor.contribution_number} of {factor.contribution_count}."
        return (added, f"the sum before, += {step.expression}", factor.accumulation.left)


def solution_text(asked: Asked) -> str:
    """Write the right answer: in closed form where it has a short one, and as a decimal: `-1/9 = -0.1111`."""
    from ..rules.number_text import format_number

    numbers = asked.trace.numbers
    if not asked.exists:
        return "undefined"
    decimal = numbers.notation.number(format_number(asked.right))
    exact = numbers.exact_value(asked.closed, asked.right)
    parts = [decimal]
    if exact is not None:
        parts = [f"{exact.form} = {decimal}" if exact.relation == "=" else f"{decimal}, exactly {exact.form}"]
    if asked.kind is TaskKind.LOCAL_DERIVATIVE and asked.consumer is not None:
        formula = Locals(numbers).formula(asked.consumer, asked.key.position)
        if formula not in (decimal, exact.form if exact else ""):
            parts.insert(0, formula)
    return " = ".join(parts)


def wrong(answer: Answer, findings: tuple[Finding, ...]) -> Verdict:
    """Make the verdict of a wrong answer, explained where it can be."""
    return Verdict(answer.text, answer.value, False, _explained(findings), findings)


def _explained(findings: Sequence[Finding]) -> str:
    """Say what explains a wrong answer; the best explanations where there are many."""
    sentences = [finding.sentence for finding in findings[:MOST_EXPLANATIONS]]
    if len(sentences) < 2:
        return sentences[0] if sentences else NO_FINDING
    more = len(findings) - len(sentences)
    last = f" Or something else: {more} more explanation{'s fit' if more > 1 else ' fits'}." if more else ""
    return f"More than one mistake gives this number. {' Or: '.join(sentences)}{last}"
