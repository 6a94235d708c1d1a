"""`show`, and the package as others meet it: a script, a notebook, `python -m`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from gradwalk.tui.cli import main

if sys.platform != "win32":
    from .pseudo_terminal import PseudoTerminal

GRAPH = "from gradwalk import Scalar, show; x = Scalar(3.0, 'x'); y = x*x\n"


def python(script: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", GRAPH + script]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def on_a_terminal(script: str, **environment: str) -> PseudoTerminal:
    return PseudoTerminal(sys.executable, "-c", GRAPH + script, width=120, height=50, environment=environment)


def test_without_a_terminal_the_walk_is_printed() -> None:
    result = python("show(y, 'a square')")
    assert result.returncode == 0
    assert result.stderr == ""
    assert "a square" in result.stdout
    assert "∂y/∂x = 6" in result.stdout


def test_so_it_is_in_a_thread_and_in_an_event_loop() -> None:
    for call in ("threading.Thread(target=show, args=(y,)).start()", "asyncio.run(main())"):
        result = python(f"import asyncio, threading\nasync def main(): show(y)\n{call}")
        assert result.returncode == 0
        assert "/∂x = 6" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell with head")
@pytest.mark.parametrize("times", [1, 3000], ids=["a few lines", "more than a pipe holds"])
def test_a_reader_that_goes_away_is_no_error_of_the_script(times: int, tmp_path: Path) -> None:
    script = tmp_path / "s.py"
    script.write_text(
        f"{GRAPH}for _ in range({times}): y = y + x\nshow(y)\nimport sys; print('and on', file=sys.stderr)"
    )
    command = f"set -o pipefail; {sys.executable} {script} | head -1"
    result = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert result.stderr == "and on\n"
    assert result.returncode == 0


@pytest.mark.parametrize("what", ["3.0", "3", "None", "'x'", "show"])
def test_what_is_no_scalar_is_named_and_what_to_do(what: str) -> None:
    result = python(f"show({what})")
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert "show walks the graph of a Scalar, and this is a " in last
    assert 'begin with Scalar(2.0, "x")' in last


def test_numbers_without_a_graph_and_others_values_are_told_what_to_write_instead() -> None:
    result = python("import numpy; show(numpy.ones(1))")
    assert "this is a ndarray of plain numbers: write walk(f, x) with the function f" in result.stderr
    result = python("class Value: data = 2.0\nshow(Value())")
    assert "this is a Value of __main__: write from gradwalk import Value in its place" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a Unix thing")
class TestOnATerminal:
    def test_the_walk_opens_and_the_script_goes_on_after_it(self) -> None:
        with on_a_terminal("show(y, 'a square'); print('and', 'on')") as terminal:
            terminal.wait_for("a square")
            terminal.press("end")
            terminal.wait_for("∂y/∂x = 6")
            terminal.press("q")
            terminal.wait_for("and on")
            assert terminal.wait_for_exit() == 0

    def test_one_that_cannot_place_text_gets_it_printed(self) -> None:
        with on_a_terminal("show(y)", TERM="dumb") as terminal:
            assert terminal.wait_for_exit() == 0
            assert "∂y/∂x = 6" in terminal.text

    @pytest.mark.parametrize(
        ("call", "said"),
        [
            ("asyncio.run(main())", "show runs an event loop of its own"),
            ("pool.submit(show, y).result()", "only the main thread can"),
        ],
    )
    def test_where_no_screen_can_be_opened_one_sentence_says_so(self, call: str, said: str) -> None:
        before = "import asyncio, concurrent.futures as c; pool = c.ThreadPoolExecutor()\nasync def main(): show(y)\n"
        caught = f"try: {call}\nexcept Exception as error: print(type(error).__name__, error)"
        with on_a_terminal(before + caught) as terminal:
            assert terminal.wait_for_exit() == 0
            assert said in terminal.text
            assert "GradwalkError" in terminal.text
            assert "Traceback" not in terminal.text
            assert b"\x1b[?1049h" not in terminal.output


class TestThePackage:
    @pytest.mark.parametrize("arguments", [["--version"], ["trace", "fabc"], ["list"]], ids=" ".join)
    def test_python_m_is_the_command(self, arguments: list[str]) -> None:
        result = subprocess.run([sys.executable, "-m", "gradwalk", *arguments], capture_output=True, text=True)
        assert result.returncode == 0
        assert result.stdout == CliRunner().invoke(main, arguments, prog_name="gradwalk").output

    def test_python_m_names_itself_as_the_command_does(self) -> None:
        result = subprocess.run([sys.executable, "-m", "gradwalk", "--help"], capture_output=True, text=True)
        assert result.stdout.startswith("Usage: gradwalk ")

    def test_what_the_package_names_is_there_and_nothing_else_is_asked_for(self) -> None:
        import gradwalk
        from gradwalk.engine.scalar import Scalar
        from gradwalk.tui.show import show

        assert gradwalk.Scalar is Scalar
        assert gradwalk.show is show
        assert set(gradwalk.__all__) <= set(dir(gradwalk))
        with pytest.raises(AttributeError, match="has no attribute 'Vector'"):
            gradwalk.Vector  # noqa: B018

    def test_importing_it_loads_neither_numpy_nor_textual(self) -> None:
        script = "import sys, gradwalk; print({'numpy', 'textual'} & set(sys.modules))"
        result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
        assert result.stdout == "set()\n"
