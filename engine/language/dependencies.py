"""Named expressions that use one another, as the tables of a scenario file hold them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from ..errors import CycleError, ExpressionError
from .expression import Expression, Literal
from .parser import parse


def written(value: float | str, further: Mapping[str, int | None] | None = None) -> Expression:
    """Read what stands in a file: an expression, or a plain number. `further` functions are as in `parse`."""
    return parse(value, further) if isinstance(value, str) else Expression(str(value), (Literal(value),))


def constant(expression: Expression) -> float:
    """Compute a constant expression, such as the value of an input; ExpressionError where it is not a finite number."""
    number = expression.compute()
    if not math.isfinite(number):
        reason = "is not a number" if math.isnan(number) else "is infinite: too large for a 64-bit float, or 1/0"
        raise ExpressionError(f"this value {reason}", expression.text, 0, len(expression.text), "write a finite number")
    return number


def leading_to(name: str, uses: Callable[[str], Iterable[str]]) -> set[str]:
    """Return every name that `name` needs, itself included; `uses(n)` are the names that n needs directly."""
    reached, todo = {name}, [name]
    while todo:
        new = [used for used in dict.fromkeys(uses(todo.pop())) if used not in reached]
        todo.extend(new)
        reached.update(new)
    return reached


def topological_order(expressions: Mapping[str, Expression]) -> Iterator[str]:
    """Yield the names in the order they stand in, but each after those that its expression uses.

    Raises CycleError where names need each other. Depth-first and without recursion, so a chain may be long.
    """
    done: set[str] = set()
    for first in expressions:
        if first in done:
            continue
        path, uses, on_path = [first], [expressions[first].names()], {first}
        while path:
            following = next((use.name for use in uses[-1] if use.name in expressions and use.name not in done), "")
            if not following:
                uses.pop()
                on_path.remove(path[-1])
                done.add(path[-1])
                yield path.pop()
            elif following in on_path:
                raise CycleError([*path[path.index(following) :], following])
            else:
                path.append(following)
                uses.append(expressions[following].names())
                on_path.add(following)
