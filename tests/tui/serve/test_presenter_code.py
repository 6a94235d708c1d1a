"""The code by which somebody becomes the presenter: it is good for once, and cannot be guessed by trying."""

from __future__ import annotations

from gradwalk.tui.serve.presenter_code import LENGTH, LETTERS, MOST_TRIES, MOST_TRIES_EACH, SECONDS, PresenterCode, Try


class Door:
    """A code, what was announced of it, and the time."""

    def __init__(self) -> None:
        self.announced: list[str] = []
        self.time = 0.0
        self.code = PresenterCode(self.announced.append, lambda: self.time)

    def tries(self, typed: str, address: str = "192.0.2.1") -> Try:
        return self.code.admits(typed, address)


def test_the_code_that_was_announced_lets_in_once_and_another_takes_its_place() -> None:
    door = Door()
    (first,) = door.announced
    assert door.tries(first) is Try.ADMITTED
    assert door.tries(first) is Try.WRONG
    _, second = door.announced
    assert second != first
    assert door.tries(second) is Try.ADMITTED


def test_a_code_is_read_as_people_type_it() -> None:
    for spelt in (str.upper, lambda code: code.replace("-", " "), lambda code: f" {code.replace('-', '')}\n"):
        door = Door()
        assert door.tries(spelt(door.announced[0])) is Try.ADMITTED


def test_no_part_of_a_code_and_nothing_else_lets_in() -> None:
    door = Door()
    code = door.announced[0]
    wrong = ["", "-", code[:-1], f"{code}2", "é" * 9, "\ud800", "x" * 1_000_000, f"{code[::-1]}z"]
    for number, typed in enumerate(wrong):
        assert door.tries(typed, f"192.0.2.{number}") is Try.WRONG


def test_codes_are_of_letters_that_look_different_and_are_never_the_same() -> None:
    codes = {Door().announced[0] for _ in range(200)}
    assert len(codes) == 200
    assert {len(code.replace("-", "")) for code in codes} == {LENGTH}
    assert set("".join(codes)) <= {*LETTERS, "-"}
    assert not set("il1o0aeu") & set(LETTERS)


def test_an_address_that_tries_too_often_waits_for_a_minute_even_with_the_right_code() -> None:
    door = Door()
    for _ in range(MOST_TRIES_EACH):
        assert door.tries("wrong") is Try.WRONG
    assert door.tries(door.announced[0]) is Try.TOO_MANY
    assert door.tries("wrong", "192.0.2.2") is Try.WRONG  # others are not kept out by it
    door.time = SECONDS - 0.1
    assert door.tries(door.announced[0]) is Try.TOO_MANY
    door.time = SECONDS
    assert door.tries(door.announced[0]) is Try.ADMITTED


def test_all_addresses_together_have_so_many_tries_a_minute() -> None:
    door = Door()
    came = [door.tries("wrong", f"192.0.2.{number % 250}.{number}") for number in range(1000)]
    assert came.count(Try.WRONG) == MOST_TRIES
    assert came[-1] is Try.TOO_MANY
    door.time = SECONDS
    assert door.tries(door.announced[0]) is Try.ADMITTED


def test_a_code_that_is_renewed_is_valid_no_more() -> None:
    door = Door()
    door.code.renew()
    assert door.tries(door.announced[0]) is Try.WRONG
    assert door.tries(door.announced[1]) is Try.ADMITTED
