"""`gradwalk doctor`: what it says of an installation, a terminal and a language, and what it calls wrong."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from gradwalk.tui.cli import main
from gradwalk.tui.doctor import installed, surroundings
from gradwalk.tui.doctor.findings import from_home
from gradwalk.tui.doctor.remembered import can_be_written
from gradwalk.tui.session import Session
from gradwalk.tui.settings import MemoryStore
from gradwalk.tui.terminal import Terminal

MODERN = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "de_CH.UTF-8"}
HERE = {"gradwalk[jax]", 'jax>=0.6; extra == "jax"', "numpy>=2", "textual<9,>=8.2.5", 'ruff>=0.17; extra == "dev"'}


def doctor(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "doctor"], prog_name="gradwalk", env=environment)


def session(environment: dict[str, str]) -> Session:
    return Session(terminal=Terminal.of(environment, interactive=True), store=MemoryStore())


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


class TestCommand:
    def test_it_names_the_versions_the_terminal_the_language_and_the_files(self) -> None:
        result = doctor(TERM="foot", LANG="C.UTF-8")
        assert result.exit_code == 0, result.output
        lines = [line.split(maxsplit=1) for line in result.output.splitlines()]
        assert f"{platform.python_version()} ({platform.python_implementation()}), " in result.output
        for library in ("textual", "numpy", "click"):
            assert [library, metadata.version(library)] in lines
        assert "TERM=foot" in result.output
        assert "settings.json, not there yet" in result.output

    def test_nothing_is_written(self, tmp_path: Path) -> None:
        doctor()
        assert list(tmp_path.iterdir()) == []

    def test_settings_that_cannot_be_read_are_a_problem(self, tmp_path: Path) -> None:
        settings = tmp_path / "config" / "gradwalk" / "settings.json"
        settings.parent.mkdir(parents=True)
        settings.write_text('{"colour": "blue"}')
        result = doctor()
        assert result.exit_code == 1
        assert "✗ " in result.output
        assert "settings.json is ignored" in result.output

    def test_a_guest_is_told_of_no_file_and_nothing_of_the_system(self) -> None:
        output = doctor("--guest").output
        assert "settings" not in output
        assert platform.release() not in output
        assert os.sep not in output.partition("libraries")[0]


class TestLibraries:
    @staticmethod
    def _found(**versions: str) -> installed.Findings:
        def version_of(name: str) -> str:
            if name not in versions:
                raise metadata.PackageNotFoundError(name)
            return versions[name]

        return installed.libraries(sorted(HERE), version_of)

    def test_all_is_well_without_the_extras(self) -> None:
        found = self._found(numpy="2.0.1", textual="8.2.5")
        assert not found.problems
        assert found.facts["jax"] == 'not installed; pip install "gradwalk[jax]" brings it'
        assert set(found.facts) == {"jax", "numpy", "textual"}

    @pytest.mark.parametrize("version", ["8.2.4", "9.0.0", "8.2", "10"])
    def test_a_version_outside_the_bounds_is_named_with_them(self, version: str) -> None:
        (problem,) = self._found(numpy="2.0.1", textual=version).problems
        assert f"textual {version}" in problem
        assert 'pip install "textual<9,>=8.2.5"' in problem

    def test_one_that_is_missing_is_named(self) -> None:
        (problem,) = self._found(textual="8.2.8").problems
        assert problem == 'numpy is not installed: pip install "numpy>=2"'

    @pytest.mark.parametrize(
        ("version", "bounds", "fits"),
        [
            ("2.13.0+cpu", ">=2.6", True),
            ("2.6.0", ">=2.6,<3", True),
            ("3.0", ">=2.6,<3", False),
            ("3.0rc1", "<3", False),
            ("10.1", ">=9", True),
            ("2.5.9", ">=2.6", False),
            ("1.0", "", True),
        ],
    )
    def test_versions_are_compared_by_their_numbers(self, version: str, bounds: str, fits: bool) -> None:
        assert installed.within(version, bounds) is fits


class TestSurroundings:
    def test_a_modern_terminal(self) -> None:
        found = surroundings.terminal(session(MODERN), MODERN, os.terminal_size((120, 40)))
        assert not found.problems
        assert found.facts["colours"] == "all"
        assert found.facts["theme"] == "dark"
        assert found.facts["window"] == "120x40"

    @pytest.mark.parametrize(
        ("environment", "size", "said"),
        [
            ({"TERM": "dumb"}, (80, 24), "--plain"),
            ({"TERM": "xterm"}, (50, 24), "make it larger"),
            ({"TERM": "xterm"}, (80, 19), "make it larger"),
        ],
    )
    def test_one_that_holds_no_screen_is_a_problem(
        self, environment: dict[str, str], size: tuple[int, int], said: str
    ) -> None:
        (problem,) = surroundings.terminal(session(environment), environment, os.terminal_size(size)).problems
        assert said in problem

    def test_without_a_terminal_nothing_is_wrong_with_it(self) -> None:
        environment = {"TERM": "dumb"}
        assert not surroundings.terminal(session(environment), environment, None).problems

    @pytest.mark.parametrize(("encoding", "is_well"), [("utf-8", True), ("ascii", False), ("cp1252", False)])
    def test_an_output_that_lacks_characters_is_a_problem(self, encoding: str, is_well: bool) -> None:
        assert (not surroundings.language(MODERN, encoding).problems) is is_well

    def test_what_identifies_a_window_is_not_told(self) -> None:
        environment = {**MODERN, "TMUX": "/tmp/tmux-1000/default,4242,0"}
        told = surroundings.terminal(session(environment), environment, None).facts["environment"]
        assert "TMUX is set" in told
        assert "4242" not in told


class TestFiles:
    def test_a_home_is_shown_without_its_owner(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(Path, "home", lambda: tmp_path)
        assert from_home(tmp_path / "a" / "b.json") == "~/a/b.json"
        assert from_home(Path("/elsewhere/b.json")) == str(Path("/elsewhere/b.json"))

    def test_a_file_where_a_folder_should_be_cannot_be_written_below(self, tmp_path: Path) -> None:
        (tmp_path / "state").write_text("")
        assert can_be_written(tmp_path / "new" / "done.json")
        assert not can_be_written(tmp_path / "state" / "gradwalk" / "done.json")
