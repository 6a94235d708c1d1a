"""`RULES`: what each primitive of JAX is, in operations on arrays that gradwalk has. A new one is an entry in a family.

A primitive that gives whole numbers or comparisons needs none: it is calculated by JAX.
"""

from __future__ import annotations

from . import jax_calls, jax_elementwise, jax_movements, jax_products
from .jax_reader import Rule

RULES: dict[str, Rule] = {
    **jax_elementwise.RULES,
    **jax_movements.RULES,
    **jax_products.RULES,
    **jax_calls.RULES,
}

CALLS = jax_calls.RULES
"""Those of them that call other functions, also with what is concrete alone."""
