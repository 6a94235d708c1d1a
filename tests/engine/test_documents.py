"""What a program that reads gradwalk's JSON relies on: the version says what the keys mean."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from gradwalk.engine.export import history_document, walk_document
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.training.scenario import TrainingScenario
from gradwalk.engine.walk.trace import Trace


def walked(expression: str, **values: str) -> dict[str, Any]:
    scenario = from_expression(expression, values)
    document = json.loads(walk_document.encode(scenario, Trace(scenario.graph)))
    jsonschema.validate(document, walk_document.schema())
    return document


def test_a_walk_is_of_version_2():
    assert walked("x*y", x="2", y="3")["version"] == 2


def test_a_training_run_is_of_version_2():
    scenario = load("regression")
    assert isinstance(scenario, TrainingScenario)
    trainer = scenario.trainer()
    trainer.train_epoch()
    document = json.loads(history_document.as_json(scenario, trainer))
    assert document["version"] == 2


def test_an_equation_has_two_sides_and_what_stands_between_them():
    (step, *_) = walked("x + h", x="3", h="1e-5")["steps"]
    equation = {"left": "3 + 1e-05", "relation": "=", "right": "3.00001", "digits": 6, "exact": None}
    assert step["substituted"] == equation


def test_a_number_that_has_one_comes_with_its_closed_form():
    factor = walked("1/x", x="3*e")["steps"][-1]["factor"]
    assert factor["local_substituted"]["exact"] == {"form": "-1/(9e²)", "relation": "="}
    assert walked("ln(x)", x="e")["steps"][0]["substituted"]["exact"] == {"form": "1", "relation": "exactly"}
    assert walked("2*x*y", x="5", y="1/3")["steps"][-1]["factor"]["upstream_exact"] == {"form": "1/3", "relation": "="}


def test_what_is_undefined_is_a_reason_and_no_sentence():
    reason = walked("ln(sigmoid(x))", x="-1000")["steps"][1]["undefined"]
    assert (reason["why"], reason["name"]) == ("outside-domain", "f")
    assert reason["lost"] == {
        "node": 1,
        "name": "t1",
        "expression": "sigmoid(x)",
        "loss": "too-small",
        "exact": "5.1e-435",
    }


@pytest.mark.parametrize(("expression", "left"), [("relu(x)", 0), ("step(x)", None)])
def test_a_corner_has_the_slopes_on_its_two_sides(expression: str, left: int | None):
    corner = walked(expression, x="0")["steps"][-1]["factor"]["corner"]
    assert corner["left"] == left
    assert corner["is_jump"] == (left is None)
