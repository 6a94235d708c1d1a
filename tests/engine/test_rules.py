"""The short ways through a rule: they make no other number, so a test has to look for them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from gradwalk.engine.rules import array_rules, float_rules
from gradwalk.engine.rules.array_rules import NumberByNumber, Ufunc, probe
from gradwalk.engine.rules.ops import CODES, OPS

MAY_RAISE = {"div", "reciprocal", "pow", "sqrt", "exp", "ln", "sin", "cos", "tan"}


def op(name: str):
    return OPS[CODES[name]]


class TestOnFloats:
    @pytest.mark.parametrize("name", ["add", "sub", "mul", "neg", "square"])
    def test_a_rule_that_cannot_raise_is_called_as_it_stands(self, name: str):
        assert float_rules.FORWARD[CODES[name]] is op(name).forward
        assert float_rules.PARTIALS[CODES[name]] == op(name).partials

    def test_sums_and_differences_have_the_same_slopes_everywhere(self):
        constants = {op.name: float_rules.CONSTANT_PARTIALS[code] for code, op in enumerate(OPS)}
        assert {name: slopes for name, slopes in constants.items() if slopes} == {"add": (1.0, 1.0), "sub": (1.0, -1.0)}

    @pytest.mark.parametrize("name", sorted(MAY_RAISE))
    def test_one_that_may_raise_never_does(self, name: str):
        numbers = (0.0, -1.0, 1e308, -1e308, math.inf, math.nan, 5e-324)
        arity = op(name).arity
        for operands in [(a,) for a in numbers] if arity == 1 else [(a, b) for a in numbers for b in numbers]:
            out = float_rules.FORWARD[CODES[name]](*operands)
            for partial in float_rules.PARTIALS[CODES[name]]:
                assert type(partial(*operands, out)) in (float, int)


class TestOnColumns:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("add", (np.add, (0, 1))),
            ("sub", (np.subtract, (0, 1))),
            ("mul", (np.multiply, (0, 1))),
            ("div", (np.divide, (0, 1))),
            ("neg", (np.negative, (0,))),
            ("reciprocal", (np.divide, (1.0, 0))),
            ("square", (np.multiply, (0, 0))),
            ("sqrt", (np.sqrt, (0,))),
        ],
    )
    def test_what_is_one_ufunc_is_called_so(self, name: str, expected):
        found = probe(array_rules.FORWARD[CODES[name]], op(name).arity or 0)
        assert isinstance(found, Ufunc)
        assert (found.function, found.inputs) == expected

    @pytest.mark.parametrize("name", ["relu", "min", "max", "exp", "tanh", "pow"])
    def test_what_is_more_is_not(self, name: str):
        assert probe(array_rules.FORWARD[CODES[name]], op(name).arity or 0) is None

    @pytest.mark.parametrize(
        ("name", "position", "expected"),
        [("add", 1, 1.0), ("sub", 1, -1.0), ("mul", 0, 1), ("mul", 1, 0), ("exp", 0, 1), ("step", 0, 0.0)],
    )
    def test_a_local_derivative_that_is_a_number_or_an_operand_is_known_as_such(self, name, position, expected):
        found = probe(array_rules.PARTIALS[CODES[name]][position], op(name).arity or 0, with_out=True)
        assert found == expected
        assert type(found) is type(expected)

    @pytest.mark.parametrize("name", ["exp", "ln", "sin", "cos", "tan", "tanh", "sigmoid", "softplus", "erf", "pow"])
    def test_functions_that_numpy_rounds_otherwise_go_number_by_number(self, name: str):
        assert isinstance(array_rules.FORWARD[CODES[name]], NumberByNumber)
