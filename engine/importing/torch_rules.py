"""`RULES`: what each basic operation of PyTorch is, in operations on arrays that gradwalk has.

A new one is an entry in a family. An operation that gives whole numbers or comparisons needs none: PyTorch calculates
it. What has no entry is taken apart where PyTorch knows how.
"""

from __future__ import annotations

from . import torch_elementwise, torch_layers, torch_movements, torch_products, torch_reductions
from .torch_reader import Rule

RULES: dict[str, Rule] = {
    **torch_elementwise.RULES,
    **torch_reductions.RULES,
    **torch_movements.RULES,
    **torch_products.RULES,
    **torch_layers.RULES,
}
