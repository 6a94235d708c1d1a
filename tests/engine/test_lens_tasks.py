"""Questions about steps of arrays: what is read, what is right, and which mistakes are told by shape and by number."""

from __future__ import annotations

import numpy as np
import pytest
from gradwalk.engine.array_formulas.evaluate import evaluate
from gradwalk.engine.array_formulas.formula import ArrayName
from gradwalk.engine.errors import ExpressionError, GradwalkError
from gradwalk.engine.lens.array_diagnosis import mistake_site, wrong_rules
from gradwalk.engine.lens.array_task import ArrayTask, Asks
from gradwalk.engine.lens.mistakes.table import ARRAY_MISTAKES
from gradwalk.engine.lens.reading import read_formula, read_rows
from gradwalk.engine.lens.walk import ArrayWalk
from gradwalk.engine.study.attempt import Attempt, Outcome
from gradwalk.engine.study.verdict import Verdict

from .lens_networks import Recorder, two_layers
from .test_lens_compounds import MADE


@pytest.fixture(scope="module")
def layers() -> ArrayWalk:
    make = Recorder()
    return make.walk(two_layers(make))


def compound(name: str) -> ArrayWalk:
    make = Recorder(7)
    return make.walk(MADE[name](make))


def task_of(walk: ArrayWalk, name: str) -> ArrayTask:
    number = next(k for k in range(walk.seed_step + 1, walk.total + 1) if walk.step(k).name == name)
    return ArrayTask(walk, number, Asks.RULE)


def judged(walk: ArrayWalk, name: str, answer: str) -> Verdict:
    return task_of(walk, name).judge(answer)


@pytest.mark.parametrize("name", [None, *MADE])
def test_the_solution_of_every_question_is_right_and_there_are_hints(name: str | None, layers: ArrayWalk) -> None:
    walk = layers if name is None else compound(name)
    for number in range(1, walk.total + 1):
        task = ArrayTask.at(walk, number)
        assert (task is None) == (number == walk.seed_step)
        if task is not None:
            assert task.judge(task.solution).right
            assert task.prompt.endswith("?")
            assert task.hints


@pytest.mark.parametrize(
    "answer",
    ["T4.T @ dL/dT5", "T4ᵀ · ∂L/∂T5", "np.dot(T4.T, G)", "T4.T @ dT5", "matmul(transpose(T4), dL_dT5)", "(G.T @ T4).T",
     "T4.T @ (T5 - Y) * 2 / 8"],
)  # fmt: skip
def test_a_rule_is_right_in_any_form(layers: ArrayWalk, answer: str) -> None:
    assert judged(layers, "∂L/∂W2", answer).right


def test_rows_of_numbers_are_right_where_every_entry_is(layers: ArrayWalk) -> None:
    task = task_of(layers, "∂L/∂W2")
    rows = "; ".join(" ".join(f"{number:.5g}" for number in row) for row in task.numbers)
    assert task.judge(rows).right
    assert task.judge(str([[float(f"{number:.6g}") for number in row] for row in task.numbers.tolist()])).right
    wrong = task.numbers.copy()
    wrong[1, 0] += 1
    verdict = task.judge("; ".join(" ".join(f"{number:.5g}" for number in row) for row in wrong))
    assert not verdict.right and not verdict.mistakes
    assert "∂L/∂W2[1,0] is not right" in verdict.sentence


def test_rounding_noise_beside_a_0_is_no_mistake() -> None:
    make = Recorder()
    walk = make.walk(make("sum", make("sin", make.given("W", np.array([[np.pi / 2, 0.0]])))))
    task = task_of(walk, "∂L/∂W")
    assert 0 < abs(task.numbers[0, 0]) < 1e-15
    assert task.judge("0 1").right


