"""Who sits here: what the environment tells, and what a guest gets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from gradwalk.engine.errors import GradwalkError
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.opening import asked_over_ssh, open_app
from gradwalk.tui.session import Role, Session
from gradwalk.tui.settings import Settings, SettingsFile
from gradwalk.tui.terminal import ClipboardWay, Terminal

from .pilots import opened


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "xterm"}, 16),
        ({"TERM": "screen"}, 16),
        ({"TERM": "linux"}, 16),
        ({}, 16),
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "tmux-256color"}, 256),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, 1 << 24),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, 1 << 24),
        ({"TERM": "xterm-kitty"}, 1 << 24),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, 0),
    ],
    ids=str,
)
def test_how_many_colours_a_terminal_has(environment: dict[str, str], colours: int) -> None:
    assert Terminal.of(environment, interactive=True).colours == colours


@pytest.mark.parametrize(
    ("environment", "way"),
    [
        ({"TERM": "xterm"}, ClipboardWay.SENT),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, ClipboardWay.TMUX),
        ({"TERM": "screen", "STY": "1.pts"}, ClipboardWay.SCREEN),
        ({"TERM": "linux"}, ClipboardWay.NONE),
    ],
    ids=str,
)
def test_how_a_text_gets_to_the_clipboard(environment: dict[str, str], way: ClipboardWay) -> None:
    assert Terminal.of(environment, interactive=True).clipboard is way


@pytest.mark.parametrize(
    ("environment", "theme"),
    [
        ({"TERM": "xterm", "COLORTERM": ""}, "gradwalk-terminal"),
        ({"TERM": "xterm", "COLORTERM": "", "COLORFGBG": "0;15"}, "gradwalk-terminal-light"),
        ({"TERM": "xterm", "COLORTERM": "", "COLORFGBG": "15;0"}, "gradwalk-terminal"),
        ({"TERM": "xterm-256color", "COLORTERM": ""}, "gradwalk-dark"),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, "gradwalk-terminal"),
        ({"TERM": "xterm-256color", "GRADWALK_THEME": "light"}, "gradwalk-light"),
        ({"TERM": "xterm-256color", "COLORTERM": "", "GRADWALK_THEME": "pink"}, "gradwalk-dark"),
    ],
    ids=str,
)
async def test_who_has_chosen_no_theme_gets_one_that_the_terminal_can_show(
    environment: dict[str, str], theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    async with opened("fabc") as pilot:
        assert pilot.app.theme == theme


async def test_who_has_chosen_one_keeps_it_on_a_terminal_of_few_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    SettingsFile().save(Settings("light"))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLORTERM", "")
    async with opened("fabc") as pilot:
        assert pilot.app.theme == "gradwalk-light"


async def test_a_theme_that_was_brought_along_and_is_none_is_said_with_those_there_are() -> None:
    terminal = Terminal.of({"TERM": "xterm-256color", "GRADWALK_THEME": "pink\x1b[2J"}, interactive=True)
    app = GradwalkApp(session=Session(Role.GUEST, terminal))
    async with app.run_test(notifications=True) as pilot:
        await pilot.pause()
        (notice,) = [each.message for each in app._notifications]
        assert "there is no theme" in notice and "there are dark, light" in notice
        assert "\x1b" not in notice


class TestAGuest:
    @pytest.mark.parametrize(
        ("asked", "opened"), [("", ()), ("  ", ()), ("fabc", ("fabc",)), (" xor ", ("xor",))], ids=repr
    )
    def test_may_name_a_scenario_to_ssh(self, asked: str, opened: tuple[str, ...]) -> None:
        assert asked_over_ssh(Session(Role.GUEST), {"SSH_ORIGINAL_COMMAND": asked}) == opened
        assert asked_over_ssh(Session(Role.ALONE), {"SSH_ORIGINAL_COMMAND": asked}) == ()
        assert asked_over_ssh(Session(Role.GUEST), {}) == ()

    @pytest.mark.parametrize("asked", ["sh", "fabc --plain", "./fabc", "fabc\nid", "x" * 100_000])
    def test_who_asks_ssh_for_a_command_is_told_of_ssh_t(self, asked: str) -> None:
        with pytest.raises(GradwalkError, match="no command is run here: `ssh -t USER@HOST` opens gradwalk"):
            asked_over_ssh(Session(Role.GUEST), {"SSH_ORIGINAL_COMMAND": asked})

    def test_who_comes_to_an_account_that_is_full_is_told_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        begun: list[threading.Thread] = []
        start = threading.Thread.start

        def third_fails(thread: threading.Thread) -> None:
            if len(begun) == 2:
                raise RuntimeError("can't start new thread")
            begun.append(thread)
            start(thread)

        monkeypatch.setattr(threading.Thread, "start", third_fails)
        terminal = Terminal.of({"TERM": "xterm"}, interactive=True)
        with pytest.raises(GradwalkError, match="too many are here"):
            open_app(None, Session(Role.GUEST, terminal))
        assert [thread.is_alive() for thread in begun] == [False, False]

    @pytest.mark.parametrize("session", [lambda: Session(Role.GUEST), lambda: Session.here(guest=True)])
    async def test_has_a_theme_of_its_own_that_nobody_remembers(self, session: Callable[[], Session]) -> None:
        SettingsFile().save(Settings("light"))
        before = SettingsFile().path.read_bytes()
        app = GradwalkApp(session=session())
        async with app.run_test() as pilot:
            assert app.theme == "gradwalk-dark"
            await pilot.press("t", "t")
            assert app.theme == "gradwalk-terminal"
        assert SettingsFile().path.read_bytes() == before

    def test_opens_what_is_built_in_and_no_file(self, tmp_path: Path) -> None:
        guest = Session(Role.GUEST)
        assert guest.load("fabc").name == "fabc"
        path = tmp_path / "mine.toml"
        path.write_text('title = "Mine"\n[inputs]\nx = 3\n[graph]\ny = "x^2"\n', encoding="utf-8")
        for name in (str(path), str(tmp_path), "/etc/passwd", "fabc.toml"):
            with pytest.raises(GradwalkError, match="a guest walks the scenarios that are built in"):
                guest.load(name)
        assert Session().load(str(path)).title == "Mine"


async def test_a_fault_is_told_to_the_keepers_of_a_served_session_and_not_to_the_learner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = Session(Role.GUEST)
    told: list[BaseException] = []
    printed: list[object] = []

    def note(error: BaseException) -> str:
        told.append(error)
        return "It has ended."

    def panic(app: GradwalkApp, *printed_at_the_end: object) -> None:
        printed.extend(printed_at_the_end)
        app.exit()

    session.on_fault = note
    monkeypatch.setattr(GradwalkApp, "panic", panic)
    app = GradwalkApp(session=session)
    with pytest.raises(ZeroDivisionError):
        async with app.run_test() as pilot:
            app.call_later(lambda: 1 / 0)
            await pilot.pause()
    assert [type(error) for error in told] == [ZeroDivisionError]
    assert printed == ["It has ended."]
