"""Edits of a `Definition`: each is a function of the definition before, and returns the one after.

An edit that cannot be made raises ExpressionError, with the place in what was typed, or DefinitionErrors; the
definition before is as it was, since nothing is ever changed in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..definition import Built, Definition, Exercise, Value
from ..errors import CycleError, DefinitionError, DefinitionErrors, ExpressionError, GradwalkError, listing, quoted
from ..language.dependencies import leading_to
from ..language.expression import Expression, Literal
from ..language.names import CONSTANTS, is_name, name_problem, normal
from ..language.parser import parse
from .edit import Edit, EditKind, written_value


@dataclass(frozen=True, eq=False)
class Edited:
    """A definition after an edit, what it makes, and what the edit did."""

    definition: Definition
    built: Built
    edit: Edit


class Editor:
    """Makes edits of `definition`.

    `origin` is the definition that the first of all edits began from. A note or a question of it that has no step in
    one walk comes back in the next that has; a node that it watches stays watched. The answers that its questions
    state are those of its own numbers, so they are left out as soon as anything is another.
    """

    def __init__(self, definition: Definition, origin: Definition | None = None, built: Built | None = None) -> None:
        """Edit a definition; with what it has been `built` as, another value of an input builds nothing anew."""
        self.definition = definition
        self.origin = origin or definition
        self.built = built

    def change(self, name: str, text: str, inputs: Mapping[str, str] | None = None, *, slid: bool = False) -> Edited:
        """Give an input another value, or a node another expression.

        `inputs` are new ones that the expression uses, with their values. KeyError for a name that is not there.
        """
        old = self.definition
        is_input = name in old.inputs
        before = written_value(old.inputs[name] if is_input else old.nodes[name])
        value = _value(text)
        if is_input:
            new = replace(old, inputs={**old.inputs, name: value})
            kind = EditKind.VALUE
        else:
            new = self._with_inputs(replace(old, nodes={**old.nodes, name: value}), inputs)
            kind = EditKind.EXPRESSION
        return self._edited(new, Edit(kind, name, before, written_value(value), slid=slid), inputs)

    def add(self, name: str, text: str, inputs: Mapping[str, str] | None = None) -> Edited:
        """Add a node. What uses no other name becomes an input, for there is nothing to compute.

        A node that uses the output becomes the output; any other is watched until an expression uses it.
        """
        name, old = normal(name), self.definition
        self._refuse_name(name)
        value = _value(text)
        expression = _expression(value)
        defined = {*old.inputs, *old.nodes}
        if all(used.name in CONSTANTS and used.name not in defined for used in expression.names()):
            new = replace(old, inputs={**old.inputs, name: value})
            return self._edited(new, Edit(EditKind.INPUT, name, "", written_value(value)), None)
        new = self._with_inputs(replace(old, nodes={**old.nodes, name: value}), inputs)
        return self._edited(new, Edit(EditKind.NODE, name, "", written_value(value)), inputs)

    def unknown_names(self, name: str, text: str) -> dict[str, ExpressionError]:
        """Return the names in an expression for `name` that nothing defines, each with the error that says so.

        There are none where one of them could not be that of an input. Raises ExpressionError where the text cannot
        be read.
        """
        known = [*self.definition.inputs, *self.definition.nodes]
        expression = parse(text)
        unknown = [*expression.unknown_names({*known, normal(name)})]
        if any(name_problem(used.name) for used in unknown):
            return {}
        return {used.name: expression.unknown(used, (other for other in known if other != name)) for used in unknown}

    # ---- what follows from an edit

    def _with_inputs(self, definition: Definition, inputs: Mapping[str, str] | None) -> Definition:
        for name in inputs or ():
            self._refuse_name(name)
        added = {normal(name): _value(text) for name, text in (inputs or {}).items()}
        return replace(definition, inputs={**definition.inputs, **added})

    def _refuse_name(self, name: str) -> None:
        old = self.definition
        if not name:
            raise DefinitionError("a name is missing", hint="write g = f^2 to add a node g")
        if not is_name(name):
            raise DefinitionError(f"{quoted(name)} is not a name", hint="it has letters, digits and _")
        if wrong := name_problem(name):
            raise DefinitionError(f"{quoted(name)}: {wrong.message}", hint=wrong.hint)
        if name in old.inputs or name in old.nodes:
            kind = "an input" if name in old.inputs else "a node"
            raise DefinitionError(f"{name} is {kind} already", hint=f"select {name} to edit it, or take another name")
        if name in CONSTANTS:
            users = [user for user, value in (*old.inputs.items(), *old.nodes.items()) if name in _names(value)]
            if users:
                message = f"{name} is the number {CONSTANTS[name]:.5g} in {listing(users)}"
                raise DefinitionError(message, hint=f"with another name, {listing(users)} stays what it is")

    def _edited(self, new: Definition, edit: Edit, inputs: Mapping[str, str] | None) -> Edited:
        is_origin = (new.inputs, new.nodes) == (self.origin.inputs, self.origin.nodes)
        questions = self.origin.exercises if is_origin else tuple(map(_without_answer, self.origin.exercises))
        if edit.kind is EditKind.VALUE and self.built is not None:
            asked = {question.ask for question in new.exercises}
            new = replace(new, exercises=tuple(question for question in questions if question.ask in asked))
            graph = self.built.graph
            leaf_values = np.array(graph.leaf_values)
            leaf, value = graph.find(edit.name), new.inputs[edit.name]
            leaf_values[leaf] = new.input_value(edit.name)
            written = {**graph.written, leaf: value if isinstance(value, str) else ""}
            written = {leaf: text for leaf, text in written.items() if text}
            return Edited(new, replace(self.built, graph=graph.with_leaf_values(leaf_values, written)), edit)
        _refuse_cycle(new, edit.name)
        whole = replace(new, notes=self.origin.notes, exercises=questions)
        settled = _settled(whole, self.definition.output_name, self.origin)
        definition, built = _built(settled)
        old = self.definition
        asked = {question.ask for question in definition.exercises}
        left_out = [
            *(key for key in old.notes if key not in definition.notes),
            *(question.ask for question in old.exercises if question.ask not in asked),
        ]
        edit = replace(
            edit,
            inputs=tuple((normal(name), written_value(_value(text))) for name, text in (inputs or {}).items()),
            output=definition.output_name if definition.output_name != old.output_name else "",
            watched=tuple(name for name in definition.watch if name not in old.watch),
            left_out=tuple(left_out),
        )
        return Edited(definition, built, edit)


def _without_answer(question: Exercise) -> Exercise:
    return question.without_answer()


def problem(error: GradwalkError, name: str) -> ExpressionError | GradwalkError:
    """Return what to show of an error below the field in which `name` is edited: where it can, with its place there."""
    if isinstance(error, DefinitionErrors):
        own = [e for e in error.errors if isinstance(e, DefinitionError) and e.keys[-1:] == (name,)]
        found = [*own, *error.errors][0]
        return problem(found, name)
    if isinstance(error, DefinitionError) and error.keys[-1:] == (name,):
        return error.inside or DefinitionError(error.message, (), error.hint)
    return error


def _value(text: str) -> Value:
    """Return what was typed: a number where it is one, or else an expression, which is known to be readable."""
    expression = parse(text)
    match expression.items:
        case (Literal(number),):
            return number
        case _:
            return text.strip()


def _expression(value: Value) -> Expression:
    return parse(value) if isinstance(value, str) else Expression(str(value), (Literal(value),))


def _names(value: Value) -> set[str]:
    """Return the names that a value uses; none where it cannot be read."""
    try:
        return {used.name for used in _expression(value).names()}
    except ExpressionError:
        return set()


def _refuse_cycle(definition: Definition, name: str) -> None:
    """Raise ExpressionError at the name through which an edited node would need itself."""
    if name not in definition.nodes:
        return
    uses = {node: _names(value) for node, value in definition.nodes.items()}
    expression = _expression(definition.nodes[name])
    for used in expression.names():
        path = _way(used.name, name, uses)
        if path:
            message = str(CycleError([name, *path]))
            raise ExpressionError(message, expression.text, used.position, used.length)


def _way(start: str, end: str, uses: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the names from `start` to `end`, each using the next; none where there is no such way."""
    came: dict[str, str] = {start: ""}
    todo = [start]
    while todo:
        name = todo.pop()
        if name == end:
            path = [name]
            while came[path[-1]]:
                path.append(came[path[-1]])
            return path[::-1]
        for used in uses.get(name, ()):
            if used not in came:
                came[used] = name
                todo.append(used)
    return []


