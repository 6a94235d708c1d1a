"""`ARRAY_OPS`: all operations on arrays. A new one is an entry in the module of its family."""

from __future__ import annotations

from . import elementwise, shapes
from .array_op import ArrayOp

ARRAY_OPS: dict[str, ArrayOp] = {op.name: op for family in (elementwise, shapes) for op in family.OPERATIONS}
