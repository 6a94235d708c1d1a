"""The command line without a screen."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tomllib
from importlib import metadata, resources
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result
from gradwalk import scenarios
from gradwalk.engine.library import built_in_names, load
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.cli import main
from gradwalk.tui.session import Session

from .pilots import WALKS
from .pseudo_terminal import GRADWALK


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="gradwalk", catch_exceptions=False)


def really(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([GRADWALK, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


def strict(text: str) -> object:
    return json.loads(text, parse_constant=refuse)


class TestWords:
    def test_version(self) -> None:
        assert run("--version").output == f"gradwalk {metadata.version('gradwalk')}\n"

    @pytest.mark.parametrize("flag", ["--help", "-h"])
    def test_help_names_every_command(self, flag: str) -> None:
        output = run(flag).output
        for command in ("list", "schema", "trace", "try", "walk"):
            assert f"  {command} " in output

    @pytest.mark.parametrize("command", ["list", "schema", "trace", "try", "walk"])
    def test_every_command_explains_itself(self, command: str) -> None:
        result = run(command, "--help")
        assert result.exit_code == 0
        assert f"Usage: gradwalk {command}" in result.output

    def test_list_gives_name_title_and_summary_of_each_scenario_on_unwrapped_lines(self) -> None:
        output = run("list").output.split("\n")
        for name in built_in_names():
            scenario = load(name)
            place = output.index(f"{name:<12}{scenario.title}")
            assert output[place + 1] == " " * 12 + scenario.summary
        assert output[0].startswith("fabc")


class TestTrace:
    @pytest.mark.parametrize("name", WALKS)
    def test_text_has_every_step_and_no_colour_when_piped(self, name: str) -> None:
        output = run("trace", name).output
        trace = Trace(load(name).graph)
        assert "\x1b" not in output
        for number in range(1, trace.total + 1):
            assert f"{trace.phase(number)} · step {number} of {trace.total}\n" in output
        assert "The walk is complete:" in output

    def test_text_says_the_answers_of_the_exercise(self) -> None:
        output = run("trace", "fabc").output
        for line in ("f = 0.6667 = 2/3", "∂f/∂a = -0.1111 = -1/9", "∂f/∂b = -0.0409 = -1/(9e)"):
            assert f"    {line}\n" in output

    @pytest.mark.parametrize("name", WALKS)
    def test_json_has_the_engine_s_numbers_to_the_last_bit(self, name: str) -> None:
        document = strict(run("trace", name, "--json").output)
        trace = Trace(load(name).graph)
        end = trace.state(trace.total)
        assert isinstance(document, dict)
        assert document["scenario"] == name
        assert document["value"] == float(trace.values[-1])
        for node, shown in enumerate(document["nodes"]):
            assert shown["value"] == float(trace.values[node])
            assert shown["gradient"] == end.gradient(node)
        for number, shown in enumerate(document["steps"], 1):
            step = trace.step(number)
            assert (shown["number"], shown["value"], shown["name"]) == (number, step.value, step.name)
            if step.factor is not None:
                for key in ("upstream", "local", "contribution", "before", "after"):
                    assert shown["factor"][key] == getattr(step.factor, key)
        assert document["gradients"] == {
            trace.graph.label(leaf): end.gradient(leaf)
            for leaf in range(trace.graph.leaf_count)
            if trace.graph.carries_gradient[leaf]
        }

    def test_numbers_have_as_many_digits_as_are_asked_for(self) -> None:
        assert "    ∂f/∂b = -0.040875493 = -1/(9e)\n" in run("trace", "fabc", "--digits", "8").output
        document = strict(run("trace", "fabc", "--json", "--digits", "8").output)
        assert isinstance(document, dict)
        equation = {"left": "1/3", "relation": "=", "right": "0.33333333", "digits": 8, "exact": None}
        assert document["steps"][2]["substituted"] == equation

    def test_json_is_schema_version_2_and_speaks_of_contributions(self) -> None:
        document = strict(run("trace", "xyz", "--json").output)
        assert isinstance(document, dict)
        assert document["version"] == 2
        factors = [step["factor"] for step in document["steps"] if step["factor"]]
        assert {(factor["contribution_number"], factor["contribution_count"]) for factor in factors} >= {(1, 1)}
        assert all("path" not in key for factor in factors for key in factor)

    def test_the_exercise_s_answers_are_exact_in_json(self) -> None:
        document = strict(run("trace", "fabc", "--json").output)
        assert isinstance(document, dict)
        assert document["gradients"]["b"] == pytest.approx(-1 / (9 * math.e), rel=1e-15)

    @pytest.mark.parametrize(
        "command",
        [
            *(["trace", name, "--json"] for name in WALKS),
            pytest.param(["try", "ln(x - 3) + y", "x=2", "y=1", "--json"]),
            pytest.param(["try", "1/x + exp(y)", "x=0", "y=1000", "--json"]),
            pytest.param(["try", "sqrt(x)*y", "x=0", "y=1", "--json"]),
        ],
    )
    def test_json_is_strict_and_obeys_its_own_schema(self, command: list[str]) -> None:
        schema = strict(run("schema", "trace").output)
        document = strict(run(*command).output)
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(document, schema)

    def test_what_is_undefined_or_infinite_is_null(self) -> None:
        document = strict(run("try", "ln(x)*y", "x=-1", "y=2", "--json").output)
        assert isinstance(document, dict)
        assert document["value"] is None
        assert document["gradients"] == {"x": None, "y": None}
        assert document["steps"][0]["value"] is None
        assert document["steps"][0]["undefined"]

    def test_a_file_of_one_s_own(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.toml"
        path.write_text('title = "Mine"\n[inputs]\nx = 3\n[graph]\ny = "x^2"\n', encoding="utf-8")
        assert "∂y/∂x = 6\n" in run("trace", str(path)).output


class TestTry:
    def test_text(self) -> None:
        output = run("try", "x*y + sin(x)", "x=2", "y=5", "--trace").output
        assert "∂f/∂x = 4.5839" in output
        assert "contribution 2 of 2" in output

    def test_an_expression_may_begin_with_a_minus(self) -> None:
        assert "∂f/∂x = -1" in run("try", "-x", "x=2", "--trace").output

    def test_a_value_may_be_a_constant_expression(self) -> None:
        assert "f = 1\n" in run("try", "ln(x)", "x=e", "--trace").output

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["x + y", "x=1"], '"y" has no value'),
            (["x", "x=1", "x=2"], "x is given twice"),
            (["2*x", "x=1", "z=2"], "nothing in the expression uses z=2"),
            (["2*x", "x"], '"x" is not a value'),
            (["2*x", "2=x"], '"2" is not a name'),
            (["sine(x)", "x=1"], 'did you mean "sin"?'),
            (["2*", "x=1"], "2*"),
        ],
    )
    def test_a_slip_is_one_message(self, arguments: list[str], said: str) -> None:
        result = run("try", *arguments, "--trace")
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.startswith("gradwalk: ")
        assert said in result.stderr


class TestSchema:
    def test_a_scenario_file_obeys_the_schema_of_scenarios(self) -> None:
        schema = strict(run("schema", "scenario").output)
        jsonschema.Draft202012Validator.check_schema(schema)
        for name in WALKS:
            file = resources.files(scenarios) / f"{name}.toml"
            jsonschema.validate(tomllib.loads(file.read_text(encoding="utf-8")), schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"title": 3}, schema)

    def test_another_word_is_refused_with_those_there_are(self) -> None:
        result = run("schema", "graph")
        assert result.exit_code == 2
        assert "scenario" in result.stderr


class TestTheRealCommand:
    """A process of its own: exit status 2, one message, no traceback, nothing on standard output."""

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["fbac"], 'did you mean "fabc"?'),
            (["trace", "sqare"], 'did you mean "square"?'),
            (["walk", "nowhere.toml"], "there is no such file"),
            (["trace", "."], "directory"),
            (["tracee", "fabc"], 'there is no command "tracee"; did you mean "trace"?'),
            (["fabc", "nowhere.toml"], 'there is no file or folder "nowhere.toml"'),
            (["fabc", "xyz", "--step", "3"], "--step is a step of one scenario"),
            (["what", "xyz"], "the commands are check, "),
            (["lsit"], 'no command "lsit"; did you mean "list"?'),
            (["chian"], 'did you mean "chain"?'),
            (["--guest", "trace", "nowhere.toml"], "a guest walks the scenarios that are built in"),
            (["--guest", "train", "regression", "--csv", "x.csv"], "a guest can read and write no files here"),
            (["--guest", "."], "a guest walks the scenarios that are built in"),
            (["--guest", "fabc", "pyproject.toml"], "a guest walks the scenarios that are built in"),
            (["--guest", "trace", "fbac"], 'did you mean "fabc"?'),
            (["trace", "fabc", "--yaml"], "--yaml"),
            (["try", "x +", "x=1"], "x +"),
        ],
    )
    def test_a_slip_ends_with_status_2(self, arguments: list[str], said: str) -> None:
        result = really(*arguments)
        assert result.returncode == 2
        assert said in result.stderr
        assert "Traceback" not in result.stderr
        assert result.stdout == ""

    def test_a_bad_file_is_named_with_line_and_caret(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.toml"
        path.write_text('title = "Bad"\n[inputs]\nx = 3\n[graph]\ny = "x + siin(x)"\n', encoding="utf-8")
        result = really("trace", str(path))
        assert result.returncode == 2
        assert f"{path}:5:" in result.stderr
        assert "^^^^" in result.stderr
        assert 'did you mean "sin"?' in result.stderr

    def test_it_is_a_module_too(self) -> None:
        command = [sys.executable, "-m", "gradwalk", "--version"]
        assert (
            subprocess.run(command, capture_output=True, text=True).stdout
            == f"gradwalk {metadata.version('gradwalk')}\n"
        )

    @pytest.mark.parametrize("arguments", ["trace ehg", "trace regression", "trace regression --json", "list"])
    def test_a_reader_that_goes_away_is_no_error_however_much_there_was_to_read(self, arguments: str) -> None:
        script = f"set -o pipefail; {GRADWALK} {arguments} | head -1"
        result = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True)
        assert result.returncode == 0
        assert result.stdout.count("\n") == 1
        assert result.stderr == ""

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
    @pytest.mark.parametrize(
        "arguments", ["trace fabc", "trace fabc --json", "train regression", "list", "schema trace"]
    )
    def test_a_full_disk_is_one_sentence(self, arguments: str) -> None:
        with Path("/dev/full").open("w") as full:
            result = subprocess.run([GRADWALK, *arguments.split()], stdout=full, stderr=subprocess.PIPE, text=True)
        assert result.returncode == 2
        *_, said = result.stderr.replace("\r", "\n").splitlines()
        assert said == "gradwalk: what was asked for cannot be written: No space left on device"
        assert "Traceback" not in result.stderr

    def test_a_failure_of_the_system_that_is_no_writing_is_not_called_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(self: Session, name: str) -> None:
            raise OSError("no more processes")

        monkeypatch.setattr(Session, "load", refuse)
        result = CliRunner().invoke(main, ["trace", "fabc"])
        assert result.exit_code == 2
        assert result.stderr == "gradwalk: the system says: no more processes\n"

    def test_a_guest_is_known_by_the_environment_too(self) -> None:
        environment = {**os.environ, "GRADWALK_GUEST": "1"}
        result = subprocess.run([GRADWALK, "trace", "x.toml"], capture_output=True, text=True, env=environment)
        assert result.returncode == 2
        assert "a guest walks the scenarios" in result.stderr

    def test_over_ssh_without_a_terminal_the_way_to_one_is_named(self) -> None:
        environment = {**os.environ, "SSH_CONNECTION": "::1 1 ::1 22", "SSH_ORIGINAL_COMMAND": "id"}
        result = subprocess.run([GRADWALK], capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
        assert result.returncode == 0
        assert "`ssh -t` gives one" in result.stderr
        assert "1. fabc: " in result.stdout

    def test_an_expression_is_walked_in_plain_words_where_there_is_no_terminal(self) -> None:
        result = really("try", "x*y", "x=1", "y=2")
        assert result.returncode == 0
        assert result.stdout.startswith("x*y.\nThe walk has 4 steps: ")

    def test_output_that_is_not_utf_8_does_not_stop_a_trace(self) -> None:
        environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
        result = subprocess.run([GRADWALK, "trace", "fabc"], capture_output=True, env=environment)
        assert result.returncode == 0
        assert b"0.6667" in result.stdout
