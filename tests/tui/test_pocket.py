"""Pages of the pocket player as files: what stands in them, how large they are, and what is refused."""

from __future__ import annotations

import base64
import functools
import json
import re
import zlib
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.cli import main
from gradwalk.tui.pocket import page as pocket_page
from gradwalk.tui.pocket.columns import columns
from gradwalk.tui.pocket.page import SCRIPTS, page
from gradwalk.tui.pocket.training_run import MOST_EPOCHS, chosen_epochs

from .pocket_pages import traced

LARGEST = 250_000
"""Bytes that the page of a walk of 500 nodes may have."""


def document(text: str) -> dict[str, Any]:
    """Return what is packed in a page."""
    found = re.search(r'<script type="text/plain" id="document"[^>]*>([^<]*)</script>', text)
    assert found is not None
    return json.loads(zlib.decompress(base64.b64decode(found[1])))


def network(nodes: int) -> str:
    """Write a network of one hidden layer, with at least so many nodes, as a scenario."""
    inputs, size = 8, nodes // 29
    draw = np.random.default_rng(1).normal
    leaves = [f"x{i}" for i in range(inputs)] + [
        name for j in range(size) for name in (f"b{j}", f"v{j}", *(f"w{j}_{i}" for i in range(inputs)))
    ]
    hidden = [f'h{j} = "tanh({" + ".join(f"w{j}_{i}*x{i}" for i in range(inputs))} + b{j})"' for j in range(size)]
    output = " + ".join(f"v{j}*h{j}" for j in range(size))
    values = "\n".join(f"{name} = {draw()}" for name in leaves)
    return f'title = "t"\n[inputs]\n{values}\n[graph]\n' + "\n".join(hidden) + f'\ny = "({output})^2"\n'


class TestWhatStandsInIt:
    def test_it_is_one_file_that_fetches_nothing(self) -> None:
        text = page(load("fabc"))
        assert "default-src 'none'" in text
        assert not re.search(r"""(src|href|url|import)\s*[=(]\s*["']?(https?:|//|\w+\.)""", text)
        assert text.count("<script") == 2 and text.count("<style") == 1

    def test_its_numbers_are_those_of_the_json(self) -> None:
        walk, expected = document(page(load("fabc")))["walk"], traced("fabc")
        assert walk["steps"]["keys"]["value"] == [step["value"] for step in expected["steps"]]
        assert walk["nodes"]["keys"]["name"] == [node["name"] for node in expected["nodes"]]
        assert [value for value, _ in walk["leaves"]] == [node["value"] for node in expected["nodes"] if not node["op"]]

    def test_titles_and_names_cannot_end_a_script(self, tmp_path: Path) -> None:
        title = "</title></script><script>alert(1)</script> & 'x'"
        file = tmp_path / "hard.toml"
        file.write_text(
            f'title = "{title}"\nsummary = "<b>"\n[inputs]\nx = 2\n[graph]\ny = "x*x"\n[notes]\ny = "</script>"\n',
            encoding="utf-8",
        )
        text = page(load(str(file)))
        assert text.count("</script>") == 2 and "<script>alert" not in text
        shown = re.search(r"<h1>(.*?)</h1>", text)
        assert shown is not None and unescape(shown[1]) == title

    def test_without_scripts_it_says_what_to_do(self) -> None:
        assert "<noscript><p>" in page(load("fabc")) and "`gradwalk trace fabc`" in page(load("fabc"))

    def test_every_script_that_is_shipped_stands_in_it(self) -> None:
        shipped = {file.stem for file in (Path(pocket_page.__file__).parent / "browser").glob("*.js")}
        assert shipped == set(SCRIPTS)

    def test_digits_are_those_that_are_asked_for(self) -> None:
        assert document(page(load("fabc"), digits=8))["walk"]["moments"][13][3] == "-0.040875493"

    @pytest.mark.thorough
    def test_an_update_and_a_tangent_can_be_walked(self) -> None:
        trainer = load("regression").trainer()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
        updates = document(page(load("regression"), trainer.trace(0)))["walk"]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        assert updates["steps"]["keys"]["phase"][-2:] == ["update", "update"]
        scenario = from_expression("a*b + b", {"a": "2", "b": "3"})
        forward = document(page(scenario, Trace(scenario.graph, tangent_of=0)))["walk"]
        assert forward["derivative"] == "∂·/∂a" and forward["unused"] == {"1": [0.0, "0"]}


