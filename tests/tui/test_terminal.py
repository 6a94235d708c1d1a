"""Every command in a real pseudo-terminal: keys go in, a screen comes out, and the terminal is left as it was."""

from __future__ import annotations

import os
import re
import signal
import statistics
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are a Unix thing", allow_module_level=True)

from .pilots import command, opened, text, walk
from .pseudo_terminal import GRADWALK, PseudoTerminal

pytestmark = pytest.mark.thorough

MOUSE = {1000, 1002, 1003, 1006, 1015}
ALTERNATE_SCREEN, CURSOR, LINE_WRAP = 1049, 25, 7


async def expected_screens(name: str, size: tuple[int, int]) -> list[str]:
    """Return what the screen must be after each number of steps: the app's own, without a terminal."""
    async with opened(name, size) as pilot:
        screens = [text(pilot)]
        for _ in range(walk(pilot).opened.trace.total):
            command(pilot, "forward")
            await pilot.pause()
            screens.append(text(pilot))
    return screens


class TestWalking:
    @pytest.mark.parametrize("size", [(120, 40), (80, 24)])
    async def test_fabc_to_the_end_and_back_with_two_keys(self, size: tuple[int, int]) -> None:
        screens = await expected_screens("fabc", size)
        with PseudoTerminal(GRADWALK, "fabc", width=size[0], height=size[1]) as terminal:
            terminal.wait_for(lambda: terminal.text == screens[0])
            for expected in screens[1:]:
                terminal.press("right")
                terminal.wait_for(lambda: terminal.text == expected)  # noqa: B023
            if size == (120, 40):
                for line in ("f = 0.6667", "∂f/∂a = -0.1111", "∂f/∂b = -0.0409", "∂f/∂c = -0.1111"):
                    assert line in terminal.text
            for expected in screens[-2::-1]:
                terminal.press("left")
                terminal.wait_for(lambda: terminal.text == expected)  # noqa: B023
            terminal.press("q")
            assert terminal.wait_for_exit() == 0

    async def test_a_step_writes_at_most_a_kilobyte_at_the_median(self) -> None:
        screens = await expected_screens("ehg", (120, 40))
        sizes: list[int] = []
        with PseudoTerminal(GRADWALK, "ehg", width=120, height=40) as terminal:
            terminal.wait_for(lambda: terminal.text == screens[0])
            terminal.press("right", "left")
            terminal.wait_for(lambda: terminal.text == screens[0])
            for expected in screens[1:]:
                before = len(terminal.output)
                terminal.press("right")
                terminal.wait_for(lambda: terminal.text == expected)  # noqa: B023
                sizes.append(len(terminal.output) - before)
        assert len(sizes) == 16
        assert statistics.median(sizes) <= 1024

    def test_the_library_opens_walks_and_comes_back(self) -> None:
        with PseudoTerminal(GRADWALK) as terminal:
            terminal.wait_for("choose a scenario to walk")
            terminal.press("down")
            terminal.wait_for("> ehg")
            terminal.press("enter")
            terminal.wait_for("start · 16 steps")
            terminal.press("right")
            terminal.wait_for("step 1 of 16")
            terminal.press("escape")
            terminal.wait_for("> ehg")
            terminal.press("q")
            assert terminal.wait_for_exit() == 0

    def test_an_expression_is_tried(self) -> None:
        with PseudoTerminal(GRADWALK, "try", "x*y + sin(x)", "x=2", "y=5") as terminal:
            terminal.wait_for("start · 9 steps")
            terminal.press("end")
            terminal.wait_for("4.5839")
            terminal.press("q")
            assert terminal.wait_for_exit() == 0

    def test_the_mouse_folds_a_branch_and_presses_a_key(self) -> None:
        with PseudoTerminal(GRADWALK, "fabc") as terminal:
            terminal.wait_for("q Quit")
            terminal.click(4, 4)
            terminal.wait_for("▸ r")
            terminal.click(terminal.lines[-1].index("Step"), 23)
            terminal.wait_for("step 1 of 13")
            terminal.click(terminal.lines[-1].index("Quit"), 23)
            assert terminal.wait_for_exit() == 0

    def test_the_window_may_be_resized_at_any_moment(self) -> None:
        with PseudoTerminal(GRADWALK, "fabc", width=120, height=40) as terminal:
            terminal.wait_for("start · 13 steps")
            terminal.press("+", "+", "+", "+", "space")
            terminal.wait_for("▶ 16/s")
            for width, height in ((80, 24), (40, 10), (200, 60), (60, 20)):
                terminal.resize(width, height)
                if width < 60:
                    terminal.wait_for("gradwalk needs a window")
                else:
                    terminal.wait_for(lambda: terminal.lines[-1].endswith("q Quit"))
            terminal.wait_for("step 13 of 13")
            terminal.press("q")
            assert terminal.wait_for_exit() == 0


