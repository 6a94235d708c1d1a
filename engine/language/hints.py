"""What to write instead of what expressions do not have: signs, and functions that are known by another name."""

from __future__ import annotations

import re

TYPOGRAPHIC_QUOTES = "“”„‟«»‘’‚‛‹›″′＂"

_CUBE_ROOT = "the cube root of x > 0 is written x^(1/3)"

NOT_ALLOWED: dict[str, str] = {
    ".": "attribute access is not part of an expression",
    "[": "subscripts are not part of an expression",
    "]": "subscripts are not part of an expression",
    "'": "strings are not part of an expression",
    '"': "strings are not part of an expression",
    "`": "strings are not part of an expression",
    "=": "an expression has no = in it: leave out what stands before it",
    "<": "comparisons are not part of an expression",
    ">": "comparisons are not part of an expression",
    "{": "braces are not part of an expression",
    "}": "braces are not part of an expression",
    ":": "a colon is not part of an expression",
    "|": "the absolute value is written abs(x)",
    "√": "the square root is written sqrt(x)",
    "∛": _CUBE_ROOT,
    "∑": "a sum is written sum(x, y, z)",
    "∞": "infinity is no number to compute with",
    **dict.fromkeys(TYPOGRAPHIC_QUOTES, "quotes are not part of an expression: write straight ones around it"),
}
"""What is said of a character that no expression has."""

_LOGARITHM = "the natural logarithm is written ln(x)"
_NO_INVERSE = "the inverse of {} is not among the functions, which are {{}}"

_INSTEAD: dict[str, str] = {
    "log": _LOGARITHM,
    "loge": _LOGARITHM,
    "log10": f"{_LOGARITHM}; log10(x) is ln(x)/ln(10)",
    "lg": f"{_LOGARITHM}; lg(x) is ln(x)/ln(10)",
    "log2": f"{_LOGARITHM}; log2(x) is ln(x)/ln(2)",
    "ld": f"{_LOGARITHM}; ld(x) is ln(x)/ln(2)",
    "lb": f"{_LOGARITHM}; lb(x) is ln(x)/ln(2)",
    "log1p": "log1p(x) is ln(1 + x)",
    "expm1": "expm1(x) is exp(x) - 1",
    "exp2": "exp2(x) is 2^x",
    "σ": "the logistic function is written sigmoid(x)",
    "sigma": "the logistic function is written sigmoid(x)",
    "sigm": "the logistic function is written sigmoid(x)",
    "logistic": "the logistic function is written sigmoid(x)",
    "expit": "the logistic function is written sigmoid(x)",
    "logit": "logit(p) is ln(p/(1 - p))",
    "logsigmoid": "logsigmoid(x) is -softplus(-x)",
    "sinh": "sinh(x) is (exp(x) - exp(-x))/2",
    "cosh": "cosh(x) is (exp(x) + exp(-x))/2",
    "coth": "coth(x) is 1/tanh(x)",
    "sech": "sech(x) is 2/(exp(x) + exp(-x))",
    "csch": "csch(x) is 2/(exp(x) - exp(-x))",
    **dict.fromkeys(("asinh", "arsinh", "arcsinh"), "arsinh(x) is ln(x + sqrt(x^2 + 1))"),
    **dict.fromkeys(("acosh", "arcosh", "arccosh"), "arcosh(x) is ln(x + sqrt(x^2 - 1))"),
    **dict.fromkeys(("atanh", "artanh", "arctanh"), "artanh(x) is ln((1 + x)/(1 - x))/2"),
    "cot": "cot(x) is 1/tan(x)",
    "cotan": "cot(x) is 1/tan(x)",
    "sec": "sec(x) is 1/cos(x)",
    "csc": "csc(x) is 1/sin(x)",
    "cosec": "csc(x) is 1/sin(x)",
    **dict.fromkeys(("asin", "arcsin"), _NO_INVERSE.format("sin")),
    **dict.fromkeys(("acos", "arccos"), _NO_INVERSE.format("cos")),
    **dict.fromkeys(("atan", "arctan", "atan2", "arctan2", "arctg"), _NO_INVERSE.format("tan")),
    "tg": "the tangent is written tan(x)",
    "th": "the hyperbolic tangent is written tanh(x)",
    "cbrt": _CUBE_ROOT,
    "root": "the square root is written sqrt(x), any other, for x > 0, x^(1/n)",
    "sqr": "the square is written x^2",
    "sq": "the square is written x^2",
    "cube": "the cube is written x^3",
    "power": "a power is written x^n",
    "inv": "the reciprocal is written 1/x",
    "hypot": "hypot(x, y) is sqrt(x^2 + y^2)",
    "norm": "the norm is written sqrt(x^2 + y^2)",
    "prod": "a product is written x*y*z",
    "dot": "a dot product is written x1*y1 + x2*y2",
    "Σ": "a sum is written sum(x, y, z)",
    "add": "a sum is written x + y",
    "sub": "a difference is written x - y",
    "mul": "a product is written x*y",
    "div": "a quotient is written x/y",
    "neg": "the negative is written -x",
    "fabs": "the absolute value is written abs(x)",
    "absolute": "the absolute value is written abs(x)",
    "maximum": "the maximum is written max(x, y)",
    "minimum": "the minimum is written min(x, y)",
    "clamp": "clamp(x, 0, 1) is min(max(x, 0), 1)",
    "clip": "clip(x, 0, 1) is min(max(x, 0), 1)",
    "average": "the mean is written mean(x)",
    "avg": "the mean is written mean(x)",
    "heaviside": "the unit step is written step(x)",
    "sgn": "the sign is written sign(x)",
    "signum": "the sign is written sign(x)",
    "softmax": "softmax of x and y is exp(x)/(exp(x) + exp(y))",
    "logsumexp": "logsumexp(x, y) is ln(exp(x) + exp(y))",
    "softsign": "softsign(x) is x/(1 + abs(x))",
    **dict.fromkeys(("leakyrelu", "lrelu"), "a leaky relu is written max(x, 0.01*x)"),
    "relu6": "relu6(x) is min(relu(x), 6)",
    "elu": "elu(x) is max(x, 0) + min(exp(x) - 1, 0)",
    **dict.fromkeys(("silu", "swish"), "silu(x) is x*sigmoid(x)"),
    "gelu": "gelu(x) is about x*sigmoid(1.702*x)",
    "hinge": "the hinge loss is written relu(1 - y*score)",
    "mse": "the mean squared error is written mean((h - y)^2)",
    "rmse": "the root of the mean squared error is written sqrt(mean((h - y)^2))",
    "mae": "the mean absolute error is written mean(abs(h - y))",
    "sse": "the sum of squared errors is written sum((h - y)^2)",
    **dict.fromkeys(("bce", "crossentropy", "logloss"), "cross-entropy is written -mean(y*ln(p) + (1 - y)*ln(1 - p))"),
}
"""What to write instead of a function that expressions do not have, by its name in lower case without _."""

