"""What is said of a step where its numbers are large: what it writes, and the numbers of its equation."""

from __future__ import annotations

from dataclasses import dataclass

from ...engine.rules.printers.unicode import NOTATION as UNICODE
from ...engine.walk.step import Factor, Phase, Step
from ...engine.walk.trace import Trace
from .exact import exact_words
from .lines import Line, line
from .walk import number


@dataclass(frozen=True, slots=True)
class LargeNumber:
    """A number of a step: what it is called, the sign before it, the number, and the name of its style."""

    name: str
    sign: str
    number: str
    style: str


@dataclass(frozen=True, slots=True)
class LargeStep:
    """What stands above the numbers, the numbers, and what stands below them."""

    above: list[Line]
    numbers: list[LargeNumber]
    below: list[Line]


def large_step(trace: Trace, cursor: int, digits: int = 0) -> LargeStep:
    """Say step `cursor` of a walk in a few numbers, which are those of its equation: it is true as it stands there."""
    step = trace.step(cursor, digits)
    if step.factor is not None:
        return _backward(step, step.factor)
    put_in = step.substituted
    style = "value" if step.phase in (Phase.FORWARD, Phase.UPDATE) else "contribution"
    if step.update is not None:
        above = [line((step.name, "name"), " ← ", (f"{step.name} - {step.update.formula}", "value"))]
    elif step.tangent is not None:
        above = [line((step.tangent.name, "contribution"), f" = {step.expression}")]
    elif step.phase is Phase.FORWARD:
        above = [line((step.name, "name"), f" = {step.expression}")]
    else:
        above = [line((step.expression, "contribution"))]
    if put_in.left not in (step.expression, step.name):
        above.append(line("= ", put_in.left))
    style = "undefined" if step.undefined else style
    exact = exact_words(put_in.exact, UNICODE)
    below = [line((f"{put_in.right}{exact}", style))] if exact else []
    return LargeStep(above, [LargeNumber(_written(step), put_in.relation, put_in.right, style)], below)


def _written(step: Step) -> str:
    """Name what a step writes."""
    if step.phase in (Phase.FORWARD, Phase.UPDATE):
        return step.name
    return step.expression if step.tangent is None else step.tangent.name


def _backward(step: Step, factor: Factor) -> LargeStep:
    target, upstream_name = (f"∂{step.output_name}/∂{name}" for name in (step.name, factor.consumer_name))
    product, accumulation = factor.product, factor.accumulation
    upstream = number(factor.upstream, factor.upstream_undefined, product.digits)
    local = number(factor.local, factor.local_undefined, product.digits)
    above = line((target, "contribution"), " += ", (upstream_name, "upstream"), " · ", (factor.local_name, "local"))
    formula = factor.local_substituted
    local_name = f"{factor.local_name} = {factor.local_formula}"
    if formula.left not in (factor.local_formula, formula.right):
        local_name += f" = {formula.left}"
    many = f"  contribution {factor.contribution_number} of {factor.contribution_count}"
    numbers = [
        LargeNumber(upstream_name, "", upstream, "upstream"),
        LargeNumber(local_name, "·", local, "local"),
        LargeNumber(
            "contribution" + (many if factor.contribution_count > 1 else ""),
            product.relation,
            product.right,
            "undefined" if factor.contribution_undefined else "contribution",
        ),
    ]
    below = line(
        (target, "contribution"),
        f" = {accumulation.left} {accumulation.relation} ",
        (accumulation.right, "contribution"),
        (exact_words(accumulation.exact, UNICODE), "contribution"),
    )
    return LargeStep([above], numbers, [below])
