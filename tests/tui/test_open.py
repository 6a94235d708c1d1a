"""`gradwalk open`: a function in a file of one's own, its arguments, the line of each step, and what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner, Result
from gradwalk.engine.export import walk_document
from gradwalk.engine.graph.array_record import SourceLine
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.importing.comparison import Comparison, LibraryResult, compared
from gradwalk.engine.importing.imported import Imported
from gradwalk.engine.importing.libraries import Library
from gradwalk.engine.importing.recording import Recording
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.cli import main
from gradwalk.tui.words.imported import comparison_words, presented
from gradwalk.tui.words.lines import plain
from gradwalk.tui.words.plain import step_sentences
from gradwalk.tui.words.walk import step_lines

MODEL = """
import numpy as np

def loss(w, x, y):
    return (w * x - y) ** 2

def broken(w):
    raise ValueError("the shapes do not fit")

def talking(w):
    print("once more")
    return w * w
"""


def opened(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["open", *arguments], catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "model_to_open.py").write_text(MODEL)
    np.savez(tmp_path / "data.npz", w=np.array(3.0), x=np.array(2.0), y=np.array(5.0))
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestOpening:
    def test_every_step_of_ones_own_function_is_printed(self, folder: Path):
        result = opened("model_to_open.py:loss", "--args", "data.npz", "--trace")
        assert result.exit_code == 0
        assert "model_to_open.py:loss" in result.output
        assert "loss = 1\n" in result.output
        assert "∂loss/∂w = 4" in result.output

    def test_json_is_that_of_any_walk(self, folder: Path):
        result = opened("model_to_open.py:loss", "w=3", "x=2", "y=5", "--data", "y", "--json")
        document = json.loads(result.output)
        jsonschema.validate(document, walk_document.schema())
        assert document["gradients"] == {"w": 4.0, "x": 6.0}

    def test_what_the_function_prints_is_no_part_of_the_json(self, folder: Path):
        result = opened("model_to_open.py:talking", "w=3", "--json")
        assert json.loads(result.stdout)["value"] == 9.0
        assert "once more" in result.stderr

    def test_values_come_before_the_file_of_arguments(self, folder: Path):
        result = opened("model_to_open.py:loss", "w=2.5", "--args", "data.npz", "--json")
        assert json.loads(result.output)["value"] == 0.0

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (
                ["model_to_open.py:loss"],
                "loss needs w: --args data.npz with an array w, or w = ... in model_to_open.py",
            ),
            (["model_to_open.py:los"], 'did you mean "loss"'),
            (["model_to_open.py:loss", "w=two"], "w=two is no number"),
            (["model_to_open.py:loss", "--args", "no.npz"], "no.npz: there is no such file"),
            (["model_to_open.py:loss", "w=1", "x=1", "y=1", "--data", "z"], "data names"),
            (["model_to_open.py:loss", "W=1", "--args", "data.npz"], 'loss has no argument "W"; did you mean "w"?'),
            (["model_to_open.py:broken", "w=1"], "model_to_open.py:8: ValueError: the shapes do not fit"),
        ],
    )
    def test_what_goes_wrong_is_one_sentence(self, folder: Path, arguments: list[str], said: str):
        result = opened(*arguments)
        assert result.exit_code == 2
        assert said in result.output
        assert "Traceback" not in result.output

    def test_a_guest_runs_no_code(self, folder: Path):
        (folder / "writes.py").write_text("open('was_run', 'w')\ndef loss(x): return x\n")
        result = CliRunner().invoke(main, ["--guest", "open", "writes.py:loss", "x=1"])
        assert result.exit_code == 2
        assert "a guest can read and write no files here" in result.output
        assert not (folder / "was_run").exists()


def recorded() -> Imported:
    """Return x² + x at 3 as a library's function in two lines, beside gradients of which one may be wrong."""
    recording = Recording()
    x = recording.given(np.array(3.0), Leaf.INPUT, "x")
    recording.source = SourceLine("/home/ada/model.py", 7, "squared = x ** 2", "loss")
    squared = recording.apply("square", x)
    recording.source = SourceLine("/home/ada/model.py", 8, "return squared + x", "loss")
    total = recording.apply("add", squared, x, name="loss")
    graph = recording.tape.graph(int(recording.tape.arrays[total].entries))
    comparison = compared(graph, LibraryResult(12.0, {"x": np.array(7.0)}, "jax.grad"))
    return Imported(Scenario("python", "loss, from JAX", "", "", graph, {}), Library.JAX, "loss", comparison)


class TestWords:
    def test_a_step_says_the_line_that_its_operation_comes_from(self):
        trace = Trace(recorded().scenario.graph)
        forward, backward = plain(step_lines(trace, 1)), plain(step_lines(trace, trace.total))
        assert "source line        model.py:7" in forward
        assert "squared = x ** 2" in forward
        assert "model.py:7" in backward
        assert "It comes from line 8 of model.py: return squared + x" in plain(step_sentences(trace, 2))

    def test_the_start_says_what_it_is_and_that_the_gradients_agree(self):
        scenario = presented(recorded(), "model.py:loss")
        assert scenario.title == "model.py:loss"
        assert (
            "loss, which was written for JAX, is a graph of 3 scalars: 1 array given and 2 operations" in scenario.intro
        )
        assert scenario.intro.endswith("Its gradients are those of jax.grad, to the last bit.")
        assert scenario.summary == "Its gradients are those of jax.grad, to the last bit."

    def said(self, gradient: float, **more: object) -> str:
        graph = recorded().scenario.graph
        found = compared(graph, LibraryResult(12.0, {"x": np.array(gradient)}, "jax.grad", **more))  # pyright: ignore
        assert isinstance(found, Comparison)
        return comparison_words(found)

    def test_rounding_is_called_rounding(self):
        assert "the largest difference, for x, is 1.8e-15, which is rounding." in self.said(7.0 - 2e-15)
        assert "rounds to fewer digits than the walk" in self.said(7.00001, rounds=True)

    def test_another_number_is_said_with_both_of_them(self):
        assert "not those of jax.grad: for x the walk has 7 and jax.grad 5." in self.said(5.0)
        assert "A backward pass of its own is written for clip;" in self.said(5.0, own_rules=("clip",))
