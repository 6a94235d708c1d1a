"""Why a gradient is as it is, or why a number does not exist, in sentences: ten lines at the most."""

from __future__ import annotations

import math

from rich.cells import cell_len

from ...engine.rules.number_text import format_number
from ...engine.walk.causes import FactorCause
from ...engine.walk.contributions import sum_of
from ...engine.walk.explanations import (
    ENOUGH,
    LARGE,
    Blocked,
    Cancelled,
    Carried,
    Explanation,
    GradientUndefined,
    IsOutput,
    NoGradient,
    Size,
    Unused,
    ValueUndefined,
    Vanished,
)
from ...engine.walk.local import Locals
from ...engine.walk.paths import Path
from ...engine.walk.reason import Why
from ...engine.walk.trace import State, Trace
from .causes import cause_words, value_of
from .exact import exact_words
from .gradients import (
    NARROW,
    count_words,
    fixed_lines,
    gradient_name,
    narrow,
    nodes_words,
    route_words,
)
from .lines import Line, labelled, line
from .reasons import undefined_words

_LABEL = 17
_MOST_PATHS = 3
_MOST_OF_CUT = 3


def why_lines(state: State, found: Explanation, width: int, digits: int = 0) -> list[Line]:
    """Say why the gradient of a node is as it is, where it is complete, or why a number does not exist.

    The lines suit so many cells. Numbers have so many significant `digits`; with 0 they are written for reading.
    """
    lines = _lines(state, found, digits)
    return narrow(lines) if width < NARROW else lines


def _lines(state: State, found: Explanation, digits: int) -> list[Line]:
    trace = state.trace
    if isinstance(found, ValueUndefined):
        return _value_undefined(state, found)
    if isinstance(found, NoGradient):
        return fixed_lines(trace, found.node)
    if not _is_known(state, found):
        return _not_yet(state, found.node)
    if isinstance(found, GradientUndefined):
        return _gradient_undefined(trace, found, digits)
    return _gradient_lines(trace, found, digits)


def _gradient_lines(
    trace: Trace, found: IsOutput | Unused | Blocked | Vanished | Cancelled | Carried, digits: int
) -> list[Line]:
    match found:
        case IsOutput():
            name = trace.graph.label(found.node)
            return [_is(trace, found.node, 1.0, digits), line(f"{name} is the output: the seed is 1, by definition.")]
        case Unused():
            return [_is(trace, found.node, 0.0, digits), line("The output does not use it: no path leads there.")]
        case Blocked():
            return [_is(trace, found.node, 0.0, digits), *_blocked(trace, found, digits)]
        case Vanished():
            return [_is(trace, found.node, 0.0, digits), *_vanished(trace, found, digits)]
        case Cancelled():
            return _cancelled(trace, found, digits)
        case Carried():
            return _carried(trace, found, digits)


def _is_known(state: State, found: Explanation) -> bool:
    if isinstance(found, GradientUndefined):
        return state.gradient_undefined(found.node)
    if state.cursor < state.trace.seed_step:
        return False
    return state.contributions_taken(found.node) == state.contribution_count(found.node)


def _not_yet(state: State, node: int) -> list[Line]:
    trace = state.trace
    taken, count = state.contributions_taken(node), state.contribution_count(node)
    last = trace.gradient_steps(node)[-1] if count else trace.seed_step
    name = gradient_name(trace, node)
    many = f": {taken:,} of {count:,} contributions have come" if count > 1 else ""
    return [
        line((name, "contribution"), f" is not known yet{many}."),
        line(f"It is complete at step {last:,}; then this says why it is what it is."),
    ]


def _is(trace: Trace, node: int, gradient: float, digits: int, remark: str = "") -> Line:
    name, numbers = gradient_name(trace, node), trace.numbers
    exact = numbers.exact_value(numbers.closed.gradient(node), gradient, digits)
    value = format_number(gradient, digits) + exact_words(exact, numbers.notation)
    return line((name, "contribution"), " = ", (value, "contribution"), remark)


# ---- gradients that exist


def _carried(trace: Trace, found: Carried, digits: int) -> list[Line]:
    remark = {Size.SMALL: " is small", Size.LARGE: " is large", Size.ORDINARY: ""}[found.size]
    lines = [_is(trace, found.node, found.gradient, digits, remark + _size_cause(found)), line(_share_words(found))]
    lines += [_path_line(trace, path, found.sizes, digits) for path in found.paths[:_MOST_PATHS]]
    if len(found.paths) > _MOST_PATHS and found.share >= ENOUGH:
        lines.append(labelled("", _LABEL, (f"and {len(found.paths) - _MOST_PATHS:,} more of these", "label")))
    if len({edge for path in found.paths for edge in path.edges}) == 1:
        return [*lines, _factor_line(trace, "its only factor", found.largest, digits)]
    if abs(found.smallest.local) == abs(found.largest.local):
        size = format_number(abs(found.largest.local), digits)
        return [*lines, labelled("its factors", _LABEL, f"are all of size {size}")]
    extremes = [("smallest factor", found.smallest), ("largest factor", found.largest)]
    if found.size is Size.LARGE:
        extremes.reverse()
    return [*lines, *(_factor_line(trace, label, cause, digits) for label, cause in extremes)]


