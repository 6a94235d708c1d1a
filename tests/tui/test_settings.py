"""Settings and keys of the user's own: what is remembered, and what a slip costs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.keymap import bindings, checked_keymap
from gradwalk.tui.settings import MemoryStore, Settings, SettingsFile

from .pilots import cursor, notices, opened, text
from .training import scenario, training


def write(content: str | bytes) -> Path:
    path = SettingsFile().path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


class TestTheFile:
    def test_without_one_the_defaults_hold_and_nothing_is_said(self) -> None:
        assert SettingsFile().load() == (Settings(), [])

    def test_what_is_saved_is_loaded(self) -> None:
        saved = Settings("light", {"walk.forward": "n"})
        assert SettingsFile().save(saved) == ""
        assert SettingsFile().load() == (saved, [])
        assert json.loads(SettingsFile().path.read_text()) == {"theme": "light", "keys": {"walk.forward": "n"}}
        assert [file.name for file in SettingsFile().path.parent.iterdir()] == ["settings.json"]

    @pytest.mark.parametrize(
        "content",
        ["", "{", "[]", '{"theme": 3}', '{"keys": {"walk.forward": 3}}', '{"kyes": {}}', "null", b"\xff\xfe{}"],
    )
    def test_one_that_cannot_be_read_is_ignored_with_a_sentence_and_left_alone(self, content: str | bytes) -> None:
        path = write(content)
        before = path.read_bytes()
        settings, problems = SettingsFile().load()
        assert settings == Settings()
        assert len(problems) == 1
        assert problems[0].startswith(f"{path} is ignored: ")
        assert "cannot be remembered" in SettingsFile().save(Settings("light"))
        assert path.read_bytes() == before

    def test_an_unknown_theme_is_named_with_those_there_are(self) -> None:
        write('{"theme": "drak"}')
        settings, problems = SettingsFile().load()
        assert settings.theme is None
        assert '"drak"' in problems[0]
        assert "dark, light, terminal" in problems[0]

    def test_a_folder_that_cannot_be_written_is_a_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
        assert "cannot be remembered" in SettingsFile().save(Settings())


class TestInMemory:
    def test_what_is_saved_lasts_as_long_as_the_program_and_no_file_is_written(self) -> None:
        store = MemoryStore()
        assert store.load() == (Settings(), [])
        assert store.save(Settings("light")) == ""
        assert store.load() == (Settings("light"), [])
        assert not SettingsFile().path.parent.exists()


class TestKeys:
    def test_every_binding_has_an_id_of_its_screen(self) -> None:
        assert {name.partition(".")[0] for name in bindings(GradwalkApp)} >= {"app", "library", "walk", "goto", "help"}
        assert all("." in name and binding.description for name, binding in bindings(GradwalkApp).items())

    def test_good_keys_pass_as_they_are(self) -> None:
        wanted = {"walk.forward": "right, n ,ctrl+f", "walk.next-node": "f2", "app.help": "?", "walk.faster": "+"}
        keymap, problems = checked_keymap(wanted, bindings(GradwalkApp))
        assert problems == []
        assert keymap == {**wanted, "walk.forward": "right,n,ctrl+f"}

    @pytest.mark.parametrize(
        ("keys", "said"),
        [
            ({"walk.foward": "n"}, 'no key binding is called "walk.foward"; did you mean "walk.forward"?'),
            ({"zzz": "n"}, 'no key binding is called "zzz"; the ? screen names them all'),
            ({"walk.forward": ""}, "walk.forward needs a key, and keeps its own: right,l"),
            ({"walk.forward": " , "}, "walk.forward needs a key, and keeps its own: right,l"),
            ({"walk.forward": "rihgt,n"}, 'walk.forward: "rihgt" is not a key; did you mean "right"?'),
            ({"walk.forward": "crtl+n,n"}, 'walk.forward: "crtl+n" is not a key'),
            ({"walk.forward": "x", "walk.back": "x"}, 'walk.back: "x" is the key of walk.forward already'),
            ({"app.quit": "g,x"}, 'app.quit: "g" is the key of '),
            ({"walk.fold": "g"}, 'walk.fold has taken "g", so walk.go-to has no key'),
        ],
    )
    def test_a_slip_is_a_sentence(self, keys: dict[str, str], said: str) -> None:
        keymap, problems = checked_keymap(keys, bindings(GradwalkApp))
        assert any(problem.startswith(f"settings.json: {said}") for problem in problems)
        assert all(name in bindings(GradwalkApp) and key for name, key in keymap.items())

    @pytest.mark.parametrize("key", ["é", "latin_small_letter_e_with_acute", "ctrl+greek_small_letter_alpha", "+"])
    def test_a_character_may_be_written_or_named(self, key: str) -> None:
        assert checked_keymap({"walk.forward": key}, bindings(GradwalkApp)) == ({"walk.forward": key}, [])

    @pytest.mark.parametrize("key", ["latin_small_letter_eh", "é_é", "latin-small-letter-e-with-acute"])
    def test_what_only_looks_like_the_name_of_a_character_is_none(self, key: str) -> None:
        keymap, problems = checked_keymap({"walk.forward": key}, bindings(GradwalkApp))
        assert keymap == {}
        assert f'"{key}" is not a key' in problems[0]

    def test_two_screens_may_use_the_same_key(self) -> None:
        keymap, problems = checked_keymap({"walk.forward": "f7", "library.open": "f7"}, bindings(GradwalkApp))
        assert problems == []
        assert len(keymap) == 2


class TestInTheApp:
    async def test_the_start_of_a_walk_without_an_intro_names_the_users_own_key(self) -> None:
        write('{"keys": {"walk.forward": "f7"}}')
        async with opened("x*y", values={"x": "2", "y": "5"}) as pilot:
            assert "Press f7 to begin." in text(pilot)
            await pilot.press("f7")
            assert "to begin" not in text(pilot)
            await pilot.press("left")
            assert "Press f7 to begin." in text(pilot)

    async def test_the_start_of_an_epoch_names_the_users_own_key_back_to_the_training(self) -> None:
        write('{"keys": {"walk.library": "f6"}}')
        async with training(scenario(), size=(200, 40)) as pilot:
            await pilot.press("enter")
            await pilot.pause()
            assert "Press → to begin; f6 leads back to the training." in text(pilot)

    async def test_a_rebound_key_works_is_shown_and_the_old_one_is_gone(self) -> None:
        write('{"keys": {"walk.forward": "f7"}}')
        async with opened("fabc", size=(80, 60)) as pilot:
            await pilot.press("f7", "f7")
            assert cursor(pilot) == 2
            await pilot.press("right")
            assert cursor(pilot) == 2
            assert " f7 Step" in text(pilot)
            await pilot.press("question_mark")
            await pilot.pause()
            assert any(line.split()[1:5] == ["f7", "Take", "one", "step"] for line in text(pilot).split("\n"))

    async def test_nonsense_becomes_notifications_and_the_rest_works(self) -> None:
        write('{"keys": {"walk.foward": "n", "walk.back": "", "walk.forward": "f7"}}')
        async with opened("fabc", size=(120, 40)) as pilot:
            assert len(notices(pilot)) == 2
            await pilot.press("f7")
            assert cursor(pilot) == 1
            await pilot.press("left")
            assert cursor(pilot) == 0

    async def test_a_broken_file_is_a_notification(self) -> None:
        write("{")
        async with opened("fabc") as pilot:
            assert len(notices(pilot)) == 1
            assert "is ignored" in notices(pilot)[0]

    async def test_brackets_in_a_message_are_not_taken_for_markup(self) -> None:
        write('{"keys": {"[bold]": "n"}}')
        async with opened("fabc") as pilot:
            await pilot.pause()
            assert '"[bold]"' in text(pilot)
