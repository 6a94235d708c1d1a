"""Which operations are functions of something inside them, as the chain rule sees them."""

FUNCTIONS = frozenset(
    {
        (name, 0)
        for name in (
            "reciprocal", "pow", "square", "sqrt", "exp", "ln", "sin", "cos", "tan", "tanh", "sigmoid", "softplus",
        )
    }
)  # fmt: skip
"""By operation and position of the operand: it stands inside the function, as s does in 1/s, s³ and ln(s)."""
