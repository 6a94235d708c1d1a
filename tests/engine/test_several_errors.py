"""All that is wrong with a file is said at once, in the order of its lines, and nothing that only follows from it."""

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from gradwalk.engine.definition import Definition, Exercise
from gradwalk.engine.errors import DefinitionError, DefinitionErrors, ScenarioError
from gradwalk.engine.reading.scenario import read
from gradwalk.engine.training.definition import TrainingDefinition
from gradwalk.engine.training.parts import DataDefinition, LayerDefinition, ModelDefinition, TrainingSettings
from hypothesis import given

from .training_files import fit, net


def errors(content: str) -> list[str]:
    """The first lines of a file's errors, with the place in front."""
    with pytest.raises(ScenarioError) as caught:
        read("t.toml", content.encode())
    return [line for line in str(caught.value).splitlines() if line.startswith(("t.toml", "and "))]


class TestAFunction:
    def test_errors_of_every_kind_come_together_by_line(self):
        found = errors(
            'title = 3\nsumary = ""\n[inputs]\na = 2\nb = "1/"\nlambda = 1\nc = true\n[graph]\n'
            's = "a + wait"\nt = "2(a)"\nf = "s*t + b + c"\na = "3*f"\n[[exercise]]\nhint = "why"\n'
        )
        assert found == [
            "t.toml:1:9: title: this must be text in quotes, not a whole number",
            "t.toml:2:1: sumary: unknown key",
            "t.toml:5:8: inputs.b: the expression ends too early",
            "t.toml:6:1: inputs.lambda: this name is taken: it is a word of Python",
            "t.toml:7:5: inputs.c: this must be a number or an expression in quotes, not true or false",
            't.toml:9:10: graph.s: unknown name "wait"',
            't.toml:10:7: graph.t: unexpected "("',
            "t.toml:12:1: graph.a: defined twice",
            "t.toml:13:3: exercise: the key ask is missing",
        ]

    def test_every_unknown_name_of_an_expression_is_said(self):
        found = errors('title = "T"\n[inputs]\na = 2\n[graph]\nf = "a + u*v + u"\n')
        assert found == ['t.toml:5:10: graph.f: unknown name "u"', 't.toml:5:12: graph.f: unknown name "v"']

    def test_what_uses_a_value_that_is_wrong_is_not_blamed(self):
        assert len(errors('title = "T"\n[inputs]\na = "2 +"\n[graph]\ns = ["a"]\nf = "a*s"\n')) == 2

    def test_a_misspelt_table_is_not_missing_as_well(self):
        found = errors('title = "T"\n[input]\na = 2\n[graph]\nf = "2*a"\n')
        assert found == ["t.toml:2:2: input: unknown key"]

    def test_notes_and_exercises_are_all_checked(self):
        found = errors(
            'title = "T"\n[inputs]\na = 2\n[graph]\nf = "2*a"\n[[exercise]]\nask = "∂g/∂a"\n[[exercise]]\nask = "x"\n'
            '[notes]\nb = "?"\n"w <-" = "?"\n'
        )
        assert found == [
            't.toml:7:1: exercise.ask: there is no node "g"',
            't.toml:9:1: exercise.ask: there is no node "x"',
            't.toml:11:1: notes.b: there is no node "b"',
            "t.toml:12:1: notes.w <-: nothing is trained here, so there is no update",
        ]

    def test_ten_are_printed_and_the_others_counted(self):
        nodes = "".join(f'n{place} = "u{place} + a"\n' for place in range(13))
        found = errors(f'title = "T"\n[inputs]\na = 2\n[graph]\n{nodes}f = "a"\n')
        assert found[9] == 't.toml:14:7: graph.n9: unknown name "u9"'
        assert found[10:] == ["and 4 more"]

    @pytest.mark.thorough
    def test_of_very_many_the_search_ends(self):
        nodes = "".join(f'n{place} = "u{place} + a"\n' for place in range(5000))
        assert errors(f'title = "T"\n[inputs]\na = 2\n[graph]\n{nodes}')[-1] == "and at least 90 more"

    @given(st.permutations(["u + a", "2 +", "ln(a, 2)", "a", "a + 1"]))
    def test_the_order_is_that_of_the_lines(self, expressions: list[str]):
        nodes = "".join(f'n{place} = "{expression}"\n' for place, expression in enumerate(expressions))
        found = errors(f'title = "T"\n[inputs]\na = 2\n[graph]\n{nodes}')
        lines = [int(line.split(":")[1]) for line in found]
        assert lines == [5 + place for place, expression in enumerate(expressions) if expression != "a + 1"]


