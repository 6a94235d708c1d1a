"""The man page and the page of commands are made from the commands."""

from __future__ import annotations

import importlib.util
import shlex
import shutil
import subprocess
from importlib import metadata
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner
from gradwalk.tui.cli import main

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "man" / "gradwalk.1"


@pytest.fixture(scope="module")
def manual() -> ModuleType:
    spec = importlib.util.spec_from_file_location("manual", ROOT / "docs" / "manual.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(
    tuple(map(int, metadata.version("click").split(".")[:2])) < (8, 4),
    reason="an older click words its usage otherwise",
)
def test_the_man_page_is_up_to_date(manual: ModuleType) -> None:
    assert manual.man_page() == PAGE.read_text(encoding="utf-8"), "run `python docs/manual.py`"


def test_it_has_every_command_and_every_option(manual: ModuleType) -> None:
    written, reference = PAGE.read_text(encoding="utf-8").replace("\\-", "-"), manual.reference()
    with click.Context(main, info_name="gradwalk") as root:
        for name in main.list_commands(root):
            command = main.get_command(root, name)
            assert command is not None
            assert f".SS gradwalk {name}" in written
            assert f"### gradwalk {name}\n" in reference
            for option in (option for parameter in command.params for option in parameter.opts):
                assert not option.startswith("--") or (option in written and option in reference)


def test_the_variables_of_the_environment_are_those_that_options_have(manual: ModuleType) -> None:
    assert {"GRADWALK_GUEST", "GRADWALK_PLAIN", "GRADWALK_SPOKEN", "NO_COLOR"} <= set(manual.variables())


@pytest.mark.skipif(not shutil.which("mandoc"), reason="mandoc is not here")
def test_mandoc_finds_nothing_wrong_with_it() -> None:
    found = subprocess.run(["mandoc", "-T", "lint", "-W", "error", str(PAGE)], capture_output=True, text=True)
    assert found.stdout == ""
    assert found.returncode == 0


def test_the_examples_run(manual: ModuleType) -> None:
    for example in manual.EXAMPLES:
        _, *words = shlex.split(example)
        plain = [] if "trace" in words else ["--plain"]  # there is no terminal here
        result = CliRunner().invoke(main, [*words, *plain], catch_exceptions=False)
        assert result.exit_code == 0, example
        assert result.output
