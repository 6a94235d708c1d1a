"""How many scalars a traced function makes, told by the shapes of its tensors, and whether it rounds on the way."""

from __future__ import annotations

import math
from typing import Any, cast

from .torch_tracing import NOTED
from .torch_views import needed_nodes

_NODES_OF_AN_ENTRY = {
    "gelu": 6, "silu": 2, "mish": 3, "elu": 3, "leaky_relu": 2, "expm1": 2, "log1p": 2, "rsqrt": 2,
    "sinh": 5, "cosh": 5,
    "_softmax": 2, "_safe_softmax": 2, "_log_softmax": 2, "native_layer_norm": 6, "native_batch_norm": 6,
    "native_group_norm": 6, "huber_loss": 5, "smooth_l1_loss": 5, "binary_cross_entropy": 7, "var": 2, "std": 2,
    "clamp": 2, "cumsum": 1, "cumprod": 1, "prod": 1, "max": 1, "min": 1, "amax": 1, "amin": 1, "mse_loss": 2,
    "linalg_vector_norm": 1, "logsumexp": 1, "logaddexp": 3, "hypot": 4, "max_pool2d_with_indices": 1,
}  # fmt: skip
"""How many nodes an operation makes for each entry of its operand, or of its result where that is larger."""

_PICKED = frozenset(
    {
        "view", "_unsafe_view", "reshape", "_reshape_alias", "expand", "permute", "t", "transpose", "squeeze",
        "unsqueeze", "select", "slice", "narrow", "split", "split_with_sizes", "unsafe_split", "unbind", "cat", "stack",
        "index", "index_select", "gather", "embedding", "tril", "triu", "constant_pad_nd", "where", "masked_fill",
        "alias", "clone", "_to_copy", "contiguous", "lift_fresh_copy", "diagonal", "flip", "roll", "repeat", "sort",
        "topk", "select_scatter", "slice_scatter", "scatter", "index_put", "copy", "fill", "zero", "as_strided",
        "unfold", "_unsafe_index", "view_copy",
    }
)  # fmt: skip
"""What makes no node of its own."""

_DOUBLE_UNIT, _SINGLE_UNIT = 2.0**-52, 2.0**-23

_WITH_SHORT_CONSTANTS = frozenset({"aten.hardsigmoid"})
"""Operations whose slope PyTorch takes from a number in single precision, also for float64."""

_SUMMED = frozenset({"sum", "mean"})


def scalars_of(graph_module: Any) -> int:
    """Return about how many nodes a traced function is expanded to, the tensors of floats it is given included."""
    graph = graph_module.graph
    needed = needed_nodes(graph)
    carried: set[Any] = set()
    count = 0
    for node in graph.nodes:
        if node not in needed or not _is_float(graph_module, node):
            continue
        if node.op == "placeholder" or node.op == "get_attr":
            count += math.prod(_shape(graph_module, node))
            carried.add(node)
        elif node.op == "call_function" and any(each in carried for each in node.all_input_nodes):
            carried.add(node)
            count += _nodes(graph_module, node)
    return count


def coarsest_unit(torch: Any, graph: Any) -> float:
    """Return the step from 1 to the next number where a traced function calculates with the fewest digits."""
    found = {getattr(node.meta.get("tensor_meta"), "dtype", None) for node in graph.nodes}
    units = [float(torch.finfo(dtype).eps) for dtype in found if dtype is not None and dtype.is_floating_point]
    called = {getattr(node.meta.get(NOTED), "operation", "") for node in graph.nodes}
    return max([*units, _DOUBLE_UNIT if called.isdisjoint(_WITH_SHORT_CONSTANTS) else _SINGLE_UNIT])


def _nodes(graph_module: Any, node: Any) -> int:
    name = str(getattr(node.target, "overloadpacket", "")).removeprefix("aten.").removesuffix("_")
    operands = [_shape(graph_module, each) for each in node.all_input_nodes]
    if name in _PICKED or not name:
        return 0
    size = math.prod(_shape(graph_module, node))
    if name in ("mm", "bmm", "mv", "dot", "matmul"):
        return max(size, 1) * (operands[0][-1] + 1)
    if name in ("addmm", "baddbmm", "addmv"):
        return size * (operands[1][-1] + 2)
    if name == "convolution":
        return math.prod(_result_shape(node)) * (math.prod(operands[1][1:]) + 2)
    if name.startswith("_scaled_dot_product"):
        query, key = operands[:2]
        return math.prod(query[:-1]) * key[-2] * (query[-1] + key[-1] + 4)
    if name in _SUMMED:
        return size
    return max([size, *map(math.prod, operands)]) * _NODES_OF_AN_ENTRY.get(name, 1)


def _shape(graph_module: Any, node: Any) -> tuple[int, ...]:
    if node.op == "get_attr":
        return tuple(getattr(graph_module, node.target).shape)
    meta = node.meta.get("tensor_meta")
    return tuple(meta.shape) if hasattr(meta, "shape") else _result_shape(node)


def _result_shape(node: Any) -> tuple[int, ...]:
    result: Any = getattr(node.meta.get(NOTED), "result", None)
    if isinstance(result, tuple) and result:
        result = cast("tuple[Any, ...]", result)[0]
    return tuple(getattr(cast("Any", result), "shape", ()))


def _is_float(graph_module: Any, node: Any) -> bool:
    if node.op == "get_attr":
        constant = getattr(graph_module, node.target)
        return hasattr(constant, "is_floating_point") and bool(constant.is_floating_point())
    meta = node.meta.get("tensor_meta")
    return not hasattr(meta, "dtype") or bool(meta.dtype.is_floating_point)
