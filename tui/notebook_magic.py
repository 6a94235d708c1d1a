"""`%load_ext gradwalk`: what IPython and Jupyter get: `%gradwalk expression`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..engine.errors import ExpressionError, GradwalkError
from ..engine.language.names import is_name
from ..engine.language.parser import parse
from ..engine.library import built_in_names
from ..engine.recording.recorded_number import is_number
from .walkable import of_recorded, recorded_in
from .walked import Walk, walk

_VALUE = re.compile(r"\s+(?P<name>\w+)\s*=(?!=)\s*(?P<value>[^\s=]+)$")

_USAGE = "write %gradwalk x*y + sin(x) x=2 y=5, or %gradwalk loss with a number calculated with Scalar"


def load_ipython_extension(shell: Any) -> None:
    """Add the magic command; IPython calls this at `%load_ext gradwalk`."""
    from IPython.core.error import UsageError  # pyright: ignore

    def gradwalk(line: str) -> Walk:
        """Show the walk of an expression, of a number calculated with Scalar, or of a scenario: %gradwalk x*y x=2 y=5.

        Names without a value of their own have that of the notebook's variables.
        """
        try:
            return walk_of_line(line, shell.user_ns, shell.ev)
        except GradwalkError as error:
            raise UsageError(str(error)) from None

    shell.register_magic_function(gradwalk, "line", "gradwalk")


def unload_ipython_extension(shell: Any) -> None:
    """Take the magic command away again."""
    shell.magics_manager.magics["line"].pop("gradwalk", None)


def walk_of_line(line: str, variables: Mapping[str, Any], evaluate: Callable[[str], Any]) -> Walk:
    """Return the walk that a line asks for.

    `variables` are those of whoever wrote it, and `evaluate` computes a Python expression with them. Raises
    GradwalkError for what cannot be walked.
    """
    text, values = _split(line)
    if not text:
        raise GradwalkError(_USAGE)
    if not values and text in built_in_names() and text not in variables:
        return walk(text)
    try:
        names = {name.name for name in parse(text).names()}
    except ExpressionError:
        if values or not _is_python(text):
            raise
        return walk(evaluate(text))
    known = {name: variables[name] for name in names if name in variables and name not in values}
    if any(recorded_in(value) is not None or isinstance(value, Walk) for value in known.values()):
        return _of_recorded(text, values, evaluate)
    values.update({name: value for name, value in known.items() if is_number(value)})
    if is_name(text) and text in values:
        raise GradwalkError(f"{text} is a plain number, with no operation to walk; {_USAGE}")
    return walk(text, **values)


def _of_recorded(text: str, values: Mapping[str, Any], evaluate: Callable[[str], Any]) -> Walk:
    if values:
        raise GradwalkError(f"{text} has its numbers already, so no value can be given to {', '.join(values)}")
    try:
        value = evaluate(text)
        recorded = recorded_in(value)
        return Walk(of_recorded(recorded, variable=text)) if recorded is not None else walk(value)
    except NameError as error:
        raise GradwalkError(f"{error}: with a Scalar x write x.sin() or numpy.sin(x)") from None


def _is_python(text: str) -> bool:
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return False
    return True


def _split(line: str) -> tuple[str, dict[str, Any]]:
    """Take the values off the end of a line: `x*y x=2 y=1/3`."""
    line, values = line.strip(), dict[str, Any]()
    while match := _VALUE.search(line):
        if match["name"] in values:
            raise GradwalkError(f"{match['name']} is given twice")
        values = {match["name"]: match["value"], **values}
        line = line[: match.start()].rstrip()
    return line, values