def _size_cause(found: Carried) -> str:
    if found.size is Size.ORDINARY:
        return ""
    is_small = found.size is Size.SMALL
    if not is_small and abs(found.paths[0].product) <= LARGE:
        return f": no path is so by itself, but {count_words(found.count)} add up."
    if found.is_of_many:
        side = "below" if is_small else "above"
        return f": {found.alike:,} factors of its path are {side} 1, no single one makes it so."
    factor = found.smallest if is_small else found.largest
    if not all(factor.edge in path.edges for path in found.paths):  # no single one: without it the others are left
        return f": {'small' if is_small else 'large'} factors on its paths make it so."
    return f": the {'smallest' if is_small else 'largest'} factor makes it so."


def _share_words(found: Carried) -> str:
    if found.count == 1:
        return "It has one path:"
    if math.isnan(found.share):
        return f"Of {count_words(found.count)} paths; how much of it each carries cannot be known, the sizes overflow."
    is_of_one_sign = abs(found.gradient) >= found.sizes * (1 - 1e-12)
    of_it = "of it" if is_of_one_sign else "of it, signs aside"
    if len(found.paths) == found.count:
        return f"Its {found.count:,} paths carry it:"
    some = "One" if len(found.paths) == 1 else f"{len(found.paths):,}"
    carry = "carries" if len(found.paths) == 1 else "carry"
    if found.share < ENOUGH:
        return (
            f"{count_words(found.count)} paths share it: the {len(found.paths):,} largest carry "
            f"{_percent(found.share)} {of_it}."
        )
    return f"{some} of {count_words(found.count)} paths {carry} {_percent(found.share)} {of_it}:"


def _percent(share: float) -> str:
    """Write a part in percent, never more than it is."""
    percent = share * 100
    if percent >= 1 or percent == 0:
        return "nearly all" if percent >= 100 else f"{math.floor(percent + 1e-9)} %"
    unit = 10.0 ** math.floor(math.log10(percent))
    return f"{math.floor(percent / unit + 1e-9) * unit:.1g} %"


def _path_line(trace: Trace, path: Path, sizes: float, digits: int) -> Line:
    part = abs(path.product) / sizes
    share = "" if not math.isfinite(sizes) or part >= 1 else f"  {_percent(part)}"
    text = f"{format_number(path.product, digits)}{share}"
    return labelled((text, "contribution"), max(_LABEL, cell_len(text) + 2), route_words(trace, path))


def _factor_line(trace: Trace, label: str, cause: FactorCause, digits: int) -> Line:
    return labelled(label, _LABEL, *_factor_parts(trace, cause, digits))


def _factor_parts(trace: Trace, cause: FactorCause, digits: int) -> list[str | tuple[str, str]]:
    """Write a factor, its rule and its number, and why it is what it is."""
    locals_, notation = Locals(trace.numbers), trace.numbers.notation
    name, formula = locals_.name(cause.consumer, cause.operand), locals_.formula(cause.consumer, cause.position)
    put_in = locals_.substituted(cause.consumer, cause.position, digits)
    rule = "" if formula == put_in.right else f" = {formula}"
    number = (put_in.right, "local" if math.isfinite(cause.local) else "undefined")
    words = f": {cause_words(trace, cause, digits)}"
    return [(name, "local"), rule, notation.relation(put_in.relation), number, words]


def _vanished(trace: Trace, found: Vanished, digits: int) -> list[Line]:
    about = f"about 10^{round(found.log10)}"
    many = "The product along its path" if found.count == 1 else "The largest product of its paths"
    return [
        line(f"{many} is {about}: too small for a 64-bit float, though none of its {found.factors:,} factors is 0."),
        labelled("", _LABEL, route_words(trace, found.path)),
        _factor_line(trace, "smallest factor", found.smallest, digits),
    ]


