"""A walk in other notations than the screen's."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from gradwalk.tui.cli import main


def printed(notation: str) -> str:
    done = CliRunner().invoke(main, ["trace", "fabc", "--notation", notation])
    assert done.exit_code == 0
    return done.stdout


@pytest.mark.parametrize(
    ("notation", "forward", "local", "result"),
    [
        ("unicode", "r = 1/s", "∂r/∂s = -1/s² = -1/3² = -0.1111", "∂f/∂a = -0.1111"),
        (
            "latex",
            r"r = \frac{1}{s}",
            r"\frac{\partial r}{\partial s} = -\frac{1}{s^{2}} = -\frac{1}{3^{2}} = -0.1111",
            r"\frac{\partial f}{\partial a} = -0.1111",
        ),
        (
            "spoken",
            "r equals one over s",
            "the derivative of r by s equals minus one over s squared equals minus one over three squared",
            "the derivative of f by a equals minus 0.1111",
        ),
        ("text", "r = 1/s", "dr/ds = -1/s^2 = -1/3^2 = -0.1111", "df/da = -0.1111"),
    ],
)
def test_a_walk_in_every_notation(notation: str, forward: str, local: str, result: str) -> None:
    shown = printed(notation)
    for words in (forward, local, result):
        assert f"{words}" in shown


def test_without_the_option_it_is_unicode() -> None:
    assert CliRunner().invoke(main, ["trace", "fabc"]).stdout == printed("unicode")


def test_what_is_no_notation_is_said() -> None:
    done = CliRunner().invoke(main, ["trace", "fabc", "--notation", "klingon"])
    assert done.exit_code == 2
    assert '"klingon" is no notation; there are latex, spoken, text, unicode' in done.stderr