TOLD = [
    ("∂L/∂W2", "T4 @ G", "wrong-transpose", "the left has 5 columns and the right 4 rows"),
    ("∂L/∂W2", "G.T @ T4", "wrong-transpose", "This is ∂L/∂W2 transposed: ∂L/∂W2 has the shape of W2, (5, 2)"),
    ("∂L/∂W2", "8 * T4.T @ G", "mean-forgotten", "L is a mean of 8: the factor 1/8 is missing"),
    ("∂L/∂W2", "-(T4.T @ G)", "sign", "The sign is wrong"),
    ("∂L/∂W1", "G", "transpose-forgotten", "has to be transposed back to (5, 3)"),
    ("∂L/∂b1", "G", "batch-sum-forgotten", "have to be added over axis 0"),
    ("∂L/∂b1", "G.mean(axis=0)", "batch-sum-forgotten", "this is their mean"),
    ("∂L/∂b1", "G[0]", "batch-sum-forgotten", "the one of the first alone"),
    ("∂L/∂T7", "broadcast_to(G, (4, 2))", "mean-forgotten", "the factor 1/8 is missing"),
    ("∂L/∂T7", "G / 8", "spread-forgotten", "every entry of T7 (4, 2) gets it"),
    ("∂L/∂T3", "G", "local-forgotten", "the local derivative of tanh"),
    ("∂L/∂T3", "1 - T4**2", "upstream-forgotten", "the upstream gradient ∂L/∂T4 is not multiplied"),
]


@pytest.mark.parametrize(("name", "answer", "mistake", "words"), TOLD)
def test_a_mistake_is_told(layers: ArrayWalk, name: str, answer: str, mistake: str, words: str) -> None:
    verdict = judged(layers, name, answer)
    assert not verdict.right
    assert verdict.mistakes == (mistake,)
    assert words in verdict.sentence


@pytest.mark.parametrize(
    ("made", "name", "answer", "mistake"),
    [
        ("cross_entropy", "∂L/∂Z", "P / 4", "targets-forgotten"),
        ("cross_entropy", "∂L/∂Z", "P - Y", "mean-forgotten"),
        ("softmax", "∂L/∂Z", "G * T1 * (1 - T1)", "softmax-diagonal"),
        ("layer_norm", "∂L/∂x", "G * g / σ", "statistics-forgotten"),
        ("layer_norm", "∂L/∂g", "G * x̂", "batch-sum-forgotten"),
    ],
)
def test_a_mistake_with_a_compound_is_told(made: str, name: str, answer: str, mistake: str) -> None:
    verdict = judged(compound(made), name, answer)
    assert not verdict.right and mistake in verdict.mistakes


def test_a_wrong_transpose_of_a_square_is_told_by_its_numbers() -> None:
    make = Recorder()
    walk = make.walk(two_layers(make, samples=3, inputs=3, hidden=3, outputs=3))
    task = task_of(walk, "∂L/∂W2")
    assert "wrong-transpose" in task.judge("T4 @ G").mistakes
    turned = task.numbers.T
    verdict = task.judge("; ".join(" ".join(f"{number:.6g}" for number in row) for row in turned))
    assert "transposed" in verdict.sentence and verdict.mistakes == ("wrong-transpose",)


def test_a_mistake_in_one_entry_is_told_where_it_has_digits_enough(layers: ArrayWalk) -> None:
    whole = task_of(layers, "∂L/∂W2")
    right = float(whole.numbers[1, 0])
    task = ArrayTask(layers, whole.number, Asks.ENTRY, (1, 0))
    assert task.judge(f"{right:.4g}").right
    assert task.judge(f"{8 * right:.5g}").mistakes == ("mean-forgotten",)
    assert not task.judge(f"{8 * right:.1g}").mistakes


def test_no_wrong_rule_is_the_right_one_and_each_says_why(layers: ArrayWalk) -> None:
    make = Recorder()
    square = make.walk(two_layers(make, samples=3, inputs=3, hidden=3, outputs=3))
    seen: set[str] = set()
    for walk in (layers, square, *map(compound, ("cross_entropy", "softmax", "layer_norm"))):
        for number in range(walk.seed_step + 1, walk.total + 1):
            step = walk.step(number)
            site = mistake_site(walk.graph, step)
            assert site is not None
            for identity, _, sentence in wrong_rules(site):
                seen.add(identity)
                assert sentence.endswith(".")
                assert identity in ARRAY_MISTAKES
    assert seen >= {"wrong-transpose", "batch-sum-forgotten", "mean-forgotten", "mean-too-many", "matrix-product"}


def test_what_nothing_explains_accuses_nobody(layers: ArrayWalk) -> None:
    verdict = judged(layers, "∂L/∂T3", "G * (1 - T4) * 0.37")
    assert not verdict.right and not verdict.findings
    assert verdict.sentence == "That is not it, and none of the mistakes known here gives it."