def _blocked(trace: Trace, found: Blocked, digits: int) -> list[Line]:
    paths = "Its one path goes" if found.count == 1 else f"All its {count_words(found.count)} paths go"
    through = "a factor that is 0" if found.cut_size == 1 else f"one of {found.cut_size:,} factors that are 0"
    lines = [line(f"{paths} through {through}:")]
    shown = found.cut[: _MOST_OF_CUT + (found.cut_size == _MOST_OF_CUT + 1)]
    lines += [_factor_line(trace, "  ", cause, digits) for cause in shown]
    if found.cut_size > len(shown):
        lines.append(line(f"  and {found.cut_size - len(shown):,} more"))
    if found.zeros > 1:
        lines.append(line((f"Without it there would be another: each path has {found.zeros:,} or more.", "label")))
    return lines


def _cancelled(trace: Trace, found: Cancelled, digits: int) -> list[Line]:
    remark = ": its paths cancel." if found.gradient == 0 else " is what is left where its paths cancel:"
    lines = [_is(trace, found.node, found.gradient, digits, remark)]
    sizes = found.positive - found.negative
    if math.isfinite(sizes):
        total = sum_of([found.positive, found.negative], found.gradient, trace, digits)
        said = (f"{total.left} {total.relation} ", (total.right, "contribution"))
        lines.append(labelled("sum of all paths", _LABEL + 2, *said))
    else:
        lines.append(line("Signs aside, they add up to more than a 64-bit float holds."))
    if found.is_rounding:
        little = "So little may be nothing but the" if found.gradient else "What would be left is lost to the"
        lines.append(line(f"{little} rounding of 64-bit floats."))
    elif found.gradient and math.isfinite(sizes):
        left = _percent(abs(found.gradient) / sizes)
        lines.append(line(f"The positive ones and the negative ones nearly make up for each other: {left} is left."))
    for sign, paths in (
        ("positive", [path for path in found.paths if path.product > 0]),
        ("negative", [path for path in found.paths if path.product < 0]),
    ):
        shown = paths[:2]
        for path in shown:
            lines.append(_path_line(trace, path, math.inf, digits))
        if len(shown) < len(paths):
            lines.append(labelled("", _LABEL, (f"and more {sign} ones", "label")))
    return lines


# ---- what does not exist


def _value_undefined(state: State, found: ValueUndefined) -> list[Line]:
    trace, label = state.trace, state.trace.graph.label
    end = trace.graph.output if found.of_output else found.node
    if state.value(end) is None:
        return [line((label(found.node), "name"), " is not computed yet." if not found.of_output else ": step on.")]
    if found.of_output:
        name = gradient_name(trace, found.node)
        lines = [line((name, "contribution"), " is ", ("undefined", "undefined"), f": {label(end)} has no value.")]
    else:
        lines = [line((label(end), "name"), " is ", ("undefined", "undefined"), ".")]
    first = label(found.first)
    at_step = f"step {found.step:,}" if found.step else "the start"
    lines.append(
        labelled("failed first", _LABEL, (first, "name"), f" = {trace.graph.expression(found.first)}, {at_step}")
    )
    if found.step is not None and found.reason is not None:
        lines.append(labelled("", _LABEL, undefined_words(trace.step(found.step))))
        operands = dict.fromkeys(trace.graph.operands_of(found.first).tolist())
        values = ", ".join(f"{label(node)} = {value_of(trace, node)}" for node in list(operands)[:3])
        lines.append(labelled("its operands", _LABEL, values))
    if len(found.way) > 1:
        lines.append(labelled("from there", _LABEL, nodes_words(trace, found.way, " → ")))
    return lines


def _gradient_undefined(trace: Trace, found: GradientUndefined, digits: int) -> list[Line]:
    label = trace.graph.label
    lines = [
        line(
            (gradient_name(trace, found.node), "contribution"),
            " is ",
            ("undefined", "undefined"),
            ", though every value exists.",
        )
    ]
    step = trace.step(found.step)
    factor = step.factor
    assert factor is not None, "a backward step has a factor"
    upstream, local = format_number(found.upstream, digits), format_number(found.local, digits)
    product = f"{gradient_name(trace, found.consumer)} · {factor.local_name} = {upstream} · {local}"
    if found.reason is not None and found.reason.why is Why.SUM_TOO_LARGE:
        product = f"{gradient_name(trace, found.operand)} = {factor.accumulation.left}"
    lines.append(labelled("failed first", _LABEL, f"step {found.step:,}: {product}"))
    lines.append(labelled("", _LABEL, undefined_words(step)))
    if found.unused is not None:
        unused = f"{label(found.consumer)} does not count here: its gradient is 0. But 0 · {local} is undefined, not 0."
        lines.append(labelled("unused branch", _LABEL, unused))
        if isinstance(found.unused, Blocked):
            lines.append(_factor_line(trace, "it is 0 by", found.unused.cut[0], digits))
    if len(found.way) > 1:
        lines.append(labelled("from there", _LABEL, nodes_words(trace, found.way, " → ")))
    return lines
