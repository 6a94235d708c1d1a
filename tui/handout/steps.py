"""A step of a walk in a handout: as it is, or with a blank for each number that it finds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...engine.rules.number_text import format_number
from ...engine.walk.equation import Equation
from ...engine.walk.exact_value import ExactValue
from ...engine.walk.phase import Phase
from ...engine.walk.step import Factor, Step
from ...engine.walk.trace import Trace
from ...engine.walk.update import Update
from ..words.reasons import corner_words, undefined_words
from .blocks import Blank, Block, Heading, Math, Paragraph, Part, Row, Rows


class StepBlocks:
    """Writes the steps of a walk, in the walk's notation, numbers with so many significant `digits`, 0 for reading."""

    def __init__(self, trace: Trace, digits: int = 0) -> None:
        self._trace = trace
        self._digits = digits
        self._notation = trace.numbers.notation

    def step(self, number: int, *, blanks: bool = False) -> Iterator[Block]:
        """Write a step, with its note; with `blanks` without the numbers that it finds, and without what says them."""
        step = self._trace.step(number, self._digits)
        yield Heading(3, (f"Step {number}: ", *self._title(step)))
        yield Rows(tuple(self._blank_rows(step) if blanks else self._rows(step)))
        if blanks:
            return
        if step.undefined:
            yield Paragraph((undefined_words(step),))
        if step.note:
            yield from (Paragraph((" ".join(text.split()),), is_note=True) for text in step.note.split("\n\n"))

    def derivative(self, of: str, by: str) -> str:
        """Write a derivative of one node by another."""
        return self._notation.derivative(self._notation.label(of), self._notation.label(by))

    def given(self, leaf: int) -> tuple[Part, ...]:
        """Write a leaf and its value, with a ≈ where that has more digits than are shown."""
        value, numbers = self._trace.values.item(leaf), self._trace.numbers
        exact = numbers.exact_value(numbers.closed.value(leaf), value, self._digits)
        shown = format_number(value, self._digits)
        relation = self._notation.relation("=" if exact or float(shown) == value else "≈")
        label = self._notation.label(self._trace.graph.label(leaf))
        return self._with_exact(f"{label}{relation}{self._notation.number(shown)}", exact)

    def operation(self, node: int) -> Row:
        """Write a node and what it is computed from."""
        graph, notation = self._trace.graph, self._notation
        return Row(
            "", (Math(f"{notation.label(graph.label(node))}{notation.equals}{graph.expression(node, notation)}"),)
        )

    def results(self) -> Iterator[Row]:
        """Write what the walk finds: the value of the output, and its gradient by each leaf that carries one."""
        numbers, graph = self._trace.numbers, self._trace.graph
        end, output = self._trace.state(self._trace.total), graph.output
        value = self._trace.values.item(output)
        exact = numbers.exact_value(numbers.closed.value(output), value, self._digits)
        yield self._result(self._notation.label(graph.label(output)), value, end.value_undefined(output), exact)
        for leaf in leaves(self._trace):
            slope = end.gradient(leaf) or 0.0
            exact = numbers.exact_value(numbers.closed.gradient(leaf), slope, self._digits)
            name = self.derivative(graph.label(output), graph.label(leaf))
            yield self._result(name, slope, end.gradient_undefined(leaf), exact)

    def _result(self, name: str, number: float, undefined: bool, exact: ExactValue | None) -> Row:
        text = f"{name}{self._notation.equals}{self._number(number, undefined)}"
        return Row("", self._with_exact(text, None if undefined else exact))

    def _title(self, step: Step) -> tuple[Part, ...]:
        if step.factor:
            return (Math(f"{self._target(step)}{self._notation.adds}{self._chain(step, step.factor)}"),)
        if step.update:
            return "the update of ", Math(self._notation.label(step.name))
        if step.phase is Phase.FORWARD:
            return (Math(f"{self._notation.label(step.name)}{self._notation.equals}{step.expression}"),)
        return "the seed, ", Math(step.expression)

    def _rows(self, step: Step) -> Iterator[Row]:
        if step.factor:
            yield from self._factor_rows(step, step.factor)
        elif step.update:
            yield from self._update_rows(step, step.update)
        elif step.phase is Phase.FORWARD:
            name, put_in = self._notation.label(step.name), step.substituted
            given = [] if put_in.left == step.expression else [put_in.left]
            yield Row("", self._chained([name, *given], put_in))
        else:
            yield Row("", self._chained([step.expression], step.substituted))

    def _factor_rows(self, step: Step, factor: Factor) -> Iterator[Row]:
        notation, product, accumulation = self._notation, factor.product, factor.accumulation
        local = factor.local_substituted
        formulas = list(dict.fromkeys((factor.local_formula, local.left)))
        formulas = [text for text in formulas if text != local.right]
        yield Row("local derivative", self._chained([factor.local_name, *formulas], local))
        if factor.corner:
            kind = "jump" if factor.corner.is_jump else "corner"
            yield Row(kind, (corner_words(factor.corner, step.name, factor.local, self._digits),))
        upstream = self._number(factor.upstream, factor.upstream_undefined)
        known = f"{self._upstream(step, factor)}{notation.equals}{upstream}"
        yield Row("upstream gradient", self._with_exact(known, factor.upstream_exact))
        first = self._number(factor.upstream, factor.upstream_undefined, product.digits)
        second = notation.wrapped(self._number(factor.local, factor.local_undefined, product.digits))
        yield Row("contribution", self._chained([f"{first}{notation.times}{second}"], product))
        summed = self._chained([self._target(step), accumulation.left], accumulation)
        yield Row("accumulated gradient", (*summed, *_which(factor)))

    def _update_rows(self, step: Step, update: Update) -> Iterator[Row]:
        notation, name = self._notation, self._notation.label(step.name)
        gradient = f"{self._target(step)}{notation.equals}{self._number(update.gradient)}"
        yield Row("gradient", (Math(gradient),))
        yield Row("learning rate", (f"η = {self._number(update.rate)}",))
        for symbol, formula, value in update.terms:
            yield Row(symbol, (f"{symbol} = {formula} = {self._number(value)}",))
        yield Row("decrease", (f"{update.formula} = {self._number(update.decrease)}; g is the gradient",))
        yield Row("updated", self._chained([name, step.substituted.left], step.substituted))

    def _blank_rows(self, step: Step) -> Iterator[Row]:
        equals, factor = self._notation.equals, step.factor
        if factor:
            target, upstream = self._target(step), self._upstream(step, factor)
            yield Row("local derivative", (Math(f"{factor.local_name}{equals}"), Blank(), Math(equals), Blank()))
            yield Row("upstream gradient", (Math(f"{upstream}{equals}"), Blank()))
            yield Row("contribution", (Math(f"{self._chain(step, factor)}{equals}"), Blank()))
            yield Row("accumulated gradient", (Math(f"{target}{equals}"), Blank(), *_which(factor)))
        elif step.phase is Phase.SEED:
            yield Row("", (Math(f"{step.expression}{equals}"), Blank()))
        else:
            yield Row("", (Math(f"{self._notation.label(step.name)}{equals}"), Blank(), Math(equals), Blank()))

    def _target(self, step: Step) -> str:
        return self.derivative(step.output_name, step.name)

    def _upstream(self, step: Step, factor: Factor) -> str:
        return self.derivative(step.output_name, factor.consumer_name)

    def _chain(self, step: Step, factor: Factor) -> str:
        return f"{self._upstream(step, factor)}{self._notation.times}{factor.local_name}"

    def _chained(self, left: list[str], end: Equation) -> tuple[Part, ...]:
        """Write what is equal, one after the other, and the result with its sign."""
        text = f"{self._notation.equals.join(left)}{self._notation.relation(end.relation)}{end.right}"
        return self._with_exact(text, end.exact)

    def _with_exact(self, text: str, exact: ExactValue | None) -> tuple[Part, ...]:
        if exact is None:
            return (Math(text),)
        if exact.relation == "=":
            return (Math(f"{text}{self._notation.equals}{exact.form}"),)
        return Math(text), f", {exact.relation} ", Math(exact.form)

    def _number(self, value: float, undefined: bool = False, digits: int | None = None) -> str:
        text = "undefined" if undefined else format_number(value, self._digits if digits is None else digits)
        return self._notation.number(text)


def _which(factor: Factor) -> tuple[Part, ...]:
    if factor.contribution_count == 1:
        return ()
    return (f" (contribution {factor.contribution_number} of {factor.contribution_count})",)


def leaves(trace: Trace) -> list[int]:
    """Return the leaves that carry a gradient: the named inputs and the parameters."""
    return np.flatnonzero(trace.graph.carries_gradient[: trace.graph.leaf_count]).tolist()
