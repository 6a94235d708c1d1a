"""Tensors that share their numbers, in a traced function: parts of one, and what is written into them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any


def functional_name(operation: Any) -> str:
    """Return what an operation is called, such as aten.add, also where it changes its operand in place."""
    return str(getattr(operation, "overloadpacket", operation)).removesuffix("_")


def is_in_place(operation: Any) -> bool:
    """Say whether an operation changes its first operand."""
    return str(getattr(operation, "overloadpacket", "")).endswith("_")


def is_view(operation: Any) -> bool:
    """Say whether the result of an operation shares its numbers with the first operand, and its gradient too."""
    schema = getattr(operation, "_schema", None)
    if schema is None or functional_name(operation) == "aten.detach":
        return False
    return any(found.alias_info and not found.alias_info.is_write for found in schema.returns)


def base_of(node: Any) -> Any:
    """Return the node that holds the numbers of a node: itself, or what it is a part of."""
    while node.op == "call_function":
        taken = node.args[0] if node.target is operator.getitem else node
        if not (is_view(taken.target) or is_in_place(taken.target)):
            break
        node = taken.args[0]
    return node


def places_in(node: Any, base: Any, codes: Any, concrete: Callable[[Any], Any]) -> Any:
    """Return which of the `codes`, a tensor in the shape of the base, stand in a part of it."""
    if node is base:
        return codes
    if node.target is operator.getitem:
        return places_in(node.args[0], base, codes, concrete)[node.args[1]]
    inner = places_in(node.args[0], base, codes, concrete)
    if is_in_place(node.target):
        return inner
    return node.target(inner, *map(concrete, node.args[1:]), **{key: concrete(v) for key, v in node.kwargs.items()})


def needed_nodes(graph: Any) -> set[Any]:
    """Return the nodes that the result of a graph depends on, those that write into one of them included."""
    needed: set[Any] = set()
    bases: set[Any] = set()
    for node in reversed(graph.nodes):
        writes = node.op == "call_function" and is_in_place(node.target) and base_of(node.args[0]) in bases
        if node.op == "output" or node in needed or writes:
            found = {node, *node.all_input_nodes}
            needed |= found
            bases.update(map(base_of, found))
    return needed