class TestColours:
    def sgr(self, terminal: PseudoTerminal) -> set[str]:
        """Return every parameter of the sequences that set colours and attributes."""
        sequences = re.findall(rb"\x1b\[([0-9;]*)m", bytes(terminal.output))
        return {part for sequence in sequences for part in sequence.decode().split(";")}

    def walked(self, **environment: str | None) -> set[str]:
        with PseudoTerminal(GRADWALK, "fabc", environment=environment) as terminal:
            terminal.wait_for("q Quit")
            terminal.press("end")
            terminal.wait_for("step 13 of 13")
            terminal.press("?")
            terminal.wait_for("esc closes")
            terminal.press("escape", "escape")
            terminal.wait_for("choose a scenario")
            terminal.press("q")
            assert terminal.wait_for_exit() == 0
            return self.sgr(terminal)

    def test_no_color_leaves_the_terminal_its_own_colours(self) -> None:
        attributes = {"", "0", "1", "2", "3", "4", "7", "22", "23", "24", "27", "39", "49"}
        assert self.walked(NO_COLOR="1") <= attributes

    def test_a_terminal_of_sixteen_colours_gets_no_others(self) -> None:
        used = self.walked(TERM="xterm", COLORTERM=None)
        assert used & {"91", "92", "93", "94", "95", "96", "31", "32", "33", "34", "35", "36"}
        assert not used & {"38", "48"}

    def test_a_terminal_of_many_colours_gets_ours(self) -> None:
        assert "38" in self.walked()

    def test_a_trace_is_coloured_on_a_terminal_and_plain_in_a_pipe(self) -> None:
        with PseudoTerminal(GRADWALK, "trace", "fabc", width=120, height=200) as terminal:
            assert terminal.wait_for_exit() == 0
            assert b"\x1b[1;35m" in terminal.output
            assert "∂f/∂b = -0.0409" in terminal.text
        with PseudoTerminal("/bin/sh", "-c", f"{GRADWALK} trace fabc | cat", width=120, height=200) as terminal:
            assert terminal.wait_for_exit() == 0
            assert b"\x1b" not in terminal.output
            assert "∂f/∂b = -0.0409" in terminal.text

    def test_a_trace_obeys_no_color(self) -> None:
        with PseudoTerminal(GRADWALK, "trace", "fabc", environment={"NO_COLOR": "1"}) as terminal:
            assert terminal.wait_for_exit() == 0
            assert self.sgr(terminal) <= {"0", "1", "2", "3"}


class TestHeadlessCommands:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["list"], "Pen and paper: f(a, b, c)"),
            (["--version"], f"gradwalk {metadata.version('gradwalk')}"),
            (["--help"], "Walk a computational graph forward and backward"),
            (["schema", "trace"], '"gradients"'),
            (["try", "x*y", "x=2", "y=5", "--trace"], "∂f/∂x = 5"),
            (["trace", "xyz", "--json"], '"gradients"'),
        ],
    )
    def test_they_print_and_touch_nothing_of_the_terminal(self, arguments: list[str], said: str) -> None:
        with PseudoTerminal(GRADWALK, *arguments, width=120, height=2000) as terminal:
            assert terminal.wait_for_exit() == 0
            assert said in terminal.text
            assert b"\x1b[?" not in terminal.output

    def test_a_dumb_terminal_gets_the_plain_walk(self) -> None:
        with PseudoTerminal(GRADWALK, "fabc", width=200, environment={"TERM": "dumb"}) as terminal:
            terminal.wait_for("Command:")
            terminal.press("enter")
            terminal.wait_for("Step 1 of 13, forward: l = ln(b)")
            terminal.press("ctrl+c")
            terminal.wait_for("The walk ends here, at step 1 of 13.")
            assert terminal.wait_for_exit() == 0
            assert b"\x1b" not in terminal.output