def _settled(new: Definition, old_output: str, origin: Definition) -> Definition:
    """Return the definition with the output and the watched nodes that an edit asks for.

    What uses the output is the output now; what the output does not use is watched; and what was watched for that
    reason alone is watched no longer, once it is used.
    """
    uses = {node: [name for name in _names(value) if name in new.nodes] for node, value in new.nodes.items()}
    users: dict[str, list[str]] = {node: [] for node in new.nodes}
    for node, used in uses.items():
        for name in used:
            users[name].append(node)
    ends = [node for node in leading_to(old_output, users.__getitem__) if not users[node]]
    output = ends[0] if len(ends) == 1 else old_output
    reached = leading_to(output, uses.__getitem__)
    watch = [name for name in new.watch if name != output and (name in origin.watch or name not in reached)]
    for name in watch:
        reached |= leading_to(name, uses.__getitem__) if name in uses else set()
    watch += [name for name in new.nodes if name not in reached and not users[name]]
    settled = replace(new, output="", watch=tuple(watch))
    return settled if settled.output_name == output and not origin.output else replace(settled, output=output)


def _built(definition: Definition) -> tuple[Definition, Built]:
    """Build a definition without those of its notes and questions that have no step in its walk."""
    while True:
        try:
            return definition, definition.build()
        except DefinitionErrors as several:
            keys = [error.keys for error in several.errors if isinstance(error, DefinitionError)]
            if len(keys) < len(several.errors) or not all(key and key[0] in ("notes", "exercise") for key in keys):
                raise
            notes = {key: note for key, note in definition.notes.items() if ("notes", key) not in keys}
            questions = tuple(
                asked for place, asked in enumerate(definition.exercises) if ("exercise", str(place), "ask") not in keys
            )
            definition = replace(definition, notes=notes, exercises=questions)
