"""The contract of the course notebook: what its cells assert must hold for our Scalar."""

import hashlib
import math

import numpy as np
import pytest
from gradwalk.engine.scalar import Scalar


def published_hash(value: float) -> str:
    return hashlib.md5(np.array([round(value, 4)], dtype=np.float32).tobytes()).hexdigest()


def fabc() -> Scalar:
    a, b, c = Scalar(2.0, "a"), Scalar(math.e, "b"), Scalar(3.0, "c")
    return 1 / (a + b.ln()) + 1 / c


class TestTheFirstExercise:
    """f = 1/(a + ln b) + 1/c at (2, e, 3), whose answers were published as hashes."""

    def test_its_value_is_two_thirds(self):
        assert fabc().value == pytest.approx(2 / 3)

    def test_its_partials_are_a_ninth_and_a_ninth_of_1_over_e(self):
        assert fabc().grad(1) == pytest.approx({"a": -1 / 9, "b": -1 / (9 * math.e), "c": -1 / 9})

    @pytest.mark.parametrize(
        ("name", "answer"),
        [
            ("a", "2fb0a82d3fe965c8a0d9ce85970058d8"),
            ("b", "b6bfa6042c097c90ab76a61300d2429a"),
            ("c", "2fb0a82d3fe965c8a0d9ce85970058d8"),
        ],
    )
    def test_its_partials_have_the_published_hashes(self, name: str, answer: str):
        assert published_hash(fabc().grad(1)[name]) == answer

    def test_another_number_has_another_hash(self):
        assert published_hash(-0.1112) != "2fb0a82d3fe965c8a0d9ce85970058d8"


class TestTheNotebooksOtherGraphs:
    def test_a_product_plus_one(self):
        a, b = Scalar(1.0, "a"), Scalar(2.0, "b")
        d = a * b + 1
        assert d.value == 3.0
        assert d.grad(1) == {"a": 2.0, "b": 1.0}

    def test_two_squares(self):
        a, b = Scalar(1.0, "a"), Scalar(3.0, "b")
        d = (b.square() * a + 1).square()
        assert d.value == 100.0
        assert d.grad(1) == {"a": 180.0, "b": 120.0}

    def test_only_sums(self):
        a, b = Scalar(3.0, "a"), Scalar(2.0, "b")
        e = 4 + (b + a)
        assert e.value == 9.0
        assert e.grad(1) == {"a": 1.0, "b": 1.0}

    def test_a_sum_and_a_product(self):
        x, y, z = Scalar(1.0, "x"), Scalar(2.0, "y"), Scalar(3.0, "z")
        f = x + y * z
        assert f.value == 7.0
        assert f.grad(1) == {"x": 1.0, "y": 3.0, "z": 2.0}

    def test_a_chain_with_shared_factors(self):
        w, v, y, z = (Scalar(value, name) for value, name in ((2.0, "w"), (3.0, "v"), (-1.0, "y"), (4.0, "z")))
        c = (w * v + y) * z
        assert c.value == 20.0
        assert c.grad(1) == {"w": 12.0, "v": 8.0, "y": 4.0, "z": 5.0}

    def test_two_neurons_and_their_product(self):
        w1, x1, w2, x2 = (Scalar(v, n) for v, n in ((2.0, "w1"), (-1.0, "x1"), (3.0, "w2"), (2.0, "x2")))
        w3, x3 = Scalar(-2.0, "w3"), Scalar(1.5, "x3")
        h, g = w1 * x1 + w2 * x2, w3 * x3
        e = h * g
        assert e.value == -12.0
        assert e.grad(1) == {"w1": 3.0, "x1": -6.0, "w2": -6.0, "x2": -9.0, "w3": 6.0, "x3": -8.0}


