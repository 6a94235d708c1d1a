import mpmath
import numpy as np
import pytest
from gradwalk.engine.study.drill_functions import RULES, fair_function
from gradwalk.engine.study.drill_random import SeededRandom, SplitMix64

from .drill_numbers import gradient, is_readable, values

SIZES = (2, 3, 4)


def test_the_numbers_are_those_that_are_published_for_the_generator() -> None:
    numbers = SplitMix64(1234567)
    assert [numbers.next() for _ in range(5)] == [
        6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
    ]  # fmt: skip


def test_weights_are_kept_to() -> None:
    random = SeededRandom(7)
    drawn = [random.weighted([("a", 3), ("never", 0), ("b", 1)]) for _ in range(4_000)]
    assert "never" not in drawn
    assert 2_850 < drawn.count("a") < 3_150
    assert sorted(random.shuffled("gradient")) == sorted("gradient")


def test_a_seed_gives_the_same_functions_everywhere() -> None:
    drawn = [fair_function(SeededRandom(seed), SIZES)[0] for seed in (0, 1, 2)]
    assert [(dict(one.inputs), dict(one.nodes)) for one in drawn] == [
        ({"u": "1/2", "v": "pi/2"}, {"p": "u + 1", "q": "-v", "f": "p*q"}),
        ({"u": "3/2"}, {"p": "-2*u", "f": "u*p"}),
        ({"u": "1/2", "v": 4}, {"p": "v*u", "q": "p^3", "r": "v - u", "f": "max(r, q)"}),
    ]


@pytest.mark.parametrize("rule", ["", *RULES])
def test_every_number_of_a_function_is_short_and_right(rule: str) -> None:
    for seed in range(2):
        definition, trace = fair_function(SeededRandom(seed, len(rule)), SIZES, rule)
        graph = trace.graph
        with mpmath.workdps(40):
            found = values(definition)
            for node in range(len(graph)):
                value = found.get(graph.label(node))
                if value is not None:  # a number that stands in an expression has no name
                    assert is_readable(value), (definition, graph.label(node), value)
                    assert abs(value - trace.values.item(node)) < 1e-12
            for leaf in np.flatnonzero(graph.carries_gradient[: graph.leaf_count]).tolist():
                slope = gradient(definition, graph.label(leaf))
                assert abs(slope - trace.backward.gradients.item(leaf)) < 1e-9
        if rule:
            assert rule in {op.name for op in map(graph.op, range(len(graph))) if op is not None}


def test_what_is_not_short_is_told() -> None:
    with mpmath.workdps(40):
        assert not any(map(is_readable, (mpmath.mpf("0.123456"), 1 / (1 + mpmath.e))))
        assert all(map(is_readable, (mpmath.mpf(-7) / 36, 2 * mpmath.e**2 / 3, 2 - mpmath.pi, mpmath.sqrt(3) / 2)))


def test_every_input_counts_and_no_two_numbers_of_a_function_are_mixed_up() -> None:
    for seed in range(40):
        definition, _ = fair_function(SeededRandom(seed), SIZES)
        text = " ".join(map(str, definition.nodes.values()))
        assert all(name in text for name in definition.inputs)
        if "relu" not in text and "max" not in text:  # these return an operand as it is
            shown = [round(float(value), 9) for value in values(definition).values()]
            assert len({*shown}) == len(shown)
