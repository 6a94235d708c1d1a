"""A scenario of one expression and the values of its names, as a command line gives them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from ..errors import ExpressionError, GradwalkError, quoted, shortened
from ..graph.graph import Leaf
from ..graph.tape import Tape
from ..language.expression import CONSTANTS, FUNCTIONS, NAME, Apply, parse
from ..scenario import Scenario
from .values import finite


def from_expression(text: str, values: Mapping[str, str]) -> Scenario:
    """Make a scenario of one expression; `values` maps each of its names to a number or constant expression.

    The result is called f, or else y, out, f1, f2, ...: the first that the expression does not use itself.
    Raises ExpressionError when an expression cannot be read, has no operation to walk, or a name has no
    value, and GradwalkError when a value is superfluous.
    """
    expression = parse(text)
    used = {name.name for name in expression.names()}
    tape = Tape()
    nodes: dict[str, int] = {}
    for name, value in values.items():
        if not NAME.fullmatch(name):
            raise GradwalkError(f"{quoted(name)} is not a name; write values as x=2")
        if name not in used:
            raise GradwalkError(f"nothing in the expression uses {shortened(f'{name}={value}')}")
        nodes[name] = tape.leaf(_value_of(name, value), Leaf.INPUT, name)
    for name in expression.names():
        if name.name in FUNCTIONS and name.name not in nodes:
            raise expression.unknown(name, nodes)
        if name.name not in nodes and name.name not in CONSTANTS:
            hint = f"put it after the expression: {shortened(name.name)}=2"
            raise ExpressionError(f"{quoted(name.name)} has no value", text, name.position, len(name.name), hint)
    if not isinstance(expression.items[-1], Apply):
        raise ExpressionError("this has no operation to walk", text, 0, len(text), 'such as "x*y + sin(x)" x=2 y=5')
    labels = itertools.chain(("f", "y", "out"), (f"f{i}" for i in itertools.count(1)))
    output = next(label for label in labels if label not in used)
    graph = tape.graph(expression.record(tape, nodes, output))
    intro = "" if values else "No name here has a value of its own, so there is no derivative to walk back to."
    return Scenario("try", shortened(" ".join(text.split())), "", intro, graph, {})


def _value_of(name: str, value: str) -> float:
    """Compute the value of an argument such as `x=1/3`; ExpressionError shows it whole."""
    try:
        return finite(parse(value))
    except ExpressionError as error:
        position = len(name) + 1 + error.position
        raise ExpressionError(error.message, f"{name}={value}", position, error.length, error.hint) from None
