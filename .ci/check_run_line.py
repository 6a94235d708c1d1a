"""Run the README's run line in a pseudo-terminal and a fresh copy of the checkout: the library opens, and q quits.

`check_run_line.py LINE FOLDER`
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "tui"))

import pseudo_terminal  # noqa: E402

if __name__ == "__main__":
    line, folder = sys.argv[1:]
    pseudo_terminal.DEADLINE = 600.0  # it installs
    config = {"XDG_CONFIG_HOME": f"{folder}/.config"}
    with pseudo_terminal.PseudoTerminal(
        "/bin/bash", "-c", f"cd {folder} && {line}", width=120, height=40, environment=config
    ) as terminal:
        terminal.wait_for("choose a scenario to walk")
        terminal.wait_for("> fabc")
        print(terminal.text)
        terminal.press("q")
        status = terminal.wait_for_exit()
        print(f"q ends it with status {status}")
        sys.exit(status or terminal.modes != {7, 25})
