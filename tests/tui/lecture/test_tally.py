"""The counts of a lecture: each learner once, whatever they send, and the same on one machine as on several."""

from __future__ import annotations

from collections import Counter

import pytest
from gradwalk.tui.lecture.messages import (
    MOST_BYTES,
    Answered,
    Counted,
    MessageError,
    Mistakes,
    PartCount,
    Tally,
    encoded,
    to_server,
    to_session,
)
from gradwalk.tui.lecture.tally import MOST_KINDS, AnswerCount, summed
from hypothesis import given
from hypothesis import strategies as st

QUESTION = 7


def counting(*answers: tuple[str, Answered]) -> AnswerCount:
    count = AnswerCount()
    count.ask(QUESTION)
    for who, answered in answers:
        count.answered(who, answered)
    return count


def test_a_wrong_answer_that_is_mended_is_counted_once_and_its_mistake_stays() -> None:
    count = counting(("a", Answered(QUESTION, 0, "wrong", ("sign",))))
    assert count.tally(["a", "b"]) == Tally(QUESTION, 2, (PartCount(wrong=1, mistakes=(Mistakes(("sign",), 1),)),))
    assert count.answered("a", Answered(QUESTION, 0, "helped", ("sign",)))
    assert count.tally(["a", "b"]) == Tally(QUESTION, 2, (PartCount(helped=1, mistakes=(Mistakes(("sign",), 1),)),))


def test_an_answer_that_is_sent_twice_changes_nothing() -> None:
    count = counting(("a", Answered(QUESTION, 0, "right")))
    assert not count.answered("a", Answered(QUESTION, 0, "right"))
    assert count.tally(["a"]).parts == (PartCount(right=1),)


def test_an_answer_to_another_question_is_not_counted() -> None:
    count = counting()
    assert not count.answered("a", Answered(QUESTION - 1, 0, "right"))
    assert not AnswerCount().answered("a", Answered(0, 0, "right")), "nothing was asked"
    assert count.tally(["a"]) == Tally(QUESTION, 1)


def test_the_next_question_begins_with_nothing_and_the_same_one_goes_on() -> None:
    count = counting(("a", Answered(QUESTION, 0, "right")))
    assert not count.ask(QUESTION)
    assert count.tally(["a"]).parts
    assert count.ask(QUESTION + 1)
    assert count.tally(["a"]) == Tally(QUESTION + 1, 1)


def test_who_walks_alone_after_an_answer_still_counts_and_whose_session_ended_does_not() -> None:
    count = counting(("a", Answered(QUESTION, 0, "right")), ("b", Answered(QUESTION, 0, "skipped")))
    assert count.tally(["b", "c"]).followers == 3
    assert count.left("a")
    assert not count.left("a")
    assert count.tally(["b", "c"]) == Tally(QUESTION, 3 - 1, (PartCount(skipped=1),))


def test_a_part_that_only_later_ones_come_after_is_counted_as_nothing() -> None:
    count = counting(("a", Answered(QUESTION, 2, "right")))
    assert count.tally([]).parts == (PartCount(), PartCount(), PartCount(right=1))


def test_answered_are_those_who_gave_an_answer() -> None:
    assert PartCount(right=3, helped=2, wrong=1, skipped=9).answered == 6


answers = st.builds(
    Answered,
    question=st.sampled_from([QUESTION, QUESTION - 1]),
    part=st.integers(0, 2),
    came=st.sampled_from(["right", "helped", "wrong", "skipped"]),
    mistakes=st.sampled_from([(), ("sign",), ("power-kept",), ("sign", "power-kept")]),
)
sent = st.lists(st.tuples(st.integers(0, 8), answers), max_size=40)


@given(sent)
def test_the_counts_are_those_of_the_latest_answer_of_each(sent: list[tuple[int, Answered]]) -> None:
    count = counting(*((str(who), answered) for who, answered in sent))
    latest = {(who, each.part): each for who, each in sent if each.question == QUESTION}
    for part, counted in enumerate(count.tally([]).parts):
        of_it = [each for (_, place), each in latest.items() if place == part]
        came = Counter(each.came for each in of_it)
        assert (counted.right, counted.helped, counted.wrong, counted.skipped) == (
            came["right"], came["helped"], came["wrong"], came["skipped"],
        )  # fmt: skip
        made = [each for each in of_it if each.mistakes and each.came in ("wrong", "helped")]
        assert {each.mistakes: each.count for each in counted.mistakes} == Counter(each.mistakes for each in made)
        assert [each.count for each in counted.mistakes] == sorted((e.count for e in counted.mistakes), reverse=True)


@given(sent)
def test_two_servers_count_what_one_would(sent: list[tuple[int, Answered]]) -> None:
    everyone = [str(who) for who in range(9)]
    one, halves = counting(), (counting(), counting())
    for who, answered in sent:
        one.answered(str(who), answered)
        halves[who % 2].answered(str(who), answered)
    tallies = [half.tally([each for each in everyone if int(each) % 2 == place]) for place, half in enumerate(halves)]
    assert summed(QUESTION, [*tallies, Tally(QUESTION + 1, 99)]) == one.tally(everyone)


def test_many_mistakes_are_told_as_far_as_a_message_holds() -> None:
    def invented(number: int) -> str:
        return f"mistake-{chr(97 + number // 26)}{chr(97 + number % 26)}".ljust(40, "x")

    count = counting(
        *((str(each), Answered(QUESTION, part, "wrong", (invented(each),))) for each in range(300) for part in range(3))
    )
    tally = count.tally([])
    assert [len(part.mistakes) for part in tally.parts] == [MOST_KINDS] * 3
    assert len(encoded(Counted(tally))) < MOST_BYTES / 2
    assert to_session(encoded(Counted(tally))) == Counted(tally)


@pytest.mark.parametrize(
    "fields",
    [
        '"question":7,"part":3,"came":"right"',
        '"question":7,"part":-1,"came":"right"',
        '"question":-7,"part":0,"came":"right"',
        '"question":7,"part":0,"came":"best"',
        '"question":7,"part":0,"came":"wrong","mistakes":["sign","sign","sign"]',
        '"question":7,"part":0,"came":"wrong","mistakes":["\\u001b[2J"]',
    ],
)
def test_what_no_session_would_answer_is_refused(fields: str) -> None:
    with pytest.raises(MessageError):
        to_server(f'{{"type":"answered",{fields}}}'.encode())
