"""A scenario of one expression and the values of its names, as a command line gives them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from ..definition import Definition
from ..errors import (
    DefinitionErrors,
    ExpressionError,
    GradwalkError,
    did_you_mean,
    indented,
    listing,
    quoted,
    shortened,
)
from ..language.expression import Apply, Expression
from ..language.names import CONSTANTS, FUNCTIONS, is_name, look_alike, name_problem, normal, with_normal_names
from ..language.parser import parse
from ..scenario import Scenario


def from_expression(text: str, values: Mapping[str, str]) -> Scenario:
    """Make a scenario of one expression; `values` maps each of its names to a number or constant expression.

    The result is called f, or else y, out, f1, f2, ...: the first that the expression does not use itself.
    Raises ExpressionError when an expression cannot be read, has no operation to walk, or a name has no
    value, and GradwalkError when a value is superfluous.
    """
    for name in values:
        if not is_name(name):
            raise GradwalkError(f"{quoted(name)} is not a name; write values as x=2")
        if wrong := name_problem(name):
            raise GradwalkError(f"{name}: {wrong.message}; {wrong.hint}")
    expression = parse(text)
    used = {name.name for name in expression.names()}
    given = with_normal_names(values)
    for name, value in values.items():
        if normal(name) not in used:
            hint = look_alike(name, used) or did_you_mean(name, used)
            unused = f"nothing in the expression uses {shortened(f'{name}={value}')}"
            raise GradwalkError("\n".join([unused, *indented(hint)]))
    if len(given) < len(values):
        raise GradwalkError(f"one of these is given twice: {listing(values)}")
    values = given
    _refuse_without_value(expression, values)
    if not isinstance(expression.items[-1], Apply):
        raise ExpressionError("this has no operation to walk", text, 0, len(text), 'such as "x*y + sin(x)" x=2 y=5')
    labels = itertools.chain(("f", "y", "out"), (f"f{i}" for i in itertools.count(1)))
    output = next(label for label in labels if label not in used)
    definition = Definition(values, {output: text})
    try:
        graph = definition.build().graph
    except DefinitionErrors as several:
        raise _of_argument(several, values) from None
    intro = "" if values else "No name here has a value of its own, so there is no derivative to walk back to."
    return Scenario("try", shortened(" ".join(text.split())), "", intro, graph, {}, definition=definition)


def _refuse_without_value(expression: Expression, values: Mapping[str, str]) -> None:
    for name in expression.names():
        if name.name in FUNCTIONS and name.name not in values:
            raise expression.unknown(name, values)
        if name.name not in values and name.name not in CONSTANTS:
            hint = f"put it after the expression: {shortened(name.name)}=2"
            message = f"{quoted(name.name)} has no value"
            raise ExpressionError(message, expression.text, name.position, name.length, hint)


def _of_argument(several: DefinitionErrors, values: Mapping[str, str]) -> GradwalkError:
    """Return the first error, shown with the argument that it is in, such as `x=1/3`."""
    first = several.errors[0]
    inside, (table, *names) = getattr(first, "inside", None), getattr(first, "keys", ("",))
    if inside is None or table != "inputs":
        return inside or first
    name = names[0]
    text, position = f"{name}={values[name]}", len(name) + 1 + inside.position
    return ExpressionError(inside.message, text, position, inside.length, inside.hint)
