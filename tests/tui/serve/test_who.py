"""Who comes in: files of keys as OpenSSH has them, and that nobody is known by a key that they have not proven."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

asyncssh = pytest.importorskip("asyncssh", reason="asyncssh is not installed")

from gradwalk.engine.errors import GradwalkError  # noqa: E402
from gradwalk.tui.serve.door import Door  # noqa: E402
from gradwalk.tui.serve.origin import origin_of  # noqa: E402
from gradwalk.tui.serve.terminal import RESTORE  # noqa: E402
from gradwalk.tui.serve.who import KeyFile  # noqa: E402
from gradwalk.tui.session import Role  # noqa: E402


def key() -> Any:
    return asyncssh.generate_private_key("ssh-ed25519")


def line(made: Any, options: str = "") -> str:
    return f"{options} {made.export_public_key().decode()}".strip() + "\n"


def key_file(path: Path, text: str, told: list[str] | None = None) -> KeyFile:
    path.write_text(text)
    return KeyFile(path, lambda keys, problem: None if told is None else told.append(problem))


@pytest.mark.parametrize(
    ("options", "address", "admitted"),
    [
        ("", "203.0.113.1", True),
        ('no-pty,command="sh"', "203.0.113.1", True),
        ('from="203.0.113.0/24"', "203.0.113.1", True),
        ('from="203.0.113.0/24"', "198.51.100.1", False),
        ('from="!203.0.113.1,203.0.113.*"', "203.0.113.1", False),
        ('expiry-time="20990101"', "203.0.113.1", True),
        ('expiry-time="20200101"', "203.0.113.1", False),
        ('expiry-time="202001010000Z"', "203.0.113.1", False),
        ('expiry-time="soon"', "203.0.113.1", False),
        ("cert-authority", "203.0.113.1", False),
    ],
)
def test_options_of_a_key_are_heeded(tmp_path: Path, options: str, address: str, admitted: bool) -> None:
    mine = key()
    keys = key_file(tmp_path / "keys", "# people\n\n" + line(key()) + line(mine, options))
    assert keys.admits(mine.convert_to_public(), address) is admitted
    assert not keys.admits(key().convert_to_public(), address)


def test_a_line_that_is_no_key_is_told_and_lets_nobody_in(tmp_path: Path) -> None:
    mine = key()
    keys = key_file(tmp_path / "keys", "ssh-ed25519 AAAA\n" + line(mine) + "\x00\n")
    assert keys.count == 1
    assert keys.skipped == [1, 3]
    assert keys.admits(mine.convert_to_public(), "::1")


def test_a_file_that_has_gone_lets_nobody_in(tmp_path: Path) -> None:
    mine, told = key(), list[str]()
    keys = key_file(tmp_path / "keys", line(mine), told)
    (tmp_path / "keys").unlink()
    assert not keys.admits(mine.convert_to_public(), "::1")
    assert not keys.admits(mine.convert_to_public(), "::1")
    (problem,) = told
    assert "the keys cannot be read" in problem
    with pytest.raises(GradwalkError, match="the keys cannot be read"):
        KeyFile(tmp_path / "keys", lambda *_: None)


async def test_a_key_that_was_only_asked_about_is_nobodys_name() -> None:
    """A client may ask whether a key that it does not have would do, and then come in without one."""
    door = door_of_an_open_room()
    assert door.begin_auth("demo")
    assert door.validate_public_key("demo", key().convert_to_public())
    assert door.get_kbdint_challenge("demo", "", "") == ("", "", "", [])
    assert await door.validate_kbdint_response("demo", [])
    door.auth_completed()
    assert door.person is not None
    assert (door.person.role, door.person.learner) == (Role.GUEST, "")


def test_the_last_key_is_the_one_that_was_proven() -> None:
    door = door_of_an_open_room()
    first, second = key().convert_to_public(), key().convert_to_public()
    door.begin_auth("demo")
    for asked in (first, second, second):
        assert door.validate_public_key("demo", asked)
    door.auth_completed()
    assert door.person is not None
    assert door.person.learner == second.get_fingerprint()


def test_another_name_begins_anew() -> None:
    door = door_of_an_open_room()
    door.begin_auth("demo")
    door.validate_public_key("demo", key().convert_to_public())
    door.begin_auth("somebody")
    door.auth_completed()
    assert door.person is not None
    assert door.person.learner == ""


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_what_counts_as_one_address(address: str, origin: str) -> None:
    assert origin_of(address) == origin


def test_a_terminal_is_put_in_order_whatever_was_set() -> None:
    pyte = pytest.importorskip("pyte")
    screen = pyte.Screen(20, 4)
    stream = pyte.ByteStream(screen)
    stream.feed(b"\x1b[?25l\x1b[?7l\x1b[31;1m\x1b]0;unfinished")
    stream.feed(RESTORE.replace(b"\x1b[<u", b"") + b"\nover")
    assert "over" in "".join(screen.display)
    assert pyte.modes.DECTCEM in screen.mode
    assert pyte.modes.DECAWM in screen.mode
    assert screen.cursor.attrs.fg == "default"


def door_of_an_open_room() -> Door:
    """Return the door to a room that anyone may enter, who are known by their keys, before anybody has come."""
    loop = SimpleNamespace(call_later=lambda *_: SimpleNamespace(cancel=lambda: None))
    options = SimpleNamespace(is_open=True, limits=SimpleNamespace(sessions=9, grace=30.0))
    room = SimpleNamespace(
        options=options, code=None, presenter_keys=None, authorized_keys=None, wants_keys=True, is_full=False,
        tell=lambda _: None, logged_in=lambda _: None,
    )  # fmt: skip
    door = Door(room)  # type: ignore[arg-type]
    door._connection = SimpleNamespace(loop=loop, address="203.0.113.1", number=1)  # type: ignore[assignment]
    return door