class TestHowLargeItIs:
    @pytest.mark.thorough
    def test_a_walk_of_500_nodes_stays_small(self, tmp_path: Path) -> None:
        file = tmp_path / "network.toml"
        file.write_text(network(500), encoding="utf-8")
        scenario = load(str(file))
        assert 500 <= len(scenario.graph) < 560
        assert len(page(scenario).encode()) <= LARGEST

    def test_records_become_columns(self) -> None:
        trace = Trace(load("fabc").graph)
        steps = columns([trace.step(number) for number in (1, 7)])
        assert steps["there"] == [1, 1] and steps["keys"]["number"] == [1, 7]
        assert steps["keys"]["factor"]["there"] == [0, 1]
        assert steps["keys"]["factor"]["keys"]["after"] == [1.0]

    def test_a_walk_that_is_too_large_is_refused_with_its_size(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pocket_page, "MOST_STEPS", 12)
        with pytest.raises(
            GradwalkError, match=r"fabc has 13 steps, and a page at most 12; `gradwalk fabc` walks them"
        ):
            page(load("fabc"))

    @pytest.mark.thorough
    def test_a_training_is_shown_without_a_walk_that_is_too_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pocket_page, "MOST_STEPS", 12)
        found = document(page(load("regression")))
        assert found["walk"] is None and "`gradwalk regression` opens it" in found["no_walk"]
        assert len(found["training"]["losses"]) == 201

    @pytest.mark.parametrize("last", [0, 1, 5, MOST_EPOCHS - 1, MOST_EPOCHS, 400, 10**6])
    def test_the_first_and_the_last_epoch_are_shown(self, last: int) -> None:
        epochs = chosen_epochs(last)
        assert epochs[0] == 0 and epochs[-1] == last
        assert len(epochs) <= MOST_EPOCHS and epochs == sorted(set(epochs))


class TestALongWalk:
    """One of more than 120 steps: what is asked is judged as in a short one, and explained by its own step."""

    @staticmethod
    @functools.cache
    def questions() -> dict[str, Any]:
        """Return the questions of a walk whose first sum is 0 but for rounding, by what is asked."""
        terms = " + ".join(f"x*{number}" for number in range(2, 30))
        scenario = from_expression(f"(a + b - c) + {terms}", {"a": "0.1", "b": "0.2", "c": "0.3", "x": "1.5"})
        trace = Trace(scenario.graph)
        assert trace.total > 120 and 0 < abs(trace.values.item(scenario.graph.find("t2"))) < 1e-15
        moments = document(page(scenario, trace))["walk"]["moments"]
        return {question[2]: question for moment in moments if moment[4] for question in moment[4][0]}

    def test_a_number_that_is_made_of_rounding_may_be_called_0(self) -> None:
        noise = self.questions()["t2"][7]
        assert 5.5e-17 < noise < 1e-15

    def test_a_forgotten_sign_is_explained(self) -> None:
        explanations = self.questions()["∂t2/∂c"][8]
        assert any(number == 1 and "sign" in " ".join(sentences) for number, sentences in explanations)


class TestTheCommand:
    def test_it_writes_the_page(self, tmp_path: Path) -> None:
        file = tmp_path / "walk.html"
        result = CliRunner().invoke(main, ["export", "square", "--format", "html", "-o", str(file)])
        assert result.exit_code == 0 and result.output == f"written to {file}\n"
        assert document(file.read_text(encoding="utf-8"))["walk"]["output"] >= 0

    def test_it_knows_the_formats(self) -> None:
        result = CliRunner().invoke(main, ["export", "fabc", "--format", "htm"])
        assert result.exit_code == 2 and 'did you mean "html"' in result.output