class TestATraining:
    def test_errors_of_every_table_come_together(self):
        found = errors(
            fit(
                ("x = [1, 2, 3]", 'x = [1, "2", 3]\nu = "unifrm(0, 1)"'),
                ("w = 0", 'w = "1/0"'),
                ('h = "b + w*x"', 'h = "b + w*z"'),
                ("- y)^2", "- y)^"),
                ("learning_rate = 0.1", "learning_rate = -1\nbeta1 = 0.5"),
            )
        )
        assert found == [
            "t.toml:3:5: data.x: item 2 of this list is no number",
            't.toml:4:6: data.u: unknown function "unifrm"',
            "t.toml:7:5: parameters.w: a parameter must start as a finite number",
            't.toml:10:12: prediction.h: unknown name "z"',
            't.toml:12:22: loss.cost: unexpected ")"',
            "t.toml:14:17: training.learning_rate: the learning rate must be a positive number; it is -1",
            't.toml:15:1: training.beta1: the optimizer "sgd" does not use this',
        ]

    def test_of_layers(self):
        found = errors(net(("units = 3", "units = 0"), ('"tanh"', '"tahn"'), ('inputs = "h"', 'inputs = ["g", "h"]')))
        assert found == [
            "t.toml:7:9: layers.h.units: this must be at least 1",
            't.toml:8:1: layers.h.activation: "tahn" is not a function of one argument',
            't.toml:10:1: layers.out.inputs: "g" is neither a data column nor a layer above this one',
        ]


class TestADefinition:
    """Without a file there is no place, and all the same it is said what is wrong."""

    def test_it_makes_a_graph_and_keeps_what_was_written(self):
        definition = Definition({"a": 2, "b": "e"}, {"s": "a + ln(b)", "f": "1/s"}, notes={"ds/da": "N"})
        built = definition.build()
        assert built.graph.label(built.graph.output) == "f"
        assert built.notes == {"∂s/∂a": "N"}
        assert definition.nodes == {"s": "a + ln(b)", "f": "1/s"}

    def test_errors_know_the_name_and_the_position_in_the_expression(self):
        definition = Definition({"a": "1 +"}, {"f": "a*u"}, exercises=(Exercise("f"),))
        with pytest.raises(DefinitionErrors) as caught:
            definition.build()
        first, second = caught.value.errors
        assert (first.keys, first.inside.position) == (("inputs", "a"), 3)
        assert (second.keys, second.inside.position) == (("graph", "f"), 2)
        assert str(caught.value).splitlines()[0] == "inputs.a: the expression ends too early"

    def test_it_cannot_be_changed_behind_its_back(self):
        inputs: dict[str, float | str] = {"a": 2}
        definition = Definition(inputs, {"f": "2*a"})
        inputs["a"] = 3
        assert definition.inputs == {"a": 2}
        with pytest.raises(TypeError):
            definition.inputs["a"] = 3  # type: ignore[index]


class TestATrainingDefinition:
    """What no file has checked before is checked where the model is made."""

    def complaint(self, *, columns: bool = True, settings: TrainingSettings | None = None, **model: Any) -> list[str]:
        parts: dict[str, Any] = {"loss": {"cost": "mean(h^2)"}, "parameters": {"w": 0.0}, "prediction": {"h": "w*x"}}
        data = DataDefinition({"x": [1.0, 2.0]}) if columns else None
        definition = TrainingDefinition(data, ModelDefinition(**{**parts, **model}), settings or TrainingSettings(0.1))
        with pytest.raises(DefinitionErrors) as caught:
            definition.build()
        return [
            ".".join((*error.keys, error.message))
            for error in caught.value.errors
            if isinstance(error, DefinitionError)
        ]

    def test_without_a_loss_there_is_nothing_to_make_small(self):
        assert self.complaint(loss={}) == ["loss.there is no loss to make small"]

    def test_without_parameters_there_is_nothing_to_train(self):
        message = ["parameters.there is nothing to train: there are no parameters"]
        assert self.complaint(parameters={}, prediction={"h": "2*x"}) == message
        assert self.complaint(columns=False, parameters={}, prediction={}, loss={"cost": "2*3"}) == message

    def test_without_a_prediction_data_is_for_nothing(self):
        assert self.complaint(prediction={}, loss={"cost": "w^2"}) == ["prediction.nothing is predicted from the data"]

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({"epochs": 0}, "training.epochs.this must be int >= 1"),
            ({"epochs": -1}, "training.epochs.this must be int >= 1"),
            ({"epochs": 10**9}, "training.epochs.this must be int <= 1000000"),
            ({"batch_size": 0}, "training.batch_size.this must be int >= 1"),
            ({"seed": -1}, "training.seed.this must be int >= 0"),
            ({"momentum": 1.0}, "training.momentum.this must be float < 1.0"),
        ],
    )
    def test_settings_out_of_their_range(self, settings: dict[str, Any], message: str):
        assert self.complaint(settings=TrainingSettings(0.1, **settings)) == [message]

    @pytest.mark.parametrize("units", [0, -1])
    def test_a_layer_without_neurons(self, units: int):
        layers = {"h": LayerDefinition("x", units=units)}
        assert self.complaint(layers=layers, prediction={}) == ["layers.h.units.this must be int >= 1"]

    def test_a_number_of_numpy_is_one(self):
        model = ModelDefinition({"cost": "w^2"}, {"w": 1.0})
        built = TrainingDefinition(None, model, TrainingSettings(np.float64(0.1), epochs=int(np.int64(3)))).build()
        assert built.options.epochs == 3
