"""Shell completion: what is offered at the key tab, asked as shells ask."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from gradwalk.engine.courses import built_in_courses
from gradwalk.engine.library import built_in_names, load
from gradwalk.tui.cli import main
from gradwalk.tui.themes import THEMES

from .pseudo_terminal import GRADWALK, PseudoTerminal


def offered(line: str) -> dict[str, str | None]:
    """Return what is offered behind a line that ends where tab is pressed, with its help."""
    *words, incomplete = line.split(" ")
    items = ShellComplete(main, {}, "gradwalk", "_GRADWALK_COMPLETE").get_completions(words, incomplete)
    return {f"<{item.type}>" if item.type != "plain" else item.value: item.help for item in items}


class TestOffers:
    @pytest.mark.parametrize("line", ["", "trace ", "export ", "train ", "hunt ", "judge ", "walk ", "walk fabc "])
    def test_every_scenario_where_one_may_stand(self, line: str) -> None:
        assert set(built_in_names()) <= set(offered(line))

    @pytest.mark.parametrize("line", ["check ", "check fabc "])
    def test_courses_too_where_they_are_checked(self, line: str) -> None:
        assert {*built_in_names(), *built_in_courses()} <= set(offered(line))

    def test_scenarios_come_with_their_titles_and_commands_with_their_help(self) -> None:
        found = offered("")
        assert found["fabc"] == load("fabc").title
        assert "trace" in found
        assert set(offered("tra")) == {"trace", "train", "<file>"}

    def test_a_scenario_without_walk_has_the_options_of_a_walk(self) -> None:
        assert {"--step", "--view", "--predict"} <= set(offered("fabc --"))
        assert offered("fabc --theme l") == {"light": None}
        assert set(offered("--theme ")) == set(THEMES)

    def test_levels_and_notations(self) -> None:
        assert "last-factor" in offered("fabc --predict --level ")
        assert offered("trace fabc --notation la") == {"latex": None}

    def test_what_an_export_may_be_and_its_colours(self) -> None:
        assert set(offered("export fabc --format h")) == {"handout", "html"}
        assert set(offered("export fabc --format svg --theme ")) == set(THEMES)

    def test_files_are_left_to_the_shell_and_come_first(self) -> None:
        assert next(iter(offered("trace my"))) == "<file>"
        assert set(offered("learn ")) == set(offered("open ")) == {"<file>"}

    def test_a_guest_is_offered_no_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert set(offered("--guest trace f")) == {"fabc"}
        monkeypatch.setenv("GRADWALK_GUEST", "1")
        assert set(offered("trace f")) == {"fabc"}

    def test_a_misspelt_word_is_no_error(self) -> None:
        assert offered("trase fabc ") == offered("fabc fabc ")


class TestCommand:
    @pytest.mark.parametrize("shell", ["zsh", "fish"])
    def test_it_prints_the_script_of_a_shell(self, shell: str) -> None:
        result = CliRunner().invoke(main, ["completion", shell], prog_name="gradwalk")
        assert result.exit_code == 0
        assert f"_GRADWALK_COMPLETE={shell}_complete" in result.output

    def test_another_shell_is_refused_with_those_there_are(self) -> None:
        result = CliRunner().invoke(main, ["completion", "tcsh"], prog_name="gradwalk")
        assert result.exit_code == 2
        assert "bash" in result.stderr


def _run(shell: str, script: str) -> list[str]:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not here")
    path = os.pathsep.join((str(Path(GRADWALK).parent), os.environ["PATH"]))
    done = subprocess.run(
        [shell, "-c", script], capture_output=True, text=True, timeout=60, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.thorough
class TestShells:
    def test_bash(self) -> None:
        script = """
            eval "$(gradwalk completion bash)"
            COMP_WORDS=(gradwalk trace x) COMP_CWORD=2
            _gradwalk_completion gradwalk x trace
            echo "${COMPREPLY[@]}"
            complete -p gradwalk
        """
        words = _run("bash", script)
        assert words[:2] == ["xor", "xyz"]
        assert words[-1] == "gradwalk"

    def test_fish(self) -> None:
        words = _run("fish", 'gradwalk completion fish | source; complete --do-complete "gradwalk trace x"')
        assert {"xor", "xyz"} <= set(words)

    def test_zsh(self, tmp_path: Path) -> None:
        if not shutil.which("zsh"):
            pytest.skip("zsh is not here")
        path = os.pathsep.join((str(Path(GRADWALK).parent), os.environ["PATH"]))
        (tmp_path / ".zshrc").write_text(
            f'PATH="{path}"; PS1="ready> "; autoload -U compinit; compinit -u; eval "$(gradwalk completion zsh)"\n'
        )
        with PseudoTerminal("zsh", "-i", environment={"ZDOTDIR": str(tmp_path)}) as terminal:
            terminal.wait_for("ready>")
            terminal.press(*"gradwalk trace fab", "\t")
            terminal.wait_for("gradwalk trace fabc")
            terminal.press("\x15", *"exit", "enter")
            terminal.wait_for_exit()
