"""`walk`: what somebody wrote in Python, as a walk to print, save, show and read."""

from __future__ import annotations

import asyncio
import json
import math
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.importing.imported import imported
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.value import Value
from gradwalk.tui import walked
from gradwalk.tui.cli import main
from gradwalk.tui.walked import Walk, walk

if sys.platform != "win32":
    from .pseudo_terminal import PseudoTerminal


def example() -> Walk:
    x, y = Scalar(2.0, "x"), Scalar(5.0, "y")
    return walk(x * y + x.sin())


def weighted(weights: np.ndarray, x: float) -> np.ndarray:
    return (np.tanh(weights) * x).sum()


class TestWhatIsWalked:
    def test_a_number_that_was_calculated_with_scalars(self):
        found = example()
        assert found.value == pytest.approx(10 + math.sin(2))
        assert found.gradients == pytest.approx({"x": 5 + math.cos(2), "y": 2.0})
        assert len(found) == 9
        assert found.scenario.title == "the result, from Python"
        assert walk(Scalar(2.0, "x").square().named("f")).scenario.title == "f, from Python"

    def test_a_number_without_a_name_is_called_as_its_variable(self):
        x = Scalar(2.0, "x")
        loss = x * x
        found = walk(loss)
        assert found.scenario.title == "loss, from Python"
        assert "∂loss/∂x = 4" in str(found)
        assert loss.name is None
        t3, exp, taken = loss + 1, loss + 2, (loss.named("taken") * 3)
        assert [walk(each).scenario.title for each in (t3, exp, taken)] == ["the result, from Python"] * 3

    def test_a_value_in_the_place_of_micrograds(self):
        x = Value(3.0, label="x")
        assert walk(x * x, title="a square").gradients == {"x": 6.0}

    def test_what_numpy_has_put_into_an_array_of_one(self):
        x = Scalar(3.0, "x")
        assert walk(np.where(x > 0, x * x, 0)).gradients == {"x": 6.0}

    def test_a_function_of_arrays_and_what_it_is_called_with(self):
        found = walk(weighted, np.array([0.5, -1.0]), 3.0)
        assert found.scenario.title == "weighted, from Python"
        slopes = 3 * (1 - np.tanh([0.5, -1.0]) ** 2)
        assert found.gradients == pytest.approx(
            {"weights[0]": slopes[0], "weights[1]": slopes[1], "x": np.tanh([0.5, -1.0]).sum()}
        )

    def test_what_was_imported_already(self):
        assert walk(imported(weighted, np.array([0.5]), 3.0)).value == pytest.approx(3 * math.tanh(0.5))

    def test_an_expression_and_the_values_of_its_names(self):
        assert walk("x*y + sin(x)", x=2, y=5.0).gradients == example().gradients
        assert walk("x/y", x="1/3", y=np.float64(2)).value == pytest.approx(1 / 6)

    def test_a_scenario_by_its_name_or_the_path_of_its_file(self, tmp_path: Path):
        assert walk("fabc").value == pytest.approx(2 / 3)
        file = tmp_path / "mine.toml"
        file.write_text('title = "mine"\n[inputs]\nx = 2\n[graph]\nf = "x*x"\n', encoding="utf-8")
        assert walk(str(file)).gradients == {"x": 4.0}
        assert walk(walk("fabc"), title="again").scenario.title == "again"

    def test_a_gradient_that_does_not_exist_is_nan(self):
        assert math.isnan(walk(Scalar(0.0, "x").sqrt() * 2).gradients["x"])

    @pytest.mark.parametrize(
        ("what", "said"),
        [
            (lambda x: walk(3.0), 'this is a float: begin with Scalar(2.0, "x")'),
            (lambda x: walk(np.array([1.0, 2.0])), "plain numbers: write walk(f, x) with the function f that makes"),
            (lambda x: walk(np.array([x, x])), "of several numbers: take its sum, its mean or an entry"),
            (lambda x: walk([x, x]), "of several numbers: take their sum"),
            (lambda x: walk(x * x, 3), "a Scalar is walked without further arguments"),
            (lambda x: walk("x*x", 3), "write its values by name, as in walk('x*y', x=2, y=5)"),
            (lambda x: walk(x * x, z=3), "walk knows no z"),
            (lambda x: walk(walk(x * x), 3), "a walk is walked without further arguments"),
            (lambda x: walk("x*y", x=x, y=1), "x is a number, or a constant expression"),
            (lambda x: walk("fab"), 'did you mean "fabc"?'),
        ],
    )
    def test_anything_else_is_told_what_to_write(self, what, said: str):
        with pytest.raises(GradwalkError) as raised:
            what(Scalar(2.0, "x"))
        assert said in str(raised.value)


