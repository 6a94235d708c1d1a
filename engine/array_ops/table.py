"""`ARRAY_OPS`: all operations on arrays. A new one is an entry in the module of its family."""

from __future__ import annotations

from . import choosing, elementwise, products, reductions, shapes, windows
from .array_op import ArrayOp

_FAMILIES = (elementwise, reductions, products, shapes, choosing, windows)

ARRAY_OPS: dict[str, ArrayOp] = {op.name: op for family in _FAMILIES for op in family.OPERATIONS}
