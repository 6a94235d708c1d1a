"""`JaxReader`: reads the equations of a jaxpr one after the other, and records those that depend on what was given."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from .errors import UnknownOperation
from .jax_sources import is_of_jax, origins_of, scope_name
from .reader import Reader, Recorded
from .recording import Recording

Rule = Callable[["JaxReader", Sequence[Any], Mapping[str, Any]], Any]
"""Records an equation: `rule(reader, operands, parameters)` gives its result, or a list of several.

An operand or a result is Recorded or concrete."""


class JaxReader(Reader):
    """Reads jaxprs and records them; JAX itself calculates what is concrete.

    `rules` say what each primitive is, and `calls` those that call other functions, also with what is concrete alone.
    """

    def __init__(self, jax: Any, recording: Recording, rules: Mapping[str, Rule], calls: Mapping[str, Rule]) -> None:
        self.jax = jax
        super().__init__(recording)
        self._rules, self._calls = rules, calls
        self._literal: Any = importlib.import_module("jax.extend.core").Literal
        self._inside_of_jax = False

    # ---- what rules use

    def unknown(self, operation: str) -> UnknownOperation:
        """Make the error for an operation that has no expansion, with the line and the function that it stands in."""
        within = self.recording.scope[-1:]
        where = f"{operation} (of {within[0]})" if within and within[0] != operation else operation
        return UnknownOperation("JAX", where, self.recording.source)

    def reread(self, closed: Any, operands: Sequence[Any], name: str = "") -> list[Any]:
        """Read a jaxpr within another one, that of a function called `name`; return its results."""
        before, source, scope = self._inside_of_jax, self.recording.source, self.recording.scope
        if name := scope_name(name):
            self.recording.scope = (*scope, name) if name not in scope[-1:] else scope
        self._inside_of_jax = before or is_of_jax(closed.jaxpr)
        try:
            return self.read(closed, operands)
        finally:
            self._inside_of_jax, self.recording.source, self.recording.scope = before, source, scope

    # ---- reading

    def read(self, closed: Any, operands: Sequence[Any]) -> list[Any]:
        """Read a closed jaxpr for these operands; return its results, each Recorded or concrete."""
        jaxpr = closed.jaxpr
        known: dict[Any, Any] = dict(zip(jaxpr.constvars, closed.consts, strict=True))
        known.update(zip(jaxpr.invars, operands, strict=True))
        source, scope, arrays = self.recording.source, self.recording.scope, self.recording.tape.arrays
        for equation, origin in zip(jaxpr.eqns, origins_of(jaxpr), strict=True):
            if not self._inside_of_jax:
                self.recording.source = origin.source or source
                self.recording.scope = (*scope, *origin.scope)
            first = len(arrays)
            results = self._equation(equation, [self._value(known, variable) for variable in equation.invars])
            known.update(zip(equation.outvars, results, strict=True))
            if origin.variable and not self._inside_of_jax and isinstance(results[0], Recorded):
                place = results[0].place
                if place >= first and arrays[place].operation:
                    arrays[place] = replace(arrays[place], name=origin.variable)
        return [self._value(known, variable) for variable in jaxpr.outvars]

    def _value(self, known: Mapping[Any, Any], variable: Any) -> Any:
        return variable.val if isinstance(variable, self._literal) else known[variable]

    def _equation(self, equation: Any, operands: Sequence[Any]) -> Sequence[Any]:
        if not equation.outvars:
            return ()  # something printed, say
        if not any(isinstance(operand, Recorded) for operand in operands):
            return self._calculated(equation, operands)
        rule = self._rules.get(equation.primitive.name)
        if rule is not None:
            results = rule(self, operands, equation.params)
            return cast("list[Any]", results) if isinstance(results, list) else [results]
        if not any(_is_continuous(variable.aval) for variable in equation.outvars):
            concrete = [
                self.jax.numpy.asarray(self.numbers(operand), dtype=variable.aval.dtype)
                if isinstance(operand, Recorded)
                else operand
                for operand, variable in zip(operands, equation.invars, strict=True)
            ]
            return self._calculated(equation, concrete)
        raise self.unknown(equation.primitive.name)

    def _calculated(self, equation: Any, operands: Sequence[Any]) -> Sequence[Any]:
        if equation.primitive.name in self._calls:
            return self._calls[equation.primitive.name](self, operands, equation.params)
        results = equation.primitive.bind(*operands, **equation.params)
        return results if equation.primitive.multiple_results else [results]


def _is_continuous(aval: Any) -> bool:
    """Say whether numbers of a type can carry a gradient: floats, and complex ones, which no scalar holds."""
    return any(kind in str(getattr(aval, "dtype", "")) for kind in ("float", "complex"))
