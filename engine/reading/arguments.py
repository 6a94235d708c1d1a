"""A scenario of one expression and the values of its names, as a command line gives them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from ..definition import Definition, Value
from ..errors import DefinitionError, DefinitionErrors, ExpressionError, Problems, did_you_mean, quoted, shortened
from ..language.expression import Apply, Expression
from ..language.names import FUNCTIONS, is_name, look_alike, name_problem, normal
from ..language.parser import parse
from ..scenario import Scenario


def from_expression(text: str, values: Mapping[str, str]) -> Scenario:
    """Make a scenario of one expression; `values` maps each of its names to a number or constant expression.

    The result is called f, or else y, out, f1, f2, ...: the first that the expression does not use itself.
    Raises DefinitionErrors for all names that cannot be used, then ExpressionError where the expression cannot be
    read, and else DefinitionErrors with all that is wrong: an expression without an operation to walk, names without
    a value, values that are superfluous or cannot be read.
    """
    problems = Problems()
    for name in values:
        if not is_name(name):
            problems.add(f"{quoted(name)} is not a name; write values as x=2")
        elif wrong := name_problem(name):
            problems.add(f"{wrong.message}; {wrong.hint}", name)
    problems.stop()
    expression = parse(text)
    used = {name.name for name in expression.names()}
    labels = itertools.chain(("f", "y", "out"), (f"f{i}" for i in itertools.count(1)))
    output = next(label for label in labels if label not in used)
    definition = Definition(values, {output: text})
    _refuse_superfluous(problems, used, values)
    if not problems:  # else it may be the missing value that has another name
        _refuse_without_value(problems, expression, definition.inputs)
    if not isinstance(expression.items[-1], Apply):
        with problems.kept():
            raise ExpressionError("this has no operation to walk", text, 0, len(text), 'such as "x*y + sin(x)" x=2 y=5')
    try:
        graph = definition.build().graph
    except DefinitionErrors as several:
        known = bool(problems)
        for error in several.errors:
            if isinstance(error, DefinitionError) and (error.keys[0] == "inputs" or not known):
                with problems.kept():
                    raise _of_argument(error, definition.inputs) from None
        problems.stop()
        raise
    problems.stop()
    intro = "" if values else "No name here has a value of its own, so there is no derivative to walk back to."
    return Scenario("try", shortened(" ".join(text.split())), "", intro, graph, {}, definition=definition)


def _refuse_superfluous(problems: Problems, used: set[str], values: Mapping[str, str]) -> None:
    for name, value in values.items():
        if normal(name) not in used:
            hint = look_alike(name, used) or did_you_mean(name, used)
            problems.add(f"nothing in the expression uses {shortened(f'{name}={value}')}", hint=hint)


def _refuse_without_value(problems: Problems, expression: Expression, values: Mapping[str, Value]) -> None:
    for name in expression.unknown_names(values):
        with problems.kept():
            if name.name in FUNCTIONS:
                raise expression.unknown(name, values)
            hint = f"put it after the expression: {shortened(name.name)}=2"
            message = f"{quoted(name.name)} has no value"
            raise ExpressionError(message, expression.text, name.position, name.length, hint)


def _of_argument(error: DefinitionError, values: Mapping[str, Value]) -> DefinitionError:
    """Return an error of the definition, shown with the argument that it is in, such as `x=1/3`."""
    inside, (table, *names) = error.inside, error.keys
    if table != "inputs":
        return DefinitionError.of_expression(inside) if inside else DefinitionError(error.message, (), error.hint)
    if inside is None:
        return DefinitionError(error.message, tuple(names), error.hint)
    text, position = f"{names[0]}={values[names[0]]}", len(names[0]) + 1 + inside.position
    return DefinitionError.of_expression(ExpressionError(inside.message, text, position, inside.length, inside.hint))
