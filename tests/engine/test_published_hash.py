"""Answers of which only the hash is published, as in the course notebook: judged by that alone."""

from __future__ import annotations

import hashlib
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from gradwalk.engine.checking.published_hash import is_hash_of, round_and_hash
from gradwalk.engine.reading.scenario import read
from gradwalk.engine.study.exercise_task import ExerciseTask, exercise_tasks
from gradwalk.engine.study.stated_answers import check_answers
from gradwalk.engine.walk.trace import Trace
from hypothesis import given, settings

OF_A_AND_C = "2fb0a82d3fe965c8a0d9ce85970058d8"
OF_B = "b6bfa6042c097c90ab76a61300d2429a"
"""Published by the notebook for its function at 2, e, 3; nobody has told what they are the hashes of."""

GRAPH = '[graph]\nl = "ln(b)"\ns = "a + l"\nr = "1/s"\nq = "1/c"\nf = "r + q"\n'


def exercise(ask: str, published: str, more: str = "", a: str = "2") -> ExerciseTask:
    inputs = f'title = "T"\n[inputs]\na = {a}\nb = "e"\nc = 3\n'
    made = read("t.toml", f'{inputs}{GRAPH}[[exercise]]\nask = "{ask}"\nhash = "{published}"\n{more}'.encode())
    (task,) = exercise_tasks(made, Trace(made.graph))
    return task


class TestTheNotebook:
    def test_the_right_numbers_have_its_hashes(self):
        assert is_hash_of(OF_A_AND_C, -1 / 9, 4)
        assert is_hash_of(OF_B, -1 / (9 * math.e), 4)
        assert is_hash_of(OF_B.upper(), -0.0409, 4)

    @pytest.mark.parametrize("wrong", [1 / 9, -1 / 3, -1 / 9 / math.e, 0, -0.1112, -0.111, math.nan, math.inf])
    def test_wrong_numbers_do_not(self, wrong: float):
        assert not is_hash_of(OF_A_AND_C, wrong, 4)

    @pytest.mark.parametrize(
        ("ask", "published", "right", "wrong"),
        [
            ("∂f/∂a", OF_A_AND_C, ["-1/9", "-0.1111", "-1/s²", "-0.111"], ["1/9", "-1/3", "-0.1112", "0", "undefined"]),
            ("∂f/∂b", OF_B, ["-1/(9e)", "-0.0409", "-1/9·1/e", "-0.04088"], ["-1/9", "-0.041", "1/(9e)"]),
            ("∂f/∂c", OF_A_AND_C, ["-1/9", "-1/c^2", "-q*q"], ["1/3", "-0.112"]),
        ],
    )
    def test_its_exercise_is_judged(self, ask: str, published: str, right: list[str], wrong: list[str]):
        task = exercise(ask, published)
        assert [answer for answer in right if not task.judge(answer).right] == []
        assert [answer for answer in wrong if task.judge(answer).right] == []

    def test_a_wrong_answer_is_explained_all_the_same(self):
        assert exercise("∂f/∂a", OF_A_AND_C).judge("1/9").mistakes == ("sign",)


class TestAnAnswerThatNobodyKnows:
    """The walk stands at another point than the hash: only the hash is left."""

    def test_the_hash_alone_judges(self):
        task = exercise("∂f/∂a", OF_A_AND_C, a="5")
        assert task.judge("-1/9").right
        assert not task.judge("-1/36").right  # the walk's own number
        assert not task.judge("-0.111").right

    def test_nothing_is_given_away_and_nobody_accused(self):
        task = exercise("∂f/∂a", OF_A_AND_C, a="5")
        assert task.solution == ""
        assert task.judge("1/9").findings == ()

    def test_check_says_that_it_differs(self):
        for value, agrees in (("2", True), ("5", False)):
            task = exercise("∂f/∂a", OF_A_AND_C, a=value)
            trace = task.task.trace  # pyright: ignore[reportAttributeAccessIssue]
            (found,) = check_answers(trace.graph, trace.numbers, [task.exercise])
            assert (found.agrees, found.hash, found.answer) == (agrees, OF_A_AND_C, None)


class TestRounding:
    def test_it_is_the_md5_of_one_float_of_32_bits(self):
        data = np.array([round(-1 / 9, 4)], dtype=np.float32)
        assert round_and_hash(-1 / 9, 4) == hashlib.md5(data.tobytes()).hexdigest()

    @given(st.integers(-(10**6), 10**6), st.integers(0, 6), st.floats(-1e-13, 1e-13))
    @settings(max_examples=100, deadline=None)
    def test_on_an_edge_the_last_bits_decide_nothing(self, whole: int, decimals: int, off: float):
        edge = (whole + 0.5) / 10**decimals
        published = round_and_hash(edge, decimals)
        assert is_hash_of(published, edge * (1 + off), decimals)
        assert not is_hash_of(published, (whole + 2.5) / 10**decimals, decimals)

    @pytest.mark.parametrize("value", [-9.77085027, 7.19265051, 179.18733987, 194.16866081, 1.5])
    def test_it_may_be_rounded_as_a_float_of_64_bits_or_of_32(self, value: float):
        """The notebook's function rounds the array, which can make another last bit: so it does for 0.2 % below 10."""
        rounded_before = np.array([round(value, 4)], dtype=np.float32)
        rounded_after = np.array([value], dtype=np.float32).round(decimals=4)
        for array in (rounded_before, rounded_after):
            assert is_hash_of(hashlib.md5(array.tobytes()).hexdigest(), value, 4)
            assert not is_hash_of(hashlib.md5(array.tobytes()).hexdigest(), value + 0.0002, 4)

    def test_zero_has_no_sign(self):
        assert is_hash_of(round_and_hash(0.0, 4), -0.00001, 4)
        assert is_hash_of(round_and_hash(-0.0, 4), 0.0, 4)

    def test_its_decimals_can_be_chosen(self):
        task = exercise("∂f/∂a", round_and_hash(-1 / 9, 2), "decimals = 2\n")
        assert task.judge("-0.11").right
        assert not task.judge("-0.12").right
