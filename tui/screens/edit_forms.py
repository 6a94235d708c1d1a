"""What the field of `EditScreen` is about: what there is already, or something new."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from ...engine.editing.edits import Editor, problem
from ...engine.editing.target import Target
from ...engine.errors import DefinitionError, ExpressionError, GradwalkError
from ...engine.language.names import is_name
from ..editing.edited import Shown, Work, added, changed, editor
from ..session import SessionLimits


@dataclass(frozen=True, eq=False)
class Change:
    """Another value of an input, or another expression of a node."""

    shown: Shown
    limits: SessionLimits
    target: Target

    def unknown(self, text: str) -> dict[str, ExpressionError]:
        """Return the names that could be those of new inputs; an input's own value has none."""
        edits = editor(self.shown.opened, self.limits)
        return {} if edits is None or self.target.is_input else edits.unknown_names(self.target.name, text)

    def work(self, text: str, inputs: Mapping[str, str]) -> Work:
        """Return what makes the change."""
        name = self.target.name
        return lambda report: changed(self.shown, self.limits, name, text, inputs, report)

    def placed(self, error: GradwalkError, text: str) -> GradwalkError:
        """Return an error with its place in the text."""
        return _placed(problem(error, self.target.name), text, text)


@dataclass(frozen=True, eq=False)
class Addition:
    """A new node or input, written `name = expression`."""

    shown: Shown
    limits: SessionLimits
    edits: Editor

    @property
    def free_name(self) -> str:
        """A name that nothing has."""
        taken = {*self.edits.definition.inputs, *self.edits.definition.nodes}
        names = itertools.chain("ghpqrsuvwxyz", (f"g{number}" for number in itertools.count(1)))
        return next(name for name in names if name not in taken)

    def unknown(self, text: str) -> dict[str, ExpressionError]:
        """Return the names that could be those of new inputs."""
        name, expression = self._parts(text)
        return self.edits.unknown_names(name, expression)

    def work(self, text: str, inputs: Mapping[str, str]) -> Work:
        """Return what adds it."""
        return partial(added, self.shown, self.limits, *self._parts(text), inputs)

    def placed(self, error: GradwalkError, text: str) -> GradwalkError:
        """Return an error with its place in the text: the expression stands behind the name."""
        name, equals, expression = text.partition("=")
        return _placed(problem(error, name.strip()), text, expression) if equals else error

    def _parts(self, text: str) -> tuple[str, str]:
        name, equals, expression = text.partition("=")
        if not equals:
            hint = f"such as {self.free_name} = {self.edits.definition.output_name}^2"
            raise DefinitionError("a name and = are missing before the expression", hint=hint)
        if not is_name(name.strip()):
            length = len(name.rstrip()) or 1
            raise ExpressionError("this is not a name", text, 0, length, "it has letters, digits and _")
        return name.strip(), expression


def _placed(error: GradwalkError, text: str, expression: str) -> GradwalkError:
    """Return an error about an expression with its place in the whole text, which ends in it, spaces and all."""
    if not isinstance(error, ExpressionError) or error.text not in (expression, expression.strip()):
        return error
    start = len(text) - len(expression)
    if error.text != expression:
        start += len(expression) - len(expression.lstrip())
    return replace(error, text=text, position=start + error.position)
