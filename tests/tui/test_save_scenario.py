"""Saving a walk as a scenario file: what a person wrote stays, and no file is lost."""

from __future__ import annotations

import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from gradwalk.engine.definition import Definition
from gradwalk.engine.editing.edits import Editor
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.editing.scenario_text import file_text
from gradwalk.tui.saving import replace_file, write_new
from gradwalk.tui.screens.save_scenario import SaveScenarioScreen
from gradwalk.tui.screens.walk import WalkScreen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input

from ..engine.test_editing import ACTIONS, edited, same_walk
from .pilots import notices, opened, text, walk

FILE = '''# Made by hand, and it shows.
title = "Mine"   # a title
intro = """Two
lines."""

[inputs]  # the leaves
a = 2.0        # two, as a float
"α" = "e"
b = 3

# what is computed
[graph]
s = "a + ln(α)"   # a sum
f = "b/s"   # the output

# to be answered
[[exercise]]
ask = "∂f/∂a"

[notes]
s = "The sum."      # said at s
"∂f/∂s" = """A note
of two lines."""
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def definition_of(scenario: Scenario) -> Definition:
    assert scenario.definition is not None
    return scenario.definition


def differing_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.split("\n"), after.split("\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]


class TestTheText:
    def test_nothing_is_edited_and_nothing_is_another(self, file: Path) -> None:
        scenario = load(str(file))
        assert file_text(scenario, definition_of(scenario)) == FILE

    def test_another_value_changes_one_line_and_keeps_its_comment(self, file: Path) -> None:
        scenario = load(str(file))
        done = Editor(definition_of(scenario)).change("a", "2.5")
        assert differing_lines(FILE, file_text(scenario, done.definition)) == (
            ["a = 2.0        # two, as a float"],
            ["a = 2.5        # two, as a float"],
        )

    def test_a_new_node_stands_behind_the_last_one_and_before_the_next_comment(self, file: Path) -> None:
        scenario = load(str(file))
        done = Editor(definition_of(scenario)).add("k", "a*b")
        saved = file_text(scenario, done.definition)
        assert 'f = "b/s"   # the output\nk = "a*b"\n\n# to be answered' in saved
        assert differing_lines(FILE, saved)[0] == []

    def test_a_note_and_a_question_without_a_step_become_comments(self, file: Path) -> None:
        scenario = load(str(file))
        done = Editor(definition_of(scenario)).add("g", "f^2")
        done = Editor(done.definition, definition_of(scenario)).change("f", "s^2")
        assert "∂f/∂a" in Editor(definition_of(scenario)).add("g", "f^2").edit.left_out
        saved = file_text(scenario, done.definition)
        assert '# ask = "∂f/∂a"' in saved
        assert 's = "The sum."      # said at s' in saved
        done = Editor(definition_of(scenario)).change("f", "1/b")
        saved = file_text(scenario, done.definition)
        assert "# of two lines." in saved
        assert definition_of(load_text(saved, file)).notes == {"s": "The sum."}

    @pytest.mark.parametrize("name", ["fabc", "ehg", "chain", "square"])
    def test_a_built_in_scenario_keeps_its_words(self, name: str) -> None:
        scenario = load(name)
        done = Editor(definition_of(scenario)).change(next(iter(definition_of(scenario).inputs)), "1.25")
        saved = file_text(scenario, done.definition)
        assert f'title   = "{scenario.title}"' in saved or f'title = "{scenario.title}"' in saved
        assert scenario.intro.strip().split()[0] in saved

    def test_an_expression_from_the_command_line_gets_a_file_of_its_own(self, file: Path) -> None:
        scenario = from_expression("x*y + sin(x)", {"x": "2", "y": "1/3"})
        again = load_text(file_text(scenario, definition_of(scenario)), file)
        same_walk(Trace(scenario.graph), Trace(again.graph))
        assert again.title == scenario.title

    def test_inline_tables_and_dotted_keys_are_kept(self, file: Path) -> None:
        file.write_text('title = "x"\ninputs = {a = 2, b = 3}\ngraph.s = "a*b"  # here\ngraph.f = "s^2"\n')
        scenario = load(str(file))
        done = Editor(definition_of(scenario)).change("s", "a + b")
        assert 'graph.s = "a + b"  # here' in file_text(scenario, done.definition)
        done = Editor(done.definition).add("g", "f*k", {"k": "2"})
        assert [*definition_of(load_text(file_text(scenario, done.definition), file)).nodes] == ["s", "f", "g"]

    def test_an_answer_of_other_numbers_becomes_a_comment(self, file: Path) -> None:
        stated = FILE.replace('ask = "∂f/∂a"', 'ask = "∂f/∂a"\nanswer = -0.3333\ndecimals = 4')
        file.write_text(stated, encoding="utf-8")
        scenario = load(str(file))
        done = Editor(definition_of(scenario)).change("a", "2.5")
        saved = file_text(scenario, done.definition)
        assert "# answer = -0.3333  (before it was edited)" in saved
        assert [exercise.answer for exercise in load_text(saved, file).exercises] == [None]
        back = Editor(done.definition, definition_of(scenario)).change("a", "2")
        assert [exercise.answer for exercise in back.definition.exercises] == [-0.3333]

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(ACTIONS, max_size=6))
    def test_a_saved_file_gives_the_very_same_walk(self, tmp_path: Path, actions: list[tuple[str, str, str]]) -> None:
        from gradwalk.engine.editing.revisions import Revision, Revisions

        path = tmp_path / "any.toml"
        path.write_text(FILE.replace("α", "c"), encoding="utf-8")
        scenario = load(str(path))
        revisions = Revisions((Revision.of(scenario, Trace(scenario.graph, scenario.notes)),))
        for action in actions:
            revisions = edited(revisions, *action)
        now = revisions.current.scenario
        again = load_text(file_text(now, definition_of(now)), path)
        same_walk(Trace(now.graph, now.notes), Trace(again.graph, again.notes))
        assert again.exercises == now.exercises


def load_text(text: str, beside: Path) -> Scenario:
    path = beside.with_name("again.toml")
    path.write_text(text, encoding="utf-8")
    return load(str(path))


class TestFiles:
    def test_a_file_is_replaced_with_its_permissions(self, file: Path) -> None:
        file.chmod(0o640)
        replace_file(file, "new")
        assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", 0o640)
        assert list(file.parent.iterdir()) == [file]

    def test_a_link_stays_and_what_it_leads_to_is_replaced(self, file: Path, tmp_path: Path) -> None:
        link = tmp_path / "link.toml"
        link.symlink_to(file)
        replace_file(link, "new")
        assert link.is_symlink()
        assert file.read_text() == "new"

    def test_where_writing_fails_the_file_is_as_it_was(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        for write in (replace_file, write_new):
            with pytest.raises(GradwalkError, match="No space left on device"):
                write(file if write is replace_file else file.with_name("new.toml"), "half")
        assert file.read_text(encoding="utf-8") == FILE
        assert list(file.parent.iterdir()) == [file]

    def test_a_new_file_never_takes_the_place_of_one_that_is_there(self, file: Path) -> None:
        with pytest.raises(GradwalkError, match="File exists"):
            write_new(file, "new")
        assert file.read_text(encoding="utf-8") == FILE

    def test_a_new_file_has_the_permissions_that_the_user_gives_to_new_files(self, tmp_path: Path) -> None:
        before = os.umask(0o027)
        try:
            write_new(tmp_path / "new.toml", "new")
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "new.toml").stat().st_mode) == 0o640

    def test_a_folder_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(GradwalkError, match="cannot be written: No such file or directory"):
            write_new(tmp_path / "none" / "new.toml", "new")

    def test_a_file_that_may_not_be_written_is_not_replaced(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
        with pytest.raises(GradwalkError, match="Permission denied"):
            replace_file(file, "new")
        assert file.read_text(encoding="utf-8") == FILE

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_or_a_file_that_cannot_be_written_is_said(self, file: Path) -> None:
        file.chmod(0o400)
        with pytest.raises(GradwalkError, match="Permission denied"):
            replace_file(file, "new")
        file.parent.chmod(0o500)
        with pytest.raises(GradwalkError, match="Permission denied"):
            write_new(file.with_name("new.toml"), "new")
        file.parent.chmod(0o700)


@asynccontextmanager
async def on_file(path: Path) -> AsyncIterator[Pilot[None]]:
    async with GradwalkApp(load(str(path))).run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("e")
        await named(pilot, "s + 1/b")
        yield pilot


async def named(pilot: Pilot[None], name: str) -> None:
    pilot.app.screen.query_one(Input).value = name
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()


class TestTheDialog:
    async def test_a_file_is_replaced_only_when_asked_twice(self, file: Path) -> None:
        async with on_file(file) as pilot:
            assert "· edited" in text(pilot)
            await pilot.press("ctrl+s")
            assert pilot.app.screen.query_one(Input).value == str(file)
            await pilot.press("enter")
            await pilot.pause()
            assert isinstance(pilot.app.screen, SaveScenarioScreen)
            said = "".join(part.strip(" │─") for part in text(pilot).split("\n"))
            assert "is there already. Press Enter again to replace it" in " ".join(said.split())
            assert file.read_text(encoding="utf-8") == FILE
            await pilot.press("enter")
            await pilot.pause()
            assert 'f = "s + 1/b"   # the output' in file.read_text(encoding="utf-8")
            assert f"Saved as {file}." in notices(pilot)
            assert "· edited" not in text(pilot)
            await pilot.press("u")
            assert "· edited" in text(pilot), "the file has another expression now"

    async def test_another_name_in_between_asks_again(self, file: Path) -> None:
        async with on_file(file) as pilot:
            other = file.with_name("other.toml")
            other.write_text("mine", encoding="utf-8")
            await pilot.press("ctrl+s", "enter")
            await named(pilot, str(other))
            assert isinstance(pilot.app.screen, SaveScenarioScreen)
            assert other.read_text(encoding="utf-8") == "mine"

    async def test_a_file_that_was_changed_meanwhile_is_said_to_be(self, file: Path) -> None:
        async with on_file(file) as pilot:
            file.write_text(FILE.replace("b = 3", "b = 4"), encoding="utf-8")
            await pilot.press("ctrl+s", "enter")
            await pilot.pause()
            assert "has been changed since it was" in text(pilot)

    async def test_what_only_this_walk_has_saved_is_not_said_to_have_changed(self, file: Path) -> None:
        async with on_file(file) as pilot:
            await pilot.press("ctrl+s", "enter", "enter")
            await pilot.pause()
            await pilot.press("e")
            await named(pilot, "s + 2/b")
            assert isinstance(pilot.app, GradwalkApp)
            for _ in range(3):
                pilot.app.places.reloading.look()
            assert not any("has been changed" in notice for notice in notices(pilot))
            await pilot.press("ctrl+s", "enter")
            await pilot.pause()
            assert "Press Enter again" in text(pilot)
            assert "has been changed" not in text(pilot)

    async def test_a_note_that_was_written_into_the_file_meanwhile_stays(self, file: Path) -> None:
        async with on_file(file) as pilot:
            file.write_text(FILE.replace("The sum.", "Another word."), encoding="utf-8")
            await pilot.press("ctrl+s", "enter", "enter")
            await pilot.pause()
            assert isinstance(pilot.app.screen, WalkScreen)
            saved = file.read_text(encoding="utf-8")
            assert 's = "Another word."      # said at s' in saved
            assert 'f = "s + 1/b"' in saved

    async def test_a_name_that_no_file_can_have_is_said_to_be(self, file: Path) -> None:
        async with on_file(file) as pilot:
            await pilot.press("ctrl+s")
            await named(pilot, "a" * 300)
            assert isinstance(pilot.app.screen, SaveScenarioScreen)
            assert "cannot be written" in " ".join(text(pilot).split())

    async def test_a_built_in_scenario_becomes_a_new_file_in_the_current_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        async with opened("fabc") as pilot:
            await pilot.press("ctrl+s", "enter")
            await pilot.pause()
            assert isinstance(pilot.app.screen, WalkScreen)
            assert load("./fabc.toml").definition == load("fabc").definition

    async def test_a_name_gets_its_suffix_and_a_folder_is_no_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "folder.toml").mkdir()
        async with opened("fabc") as pilot:
            await pilot.press("ctrl+s")
            await named(pilot, "folder")
            assert "is no file" in text(pilot)
            await named(pilot, "")
            assert "a name is missing" in text(pilot)
            await named(pilot, "none/of/these")
            assert "cannot be written" in text(pilot)
            await named(pilot, "my walk")
            assert (tmp_path / "my walk.toml").exists()
            assert walk(pilot).moment.trace.total == 13


def test_a_scenario_whose_file_has_gone_is_written_anew(file: Path) -> None:
    scenario = load(str(file))
    file.unlink()
    text = file_text(replace(scenario), definition_of(scenario))
    assert definition_of(load_text(text, file)) == definition_of(scenario)
