"""The picture of a step and the recording of a walk, against what the walk says."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pyte
import pytest
from click.testing import CliRunner
from gradwalk.engine.library import load
from gradwalk.engine.walk.named_step import find_step
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.cli import main

SVG = "{http://www.w3.org/2000/svg}"


def exported(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["export", *arguments])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["export", *arguments])
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


def rows(picture: str) -> list[str]:
    """Return the text of a picture, piece by piece, from the top."""
    texts = ElementTree.fromstring(picture).iter(f"{SVG}text")
    return [unescape("".join(text.itertext())).replace("\xa0", " ") for text in texts]


class TestAPicture:
    def test_it_shows_the_step_that_was_asked_for(self) -> None:
        picture = exported("fabc", "--format", "svg", "--step", "∂f/∂s")
        shown = "\n".join(rows(picture))
        trace = Trace(load("fabc").graph)
        assert f"step {find_step(trace, '∂f/∂s', '')} of {trace.total}" in shown
        assert "-1/9" in shown

    def test_it_fetches_nothing(self) -> None:
        picture = exported("fabc", "--format", "svg", "--theme", "light", "--size", "60x20")
        addresses = set(re.findall(r"https?://[^\"') ]+", picture))
        assert {address for address in addresses if "w3.org" not in address and "textualize" not in address} == set()

    def test_an_epoch_of_a_training_is_a_picture_too(self) -> None:
        assert any("epoch 3" in text for text in rows(exported("regression", "--format", "svg", "--step", "3")))


class TestARecording:
    def test_each_frame_is_the_step_of_its_second(self) -> None:
        header, *events = map(json.loads, exported("fabc", "--format", "cast", "--size", "90x26").splitlines())
        assert (header["version"], header["width"], header["height"]) == (2, 90, 26)
        screen = pyte.Screen(90, 26)
        stream = pyte.Stream(screen)
        trace = Trace(load("fabc").graph)
        frames, end = events[:-1], events[-1]
        assert [second for second, _, _ in events] == list(range(trace.total + 2))
        assert end[2].endswith("\x1b[?25h")
        for number, (_, kind, written) in enumerate(frames):
            stream.feed(written)
            shown = "\n".join(screen.display)
            assert kind == "o"
            assert (f"step {number} of {trace.total}" in shown) or number == 0
            if number:
                assert trace.graph.label(trace.step(number).node) in shown

    def test_it_begins_where_it_was_told_to_and_may_be_slower(self) -> None:
        _, *events = map(
            json.loads, exported("fabc", "--format", "cast", "--step", "11", "--seconds", "2.5").splitlines()
        )
        assert [second for second, _, _ in events] == [0, 2.5, 5, 7.5]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "svg", "--size", "8x3"), "20x6 to 400x200"),
        (("--format", "svg", "--size", "wide"), "100x30"),
        (("--format", "svg", "--step", "∂f/∂x"), "∂f/∂x"),
        (("--format", "cast", "--theme", "blue"), "dark, light, terminal"),
        (("--format", "svg", "--seconds", "2"), "--seconds says nothing of --format svg; it is for cast"),
        (("--format", "md", "--step", "3"), "it is for svg and cast"),
        (("--format", "html", "--worksheet"), "write --format handout"),
        (("--format", "gif"), "cast"),
    ],
)
def test_what_cannot_be_made_is_said(arguments: tuple[str, ...], said: str) -> None:
    assert said in refused("fabc", *arguments)


def test_a_picture_is_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "step.svg"
    exported("fabc", "--format", "svg", "-o", str(path))
    assert ElementTree.fromstring(path.read_text(encoding="utf-8")).tag == f"{SVG}svg"