def test_a_formula_that_is_right_at_these_numbers_alone_is_remarked_on() -> None:
    make = Recorder()
    w = make.given("W", np.array([[1.0, 1.0], [1.0, 1.0]]))
    walk = make.walk(make("sum", make("square", w)))
    assert not judged(walk, "∂L/∂W", "2 * G * W").remark
    assert "right here by chance" in judged(walk, "∂L/∂W", "2 * G").remark


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("foo @ G", '"foo" is no array'),
        ("T4.T @", "cannot be read as a formula"),
        ("__import__('os')", "cannot be read"),
        ("T4.__class__", "cannot be read"),
        ("sum(G, axis=7)", "no such axis"),
        ("G[9]", "no such entries"),
        ("frobnicate(G)", "no function that is known"),
        ("[x for x in G]", "cannot be read"),
        ("broadcast_to(G, (9999, 9999, 4, 2)) * 2", "too large"),
        ("outer(outer(outer(X, X), outer(X, X)), outer(outer(X, X), outer(X, X)))", "too large"),
        ("(" * 300, "cannot be read"),
        ("G + " * 600, "too long"),
    ],
)
def test_what_cannot_be_read_says_so(layers: ArrayWalk, answer: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        judged(layers, "∂L/∂W2", answer)


def test_a_shape_is_asked_for_on_the_way_forward(layers: ArrayWalk) -> None:
    task = ArrayTask.at(layers, 2)
    assert task is not None and task.prompt == "What is the shape of T2 = X · T1?"
    assert task.judge("4, 5").right and task.judge("(4, 5)").right and task.judge("4x5").right
    assert "a row for each of the 4" in task.judge("(3, 5)").sentence
    with pytest.raises(ExpressionError, match="no shape"):
        task.judge("four by five")


def test_a_task_is_worked_at_like_any_other(layers: ArrayWalk) -> None:
    attempt = Attempt(task_of(layers, "∂L/∂W2"))
    attempt = attempt.answered("G.T @ T4").hinted().answered("T4.T @ G")
    assert attempt.outcome is Outcome.HELPED


def test_the_seed_and_what_has_no_such_entry_are_not_asked_for(layers: ArrayWalk) -> None:
    assert ArrayTask.at(layers, layers.seed_step) is None
    with pytest.raises(GradwalkError, match="no rule in matrix form"):
        ArrayTask(layers, 1, Asks.RULE)
    with pytest.raises(GradwalkError, match="no such entry"):
        ArrayTask(layers, 2, Asks.ENTRY)


def test_formulas_are_computed_as_numpy_does() -> None:
    random = np.random.default_rng(0)
    x, g = random.normal(size=(4, 3)), random.normal(size=(4, 2))
    names = {"X": ArrayName("X", (4, 3)), "G": ArrayName("G", (4, 2))}
    for text, expected in [
        ("X.T @ G / 2", x.T @ g / 2),
        ("sum(X**2, axis=1)", (x**2).sum(axis=1)),
        ("X.mean(0) - 1", x.mean(axis=0) - 1),
        ("softmax(X)", np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)),
        ("exp(-X) * 2·X", np.exp(-x) * 2 * x),
        ("X ⊙ X", x * x),
        ("X[1:3, 0] ⊗ G[0]", np.outer(x[1:3, 0], g[0])),
        ("np.sum(X, axis=(0, 1))", x.sum()),
        ("X.sum(axis=1, keepdims=True) * X", x.sum(axis=1, keepdims=True) * x),
        ("reshape(X, (2, 6)).T", x.reshape(2, 6).T),
    ]:
        np.testing.assert_allclose(evaluate(read_formula(text, names), {"X": x, "G": g}), expected)


@pytest.mark.parametrize(
    ("text", "rows"),
    [("1 2; 3 4", [[1, 2], [3, 4]]), ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]), ("(1,2,3)", [[1, 2, 3]]),
     ("-0.5", [[-0.5]]), ("1 2; 3", None), ("X", None), ("", None), ("1-2", None)],
)  # fmt: skip
def test_rows_are_read(text: str, rows: list[list[float]] | None) -> None:
    found = read_rows(text)
    assert (None if found is None else [[float(number) for number in row] for row in found]) == rows
