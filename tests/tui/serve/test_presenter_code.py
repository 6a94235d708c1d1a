"""The code by which somebody becomes the presenter: it is good for once, and cannot be guessed by trying."""

from __future__ import annotations

import asyncio

from gradwalk.tui.serve.presenter_code import LENGTH, LETTERS, MOST_TRIES, MOST_TRIES_EACH, SECONDS, PresenterCode, Try


class Door:
    """A code, what was announced of it, and the time."""

    def __init__(self) -> None:
        self.announced: list[str] = []
        self.time = 0.0
        self.code = PresenterCode(self.announced.append, lambda: self.time)

    async def tries(self, typed: str, address: str = "192.0.2.1") -> Try:
        return await self.code.admits(typed, address)


async def test_the_code_that_was_announced_lets_in_once_and_another_takes_its_place() -> None:
    door = Door()
    (first,) = door.announced
    assert await door.tries(first) is Try.ADMITTED
    assert await door.tries(first) is Try.WRONG
    _, second = door.announced
    assert second != first
    assert await door.tries(second) is Try.ADMITTED


async def test_a_code_is_read_as_people_type_it() -> None:
    for spelt in (str.upper, lambda code: code.replace("-", " "), lambda code: f" {code.replace('-', '')}\n"):
        door = Door()
        assert await door.tries(spelt(door.announced[0])) is Try.ADMITTED


async def test_no_part_of_a_code_and_nothing_else_lets_in() -> None:
    door = Door()
    code = door.announced[0]
    wrong = ["", "-", code[:-1], f"{code}2", "é" * 9, "\ud800", "x" * 1_000_000, f"{code[::-1]}z"]
    for number, typed in enumerate(wrong):
        assert await door.tries(typed, f"192.0.2.{number}") is Try.WRONG


async def test_codes_are_of_letters_that_look_different_and_are_never_the_same() -> None:
    codes = {Door().announced[0] for _ in range(200)}
    assert len(codes) == 200
    assert {len(code.replace("-", "")) for code in codes} == {LENGTH}
    assert set("".join(codes)) <= {*LETTERS, "-"}
    assert not set("il1o0aeu") & set(LETTERS)


async def test_an_address_that_tries_too_often_waits_for_a_minute_even_with_the_right_code() -> None:
    door = Door()
    for _ in range(MOST_TRIES_EACH):
        assert await door.tries("wrong") is Try.WRONG
    assert await door.tries(door.announced[0]) is Try.TOO_MANY
    assert await door.tries("wrong", "192.0.2.2") is Try.WRONG  # others are not kept out by it
    door.time = SECONDS - 0.1
    assert await door.tries(door.announced[0]) is Try.TOO_MANY
    door.time = SECONDS
    assert await door.tries(door.announced[0]) is Try.ADMITTED


async def test_the_many_addresses_of_one_network_have_no_more_tries_than_one() -> None:
    door = Door()
    came = [await door.tries("wrong", f"2001:db8::{number:x}") for number in range(MOST_TRIES)]
    assert came.count(Try.WRONG) == MOST_TRIES_EACH
    assert await door.tries(door.announced[0], "2001:db8:0:1::1") is Try.ADMITTED


async def test_all_addresses_together_have_so_many_tries_a_minute() -> None:
    door = Door()
    came = [await door.tries("wrong", f"192.0.2.{number % 250}.{number}") for number in range(1000)]
    assert came.count(Try.WRONG) == MOST_TRIES
    assert came[-1] is Try.TOO_MANY
    door.time = SECONDS
    assert await door.tries(door.announced[0]) is Try.ADMITTED


async def test_a_code_that_is_renewed_is_valid_no_more() -> None:
    door = Door()
    door.code.renew()
    assert await door.tries(door.announced[0]) is Try.WRONG
    assert await door.tries(door.announced[1]) is Try.ADMITTED


async def test_a_code_of_another_server_is_asked_for_there_by_its_digest_only() -> None:
    here, there = Door(), Door()
    valid = {there.code.digest}

    async def use_up(digest: str) -> bool:
        known = digest in valid
        valid.discard(digest)
        return known

    here.code.elsewhere = use_up
    assert await here.tries("wrong") is Try.WRONG
    assert await here.tries(there.announced[0].upper()) is Try.ADMITTED
    assert await here.tries(there.announced[0]) is Try.WRONG
    assert len(here.announced) == 1


async def test_a_code_that_was_used_here_is_good_nowhere_whatever_is_said_elsewhere() -> None:
    door = Door()

    async def yes(digest: str) -> bool:
        return True

    door.code.elsewhere = yes
    code = door.announced[0]
    assert await door.tries(code) is Try.ADMITTED
    assert await door.tries(code) is Try.WRONG


async def test_a_code_that_was_used_at_another_server_is_good_here_no_more() -> None:
    door = Door()

    async def used(digest: str) -> bool:
        return False

    door.code.elsewhere = used
    assert await door.tries(door.announced[0]) is Try.WRONG
    assert len(door.announced) == 2


async def test_where_the_others_cannot_be_asked_a_code_is_good_at_its_own_server_and_once() -> None:
    door = Door()

    async def unknown(digest: str) -> None:
        await asyncio.sleep(0)

    door.code.elsewhere = unknown
    code = door.announced[0]
    came = await asyncio.gather(*(door.tries(code) for _ in range(4)))
    assert sorted(each.value for each in came) == ["admitted", "wrong", "wrong", "wrong"]
    assert await door.tries("wrong", "192.0.2.2") is Try.WRONG


async def test_tries_that_wait_for_another_server_count_meanwhile() -> None:
    door = Door()
    answer = asyncio.Event()

    async def wait(digest: str) -> bool:
        await answer.wait()
        return False

    door.code.elsewhere = wait
    tries = [asyncio.create_task(door.tries("wrong")) for _ in range(20)]
    while sum(each.done() for each in tries) < 20 - MOST_TRIES_EACH:
        await asyncio.sleep(0)
    answer.set()
    came = [await each for each in tries]
    assert came.count(Try.WRONG) == MOST_TRIES_EACH
    assert came.count(Try.TOO_MANY) == 20 - MOST_TRIES_EACH