class TestTheTerminalIsRestored:
    """The command runs in a shell, so that there is someone to come back to."""

    def run(self, act: Callable[[PseudoTerminal, int], None], command: str = f"{GRADWALK} fabc") -> tuple[str, str]:
        """Return the status that the shell saw, and all that was printed after the app had gone."""
        script = f'stty -g; {command} & child=$!; echo "child $child"; fg >/dev/null; echo "status $?"; stty -g'
        with PseudoTerminal("/bin/bash", "-mc", script, width=100) as terminal:
            terminal.wait_for("q Quit")
            match = re.search(rb"child (\d+)", bytes(terminal.output))
            assert match is not None
            assert {ALTERNATE_SCREEN, 1000} <= terminal.modes
            assert CURSOR not in terminal.modes
            act(terminal, int(match[1]))
            assert terminal.wait_for_exit() == 0
            assert terminal.modes == {CURSOR, LINE_WRAP}
            assert terminal.output.count(b"\x1b[>") == terminal.output.count(b"\x1b[<u")
            printed = terminal.output.decode().replace("\r", "")
            settings = re.findall(r"^[0-9a-f]+(?::[0-9a-f]+){10,}$", printed, re.MULTILINE)
            assert len(settings) == 2
            assert settings[0] == settings[1]
            after = printed[printed.rindex("\x1b[?1049l") :]
            status = re.search(r"status (\d+)", after)
            assert status is not None
            return status[1], after

    @pytest.mark.parametrize("key", ["q", "ctrl+q"])
    def test_after_quitting(self, key: str) -> None:
        assert self.run(lambda terminal, _: terminal.press(key))[0] == "0"

    @pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"])
    def test_after_a_signal(self, name: str) -> None:
        number = getattr(signal, name)
        status, after = self.run(lambda _, child: os.kill(child, number))
        assert status == str(128 + number)
        assert "Traceback" not in after

    def test_after_a_signal_while_playing(self) -> None:
        def act(terminal: PseudoTerminal, child: int) -> None:
            terminal.press("space")
            terminal.wait_for("▶ 1/s")
            os.kill(child, signal.SIGTERM)

        assert self.run(act)[0] == "143"

    def test_after_an_error_of_ours(self, tmp_path: Path) -> None:
        script = tmp_path / "broken.py"
        script.write_text(
            "from gradwalk.tui.cli import main\n"
            "from gradwalk.tui.screens.walk import WalkScreen\n"
            "def fail(screen, id): raise RuntimeError('a bug of ours')\n"
            "WalkScreen.action_command = fail\n"
            "main(['fabc'])\n",
            encoding="utf-8",
        )
        status, after = self.run(lambda terminal, _: terminal.press("right"), f"{sys.executable} {script}")
        assert status == "1"
        assert "a bug of ours" in after

    def test_ctrl_c_neither_ends_it_nor_traps_one(self) -> None:
        def act(terminal: PseudoTerminal, _: int) -> None:
            terminal.press("right", "ctrl+c")
            terminal.wait_for("ctrl+q quits from everywhere")
            assert "step 1 of 13" in terminal.text
            terminal.press("ctrl+q")

        assert self.run(act)[0] == "0"

    def test_after_being_stopped_and_continued_the_whole_screen_is_painted_anew(self) -> None:
        def act(terminal: PseudoTerminal, child: int) -> None:
            terminal.press("right")
            terminal.wait_for("step 1 of 13")
            before = terminal.lines
            os.kill(child, signal.SIGTSTP)
            terminal.wait_for(lambda: os.waitpid(child, os.WUNTRACED | os.WNOHANG)[0] == child)
            terminal.wait_for(lambda: ALTERNATE_SCREEN not in terminal.modes)
            terminal.screen.reset()
            os.kill(child, signal.SIGCONT)
            terminal.wait_for(lambda: ALTERNATE_SCREEN in terminal.modes)
            terminal.wait_for(lambda: terminal.lines == before)
            terminal.press("q")

        with PseudoTerminal(GRADWALK, "fabc", width=100) as terminal:
            terminal.wait_for("q Quit")
            act(terminal, terminal.process.pid)
            assert terminal.wait_for_exit() == 0

    def test_it_ends_when_its_terminal_goes_away(self) -> None:
        terminal = PseudoTerminal(GRADWALK, "fabc")
        terminal.wait_for("q Quit")
        os.close(terminal.process.child_fd)
        assert os.waitpid(terminal.process.pid, 0)[0] == terminal.process.pid
        terminal.process.closed = True
        terminal.process.terminated = True
