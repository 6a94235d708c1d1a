"""Random expressions as text."""

from __future__ import annotations

import hypothesis.strategies as st
from gradwalk.engine.rules.ops import CODES, OPS

FUNCTIONS = [op.name for op in OPS if not op.infix and op.name not in ("pow", "square", "reciprocal")]
"""Those three are also written as operators, and are read as these."""


def _call(name: str, arguments: list[str]) -> str:
    arity = OPS[CODES[name]].arity or len(arguments)
    return f"{name}({', '.join(arguments[:arity])})"


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "y", "w_1", "α", "1", "2", "3", "0.5", "1e-07", "2.5e+20", "0.1234567890123"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/^"), inner).map(lambda parts: "({}){}({})".format(*parts)),
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(" ".join),
        st.tuples(st.sampled_from(FUNCTIONS), st.lists(inner, min_size=2, max_size=3)).map(lambda call: _call(*call)),
        inner.map("-({})".format),
        inner.map("({})²".format),
    ),
    max_leaves=10,
)
