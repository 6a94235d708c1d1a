"""How a closed form stands beside its decimal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...engine.rules.notation import Notation
    from ...engine.walk.exact_value import ExactValue


def exact_words(exact: ExactValue | None, notation: Notation) -> str:
    """Write the closed form of a number, to stand after its decimal: ` = -1/(9e)`; nothing where there is none."""
    if exact is None:
        return ""
    return f"{notation.equals if exact.relation == '=' else f', {exact.relation} '}{exact.form}"
