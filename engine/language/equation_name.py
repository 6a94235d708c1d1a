"""`EquationName`: the equation of a node in terms of others, as people write what they ask for: `f(a, b, c)`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EQUATION = re.compile(r"(?P<node>[^\s()∂/]+)\s*\((?P<given>[^()∂/]*)\)")


@dataclass(frozen=True, slots=True)
class EquationName:
    """A node, and the nodes that it is to be written in terms of; none stand for all inputs that it hangs on."""

    node: str
    given: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> EquationName | None:
        """Read `f(a, b, c)`; None for anything else. The names need not be those of any graph."""
        found = _EQUATION.fullmatch(text.strip())
        if found is None:
            return None
        names = (name.strip() for name in found["given"].split(","))
        return cls(found["node"], tuple(name for name in names if name))

    def __str__(self) -> str:
        return f"{self.node}({', '.join(self.given)})"
