"""Why a number does not exist, and what a corner is, in sentences."""

from __future__ import annotations

from ...engine.language.step_key import derivative
from ...engine.rules.number_text import format_number
from ...engine.rules.ops import CODES, OPS
from ...engine.walk.reason import Loss, Lost, Reason, Why
from ...engine.walk.step import Corner, Phase, Step

_LOSSES = {
    Loss.TOO_SMALL: "too small for a 64-bit float, so it became 0",
    Loss.TOO_LARGE: "too large for a 64-bit float",
    Loss.ROUNDED: "lost in the rounding of 64-bit floats",
}
_OPERATIONS = {"div": "division", "reciprocal": "1/x", "pow": "a power"}
"""What operations are called that people do not write by their names."""

_SENTENCES = {
    Why.OUTSIDE_DOMAIN: "undefined: {op} is defined for {domain}",
    Why.VALUE_TOO_LARGE: "undefined: the result is too large for a 64-bit float (overflow){size}",
    Why.VALUE_UNDEFINED: "undefined, because {name} is",
    Why.LOCAL_UNDEFINED: "undefined: {local} has no finite value here",
    Why.LOCAL_TOO_LARGE: "undefined: {local} is too large for a 64-bit float (overflow)",
    Why.UPSTREAM_UNDEFINED: "undefined, because {gradient} is",
    Why.TANGENT_UNDEFINED: "undefined, because the tangent of {name} is",
    Why.EARLIER_UNDEFINED: "undefined, because an earlier contribution to {gradient} is",
    Why.PRODUCT_TOO_LARGE: "undefined: the product is too large for a 64-bit float (overflow)",
    Why.SUM_TOO_LARGE: "undefined: the sum is too large for a 64-bit float (overflow)",
    Why.UPDATE_NOT_FINITE: "undefined: the update has no finite result",
}


def undefined_words(step: Step) -> str:
    """Say why a number of a step does not exist; nothing where all do."""
    reason = step.undefined
    if reason is None:
        return ""
    sentence = _sentence(step, reason)
    if reason.lost is None or reason.why in (Why.VALUE_TOO_LARGE, Why.LOCAL_TOO_LARGE):
        return sentence
    return f"{sentence}: {lost_words(reason.lost)}"


def lost_words(lost: Lost) -> str:
    """Say what floats could not hold."""
    return f"{lost.name} = {lost.expression} is about {lost.exact}, {_LOSSES[lost.loss]}"


def corner_words(corner: Corner, operand: str, taken: float, digits: int = 0) -> str:
    """Say what a corner is like; `operand` is what moves, `taken` the slope that the walk goes on with.

    Numbers have so many significant `digits`; with 0 they are written for reading.
    """
    there = f"{operand} = {format_number(corner.operand, digits)}"
    if corner.is_jump:
        return f"the value jumps at {there} and has no slope there; {format_number(taken, digits)} is taken"
    left, right = format_number(corner.left, digits), format_number(corner.right, digits)
    return f"the slope is {left} below {there} and {right} above; {format_number(taken, digits)} is taken"


def _sentence(step: Step, reason: Reason) -> str:
    if reason.why is Why.VALUE_UNDEFINED and step.phase is Phase.SEED:
        return f"{reason.name} is undefined, so it has no derivatives, and the backward pass has nothing to start from"
    if reason.why is Why.OUTSIDE_DOMAIN and reason.lost is not None:
        return "undefined here, though not in mathematics"
    return _SENTENCES[reason.why].format(
        name=reason.name,
        gradient=derivative(step.output_name, reason.name),
        op=_OPERATIONS.get(step.op, step.op),
        domain=OPS[CODES[step.op]].domain if step.op else "",
        local=_local(step),
        size=f": it is about {reason.lost.exact}" if reason.lost and reason.lost.node == step.node else "",
    )


def _local(step: Step) -> str:
    """Write the local derivative of a step that does not exist."""
    terms = step.tangent.terms if step.tangent else ()
    found = step.factor or next((term for term in terms if term.depends and term.local_undefined), None)
    return f"{found.local_name} = {found.local_formula}" if found else "a local derivative"