class TestToGiveAway:
    def test_printing_it_prints_what_the_command_prints(self):
        arguments = ["x*y + sin(x)", "x=2", "y=5", "--trace"]
        printed = CliRunner().invoke(main, ["try", *arguments]).output
        found = walk("x*y + sin(x)", x=2, y=5)
        assert str(found) == printed.rstrip("\n")
        assert found.to_text() == printed
        assert "\x1b" not in found.to_text()

    def test_its_json_is_that_of_the_command(self):
        printed = CliRunner().invoke(main, ["trace", "fabc", "--json"]).output
        assert json.loads(walk("fabc").to_json()) == json.loads(printed)

    def test_digits_may_be_asked_for(self):
        assert "∂f/∂a = -0.111111111" in walk("fabc").to_text(digits=9)

    def test_one_line_stands_for_it(self):
        assert repr(example()) == "<Walk of the result, from Python: 9 steps; print it, or open it with .show()>"

    @pytest.mark.parametrize(
        ("ending", "begins"),
        [
            (".html", "<!DOCTYPE html>"),
            (".md", "# the result, from Python"),
            (".tex", "\\documentclass"),
            (".json", "{"),
            (".txt", "start · 9 steps"),
        ],
    )
    def test_it_is_saved_as_the_ending_says(self, ending: str, begins: str, tmp_path: Path):
        path = tmp_path / f"walk{ending}"
        assert example().save(str(path)) == path
        assert path.read_text(encoding="utf-8").startswith(begins)

    def test_no_file_is_lost_unless_it_is_said(self, tmp_path: Path):
        path = tmp_path / "walk.txt"
        path.write_text("precious", encoding="utf-8")
        with pytest.raises(GradwalkError, match=r"is there already; overwrite=True puts the walk in its place"):
            example().save(path)
        assert path.read_text(encoding="utf-8") == "precious"
        example().save(path, overwrite=True)
        assert path.read_text(encoding="utf-8") == example().to_text()

    @pytest.mark.thorough
    def test_a_picture_of_a_step_and_a_recording_are_made_even_inside_an_event_loop(self, tmp_path: Path):
        async def inside() -> str:
            return example().to_svg("∂t3/∂x")

        assert "∂t3/∂x" in asyncio.run(inside()).replace("&#160;", " ")
        recording = example().save(tmp_path / "walk.cast").read_text(encoding="utf-8")
        assert json.loads(recording.splitlines()[0])["title"] == "the result, from Python"

    def test_a_step_that_is_not_there_has_no_picture(self):
        with pytest.raises(GradwalkError, match="nowhere"):
            example().to_svg("nowhere")

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("walk.htm", 'no walk is saved as ".htm"; did you mean ".html"?'),
            ("walk", "its ending says what is saved; the endings are .html, .md, .tex, .svg, .cast, .json, .txt"),
            ("missing/walk.txt", "cannot be written: No such file or directory"),
        ],
    )
    def test_what_cannot_be_saved_is_said(self, name: str, said: str, tmp_path: Path):
        with pytest.raises(GradwalkError) as raised:
            example().save(tmp_path / name)
        assert said in str(raised.value)


class TestInANotebook:
    def test_the_page_stands_in_a_frame_that_can_reach_nothing_else(self):
        shown = example()._repr_html_()
        assert shown.startswith("<iframe ")
        assert 'sandbox="allow-scripts allow-downloads"' in shown
        assert 'title="the result, from Python"' in shown
        assert "<script" not in shown, "the page is escaped: it is the frame's and not the notebook's"

    def test_a_walk_that_is_too_large_for_a_page_says_so_in_its_place(self):
        x = Scalar(1.0001, "x")
        y = x
        for _ in range(5000):
            y = y * x
        shown = walk(y)._repr_html_()
        assert shown.startswith("<p>")
        assert "<pre>&lt;Walk of y, from Python" in shown

    def test_showing_it_shows_the_page(self, monkeypatch: pytest.MonkeyPatch):
        from gradwalk.tui import notebook

        shown: list[object] = []
        monkeypatch.setattr(notebook, "in_a_notebook", lambda: True)
        monkeypatch.setattr(notebook, "display", shown.append)
        found = example()
        found.show()
        assert shown == [found]


GRAPH = "from gradwalk import Scalar, show, walk; x = Scalar(3.0, 'x'); y = x*x\n"


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a Unix thing")
def test_inside_an_event_loop_a_walk_can_be_awaited() -> None:
    script = GRAPH + "import asyncio\nasync def main(): await walk(y).show_async(); print('and', 'on')\n"
    with PseudoTerminal(sys.executable, "-c", script + "asyncio.run(main())", width=120, height=50) as terminal:
        terminal.wait_for("y, from Python")
        terminal.press("end")
        terminal.wait_for("∂y/∂x = 6")
        terminal.press("q")
        terminal.wait_for("and on")
        assert terminal.wait_for_exit() == 0


def test_in_a_thread_it_gives_its_texts() -> None:
    texts: list[str] = []
    thread = threading.Thread(target=lambda: texts.append(str(walk("x*x", x=3))))
    thread.start()
    thread.join()
    assert "∂f/∂x = 6" in texts[0]


def test_what_walk_is_said_to_give_it_gives() -> None:
    import doctest

    results = doctest.testmod(walked, extraglobs={"walk": walk})
    assert results.attempted
    assert not results.failed