class TestGrad:
    def test_plain_numbers_are_not_in_it(self):
        a, b = Scalar(2.0, "a"), Scalar(5.0, "b")
        assert (a * b * 3).grad(1) == {"a": 15.0, "b": 6.0}

    def test_a_leaf_without_a_name_has_the_key_that_the_walk_shows(self):
        a, nameless = Scalar(2.0, "a"), Scalar(5.0)
        product = a * nameless * 3
        assert product.grad(1) == {"a": 15.0, "tleaf2": 6.0}
        graph = product.graph()
        assert [graph.label(node) for node in range(2)] == list(product.grad(1))

    def test_named_operations_are_not_in_it(self):
        a = Scalar(2.0, "a")
        assert (a * a).named("p").square().grad(1) == {"a": 32.0}

    def test_it_multiplies_by_what_flows_in(self):
        a, b = Scalar(1.0, "a"), Scalar(2.0, "b")
        assert (a * b).grad(-3) == {"a": -6.0, "b": -3.0}

    def test_a_leaf_is_its_own_derivative(self):
        assert Scalar(7.0, "a").grad(1) == {"a": 1.0}

    def test_asking_twice_gives_the_same(self):
        f = fabc()
        assert f.grad(1) == f.grad(1)

    def test_what_was_built_from_a_scalar_later_does_not_count(self):
        a = Scalar(2.0, "a")
        square, _ = a * a, a.exp()
        assert square.grad(1) == {"a": 4.0}

    def test_a_leaf_that_the_result_does_not_use_is_not_in_it(self):
        a, b = Scalar(2.0, "a"), Scalar(3.0, "b")
        _ = a * b
        assert a.square().grad(1) == {"a": 4.0}


class TestNaturalPython:
    """What anybody would try next, at x = 3 and y = 2."""

    @pytest.mark.parametrize(
        ("function", "value", "by_x", "by_y"),
        [
            (lambda x, y: 2 * x + 0 * y, 6.0, 2.0, 0.0),
            (lambda x, y: x / y, 1.5, 0.5, -0.75),
            (lambda x, y: 1 / x + y, 1 / 3 + 2, -1 / 9, 1.0),
            (lambda x, y: 6 / x - y, 0.0, -2 / 3, -1.0),
            (lambda x, y: -x + y, -1.0, -1.0, 1.0),
            (lambda x, y: 5 - x - y, 0.0, -1.0, -1.0),
            (lambda x, y: x**3 * y, 54.0, 54.0, 27.0),
            (lambda x, y: x**2 + y**0.5, 9 + 2**0.5, 6.0, 0.5 / 2**0.5),
            (lambda x, y: x**y, 9.0, 6.0, 9 * math.log(3)),
            (lambda x, y: 2**x * y, 16.0, 16 * math.log(2), 8.0),
            (lambda x, y: abs(-x) * y, 6.0, 2.0, 3.0),
            (lambda x, y: sum([x, y, x]), 8.0, 2.0, 1.0),
            (lambda x, y: (x + 1).sqrt() * y, 4.0, 0.5, 2.0),
            (lambda x, y: (x - 3).exp() * y, 2.0, 2.0, 1.0),
            (lambda x, y: (x - 3).tanh() + y.relu(), 2.0, 1.0, 1.0),
            (lambda x, y: (x - 3).sigmoid() * y, 1.0, 0.5, 0.5),
            (lambda x, y: (x - 3).sin() + (y - 2).cos(), 1.0, 1.0, 0.0),
            (lambda x, y: (x - 3).tan() + y.reciprocal(), 0.5, 1.0, -0.25),
            (lambda x, y: (x - 3).softplus() * y, 2 * math.log(2), 1.0, math.log(2)),
        ],
    )
    def test_operators_and_functions(self, function, value: float, by_x: float, by_y: float):
        result = function(Scalar(3.0, "x"), Scalar(2.0, "y"))
        assert result.value == pytest.approx(value)
        assert result.grad(1) == pytest.approx({"x": by_x, "y": by_y})

    def test_sum_adds_no_node_for_its_start(self):
        terms = [Scalar(float(i), f"x{i}") for i in range(5)]
        assert len(sum(terms).graph()) == 5 + 4

    def test_its_repr_says_value_and_name(self):
        assert repr(Scalar(2.0, "a")) == "Scalar(2.0, 'a')"
        assert repr(Scalar(2.0, "a") * 2) == "Scalar(4.0)"

    def test_text_is_no_operand(self):
        with pytest.raises(TypeError):
            Scalar(2.0, "a") + "1"  # pyright: ignore