_LINEAR = "leave activation out: then a neuron is its weighted sum"

_ACTIVATIONS: dict[str, str] = {
    **dict.fromkeys(("linear", "identity", "none", "id"), _LINEAR),
    **dict.fromkeys(("logistic", "σ", "sigma", "sigm", "expit"), 'the logistic function is called "sigmoid"'),
    "softmax": 'for two classes take one unit with "sigmoid"',
    **dict.fromkeys(("leakyrelu", "lrelu"), "leave activation out, and write max(z, 0.01*z) in [prediction]"),
}

_OPTIMIZERS: dict[str, str] = {
    **dict.fromkeys(
        ("gd", "gradientdescent", "steepestdescent", "vanilla", "batch"), 'gradient descent is called "sgd"'
    ),
    **dict.fromkeys(("sgdm", "heavyball"), 'gradient descent with momentum is called "momentum"'),
    **dict.fromkeys(("nesterov", "nag"), 'the nearest is "momentum"'),
    **dict.fromkeys(("adamw", "adamax", "nadam", "amsgrad"), 'the nearest is "adam"'),
}

_MODULE = re.compile(r"(?<![\w.])(?:np|numpy|jnp|math|torch|tf|F|nn|K|keras|sympy|sp)$")


def function_elsewhere(name: str, functions: str) -> str:
    """Say what to write instead of a function; empty where nothing is known. `functions` lists those there are."""
    return (_INSTEAD.get(name) or _INSTEAD.get(_plain(name), "")).format(functions)


def activation_elsewhere(name: str) -> str:
    """Say what to write instead of an activation; empty where nothing is known."""
    return _ACTIVATIONS.get(_plain(name), "")


def optimizer_elsewhere(name: str) -> str:
    """Say what to write instead of an optimizer; empty where nothing is known."""
    return _OPTIMIZERS.get(_plain(name), "")


def module_prefix(before: str) -> str:
    """Return the name of a library that `before`, the text before a point, ends with; empty where it does not."""
    found = _MODULE.search(before)
    return found[0] if found else ""


def straight(text: str) -> str:
    """Return a text with straight quotes in place of typographic ones."""
    return re.sub(r"[‘’‚‛‹›′]", "'", re.sub(r"[“”„‟«»″＂]", '"', text))


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")
